//! What a function is found to look at of its first argument.

use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::usage::fields_read;
use biovm_vm::{Context, LoadedProgram, Machine, Value};
use std::io;
use std::sync::Arc;

/// The fields that the function reads which is the script's value; `None` where it may look at all of them.
#[track_caller]
fn fields(script: &str) -> Option<Vec<String>> {
    let source = SourceText::new("usage.bl", script.to_owned());
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let compiled = compile(&source, &Options { signatures, ..Options::default() })
        .unwrap_or_else(|errors| panic!("{:?}", errors.first().map(|error| &error.message)));
    let context = Arc::new(Context::new(biovm_stdlib::natives(), Output::new(io::sink(), false)));
    let program =
        Arc::new(LoadedProgram::load(compiled.program, &context).expect("the compiler's program verifies"));
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
