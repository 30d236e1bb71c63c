//! Scripts that run.

use crate::support::{Folder, ends_within, start};
use std::io::{BufRead, BufReader};
use std::time::Duration;

#[test]
fn a_script_runs_from_a_file_from_standard_input_and_from_the_command_line() {
    let folder = Folder::new();
    let script = "#!/usr/bin/env biovm\nprintln(\"reads: \" + str(6 * 7))\n";
    folder.file("qc.bl", script);
    let expected = "reads: 42\n";
    assert_eq!(folder.run(&["run", "qc.bl"]).succeeded(), expected);
    assert_eq!(folder.run_with_input(&["run", "-"], script).succeeded(), expected);
    assert_eq!(folder.run(&["run", "-e", script]).succeeded(), expected);
    assert_eq!(folder.run(&["-e", script]).succeeded(), expected);
}

#[test]
fn an_empty_script_prints_nothing() {
    let folder = Folder::new();
    folder.file("empty.bl", "");
    folder.file("comment.bl", "\u{feff}# nothing to do");
    assert_eq!(folder.run(&["run", "empty.bl"]).succeeded(), "");
    assert_eq!(folder.run(&["run", "comment.bl"]).succeeded(), "");
    assert_eq!(folder.run(&["-e", "1 + 1"]).succeeded(), "", "values are only for sessions");
}

#[test]
fn arguments_reach_the_script() {
    let folder = Folder::new();
    folder.file("args.bl", "println(args())\nprintln(len(args()))");
    let words = ["run", "args.bl", "sample.fq", "--time", "-e", "--", "-h", "ü n"];
    assert_eq!(folder.run(&words).succeeded(), "[sample.fq, --time, -e, --, -h, ü n]\n6\n");
    assert_eq!(folder.run(&["run", "args.bl"]).succeeded(), "[]\n0\n");
    assert_eq!(folder.run(&["-e", "println(args())", "a", "-b"]).succeeded(), "[a, -b]\n");
    assert_eq!(folder.run_with_input(&["run", "-", "-x", "y"], "println(args())").succeeded(), "[-x, y]\n");
}

#[test]
fn the_last_line_is_ended_and_printed_before_the_error() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["-e", "print(\"no newline\")"]).succeeded(), "no newline\n");
    let outcome = folder.run(&["-e", "print(\"half\")\nnil + 1"]);
    assert!(outcome.failed(1).starts_with("TypeError: "), "{outcome:?}");
    assert_eq!(outcome.output, "half\n");
}

#[cfg(unix)]
#[test]
fn in_one_pipe_the_order_is_the_order_of_events() {
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "\"$0\" -e 'print(\"half\"); nil + 1' 2>&1", env!("CARGO_BIN_EXE_biovm")]);
    let together = crate::support::finish(command, b"");
    assert!(together.output.starts_with("half\nTypeError: "), "{together:?}");
}

#[test]
fn the_exit_code_is_the_scripts_choice() {
    let folder = Folder::new();
    let outcome = folder.run(&["-e", "println(\"bye\")\nif true { exit(3) }\nprintln(\"never\")"]);
    assert_eq!((outcome.failed(3), outcome.output.as_str()), ("", "bye\n"));
    assert_eq!(folder.run(&["-e", "exit(0)"]).succeeded(), "");
}

#[test]
fn the_time_goes_to_standard_error() {
    let folder = Folder::new();
    for words in [&["run", "--time", "-e", "println(1)"][..], &["--time", "-e", "println(1)"]] {
        let outcome = folder.run(words);
        assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "1\n"));
        assert!(is_elapsed(outcome.messages.trim_end_matches('\n')), "{outcome:?}");
    }
    let failed = folder.run(&["run", "--time", "-e", "nil + 1"]);
    assert!(failed.failed(1).lines().last().is_some_and(is_elapsed), "{failed:?}");
}

/// `Elapsed: \d+\.\d{3}s`
pub fn is_elapsed(line: &str) -> bool {
    line.strip_prefix("Elapsed: ").is_some_and(is_time)
}

