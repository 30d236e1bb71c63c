//! The commands of the session.

use crate::scripts::{is_cpu_and_memory, is_elapsed};
use crate::support::{Folder, Outcome};

fn session(entries: &str) -> Outcome {
    Folder::new().run_with_input(&["repl"], entries)
}

#[track_caller]
fn shown(entries: &str) -> String {
    session(entries).succeeded().to_owned()
}

#[test]
fn commands_have_short_names() {
    assert_eq!(shown(":h\n"), shown(":help\n"));
    assert_eq!(shown(":fns len\n"), shown(":builtins len\n"));
    assert_eq!(shown(":cls\n:clear\n"), "");
    assert_eq!(shown("  :type 1\n"), "Int\n");
    for command in [":q", ":quit", ":exit"] {
        assert_eq!(shown(&format!("{command}\n1\n")), "");
    }
}

#[test]
fn help_is_about_everything_with_a_name() {
    let entries =
        "## Adds.\n## Twice.\nfn add(a, b = 2, ...r) { a }\n:help add\n:help len\n:help nothing_like_it\n";
    let output = shown(entries);
    assert!(output.contains("add(a, b = 2, ...r)\n\n  Adds.\n  Twice.\n"), "{output}");
    assert!(output.contains("len(") && output.contains("Section: "), "{output}");
    assert!(output.ends_with("Unknown function: nothing_like_it. Try :builtins to browse.\n"), "{output}");
    assert_eq!(shown("?mean\n").lines().count(), 1);
    assert!(shown("?mean\n").contains("[Statistics]"));
    assert_eq!(shown("?no_such\n"), "Unknown function: no_such. Try :builtins to browse.\n");
}

#[test]
fn time_shows_value_and_seconds() {
    for (entry, first) in
        [(":time 1 + 1", Some("2")), (":time nil", None), (":time 5;", None), (":time \"a\"", Some("\"a\""))]
    {
        let output = shown(&format!("{entry}\n"));
        let lines: Vec<_> = output.lines().collect();
        let [values @ .., elapsed, others] = lines.as_slice() else { panic!("{entry}: {output}") };
        assert!(is_elapsed(elapsed) && is_cpu_and_memory(others), "{entry}: {output}");
        assert_eq!(values.first().copied(), first, "{entry}");
    }
    // The result goes on, and a pipe may begin what is timed.
    let output = shown(":time [2, 1]\n:time |> sort()\n_\n");
    let is_time = |line: &str| is_elapsed(line) || is_cpu_and_memory(line);
    let values: Vec<_> = output.lines().filter(|line| !is_time(line)).collect();
    assert_eq!(values, ["[2, 1]", "[1, 2]", "[1, 2]"]);
    // Also on an error, but not where nothing has run.
    let failed = session(":time 1 / 0\n:time 1 +* 2\n");
    assert_eq!(failed.output.lines().filter(|line| is_elapsed(line)).count(), 1, "{failed:?}");
    assert!(failed.failed(1).starts_with("DivisionByZero: division by zero\n"), "{failed:?}");
}

#[test]
fn type_names_a_type_without_effects() {
    assert_eq!(
        shown(":type 1\n:type 1.5\n:type \"a\"\n:type [1]\n:type nil\n:type {a: 1}\n:type len\n"),
        "Int\nFloat\nStr\nList\nNil\nRecord\nFunction\n"
    );
    assert_eq!(
        shown("let x = 1\n:type { x = \"a\"; x }\nx\n:type let y = 1\n:env\n").lines().nth(1),
        Some("1")
    );
    assert!(session(":type\n").failed(1).contains("Usage: :type expression"));
    assert!(session(":type 1 / 0\n").failed(1).starts_with("DivisionByZero"));
}

