//! Batches: many reads in one buffer.

use biovm_vm::value::Alphabet;
use bytes::{Bytes, BytesMut};

/// A batch is handed on when its buffer has grown to this many bytes.
pub const BATCH_BYTES: usize = 256 * 1024;
/// A batch of very short reads is handed on at this number of reads.
const BATCH_READS: usize = 8 * 1024;

/// What the letters of a read are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// A sequence of this alphabet, in upper case.
    Sequence(Alphabet),
    /// Text, as it stands in the file.
    Text,
}

/// A read, borrowed from its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadView<'a> {
    /// The name.
    pub id: &'a str,
    /// What follows the name.
    pub description: &'a str,
    /// The letters.
    pub sequence: &'a [u8],
    /// Phred+33 text, as long as the sequence; empty where the format has none.
    pub quality: &'a str,
}

/// The same as bytes; all but the sequence are UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct ReadParts<'a> {
    /// The name.
    pub id: &'a [u8],
    /// What follows the name.
    pub description: &'a [u8],
    /// The letters.
    pub sequence: &'a [u8],
    /// Phred+33 text, as long as the sequence; empty where the format has none.
    pub quality: &'a [u8],
}

/// A part as text; the builder only takes in UTF-8.
#[inline]
pub fn text(part: &[u8]) -> &str {
    std::str::from_utf8(part).unwrap_or_default()
}

/// Where a read lies in the buffer of its batch: name, description, sequence and quality follow one another.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    id: u32,
    description: u32,
    sequence: usize,
}

impl Entry {
    fn sequence_start(&self) -> usize {
        self.start + self.id as usize + self.description as usize
    }
}

/// Reads that came from the file together.
#[derive(Clone, Debug)]
pub struct Batch {
    bytes: Bytes,
    entries: Vec<Entry>,
    letters: Letters,
    has_quality: bool,
}

impl Batch {
    /// The number of reads.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What the letters of its reads are.
    pub fn letters(&self) -> Letters {
        self.letters
    }

    /// A read, by its position in the batch.
    #[inline]
    pub fn get(&self, position: usize) -> Option<ReadView<'_>> {
        let parts = self.parts(position)?;
        Some(ReadView {
            id: text(parts.id),
            description: text(parts.description),
            sequence: parts.sequence,
            quality: text(parts.quality),
        })
    }

    /// The same, where not every part is looked at.
    #[inline]
    pub fn parts(&self, position: usize) -> Option<ReadParts<'_>> {
        let entry = self.entries.get(position)?;
        let quality = if self.has_quality { entry.sequence } else { 0 };
        let rest = &self.bytes[entry.start..];
        let (id, rest) = rest.split_at(entry.id as usize);
        let (description, rest) = rest.split_at(entry.description as usize);
        let (sequence, rest) = rest.split_at(entry.sequence);
        Some(ReadParts { id, description, sequence, quality: &rest[..quality] })
    }

    /// The sequence of a read as a window into the buffer of the batch, which it keeps alive.
    pub fn sequence_window(&self, position: usize) -> Bytes {
        let Some(entry) = self.entries.get(position) else { return Bytes::new() };
        let start = entry.sequence_start();
        self.bytes.slice(start..start + entry.sequence)
    }

    /// Whether a window into the batch would keep alive much more than its own letters.
    pub fn is_wasteful_to_hold(&self, sequence: &[u8]) -> bool {
        sequence.len() < self.bytes.len() / 8
    }

    /// The bytes on the heap.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.entries.capacity() * size_of::<Entry>()
    }

    /// A builder that takes over the buffers, if nobody else holds them.
    pub fn recycle(self) -> Option<BatchBuilder> {
        let mut bytes = self.bytes.try_into_mut().ok()?;
        if bytes.capacity() > 4 * BATCH_BYTES {
            // It held a very long sequence, and should not go on doing so.
            return None;
        }
        let mut entries = self.entries;
        bytes.clear();
        entries.clear();
        Some(BatchBuilder { bytes, entries })
    }
}

/// A batch that is being filled.
#[derive(Debug, Default)]
pub struct BatchBuilder {
    bytes: BytesMut,
    entries: Vec<Entry>,
}

