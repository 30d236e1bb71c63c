//! Whatever the script, formatting changes its layout only, and once is enough.

#![expect(clippy::disallowed_methods, reason = "nothing here runs for a script")]

use biovm_compiler::format::{Refusal, format};
use biovm_compiler::source::SourceText;
use biovm_compiler::token::Token;
use biovm_compiler::{dump, lexer, parse};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// All scripts of the repository, with their names.
fn corpus() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut scripts = Vec::new();
    for folder in ["tests", "docs", "bench", "compiler/tests"] {
        collect(&root.join(folder), &mut scripts);
    }
    scripts.sort();
    scripts
}

fn collect(folder: &Path, scripts: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, scripts);
        } else if path.extension().is_some_and(|extension| extension == "bl") {
            // a few are no text on purpose
            if let Ok(text) = std::fs::read_to_string(&path) {
                scripts.push((path, text));
            }
        }
    }
}

/// The scripts of the corpus that have no errors.
static SCRIPTS: LazyLock<Vec<String>> =
    LazyLock::new(|| corpus().into_iter().map(|(_, text)| text).filter(|text| parses(text)).collect());

fn parses(text: &str) -> bool {
    parse(&SourceText::new("x.bl", text)).is_ok()
}

fn tree(text: &str) -> String {
    let source = SourceText::new("x.bl", text);
    dump::compact(&parse(&source).unwrap_or_else(|errors| panic!("{text}\n{errors:?}")))
}

/// The texts of the comments, without blanks at their ends.
fn comments(text: &str) -> Vec<String> {
    let comments = lexer::lex(text).comments;
    let shown = |span: biovm_compiler::span::Span| span.text(text).trim_end().to_owned();
    comments.iter().map(|comment| shown(comment.span)).collect()
}

/// Formats a script that has no errors, and checks what must hold for the result.
fn check(text: &str) -> String {
    let formatted = match format(&SourceText::new("x.bl", text)) {
        Ok(formatted) => formatted,
        Err(Refusal::Defect(place)) => panic!("defect {place}\n{text}"),
        Err(Refusal::Errors(errors)) => panic!("{text}\n{errors:?}"),
    };
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    assert_eq!(tree(&formatted), tree(&unix), "\n{text}\n------\n{formatted}");
    assert_eq!(comments(&formatted), comments(&unix), "\n{text}\n------\n{formatted}");
    let again = format(&SourceText::new("x.bl", formatted.clone())).expect("formatted text can be formatted");
    assert_eq!(again, formatted, "not the same the second time\n{text}");
    assert!(
        formatted.is_empty() || formatted.ends_with('\n') && !formatted.ends_with("\n\n"),
        "{formatted:?}"
    );
    formatted
}

#[test]
fn every_script_of_the_repository() {
    let mut count = 0;
    for (_, text) in corpus() {
        if parses(&text) {
            check(&text);
            check(&text.replace('\n', "\r\n"));
            count += 1;
        }
    }
    assert!(count > 300, "{count} scripts");
}

#[test]
fn examples_are_formatted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
    let mut scripts = Vec::new();
    collect(&folder, &mut scripts);
    assert!(!scripts.is_empty());
    // The numbered scripts of the tutorial chapter are as the chapter prints them.
    let is_printed = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.parent().is_some_and(|folder| folder.ends_with("day21"))
            && name.starts_with(|first: char| first.is_ascii_digit())
    };
    for (path, text) in scripts.into_iter().filter(|(path, _)| !is_printed(path)) {
        assert_eq!(check(&text), text, "{} is not formatted: biovm fmt docs/examples", path.display());
    }
}

/// What may come between two tokens.
const GAPS: &[&str] =
    &["\n", "\n\n\n", " # why\n", "\n# alone\n", "\n\n  ## documented\n\n", " ", "\t", ";", ",", "\r\n"];

/// Puts `gap` before the token that `place` chooses.
fn with_gap(text: &str, place: prop::sample::Index, gap: &str) -> String {
    let tokens = lexer::lex(text).tokens;
    let tokens: Vec<_> = tokens.iter().filter(|lexeme| lexeme.token != Token::Newline).collect();
    if tokens.is_empty() {
        return gap.to_owned();
    }
    let at = place.get(&tokens).span.start as usize;
    format!("{}{gap}{}", &text[..at], &text[at..])
}

