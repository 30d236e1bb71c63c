//! `biovm fmt`.

use crate::support::Folder;

const UNTIDY: &str = "let x=1 # one\r\nprintln( x )";
const TIDY: &str = "let x = 1 # one\nprintln(x)\n";

#[test]
fn files_are_replaced() {
    let folder = Folder::new();
    folder.file("a.bl", UNTIDY);
    folder.file("b.bl", TIDY);
    let before = folder.path().join("b.bl").metadata().expect("a file").modified().expect("a time");
    assert_eq!(folder.run(&["fmt", "a.bl", "b.bl"]).succeeded(), "");
    assert_eq!(folder.read("a.bl"), TIDY.as_bytes());
    assert_eq!(folder.read("b.bl"), TIDY.as_bytes());
    // what is formatted already is not even touched
    let after = folder.path().join("b.bl").metadata().expect("a file").modified().expect("a time");
    assert_eq!(before, after);
    assert_eq!(folder.names(), ["a.bl", "b.bl"]);
}

#[test]
fn check_names_what_would_change() {
    let folder = Folder::new();
    folder.file("a.bl", UNTIDY);
    folder.file("b.bl", TIDY);
    folder.file("c.bl", "x=1");
    let outcome = folder.run(&["fmt", "--check", "a.bl", "b.bl", "c.bl"]);
    assert_eq!((outcome.failed(1), outcome.output.as_str()), ("", "a.bl\nc.bl\n"));
    assert_eq!(folder.read("a.bl"), UNTIDY.as_bytes());
    assert_eq!(folder.run(&["fmt", "b.bl", "--check"]).succeeded(), "");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new();
    assert_eq!(folder.run_with_input(&["fmt", "-"], UNTIDY).succeeded(), TIDY);
    assert_eq!(folder.run_with_input(&["fmt", "-"], TIDY).succeeded(), TIDY);
    assert_eq!(folder.run_with_input(&["fmt", "-"], "").succeeded(), "");
    assert_eq!(folder.run_with_input(&["fmt", "--check", "-"], TIDY).succeeded(), "");
    let outcome = folder.run_with_input(&["fmt", "--check", "-"], UNTIDY);
    assert_eq!((outcome.failed(1), outcome.output.as_str()), ("", "<stdin>\n"));
    let outcome = folder.run_with_input(&["fmt", "-"], "let x = (");
    assert!(outcome.failed(1).contains("<stdin>:1:"), "{outcome:?}");
    assert_eq!(outcome.output, "");
}

#[test]
fn a_script_with_errors_is_reported_and_left_alone() {
    let folder = Folder::new();
    folder.file("a.bl", UNTIDY);
    folder.file("broken.bl", "let  x = (\n");
    folder.file("text.bl", [b'#', 0xff, b'\n']);
    for arguments in
        [&["fmt", "broken.bl", "text.bl", "missing.bl", "a.bl"][..], &["fmt", "--check", "broken.bl"]]
    {
        let outcome = folder.run(arguments);
        assert!(
            outcome.failed(1).contains("ParseError: ") && outcome.messages.contains("broken.bl:1:"),
            "{outcome:?}"
        );
        assert_eq!(outcome.output, "");
    }
    assert_eq!(folder.read("broken.bl"), b"let  x = (\n");
    // the others are formatted all the same
    assert_eq!(folder.read("a.bl"), TIDY.as_bytes());
    let outcome = folder.run(&["fmt", "text.bl", "missing.bl"]);
    assert!(outcome.failed(1).contains("text.bl is not UTF-8 text"), "{outcome:?}");
    assert!(outcome.messages.contains("file not found: missing.bl"), "{outcome:?}");
}

#[test]
fn folders_are_searched_for_scripts() {
    let folder = Folder::new();
    for name in ["scripts", "scripts/deep", "scripts/.hidden", "empty"] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    for name in ["scripts/b.bl", "scripts/deep/a.bl", "scripts/.hidden/x.bl", "scripts/notes.txt"] {
        folder.file(name, UNTIDY);
    }
    let outcome = folder.run(&["fmt", "--check", "scripts", "empty"]);
    assert_eq!((outcome.failed(1), outcome.output.as_str()), ("", "scripts/b.bl\nscripts/deep/a.bl\n"));
    assert_eq!(folder.run(&["fmt", "."]).succeeded(), "");
    for (name, text) in [
        ("scripts/b.bl", TIDY),
        ("scripts/deep/a.bl", TIDY),
        ("scripts/.hidden/x.bl", UNTIDY),
        ("scripts/notes.txt", UNTIDY),
    ] {
        assert_eq!(folder.read(name), text.as_bytes(), "{name}");
    }
}

#[test]
fn the_examples_are_formatted() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples");
    let outcome = Folder::new().run(&["fmt", "--check", examples]);
    // The numbered scripts of the tutorial chapter are as the chapter prints them.
    let is_printed = |path: &str| {
        path.split_once("day21/")
            .is_some_and(|(_, name)| name.starts_with(|first: char| first.is_ascii_digit()))
    };
    let others: Vec<&str> = outcome.output.lines().filter(|path| !is_printed(path)).collect();
    assert!(others.is_empty() && outcome.messages.is_empty(), "{others:?} {}", outcome.messages);
}

#[test]
fn a_path_is_needed() {
    Folder::new().run(&["fmt"]).failed(2);
    Folder::new().run(&["fmt", "--check"]).failed(2);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let script = folder.file("a.bl", UNTIDY);
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o750)).expect("permissions");
    symlink("a.bl", folder.path().join("link.bl")).expect("a link");
    folder.run(&["fmt", "link.bl"]).succeeded();
    assert_eq!(folder.read("a.bl"), TIDY.as_bytes());
    assert_eq!(script.metadata().expect("a file").permissions().mode() & 0o777, 0o750);
    assert!(folder.path().join("link.bl").is_symlink());

    let locked = folder.file("locked.bl", UNTIDY);
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o444)).expect("permissions");
    let outcome = folder.run(&["fmt", "locked.bl"]);
    assert!(outcome.failed(1).starts_with("IOError: cannot write locked.bl: "), "{outcome:?}");
    assert_eq!(folder.read("locked.bl"), UNTIDY.as_bytes());
    assert_eq!(folder.names(), ["a.bl", "link.bl", "locked.bl"]);
}