impl BatchBuilder {
    /// The number of reads so far.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it should be handed on.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH_BYTES || self.entries.len() >= BATCH_READS
    }

    /// Begins a read with its name and description. Bytes that are not UTF-8 are replaced; `false` says that there were
    /// some.
    pub fn begin(&mut self, id: &[u8], description: &[u8]) -> (OpenRead<'_>, bool) {
        if self.bytes.capacity() == 0 {
            // Room for the read that makes it full, as a rule.
            self.bytes.reserve(BATCH_BYTES + BATCH_BYTES / 16);
        }
        let start = self.bytes.len();
        let valid_id = append_text(&mut self.bytes, id);
        let id = self.bytes.len() - start;
        let valid_description = append_text(&mut self.bytes, description);
        let description = self.bytes.len() - start - id;
        let read = OpenRead { builder: self, start, id, description };
        (read, valid_id && valid_description)
    }

    /// The name of a read, counted from the last one, which is 0.
    pub fn recent_id(&self, back: usize) -> &str {
        let entry = self.entries.len().checked_sub(back + 1).map(|position| self.entries[position]);
        let id = entry.map(|entry| &self.bytes[entry.start..entry.start + entry.id as usize]);
        std::str::from_utf8(id.unwrap_or_default()).unwrap_or_default()
    }

    /// Leaves out a read, counted from the last one, which is 0. Its bytes stay.
    pub fn forget(&mut self, back: usize) {
        if let Some(position) = self.entries.len().checked_sub(back + 1) {
            self.entries.remove(position);
        }
    }

    /// Exchanges the last two reads.
    pub fn swap_last_two(&mut self) {
        if let [.., first, second] = self.entries.as_mut_slice() {
            std::mem::swap(first, second);
        }
    }

    /// Removes the last read again.
    pub fn retract(&mut self) {
        if let Some(entry) = self.entries.pop() {
            self.bytes.truncate(entry.start);
        }
    }

    /// Hands on what was collected.
    pub fn finish(self, letters: Letters, has_quality: bool) -> Batch {
        Batch { bytes: self.bytes.freeze(), entries: self.entries, letters, has_quality }
    }
}

fn append_text(bytes: &mut BytesMut, text: &[u8]) -> bool {
    // Longer names than offsets can hold are cut; nobody has any.
    let text = &text[..text.len().min(u32::MAX as usize / 4)];
    match std::str::from_utf8(text) {
        Ok(text) => {
            bytes.extend_from_slice(text.as_bytes());
            true
        }
        Err(_) => {
            bytes.extend_from_slice(String::from_utf8_lossy(text).as_bytes());
            false
        }
    }
}

/// A read whose letters are being appended. It becomes part of the batch by [`OpenRead::close`], and is gone if it is
/// dropped before.
pub struct OpenRead<'a> {
    builder: &'a mut BatchBuilder,
    start: usize,
    id: usize,
    description: usize,
}

impl OpenRead<'_> {
    fn sequence_start(&self) -> usize {
        self.start + self.id + self.description
    }

    /// Appends letters of the sequence.
    #[inline]
    pub fn push(&mut self, letters: &[u8]) {
        self.builder.bytes.extend_from_slice(letters);
    }

    /// Appends letters of the sequence in upper case.
    pub fn push_upper(&mut self, letters: &[u8]) {
        let end = self.builder.bytes.len();
        self.push(letters);
        self.builder.bytes[end..].make_ascii_uppercase();
    }

    /// Removes letters from the end of the sequence.
    pub fn shorten(&mut self, count: usize) {
        let end = self.builder.bytes.len().saturating_sub(count).max(self.sequence_start());
        self.builder.bytes.truncate(end);
    }

    /// Whether there are no letters so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of letters so far.
    pub fn len(&self) -> usize {
        self.builder.bytes.len() - self.sequence_start()
    }

    /// Makes it part of the batch. `quality` is Phred+33 text, as long as the sequence, or empty where the format has none.
    #[inline]
    pub fn close(mut self, quality: &[u8]) {
        let sequence = self.len();
        self.push(quality);
        let (start, id, description) = (self.start, self.id as u32, self.description as u32);
        self.builder.entries.push(Entry { start, id, description, sequence });
        self.start = self.builder.bytes.len();
    }
}

impl Drop for OpenRead<'_> {
    fn drop(&mut self) {
        self.builder.bytes.truncate(self.start);
    }
}
