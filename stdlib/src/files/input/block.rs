//! A window on the input that moves on and grows as a parser asks for it.

use super::Input;
use biovm_vm::Error;
use std::io::{self, BufRead, Read};

/// The bytes of the input that are in memory.
///
/// A parser looks at [`Block::data`], moves on with [`Block::advance`], and asks for more with [`Block::grow`]. As a
/// `BufRead` it moves on by itself and counts lines.
pub struct Block {
    input: Input,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether the input has no more bytes than those in memory.
    ended: bool,
    error: Option<Error>,
    /// The number of line feeds that were passed.
    lines: u64,
    at_line_start: bool,
}

impl Block {
    /// A window of that size at the start of the input.
    pub fn new(input: Input, size: usize) -> Block {
        let bytes = vec![0; size];
        let mut block = Block {
            input,
            bytes,
            start: 0,
            end: 0,
            ended: false,
            error: None,
            lines: 0,
            at_line_start: true,
        };
        block.grow();
        if block.data().starts_with(b"\xef\xbb\xbf") {
            block.start = 3;
        }
        block
    }

    /// The bytes in memory that were not passed yet.
    #[inline]
    pub fn data(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Whether nothing follows the bytes in memory.
    #[inline]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Whether the input is read to its end.
    pub fn is_exhausted(&self) -> bool {
        self.ended && self.start == self.end
    }

    /// Why the input ended, where it is not because it was complete.
    pub fn take_error(&mut self) -> Option<Error> {
        self.error.take()
    }

    /// The input.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The number of lines before the current position.
    pub fn lines_passed(&self) -> u64 {
        self.lines
    }

    /// Whether the current position is the start of a line.
    pub fn at_line_start(&self) -> bool {
        self.at_line_start
    }

    /// Passes bytes whose lines the caller has counted.
    #[inline]
    pub fn advance(&mut self, count: usize, lines: u64) {
        self.start = (self.start + count).min(self.end);
        self.lines += lines;
    }

    /// Reads on, so that more bytes follow the current position. Does nothing at the end of the input.
    pub fn grow(&mut self) {
        if self.ended {
            return;
        }
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.bytes.len() {
            // One record is larger than the window.
            self.bytes.resize(self.bytes.len().max(1) * 2, 0);
        }
        let wanted = self.bytes.len() - self.end;
        let (filled, error) = self.input.fill(&mut self.bytes[self.end..]);
        self.end += filled;
        self.ended = filled < wanted || error.is_some();
        self.error = error;
    }
}

impl Read for Block {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Block {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.grow();
        }
        Ok(self.data())
    }

    fn consume(&mut self, count: usize) {
        let passed = &self.bytes[self.start..(self.start + count).min(self.end)];
        let Some(last) = passed.last() else { return };
        self.at_line_start = *last == b'\n';
        let lines = memchr::memchr_iter(b'\n', passed).count() as u64;
        self.advance(count, lines);
    }
}
