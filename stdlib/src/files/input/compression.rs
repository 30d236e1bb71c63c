//! Opening a file whose compression shows in its first bytes, not in its name.

use super::meter::{Counted, Meter};
use super::{gzip, lookup};
use biovm_vm::task::budget::Budget;
use biovm_vm::{Context, Error, ErrorKind};
use bzip2::bufread::MultiBzDecoder;
use lzma_rust2::XzReader;
use std::fs::Metadata;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file that is open for reading, decompressed.
pub struct Input {
    /// The path as the script wrote it, for messages.
    pub name: String,
    reader: Box<dyn Read + Send>,
    compressed: bool,
    /// Whether it is standard input, which may make its reader wait for ever.
    pub is_stdin: bool,
    /// Set at the end of a BGZF file that lacks its end marker.
    incomplete: Option<Arc<AtomicBool>>,
    meter: Meter,
}

/// The bytes that tell how a file is compressed.
const SNIFFED: usize = 18;

/// Compressed bytes that are read at once.
const BUFFER: usize = 128 * 1024;

/// A BGZF file that is known to be smaller is not worth threads.
const WORTH_THREADS: u64 = 1 << 20;

/// More memory than this, in KiB, is not taken to decompress xz; `xz -9` asks for 65 MiB.
const XZ_MEMORY: u32 = 512 * 1024;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Bgzf,
    Zstd,
    Bzip2,
    Xz,
}

fn compression_of(start: &[u8]) -> Compression {
    match start {
        _ if gzip::is_block_header(start) => Compression::Bgzf,
        [0x1f, 0x8b, ..] => Compression::Gzip,
        // A frame, or a frame to skip, with which the files of parallel compressors begin.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
        // The first block, or the end of an empty file.
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, ..] => {
            Compression::Bzip2
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
        _ => Compression::None,
    }
}

/// Opens a file: `-` is standard input. A relative path is looked for in the working directory, then in the directory
/// that `BIOLANG_DATA_DIR` names.
pub fn open(context: &Context, path: &str) -> Result<Input, Error> {
    if path == "-" {
        let input = Counted::new(io::stdin(), &context.totals);
        return Input::with("standard input", Box::new(input), true, None, Some(&context.budget));
    }
    if path.contains("://") {
        return Err(Error::new(ErrorKind::Io, format!("cannot read {path}: remote files are not supported"))
            .with_hint("download it first"));
    }
    let file = lookup::open(&context.gate, path)?;
    let size = file.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len());
    let file = Counted::new(file, &context.totals);
    Input::with(path, Box::new(file), false, size, Some(&context.budget))
}

impl Input {
    /// Input from any reader, decompressed on this thread as its first bytes ask for.
    pub fn new(
        name: impl Into<String>,
        reader: Box<dyn Read + Send>,
        is_stdin: bool,
    ) -> Result<Input, Error> {
        Input::with(name, reader, is_stdin, None, None)
    }

    /// Input whose size may be known, decompressed with threads of the budget where the format allows that.
    pub fn with(
        name: impl Into<String>,
        reader: Box<dyn Read + Send>,
        is_stdin: bool,
        size: Option<u64>,
        budget: Option<&Budget>,
    ) -> Result<Input, Error> {
        let name = name.into();
        let (mut reader, meter) = Meter::around(reader, size);
        let mut start = [0; SNIFFED];
        let (length, error) = fill(&mut reader, &mut start);
        if let Some(error) = error {
            return Err(unreadable(&name, &error));
        }
        let start = &start[..length];
        let compression = compression_of(start);
        let whole = Cursor::new(start.to_vec()).chain(reader);
        let buffered = |whole| BufReader::with_capacity(BUFFER, whole);
        let mut incomplete = None;
        let reader: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(whole),
            Compression::Gzip => gzip::members(buffered(whole)),
            Compression::Bgzf => {
                let budget = budget.filter(|_| size.is_none_or(|size| size >= WORTH_THREADS));
                let (reader, flag) = gzip::blocks(buffered(whole), budget);
                incomplete = Some(flag);
                reader
            }
            Compression::Zstd => Box::new(
                zstd::stream::read::Decoder::with_buffer(buffered(whole))
                    .map_err(|error| unreadable(&name, &error))?,
            ),
            Compression::Bzip2 => Box::new(MultiBzDecoder::new(buffered(whole))),
            Compression::Xz => Box::new(XzReader::new_mem_limit(buffered(whole), true, XZ_MEMORY)),
        };
        let compressed = compression != Compression::None;
        Ok(Input { name, reader, compressed, is_stdin, incomplete, meter })
    }

    /// How far the file is read.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// What the user should know about a file that was read to its end.
    pub fn warning(&self) -> Option<String> {
        let incomplete = self.incomplete.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        incomplete.then(|| {
            format!("{}: the end marker of the BGZF file is missing; the file may be cut off", self.name)
        })
    }

    /// Reads into the buffer until it is full or the input ends. An error comes after the bytes before it.
    pub fn fill(&mut self, buffer: &mut [u8]) -> (usize, Option<Error>) {
        let (filled, error) = fill(&mut self.reader, buffer);
        (filled, error.map(|error| self.error(&error)))
    }

    fn error(&self, error: &io::Error) -> Error {
        let name = &self.name;
        match error.kind() {
            io::ErrorKind::UnexpectedEof if self.compressed => {
                let bytes = self.meter.done();
                Error::new(ErrorKind::Format, format!("{name}: unexpected end of compressed data"))
                    .with_hint(format!("the file is cut off at byte {bytes}; copy or download it again"))
            }
            // Everything that a decompressor says itself; what the system says has a code.
            _ if self.compressed && error.raw_os_error().is_none() => {
                Error::new(ErrorKind::Format, format!("{name}: damaged compressed data: {error}"))
            }
            _ => unreadable(name, error),
        }
    }
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot read {name}: {error}"))
}

/// Reads until the buffer is full or the reader ends; an error comes after the bytes before it.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}
