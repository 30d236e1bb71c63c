//! A source text and the places in it.

use crate::span::Span;

/// A source text with its name, and an index of its lines.
#[derive(Clone, PartialEq, Debug)]
pub struct SourceText {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

/// A place as people count: both from 1, the column in characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

impl SourceText {
    /// A text that came from the file `name` (or `<repl>`, `<stdin>` …).
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> SourceText {
        let text = text.into();
        let bytes = text.as_bytes();
        let mut line_starts = vec![0];
        for (offset, &byte) in bytes.iter().enumerate() {
            // a lone `\r` ends a line as well, but the pair `\r\n` ends only one
            if byte == b'\n' || (byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n')) {
                line_starts.push(offset as u32 + 1);
            }
        }
        SourceText { name: name.into(), text, line_starts }
    }

    /// Where the text came from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Number of lines; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Line and column of a byte offset. An offset behind the end gives the end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= offset).max(1);
        let start = self.line_starts[line - 1] as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(start..end).unwrap_or("");
        // the byte-order mark is no character of the first line
        let before = if start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        Position { line, column: before.chars().count() + 1 }
    }

    /// The text of a line (from 1) without its end; empty for a line that is not there.
    pub fn line(&self, line: usize) -> &str {
        let Some(&start) = line.checked_sub(1).and_then(|index| self.line_starts.get(index)) else {
            return "";
        };
        let end = self.line_starts.get(line).map_or(self.text.len(), |&next| next as usize);
        let text = self.text[start as usize..end].trim_end_matches(['\n', '\r']);
        if line == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text }
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        span.text(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let source = SourceText::new("a.bl", "\u{feff}aé\r\nü🧬x\rlast\n");
        let place = |word: &str| {
            let offset = source.text().find(word).unwrap();
            source.position(offset as u32).to_string()
        };
        assert_eq!(place("a"), "1:1");
        assert_eq!(place("é"), "1:2");
        assert_eq!(place("x"), "2:3");
        assert_eq!(place("last"), "3:1");
        assert_eq!(source.position(source.text().len() as u32).to_string(), "4:1");
        assert_eq!(source.position(u32::MAX).to_string(), "4:1");
        assert_eq!(source.line_count(), 4);
        assert_eq!([1, 2, 3, 4, 5, 0].map(|line| source.line(line)), ["aé", "ü🧬x", "last", "", "", ""]);
    }
}
