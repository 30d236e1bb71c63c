//! Assignments to captured variables in callbacks of builtins that run them in parallel.

use biovm_bytecode::signature::{Default, Parameter, Signature};
use biovm_bytecode::{Type, TypeSet};
use biovm_compiler::diagnostic::code;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};

const PARAMETERS: &[Parameter] = &[
    Parameter { name: "items", types: TypeSet::ANY, default: Default::Required },
    Parameter { name: "f", types: TypeSet::ANY, default: Default::Required },
];

const fn signature(name: &'static str, parallel: bool) -> Signature {
    Signature {
        name,
        aliases: &[],
        section: "",
        parameters: PARAMETERS,
        rest: None,
        options: &[],
        result: TypeSet::one(Type::List),
        doc: "",
        example: "",
        example_output: "",
        pure: false,
        in_place: false,
        parallel,
        is_constant: false,
        is_direct: false,
    }
}

static SIGNATURES: [Signature; 2] = [signature("serial", false), signature("side_by_side", true)];

/// The variables that the script wrongly assigns to.
fn captured(script: &str) -> Vec<String> {
    let signatures = Signatures::new(&SIGNATURES);
    let source = SourceText::new("test.bl", script);
    let Err(errors) = compile(&source, &Options { signatures, ..Options::default() }) else {
        return Vec::new();
    };
    let names = errors.iter().map(|error| {
        assert_eq!((error.code, error.kind), (code::PARALLEL_ASSIGNMENT, "ParallelError"), "{error:?}");
        let name = error.message.split('\'').nth(1).expect("the message names the variable");
        assert_eq!(
            error.message,
            format!("cannot assign to captured variable '{name}' in a parallel callback")
        );
        name.to_owned()
    });
    names.collect()
}

#[test]
fn a_callback_in_place_may_not_assign_to_what_it_captures() {
    for call in [
        "side_by_side(xs, |x| { n = n + x })",
        "xs |> side_by_side(|x| { n += x })",
        "xs |> side_by_side |x| { n += x }",
        "xs.side_by_side(|x| { n += x })",
        "side_by_side(xs, f: fn(x) { n += x })",
        "side_by_side(xs, do |x|\n n += x\n end)",
        "side_by_side(xs, |x| serial(xs, |y| { n = y }))",
        "side_by_side(xs, |x| { n[x] = 1 })",
        "side_by_side(xs, |x| { if x { for y in xs { n ?= y } } })",
    ] {
        assert_eq!(captured(&format!("let xs = [1]\nlet n = 0\n{call}\n")), ["n"], "{call}");
        assert_eq!(captured(&format!("fn f(xs) {{\nlet n = 0\n{call}\n}}\n")), ["n"], "{call}");
        let serial = call.replace("side_by_side", "serial");
        assert_eq!(captured(&format!("let xs = [1]\nlet n = 0\n{serial}\n")), [""; 0], "{serial}");
    }
}

#[test]
fn own_variables_and_other_callbacks_are_free() {
    for script in [
        "side_by_side([1], |x| { let n = 0\n n = n + x\n x = n\n n })",
        "let n = 0\nside_by_side([1], |x| { let n = x\n n += 1\n n })",
        "let n = 0\nside_by_side([1], |n| { n += 1 })",
        "let n = 0\nside_by_side([1], |x| n + x)\nn = 5",
        "let n = 0\nside_by_side([1], |x| { x |> into n\n n = 6 })",
        "let side_by_side = |xs, f| f(xs)\nlet n = 0\nside_by_side([1], |x| { n = x })",
        // Such a function is checked when it runs: here nobody knows what else it is for.
        "let n = 0\nlet f = |x| { n = x }\nside_by_side([1], f)",
        // Inside of `with` the name of the builtin may be a field, and `n` as well.
        "let n = 0\nwith {m: 0} { side_by_side([1], |x| { n = x }) }",
        "with {n: 0} { side_by_side([1], |x| { with {n: x} { n = 5 } }) }",
    ] {
        assert_eq!(captured(script), [""; 0], "{script}");
    }
}

#[test]
fn all_of_them_are_reported() {
    let script = "let a = 0\nlet b = {c: 1}\nside_by_side([1], |x| { a = x\n b.c = x\n })\na = 1";
    assert_eq!(captured(script), ["a", "b"]);
}