#[test]
fn env_lists_variables_by_name() {
    let entries = "let b = \"text\"\nlet a = 1.0\nconst C = [1]\nfn f() { 1 }\n:env\n";
    assert_eq!(
        shown(entries),
        "User-defined variables:\n  C  List      [1]\n  a  Float     1.0\n  b  Str       \"text\"\n  f  Function  <fn f>\n"
    );
    assert_eq!(shown(":env\n"), "No user-defined variables.\n");
    assert_eq!(
        shown("let x = 1\nlet x = 2\n:reset\n:env\n"),
        "Environment reset.\nNo user-defined variables.\n"
    );
}

#[test]
fn builtins_are_listed_by_section() {
    let all = shown(":builtins\n");
    assert!(
        all.contains("Statistics (") && all.contains("Lists (") || all.contains("Collections ("),
        "{all}"
    );
    let some = shown(":builtins median\n");
    assert!(some.starts_with("Statistics\n  ") && some.contains("median("), "{some}");
    assert_eq!(shown(":builtins zzzz\n"), "No builtins match 'zzzz'.\n");
}

#[test]
fn history_lists_entries() {
    let twenty_five: String = (1..=25).map(|n| format!("let v{n} = {n}\n")).collect();
    let output = shown(&format!("{twenty_five}:history\n"));
    assert_eq!(output.lines().count(), 20);
    assert_eq!(output.lines().next(), Some("    7  let v7 = 7"));
    assert_eq!(shown("let a = 1\n\nlet b = 2\n:history 2\n"), "    2  let b = 2\n    3  :history 2\n");
    assert_eq!(shown("let a = 1\nlet b = 2\n:history b =\n"), "    2  let b = 2\n    3  :history b =\n");
}

#[test]
fn a_session_can_be_saved_as_a_script() {
    let folder = Folder::new();
    let entries =
        "let x = 2\nfn f(n) {\n  n * x\n}\n\n:type x\nprintln(f(4))\n:save session.bl\n:save notes.txt\n";
    let outcome = folder.run_with_input(&["repl"], entries);
    assert_eq!(
        outcome.succeeded(),
        "Int\n8\nSaved 3 inputs to 'session.bl'\nSaved 3 inputs to 'notes.txt'\n"
    );
    assert_eq!(folder.read("session.bl"), b"let x = 2\nfn f(n) {\n  n * x\n}\nprintln(f(4))\n");
    assert_eq!(folder.run(&["run", "session.bl"]).succeeded(), "8\n");
    assert_eq!(folder.read("notes.txt"), folder.read("session.bl"));
    assert_eq!(
        folder.run_with_input(&["repl"], "1\n:save one.bl\n").succeeded(),
        "1\nSaved 1 input to 'one.bl'\n"
    );
    let failed = folder.run_with_input(&["repl"], "1\n:save no/such/folder.bl\n:save\n");
    let messages = failed.failed(1);
    assert!(messages.contains("Cannot write 'no/such/folder.bl': "), "{messages}");
    assert!(messages.contains("Usage: :save file"), "{messages}");
}

#[test]
fn a_saved_session_does_the_same_again() {
    let folder = Folder::new();
    folder.file("loaded.bl", "fn thrice(x) { x * 3 }\n");
    let entries = "1 + 2\n_ * 10\nlet xs = [3, 1]\n|> sort()\n|> len()\nxs\nnope\n:load loaded.bl\n:time let y = thrice(5)\n\
                   :time 1 + 1\n:profile 6 * 7\n_ + y\n:save again.bl\n";
    folder.run_with_input(&["repl"], entries).failed(1);
    let expected = "let _ = 1 + 2\n_ * 10\nlet xs = [3, 1]\nlet _ = xs |> sort()\n_ |> len()\nxs\n# nope\n\
                    fn thrice(x) { x * 3 }\n\nlet y = thrice(5)\nlet _ = 6 * 7\n_ + y\n";
    assert_eq!(String::from_utf8_lossy(&folder.read("again.bl")), expected);
    let again = folder.run_with_input(&["repl"], ":load again.bl\n[y, xs]\n");
    assert_eq!(again.succeeded(), "Loaded 'again.bl'.\n[15, [3, 1]]\n");
}

