//! The sandbox, where links and programs come in.
#![cfg(unix)]

use crate::support::{Folder, Outcome};
use std::fs;
use std::os::unix::fs::symlink;

const READS: &str = ">one\nACGT\n";

/// A folder `granted` and a folder `private`, each with reads.
fn folders() -> Folder {
    let folder = Folder::new();
    for name in ["granted", "private"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
        folder.file(&format!("{name}/reads.fa"), READS);
    }
    folder
}

fn link(folder: &Folder, to: &str, from: &str) {
    symlink(to, folder.path().join(from)).expect("a link");
}

fn run(folder: &Folder, grants: &[&str], code: &str) -> Outcome {
    let mut words = vec!["--sandbox"];
    words.extend(grants);
    words.extend(["-e", code]);
    folder.run(&words)
}

#[track_caller]
fn assert_denied(outcome: &Outcome, what: &str, hint: &str) {
    let messages = outcome.failed(1);
    assert!(messages.starts_with(&format!("IOError: the sandbox does not allow {what}\n")), "{messages}");
    assert!(messages.contains(&format!("\n  hint: {hint}\n")), "{messages}");
}

fn read(path: &str) -> String {
    format!("println(len(read_fasta(\"{path}\")))")
}

fn write(path: &str) -> String {
    format!("write_fasta([{{id: \"new\", seq: dna\"GG\"}}], \"{path}\")")
}

const READ: &[&str] = &["--allow-read=granted"];
const WRITE: &[&str] = &["--allow-write=granted"];
const READ_HINT: &str = "a link or '..' leads outside of what --allow-read grants";
const WRITE_HINT: &str = "a link or '..' leads outside of what --allow-write grants";

#[test]
fn links_that_lead_outside_are_not_followed() {
    let folder = folders();
    let private = folder.path().join("private").display().to_string();
    link(&folder, "../private/reads.fa", "granted/file.fa");
    link(&folder, &format!("{private}/reads.fa"), "granted/absolute.fa");
    link(&folder, "../private", "granted/folder");
    link(&folder, "folder/reads.fa", "granted/chain.fa");
    link(&folder, "/proc/self/root", "granted/root");
    for name in ["file.fa", "absolute.fa", "folder/reads.fa", "chain.fa", "folder/missing.fa"] {
        let path = format!("granted/{name}");
        assert_denied(&run(&folder, READ, &read(&path)), &format!("reading {path}"), READ_HINT);
    }
    let path = format!("granted/root{private}/reads.fa");
    assert_denied(&run(&folder, READ, &read(&path)), &format!("reading {path}"), READ_HINT);
}

#[test]
fn links_that_stay_inside_are_followed() {
    let folder = folders();
    let inside = folder.path().join("granted/reads.fa").display().to_string();
    link(&folder, &inside, "granted/absolute.fa");
    link(&folder, "reads.fa", "granted/relative.fa");
    link(&folder, "granted", "other");
    for path in ["granted/absolute.fa", "granted/relative.fa", "other/reads.fa", &inside] {
        assert_eq!(run(&folder, READ, &read(path)).succeeded(), "1\n", "{path}");
        // A grant may go through a link too.
        assert_eq!(run(&folder, &["--allow-read=other"], &read(path)).succeeded(), "1\n", "{path}");
    }
}

#[test]
fn dots_lead_nowhere_else() {
    let folder = folders();
    for path in [
        "granted/../private/reads.fa",
        "granted/missing/../../private/reads.fa",
        "granted/./../private/reads.fa",
    ] {
        assert_denied(&run(&folder, READ, &read(path)), &format!("reading {path}"), READ_HINT);
        assert_denied(&run(&folder, WRITE, &write(path)), &format!("writing {path}"), WRITE_HINT);
    }
    assert_eq!(run(&folder, READ, &read("private/../granted/reads.fa")).succeeded(), "1\n");
    assert_eq!(folder.read("private/reads.fa"), READS.as_bytes());
}

#[test]
fn nothing_is_written_outside() {
    let folder = folders();
    link(&folder, "../private", "granted/folder");
    link(&folder, "../private/reads.fa", "granted/file.fa");
    for name in ["folder/new.fa", "folder/reads.fa", "file.fa"] {
        let path = format!("granted/{name}");
        assert_denied(&run(&folder, WRITE, &write(&path)), &format!("writing {path}"), WRITE_HINT);
    }
    assert_eq!(folder.read("private/reads.fa"), READS.as_bytes());
    assert_eq!(fs::read_dir(folder.path().join("private")).expect("a folder").count(), 1);
}

