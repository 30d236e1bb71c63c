//! Many undefined names: the first ones are reported, each once, with what was probably meant.

use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile, diagnostic};

#[test]
fn the_first_names_of_the_text_are_reported() {
    let mut text = "let measurement = 1\nfn f() {\n".to_owned();
    for number in 0..30 {
        // Each twice, and one of them misspelt.
        text += &format!("  unknown_{number} + unknown_{number} + measuremint\n");
    }
    text += "}\n";
    let source = SourceText::new("names.bl", text);
    let Err(errors) = compile(&source, &Options::default()) else { panic!("the names are undefined") };
    let found: Vec<String> = errors.iter().map(|error| source.slice(error.span).to_owned()).collect();
    let mut expected = vec!["unknown_0".to_owned(), "measuremint".to_owned()];
    expected.extend((1..diagnostic::MAX_ERRORS - 1).map(|number| format!("unknown_{number}")));
    assert_eq!(found, expected);
    assert_eq!(errors[1].hint.as_deref(), Some("did you mean 'measurement'?"));
}
