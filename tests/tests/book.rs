//! Runs the examples of the README and of the book.
//!
//! A block of code marked `bl` must compile. Where the next block is marked `text`, the script is run in the folder of
//! the examples, and that is what it must print: its standard output, then its standard error. Blanks at the ends of
//! lines do not count.

use biovm_tests::process::{self, Outcome};
use biovm_tests::{difference, executable};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

#[test]
fn examples_print_what_the_page_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    let folder = root.join("docs/examples");
    let mut report = String::new();
    let (mut count, mut failed) = (0, 0);
    for page in pages(&root).expect("the pages of the book") {
        let text = fs::read_to_string(&page).expect("a page of the book");
        let name = page.strip_prefix(&root).unwrap_or(&page).display().to_string();
        for example in examples(&text) {
            count += 1;
            if let Some(problem) = check(&executable, &folder, &example).expect("biovm starts") {
                failed += 1;
                // Writing to a String cannot fail.
                let _ = writeln!(report, "{name}:{}\n{problem}", example.line);
            }
        }
    }
    assert!(count > 0, "there are no examples");
    assert!(failed == 0, "\n\n{report}{failed} of {count} examples failed ('-' shown, '+' found)\n");
}

/// The README and the chapters, sorted.
fn pages(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut pages = vec![root.join("README.md")];
    for entry in fs::read_dir(root.join("docs/src"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}

/// A script of a page, and what it prints according to the page.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    /// The line on which its block begins.
    line: usize,
    script: String,
    output: Option<String>,
}

fn examples(page: &str) -> Vec<Example> {
    let blocks = blocks(page);
    let mut examples = Vec::new();
    for (number, block) in blocks.iter().enumerate().filter(|(_, block)| block.language == "bl") {
        let output = blocks.get(number + 1).filter(|next| next.language == "text");
        examples.push(Example {
            line: block.line,
            script: block.content.clone(),
            output: output.map(|block| block.content.clone()),
        });
    }
    examples
}

/// A block of code between two fences.
struct Block {
    line: usize,
    language: String,
    content: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                open = Some(Block { line: index + 1, language: language.to_owned(), content: String::new() });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.content.push_str(line);
                block.content.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// What is wrong with an example.
fn check(executable: &Path, folder: &Path, example: &Example) -> io::Result<Option<String>> {
    let command = |word: &str| {
        let mut command = Command::new(executable);
        command.args([word, "-"]).current_dir(folder);
        command
    };
    let script = example.script.as_bytes();
    let Some(shown) = &example.output else {
        let Outcome { code, messages, .. } = process::run(command("check"), script)?;
        return Ok((code != Some(0)).then_some(messages));
    };
    let Outcome { output, messages, .. } = process::run(command("run"), script)?;
    let (shown, found) = (trimmed(shown), trimmed(&(output + &messages)));
    Ok((shown != found).then(|| difference::render(&shown, &found)))
}

/// The lines without blanks at their ends, and without empty ones at the end.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[test]
fn a_script_belongs_to_the_text_behind_it() {
    let page = "a\n```bl\nprintln(1)\n```\nshows\n```text\n1\n```\n```sh\nls\n```\n```bl\nlet x = 1\n```\n";
    let example = |line, script: &str, output: Option<&str>| Example {
        line,
        script: script.to_owned(),
        output: output.map(str::to_owned),
    };
    let expected = [example(2, "println(1)\n", Some("1\n")), example(12, "let x = 1\n", None)];
    assert_eq!(examples(page), expected);
}
