//! The README and the book as tests see them: pages, examples and links.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the book's pages.
pub const PAGES: &str = "docs/src";
/// The folder in which examples run.
pub const EXAMPLES: &str = "docs/examples";

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Where it is, from the root of the repository, with `/` between folders.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

/// The README and all pages of the book, sorted by name.
pub fn pages(root: &Path) -> io::Result<Vec<Page>> {
    let mut paths = vec![root.join("README.md")];
    find(&root.join(PAGES), &mut paths)?;
    paths.sort();
    let page = |path: PathBuf| {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Ok(Page { name, text: fs::read_to_string(&path)?, path })
    };
    paths.into_iter().map(page).collect()
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    Ok(())
}

/// An example, and where it begins.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// The line of the page on which its block opens.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
}

/// What an example is, and so how it is checked.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// A script of which the page shows no output: it must compile.
    Script(String),
    /// A script, and what it prints.
    Run {
        /// The script.
        script: String,
        /// Its standard output, then its standard error.
        shown: String,
    },
    /// Entries of an interactive session, and what the session answers.
    Session {
        /// The entries, without prompts.
        entries: String,
        /// All answers.
        shown: String,
    },
    /// A file of the folder of examples, shown whole.
    File {
        /// Its path in that folder.
        name: String,
        /// What it must hold.
        content: String,
    },
}

/// The examples of a page.
pub fn examples(page: &str) -> Vec<Example> {
    let blocks = blocks(page);
    let mut examples = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        let kind = match block.mark.split_once(",file=") {
            Some(("bl", name)) => Kind::File { name: name.to_owned(), content: block.content.clone() },
            Some(_) => continue,
            None if block.mark == "bl" => {
                let script = block.content.clone();
                match blocks.get(number + 1).filter(|next| next.mark == "text") {
                    Some(next) => Kind::Run { script, shown: next.content.clone() },
                    None => Kind::Script(script),
                }
            }
            None if block.mark == "console" && block.content.contains("\n> ") => session(&block.content),
            None => continue,
        };
        examples.push(Example { line: block.line, kind });
    }
    examples
}

/// A session: lines behind a prompt are entered, the others are answers. The command that started it is neither.
fn session(content: &str) -> Kind {
    let (mut entries, mut shown) = (String::new(), String::new());
    for line in content.lines().filter(|line| *line != "$ biovm") {
        let entered = line.strip_prefix("> ").or_else(|| line.strip_prefix(". "));
        let text = if entered.is_some() { &mut entries } else { &mut shown };
        text.push_str(entered.unwrap_or(line));
        text.push('\n');
    }
    Kind::Session { entries, shown }
}

/// A block of code between two fences.
struct Block {
    line: usize,
    mark: String,
    content: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(mark)) => {
                open = Some(Block { line: index + 1, mark: mark.to_owned(), content: String::new() });
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

/// A link of a page to a file or to a heading.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// The line on which it is.
    pub line: usize,
    /// The path as written; empty for a heading of the same page.
    pub path: String,
    /// The heading, as mdBook names it.
    pub heading: Option<String>,
}

/// The links of a page, outside of code, that lead to no other site.
pub fn links(page: &str) -> Vec<Link> {
    let mut links = Vec::new();
    for (index, line) in prose(page) {
        for rest in without_code(line).split("](").skip(1) {
            let Some((target, _)) = rest.split_once(')') else { continue };
            if target.contains("://") {
                continue;
            }
            let (path, heading) = match target.split_once('#') {
                Some((path, heading)) => (path, Some(heading.to_owned())),
                None => (target, None),
            };
            links.push(Link { line: index + 1, path: path.to_owned(), heading });
        }
    }
    links
}

/// The headings of a page, as mdBook names them in links.
pub fn headings(page: &str) -> Vec<String> {
    let name = |heading: &str| {
        let kept = |character: &char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
        heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
    };
    let titles = prose(page).filter(|(_, line)| line.starts_with('#'));
    titles.map(|(_, line)| name(line.trim_start_matches('#'))).collect()
}

/// The lines outside of blocks of code, with their indexes.
fn prose(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    page.lines().enumerate().filter(move |(_, line)| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// A line without what stands between backquotes.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::{Example, Kind, Link, examples, headings, links};

    #[test]
    fn examples_are_found() {
        let page = "a\n```bl\nprintln(1)\n```\nshows\n```text\n1\n```\n```sh\nls\n```\n```bl\nlet x = 1\n```\n\
            ```bl,file=a/b.bl\nlet y = 2\n```\n```console\n$ biovm\n> if true {\n. 5 }\n5\n```\n```console\n$ ls\n```\n";
        let example = |line, kind| Example { line, kind };
        let expected = [
            example(2, Kind::Run { script: "println(1)\n".to_owned(), shown: "1\n".to_owned() }),
            example(12, Kind::Script("let x = 1\n".to_owned())),
            example(15, Kind::File { name: "a/b.bl".to_owned(), content: "let y = 2\n".to_owned() }),
            example(18, Kind::Session { entries: "if true {\n5 }\n".to_owned(), shown: "5\n".to_owned() }),
        ];
        assert_eq!(examples(page), expected);
    }

    #[test]
    fn links_and_headings_are_found() {
        let page = "# `a` and b?\n[x](one.md) `[y](two.md)` [z](https://example.org) [w](#a-and-b)\n```\n# no\n[v](v)\n```\n";
        let link = |path: &str, heading: Option<&str>| Link {
            line: 2,
            path: path.to_owned(),
            heading: heading.map(str::to_owned),
        };
        assert_eq!(links(page), [link("one.md", None), link("", Some("a-and-b"))]);
        assert_eq!(headings(page), ["a-and-b"]);
    }
}
