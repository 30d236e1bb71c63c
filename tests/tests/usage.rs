//! What is found out about the use of values: what a function looks at of its first argument, and where a variable is used for
//! the last time.

use biovm_bytecode::operand::Register;
use biovm_bytecode::{Instruction, Program};
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::usage::fields_read;
use biovm_vm::{Context, LoadedProgram, Machine, Value};
use std::io;
use std::sync::Arc;

#[track_caller]
fn compiled(script: &str) -> Program {
    let source = SourceText::new("usage.bl", script.to_owned());
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let compiled = compile(&source, &Options { signatures, ..Options::default() })
        .unwrap_or_else(|errors| panic!("{:?}", errors.first().map(|error| &error.message)));
    compiled.program
}

/// The fields that the function reads which is the script's value; `None` where it may look at all of them.
#[track_caller]
fn fields(script: &str) -> Option<Vec<String>> {
    let context = Arc::new(Context::new(biovm_stdlib::natives(), Output::new(io::sink(), false)));
    let program =
        Arc::new(LoadedProgram::load(compiled(script), &context).expect("the compiler's program verifies"));
    let value = Machine::new(context).run(&program).unwrap_or_else(|error| panic!("{error}"));
    let Value::Closure(closure) = value else { panic!("no function") };
    let fields = fields_read(closure.program(), closure.function_number())?;
    Some(fields.into_iter().map(str::to_owned).collect())
}

#[test]
fn fields_alone() {
    assert_eq!(fields("|r| 1"), Some(vec![]));
    assert_eq!(fields("|r| gc_content(r.seq)"), Some(vec!["seq".to_owned()]));
    assert_eq!(
        fields("let n = 0\n|r| { n = n + r.length\n if n > 3 { println(r.id) } }"),
        Some(vec!["length".to_owned(), "id".to_owned()])
    );
    assert_eq!(fields("fn f(r, other) { other.x + r.y }\nf"), Some(vec!["y".to_owned()]));
}

#[test]
fn the_argument_as_a_whole() {
    for script in [
        "|r| r",
        "|r| println(r)",
        "|r| [r.id, r]",
        "|r| { let same = r\n same.id }",
        "|r| || r.id",
        "|r| { let f = || { r = nil }\n f()\n r }",
        "|r| r[\"id\"]",
        "|r| { r.id = 1 }",
        "|r| { r = {id: 2}\n r.id }",
        "|r| r |> keys()",
        "|r| match r { {id} => id }",
        "|r| {...r}",
        "|...r| r.id",
        "|| 1",
        "|r, s = r| r.id",
        "|r| { for x in [1] { println(r) }\n r.id }",
    ] {
        assert_eq!(fields(script), None, "{script}");
    }
}

/// Whether the function `work` of the script moves its first parameter on, and keeps none.
#[track_caller]
fn is_released(work: &str) -> bool {
    let program = compiled(&format!("fn change(xs, i) {{\n xs[i] = 1\n xs\n}}\n{work}"));
    let code = &program.functions.iter().find(|function| function.name == "work").expect("the function").code;
    let copies = code.iter().any(|each| matches!(each, Instruction::Move { source: Register(0), .. }));
    let takes = code.iter().any(|each| matches!(each, Instruction::Take { source: Register(0), .. }));
    assert!(copies != takes, "{code:?}");
    takes
}

#[test]
fn arguments_that_are_the_last_use() {
    assert!(is_released("fn work(xs) { for i in 0..9 { xs = change(xs, i) }\n xs }"));
    assert!(is_released("fn work(xs) { change(xs, 0) }"));
    assert!(is_released("fn work(xs, n) { if n == 0 { xs } else { work(xs, n - 1) } }"));
    assert!(is_released("fn work(xs) { try { change(xs, 0) } catch e { nil } }"));
    assert!(is_released("fn work(xs, f) { xs = f(xs)\n xs }"));
    assert!(is_released("fn work(xs, n) { xs = push(xs, if n > 3 { 1 } else { 2 })\n xs }"));
    assert!(is_released("fn work(xs, n) { xs = change(xs, len(xs) - 1)\n xs }"));
    assert!(is_released("fn work(xs, n) { change(xs, change(n, 1)[xs[0] + 1]) }"));
}

#[test]
fn arguments_that_are_read_again() {
    assert!(!is_released("fn work(xs) { for i in 0..9 { change(xs, i) }\n 1 }"));
    assert!(!is_released("fn work(xs) { let other = change(xs, 0)\n [xs, other] }"));
    assert!(!is_released("fn work(xs) { try { xs = change(xs, 0) } catch e { return xs }\n xs }"));
    assert!(!is_released("fn work(xs) { change(xs, if len(xs) > 1 { 1 } else { 2 }) }"));
    assert!(!is_released("fn work(xs, n) { let other = change(xs, 0)\n if n { other } else { xs } }"));
}

#[test]
fn a_chain_of_additions_changes_its_variable() {
    let program = compiled("fn work(text) { text = text + \"a\" + str(1) + \"b\"\n text }");
    let code = &program.functions[1].code;
    let additions = code.iter().filter_map(|each| match each {
        Instruction::Add { destination, left, .. } => Some((destination.0, left.0)),
        _ => None,
    });
    assert_eq!(additions.collect::<Vec<_>>(), [(0, 0); 3], "{code:?}");
}
