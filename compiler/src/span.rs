//! Places in a source text.

/// A piece of the source: byte offsets, the end exclusive.
///
/// Four bytes each are enough: a source text is at most 4 GB (see [`crate::source::SourceText`]).
/// Reports turn offsets into lines and columns with [`crate::source::SourceText::position`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The piece from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The same from offsets as the standard library gives them.
    pub const fn from_range(range: std::ops::Range<usize>) -> Span {
        Span { start: range.start as u32, end: range.end as u32 }
    }

    /// An empty piece at `offset`.
    pub const fn at(offset: u32) -> Span {
        Span { start: offset, end: offset }
    }

    /// The shortest piece that contains both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Number of bytes.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers no text at all.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The offsets as an index into the source.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The covered text; empty when the span does not belong to `source`.
    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}
