//! Changes of what is no code: tables of the program and declarations of functions.

use crate::fuzzing::surroundings;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::{
    Annotation, AnnotationForm, Argument, CallSite, CaptureSource, Constant, Function, Parameter, Program,
    RegionKind, Structure,
};
use biovm_bytecode::{Instruction, Type};
use fastrand::Rng;

/// More entries than this are not added to a table.
const MOST_ENTRIES: usize = 40;

/// Changes one table, or the declaration of one function.
pub(super) fn change(program: &mut Program, random: &mut Rng) {
    let number = random.usize(..program.functions.len());
    match random.usize(..16) {
        0..5 => put(&mut program.constants, constant(random), random),
        5..8 => put(&mut program.natives, native(random), random),
        8 => {
            if let Some(name) = name(program, random) {
                put(&mut program.functions[number].field_sites, name, random);
            }
        }
        9 => {
            let keys = names(program, random);
            put(&mut program.shapes, keys, random);
        }
        10 => {
            if let Some(name) = name(program, random) {
                let variant_of = if random.bool() { self::name(program, random) } else { None };
                let fields = names(program, random);
                put(&mut program.structures, Structure { name, variant_of, fields }, random);
            }
        }
        11 => {
            let site = call_site(program, random);
            put(&mut program.call_sites, site, random);
        }
        12 => {
            let form = annotation(program, random);
            put(&mut program.annotations, Annotation { text: "T".to_owned(), form }, random);
        }
        13 => change_captures(program, number, random),
        14 => change_parameters(program, number, random),
        _ => match random.usize(..3) {
            0 => put(&mut program.globals, "g".to_owned(), random),
            1 => put(&mut program.names, text(random), random),
            _ if program.functions.len() < MOST_ENTRIES => {
                let copied = program.functions[number].clone();
                program.functions.push(copied);
            }
            _ => {}
        },
    }
}

/// Replaces an entry, or adds one.
fn put<T>(table: &mut Vec<T>, entry: T, random: &mut Rng) {
    match random.usize(..=table.len()) {
        place if place < table.len() => table[place] = entry,
        _ if table.len() < MOST_ENTRIES => table.push(entry),
        _ => {}
    }
}

fn constant(random: &mut Rng) -> Constant {
    let of_numbers = [0, 1, -1, 2, 3, 7, 100, 1 << 31, 1 << 53, i64::MAX, i64::MIN];
    let floats = [0.0, -0.0, 0.5, 1.0, -2.5, 1e16, 1e308, f64::INFINITY, f64::NAN, f64::MIN_POSITIVE];
    match random.usize(..8) {
        0..3 => Constant::Int(random.choice(of_numbers).unwrap_or(random.i64(..))),
        3 => Constant::Float(random.choice(floats).unwrap_or(0.0)),
        4..6 => Constant::Str(text(random)),
        6 => {
            let of = random.choice([Type::Dna, Type::Rna, Type::Protein, Type::Quality]).unwrap_or(Type::Dna);
            let letters = random.choice(["", "A", "ACG", "GGCA"]).unwrap_or("");
            Constant::Sequence(of, letters.to_owned())
        }
        _ => match random.bool() {
            true => Constant::Regex(text(random), String::new()),
            false => Constant::Formula(random.bool().then(|| "y".to_owned()), vec!["x".to_owned()]),
        },
    }
}

fn text(random: &mut Rng) -> String {
    let texts = [
        "", "a", "b", "x", "key", "value", "eq", "add", "lt", "concat", "é", "a.b", ".2f", ">8", "ACGT", "0",
    ];
    random.choice(texts).unwrap_or("").to_owned()
}

fn native(random: &mut Rng) -> String {
    random.choice(surroundings::natives()).map_or_else(String::new, |name| (*name).to_owned())
}

fn name(program: &Program, random: &mut Rng) -> Option<u32> {
    (!program.names.is_empty()).then(|| random.u32(..program.names.len() as u32))
}

/// Some names with different texts.
fn names(program: &Program, random: &mut Rng) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for _ in 0..random.usize(..4) {
        if let Some(name) = name(program, random)
            && found.iter().all(|known| program.names[*known as usize] != program.names[name as usize])
        {
            found.push(name);
        }
    }
    found
}

fn call_site(program: &Program, random: &mut Rng) -> CallSite {
    let method = if random.bool() { name(program, random) } else { None };
    let mut arguments = vec![Argument::Positional; usize::from(method.is_some())];
    for _ in 0..random.usize(..4) {
        arguments.push(match (random.usize(..3), name(program, random)) {
            (0, _) => Argument::Spread,
            (1, Some(name)) => Argument::Named(name),
            _ => Argument::Positional,
        });
    }
    CallSite { method, arguments }
}

