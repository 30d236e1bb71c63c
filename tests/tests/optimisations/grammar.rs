//! Random programs. Every name that they use is declared, every loop ends, and lists stay short; what they compute may fail
//! in any way, and often does.

use proptest::collection::vec;
use proptest::prelude::*;

/// Text in place of a strategy that always gives it.
fn just(text: &'static str) -> BoxedStrategy<String> {
    Just(text.to_owned()).boxed()
}

fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<String> {
    proptest::sample::select(texts).prop_map(str::to_owned).boxed()
}

/// Names that stand for something everywhere in a program: `a`, `b` Ints, `f` a Float, `t` a text, `xs`, `ys` lists, `r` a
/// record, `p`, `q` whatever a lambda gets.
fn name() -> BoxedStrategy<String> {
    one_of(&["a", "b", "f", "t", "xs", "ys", "r", "p", "q", "g", "p", "a", "xs"])
}

fn literal() -> BoxedStrategy<String> {
    prop_oneof![
        4 => (-3i64..12).prop_map(|number| number.to_string()),
        1 => one_of(&[
            "40000", "1000000007", "9223372036854775807", "-9223372036854775807", "3000000000", "60 * 60", "1 - 4",
            "7 // 2", "7 % 3", "1 / 0", "5 / 2", "\"a\" ++ \"b\"", "2 * -3",
        ]),
        2 => one_of(&["0.5", "-0.5", "2.0", "1e3", "-0.0"]),
        2 => one_of(&["\"\"", "\"A\"", "\"abc\"", "\"A\" + \"b\""]),
        1 => one_of(&["nil", "true", "false", "[]", "{k: 1}"]),
    ]
    .boxed()
}

fn operator() -> BoxedStrategy<String> {
    one_of(&[
        "+", "-", "*", "/", "//", "%", "++", "+", "*", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??",
    ])
}

/// Expressions without lambdas.
fn plain() -> BoxedStrategy<String> {
    let leaf = prop_oneof![3 => name(), 3 => literal()];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            6 => (inner.clone(), operator(), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            1 => inner.clone().prop_map(|value| format!("(-{value})")),
            1 => inner.clone().prop_map(|value| format!("(not {value})")),
            1 => vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            1 => inner.clone().prop_map(|value| format!("{{k: {value}, m: 2}}")),
            1 => inner.clone().prop_map(|value| format!("{value}.k")),
            1 => pair.clone().prop_map(|(object, index)| format!("{object}[{index}]")),
            1 => inner.clone().prop_map(|object| format!("xs[0:{object}]")),
            1 => inner.clone().prop_map(|value| format!("f\"<{{{value}}}>\"")),
            2 => (one_of(&["len", "abs", "type", "str", "noisy", "twice", "last", "sum", "grow"]), inner.clone())
                .prop_map(|(function, value)| format!("{function}({value})")),
            1 => pair.clone().prop_map(|(list, item)| format!("push({list}, {item})")),
            1 => pair.clone().prop_map(|(first, second)| format!("both({first}, {second})")),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(condition, yes, no)| format!("(if {condition} then {yes} else {no})")),
            1 => pair.prop_map(|(value, condition)| format!("({value} if {condition} else 0)")),
        ]
    })
    .boxed()
}

/// What a lambda of `p` does that can neither fail nor be noticed.
fn safe() -> BoxedStrategy<String> {
    one_of(&[
        "p",
        "p == 3",
        "[p]",
        "f\"{p}\"",
        "type(p) == \"Int\"",
        "true",
        "p != nil",
        "[p, a]",
        "p == \"A\"",
        "if p == 1 then nil else p",
        "{\nlet z = [p]\nz\n}",
        "{k: p}",
        "type(p)",
    ])
}

/// The body of a lambda of `p` that may do anything.
fn risky() -> BoxedStrategy<String> {
    prop_oneof![
        6 => plain(),
        1 => plain().prop_map(|value| format!("{{\nprintln(\"at\", p)\n{value}\n}}")),
        1 => plain().prop_map(|value| format!("{{\nlet z = {value}\nz\n}}")),
        1 => plain().prop_map(|value| format!("{{\nif p == 2 {{ return 7 }}\n{value}\n}}")),
        1 => plain().prop_map(|value| format!("{{\nlet z = || p + a\nprintln(z())\n{value}\n}}")),
        1 => plain().prop_map(|value| format!("{{\ng = g + 1\n{value}\n}}")),
    ]
    .boxed()
}

