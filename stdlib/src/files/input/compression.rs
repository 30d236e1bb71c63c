//! Opening a file whose compression shows in its first bytes, not in its name.

use super::{gzip, lookup};
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
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
}

/// The bytes that tell how a file is compressed.
const SNIFFED: usize = 18;

/// Compressed bytes that are read at once.
const BUFFER: usize = 128 * 1024;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Bgzf,
    /// Compressed by a program that is named here, and not read yet.
    Other(&'static str, &'static str),
}

fn compression_of(start: &[u8]) -> Compression {
    match start {
        _ if gzip::is_block_header(start) => Compression::Bgzf,
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Other("zstd", "zstd -d"),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => Compression::Other("bzip2", "bunzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Other("xz", "unxz"),
        _ => Compression::None,
    }
}

/// Opens a file: `-` is standard input. A relative path is looked for in the working directory, then in the directory
/// that `BIOLANG_DATA_DIR` names.
pub fn open(gate: &Gate, path: &str) -> Result<Input, Error> {
    if path == "-" {
        return Input::new("standard input", Box::new(io::stdin()), true);
    }
    if path.contains("://") {
        return Err(Error::new(ErrorKind::Io, format!("cannot read {path}: remote files are not supported"))
            .with_hint("download it first"));
    }
    let file = lookup::open(gate, path)?;
    Input::new(path, Box::new(file), false)
}

impl Input {
    /// Input from any reader, decompressed as its first bytes ask for.
    pub fn new(
        name: impl Into<String>,
        mut reader: Box<dyn Read + Send>,
        is_stdin: bool,
    ) -> Result<Input, Error> {
        let name = name.into();
        let mut start = [0; SNIFFED];
        let (length, error) = fill(&mut reader, &mut start);
        if let Some(error) = error {
            return Err(unreadable(&name, &error));
        }
        let start = &start[..length];
        let compression = compression_of(start);
        let whole = Cursor::new(start.to_vec()).chain(reader);
        let mut incomplete = None;
        let reader: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(whole),
            Compression::Gzip => gzip::members(BufReader::with_capacity(BUFFER, whole)),
            Compression::Bgzf => {
                let (reader, flag) = gzip::blocks(BufReader::with_capacity(BUFFER, whole));
                incomplete = Some(flag);
                reader
            }
            Compression::Other(format, tool) => {
                let message = format!("{name} is compressed with {format}, which is not supported yet");
                return Err(Error::new(ErrorKind::Format, message)
                    .with_hint(format!("decompress it first: {tool} {name}")));
            }
        };
        Ok(Input { name, reader, compressed: compression != Compression::None, is_stdin, incomplete })
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
                Error::new(ErrorKind::Format, format!("{name}: unexpected end of compressed data"))
                    .with_hint("the file is cut off; copy or download it again")
            }
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput if self.compressed => {
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
