//! Very deep and very long sources give an error, or a tree; never a crash. The tests run on threads with
//! the 2 MB of stack that the test harness gives them.

use biovm_compiler::parser::{MAX_CHAIN, MAX_NESTING};
use biovm_compiler::source::SourceText;
use biovm_compiler::{diagnostic, dump, parse};

/// Parses, prints and drops; gives the messages of the errors.
fn errors(text: &str) -> Vec<String> {
    let source = SourceText::new("deep.bl", text);
    match parse(&source) {
        Ok(program) => {
            dump::compact(&program);
            // the places of a very long line take their time
            if text.len() < 50_000 {
                dump::tree(&program, &source);
            }
            Vec::new()
        }
        Err(errors) => {
            diagnostic::render(&errors, &source, false);
            errors.into_iter().map(|error| error.message).collect()
        }
    }
}

fn nested(open: &str, inner: &str, close: &str, count: usize) -> String {
    format!("{}{inner}{}", open.repeat(count), close.repeat(count))
}

/// What can be nested: opening, innermost and closing text.
const NESTINGS: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{", "1", "}"),
    ("#{", "1", "}"),
    ("{a: ", "1", "}"),
    ("f(", "1", ")"),
    ("x[", "1", "]"),
    ("x.f(a: ", "1", ")"),
    ("|x| ", "1", ""),
    ("|x| {", "1", "}"),
    ("(|x| let y = ", "1", ")"),
    ("fn(x) { ", "1", "}"),
    ("do\n", "1", "\nend"),
    ("-", "1", ""),
    ("!", "x", ""),
    ("not ", "x", ""),
    ("await ", "x", ""),
    ("~", "x", ""),
    ("2 ** ", "1", ""),
    ("1 + (", "1", ")"),
    ("a ?? b and not ", "1", ""),
    ("f\"{", "1", "}\""),
    ("if a { ", "1", "}"),
    ("if a then ", "1", ""),
    ("if a { 1 } else { ", "1", "}"),
    ("while a { ", "1", "}"),
    ("for x in xs { ", "1", "}"),
    ("fn f() { ", "1", "}"),
    ("try { ", "1", "} catch { 1 }"),
    ("match a { b => ", "1", "}"),
    ("given { a => ", "1", "}"),
    ("retry(", "1", ") { 1 }"),
    ("[a for b in ", "1", "]"),
    ("x |> f(", "1", ")"),
    ("x |> then y -> ", "1", ""),
    ("return if a then ", "1", ""),
];

#[test]
fn moderate_nesting_is_fine() {
    for (open, inner, close) in NESTINGS {
        let text = nested(open, inner, close, 60);
        assert_eq!(errors(&text), Vec::<String>::new(), "{open}{inner}{close}");
    }
}

#[test]
fn deep_nesting_is_one_error() {
    for (open, inner, close) in NESTINGS {
        for text in [nested(open, inner, close, 10_000), open.repeat(10_000)] {
            let errors = errors(&text);
            assert_eq!(errors.len(), 1, "{open}: {errors:?}");
            let expected = format!("nested too deeply (more than {MAX_NESTING} levels)");
            let unfinished = open.contains('"') && errors[0].contains("unterminated");
            let too_long = errors[0].starts_with("expression too long");
            assert!(errors[0] == expected || unfinished || too_long, "{open}: {errors:?}");
        }
    }
}

#[test]
fn deep_patterns_and_types_are_one_error() {
    let cases = [
        format!("let {} = 1", nested("[", "a", "]", 10_000)),
        format!("let {} = 1", nested("{a: ", "a", "}", 10_000)),
        format!("match v {{ {} => 1 }}", nested("A(", "a", ")", 10_000)),
        format!("let x: {} = 1", nested("L<", "a", ">", 10_000)),
        format!("|{}| 1", nested("[", "a", "]", 10_000)),
    ];
    for text in cases {
        let errors = errors(&text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with("nested too deeply"), "{errors:?}");
    }
}

/// What grows to the left, and so costs the parser no stack: first operand and what follows it.
const CHAINS: &[(&str, &str)] = &[
    ("1", " + 1"),
    ("a", " |> f"),
    ("a", " |> f()"),
    ("a", " ?? b"),
    ("a", " || b"),
    ("a", " ++ b"),
    ("a", " as Int"),
    ("a", ".b"),
    ("a", ".b()"),
    ("a", "()"),
    ("a", "[0]"),
    ("a", " in b"),
];

#[test]
fn long_chains_are_one_error() {
    for (first, link) in CHAINS {
        let text = format!("let x = {first}{}\nlet y = 1", link.repeat(50_000));
        let errors = errors(&text);
        assert_eq!(errors.len(), 1, "{link}: {errors:?}");
        assert!(errors[0].starts_with("expression too long"), "{link}: {errors:?}");
    }
}

#[test]
fn chains_up_to_the_limit_are_fine() {
    for (first, link) in CHAINS {
        let text = format!("{first}{}", link.repeat(MAX_CHAIN as usize - 10));
        assert_eq!(errors(&text), Vec::<String>::new(), "{link}");
    }
}

#[test]
fn chains_within_nesting_do_not_add_up_unseen() {
    let link = " + 1".repeat(50);
    let text = format!("{}1{}", "(".repeat(100), format!("{link})").repeat(100));
    assert!(errors(&text)[0].starts_with("expression too long"));
}

#[test]
fn what_is_flat_may_be_long() {
    let flat = [
        format!("[{}]", "1, ".repeat(50_000)),
        format!("[{}]", "a.b.c + 1, ".repeat(20_000)),
        format!("{{{}}}", "a: 1, ".repeat(50_000)),
        format!("f({})", "x, ".repeat(50_000)),
        "let x = 1\n".repeat(50_000),
        format!("a{}", " < b".repeat(50_000)),
        format!("if a {{ 1 }}{} else {{ 2 }}", " else if a { 1 }".repeat(20_000)),
        format!("1{}", " if a else 2".repeat(20_000)),
        format!("f\"{}\"", "{x} ".repeat(20_000)),
        format!("match v {{ {} }}", "1 => 2, ".repeat(20_000)),
        format!("match v {{ 1{} => 2 }}", " | 1".repeat(20_000)),
    ];
    for text in flat {
        assert_eq!(errors(&text), Vec::<String>::new(), "{}…", &text[..30]);
    }
}

#[test]
fn at_most_ten_errors() {
    let found = errors(&"let = 1\n".repeat(1000));
    assert_eq!(found.len(), diagnostic::MAX_ERRORS);
    let found = errors(&"$ \"\\u{}\" dna\"1\"\n".repeat(1000));
    assert_eq!(found.len(), diagnostic::MAX_ERRORS);
}
