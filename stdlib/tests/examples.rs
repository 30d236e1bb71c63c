//! Runs the examples of all builtins.

mod script;

use biovm_bytecode::{Type, TypeSet};
use std::collections::HashMap;

/// What an example must print. A builtin that gives nothing stands alone, others stand in `println`.
#[test]
fn examples_print_what_they_promise() {
    let mut failures = Vec::new();
    for native in biovm_stdlib::natives() {
        let signature = &native.signature;
        if signature.example.is_empty() {
            continue;
        }
        let is_statement = signature.result == TypeSet::one(Type::Nil);
        let text = match is_statement {
            true => signature.example.to_owned(),
            false => format!("println({})", signature.example),
        };
        let (printed, result) = script::run(&text);
        let expected = signature.example_output;
        let fits = printed.trim_end_matches('\n') == expected.trim_end_matches('\n');
        if let Err(error) = result {
            failures.push(format!("{}: {text}\n  fails: {error}", signature.name));
        } else if !fits {
            failures.push(format!("{}: {text}\n  prints {printed:?}\n  not    {expected:?}", signature.name));
        }
    }
    assert!(failures.is_empty(), "{} examples fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn names_are_taken_once() {
    let mut owners: HashMap<&str, &str> = HashMap::new();
    for native in biovm_stdlib::natives() {
        let signature = &native.signature;
        for name in [signature.name].iter().chain(signature.aliases) {
            let other = owners.insert(name, signature.name);
            assert_eq!(other, None, "'{name}' names two builtins");
        }
    }
}

#[test]
fn declarations_are_whole() {
    for native in biovm_stdlib::natives() {
        let signature = &native.signature;
        let name = signature.name;
        assert!(!signature.doc.is_empty(), "{name} has no documentation");
        assert!(signature.doc.ends_with('.'), "the documentation of {name} is no sentence");
        assert!(!signature.doc.contains("  "), "the documentation of {name} has a run of blanks");
        assert!(!signature.section.is_empty(), "{name} is in no section");
        let optional_first = signature
            .parameters
            .is_sorted_by_key(|parameter| parameter.default != biovm_bytecode::signature::Default::Required);
        assert!(optional_first, "{name} has a required parameter behind an optional one");
        if !signature.options.is_empty() {
            let last = signature.parameters.last().expect("a parameter for the options");
            assert_eq!(last.name, "options", "the options of {name} are its last parameter");
        }
    }
}
