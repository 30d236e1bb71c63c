//! Long files: what is shown while reading takes its time.

use crate::support::{Folder, ends_within, start};
use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

/// Runs a script that waits for its input for more than two seconds. Its messages.
fn slow_messages(options: &[&str]) -> String {
    let folder = Folder::new();
    // Standard input is read in blocks, so a few reads would all come at its end.
    let read = "@r\nACGT\n+\nIIII\n".repeat(50_000);
    let script = "println(stream_fastq(\"-\", |read| read.length))";
    let mut child = start(folder.command(&[options, &["-e", script]].concat()));
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(read.as_bytes()).expect("the child reads");
    sleep(Duration::from_millis(2_500));
    input.write_all(read.as_bytes()).expect("the child reads");
    drop(input);
    let (code, messages) = ends_within(child, Duration::from_secs(20));
    assert_eq!(code, Some(0), "{messages}");
    messages
}

#[test]
fn progress_is_for_terminals() {
    assert_eq!(slow_messages(&[]), "");
    assert_eq!(slow_messages(&["--progress", "never"]), "");
    let lines = slow_messages(&["--progress", "always"]);
    assert!(lines.starts_with("-: ") && lines.contains(" records, "), "{lines:?}");
}

#[test]
fn what_is_quick_shows_no_progress() {
    let folder = Folder::new();
    folder.file("one.fq", "@r\nACGT\n+\nIIII\n");
    let outcome = folder.run(&["--progress=always", "-e", "println(read_fastq(\"one.fq\") |> len())"]);
    assert_eq!(outcome.succeeded(), "1\n");
}
