//! Ctrl-C.
#![cfg(unix)]

use crate::support::{Folder, ends_within, start};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
}

/// Starts the command and waits for its first line of output, so that it surely runs.
fn start_and_wait(
    folder: &Folder,
    words: &[&str],
    input: &str,
) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = start(folder.command(words));
    child.stdin.as_mut().expect("a pipe").write_all(input.as_bytes()).expect("the child reads");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("UTF-8");
    assert_eq!(line, "started\n");
    (child, output)
}

#[test]
fn an_endless_loop_can_be_interrupted() {
    let folder = Folder::new();
    // The output is a pipe and so is buffered: enough of it to see the first line.
    let code = format!(
        "println(\"started\")\nfor i in range(0, 20000) {{ println(\"{}\") }}\nwhile true {{ }}",
        "x".repeat(8)
    );
    folder.file("endless.bl", code);
    let mut child = start(folder.command(&["run", "endless.bl"]));
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("UTF-8");
    let reader = std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    std::thread::sleep(Duration::from_millis(50));
    let asked = Instant::now();
    interrupt(&child);
    let (code, messages) = ends_within(child, Duration::from_secs(10));
    assert_eq!((code, messages.as_str()), (Some(130), ""));
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(reader.join().is_ok());
}

#[test]
fn a_script_that_nobody_reads_from_can_be_interrupted() {
    let folder = Folder::new();
    // The pipe is full long before the script ends, and the script waits for a reader.
    let mut child = start(folder.command(&["-e", "while true { println(\"line\") }"]));
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("UTF-8");
    std::thread::sleep(Duration::from_millis(100));
    interrupt(&child);
    assert_eq!(ends_within(child, Duration::from_secs(10)).0, Some(130));
    drop(output);
}

#[test]
fn a_script_that_waits_for_input_can_be_interrupted() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path().join("reads.fq")).status();
    assert!(made.expect("mkfifo runs").success());
    let child = start(folder.command(&["-e", "println(len(read_fastq(\"reads.fq\")))"]));
    std::thread::sleep(Duration::from_millis(200));
    interrupt(&child);
    let (code, messages) = ends_within(child, Duration::from_secs(10));
    assert_eq!((code, messages.as_str()), (Some(130), ""));
}

#[test]
fn an_entry_can_be_interrupted_and_the_session_goes_on() {
    let folder = Folder::new();
    let (mut child, mut output) =
        start_and_wait(&folder, &["repl"], "let x = 5\nprintln(\"started\")\nwhile true { }\n");
    std::thread::sleep(Duration::from_millis(100));
    interrupt(&child);
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"x + 1\n").expect("the session reads");
    drop(input);
    let mut line = String::new();
    output.read_line(&mut line).expect("UTF-8");
    assert_eq!(line, "6\n");
    let (code, messages) = ends_within(child, Duration::from_secs(10));
    assert_eq!((code, messages.as_str()), (Some(1), "Interrupted\n"));
}
