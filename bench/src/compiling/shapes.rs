//! Scripts that have much of one thing, which a step that grows too fast would show.

use std::fmt::Write;

/// A kind of script that can be made in any size.
pub struct Shape {
    /// What there is much of.
    pub name: &'static str,
    /// How much is worth measuring.
    pub size: usize,
    /// The script of a size.
    pub script: fn(usize) -> String,
}

const fn shape(name: &'static str, size: usize, script: fn(usize) -> String) -> Shape {
    Shape { name, size, script }
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    shape("statements in one function", 50_000, |count| {
        format!("fn f(x) {{\n{}x }}\nprintln(f(1))\n", lines(count, |n| format!("  x = x * {n} + 1")))
    }),
    shape("variables in one function", 50_000, |count| {
        format!("fn f(x) {{\n{}x }}\nprintln(f(1))\n", lines(count, |n| format!("  let v{n} = x + {n}")))
    }),
    shape("statements at the top level", 50_000, |count| {
        lines(count, |n| format!("println({n}, \"text {n}\")"))
    }),
    shape("items of a list", 50_000, |count| {
        format!("let xs = [{}]\n", repeated(count, |n| format!("{n}, ")))
    }),
    shape("entries of a record", 50_000, |count| {
        format!("let r = {{{}}}\n", repeated(count, |n| format!("key{n}: {n}, ")))
    }),
    shape("functions that call each other", 20_000, |count| {
        lines(count, |n| {
            format!("fn f{n}(x) {{ if x > 0 {{ f{}(x - 1) }} else {{ x }} }}", (n * 7 + 1) % count)
        })
    }),
    shape("functions that capture", 20_000, |count| {
        lines(count, |n| format!("fn g{n}(x) {{ let y = x\n || {{ y += {n}\n y }} }}"))
    }),
    shape("globals", 20_000, |count| {
        lines(count, |n| format!("let g{n} = {n}\nfn read{n}() {{ g{n} + g{} }}", n / 2))
    }),
    shape("captured variables", 5_000, |count| {
        let variables = lines(count, |n| format!("  let v{n} = {n}"));
        let uses = lines(count, |n| format!("    total = total + v{n}"));
        format!("fn f() {{\n{variables}  let total = 0\n  let g = || {{\n{uses}  }}\n  g()\n}}\n")
    }),
    shape("nested blocks", 120, |depth| {
        let inner = format!("{}1{}", "if true { [(".repeat(depth), ")] }".repeat(depth));
        lines(20, |_| inner.clone())
    }),
    shape("nested functions", 120, |depth| {
        let inner = format!("{}1{}", "|x| [x, ".repeat(depth), "]".repeat(depth));
        lines(20, |_| format!("let f = {inner}"))
    }),
    shape("nested loops", 120, |depth| {
        lines(20, |_| format!("{}println(1) {}", "for i in 0..2 { ".repeat(depth), "}".repeat(depth)))
    }),
    shape("pipe chains of 900 links", 100, |count| {
        lines(count, |_| format!("println([1]{})", "\n  |> map(|x| x + 1)".repeat(900)))
    }),
    shape("letters of a string", 5_000_000, |count| format!("let s = \"{}\"\n", "ACGT ".repeat(count / 5))),
    shape("letters of a sequence", 5_000_000, |count| {
        format!("let s = dna\"{}\"\n", "ACGTA".repeat(count / 5))
    }),
    shape("escapes of a string", 1_000_000, |count| format!("let s = \"{}\"\n", "\\t".repeat(count))),
    shape("parts of an f-string", 20_000, |count| {
        format!("let x = 1\nlet s = f\"{}\"\n", "{x}, ".repeat(count))
    }),
    shape("lines of an indented string", 50_000, |count| {
        format!("let s = \"\"\"\n{}  \"\"\"\n", lines(count, |n| format!("  line {n}")))
    }),
    shape("arms of a match over Ints", 50_000, |count| {
        format!("fn f(x) {{ match x {{\n{}_ => 0 }} }}\n", lines(count, |n| format!("  {n} => {},", n * 3)))
    }),
    shape("arms of a match over patterns", 20_000, |count| {
        let arm = |n| format!("  {{kind: \"k{n}\", size}} if size > {n} => size,\n  [{n}, ...rest] => rest,");
        format!("fn f(x) {{ match x {{\n{}_ => 0 }} }}\n", lines(count / 2, arm))
    }),
    shape("alternatives of a pattern", 20_000, |count| {
        format!(
            "fn f(x) {{ match x {{ {} => 1, _ => 0 }} }}\n",
            (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(" | ")
        )
    }),
    shape("branches of an if", 20_000, |count| {
        let branches = repeated(count, |n| format!("if x == {n} {{ {n} }} else "));
        format!("fn f(x) {{ {branches}{{ 0 }} }}\n")
    }),
    shape("calls with named arguments", 50_000, |count| {
        let mut text = "fn f(a, b, c, d) { a }\n".to_owned();
        for n in 0..count {
            // 24 orders of four names, each with fewer named arguments
            let names = ["a", "b", "c", "d"];
            let first = n % 4;
            let arguments: Vec<String> =
                (0..4).map(|place| format!("{}: {n}", names[(first + place) % 4])).collect();
            let _ = writeln!(text, "f({})", arguments.join(", "));
        }
        text
    }),
    shape("different calls with named arguments", 20_000, |count| {
        let options = |n: usize| format!("f(...[{n}], a{n}: 1)");
        format!("fn f(...rest) {{ rest }}\nfn g(f) {{\n{}}}\n", lines(count, options))
    }),
    shape("fields in one function", 100_000, |count| {
        format!(
            "fn f(r) {{\n{}}}\n",
            lines(count / 10, |n| {
                (0..10).map(|k| format!("r.f{}", (n * 10 + k) % 5_000)).collect::<Vec<_>>().join(" + ")
            })
        )
    }),
    shape("local functions that call the next", 5_000, |count| {
        let functions = lines(count, |n| format!("  fn f{n}(x) {{ f{}(x) }}", n + 1));
        format!("fn outer(y) {{\n{functions}  fn f{count}(x) {{ x + y }}\n  f0(1)\n}}\n")
    }),
    shape("globals that one function uses", 20_000, |count| {
        let uses = lines(count, |n| format!("  total = total + g{n} * g{}", n / 2));
        format!(
            "{}fn f() {{\n  let total = 0\n{uses}  total\n}}\n",
            lines(count, |n| format!("let g{n} = {n}"))
        )
    }),
    shape("variants in patterns", 5_000, |count| {
        let variants = repeated(count, |n| format!("V{n}(a), "));
        let arms = lines(count, |n| format!("  E::V{n}(a) => a + {n},"));
        format!("enum E {{ {variants} }}\nfn f(x) {{ match x {{\n{arms}_ => 0 }} }}\n")
    }),
    shape("structs", 5_000, |count| {
        lines(count, |n| format!("struct S{n} {{ a, b{n} }}\nlet s{n} = S{n}(1, 2)"))
    }),
    shape("variants of an enum", 5_000, |count| {
        format!("enum E {{ {} }}\n", repeated(count, |n| format!("V{n}(a), ")))
    }),
    shape("methods", 10_000, |count| {
        format!(
            "struct S {{ a }}\nimpl S {{\n{}}}\n",
            lines(count, |n| format!("  fn m{n}(self) {{ self.a + {n} }}"))
        )
    }),
    shape("parameters", 5_000, |count| {
        format!("fn f({}) {{ p0 }}\n", repeated(count, |n| format!("p{n} = {n}, ")))
    }),
    shape("try blocks", 20_000, |count| {
        lines(count, |n| format!("try {{ println({n}) }} catch e {{ println(e) }}"))
    }),
    shape("loops one after the other", 20_000, |count| {
        lines(count, |n| format!("for i in 0..{n} {{ if i > 3 {{ break }} }}"))
    }),
    shape("comments", 100_000, |count| lines(count, |n| format!("## comment {n} that documents nothing"))),
    shape("documented functions", 20_000, |count| {
        lines(count, |n| format!("## What f{n} does.\nfn f{n}() {{ {n} }}"))
    }),
    shape("blank lines", 1_000_000, |count| "\n".repeat(count)),
    shape("statements on one line", 50_000, |count| repeated(count, |n| format!("println({n}); "))),
    shape("syntax errors", 10_000, |count| lines(count, |n| format!("let {n} = = {n}"))),
    shape("undefined names", 10_000, |count| lines(count, |n| format!("println(undefined_name_{n})"))),
    shape("misspelt names", 10_000, |count| {
        let known = lines(count, |n| format!("let variable_{n} = {n}"));
        known + &lines(count, |n| format!("println(variabel_{n})"))
    }),
    shape("warnings", 10_000, |count| lines(count, |n| format!("fn f{n}() {{ return {n}\n println({n}) }}"))),
    shape("unclosed brackets", 10_000, |count| lines(count, |n| format!("let x{n} = (({n} + 1"))),
    shape("unclosed quotes", 10_000, |count| lines(count, |n| format!("let x{n} = \"{n} + 1"))),
    shape("invalid characters", 10_000, |count| lines(count, |n| format!("let x{n} = {n} $ § 1"))),
];

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, n| text + &line(n) + "\n")
}

fn repeated(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}
