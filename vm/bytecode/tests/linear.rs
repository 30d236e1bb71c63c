//! Decoding and verifying take time in proportion to the program's size, whatever it has much of.

use biovm_bytecode::operand::*;
use biovm_bytecode::program::Constant as ConstantValue;
use biovm_bytecode::program::{
    Annotation, AnnotationForm, Argument, CallSite, CaptureSource, Function, Handler, Parameter, Program,
    Structure,
};
use biovm_bytecode::{Instruction, codec, verify};
use std::time::{Duration, Instant};

/// Sixteen times the size may take so many times the time: a quadratic step would take 256 times as long.
const MOST_GROWTH: u32 = 100;
/// Less than this is not measured well.
const LEAST: Duration = Duration::from_micros(200);

fn function(code: Vec<Instruction>) -> Function {
    let code = [code, vec![Instruction::ReturnNil {}]].concat();
    Function { register_count: 200, code, ..Function::default() }
}

/// Programs that have much of one thing.
fn programs(size: u32) -> Vec<(&'static str, Program)> {
    let names: Vec<String> = (0..size).map(|number| format!("name{number}")).collect();
    let with = |change: &dyn Fn(&mut Program)| {
        let mut program = Program {
            functions: vec![function(Vec::new()), function(Vec::new())],
            names: names[..2].to_vec(),
            ..Program::default()
        };
        change(&mut program);
        program
    };
    let (zero, one) = (Register(0), Register(1));
    let load = Instruction::LoadNil { destination: zero };
    let every = size as usize;
    vec![
        ("code", with(&|program| program.functions[0] = function(vec![load; every]))),
        (
            "jumps",
            with(&|program| {
                let jump = |place| Instruction::Jump { target: Jump(-1 - place as i32) };
                program.functions[0] = function((0..every).map(jump).collect());
            }),
        ),
        ("functions", with(&|program| program.functions = vec![function(vec![load]); every])),
        (
            "closures over many variables",
            with(&|program| {
                program.functions[1].captures = vec![CaptureSource::Register(one); every];
                let new = Instruction::NewClosure { destination: zero, function: FunctionIndex(1) };
                program.functions[0] = function(vec![new; every]);
            }),
        ),
        (
            "handlers",
            with(&|program| {
                let handler = Handler { start: 0, end: 1, target: 0, register: zero };
                program.functions[0].handlers = vec![handler; every];
            }),
        ),
        (
            "parameters and fields",
            with(&|program| {
                program.functions[1].parameters = vec![Parameter { name: 0, has_default: true }; 150];
                program.functions[1].field_sites = vec![1; every];
            }),
        ),
        (
            "calls by name",
            with(&|program| {
                let site = CallSite { method: None, arguments: vec![Argument::Named(1); 100] };
                program.call_sites = vec![site; every / 50 + 1];
                let call = Instruction::CallWith { base: zero, site: CallSiteIndex(0) };
                program.functions[0] = function(vec![call; every]);
            }),
        ),
        (
            "shapes and structs",
            with(&|program| {
                program.names = names.clone();
                program.shapes = vec![vec![0, 1]; every];
                program.shapes.push((0..size).collect());
                program.structures =
                    (0..size).map(|name| Structure { name, variant_of: None, fields: vec![0, 1] }).collect();
                let new = Instruction::NewRecord { destination: zero, shape: ShapeIndex(0), start: one };
                program.functions[0] = function(vec![new; every]);
            }),
        ),
        (
            "annotations",
            with(&|program| {
                let annotation = |form| Annotation { text: "T".to_owned(), form };
                program.annotations = vec![annotation(AnnotationForm::Any); every];
                let parts = (0..size).collect();
                program.annotations.push(annotation(AnnotationForm::Union(parts)));
            }),
        ),
        (
            "constants",
            with(&|program| {
                let text = |number| ConstantValue::Str(format!("text {number}"));
                program.constants = (0..size).map(text).collect();
            }),
        ),
    ]
}

/// The least time of a few.
fn time(work: impl Fn()) -> Duration {
    let once = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..9).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn decoding_and_verifying_are_linear() {
    // A function index and a shape index have 16 bits.
    let (small, large) = (programs(1_500), programs(24_000));
    for ((name, small), (_, large)) in small.into_iter().zip(large) {
        let files = [codec::encode(&small, true), codec::encode(&large, true)];
        for program in [&small, &large] {
            assert_eq!(verify::verify(program), Ok(()), "{name}");
        }
        let decoded = files.each_ref().map(|file| time(|| drop(codec::decode(file).expect(name))));
        let verified = [&small, &large].map(|program| time(|| verify::verify(program).expect(name)));
        for (step, [small, large]) in [("decoding", decoded), ("verifying", verified)] {
            let most = small.max(LEAST) * MOST_GROWTH;
            assert!(large <= most, "{step} {name}: {small:?}, and {large:?} for 16 times as much");
        }
    }
}
