//! Reports as people see them. To change one: `INSTA_UPDATE=always cargo test -p biovm-compiler`, then read
//! what the snapshot says.

use biovm_compiler::diagnostic::{Diagnostic, did_you_mean, render};
use biovm_compiler::parse;
use biovm_compiler::source::SourceText;
use biovm_compiler::span::Span;

/// The report about a source that does not parse.
fn report(text: &str) -> String {
    let source = SourceText::new("qc.bl", text);
    let errors = parse(&source).expect_err("the source should not parse");
    render(&errors, &source, false)
}

macro_rules! reports {
    ($($name:ident: $source:expr,)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(report($source));
            }
        )*
    };
}

reports! {
    missing_parenthesis: "let total = round(mean(xs), 2\nprintln(total)\nlet next = 1",
    missing_brace: "fn f(x) {\n  if x > 1 {\n    x\n\nfn g() { 1 }\n",
    missing_end: "xs |> each(do |x|\n  println(x)\n)",
    missing_comma: "let p = {id: 1 name: 2}\nf(1 2)",
    missing_separator: "let a = 1 let b = 2",
    missing_operand: "let a = 1 +\n\nlet b = 2",
    assignment_as_condition: "if count = 5 { println(1) }\nwhile (x = 1) { f() }",
    assignment_as_value: "let a = b = 1",
    reserved_word: "let match = 5\nfn if(x) { x }",
    record_in_header: "if x == {a: 1} { y }",
    record_as_body: "if c { id: 1 }",
    not_a_target: "f(x) = 1\n1 + 2 = 3",
    other_languages: "def f(x):\n  x\nvar y = 1\nif a { 1 }\nelif b { 2 }\nprint \"x\"\nlet mut z = 1\nx := 5\nswitch x { }",
    more_other_languages: "for (i in xs) { f(i) }\ntry { f() } catch (e) { g() }\nlet f = x => x + 1\nlet t = c ? 1 : 2\ni++\nfor let i = 0; i < 5 { f() }",
    python_colons: "if a:\n  b\nwhile c: d()",
    triple_equals: "if a === b { c }\nif a <> b { c }",
    slash_comments: "let a = 1\n// the mean of the reads\nlet b = 2",
    lone_closing: "let a = 1\n}\nlet b = 2",
    lone_else: "else { 1 }",
    break_outside: "fn f(xs) {\n  for x in xs { each(xs, |y| { break }) }\n}",
    yield_outside: "fn f() { yield 1 }",
    unterminated_string: "let a = \"abc\nlet b = 2",
    swapped_quotes: "println(\"abc)\nprintln(\"def\")\n",
    unterminated_interpolation: "let s = f\"{name is {age} years old\nlet b = 2",
    empty_interpolation: "f\"{} and {x y}\" + f\"a } b\"",
    wrong_letter: "let s = dna\"ACGU\" + rna\"ACGT\" + protein\"MK-\"",
    wrong_numbers: "let a = 12abc + 5. + 0xZZ + 1_ + 99999999999999999999",
    wrong_characters: "let a = $x + “text” – 1\nlet größe = 1",
    wrong_escapes: "let a = \"\\u41 \\u{} \\u{FFFFFF}\"",
    wrong_regex: "let a = /abc\nlet b = /x/z",
    non_ascii_before: "# ── Qualität ──\nlet a = \"Größe: \" ++ f(1 2)",
    wide_characters: "let s = \"日本語 🧬\" ++ (1 2)",
    tabs: "\tif a {\n\t\tlet b = (1 2)\n\t}",
    control_characters: "let a = \"\u{1b}[31m\u{202e}x\" ++ (1 2)\u{7}",
    module_path: "import stats\nfrom \"m\" import",
    tuple_binding: "let a, b = f()",
    comma_in_pipe: "xs\n  |> map(|x| x + 1),\n  |> sum()",
    deep: &"(".repeat(2000),
    two_places: "let xs = [\n  1,\n  2,\n  f(3,\n\nlet y = 2",
}

#[test]
fn long_line() {
    let text = format!("let s = [{}] (1 2) [{}]", "\"abc\", ".repeat(100), "1, ".repeat(200));
    insta::assert_snapshot!(report(&text));
}

#[test]
fn warning_with_two_places_and_colour() {
    let source = SourceText::new("a.bl", "let total = 0\nfor x in xs { let total = total + x }\n");
    let warning =
        Diagnostic::warning("W0001", "'total' declared here shadows the outer 'total'", Span::new(32, 37))
            .with_label("a new variable")
            .with_secondary(Span::new(4, 9), "the outer one")
            .with_hint("write 'total = …' to update it");
    insta::assert_snapshot!(render(std::slice::from_ref(&warning), &source, false));
    let colored = render(&[warning], &source, true);
    insta::assert_snapshot!(colored.replace('\u{1b}', "␛"));
}

#[test]
fn every_place_can_be_rendered() {
    let source = SourceText::new("a.bl", "a\tb\r\nü\u{301}é\n\n日本\u{0}\u{2028}x");
    let end = source.text().len() as u32;
    for start in 0..=end + 1 {
        for stop in start..=end + 2 {
            let error = Diagnostic::error("E0000", "Error", "x", Span::new(start, stop)).with_label("y");
            let report = render(&[error.with_secondary(Span::new(0, stop), "z")], &source, true);
            let place = source.position(start);
            let plain = report.replace('\u{1b}', "");
            assert!(plain.contains(&format!("a.bl:{place}")), "{start} {stop} {report}");
        }
    }
    let empty = SourceText::new("", "");
    assert!(
        render(&[Diagnostic::error("E0000", "Error", "x", Span::at(0))], &empty, false).contains("Error: x")
    );
}

#[test]
fn suggestions() {
    let names =
        ["println", "filter", "gc_content", "map", "len", "reverse_complements", "reverse_complement"];
    let cases = [
        ("printn", Some("println")),
        ("prnitln", Some("println")),
        ("fliter", Some("filter")),
        ("gc_contnet", Some("gc_content")),
        ("gc_cntnt", Some("gc_content")),
        ("mpa", Some("map")),
        ("lem", Some("len")),
        ("reverse_comp", Some("reverse_complement")),
        ("prin", Some("println")),
        ("pri", None),
        ("le", None),
        ("x", None),
        ("len", None),
        ("foo", None),
        ("fltre", None),
    ];
    for (word, expected) in cases {
        assert_eq!(did_you_mean(word, names), expected, "{word}");
    }
}

#[test]
fn of_very_many_warnings_the_first_are_shown() {
    let source = SourceText::new("qc.bl", "let a = 1\n".repeat(200));
    let warning = |number: usize| {
        let span = Span::new(number as u32 * 10 + 4, number as u32 * 10 + 5);
        Diagnostic::warning("W000", format!("warning {number}"), span)
    };
    let render_many = |count: usize| render(&(0..count).map(warning).collect::<Vec<_>>(), &source, false);
    assert_eq!(render_many(100).matches("warning: ").count(), 100);
    assert!(!render_many(100).contains("more"));
    assert!(render_many(101).ends_with("\n\n… and 1 more warning\n"));
    assert!(render_many(200).ends_with("\n\n… and 100 more warnings\n"));
}