/// `CPU: \d+\.\d{3}s  Peak memory: .*B`
pub fn is_cpu_and_memory(line: &str) -> bool {
    let parts = line.strip_prefix("CPU: ").and_then(|rest| rest.split_once("  Peak memory: "));
    parts.is_some_and(|(time, memory)| is_time(time) && memory.ends_with('B'))
}

/// `\d+\.\d{3}s`
fn is_time(text: &str) -> bool {
    text.strip_suffix('s').and_then(|number| number.split_once('.')).is_some_and(|(seconds, thousandths)| {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_digits(seconds) && is_digits(thousandths) && thousandths.len() == 3
    })
}

#[test]
fn the_depth_of_calls_can_be_limited() {
    let folder = Folder::new();
    folder.file("deep.bl", "fn down(n) { if n == 0 { 0 } else { 1 + down(n - 1) } }\nprintln(down(5000))");
    assert_eq!(folder.run(&["run", "deep.bl"]).succeeded(), "5000\n");
    let outcome = folder.run(&["--max-depth", "100", "run", "deep.bl"]);
    let report = outcome.failed(1);
    assert!(report.starts_with("RecursionError: "), "{report}");
    assert!(report.contains(" more calls ...\n"), "{report}");
    assert!(report.lines().filter(|line| line.starts_with("  #")).count() <= 20, "{report}");
}

#[test]
fn a_closed_pipe_ends_the_script_quietly() {
    let folder = Folder::new();
    folder.file("endless.bl", "let n = 0\nwhile true {\n  println(\"line \" + str(n))\n  n = n + 1\n}");
    folder.file("long.bl", "let x = 1\n".repeat(20_000));
    for words in
        [&["run", "endless.bl"][..], &["disasm", "long.bl"], &["ast", "long.bl"], &["tokens", "long.bl"]]
    {
        let mut child = start(folder.command(words));
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        reader.read_line(&mut line).expect("UTF-8");
        assert!(!line.is_empty(), "{words:?}");
        drop(reader);
        let (code, messages) = ends_within(child, Duration::from_secs(20));
        assert_eq!((code, messages.as_str()), (Some(0), ""), "{words:?}");
    }
}

#[test]
fn deeply_nested_values_do_not_overflow_the_stack() {
    let folder = Folder::new();
    let script = "let x = []\nfor i in range(0, 100000) { x = [x] }\nprintln(len(str(x)))\nprintln(x == [x])";
    folder.file("nested.bl", script);
    assert_eq!(folder.run(&["run", "nested.bl"]).succeeded(), "200002\nfalse\n");
}

#[test]
fn check_says_nothing_about_good_scripts() {
    let folder = Folder::new();
    folder.file("good.bl", "println(1)");
    folder.file("bad.bl", "let x = (1 +");
    folder.file("worse.bl", "println(undefined_name)");
    assert_eq!(folder.run(&["check", "good.bl"]).succeeded(), "");
    let outcome = folder.run(&["check", "bad.bl", "good.bl", "worse.bl", "missing.bl"]);
    let messages = outcome.failed(1);
    for expected in ["bad.bl", "worse.bl", "undefined_name", "file not found: missing.bl"] {
        assert!(messages.contains(expected), "{messages}");
    }
    assert_eq!(outcome.output, "");
}

#[test]
fn the_stages_can_be_looked_at() {
    let folder = Folder::new();
    folder.file("sum.bl", "let total = 1 + 2\nprintln(total)");
    for command in ["tokens", "ast", "disasm"] {
        let outcome = folder.run(&[command, "sum.bl"]);
        assert!(outcome.succeeded().contains("total"), "{command}: {outcome:?}");
        let piped = folder.run_with_input(&[command, "-"], "let total = 3");
        assert!(piped.succeeded().contains("total"), "{command}: {piped:?}");
        let wrong = folder.run_with_input(&[command, "-"], "let x = \"abc");
        assert!(wrong.failed(1).contains("SyntaxError"), "{command}: {wrong:?}");
    }
}
