//! Programs for the tests: a small one made by hand, and random ones.

// Each test file uses its part.
#![allow(dead_code)]

use biovm_bytecode::operand::*;
use biovm_bytecode::program::Constant as ConstantValue;
use biovm_bytecode::program::{
    Annotation, AnnotationForm, Argument, CallSite, CaptureSource, DebugInfo, Documentation, Function,
    Handler, Inlined, Parameter, Program, Region, RegionKind, Source, SourceSpan, Structure,
};
use biovm_bytecode::{Instruction, Opcode, Type};
use proptest::collection::vec;
use proptest::prelude::*;

/// A program with an entry in each table, which verifies.
pub fn sample() -> Program {
    let text = "let total = 0\nfn gc(read, limit = 0.5) { read.gc > limit }\nprintln(gc(dna\"ACGT\"))\n";
    let span = |needle: &str| {
        let start = text.find(needle).map_or(0, |start| start as u32);
        SourceSpan { source: 0, start, end: start + needle.len() as u32 }
    };
    let top = Function {
        register_count: 4,
        code: vec![
            Instruction::LoadInteger { destination: Register(0), value: Integer(0) },
            Instruction::StoreGlobal { source: Register(0), global: Global(0) },
            Instruction::LoadConstant { destination: Register(2), constant: Constant(2) },
            Instruction::CallFunction { base: Register(1), count: Count(1), function: FunctionIndex(1) },
            Instruction::Take { destination: Register(2), source: Register(1) },
            Instruction::CallNative { base: Register(1), count: Count(1), native: NativeIndex(0) },
            Instruction::NewClosure { destination: Register(3), function: FunctionIndex(2) },
            Instruction::CallWith { base: Register(1), site: CallSiteIndex(0) },
            Instruction::ReturnNil {},
        ],
        spans: vec![
            span("let total = 0"),
            span("let total = 0"),
            span("dna\"ACGT\""),
            span("gc(dna\"ACGT\")"),
            span("println"),
            span("println"),
            span("println"),
            span("println"),
            span("println"),
        ],
        handlers: vec![Handler { start: 2, end: 6, target: 8, register: Register(3) }],
        ..Function::default()
    };
    let gc = Function {
        name: "gc".to_owned(),
        parameters: vec![Parameter { name: 0, has_default: false }, Parameter { name: 1, has_default: true }],
        register_count: 4,
        code: vec![
            Instruction::JumpIfGiven { parameter: Register(1), target: Jump(1) },
            Instruction::LoadConstant { destination: Register(1), constant: Constant(1) },
            Instruction::GetField { destination: Register(2), object: Register(0), field: FieldSite(0) },
            Instruction::JumpUnlessGreater { left: Register(2), right: Register(1), target: ShortJump(1) },
            Instruction::NewRecord { destination: Register(2), shape: ShapeIndex(0), start: Register(2) },
            Instruction::Return { source: Register(2) },
        ],
        field_sites: vec![2],
        spans: vec![span("fn gc"); 6],
        doc: "The share of G and C.".to_owned(),
        signature: "gc(read, limit = 0.5)".to_owned(),
        ..Function::default()
    };
    let lambda = Function {
        parameters: vec![Parameter { name: 0, has_default: false }],
        has_rest: true,
        register_count: 2,
        captures: vec![CaptureSource::Register(Register(0))],
        code: vec![
            Instruction::LoadCapture { destination: Register(1), capture: Capture(0) },
            Instruction::Cast { destination: Register(1), source: Register(1), to: TypeIndex(4) },
            Instruction::LoadConstant { destination: Register(1), constant: Constant(3) },
            Instruction::Return { source: Register(1) },
        ],
        ..Function::default()
    };
    Program {
        functions: vec![top, gc, lambda],
        constants: vec![
            ConstantValue::Int(-3),
            ConstantValue::Float(0.5),
            ConstantValue::Sequence(Type::Dna, "ACGT".to_owned()),
            ConstantValue::Str("a text that is longer than the listing shows it".to_owned()),
            ConstantValue::Regex("A+".to_owned(), "i".to_owned()),
        ],
        shapes: vec![vec![0, 2]],
        structures: Vec::new(),
        names: ["read", "limit", "gc"].map(str::to_owned).to_vec(),
        natives: vec!["println".to_owned()],
        call_sites: vec![CallSite { method: None, arguments: vec![Argument::Named(1), Argument::Spread] }],
        globals: vec!["total".to_owned()],
        annotations: Vec::new(),
        documentation: vec![Documentation {
            name: "total".to_owned(),
            signature: "let total".to_owned(),
            text: "Reads so far.".to_owned(),
        }],
        debug: Some(DebugInfo { sources: vec![Source { name: "gc.bl".to_owned(), text: text.to_owned() }] }),
    }
}