#[test]
fn the_last_result_can_be_saved_as_data() {
    let folder = Folder::new();
    let entries = "let reads = [{id: \"a\", seq: dna\"ACGT\"}]\n:save reads.fasta\n[{id: \"b\", seq: dna\"GG\"}]\n:save b.fa\n";
    let outcome = folder.run_with_input(&["repl"], entries);
    assert_eq!(
        outcome.succeeded(),
        "Saved the last result to 'reads.fasta'\n[{id: b, seq: DNA(GG)}]\nSaved the last result to 'b.fa'\n"
    );
    assert_eq!(folder.read("reads.fasta"), b">a\nACGT\n");
    assert_eq!(folder.read("b.fa"), b">b\nGG\n");
    let failed = folder.run_with_input(&["repl"], ":save x.fasta\n5\n:save y.fasta\n");
    let messages = failed.failed(1);
    assert!(messages.starts_with("There is no result to save yet.\nTypeError: "), "{messages}");
    assert!(!folder.names().contains(&"y.fasta".to_owned()));
}

#[test]
fn the_last_result_can_be_plotted() {
    let outcome = shown("[0, 1, 1, 2]\n:plot 2\n");
    assert_eq!(
        outcome,
        format!("[0, 1, 1, 2]\n  0 - 1  {:40}  1\n  1 - 2  {}  3\n", "#".repeat(14), "#".repeat(40))
    );
    assert_eq!(shown("let xs = range(0, 100)\n:plot\n").lines().count(), 10);
    let failed = session(":plot\n\"text\"\n:plot\n[1]\n:plot 0\n");
    assert_eq!(
        failed.failed(1),
        "There is no result to plot yet.\nCannot plot a Str: a list of numbers is needed.\n\
         Usage: :plot [bins], where bins is a number from 1 to 100\n"
    );
}

#[test]
fn there_are_no_plugins_yet() {
    assert_eq!(shown(":plugins\n"), "No plugins installed.\n");
}

#[test]
fn what_is_no_command_is_named() {
    let outcome = session(":nope 1\n1\n");
    assert_eq!(outcome.failed(1), "Unknown command: :nope. Type :help for help.\n");
    assert_eq!(outcome.output, "1\n");
    assert_eq!(session(":\n").failed(1), "Unknown command: :. Type :help for help.\n");
}

