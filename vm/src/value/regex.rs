//! Regular expressions.

use super::ForeignValue;
use crate::error::Error;
use biovm_bytecode::Type;
use biovm_bytecode::regex::{Flags, check};
use rustc_hash::FxHasher;
use std::any::Any;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The most bytes that one compiled pattern may take: repeat counts multiply, so a short pattern can ask for all memory.
const SIZE_LIMIT: usize = 10 << 20;

/// The most characters of a pattern that a message shows.
const SHOWN: usize = 60;

/// A regular expression: a pattern with flags. Two are equal where both are.
#[derive(Clone)]
pub struct Regex {
    pattern: Box<str>,
    flags: Flags,
    matcher: Arc<regex::Regex>,
}

impl Regex {
    /// Compiles the pattern; a `ValueError` where it is none, or one too large.
    pub fn new(pattern: &str, flags: Flags) -> Result<Regex, Error> {
        let matcher = regex::RegexBuilder::new(pattern)
            .case_insensitive(flags.ignore_case)
            .multi_line(flags.multi_line)
            .dot_matches_new_line(flags.dot_matches_newline)
            .size_limit(SIZE_LIMIT)
            .build()
            .map_err(|error| invalid(pattern, flags, &error))?;
        Ok(Regex { pattern: pattern.into(), flags, matcher: Arc::new(matcher) })
    }

    /// The pattern, without slashes.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The flags.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// The compiled pattern. Clones of the pointer share what the matcher has learned about texts; clones of the matcher
    /// would begin anew.
    pub fn matcher(&self) -> &Arc<regex::Regex> {
        &self.matcher
    }
}

#[cold]
fn invalid(pattern: &str, flags: Flags, error: &regex::Error) -> Error {
    let shown = match pattern.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &pattern[..end]),
        None => pattern.to_owned(),
    };
    if let regex::Error::CompiledTooBig(limit) = error {
        let megabytes = limit >> 20;
        return Error::value_error(format!(
            "regex '{shown}' is too large: compiled it takes more than {megabytes} MB"
        ))
        .with_hint("repeat counts such as {1000} multiply: make them smaller, or match piece by piece");
    }
    match check(pattern, flags) {
        Err(wrong) => {
            let position = pattern.get(..wrong.start).map_or(0, |before| before.chars().count());
            let error = Error::value_error(format!(
                "invalid regex '{shown}': {} at position {position}",
                wrong.message
            ));
            match wrong.hint {
                Some(hint) => error.with_hint(hint),
                None => error,
            }
        }
        Ok(()) => Error::value_error(format!("invalid regex '{shown}'")),
    }
}

impl ForeignValue for Regex {
    fn type_of(&self) -> Type {
        Type::Regex
    }

    /// As a literal: `/a+b/i`.
    fn text(&self) -> String {
        format!("/{}/{}", self.pattern.replace('/', r"\/"), self.flags)
    }

    fn equals(&self, other: &dyn ForeignValue) -> bool {
        let other = other.as_any().downcast_ref::<Regex>();
        other.is_some_and(|other| self.pattern == other.pattern && self.flags == other.flags)
    }

    fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        (&self.pattern, self.flags).hash(&mut hasher);
        hasher.finish()
    }

    fn size(&self) -> usize {
        self.pattern.len()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regex(pattern: &str, flags: &str) -> Regex {
        Regex::new(pattern, Flags::parse(flags).unwrap()).unwrap()
    }

    fn message(pattern: &str) -> String {
        match Regex::new(pattern, Flags::default()) {
            Ok(_) => panic!("{pattern:?} is valid"),
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn flags_change_what_matches() {
        assert!(!regex("acgt", "").matcher().is_match("ACGT"));
        assert!(regex("acgt", "i").matcher().is_match("ACGT"));
        assert!(!regex("^b", "").matcher().is_match("a\nb"));
        assert!(regex("^b", "m").matcher().is_match("a\nb"));
        assert!(!regex("a.b", "").matcher().is_match("a\nb"));
        assert!(regex("a.b", "s").matcher().is_match("a\nb"));
    }

    #[test]
    fn equal_by_pattern_and_flags() {
        let (one, same) = (regex("a+", "gi"), regex("a+", "ig"));
        assert!(one.equals(&same) && ForeignValue::hash(&one) == ForeignValue::hash(&same));
        assert!(!one.equals(&regex("a+", "i")) && !one.equals(&regex("a", "gi")));
    }

    #[test]
    fn text_is_the_literal() {
        assert_eq!(regex("a+b", "i").text(), "/a+b/i");
        assert_eq!(regex("a/b", "").text(), r"/a\/b/");
    }

    #[test]
    fn invalid_patterns() {
        assert_eq!(message("é(b"), "invalid regex 'é(b': unclosed group at position 1");
        assert!(message("(?:a{1000}){1000}").ends_with("is too large: compiled it takes more than 10 MB"));
        assert!(message(&"(".repeat(1000)).contains(&format!("'{}…'", "(".repeat(SHOWN))));
    }
}
