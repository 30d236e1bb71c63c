//! Text.

use super::Shared;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Immutable UTF-8 text. Positions and lengths are in characters, so the number of characters is kept once known.
#[derive(Clone)]
pub struct Str(Shared<Body>);

struct Body {
    text: String,
    /// The number of characters, or `UNKNOWN`.
    characters: AtomicUsize,
}

const UNKNOWN: usize = usize::MAX;

impl Clone for Body {
    fn clone(&self) -> Body {
        Body {
            text: self.text.clone(),
            characters: AtomicUsize::new(self.characters.load(Ordering::Relaxed)),
        }
    }
}

impl Str {
    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The number of characters.
    pub fn char_count(&self) -> usize {
        let known = self.0.characters.load(Ordering::Relaxed);
        if known != UNKNOWN {
            return known;
        }
        let count = self.as_str().chars().count();
        self.0.characters.store(count, Ordering::Relaxed);
        count
    }

    /// Whether every character is one byte, so that character positions are byte positions.
    pub fn is_single_byte(&self) -> bool {
        self.char_count() == self.as_str().len()
    }

    /// The character at a position.
    pub fn char_at(&self, position: usize) -> Option<&str> {
        if self.is_single_byte() {
            return self.as_str().get(position..position + 1);
        }
        let (start, found) = self.as_str().char_indices().nth(position)?;
        self.as_str().get(start..start + found.len_utf8())
    }

    /// The text, to append to it; copied first where there are other holders.
    pub fn make_mut(&mut self) -> &mut String {
        let body = self.0.make_mut();
        *body.characters.get_mut() = UNKNOWN;
        &mut body.text
    }

    /// Whether nobody else holds the text.
    pub fn is_unique(&self) -> bool {
        self.0.is_unique()
    }

    /// Whether both are the same object in memory; a quick way to equality.
    pub fn same(&self, other: &Str) -> bool {
        self.0.same(&other.0)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str(Shared::new(Body { text, characters: AtomicUsize::new(UNKNOWN) }))
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str::from(text.to_owned())
    }
}

impl std::ops::Deref for Str {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl std::borrow::Borrow<str> for Str {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Str) -> bool {
        self.same(other) || self.as_str() == other.as_str()
    }
}

impl Eq for Str {}

impl std::hash::Hash for Str {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // As `str`, so that maps can be asked with a plain `&str`.
        self.as_str().hash(state);
    }
}

impl std::fmt::Debug for Str {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self.as_str(), formatter)
    }
}