fn source() -> BoxedStrategy<String> {
    prop_oneof![
        6 => one_of(&["xs", "ys", "[1, 2, 3, 4]", "range(5)", "range(1, 6)", "[p, a, f]", "[[1], [2]]", "[0.5, 1.5]"]),
        1 => one_of(&["t", "r", "nil", "5", "xs + ys", "grow(xs)", "set([1, 2])", "[\"A\", \"b\"]", "[]"]),
    ]
    .boxed()
}

/// A pipeline with at most one stage that can be told from having run, or failed, at another time.
fn pipeline() -> BoxedStrategy<String> {
    let stage = |body: BoxedStrategy<String>| {
        (one_of(&["map", "filter"]), body).prop_map(|(stage, body)| format!("{stage}(|p| {body})")).boxed()
    };
    let end = one_of(&[
        "",
        "",
        " |> sum()",
        " |> len()",
        " |> count()",
        " |> each(|p| println(\"each\", p))",
        " |> sum",
        " |> reduce(|p, q| p + q, 0)",
        " |> reduce(|p, q| push(p, q), [])",
        " |> reduce([], |p, q| push(p, [q]))",
        " |> reduce(|p, q| p + q)",
        " |> last()",
        " |> reverse()",
    ]);
    let safe_end = one_of(&[
        "",
        " |> len()",
        " |> count()",
        " |> reduce(|p, q| [q], 0)",
        " |> reduce(|p, q| push(p, q), [])",
    ]);
    let risky_row = (vec(stage(safe()), 0..2), stage(risky()), vec(stage(safe()), 0..2), safe_end).prop_map(
        |(before, risky, after, end)| (before.into_iter().chain([risky]).chain(after).collect(), end),
    );
    let safe_row = (vec(stage(safe()), 0..4), end.clone())
        .prop_map(|(stages, end): (Vec<String>, String)| (stages, end));
    let ended_row =
        (stage(risky()), one_of(&["", " |> sum()", " |> len()"])).prop_map(|(stage, end)| (vec![stage], end));
    (source(), prop_oneof![2 => risky_row, 2 => safe_row, 2 => ended_row])
        .prop_map(|(source, (stages, end)): (String, (Vec<String>, String))| {
            let stages: String = stages.iter().map(|stage| format!(" |> {stage}")).collect();
            format!("({source}{stages}{end})")
        })
        .boxed()
}

fn expression() -> BoxedStrategy<String> {
    prop_oneof![
        4 => plain(),
        3 => pipeline(),
        1 => (source(), risky()).prop_map(|(source, body)| format!("map({source}, |p| {body})")),
        1 => (source(), risky()).prop_map(|(source, body)| format!("sum(filter({source}, |p| {body}))")),
        1 => (source(), plain()).prop_map(|(source, body)| format!("[{body} for p in {source}]")),
        1 => (source(), plain(), plain()).prop_map(|(source, body, condition)| format!("[{body} for p in {source} if {condition}]")),
        1 => (plain(), plain()).prop_map(|(one, two)| format!("(try {{ {one} }} catch e {{ [e.message, {two}] }})")),
        1 => pipeline().prop_map(|value| format!("(try {{ {value} }} catch e {{ e.message }})")),
    ]
    .boxed()
}

/// What a `for` goes through: mostly something that can be counted.
fn counted() -> BoxedStrategy<String> {
    let bound =
        || one_of(&["0", "3", "len(xs)", "-2", "1.5", "b", "nil", "a % 4", "p", "9223372036854775806"]);
    prop_oneof![
        2 => (0i64..4).prop_map(|end| format!("range({end})")),
        3 => (-2i64..3, 0i64..4).prop_map(|(start, end)| format!("range({start}, {end})")),
        2 => (-3i64..3, -3i64..4, -2i64..3).prop_map(|(start, end, step)| format!("range({start}, {end}, {step})")),
        1 => (-2i64..3, bound()).prop_map(|(start, end)| format!("range({start}, min([{end}, 3]))")),
        1 => (bound(), one_of(&["1", "2", "0", "f", "t", "r"])).prop_map(|(start, step)| format!("range({start}, 3, {step})")),
        1 => (-2i64..2, 0i64..3).prop_map(|(start, end)| format!("{start}..{end}")),
        2 => source(),
    ]
    .boxed()
}