/// Any program that the format can hold; most do not verify.
pub fn any_program() -> impl Strategy<Value = Program> {
    let tables = (
        vec(any_constant(), 0..6),
        vec(vec(any::<u32>(), 0..4), 0..3),
        vec(any::<String>(), 0..4),
        vec(any::<String>(), 0..3),
        vec(any_call_site(), 0..3),
        vec(any::<String>(), 0..3),
        vec(any_structure(), 0..3),
        vec(any_annotation(), 0..4),
        vec(any_documentation(), 0..3),
    );
    (vec(any_function(), 0..4), tables, prop::option::of(any_debug())).prop_map(
        |(mut functions, tables, debug)| {
            if debug.is_none() {
                // Positions without their source are not kept.
                functions.iter_mut().for_each(|function| function.spans.clear());
            }
            let (
                constants,
                shapes,
                names,
                natives,
                call_sites,
                globals,
                structures,
                annotations,
                documentation,
            ) = tables;
            Program {
                functions,
                constants,
                shapes,
                structures,
                names,
                natives,
                call_sites,
                globals,
                annotations,
                documentation,
                debug,
            }
        },
    )
}

fn any_annotation() -> impl Strategy<Value = Annotation> {
    let form = prop_oneof![
        Just(AnnotationForm::Any),
        Just(AnnotationForm::Number),
        prop::sample::select(Type::ALL).prop_map(AnnotationForm::Type),
        any::<u32>().prop_map(AnnotationForm::Structure),
        any::<u32>().prop_map(AnnotationForm::Optional),
        vec(any::<u32>(), 0..4).prop_map(AnnotationForm::Union),
        (prop::sample::select(Type::ALL), any::<u32>())
            .prop_map(|(of, item)| AnnotationForm::Items(of, item)),
        vec(any::<u32>(), 0..4).prop_map(AnnotationForm::Tuple),
    ];
    (any::<String>(), form).prop_map(|(text, form)| Annotation { text, form })
}

fn any_documentation() -> impl Strategy<Value = Documentation> {
    any::<(String, String, String)>().prop_map(|(name, signature, text)| Documentation {
        name,
        signature,
        text,
    })
}

fn any_structure() -> impl Strategy<Value = Structure> {
    (any::<u32>(), prop::option::of(0..u32::MAX), vec(any::<u32>(), 0..4))
        .prop_map(|(name, variant_of, fields)| Structure { name, variant_of, fields })
}

fn any_inlined() -> impl Strategy<Value = Inlined> {
    (any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(start, end, call)| Inlined { start, end, call })
}

fn any_region() -> impl Strategy<Value = Region> {
    let kind = prop_oneof![
        (any::<u32>(), any::<u32>()).prop_map(|(call, entry)| RegionKind::Builtin { call, entry }),
        any::<u32>().prop_map(|name| RegionKind::Stage { name }),
    ];
    (any::<u32>(), any::<u32>(), kind).prop_map(|(start, end, kind)| Region { start, end, kind })
}

