//! The lines of a source, found by position.

use crate::program::Source;

/// A source and where its lines begin, so that a listing does not count them anew for each instruction.
pub(super) struct LineTable<'program> {
    source: &'program Source,
    starts: Vec<usize>,
}

impl<'program> LineTable<'program> {
    pub(super) fn new(source: &'program Source) -> Self {
        LineTable { source, starts: source.line_starts().collect() }
    }

    pub(super) fn name(&self) -> &'program str {
        &self.source.name
    }

    /// The number, from 1, of the line that holds the byte.
    pub(super) fn line_of(&self, byte: u32) -> usize {
        self.starts.partition_point(|start| *start <= byte as usize)
    }

    /// The text of a line that [`LineTable::line_of`] named.
    pub(super) fn text(&self, line: usize) -> &'program str {
        let start = self.starts[line - 1];
        let end = self.starts.get(line).copied().unwrap_or(self.source.text.len());
        self.source.text[start..end].trim_end()
    }
}