#[test]
fn a_saved_session_can_be_loaded_again() {
    let folder = Folder::new();
    let entries = "\
struct Read { id, length }
let reads = [Read(\"a\", 100),
  Read(\"b\", 60)]

## The longer ones.
fn long(reads) {
  reads |> filter(|r| r.length > 80)
}

[3, 1, 2]
|> sort()
:time len(reads)
:save session.bl
";
    assert_eq!(folder.run_with_input(&["repl"], entries).code, Some(0));
    let again = ":load session.bl\nlong(reads) |> map(|r| r.id)\n:help long\nRead(\"c\", 1).length\n";
    assert_eq!(
        folder.run_with_input(&["repl"], again).succeeded(),
        "Loaded 'session.bl'.\n[a]\nfn long(reads)\n\n  The longer ones.\n1\n"
    );
}

#[test]
fn instructions_and_trees_are_listed_without_running() {
    let output = shown("let n = 2\nfn twice(x) { x * n }\n:disasm twice\n");
    assert!(output.contains("twice(x)") && output.contains("; 1: fn twice(x) { x * n }"), "{output}");
    assert!(output.contains("Multiply"), "{output}");
    let output = shown(":disasm println(\"never\") |> map(|x| x)\n");
    assert!(output.contains("CallNative") && output.contains("function 0: top level"), "{output}");
    assert!(!output.starts_with("never"), "{output}");
    assert_eq!(shown(":ast 1 + 2\n"), "+  1:1-1:6\n  1  1:1-1:2\n  2  1:5-1:6\n");
    let failed = session(":disasm len\n:disasm 1 +* 2\n:disasm\n:ast (1\n\n");
    let messages = failed.failed(1);
    assert!(messages.starts_with("len is a builtin: it has no instructions.\nParseError"), "{messages}");
    assert!(messages.contains("Usage: :disasm expression or name\n"), "{messages}");
    assert_eq!(messages.matches("ParseError").count(), 2, "{messages}");
}

#[test]
fn memory_is_shown_for_each_variable() {
    let entries = "let a = range(0, 1000) |> map(|x| x + 0.5)\nlet b = [a, a]\nlet c = 1\n:vars\n:mem\n";
    let output = shown(entries);
    let lines: Vec<_> = output.lines().collect();
    assert!(lines[0].starts_with("  a  List   15.") && lines[0].contains(" KB  [0.5, 1.5, "), "{output}");
    // Its items are those of `a`, which are counted there.
    assert!(lines[1].starts_with("  b  List") && lines[1].contains(" bytes  [["), "{output}");
    assert!(lines[2].starts_with("  c  Int ") && lines[2].ends_with("  0 bytes  1"), "{output}");
    assert!(
        lines[3].starts_with("Together 1") && lines[3].ends_with("counted for the first one."),
        "{output}"
    );
    assert!(lines[4].starts_with("Process: ") && lines[4].ends_with(" at its peak"), "{output}");
    assert!(lines[5].starts_with("Values:  1") && lines[5].contains(" in 3 variables, "), "{output}");
    assert_eq!(shown(":vars\n"), "No user-defined variables.\n");
}

#[test]
fn the_number_of_workers_can_be_set() {
    let output = shown(":workers 1\n:workers\n:workers 4\n:workers\n");
    assert_eq!(
        output,
        "Parallel work uses 1 thread.\nParallel work uses 1 thread.\n\
         Parallel work uses up to 4 threads.\nParallel work uses up to 4 threads.\n"
    );
    for wrong in ["0", "-1", "many", "99999"] {
        let failed = session(&format!(":workers {wrong}\n"));
        assert_eq!(failed.failed(1), "Usage: :workers [number], where number is from 1 to 1024\n");
    }
}

#[test]
fn bench_shows_times_and_no_output() {
    let output = shown("let n = 5\n:bench println(\"once\"); n + 1\nn\n");
    let lines: Vec<_> = output.lines().collect();
    assert!(lines[0].starts_with("Median ") && lines[0].contains(", half of the runs between "), "{output}");
    assert!(lines[1].contains(" runs, and ") && lines[1].ends_with(" before them to warm up"), "{output}");
    assert_eq!(lines[2..], ["5"]);
    let failed = session(":bench 1 / 0\n:bench\nprintln(\"heard\")\n");
    assert_eq!(failed.failed(1).matches("DivisionByZero").count(), 1, "{failed:?}");
    assert!(failed.messages.contains("Usage: :bench expression"), "{failed:?}");
    assert_eq!(failed.output, "heard\n");
}

#[test]
fn streams_are_not_read_to_be_shown() {
    let folder = Folder::new();
    folder.file("r.fq", "@a\nAC\n+\nII\n@b\nGT\n+\nII\n");
    let entries = "let s = stream_fastq(\"r.fq\")\ns\n:env\n:vars\n:type s\ns |> count()\n";
    let outcome = folder.run_with_input(&["repl"], entries);
    assert!(outcome.succeeded().starts_with("<stream "), "{outcome:?}");
    assert!(outcome.output.ends_with("\nStream\n2\n"), "{outcome:?}");
}

#[test]
fn doc_is_help() {
    assert_eq!(shown(":doc len\n"), shown(":help len\n"));
    assert!(session(":doc\n").failed(1).contains("Usage: :doc name"));
}
