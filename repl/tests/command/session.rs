//! The session, which here reads its entries from a pipe.

use crate::scripts::{is_cpu_and_memory, is_elapsed};
use crate::support::{Folder, Outcome};

fn session(entries: &str) -> Outcome {
    Folder::new().run_with_input(&["repl"], entries)
}

#[test]
fn values_are_shown() {
    let entries = "\
1 + 1
let x = 2.0
x
\"a \\\"quoted\\\"\\n text\"
nil
x * 2;
[1, 2, 3]
range(0, 25)
dna\"ACGT\"
println(\"printed\")
print(\"no newline\")
{a: 1, b: \"x\"}
";
    assert_eq!(
        session(entries).succeeded(),
        "2\n2.0\n\"a \\\"quoted\\\"\\n text\"\n[1, 2, 3]\n[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 15 more]\nACGT\n\
         printed\nno newline\n{a: 1, b: x}\n"
    );
    let long = session(&format!("dna\"{}\"", "ACGT".repeat(30)));
    assert_eq!(long.succeeded(), format!("{}… 40 more\n", "ACGT".repeat(20)));
}

#[test]
fn without_arguments_the_entries_are_read_from_the_pipe() {
    assert_eq!(Folder::new().run_with_input(&[], "6 * 7\n").succeeded(), "42\n");
    assert_eq!(Folder::new().run_with_input(&[], "").succeeded(), "");
}

#[test]
fn the_last_value_goes_on() {
    assert_eq!(session("40 + 2\n_ / 2\n_ + 1\n").succeeded(), "42\n21\n22\n");
    assert_eq!(session("[3, 1, 2]\n|> sort()\n|> len()\n").succeeded(), "[3, 1, 2]\n[1, 2, 3]\n3\n");
    assert_eq!(session("let xs = [3, 1]\n|> len()\n").succeeded(), "2\n");
    assert_eq!(session("7\nprintln(1)\n_\n").succeeded(), "7\n1\n7\n");
}

#[test]
fn an_entry_may_have_several_lines() {
    let entries = "\
fn twice(n) {
  n * 2
}
twice(4)
let total = [
  1,
  2
]
  |> sum()

total +
  1
if total > 2 {
  \"many\"
}
else {
  \"few\"
}

:time twice(
  5)
";
    let outcome = session(entries);
    let lines: Vec<_> = outcome.succeeded().lines().collect();
    assert_eq!(lines[..4], ["8", "4", "\"many\"", "10"]);
    assert!(is_elapsed(lines[4]) && is_cpu_and_memory(lines[5]) && lines.len() == 6, "{lines:?}");
    // The pipe may end inside of an entry.
    assert!(session("fn f() {\n").failed(1).contains("ParseError"));
    assert_eq!(session("let x = [\n1]\n").succeeded(), "");
}

#[test]
fn an_error_does_not_end_the_session() {
    let outcome = session("let x = 1\nx + \"a\"\nx +* 2\nundefined_name\nx + 1\n");
    assert_eq!(outcome.output, "2\n");
    let messages = outcome.failed(1);
    for expected in
        ["TypeError: cannot add Int and Str\n  at line 1, column 3 (<repl>)", "ParseError", "undefined_name"]
    {
        assert!(messages.contains(expected), "{expected}: {messages}");
    }
}

#[test]
fn functions_of_earlier_entries_can_be_called() {
    let entries = "fn f(n) { n + 1 }\nfn g(n) { f(n) * 2 }\ng(1)\nfn f(n) { n + 10 }\nf(1)\nlet f = 3\nf\n";
    assert_eq!(session(entries).succeeded(), "4\n11\n3\n");
    let failed = session("fn f(n) { n + \"a\" }\nfn g(n) { f(n) }\ng(1)\n");
    assert!(
        failed.failed(1).contains("  #0 main (<repl>:1)\n  #1 g (<repl>:1)\n  #2 f (<repl>:1)\n"),
        "{failed:?}"
    );
}

#[test]
fn decorators_and_pipelines_work_in_a_session() {
    let entries = "\
let runs = 0
@memoize
fn slow(n) { runs = runs + 1; n * 2 }

slow(2) + slow(2)
runs
fn twice(f) { |x| f(x) * 2 }
@twice
fn inc(n) { n + 1 }

inc(1)
pipeline qc { stage a -> 5
  a + 1 }

qc
pipeline scaled(n) { n * 10 }
scaled(2)
stage total -> 7
total + 1
struct P { x }
@validate
fn f(p: P) { p.x }

f(P(3))
f(4)
";
    let outcome = session(entries);
    assert_eq!(outcome.output, "8\n1\n4\n6\n20\n7\n8\n3\n");
    assert!(
        outcome.failed(1).starts_with("TypeError: f() parameter 'p' expected P, got Int\n"),
        "{outcome:?}"
    );
}

#[test]
fn help_shows_what_a_declaration_says() {
    let entries = "\
## The answer.
const ANSWER = 42
## Twice.
fn twice(n) { n * 2 }
:help ANSWER
?twice
help(\"twice\") == help(twice)
fn twice(n, m) { n }
?twice
";
    assert_eq!(
        session(entries).succeeded(),
        "const ANSWER\n\n  The answer.\nfn twice(n)\ntrue\nfn twice(n, m)\n"
    );
}

#[test]
fn time_shows_the_value_and_then_the_time() {
    let outcome = session(":time range(1, 100000) |> map(|x| x * x) |> sum()\n");
    let lines: Vec<_> = outcome.succeeded().lines().collect();
    assert_eq!(lines[0], "333328333350000");
    assert!(is_elapsed(lines[1]) && is_cpu_and_memory(lines[2]) && lines.len() == 3, "{lines:?}");
    let failed = session(":time nil + 1\n");
    assert!(failed.failed(1).starts_with("TypeError"), "{failed:?}");
    assert!(failed.output.lines().next().is_some_and(is_elapsed), "{failed:?}");
    let uncompiled = session(":time nil +* 1\n");
    assert_eq!((uncompiled.code, uncompiled.output.as_str()), (Some(1), ""));
}

#[test]
fn variables_are_listed_and_forgotten() {
    let entries =
        ":env\nlet word = \"seq\"\nlet count = 3\nlet all = range(0, 1000)\n:env\n:reset\n:env\nword\n";
    let outcome = session(entries);
    assert_eq!(
        outcome.output,
        "No user-defined variables.\n\
         User-defined variables:\n  \
           all    List  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 990 more]\n  \
           count  Int   3\n  \
           word   Str   \"seq\"\n\
         Environment reset.\n\
         No user-defined variables.\n"
    );
    assert!(outcome.failed(1).contains("undefined variable 'word'"), "{outcome:?}");
}

#[test]
fn asking_for_a_type_changes_nothing() {
    let entries = "let x = 1\nlet xs = [1]\n:type x\n:type dna\"A\"\n:type x = 2; xs = push(xs, 5); xs\nx\nxs\n:type nil + 1\n";
    let outcome = session(entries);
    assert_eq!(outcome.output, "Int\nDNA\nList\n1\n[1]\n");
    assert!(outcome.failed(1).starts_with("TypeError"), "{outcome:?}");
}

#[test]
fn help_comes_from_the_declarations() {
    let outcome = session(":help\n:help len\n?len\n:builtins\n:builtins len\n:help lenn\n:help zzzzzz\n");
    let output = outcome.succeeded();
    assert!(output.contains(":time expr"), "{output}");
    assert!(output.matches("len(").count() >= 3, "{output}");
    assert!(output.contains("Section: ") && output.contains("Did you mean len?"), "{output}");
    assert!(output.contains("Unknown function: zzzzzz. Try :builtins to browse."), "{output}");

    let own =
        session("## Twice the number.\nfn twice(n, by = 2) { n * by }\n:help twice\n?twice\nlet n = 1\n?n\n");
    assert_eq!(own.succeeded(), "fn twice(n, by = 2)\n\n  Twice the number.\nfn twice(n, by = 2)\nn: Int\n");
}

#[test]
fn a_script_can_be_loaded() {
    let folder = Folder::new();
    folder.file("defs.bl", "println(\"loading\")\nfn triple(n) { n * 3 }\n");
    folder.file("wrong.bl", "fn (");
    let outcome = folder
        .run_with_input(&["repl"], ":load defs.bl\ntriple(2)\n:load missing.bl\n:load wrong.bl\ntriple(3)\n");
    assert_eq!(outcome.output, "loading\nLoaded 'defs.bl'.\n6\n9\n");
    let messages = outcome.failed(1);
    assert!(messages.contains("Cannot read 'missing.bl': file not found: missing.bl"), "{messages}");
    assert!(messages.contains("ParseError"), "{messages}");
}

#[test]
fn past_entries_are_listed() {
    let outcome = session("let x = 1\nx\n:history 2\n:history let\n");
    assert_eq!(
        outcome.succeeded(),
        "1\n    2  x\n    3  :history 2\n    1  let x = 1\n    4  :history let\n"
    );
}

#[test]
fn the_session_ends_when_asked() {
    for command in [":quit", ":q", ":exit"] {
        assert_eq!(session(&format!("1\n{command}\n2\n")).succeeded(), "1\n");
    }
    let exit = session("print(\"bye\")\nexit(7)\n2\n");
    assert_eq!((exit.failed(7), exit.output.as_str()), ("", "bye\n"));
}

#[test]
fn an_unknown_command_is_named() {
    let outcome = session(":x\n1\n:time\n");
    assert_eq!(outcome.failed(1), "Unknown command: :x. Type :help for help.\nUsage: :time expression\n");
    assert_eq!(outcome.output, "1\n");
}

#[cfg(unix)]
#[test]
fn the_output_of_an_entry_comes_before_its_error() {
    let mut command = std::process::Command::new("sh");
    let script = "printf 'print(\"a\"); nil + 1\\nprintln(\"b\")\\n' | \"$0\" repl 2>&1";
    command.args(["-c", script, env!("CARGO_BIN_EXE_biovm")]);
    let together = crate::support::finish(command, b"");
    assert!(
        together.output.starts_with("a\nTypeError: ") && together.output.ends_with("\nb\n"),
        "{together:?}"
    );
}

#[test]
fn a_line_that_is_not_text_is_an_error() {
    let outcome = Folder::new().run_with_input(&["repl"], b"1\n\"\xff\"\n2\n");
    assert_eq!(outcome.output, "1\n2\n");
    assert!(outcome.failed(1).contains("not UTF-8 text from its byte offset 1 on"), "{outcome:?}");
}

#[test]
fn structs_of_earlier_entries_are_known_to_patterns_and_impl() {
    let entries = "\
struct Point { x, y = 5 }
enum Shape { Circle(r), Unit }
let p = Point(1)
match p { Point {x, y} => x + y, _ => nil }
match p { Point(q) => q.y, _ => nil }
match Circle(3) { Unit => 0, Circle(r) => r }
match Unit { Shape.Circle(r) => r, Shape.Unit => \"unit\" }
impl Point { fn sum(self) { self.x + self.y } }
impl Shape { fn name(self) { \"shape\" } }
p.sum()
Unit.name()
fn kind(v) { match v { Point(_) => \"point\", Circle(_) => \"circle\", _ => \"other\" } }
[p, Circle(1), 5] |> map(kind)
with p { x * 100 + y |> println() }
";
    let expected = "6\n5\n3\n\"unit\"\n6\n\"shape\"\n[point, circle, other]\n105\n";
    assert_eq!(session(entries).succeeded(), expected);
}

#[test]
fn a_name_that_was_declared_again_is_no_struct_any_more() {
    let outcome = session("struct Point { x }\nlet Point = 5\nmatch 1 { Point(_) => 1, _ => 2 }\n");
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.messages.contains("'Point' is no type and no variant of an enum"),
        "{}",
        outcome.messages
    );
    let again = "struct P { x }\nlet p = P(1)\nstruct P { y }\nmatch P(2) { P {y} => y, _ => nil }\nmatch p { P(_) => 1, _ => 0 }\n:reset\nmatch 1 { P(_) => 1, _ => 2 }\n";
    let outcome = session(again);
    assert!(outcome.output.starts_with("2\n0\n"), "{}", outcome.output);
    assert!(outcome.messages.contains("'P' is no type"), "{}", outcome.messages);
}
