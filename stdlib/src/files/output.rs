//! Files that appear whole or not at all: written beside their place and renamed at the end.

use biovm_vm::gate::Gate;
use biovm_vm::gate::files::{Occupant, Unfinished};
use biovm_vm::{Error, ErrorKind};
use noodles::bgzf;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZero;
use std::path::Path;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compress {
    /// As it is.
    None,
    /// As one gzip member.
    Gzip,
    /// As BGZF, which is gzip that can be read from the middle.
    Bgzf,
    /// As one zstd frame.
    Zstd,
}

impl Compress {
    /// What the name of the file asks for.
    pub fn by_name(path: &str) -> Compress {
        match Path::new(path).extension().and_then(|extension| extension.to_str()) {
            Some("gz" | "bgz") => Compress::Bgzf,
            Some("zst" | "zstd") => Compress::Zstd,
            _ => Compress::None,
        }
    }
}

impl Compress {
    /// The usual level and the highest.
    pub fn levels(self) -> (u32, u32) {
        match self {
            Compress::Zstd => (3, 19),
            _ => (6, 9),
        }
    }
}

/// Bytes that are written at once.
const BUFFER: usize = 128 * 1024;
/// The most threads that compress.
const MOST_WORKERS: usize = 8;

enum Writer {
    Plain(BufWriter<File>),
    Gzip(flate2::write::GzEncoder<BufWriter<File>>),
    Bgzf(bgzf::io::MultithreadedWriter<BufWriter<File>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<File>>),
}

/// A file that is being written.
pub struct OutputFile {
    /// The path as the script wrote it, for messages.
    name: String,
    /// `None` behind an error.
    writer: Option<Writer>,
    /// The file until it is complete; `None` where it is written in place. Behind the
    /// writer, so that it is closed before it is removed.
    unfinished: Option<Unfinished>,
}

impl OutputFile {
    /// Begins a file, where the gate lets it be written.
    pub fn create(gate: &Gate, path: &str, compress: Compress, level: u32) -> Result<OutputFile, Error> {
        let fail = |error: io::Error| unwritable(path, &error);
        let target = gate
            .target(Path::new(path))
            .map_err(|refusal| refusal.into_error(|error| unwritable(path, error)))?;
        let (file, unfinished) = match target.occupant() {
            Occupant::Folder => {
                return Err(Error::new(ErrorKind::Io, format!("cannot write {path}: it is a directory")));
            }
            // Devices and pipes cannot be replaced.
            Occupant::Device => (target.open().map_err(fail)?, None),
            Occupant::File | Occupant::Nobody => {
                let (file, unfinished) = target.begin().map_err(fail)?;
                (file, Some(unfinished))
            }
        };
        let writer = BufWriter::with_capacity(BUFFER, file);
        let level = level.min(compress.levels().1);
        let writer = match compress {
            Compress::None => Writer::Plain(writer),
            Compress::Gzip => {
                Writer::Gzip(flate2::write::GzEncoder::new(writer, flate2::Compression::new(level)))
            }
            Compress::Bgzf => Writer::Bgzf(compress_in_blocks(writer, level)),
            // Level 0 is the usual one for the library, and the fastest for the script.
            Compress::Zstd => {
                let mut encoder =
                    zstd::stream::write::Encoder::new(writer, (level as i32).max(1)).map_err(fail)?;
                encoder.include_checksum(true).map_err(fail)?;
                Writer::Zstd(encoder)
            }
        };
        Ok(OutputFile { name: path.to_owned(), writer: Some(writer), unfinished })
    }

    /// Writes bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let result = match &mut self.writer {
            Some(Writer::Plain(writer)) => writer.write_all(bytes),
            Some(Writer::Gzip(writer)) => writer.write_all(bytes),
            Some(Writer::Bgzf(writer)) => writer.write_all(bytes),
            Some(Writer::Zstd(writer)) => writer.write_all(bytes),
            None => Err(io::Error::other("an earlier write failed")),
        };
        result.map_err(|error| {
            self.writer = None;
            unwritable(&self.name, &error)
        })
    }

    /// Completes the file and puts it in its place.
    pub fn finish(mut self) -> Result<(), Error> {
        self.complete().map_err(|error| unwritable(&self.name, &error))
    }

    fn complete(&mut self) -> io::Result<()> {
        let mut writer = match self.writer.take() {
            Some(Writer::Plain(writer)) => writer,
            Some(Writer::Gzip(writer)) => writer.finish()?,
            Some(Writer::Bgzf(mut writer)) => writer.finish()?,
            Some(Writer::Zstd(writer)) => writer.finish()?,
            None => return Err(io::Error::other("an earlier write failed")),
        };
        writer.flush()?;
        drop(writer);
        self.unfinished.take().map_or(Ok(()), Unfinished::finish)
    }
}

fn compress_in_blocks(writer: BufWriter<File>, level: u32) -> bgzf::io::MultithreadedWriter<BufWriter<File>> {
    let cores = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let workers = cores.min(NonZero::new(MOST_WORKERS).unwrap_or(cores));
    let level =
        u8::try_from(level).ok().and_then(bgzf::io::writer::CompressionLevel::new).unwrap_or_default();
    bgzf::io::multithreaded_writer::Builder::default()
        .set_compression_level(level)
        .set_worker_count(workers)
        .build_from_writer(writer)
}

/// Why a file cannot be written, for the script.
pub fn unwritable(path: &str, error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "its directory does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        _ => error.to_string(),
    };
    Error::new(ErrorKind::Io, format!("cannot write {path}: {why}"))
}