fn annotation(program: &Program, random: &mut Rng) -> AnnotationForm {
    let of = random.choice(Type::ALL).copied().unwrap_or(Type::Int);
    let earlier = program.annotations.len() as u32;
    match random.usize(..7) {
        0 => AnnotationForm::Any,
        1 => AnnotationForm::Number,
        2 if earlier > 0 => AnnotationForm::Optional(random.u32(..earlier)),
        3 if earlier > 0 => AnnotationForm::Union(vec![random.u32(..earlier), random.u32(..earlier)]),
        4 if earlier > 0 => AnnotationForm::Items(of, random.u32(..earlier)),
        5 if earlier > 0 => AnnotationForm::Tuple(vec![random.u32(..earlier); random.usize(..3)]),
        _ => match name(program, random) {
            Some(name) if random.bool() => AnnotationForm::Structure(name),
            _ => AnnotationForm::Type(of),
        },
    }
}

fn change_captures(program: &mut Program, number: usize, random: &mut Rng) {
    // The top level has none.
    if number == 0 {
        return;
    }
    let source = match random.usize(..4) {
        0 => CaptureSource::Capture(random.u16(..2)),
        _ => CaptureSource::Register(Register(random.u16(..6))),
    };
    put(&mut program.functions[number].captures, source, random);
}

fn change_parameters(program: &mut Program, number: usize, random: &mut Rng) {
    if number == 0 {
        return;
    }
    let name = name(program, random);
    let function = &mut program.functions[number];
    match (random.usize(..4), name) {
        (0, _) => function.has_rest = !function.has_rest && !function.parameters.is_empty(),
        (1, _) => {
            function.parameters.pop();
        }
        (_, Some(name)) if function.parameters.len() < 6 => {
            function.parameters.push(Parameter { name, has_default: random.bool() });
        }
        _ => {}
    }
}

/// Changes what the verifier refuses about the declaration of a function.
pub(super) fn repair(program: &mut Program, number: usize) {
    let has_debug = program.debug.is_some();
    let names = program.names.len() as u32;
    let function = &mut program.functions[number];
    if number == 0 {
        function.parameters.clear();
        function.captures.clear();
    }
    function.has_rest &= !function.parameters.is_empty();
    function.parameters.retain(|parameter| parameter.name < names);
    function.field_sites.retain(|name| *name < names);
    function.register_count = function.register_count.max(function.parameters.len() as u16);
    if !matches!(
        function.code.last(),
        Some(Instruction::Return { .. } | Instruction::ReturnNil {} | Instruction::Jump { .. })
    ) {
        function.code.push(Instruction::ReturnNil {});
        if let Some(last) = function.spans.last().copied() {
            function.spans.push(last);
        }
    }
    if !has_debug || function.spans.len() != function.code.len() {
        function.spans.clear();
    }
    let (length, registers) = (function.code.len() as u32, function.register_count);
    function
        .inlined
        .retain(|lambda| lambda.start <= lambda.end && lambda.end <= length && lambda.call < length);
    function.regions.retain(|region| {
        region.start <= region.end
            && region.end <= length
            && match region.kind {
                RegionKind::Builtin { call, entry } => call < length && entry < length,
                RegionKind::Stage { name } => name < names,
            }
    });
    function.handlers.retain(|handler| {
        handler.start <= handler.end
            && handler.end <= length
            && handler.target < length
            && handler.register.0 < registers
    });
}

/// Some functions without instructions but their returns, and tables for what they may do.
pub(super) fn random_program(random: &mut Rng) -> Program {
    let names = ["a", "b", "x", "key", "eq", "add"].map(str::to_owned).to_vec();
    let mut program = Program { names, globals: vec!["g".to_owned(); 2], ..Program::default() };
    for number in 0..random.usize(1..5) {
        let parameters = if number == 0 { 0 } else { random.u32(..3) };
        program.functions.push(Function {
            name: if random.bool() { "f".to_owned() } else { String::new() },
            parameters: (0..parameters)
                .map(|name| Parameter { name, has_default: name > 0 && random.bool() })
                .collect(),
            register_count: random.u16(4..12),
            code: vec![Instruction::Return { source: Register(random.u16(..4)) }],
            field_sites: vec![0, 1],
            ..Function::default()
        });
    }
    for _ in 0..6 {
        program.constants.push(constant(random));
        program.natives.push(native(random));
        let (keys, site) = (self::names(&program, random), call_site(&program, random));
        program.shapes.push(keys);
        program.call_sites.push(site);
        let form = annotation(&program, random);
        program.annotations.push(Annotation { text: "T".to_owned(), form });
    }
    let fields = self::names(&program, random);
    program.structures.push(Structure { name: 0, variant_of: None, fields });
    let fields = self::names(&program, random);
    program.structures.push(Structure { name: 1, variant_of: Some(2), fields });
    program
}
