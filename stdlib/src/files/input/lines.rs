//! Bytes in memory for a parser of lines.

use std::io::{self, BufRead, Read};

/// A slice as a `BufRead` that finds the ends of lines with vector instructions; the one of the standard library looks at a
/// word at a time.
pub struct Lines<'a>(pub &'a [u8]);

impl Read for Lines<'_> {
    #[inline]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }

    #[inline]
    fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_exact(buffer)
    }
}

impl BufRead for Lines<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.0)
    }

    #[inline]
    fn consume(&mut self, count: usize) {
        self.0.consume(count);
    }

    #[inline]
    fn read_until(&mut self, delimiter: u8, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let length = memchr::memchr(delimiter, self.0).map_or(self.0.len(), |position| position + 1);
        let (line, rest) = self.0.split_at(length);
        buffer.extend_from_slice(line);
        self.0 = rest;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_those_of_a_slice() {
        for text in ["", "\n", "one", "one\n", "one\ntwo", "\n\nthree\r\n", "a\nb\nc\n"] {
            let (mut lines, mut slice) = (Lines(text.as_bytes()), text.as_bytes());
            loop {
                let (mut found, mut expected) = (vec![b'>'], vec![b'>']);
                let lengths =
                    (lines.read_until(b'\n', &mut found).ok(), slice.read_until(b'\n', &mut expected).ok());
                assert_eq!((lengths.0, &found, lines.0), (lengths.1, &expected, slice), "{text:?}");
                if lengths.0 == Some(0) {
                    break;
                }
            }
        }
    }
}
