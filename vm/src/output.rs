//! The output of a script: buffered, whole calls at a time.

use crate::error::{Error, ErrorKind};
use parking_lot::Mutex;
use std::io::{self, Write};

/// How a script's reading of long files is shown on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShowProgress {
    /// Not at all.
    #[default]
    Never,
    /// As a bar on a terminal.
    Bar,
    /// As a line now and then.
    Lines,
}

/// Calls the function that it gets, which writes, and keeps what else is on the terminal out of its way.
pub type AroundWrites = Box<dyn Fn(&mut dyn FnMut()) + Send>;

/// Where `print` writes.
pub struct Output(Mutex<Buffer>);

struct Buffer {
    writer: Box<dyn Write + Send>,
    pending: Vec<u8>,
    /// Whether the last byte written was a newline, or nothing was written yet.
    at_line_start: bool,
    /// Write through after every line, as a person at a terminal expects.
    line_buffered: bool,
    /// Whether what is written is thrown away.
    is_muted: bool,
    around_writes: Option<AroundWrites>,
}

/// The buffer is written when it has grown to this many bytes.
const LIMIT: usize = 64 * 1024;

impl Output {
    /// Output to this writer. `line_buffered` writes after every line, for terminals.
    pub fn new(writer: impl Write + Send + 'static, line_buffered: bool) -> Output {
        Output(Mutex::new(Buffer {
            writer: Box::new(writer),
            pending: Vec::new(),
            at_line_start: true,
            line_buffered,
            is_muted: false,
            around_writes: None,
        }))
    }

    /// Writes the text; other threads' calls do not come in between.
    pub fn write(&self, text: &str) -> Result<(), Error> {
        let Some(last) = text.as_bytes().last() else { return Ok(()) };
        let mut buffer = self.0.lock();
        if buffer.is_muted {
            return Ok(());
        }
        buffer.pending.extend_from_slice(text.as_bytes());
        buffer.at_line_start = *last == b'\n';
        if buffer.pending.len() >= LIMIT || buffer.line_buffered && text.contains('\n') {
            return buffer.flush();
        }
        Ok(())
    }

    /// Sets what is done around writes to a terminal, where something else may stand in the last line.
    pub fn around_writes(&self, around: Option<AroundWrites>) {
        let mut buffer = self.0.lock();
        if buffer.line_buffered {
            buffer.around_writes = around;
        }
    }

    /// From now on throws away what is written, or no longer does so.
    pub fn mute(&self, is_muted: bool) {
        self.0.lock().is_muted = is_muted;
    }

    /// Hands everything to the operating system.
    pub fn flush(&self) -> Result<(), Error> {
        self.0.lock().flush()
    }

    /// Ends the last line if it is not ended, and flushes: at the end of a script, and before anything on stderr.
    pub fn finish(&self) -> Result<(), Error> {
        let mut buffer = self.0.lock();
        if !buffer.at_line_start {
            buffer.pending.push(b'\n');
            buffer.at_line_start = true;
        }
        buffer.flush()
    }
}

impl Buffer {
    fn flush(&mut self) -> Result<(), Error> {
        let Buffer { writer, pending, around_writes, .. } = self;
        let mut result = Ok(());
        let mut write = || result = writer.write_all(pending).and_then(|()| writer.flush());
        match around_writes {
            Some(around) if !pending.is_empty() => around(&mut write),
            _ => write(),
        }
        self.pending.clear();
        result.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Error::new(ErrorKind::OutputClosed, "nobody reads the output"),
            _ => Error::new(ErrorKind::Io, format!("cannot write to standard output: {error}")),
        })
    }
}