fn any_function() -> impl Strategy<Value = Function> {
    let declaration = (
        any::<String>(),
        vec((any::<u32>(), any::<bool>()), 0..4),
        any::<bool>(),
        any::<u16>(),
        vec(any_capture_source(), 0..3),
        vec(any_handler(), 0..3),
        vec(any_inlined(), 0..3),
        vec(any_region(), 0..3),
        vec(any::<u32>(), 0..3),
    );
    let texts = (any::<String>(), any::<String>());
    (declaration, vec(any_instruction(), 0..40), vec(any_span(), 0..40), texts).prop_map(
        |(declaration, code, spans, (doc, signature))| {
            let (
                name,
                parameters,
                has_rest,
                register_count,
                captures,
                handlers,
                inlined,
                regions,
                field_sites,
            ) = declaration;
            let parameters =
                parameters.into_iter().map(|(name, has_default)| Parameter { name, has_default });
            let parameters = parameters.collect();
            Function {
                name,
                parameters,
                has_rest,
                register_count,
                code,
                captures,
                handlers,
                inlined,
                regions,
                field_sites,
                spans,
                doc,
                signature,
            }
        },
    )
}

/// Any instruction of the table, with any operands that fit their types.
pub fn any_instruction() -> impl Strategy<Value = Instruction> {
    // From small to large, since the operand types differ in their widths.
    let number = prop_oneof![-3..16_i64, -40_000..70_000_i64, -(1 << 31)..(1_i64 << 32)];
    (prop::sample::select(Opcode::ALL), vec(number, 4)).prop_map(|(opcode, numbers)| {
        let build = |numbers: Vec<i64>| {
            let mut numbers = numbers.into_iter();
            Instruction::from_operands(opcode, || numbers.next())
        };
        // These fit every operand type.
        let small = numbers.iter().map(|number| number.rem_euclid(1 << 15)).collect();
        build(numbers).or_else(|| build(small)).expect("no instruction has more than four operands")
    })
}

fn any_constant() -> impl Strategy<Value = ConstantValue> {
    prop_oneof![
        any::<i64>().prop_map(ConstantValue::Int),
        any::<f64>()
            .prop_filter("NaN is not equal to itself", |value| !value.is_nan())
            .prop_map(ConstantValue::Float),
        any::<String>().prop_map(ConstantValue::Str),
        (prop::sample::select(Type::ALL), any::<String>())
            .prop_map(|(of, letters)| ConstantValue::Sequence(of, letters)),
        (any::<String>(), any::<String>()).prop_map(|(pattern, flags)| ConstantValue::Regex(pattern, flags)),
        (prop::option::of(any::<String>()), vec(any::<String>(), 0..3))
            .prop_map(|(response, terms)| ConstantValue::Formula(response, terms)),
    ]
}

fn any_call_site() -> impl Strategy<Value = CallSite> {
    let argument = prop_oneof![
        Just(Argument::Positional),
        Just(Argument::Spread),
        any::<u32>().prop_map(Argument::Named),
    ];
    (prop::option::of(any::<u32>()), vec(argument, 0..4))
        .prop_map(|(method, arguments)| CallSite { method, arguments })
}

fn any_capture_source() -> impl Strategy<Value = CaptureSource> {
    prop_oneof![
        any::<u16>().prop_map(|register| CaptureSource::Register(Register(register))),
        any::<u16>().prop_map(CaptureSource::Capture),
    ]
}

fn any_handler() -> impl Strategy<Value = Handler> {
    any::<(u32, u32, u32, u16)>().prop_map(|(start, end, target, register)| Handler {
        start,
        end,
        target,
        register: Register(register),
    })
}

fn any_span() -> impl Strategy<Value = SourceSpan> {
    any::<(u16, u32, u32)>().prop_map(|(source, start, end)| SourceSpan { source, start, end })
}

fn any_debug() -> impl Strategy<Value = DebugInfo> {
    let source = any::<(String, String)>().prop_map(|(name, text)| Source { name, text });
    vec(source, 0..3).prop_map(|sources| DebugInfo { sources })
}
