//! Gzip, and BGZF, which is gzip in blocks.

use biovm_vm::task::budget::{Budget, Grant};
use flate2::bufread::MultiGzDecoder;
use noodles::bgzf;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The content of all members of a gzip file.
pub fn members(reader: impl BufRead + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(MultiGzDecoder::new(reader))
}

/// The content of a BGZF file, decompressed by threads that the budget grants. The flag is set at its end if the empty
/// block is missing that every complete file ends with.
pub fn blocks(
    reader: impl BufRead + Send + 'static,
    budget: Option<&Budget>,
) -> (Box<dyn Read + Send>, Arc<AtomicBool>) {
    let incomplete = Arc::new(AtomicBool::new(false));
    let frames =
        Frames { reader: Box::new(reader), header: [0; HEADER], pending: 0, remaining: 0, end: End::Open };
    // The other half is for what the script does with the records.
    let grant = budget.map(|budget| budget.take((budget.workers() / 2).clamp(1, MOST_THREADS)));
    let threads = grant.as_ref().map_or(0, |grant| grant.threads);
    let reader = match (NonZero::new(threads), grant) {
        (Some(threads), Some(grant)) => {
            let reader = bgzf::io::MultithreadedReader::with_worker_count(threads, frames);
            BlockReader::Several(Box::new(reader), grant)
        }
        _ => BlockReader::One(bgzf::io::Reader::new(frames)),
    };
    (Box::new(Blocks::Bgzf(reader, incomplete.clone())), incomplete)
}

/// More threads than these are faster than any parser.
const MOST_THREADS: usize = 4;

/// The length of the header of a BGZF block.
const HEADER: usize = 18;
/// The length of the empty block at the end of a file.
const EMPTY_BLOCK: usize = 28;

/// Whether this is the header of a BGZF block: gzip with the extra subfield `BC`, and nothing else in the extra field.
pub fn is_block_header(start: &[u8]) -> bool {
    matches!(start, [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, 6, 0, b'B', b'C', 2, 0, ..] if flags & 4 != 0)
}

/// How the blocks of a file end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    /// The last block was the empty one.
    Marked,
    /// Inside of a header, which the block reader would take for the end of the file.
    CutOff,
    /// Ordinary gzip follows, as `cat a.bgz b.gz` makes it.
    Gzip,
}

/// Passes on one block after the other, and stops where no block follows.
struct Frames {
    reader: Box<dyn BufRead + Send>,
    header: [u8; HEADER],
    /// Bytes of the header that are not passed on yet.
    pending: usize,
    /// Bytes of the block behind its header that are not passed on yet.
    remaining: usize,
    end: End,
}

impl Frames {
    /// Reads the next header. `false` where no block follows.
    fn next_block(&mut self) -> io::Result<bool> {
        let mut filled = 0;
        while filled < HEADER {
            match self.reader.read(&mut self.header[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if filled == 0 {
            return Ok(false);
        }
        if filled < HEADER {
            self.end = End::CutOff;
            return Ok(false);
        }
        if !is_block_header(&self.header) {
            self.end = End::Gzip;
            return Ok(false);
        }
        let size = usize::from(u16::from_le_bytes([self.header[16], self.header[17]])) + 1;
        self.end = if size == EMPTY_BLOCK { End::Marked } else { End::Open };
        self.pending = HEADER;
        self.remaining = size.saturating_sub(HEADER);
        Ok(true)
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.pending == 0 && self.remaining == 0 {
            let ended = matches!(self.end, End::CutOff | End::Gzip);
            if ended || !self.next_block()? {
                return Ok(0);
            }
        }
        if self.pending > 0 {
            let count = buffer.len().min(self.pending);
            let from = HEADER - self.pending;
            buffer[..count].copy_from_slice(&self.header[from..from + count]);
            self.pending -= count;
            return Ok(count);
        }
        let wanted = buffer.len().min(self.remaining);
        let count = self.reader.read(&mut buffer[..wanted])?;
        self.remaining -= count;
        Ok(count)
    }
}

type Rest = BufReader<Chain<Cursor<Vec<u8>>, Box<dyn BufRead + Send>>>;

/// Decompresses blocks on this thread, or on several others.
enum BlockReader {
    One(bgzf::io::Reader<Frames>),
    Several(Box<bgzf::io::MultithreadedReader<Frames>>, Grant),
}

impl BlockReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            BlockReader::One(reader) => reader.read(buffer),
            BlockReader::Several(reader, _) => reader.read(buffer),
        }
    }

    /// What the blocks came from, once they are read to their end.
    fn into_inner(self) -> io::Result<Frames> {
        match self {
            BlockReader::One(reader) => Ok(reader.into_inner()),
            BlockReader::Several(mut reader, _grant) => reader.finish(),
        }
    }
}

/// Reads blocks, and the ordinary gzip that may follow them.
enum Blocks {
    Bgzf(BlockReader, Arc<AtomicBool>),
    Gzip(Box<MultiGzDecoder<Rest>>),
    Ended,
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let reader = match self {
                Blocks::Bgzf(reader, _) => reader,
                Blocks::Gzip(reader) => return reader.read(buffer),
                Blocks::Ended => return Ok(0),
            };
            let count = reader.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Blocks::Bgzf(reader, incomplete) = std::mem::replace(self, Blocks::Ended) else {
                return Ok(0);
            };
            let frames = reader.into_inner()?;
            match frames.end {
                End::CutOff => return Err(io::ErrorKind::UnexpectedEof.into()),
                End::Open => incomplete.store(true, Ordering::Relaxed),
                End::Marked => {}
                End::Gzip => {
                    let rest = Cursor::new(frames.header.to_vec()).chain(frames.reader);
                    *self = Blocks::Gzip(Box::new(MultiGzDecoder::new(BufReader::new(rest))));
                }
            }
        }
    }
}
