//! Long files: what is left behind when writing is killed, and what is shown while reading takes its time.

use crate::support::{Folder, ends_within, start};
use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Writes reads without end.
const ENDLESS: &str = "fn* reads() { while true { yield {id: \"r\", seq: \"ACGTACGTACGTACGT\", quality: \"IIIIIIIIIIIIIIII\"} } }";

#[cfg(unix)]
#[test]
fn what_is_killed_leaves_nothing_under_the_name() {
    for name in ["out.fq", "out.fq.gz", "out.fq.zst"] {
        let folder = Folder::new();
        folder.file("old.fq", "as it was");
        for target in [name, "old.fq"] {
            let script = format!("{ENDLESS}\nreads() |> write_fastq(\"{target}\")");
            let mut child = start(folder.command(&["-e", &script]));
            let begun = Instant::now();
            // Once a part of it is on the disk. zstd makes so little of such reads that they stay in memory.
            let least = if target.ends_with(".zst") { 0 } else { 1_000 };
            while !folder.path().read_dir().expect("the folder").flatten().any(|entry| {
                let is_new = !["old.fq", name].iter().any(|known| entry.file_name() == *known);
                is_new && entry.metadata().is_ok_and(|metadata| metadata.len() >= least)
            }) {
                assert!(begun.elapsed() < Duration::from_secs(30), "nothing is written");
                sleep(Duration::from_millis(5));
            }
            child.kill().expect("a process that runs");
            child.wait().expect("its end");
            assert!(!folder.names().iter().any(|file| file == name), "{:?}", folder.names());
            assert_eq!(folder.read("old.fq"), b"as it was");
            for file in folder.names().iter().filter(|file| *file != "old.fq") {
                std::fs::remove_file(folder.path().join(file)).expect("a file");
            }
        }
    }
}

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
