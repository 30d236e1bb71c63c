//! `--stats`: what a run took, in a line at its end.

use crate::support::{Folder, ends_within, start};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command};
use std::time::Duration;

const READS: &str = "@a\nACGT\n+\nIIII\n@b\nGGTT\n+\nIIII\n@c\nAC\n+\nII\n";

/// The parts of a line of `--stats`, by their names.
#[track_caller]
fn parts(line: &str) -> Vec<(String, String)> {
    let part = |part: &str| {
        let (name, value) = part.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        (name.to_owned(), value.to_owned())
    };
    line.split("  ").map(part).collect()
}

fn names(line: &str) -> Vec<String> {
    parts(line).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_run_says_what_it_took() {
    let folder = Folder::new();
    folder.file("r.fq", READS);
    folder.file("s.bl", "println(read_fastq(\"r.fq\") |> len())\n");
    let outcome = folder.run(&["run", "--stats", "s.bl"]);
    assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "3\n"));
    let found = parts(outcome.messages.trim_end());
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Wall", "CPU", "Peak memory", "Records", "Read"]);
    assert_eq!(found[3].1, "3");
    assert_eq!(found[4].1, format!("{} bytes", READS.len()));
    assert!(found[2].1.ends_with(" MB"), "{found:?}");

    folder.run(&["compile", "s.bl"]);
    let executed = folder.run(&["exec", "--stats", "s.blc"]);
    assert_eq!(names_of(&executed.messages), names);
    // With nothing read, nothing is said about it.
    let nothing = folder.run(&["run", "--stats", "-e", "1"]);
    assert_eq!(names_of(&nothing.messages), ["Wall", "CPU", "Peak memory"]);
}

fn names_of(messages: &str) -> Vec<String> {
    messages.lines().last().map(names).unwrap_or_default()
}

#[test]
fn all_ways_of_reading_count() {
    let folder = Folder::new();
    folder.file("r.fq", READS);
    folder.file("g.fa", ">a\nACGT\n>b\nGG\n");
    for (code, records) in [
        ("stream_fastq(\"r.fq\", |r| r.length)", 3),
        ("stream_fastq(\"r.fq\") |> count()", 3),
        ("stream_fastq_pairs(\"r.fq\", \"r.fq\") |> count()", 6),
        ("read_fasta(\"g.fa\")", 2),
        ("for r in fasta(\"g.fa\") { r.id }", 2),
        ("read_fastq(\"r.fq\"); read_fasta(\"g.fa\")", 5),
    ] {
        let outcome = folder.run(&["run", "--stats=json", "-e", code]);
        assert_eq!(outcome.code, Some(0), "{code}: {outcome:?}");
        assert!(outcome.messages.contains(&format!("\"records\":{records},")), "{code}: {outcome:?}");
    }
}

#[test]
fn json_is_for_programs() {
    let outcome = Folder::new().run(&["run", "--stats=json", "-e", "1"]);
    let line = outcome.messages.trim_end();
    let stats: serde_json::Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert!(stats["wall_seconds"].as_f64().is_some_and(|seconds| seconds >= 0.0), "{line}");
    assert!(stats["peak_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20), "{line}");
    assert_eq!((&stats["records"], &stats["bytes_read"]), (&0.into(), &0.into()));
    assert_eq!(Folder::new().run(&["run", "--stats=xml", "-e", "1"]).code, Some(2));
}

#[test]
fn a_run_that_fails_says_it_too() {
    let folder = Folder::new();
    let failed = folder.run(&["run", "--stats", "-e", "1 / 0"]);
    assert!(failed.failed(1).starts_with("DivisionByZero: "), "{failed:?}");
    assert_eq!(names_of(&failed.messages), ["Wall", "CPU", "Peak memory"]);
    let left = folder.run(&["run", "--stats", "-e", "exit(3)"]);
    assert_eq!(names_of(left.failed(3)), ["Wall", "CPU", "Peak memory"]);
    let limited = folder.run(&["run", "--stats", "--timeout=50ms", "-e", "while true { 1 }"]);
    assert_eq!(names_of(limited.failed(1)), ["Wall", "CPU", "Peak memory"], "{limited:?}");
    // What never ran took nothing.
    let wrong = folder.run(&["run", "--stats", "-e", "1 +* 2"]);
    assert!(!wrong.failed(1).contains("Wall: "), "{wrong:?}");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_says_it_too() {
    let folder = Folder::new();
    // It prints more than a buffer holds, so its first line shows that it runs.
    let code = "for i in range(0, 100000) { println(\"a line\") }; while true { 1 }";
    let (child, output) = started(&folder, code);
    let reader = std::thread::spawn(move || output.lines().map_while(Result::ok).count());
    interrupted_with_stats(child);
    assert!(reader.join().is_ok());

    // This one waits for ever for a reader of its output.
    let (child, output) = started(&folder, "while true { println(\"a line\") }");
    interrupted_with_stats(child);
    drop(output);
}

#[cfg(unix)]
fn started(folder: &Folder, code: &str) -> (Child, BufReader<ChildStdout>) {
    let mut child = start(folder.command(&["run", "--stats", "-e", code]));
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("UTF-8");
    assert_eq!(line, "a line\n");
    (child, output)
}

#[cfg(unix)]
fn interrupted_with_stats(child: Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill starts").success());
    let (ended, messages) = ends_within(child, Duration::from_secs(60));
    assert_eq!(ended, Some(130), "{messages}");
    assert_eq!(names_of(&messages), ["Wall", "CPU", "Peak memory"]);
    assert_eq!(messages.lines().count(), 1, "{messages}");
}
