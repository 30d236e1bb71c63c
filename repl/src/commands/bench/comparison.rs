//! Whether a script prints the same each time.

use super::with_workers;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

/// The most characters of a line that are shown.
const MOST_CHARACTERS: usize = 80;

/// Keeps what was printed first and compares what is printed later. The first output is kept in a file, since it may be long.
#[derive(Default)]
pub struct Comparison {
    first: Option<File>,
    difference: Option<Difference>,
}

/// Where two outputs differ first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number of the line, from 1.
    line: usize,
    /// The line in both; `None` behind the end.
    first: Option<String>,
    other: Option<String>,
}

impl Comparison {
    /// Reads an output to its end, and compares it with the first.
    pub fn add(&mut self, mut output: impl Read) -> io::Result<()> {
        match &mut self.first {
            None => {
                let mut file = tempfile::tempfile()?;
                io::copy(&mut output, &mut file)?;
                file.flush()?;
                self.first = Some(file);
            }
            Some(file) => {
                file.seek(SeekFrom::Start(0))?;
                let mut output = BufReader::new(output);
                self.difference = compare(BufReader::new(file), &mut output)?;
                // The script is not to fail because nobody reads it.
                io::copy(&mut output, &mut io::sink())?;
            }
        }
        Ok(())
    }

    /// Where the last output differs from the first.
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }
}

fn compare(mut first: impl BufRead, mut other: impl BufRead) -> io::Result<Option<Difference>> {
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for line in 1.. {
        expected.clear();
        found.clear();
        let ends = (first.read_until(b'\n', &mut expected)?, other.read_until(b'\n', &mut found)?);
        if expected != found {
            let text = |count: usize, bytes: &[u8]| (count > 0).then(|| printable(bytes));
            return Ok(Some(Difference {
                line,
                first: text(ends.0, &expected),
                other: text(ends.1, &found),
            }));
        }
        if ends == (0, 0) {
            break;
        }
    }
    Ok(None)
}

/// A line as a message can show it.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line: String =
        text.trim_end_matches('\n').chars().map(|each| if each.is_control() { ' ' } else { each }).collect();
    match line.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

impl Difference {
    /// What there is to say about it.
    pub fn describe(&self, first: usize, other: usize) -> String {
        let shown =
            |line: &Option<String>| line.clone().unwrap_or_else(|| "(the output has ended)".to_owned());
        let (first, other) = (with_workers(first), with_workers(other));
        let width = first.len().max(other.len()) + 1;
        format!(
            "error: the script prints something else with {other} than with {first}, from line {} on\n  \
             {:width$} {}\n  {:width$} {}\n  \
             hint: results must not depend on the order in which threads work; a script that prints times or random \
             numbers can be measured with --any-output",
            self.line,
            format!("{first}:"),
            shown(&self.first),
            format!("{other}:"),
            shown(&self.other),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(first: &str, other: &str) -> Option<(usize, Option<String>, Option<String>)> {
        let mut comparison = Comparison::default();
        comparison.add(first.as_bytes()).expect("a file");
        assert_eq!(comparison.difference(), None);
        comparison.add(other.as_bytes()).expect("a file");
        comparison.difference().map(|found| (found.line, found.first.clone(), found.other.clone()))
    }

    #[test]
    fn outputs_are_compared_line_by_line() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(difference("", ""), None);
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\n", "a\nc\n"), Some((2, text("b"), text("c"))));
        assert_eq!(difference("a\n", "a\nb\n"), Some((2, None, text("b"))));
        assert_eq!(difference("a\nb", "a\n"), Some((2, text("b"), None)));
        assert_eq!(difference("\u{1b}[1m", "x"), Some((1, text(" [1m"), text("x"))));
    }

    #[test]
    fn the_difference_names_both() {
        let found = Difference { line: 3, first: Some("a".to_owned()), other: None };
        let text = found.describe(1, 12);
        assert!(
            text.starts_with(
                "error: the script prints something else with 12 workers than with 1 worker, from line 3 on\n  \
                 1 worker:   a\n  12 workers: (the output has ended)\n  hint: "
            ),
            "{text}"
        );
    }
}
