//! Limits, where a process or a session comes in. Limits of scripts are in `tests/command/limits`.
#![cfg(unix)]

use crate::support::{Folder, ends_within, start};
use std::process::Command;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn what_waits_for_input_is_ended() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path().join("reads.fq")).status();
    assert!(made.expect("mkfifo runs").success());
    let code = "println(\"before\")\nprintln(len(read_fastq(\"reads.fq\")))";
    let mut child = start(folder.command(&["--timeout", "100ms", "-e", code]));
    let output = child.stdout.take();
    let (code, messages) = ends_within(child, SOON);
    assert_eq!(code, Some(1));
    // It cannot be asked where it is.
    assert_eq!(messages, "LimitError: the script ran longer than 100ms\n  hint: --timeout sets the limit\n");
    let printed = std::io::read_to_string(output.expect("a pipe")).expect("UTF-8");
    assert_eq!(printed, "before\n");
}

#[test]
fn what_nobody_reads_from_is_ended() {
    let folder = Folder::new();
    let child = start(folder.command(&["--timeout=100ms", "-e", "while true { println(\"line\") }"]));
    let (code, messages) = ends_within(child, SOON);
    assert_eq!(code, Some(1));
    assert!(messages.starts_with("LimitError: the script ran longer than 100ms\n"), "{messages}");
}

#[test]
fn each_entry_of_a_session_begins_anew() {
    let folder = Folder::new();
    let spin = "let i = 0\nwhile i < 60 { i += 1 }\nlet j = 0\nwhile j < 60 { j += 1 }\n";
    let endless = "while true { }\ni + j\n";
    let outcome = folder.run_with_input(&["repl", "--max-steps=100"], format!("{spin}{endless}"));
    assert_eq!(outcome.output, "120\n", "{outcome:?}");
    assert_eq!(outcome.failed(1).matches("LimitError: the script took more than 100 steps").count(), 1);

    let outcome = folder.run_with_input(&["repl", "--timeout=100ms"], "let x = 7\nwhile true { }\nx\n");
    assert_eq!(outcome.output, "7\n", "{outcome:?}");
    assert!(outcome.failed(1).contains("LimitError: the script ran longer than 100ms"), "{outcome:?}");

    let hoard = "let x = 7\nlet s = \"ab\"\nwhile true { s = s + s }\nx\nlen(s) > 1000\n";
    let outcome = folder.run_with_input(&["repl", "--max-memory=100M"], hoard);
    // What was to grow is still there.
    assert_eq!(outcome.output, "7\ntrue\n", "{outcome:?}");
    assert!(outcome.failed(1).contains("LimitError: the script needs more than 100 MB"), "{outcome:?}");
}

/// A builtin that fills memory without looking around cannot fill all of it.
#[test]
fn memory_never_exceeds_its_limit_by_much() {
    let folder = Folder::new();
    for code in [
        "let big = repeat(\"ab\", 30000000)\nlet bigger = replace(big, \"a\", repeat(\"x\", 1000))",
        "let xs = range(0, 100000) |> map(|x| x * 1.5)\nlet all = map(range(0, 100000), |i| xs ++ [i])",
        "par_map(range(0, 100000), |i| repeat(\"ab\", 1000000) + str(i))",
    ] {
        let script = folder.file("hoard.bl", code);
        let started = Instant::now();
        // The most that the process ever held, in KB.
        let run = format!(
            "ulimit -v 4000000; exec '{}' run --max-memory=200M '{}'",
            env!("CARGO_BIN_EXE_biovm"),
            script.display()
        );
        let mut command = Command::new("sh");
        command.args(["-c", &run]);
        let outcome = crate::support::finish(command, b"");
        assert!(
            outcome.failed(1).starts_with("LimitError: the script needs more than 200 MB"),
            "{outcome:?}"
        );
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    }
}

#[test]
fn bytecode_runs_under_limits_too() {
    let folder = Folder::new();
    folder.file("endless.bl", "while true { }\n");
    folder.run(&["compile", "endless.bl"]).succeeded();
    let outcome = folder.run(&["exec", "--max-steps=1000", "endless.blc"]);
    assert!(
        outcome.failed(1).starts_with("LimitError: the script took more than 1000 steps\n"),
        "{outcome:?}"
    );
    let outcome = folder.run(&["exec", "--timeout=50ms", "endless.blc"]);
    assert!(outcome.failed(1).starts_with("LimitError: the script ran longer than 50ms\n"), "{outcome:?}");
}

#[test]
fn limits_that_are_none_are_refused() {
    let folder = Folder::new();
    for words in [
        ["--timeout=soon", "-e", "1"],
        ["--timeout=0", "-e", "1"],
        ["--max-memory=0", "-e", "1"],
        ["--max-memory=much", "-e", "1"],
        ["--max-steps=-1", "-e", "1"],
    ] {
        folder.run(&words).failed(2);
    }
}
