//! Regular expressions as both sides see them: flags, and whether a pattern is one.
//!
//! The syntax is that of the `regex` crate: matching takes time in proportion to the text, so there is no look-around
//! and there are no back-references.

use regex_syntax::ast::{ErrorKind, Span};
use std::fmt;

/// What may stand behind a regex literal. They are written in the order of the alphabet, whatever the script wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    /// `g`: part of the literal, but without effect, as each builtin says itself whether it takes all matches.
    pub global: bool,
    /// `i`: letters match whatever their case.
    pub ignore_case: bool,
    /// `m`: `^` and `$` match at the ends of lines too.
    pub multi_line: bool,
    /// `s`: `.` matches a newline too.
    pub dot_matches_newline: bool,
}

impl Flags {
    /// The flags of these letters; the first letter that is none as the error.
    pub fn parse(letters: &str) -> Result<Flags, char> {
        let mut flags = Flags::default();
        for letter in letters.chars() {
            match letter {
                'g' => flags.global = true,
                'i' => flags.ignore_case = true,
                'm' => flags.multi_line = true,
                's' => flags.dot_matches_newline = true,
                wrong => return Err(wrong),
            }
        }
        Ok(flags)
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [
            (self.global, "g"),
            (self.ignore_case, "i"),
            (self.multi_line, "m"),
            (self.dot_matches_newline, "s"),
        ];
        letters.iter().filter(|(is_set, _)| *is_set).try_for_each(|(_, letter)| formatter.write_str(letter))
    }
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// In one line, without the pattern.
    pub message: String,
    /// The piece of the pattern that is meant, in bytes.
    pub start: usize,
    /// Where the piece ends, in bytes, exclusive.
    pub end: usize,
    /// What to do instead.
    pub hint: Option<&'static str>,
}

/// Whether the pattern is a regular expression.
pub fn check(pattern: &str, flags: Flags) -> Result<(), SyntaxError> {
    use regex_syntax::Error;
    let mut parser = regex_syntax::ParserBuilder::new()
        .case_insensitive(flags.ignore_case)
        .multi_line(flags.multi_line)
        .dot_matches_new_line(flags.dot_matches_newline)
        .build();
    match parser.parse(pattern) {
        Ok(_) => Ok(()),
        Err(Error::Parse(error)) => {
            Err(SyntaxError::new(error.kind().to_string(), error.span(), hint(error.kind())))
        }
        Err(Error::Translate(error)) => Err(SyntaxError::new(error.kind().to_string(), error.span(), None)),
        Err(_) => Err(SyntaxError {
            message: "invalid pattern".to_owned(),
            start: 0,
            end: pattern.len(),
            hint: None,
        }),
    }
}

impl SyntaxError {
    fn new(message: String, span: &Span, hint: Option<&'static str>) -> SyntaxError {
        SyntaxError { message, start: span.start.offset, end: span.end.offset, hint }
    }
}

fn hint(kind: &ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::UnsupportedLookAround => {
            Some("match the surroundings too, and take the part in parentheses with regex_captures()")
        }
        ErrorKind::UnsupportedBackreference => Some("a group cannot be repeated by its number"),
        ErrorKind::RepetitionMissing => Some(r"to match the sign itself write a \ before it"),
        ErrorKind::GroupUnclosed => Some(r"to match a parenthesis itself write \("),
        ErrorKind::GroupUnopened => Some(r"to match a parenthesis itself write \)"),
        ErrorKind::ClassUnclosed => Some(r"to match a bracket itself write \["),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_put_in_order() {
        assert_eq!(Flags::parse("smig").map(|flags| flags.to_string()), Ok("gims".to_owned()));
        assert_eq!(Flags::parse("ii"), Flags::parse("i"));
        assert_eq!(Flags::parse("ix"), Err('x'));
        assert_eq!(Flags::default().to_string(), "");
    }

    #[test]
    fn patterns() {
        let wrong = |pattern: &str| {
            let error = check(pattern, Flags::default()).unwrap_err();
            (error.message, error.start, error.end, error.hint.is_some())
        };
        assert_eq!(check(r"^(?P<id>\w+)\s*(?i:x|y)$", Flags::default()), Ok(()));
        assert_eq!(wrong("a(b"), ("unclosed group".to_owned(), 1, 2, true));
        assert_eq!(wrong("é*+)").1, 4);
        assert!(wrong(r"(a)\1").3 && wrong("(?=a)").3);
        // Refused by the second pass of the parser.
        assert_eq!(wrong(r"\pX").0, "Unicode property not found");
        assert_eq!((wrong(r"\pX").1, wrong(r"\pX").2), (0, 3));
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let pattern = "(".repeat(100_000) + &")".repeat(100_000);
        assert!(check(&pattern, Flags::default()).is_err());
    }
}
