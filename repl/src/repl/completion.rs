//! What the Tab key offers: commands, variables, their fields, builtins, keywords, and paths inside of quotes.

use crate::repl::commands;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

const KEYWORDS: &[&str] = &[
    "and", "async", "await", "break", "catch", "const", "continue", "else", "enum", "false", "fn", "for",
    "if", "impl", "import", "in", "let", "match", "nil", "not", "or", "return", "struct", "trait", "true",
    "try", "while", "yield",
];

/// The names that can be completed now.
#[derive(Default)]
pub struct Names {
    /// The builtins.
    pub builtins: Vec<&'static str>,
    /// The variables, each with the fields of its value.
    pub variables: Vec<(String, Vec<String>)>,
}

/// Helps to type.
#[derive(Default)]
pub struct Assistant {
    pub names: Names,
    paths: FilenameCompleter,
}

impl Assistant {
    /// Where the word before the cursor begins, and what it may become.
    fn candidates(&self, line: &str) -> (usize, Vec<String>) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let start = line
            .rfind(|c| !is_word(c))
            .map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8));
        let (before, word) = line.split_at(start);

        if let Some(object) = before.strip_suffix('.') {
            let object_start = object.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
            let object = object.get(object_start..).unwrap_or("");
            let fields =
                self.names.variables.iter().find(|(name, _)| name == object).map(|(_, fields)| fields);
            return (start, matching(word, fields.into_iter().flatten().map(String::as_str)));
        }
        if before.trim_start() == ":" {
            return (start, matching(word, commands::NAMES.iter().copied()));
        }
        let variables = self.names.variables.iter().map(|(name, _)| name.as_str());
        let builtins = self.names.builtins.iter().copied();
        (start, matching(word, variables.chain(builtins).chain(KEYWORDS.iter().copied())))
    }
}

fn matching<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = names.filter(|name| name.starts_with(word)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

/// Whether the end of the line is inside of a string.
fn is_in_string(line: &str) -> bool {
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            _ => {}
        }
    }
    quote.is_some()
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..position).unwrap_or(line);
        if is_in_string(before) || before.trim_start().starts_with(":load ") {
            return self.paths.complete_path(line, position);
        }
        let (start, names) = self.candidates(before);
        // An empty word would match everything there is.
        let names = if start == before.len() && !before.ends_with(['.', ':']) { Vec::new() } else { names };
        let pair = |name: String| Pair { display: name.clone(), replacement: name };
        Ok((start, names.into_iter().map(pair).collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;
}
impl Highlighter for Assistant {}
impl Validator for Assistant {}
impl Helper for Assistant {}

#[cfg(test)]
mod tests {
    use super::*;

    fn assistant() -> Assistant {
        let fields = vec!["id".to_owned(), "seq".to_owned()];
        let variables = vec![("reads".to_owned(), vec![]), ("read".to_owned(), fields)];
        let names = Names { builtins: vec!["read_fastq", "reverse", "len"], variables };
        Assistant { names, ..Assistant::default() }
    }

    #[test]
    fn names_are_completed() {
        let assistant = assistant();
        assert_eq!(
            assistant.candidates("x |> re"),
            (5, ["read", "read_fastq", "reads", "return", "reverse"].map(String::from).to_vec())
        );
        assert_eq!(assistant.candidates("len(read.s"), (9, vec!["seq".to_owned()]));
        assert_eq!(assistant.candidates("read."), (5, vec!["id".to_owned(), "seq".to_owned()]));
        assert_eq!(assistant.candidates(":ti"), (1, vec!["time".to_owned()]));
        assert_eq!(assistant.candidates("é.x"), (3, vec![]));
    }

    #[test]
    fn paths_are_completed_inside_of_strings() {
        assert!(is_in_string("read_fastq(\"da"));
        assert!(is_in_string("f('it\\'s"));
        assert!(!is_in_string("f(\"a\") |> g"));
    }
}
