//! Opening a file whose compression shows in its first bytes, not in its name.

use super::meter::{Counted, Meter};
use super::remote::{Remote, Trouble, is_remote};
use super::{gzip, lookup};
use crate::network::client::Client;
use biovm_vm::task::budget::Budget;
use biovm_vm::{Call, Error, ErrorKind};
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
    /// Whether reading may take any time, as from a terminal or the network.
    pub may_block: bool,
    /// Set at the end of a BGZF file that lacks its end marker.
    incomplete: Option<Arc<AtomicBool>>,
    /// What went wrong on the way of a file from the network.
    trouble: Option<Trouble>,
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

/// Opens a file and gives what `make` makes of it: `-` is standard input, and an address of the web is fetched as it is read. A
/// relative path is looked for in the working directory, then in the directory that `BIOLANG_DATA_DIR` names.
pub fn open<T: Send + 'static>(
    call: &Call,
    path: &str,
    make: impl FnOnce(Input) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let context = call.context();
    let (totals, budget) = (&context.totals, &context.budget);
    if is_remote(path) {
        let (client, path) = (Client::of(context), path.to_owned());
        let (totals, budget) = (totals.clone(), budget.clone());
        // The first bytes may be long in coming, and the user may not want to wait for them.
        return call.block_on(async move {
            let (remote, size) = Remote::open(client, &path).await?;
            smol::unblock(move || {
                let (name, trouble) = (remote.name(), remote.trouble());
                let input =
                    Input::with(name, Box::new(Counted::new(remote, &totals)), true, size, Some(&budget));
                let input = input.map_err(|error| trouble.lock().take().unwrap_or(error))?;
                make(Input { trouble: Some(trouble), ..input })
            })
            .await
        });
    }
    make(if path == "-" {
        let input = Counted::new(io::stdin(), totals);
        Input::with("standard input", Box::new(input), true, None, Some(budget))?
    } else {
        if path.contains("://") {
            let error = Error::new(
                ErrorKind::Io,
                format!("cannot read {path}: this is no kind of address that biovm reads"),
            );
            return Err(error.with_hint("addresses begin with https:// or http://; download others first"));
        }
        let file = lookup::open(&context.gate, path)?;
        let size = file.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len());
        Input::with(path, Box::new(Counted::new(file, totals)), false, size, Some(budget))?
    })
}

impl Input {
    /// Input from any reader, decompressed on this thread as its first bytes ask for.
    pub fn new(
        name: impl Into<String>,
        reader: Box<dyn Read + Send>,
        may_block: bool,
    ) -> Result<Input, Error> {
        Input::with(name, reader, may_block, None, None)
    }

    /// Input whose size may be known, decompressed with threads of the budget where the format allows that.
    pub fn with(
        name: impl Into<String>,
        reader: Box<dyn Read + Send>,
        may_block: bool,
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
        Ok(Input { name, reader, compressed, may_block, incomplete, trouble: None, meter })
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
        if let Some(trouble) = self.trouble.as_ref().and_then(|trouble| trouble.lock().take()) {
            return trouble;
        }
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
