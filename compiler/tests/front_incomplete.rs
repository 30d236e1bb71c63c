//! When an interactive session asks for another line.

use biovm_compiler::is_incomplete;

#[test]
fn more_is_wanted() {
    let cases = [
        "f(",
        "f(1,",
        "[1, 2",
        "{a: 1,",
        "let r = {",
        "let r = {\n a: 1",
        "f({\n a: 1,\n b: 2",
        "#{\n 1",
        "fn f(x) {",
        "fn f(x)",
        "fn f(",
        "if c",
        "if c {",
        "if c { 1 } else",
        "if c then",
        "while c",
        "for x in",
        "for x in xs",
        "match v",
        "match v {\n 1 => 2,",
        "try { f() }",
        "try {",
        "try { f() } catch e",
        "1 +",
        "xs |>",
        "xs |> map(|x|",
        "let x =",
        "a and",
        "not",
        "x.",
        "x as",
        "\"abc",
        "'abc\ndef",
        "\"\"\"abc",
        "f\"\"\"abc {x",
        "do |x|",
        "let f = do\n  1",
        "xs |> each(do |x|\n  f(x)\nend",
        "@memoize",
        "struct P",
        "struct P {\n x: Int",
        "|x|",
        "return (",
        "import \"m\" as",
        "assert x,",
        "let [a,",
        "a if b else",
        "given {",
        "retry(3) {",
        "pipeline p {",
        "async fn f()",
        "x ??",
        "f(\n\n",
        "let x = # c",
        "if a {\n b\n} else {",
        "with r",
        "guard x else",
        "unless x",
    ];
    for case in cases {
        assert!(is_incomplete(case), "{case}");
        assert!(is_incomplete(&format!("{case}\n")), "{case}");
        assert!(is_incomplete(&format!("{case} # comment {{\n")) || case.contains(['"', '\'']), "{case}");
    }
}

#[test]
fn nothing_more_is_wanted() {
    let cases = [
        "",
        "\n",
        "# comment (",
        "1 + 2",
        "f()",
        "let x = 1",
        "let x",
        "if c { 1 }",
        "fn f() { 1 }",
        "x = \"{\"",
        "f\"{x}\"",
        "do |x|\n 1\nend",
        "let end = 5",
        "f(1 2",
        "let = (",
        "$",
        "f\"abc",
        "f\"{x",
        "r\"abc",
        "dna\"ACG",
        ")",
        "}",
        "xs[1..]",
        "return",
        "break",
        "\"a\" }",
        "/abc",
        "1e",
        "{}",
        "|x| x",
        "if c then 1",
        "let f = |x| {}",
    ];
    for case in cases {
        assert!(!is_incomplete(case), "{case}");
    }
}
