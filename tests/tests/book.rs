//! Runs the examples of the README and of the book, and follows their links.
//!
//! | Block | What must be true |
//! |---|---|
//! | `bl` | it compiles |
//! | `bl`, then `text` | run in the folder of the examples, it prints this text: standard output, then standard error |
//! | `console` with lines that begin with `> ` | a session that gets these entries gives these answers |
//! | `bl,file=PATH` | the file of this name in the folder of the examples holds this |
//!
//! Blanks at the ends of lines do not count. Scripts have the layout that `biovm fmt` gives them.

use biovm_tests::book::{self, Kind, Page};
use biovm_tests::process::{self, Outcome};
use biovm_tests::{difference, executable};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

#[test]
fn examples_print_what_the_page_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    let folder = root.join(book::EXAMPLES);
    let mut report = String::new();
    let (mut count, mut failed) = (0, 0);
    for page in book::pages(&root).expect("the pages of the book") {
        for example in book::examples(&page.text) {
            count += 1;
            if let Some(problem) = check(&executable, &folder, &example.kind).expect("biovm starts") {
                failed += 1;
                // Writing to a String cannot fail.
                let _ = writeln!(report, "{}:{}\n{problem}", page.name, example.line);
            }
        }
    }
    assert!(count > 0, "there are no examples");
    assert!(failed == 0, "\n\n{report}{failed} of {count} examples failed ('-' shown, '+' found)\n");
}

/// What is wrong with an example.
fn check(executable: &Path, folder: &Path, example: &Kind) -> io::Result<Option<String>> {
    let run = |arguments: &[&str], input: &str| {
        let mut command = Command::new(executable);
        command.args(arguments).current_dir(folder);
        process::run(command, input.as_bytes())
    };
    let (shown, found) = match example {
        Kind::Script(script) => {
            let Outcome { code, messages, .. } = run(&["check", "-"], script)?;
            return Ok((code != Some(0)).then_some(messages));
        }
        Kind::Run { script, shown } => (shown, run(&["run", "-"], script)?.all()),
        Kind::Session { entries, shown } => (shown, run(&["repl"], entries)?.all()),
        Kind::File { name, content } => (
            content,
            fs::read_to_string(folder.join(name)).unwrap_or_else(|error| format!("{name}: {error}")),
        ),
    };
    let (shown, found) = (trimmed(shown), trimmed(&found));
    Ok((shown != found).then(|| difference::render(&shown, &found)))
}

#[test]
fn examples_are_formatted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    let mut report = String::new();
    let mut count = 0;
    for page in book::pages(&root).expect("the pages of the book") {
        for example in book::examples(&page.text) {
            let (Kind::Script(script) | Kind::Run { script, .. } | Kind::File { content: script, .. }) =
                &example.kind
            else {
                continue;
            };
            let mut command = Command::new(&executable);
            command.args(["fmt", "-"]);
            let Outcome { code, output, .. } =
                process::run(command, script.as_bytes()).expect("biovm starts");
            // What shows a syntax error has no layout.
            if code != Some(0) {
                continue;
            }
            count += 1;
            if output != *script {
                let difference = difference::render(script, &output);
                // Writing to a String cannot fail.
                let _ = writeln!(report, "{}:{}\n{difference}", page.name, example.line);
            }
        }
    }
    assert!(count > 0, "not one example could be formatted");
    assert!(report.is_empty(), "\n\n{report}('-' shown, '+' formatted)\n");
}

/// The lines without blanks at their ends, and without empty ones at the end.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut report = String::new();
    for page in book::pages(&root).expect("the pages of the book") {
        for link in book::links(&page.text) {
            let target = match link.path.as_str() {
                "" => page.path.clone(),
                path => page.path.with_file_name("").join(path),
            };
            let is_found = match &link.heading {
                None => target.exists(),
                Some(heading) => {
                    let text = fs::read_to_string(&target).unwrap_or_default();
                    book::headings(&text).contains(heading)
                }
            };
            if !is_found {
                let heading = link.heading.map(|heading| format!("#{heading}")).unwrap_or_default();
                let _ = writeln!(report, "{}:{}: {}{heading}", page.name, link.line, link.path);
            }
        }
    }
    assert!(report.is_empty(), "these links lead nowhere:\n{report}");
}

#[test]
fn every_page_is_in_the_summary() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages = book::pages(&root).expect("the pages of the book");
    let is_summary = |page: &&Page| page.path.ends_with("SUMMARY.md");
    let summary = pages.iter().find(is_summary).expect("a summary");
    let listed = book::links(&summary.text);
    let folder = root.join(book::PAGES);
    for page in pages.iter().filter(|page| page.path.starts_with(&folder) && !is_summary(page)) {
        let times = listed.iter().filter(|link| folder.join(&link.path) == page.path).count();
        assert!(times == 1, "{} is listed {times} times in the summary", page.name);
    }
}
