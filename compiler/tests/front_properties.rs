//! Whatever the text, the front end ends, and gives a tree or errors with places in the text.

use biovm_compiler::source::SourceText;
use biovm_compiler::{diagnostic, dump, is_incomplete, parse_partially};
use proptest::prelude::*;

/// Runs everything on a text.
fn survive(text: &str) {
    let source = SourceText::new("any.bl", text);
    let parsed = parse_partially(&source);
    for diagnostic in &parsed.diagnostics {
        assert!(diagnostic.span.start <= diagnostic.span.end, "{text:?} {diagnostic:?}");
        assert!(diagnostic.span.end as usize <= text.len(), "{text:?} {diagnostic:?}");
        assert!(text.get(diagnostic.span.range()).is_some(), "{text:?} {diagnostic:?}");
    }
    dump::compact(&parsed.program);
    dump::tree(&parsed.program, &source);
    dump::tokens(&source);
    diagnostic::render(&parsed.diagnostics, &source, false);
    is_incomplete(text);
}

/// Pieces of the language, so that random texts get far into the grammar.
const PIECES: &[&str] = &[
    "let ",
    "const ",
    "fn ",
    "fn* ",
    "if ",
    " else ",
    "for ",
    " in ",
    "while ",
    "break",
    "continue",
    "match ",
    "return ",
    "try ",
    " catch ",
    "import ",
    "true",
    "nil",
    " and ",
    " or ",
    " not ",
    " as ",
    "struct ",
    "enum ",
    "trait ",
    "impl ",
    "async ",
    "await ",
    "yield ",
    "end",
    "do ",
    " then ",
    " into ",
    " when ",
    " where ",
    "with ",
    "from ",
    "stage ",
    "pipeline ",
    "parallel ",
    "guard ",
    "unless ",
    "defer ",
    "assert ",
    "given ",
    "otherwise",
    "retry",
    "type ",
    "x",
    "y",
    "Point",
    "f",
    "_",
    "1",
    "2.5",
    "1e3",
    "0x1F",
    "007",
    "1_0",
    "9223372036854775808",
    "\"a\"",
    "'b'",
    "\"\"\"c\n d\"\"\"",
    "r\"\\d\"",
    "f\"",
    "{x:>3}",
    "dna\"ACG\"",
    "qual\"II\"",
    "rna\"U\"",
    "/a+/i",
    "+",
    "++",
    "-",
    "->",
    "*",
    "**",
    "/",
    "//",
    "%",
    "=",
    "==",
    "=>",
    "!",
    "!=",
    "<",
    "<=",
    "<<",
    ">",
    ">=",
    ">>",
    "&",
    "&&",
    "^",
    "|",
    "||",
    "|>",
    "|>>",
    "??",
    "?.",
    "?=",
    "?",
    "~",
    ".",
    "..",
    "..=",
    "...",
    ",",
    ":",
    "::",
    ";",
    "@",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    "\n",
    "\r\n",
    " ",
    "\t",
    "# c\n",
    "## d\n",
    "\"",
    "'",
    "\"\"\"",
    "\\",
    "$",
    "é",
    "🧬",
    "\u{202e}",
    "\0",
    "{{",
    "}}",
    "\\u{41}",
    "|x| ",
    "do |x|\n",
    "\nend\n",
    "for x in xs { ",
    "let {a, ...r} = ",
    "match x { [a, _] => ",
    "f(a: ",
    "{k: ",
];

proptest! {
    #[test]
    fn any_text(text in ".{0,200}") {
        survive(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survive(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        survive(&pieces.concat());
    }

    #[test]
    fn pieces_with_blanks_between(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        survive(&pieces.join(" "));
    }

    #[test]
    fn any_cut_of_a_script(start in 0usize..400, length in 0usize..400) {
        let script = include_str!("front_tutorial/12_batches.bl");
        let text: String = script.chars().skip(start).take(length).collect();
        survive(&text);
    }

    #[test]
    fn one_character_less(index in 0usize..3000) {
        let script = include_str!("front_tutorial/14_benchmark.bl");
        let text: String = script.chars().enumerate().filter(|&(at, _)| at != index).map(|(_, c)| c).collect();
        survive(&text);
    }

    #[test]
    fn integers_keep_their_value(value in any::<i64>()) {
        let text = value.to_string();
        let source = SourceText::new("n.bl", text.clone());
        let found = dump::compact(&parse_partially(&source).program);
        let expected = match text.strip_prefix('-') {
            Some(digits) if value != i64::MIN => format!("(- {digits})"),
            _ => text,
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn strings_keep_their_value(value in "[^\"\\\\\r]{0,40}") {
        let source = SourceText::new("s.bl", format!("\"{value}\""));
        let parsed = parse_partially(&source);
        // three quotes in a row would open another kind of literal
        prop_assume!(!value.is_empty());
        prop_assert_eq!(dump::compact(&parsed.program), format!("{value:?}"));
    }
}