fn statement() -> BoxedStrategy<String> {
    let simple = prop_oneof![
        3 => expression().prop_map(|value| format!("println({value})")),
        3 => (one_of(&["a", "b", "p", "f", "t", "xs", "r", "g"]), expression()).prop_map(|(name, value)| format!("{name} = {value}")),
        2 => (one_of(&["a", "b", "p", "xs", "t"]), expression()).prop_map(|(name, value)| format!("let {name} = {value}")),
        2 => plain().prop_map(|value| format!("xs = push(xs, {value})")),
        1 => plain().prop_map(|value| format!("xs = xs + [{value}]")),
        1 => plain().prop_map(|value| format!("t = t + {value}")),
        1 => (plain(), plain()).prop_map(|(index, value)| format!("xs[{index}] = {value}")),
        1 => plain().prop_map(|value| format!("r.k = {value}")),
        1 => (one_of(&["a", "b", "f"]), one_of(&["+=", "-=", "*="]), plain()).prop_map(|(name, operator, value)| format!("{name} {operator} {value}")),
        1 => just("fs = push(fs, || [a, p])"),
        1 => just("for each_one in fs { println(each_one()) }"),
        1 => one_of(&["let map = |list, work| \"mine\"", "let sum = |list| -1", "let range = |n| [n, n]", "let filter = twice"]),
        1 => just("println(a, b, f, t, xs, ys, r, p, g)"),
    ];
    simple
        .prop_recursive(2, 10, 3, |inner| {
            let block = vec(inner, 1..3).prop_map(|statements| statements.join("\n"));
            prop_oneof![
                2 => (one_of(&["p", "a", "z"]), counted(), block.clone())
                    .prop_map(|(name, source, body)| format!("for {name} in {source} {{\n{body}\n}}")),
                1 => (counted(), block.clone()).prop_map(|(source, body)| format!("for p in {source} {{\nfs = push(fs, || p)\n{body}\n}}")),
                1 => (counted(), plain(), block.clone())
                    .prop_map(|(source, condition, body)| format!("for p in {source} {{\nif {condition} {{ continue }}\n{body}\nif p == 1 {{ break }}\n}}")),
                1 => block.clone().prop_map(|body| format!("let steps = 0\nwhile steps < 3 {{\nsteps += 1\n{body}\n}}")),
                2 => (expression(), block.clone(), block.clone())
                    .prop_map(|(condition, yes, no)| format!("if {condition} {{\n{yes}\n}} else {{\n{no}\n}}")),
                2 => (block.clone(), block.clone())
                    .prop_map(|(body, handler)| format!("try {{\n{body}\n}} catch e {{\nprintln(e.message)\n{handler}\n}}")),
                1 => block.prop_map(|body| format!("retry(2) {{\n{body}\n}}")),
            ]
        })
        .boxed()
}

/// A program: helpers, a function of random statements that is called in a `try`, and random statements at the top level.
pub fn program() -> BoxedStrategy<String> {
    let variables = "let a = 5\nlet b = 2\nlet f = 1.5\nlet t = \"abc\"\nlet xs = [3, 1, 2]\nlet ys = xs\nlet r = {k: 1}\nlet p = 4\nlet q = 6\nlet fs = []\n";
    (vec(statement(), 1..5), expression(), vec(statement(), 0..3), any::<bool>())
        .prop_map(move |(inside, result, outside, shares)| {
            let (inside, outside) = (inside.join("\n"), outside.join("\n"));
            // Where a function uses them, variables of the top level are no registers.
            let shared = if shares { "fn looks() { [a, xs, p] }\n" } else { "" };
            format!(
                "let g = 0\n\
                 fn noisy(value) {{\nprintln(\"noisy\", value)\nvalue\n}}\n\
                 fn twice(value) {{ value + value }}\n\
                 fn grow(list) {{ push(list, 9) }}\n\
                 fn both(one, two) {{ [one, two] }}\n\
                 fn work(a, xs) {{\n\
                 let b = 2\nlet f = 1.5\nlet t = \"abc\"\nlet ys = xs\nlet r = {{k: 1}}\nlet p = 4\nlet q = 6\nlet fs = []\n\
                 {inside}\nprintln(\"worked\", a, xs, ys)\n{result}\n}}\n\
                 try {{ println(work(5, [3, 1, 2])) }} catch e {{ println(\"failed\", e) }}\n\
                 {shared}{variables}{outside}\nprintln(\"the end\", a, xs, ys, g)\nwork(1, [\"A\", nil, 0.5])\n"
            )
        })
        .boxed()
}
