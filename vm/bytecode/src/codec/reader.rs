//! Reads the primitives of the format, never past the end of a section.

use super::error::FormatError;

/// A cursor over a part of the file.
pub(super) struct Reader<'file> {
    /// The file up to the end of the part, so that positions are offsets in the file.
    bytes: &'file [u8],
    position: usize,
    section: &'static str,
}

impl<'file> Reader<'file> {
    /// A reader of the bytes from `start` to `end`, which must lie in the file.
    pub(super) fn new(file: &'file [u8], start: usize, end: usize, section: &'static str) -> Self {
        Reader { bytes: &file[..end], position: start, section }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.position == self.bytes.len()
    }

    pub(super) fn malformed(&self, problem: String) -> FormatError {
        FormatError::Malformed { section: self.section, offset: self.position, problem }
    }

    /// The next `length` bytes.
    fn take(&mut self, length: usize) -> Result<&'file [u8], FormatError> {
        let rest = &self.bytes[self.position..];
        let Some(taken) = rest.get(..length) else {
            return Err(self.malformed("it ends too early".to_owned()));
        };
        self.position += length;
        Ok(taken)
    }

    pub(super) fn skip(&mut self, length: usize) -> Result<(), FormatError> {
        self.take(length).map(drop)
    }

    /// A reader of the next `length` bytes, over which this one steps.
    pub(super) fn part(&mut self, length: usize, section: &'static str) -> Result<Self, FormatError> {
        let start = self.position;
        self.skip(length)?;
        Ok(Reader::new(self.bytes, start, self.position, section))
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, FormatError> {
        match self.bytes.get(self.position) {
            Some(byte) => {
                self.position += 1;
                Ok(*byte)
            }
            None => Err(self.malformed("it ends too early".to_owned())),
        }
    }

    pub(super) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], FormatError> {
        let mut array = [0; LENGTH];
        array.copy_from_slice(self.take(LENGTH)?);
        Ok(array)
    }

    pub(super) fn boolean(&mut self) -> Result<bool, FormatError> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.malformed(format!("{other} is neither 0 nor 1"))),
        }
    }

    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, FormatError> {
        // Most numbers have one byte.
        match self.bytes.get(self.position) {
            Some(byte) if *byte < 0x80 => {
                self.position += 1;
                Ok((*byte).into())
            }
            _ => self.long_number(),
        }
    }

    #[inline(never)]
    fn long_number(&mut self) -> Result<u64, FormatError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.malformed("a number is larger than 64 bits".to_owned()))
    }

    pub(super) fn signed(&mut self) -> Result<i64, FormatError> {
        self.number().map(unzigzag)
    }

    /// A number that fits its type.
    pub(super) fn narrow<T: TryFrom<u64>>(&mut self) -> Result<T, FormatError> {
        let number = self.number()?;
        self.fit(number)
    }

    /// That number in a smaller type.
    pub(super) fn fit<T: TryFrom<u64>>(&self, number: u64) -> Result<T, FormatError> {
        T::try_from(number).map_err(|_| self.malformed(format!("the number {number} is too large here")))
    }

    /// A number of items, each of which takes at least `least` bytes: bounded before anything is allocated for it.
    pub(super) fn count(&mut self, least: usize) -> Result<usize, FormatError> {
        let count = self.number()?;
        let most = (self.bytes.len() - self.position) / least;
        match usize::try_from(count) {
            Ok(count) if count <= most => Ok(count),
            _ => Err(self.malformed(format!("a count of {count} is more than the bytes that are left"))),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, FormatError> {
        let length = self.count(1)?;
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(self.malformed("a text is not UTF-8".to_owned())),
        }
    }

    /// A number of items, each of at least `least` bytes, and then the items.
    pub(super) fn list<T>(
        &mut self,
        least: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, FormatError>,
    ) -> Result<Vec<T>, FormatError> {
        let count = self.count(least)?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(read(self)?);
        }
        Ok(items)
    }
}

/// The inverse of [`super::writer::zigzag`].
pub(super) fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
