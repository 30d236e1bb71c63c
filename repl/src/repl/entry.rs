//! Lines to entries: an entry goes on while a bracket, string or block is open, or an operator wants its right side.

use crate::pipeline;
use crate::repl::reader::{Line, Reader};
use crate::repl::{commands, rewrite};
use biovm_vm::Error;
use std::collections::VecDeque;

/// What the user entered.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// A command, which begins with `:` or `?`.
    Command(String),
    /// Code of the language.
    Code(String),
}

/// The entries, one after another.
pub struct Entries {
    reader: Reader,
    /// Lines that were pasted along with the entry before, or read to see whether they belong to it.
    pending: VecDeque<String>,
    /// All entries of this session.
    past: Vec<String>,
}

impl Entries {
    pub fn new(reader: Reader) -> Entries {
        Entries { reader, pending: VecDeque::new(), past: Vec::new() }
    }

    /// Where the lines come from.
    pub fn reader(&mut self) -> &mut Reader {
        &mut self.reader
    }

    /// All entries so far.
    pub fn past(&self) -> &[String] {
        &self.past
    }

    /// The next entry; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Entry>, Error> {
        loop {
            let text = match self.line("")? {
                Line::End => return Ok(None),
                Line::Text(text) | Line::Fresh(text) if !text.trim().is_empty() => text,
                _ => continue,
            };
            let Some(text) = self.complete(text)? else { continue };
            self.reader.remember(&text);
            self.past.push(text.clone());
            return Ok(Some(if commands::is_command(&text) {
                Entry::Command(text)
            } else {
                Entry::Code(text)
            }));
        }
    }

    /// Gives up the lines that were pasted behind an entry, once that was interrupted. Whether there were any.
    pub fn give_up_pending(&mut self) -> bool {
        let had_some = !self.pending.is_empty();
        self.pending.clear();
        had_some
    }

    /// The next line of an entry that has `before` so far.
    fn line(&mut self, before: &str) -> Result<Line, Error> {
        if let Some(line) = self.pending.pop_front() {
            return Ok(Line::Text(line));
        }
        let mut split = |text: String| {
            let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r').to_owned());
            let first = lines.next().unwrap_or_default();
            self.pending.extend(lines);
            first
        };
        Ok(match self.reader.read(before)? {
            Line::Text(text) => Line::Text(split(text)),
            Line::Fresh(text) => Line::Fresh(split(text)),
            other => other,
        })
    }

    /// Reads the lines that belong to the entry; `None` where the user gave it up.
    fn complete(&mut self, mut text: String) -> Result<Option<String>, Error> {
        let is_fasta = rewrite::begins_fasta(&text);
        loop {
            let wants_more = is_documentation(&text)
                || !is_fasta && code_of(&text).is_some_and(|code| pipeline::is_incomplete(&code));
            // Whether more follows a complete entry of several lines, only its next line can tell.
            if !wants_more && !is_fasta && !text.contains('\n') {
                return Ok(Some(text));
            }
            match self.line(&text)? {
                Line::End => return Ok(Some(text)),
                Line::Cancelled => {
                    // It can be recalled, and then changed as a whole.
                    self.reader.remember(&text);
                    return Ok(None);
                }
                Line::Fresh(line) => {
                    self.pending.push_front(line);
                    return Ok(None);
                }
                Line::Text(line) if is_fasta && rewrite::is_sequence_line(&line) => {
                    text.push('\n');
                    text.push_str(&line);
                }
                Line::Text(line) if wants_more || !is_fasta && continues(&line) => {
                    text.push('\n');
                    text.push_str(&line);
                }
                Line::Text(line) => {
                    if !line.trim().is_empty() {
                        self.pending.push_front(line);
                    }
                    return Ok(Some(text));
                }
            }
        }
    }
}

/// The code of an entry, if it has any.
fn code_of(text: &str) -> Option<String> {
    let code = if commands::is_command(text) { commands::code_of(text)? } else { text };
    // The pipe's left side is the previous result.
    Some(if code.trim_start().starts_with("|>") { format!("_ {code}") } else { code.to_owned() })
}

/// Whether there is nothing but documentation, which waits for its declaration.
fn is_documentation(text: &str) -> bool {
    text.lines().all(|line| line.trim_start().starts_with("##") || line.trim().is_empty())
}

/// Whether a line that follows a complete entry belongs to it nevertheless.
fn continues(line: &str) -> bool {
    let line = line.trim_start();
    let starts_with_else = line
        .strip_prefix("else")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
    line.starts_with("|>") || line.starts_with('.') || starts_with_else
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_lines_continue_a_complete_entry() {
        for line in ["  |> len()", ".upper()", "else { 2 }", "else"] {
            assert!(continues(line), "{line}");
        }
        for line in ["elsewhere = 1", "", "x |> len()", "let y = 1", ":quit"] {
            assert!(!continues(line), "{line}");
        }
    }
}