/// Makes those changes to the layout that leave the script without errors.
fn rearranged(text: &str, changes: &[(prop::sample::Index, &'static str)]) -> String {
    let mut text = text.to_owned();
    for (place, gap) in changes {
        let changed = with_gap(&text, *place, gap);
        if parses(&changed) {
            text = changed;
        }
    }
    text
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, &'static str)>> {
    prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(GAPS)), 0..24)
}

/// Words that stand for nothing but their length.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "x",
        "reads",
        "gc",
        "a_rather_long_name_for_a_variable",
        "n",
        "quality_scores",
        "Point",
        "end",
        "then",
        "stage",
    ])
    .prop_map(str::to_owned)
}

fn atom() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => word(),
        2 => prop::sample::select(vec![
            "1", "2.5", "0xFF", "\"text\"", "'single'", "dna\"ACGT\"", "nil", "true", "f\"{x:>3} {len(y)}\"", "/a+b/i",
            "\"\"\"\n    two\n      lines\"\"\"", "f\"\"\"\n  {x # c\n}\n\"\"\"", "-9223372036854775808", "()", "{}", "[]", "#{}",
            "r\"\\d\"", "\"a long text that takes much of a line, so that what is around it is broken sooner\"",
        ]).prop_map(str::to_owned),
    ]
}

fn joined(parts: Vec<String>) -> String {
    parts.join(", ")
}

/// Source text of an expression.
fn expression() -> impl Strategy<Value = String> {
    atom().prop_recursive(5, 40, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        let operator = prop::sample::select(vec![
            "+", "-", "*", "/", "//", "%", "**", "++", "==", "!=", "<", "<=", ">", "in", "not in", "&&", "and", "or",
            "||", "??", "&", "^", "<<", ">>", "..", "..=",
        ]);
        let two = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            prop::sample::select(vec!["-", "!", "not ", "await ", "~ "]).prop_flat_map({
                let inner = inner.clone();
                move |o| inner.clone().prop_map(move |a| format!("{o}{a}"))
            }),
            (word(), several.clone()).prop_map(|(f, a)| format!("{f}({})", joined(a))),
            (word(), several.clone()).prop_map(|(f, a)| format!("{f}(k: {}, m = 1, ...rest, .id.name)", joined(a))),
            (inner.clone(), several.clone()).prop_map(|(r, a)| format!("({r}).first({}).second(|v| v).field", joined(a))),
            (inner.clone(), several.clone()).prop_map(|(r, a)| format!("{r} |> map({}) |> sum", joined(a))),
            two.clone().prop_map(|(a, b)| format!("{a} |>> print |> then v -> {b} |> into w")),
            two.clone().prop_map(|(a, b)| format!("{a} |> each |v, [p, q]| {{ let r = {b}; r }}")),
            two.clone().prop_map(|(a, b)| format!("{a} |> map(|v| {{id: {b}, v}})")),
            two.clone().prop_map(|(a, b)| format!("fold(|v| let w = {a}\n{b})")),
            inner.clone().prop_map(|a| format!("each(do |v|\n{a}\nend)")),
            inner.clone().prop_map(|a| format!("async fn(p: Int = {a}, ...q) -> List<Int> {{ p }}")),
            several.clone().prop_map(|a| format!("[{}]", joined(a))),
            several.clone().prop_map(|a| format!("#{{{}}}", joined(a))),
            several.clone().prop_map(|a| format!("({},)", joined(a))),
            two.clone().prop_map(|(a, b)| format!("{{a: {a}, \"b c\": {b}, [x]: 1, ...more}}")),
            two.clone().prop_map(|(a, b)| format!("Point {{ x: {a}, y: {b} }}")),
            three.clone().prop_map(|(a, b, c)| format!("[{a} for i, j in ({b}) if ({c})]")),
            three.clone().prop_map(|(a, b, c)| format!("{{[{a}]: {b} for i in ({c})}}")),
            three.clone().prop_map(|(a, b, c)| format!("if ({a}) {{ {b} }} else if x {{ y }} else {{ {c} }}")),
            three.clone().prop_map(|(a, b, c)| format!("if ({a}) then {b} else {c}")),
            three.clone().prop_map(|(a, b, c)| format!("({a} if {b} else {c})")),
            three.clone().prop_map(|(a, b, c)| {
                format!("match ({a}) {{ 1..5 | -2 => {b}, Shape.Circle(r, _) if r > 1 => {{ {c} }}, {{k: [h, ...t], m = 5}} => nil, _ => return 1 }}")
            }),
            two.clone().prop_map(|(a, b)| format!("given {{ ({a}) => {b}, otherwise => nil }}")),
            two.clone().prop_map(|(a, b)| format!("try {{ {a} }} catch e {{ {b} }}")),
            two.clone().prop_map(|(a, b)| format!("retry({a}, delay: 5) {{ {b} }}")),
            three.prop_map(|(a, b, c)| format!("xs[{a}:({b}):{c}]")),
            two.prop_map(|(a, b)| format!("xs[{a}].field[{b}..]?.0 as Int")),
        ]
    })
}

