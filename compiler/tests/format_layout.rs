//! What formatted scripts look like: each `format/name.bl` beside the `name.formatted` that it must become.
//!
//! `BIOVM_BLESS=1` makes what comes out the expectation; read the diff after it.

#![expect(clippy::disallowed_methods, reason = "nothing here runs for a script")]

use biovm_compiler::format::format;
use biovm_compiler::source::SourceText;
use std::path::Path;

#[test]
fn scripts_become_what_they_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "bl") {
            continue;
        }
        count += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = SourceText::new(name, std::fs::read_to_string(&path).unwrap());
        let formatted = format(&source).unwrap_or_else(|refusal| panic!("{}: {refusal:?}", source.name()));
        let expected = path.with_extension("formatted");
        if std::env::var_os("BIOVM_BLESS").is_some() {
            std::fs::write(&expected, &formatted).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap();
        assert!(formatted == expected, "{}\n--- expected\n{expected}--- found\n{formatted}", source.name());
    }
    assert!(count >= 9, "{count} scripts");
}

#[test]
fn a_script_with_errors_is_refused() {
    use biovm_compiler::format::Refusal;
    for text in ["let x = (", "let if = 1", "\"", "a b"] {
        let refusal = format(&SourceText::new("x.bl", text)).unwrap_err();
        assert!(matches!(&refusal, Refusal::Errors(errors) if !errors.is_empty()), "{text}: {refusal:?}");
    }
}

#[test]
fn deep_and_long_scripts_are_no_problem() {
    let deep = format!("{}1{}", "[".repeat(400), "]".repeat(400));
    let sum = vec!["a_number"; 900].join(" + ");
    let pipe = format!("x{}", " |> f()".repeat(900));
    let chain = format!("x{}", ".f(1)".repeat(400));
    let list = format!("[{}]", vec!["1234567"; 50_000].join(","));
    let calls = format!("{}1{}", "f(|x| {".repeat(90), "})".repeat(90));
    for text in [deep, sum, pipe, chain, list, calls] {
        let formatted =
            format(&SourceText::new("x.bl", text)).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let again = format(&SourceText::new("x.bl", formatted.clone())).unwrap();
        assert!(again == formatted);
    }
}

#[test]
fn a_variable_do_does_not_open_a_block() {
    for text in ["let do = 1\nlet x = do;\nlet y = 2\n", "let do = 1\nlet x = do;\n"] {
        let formatted = format(&SourceText::new("x.bl", text)).expect("no errors");
        assert_eq!(formatted, text);
    }
}