#[test]
fn a_link_to_nothing_is_replaced_not_followed() {
    let folder = folders();
    link(&folder, "../private/new.fa", "granted/link.fa");
    assert_eq!(run(&folder, WRITE, &write("granted/link.fa")).succeeded(), "");
    assert!(!folder.path().join("private/new.fa").exists());
    assert_eq!(folder.read("granted/link.fa"), b">new\nGG\n");
}

#[test]
fn files_are_written_where_that_is_granted() {
    let folder = folders();
    assert_eq!(run(&folder, WRITE, &write("granted/new.fa")).succeeded(), "");
    assert_eq!(folder.read("granted/new.fa"), b">new\nGG\n");
    // What may be written may not be read for that.
    assert_denied(
        &run(&folder, WRITE, &read("granted/new.fa")),
        "reading granted/new.fa",
        "--allow-read=granted allows it",
    );
    // One file, which is not there yet.
    let one = &["--allow-write=private/one.fa"];
    assert_eq!(run(&folder, one, &write("private/one.fa")).succeeded(), "");
    assert_denied(
        &run(&folder, one, &write("private/two.fa")),
        "writing private/two.fa",
        "--allow-write=private allows it",
    );
    let mut names: Vec<_> =
        fs::read_dir(folder.path().join("private")).expect("a folder").flatten().collect();
    names.retain(|entry| entry.file_name() != "reads.fa");
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn modules_are_files() {
    let folder = folders();
    folder.file("private/tools.bl", "fn double(x) { x * 2 }\n");
    folder.file("granted/main.bl", "import \"../private/tools\"\nprintln(double(2))\n");
    link(&folder, "../private/tools.bl", "granted/linked.bl");
    folder.file("granted/link.bl", "import \"linked\"\nprintln(double(2))\n");
    for (script, hint) in [("granted/main.bl", "hint: "), ("granted/link.bl", READ_HINT)] {
        let denied = folder.run(&["run", "--sandbox", "--allow-read=granted", script]);
        let messages = denied.failed(1);
        assert!(messages.contains("ImportError: the sandbox does not allow reading "), "{messages}");
        assert!(messages.contains(hint), "{messages}");
        let granted = folder.run(&["run", "--sandbox", "--allow-read=private", script]);
        assert_eq!(granted.succeeded(), "4\n");
    }
}

#[test]
fn the_data_folder_is_a_folder_like_any_other() {
    let folder = folders();
    let in_data = |grants: &[&str]| {
        let mut words = vec!["--sandbox"];
        words.extend(grants);
        let code = read("reads.fa");
        words.extend(["-e", &code]);
        let mut command = folder.command(&words);
        command.env("BIOLANG_DATA_DIR", folder.path().join("private"));
        crate::support::finish(command, b"")
    };
    assert_eq!(in_data(&["--allow-read=private"]).succeeded(), "1\n");
    assert_denied(&in_data(READ), "reading reads.fa", "--allow-read=. allows it");
}

#[test]
fn a_session_is_kept_in_its_sandbox() {
    let folder = folders();
    folder.file("private/entry.bl", "println(\"loaded\")\n");
    let entries = ":load private/entry.bl\n:save private/kept.bl\nread_fasta(\"private/reads.fa\")\n1 + 1\n";
    let outcome = folder.run_with_input(&["repl", "--sandbox"], entries);
    assert_eq!(outcome.output, "2\n", "{outcome:?}");
    let messages = outcome.failed(1);
    assert_eq!(messages.matches("the sandbox does not allow").count(), 3, "{messages}");
    assert!(!folder.path().join("private/kept.bl").exists());
    let granted = ["repl", "--sandbox", "--allow-read=private", "--allow-write=private"];
    let outcome = folder.run_with_input(&granted, ":load private/entry.bl\n:save private/kept.bl\n");
    assert!(outcome.succeeded().starts_with("loaded\n"), "{outcome:?}");
    assert!(folder.path().join("private/kept.bl").exists());
}

#[test]
fn grants_without_a_sandbox_or_sense_are_refused() {
    let folder = folders();
    for (words, said) in [
        (&["--allow-read=granted", "-e", "1"][..], "need --sandbox"),
        (&["--sandbox", "--allow-read=missing", "-e", "1"], "--allow-read=missing: No such file"),
        (&["--sandbox", "--allow-write=missing/too", "-e", "1"], "--allow-write=missing/too: No such file"),
        (&["--sandbox", "--allow-net=http://example.org/", "-e", "1"], "give a host"),
        (&["--sandbox", "--allow-read", "granted", "-e", "1"], "--allow-read"),
    ] {
        let outcome = folder.run(words);
        assert!(outcome.failed(2).contains(said), "{outcome:?}");
    }
}