/// Source text of a statement.
fn statement() -> impl Strategy<Value = String> {
    let e = expression;
    prop_oneof![
        e(),
        (e(), e()).prop_map(|(a, b)| format!("let {{a, b: [c, _], d = {a}}}: List<Int?> | Str = {b}")),
        e().prop_map(|a| format!("const LIMIT: Int = {a}")),
        (e(), e()).prop_map(|(a, b)| format!("x.field[{a}] += {b}")),
        (e(), e()).prop_map(|(a, b)| {
            format!("## What it does.\n@memoize\n@retry(times: {a})\nasync fn* f(a, b: Int = 1, ...c) -> (lo: Int, hi: Int) where (a > 1) {{ yield {b} }}")
        }),
        (e(), e()).prop_map(|(a, b)| format!("struct P {{ x: Int, y = {a}\nz: Str }}; enum E {{ A(x, y), B }}\ntype T = {{}}").replace("type T = {}", &format!("defer {b}"))),
        e().prop_map(|a| format!("trait A {{ fn f(self)\nfn g(self) {{ {a} }} }}; impl A for P {{ fn f(self) {{ 1 }} }}")),
        (e(), e()).prop_map(|(a, b)| format!("for i, j in ({a}) when i > 1 {{ if i {{ continue }}; {b} }} else {{ 1 }}")),
        (e(), e()).prop_map(|(a, b)| format!("while ({a}) {{ {b}\nbreak }}")),
        (e(), e()).prop_map(|(a, b)| format!("parallel for i in xs {{ {a} }}; unless ({b}) then x")),
        (e(), e()).prop_map(|(a, b)| format!("guard ({a}) else {{ return {b} }}; with r {{ x }}")),
        (e(), e()).prop_map(|(a, b)| format!("pipeline qc(p = ({a})) {{ stage one -> {b}; return }}")),
        (e(), e()).prop_map(|(a, b)| format!("assert ({a}), {b}; assert(({a}), {b}); assert(x)")),
        Just("import \"a/b\" as m; from 'c' import d, e as f; type T = Map<Str, List<Int>>".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_layout_of_a_script_of_the_repository(script in any::<prop::sample::Index>(), changes in changes()) {
        check(&rearranged(script.get::<String>(&SCRIPTS), &changes));
    }

    #[test]
    fn any_program(statements in prop::collection::vec(statement(), 1..4), changes in changes()) {
        let valid: Vec<String> = statements.into_iter().filter(|statement| parses(statement)).collect();
        let text = valid.join("\n");
        prop_assume!(parses(&text));
        check(&rearranged(&text, &changes));
    }

    #[test]
    fn any_cut_of_a_script(script in any::<prop::sample::Index>(), start in any::<prop::sample::Index>(), length in 0usize..400) {
        let characters: Vec<char> = script.get::<String>(&SCRIPTS).chars().collect();
        prop_assume!(!characters.is_empty());
        let text: String = characters.iter().skip(start.index(characters.len())).take(length).collect();
        if parses(&text) {
            check(&text);
        }
    }
}
