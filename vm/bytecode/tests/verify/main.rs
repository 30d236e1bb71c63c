//! The verifier: each rule refuses the program that breaks it, and says where and why.

mod code;
mod declarations;
#[path = "../support/mod.rs"]
mod support;

use biovm_bytecode::operand::{
    AnnotationIndex, CallSiteIndex, Capture, Count, FieldSite, FunctionIndex, Jump as Distance, NativeIndex,
    OperandKind, Register, ShapeIndex, ShortConstant, ShortInteger,
};
use biovm_bytecode::program::Constant as ConstantValue;
use biovm_bytecode::program::{
    Annotation, AnnotationForm, Argument, CallSite, CaptureSource, DebugInfo, Function, Handler, Parameter,
    Program, Source, SourceSpan, Structure,
};
use biovm_bytecode::verify::{Place, register_window, verify};
use biovm_bytecode::{Instruction, Opcode, Type};
use support::sample;

use Instruction::*;

const R0: Register = Register(0);

/// A top level of these instructions and a final return, with four registers and an entry or two in each table.
fn program(code: &[Instruction]) -> Program {
    let text = |text: &str| text.to_owned();
    let capturing = Function {
        name: text("inner"),
        parameters: vec![Parameter { name: 0, has_default: false }],
        register_count: 1,
        code: vec![ReturnNil {}],
        ..Function::default()
    };
    let top = Function {
        register_count: 4,
        code: [code, &[ReturnNil {}]].concat(),
        field_sites: vec![0],
        ..Function::default()
    };
    Program {
        functions: vec![top, capturing],
        constants: vec![ConstantValue::Int(1), ConstantValue::Float(1.5), ConstantValue::Str(text("s"))],
        shapes: vec![vec![0, 1]],
        structures: vec![Structure { name: 0, variant_of: None, fields: vec![1] }],
        names: vec![text("a"), text("b")],
        natives: vec![text("println")],
        call_sites: vec![CallSite { method: None, arguments: vec![Argument::Positional; 2] }],
        globals: vec![text("x")],
        annotations: vec![Annotation { text: text("Int"), form: AnnotationForm::Type(Type::Int) }],
        documentation: Vec::new(),
        debug: None,
    }
}

/// The problem that the verifier finds.
#[track_caller]
fn problem(program: &Program) -> String {
    verify(program).expect_err("the program should not verify").problem
}

/// The program verifies with the first of two instructions, and not with the second.
#[track_caller]
fn last_good_first_bad(good: Instruction, bad: Instruction, expected: &str) {
    assert_eq!(verify(&program(&[good])), Ok(()));
    assert_eq!(problem(&program(&[bad])), expected);
}

/// What a change of a program that verifies is refused for.
#[track_caller]
fn refused(change: impl FnOnce(&mut Program), expected: &str) {
    let mut program = program(&[]);
    assert_eq!(verify(&program), Ok(()));
    change(&mut program);
    assert_eq!(problem(&program), expected);
}

/// Builds an instruction whose operands are all `number`, where that fits.
fn uniform(opcode: Opcode, number: i64) -> Option<Instruction> {
    Instruction::from_operands(opcode, || Some(number))
}
