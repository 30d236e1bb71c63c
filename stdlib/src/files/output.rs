//! Files that appear whole or not at all: written beside their place and renamed at the end.

use biovm_vm::{Error, ErrorKind};
use noodles::bgzf;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compress {
    /// As it is.
    None,
    /// As one gzip member.
    Gzip,
    /// As BGZF, which is gzip that can be read from the middle.
    Bgzf,
}

impl Compress {
    /// What the name of the file asks for.
    pub fn by_name(path: &str) -> Compress {
        match Path::new(path).extension().and_then(|extension| extension.to_str()) {
            Some("gz" | "bgz") => Compress::Bgzf,
            _ => Compress::None,
        }
    }
}

/// The usual level of compression.
pub const LEVEL: u32 = 6;
/// Bytes that are written at once.
const BUFFER: usize = 128 * 1024;
/// The most threads that compress.
const MOST_WORKERS: usize = 8;

enum Writer {
    Plain(BufWriter<File>),
    Gzip(flate2::write::GzEncoder<BufWriter<File>>),
    Bgzf(bgzf::io::MultithreadedWriter<BufWriter<File>>),
}

/// A file that is being written.
pub struct OutputFile {
    /// The path as the script wrote it, for messages.
    name: String,
    /// Where it is written until it is complete, and where it goes then. `None` where it is written in place.
    temporary: Option<(PathBuf, PathBuf)>,
    /// `None` behind an error.
    writer: Option<Writer>,
}

impl OutputFile {
    /// Begins a file.
    pub fn create(path: &str, compress: Compress, level: u32) -> Result<OutputFile, Error> {
        let fail = |error: io::Error| unwritable(path, &error);
        // What a link points to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
        let existing = fs::metadata(&target).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(Error::new(ErrorKind::Io, format!("cannot write {path}: it is a directory")));
        }
        // Devices and pipes cannot be replaced.
        let (file, temporary) = if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
            (File::options().write(true).open(&target).map_err(fail)?, None)
        } else {
            let (file, beside) = create_beside(&target).map_err(fail)?;
            if let Some(existing) = existing {
                // Best effort: not every file system knows permissions.
                let _ = fs::set_permissions(&beside, existing.permissions());
            }
            (file, Some((beside, target)))
        };
        let writer = BufWriter::with_capacity(BUFFER, file);
        let level = level.min(9);
        let writer = match compress {
            Compress::None => Writer::Plain(writer),
            Compress::Gzip => {
                Writer::Gzip(flate2::write::GzEncoder::new(writer, flate2::Compression::new(level)))
            }
            Compress::Bgzf => Writer::Bgzf(compress_in_blocks(writer, level)),
        };
        Ok(OutputFile { name: path.to_owned(), temporary, writer: Some(writer) })
    }

    /// Writes bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let result = match &mut self.writer {
            Some(Writer::Plain(writer)) => writer.write_all(bytes),
            Some(Writer::Gzip(writer)) => writer.write_all(bytes),
            Some(Writer::Bgzf(writer)) => writer.write_all(bytes),
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
            None => return Err(io::Error::other("an earlier write failed")),
        };
        writer.flush()?;
        drop(writer);
        if let Some((beside, target)) = &self.temporary {
            fs::rename(beside, target)?;
            self.temporary = None;
        }
        Ok(())
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        self.writer = None;
        if let Some((beside, _)) = &self.temporary {
            let _ = fs::remove_file(beside);
        }
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

/// A new file in the same directory, where renaming it is atomic.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let beside = target.with_file_name(format!(".{name}.{}-{number}.part", std::process::id()));
    let file = File::options().write(true).create_new(true).open(&beside)?;
    Ok((file, beside))
}

fn unwritable(path: &str, error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "its directory does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        _ => error.to_string(),
    };
    Error::new(ErrorKind::Io, format!("cannot write {path}: {why}"))
}
