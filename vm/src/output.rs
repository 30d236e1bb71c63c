//! The output of a script: buffered, whole calls at a time.

use crate::error::{Error, ErrorKind};
use parking_lot::Mutex;
use std::io::{self, Write};

/// Where `print` writes.
pub struct Output(Mutex<Buffer>);

struct Buffer {
    writer: Box<dyn Write + Send>,
    pending: Vec<u8>,
    /// Whether the last byte written was a newline, or nothing was written yet.
    at_line_start: bool,
    /// Write through after every line, as a person at a terminal expects.
    line_buffered: bool,
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
        }))
    }

    /// Writes the text; other threads' calls do not come in between.
    pub fn write(&self, text: &str) -> Result<(), Error> {
        let Some(last) = text.as_bytes().last() else { return Ok(()) };
        let mut buffer = self.0.lock();
        buffer.pending.extend_from_slice(text.as_bytes());
        buffer.at_line_start = *last == b'\n';
        if buffer.pending.len() >= LIMIT || buffer.line_buffered && text.contains('\n') {
            return buffer.flush();
        }
        Ok(())
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
        let result = self.writer.write_all(&self.pending).and_then(|()| self.writer.flush());
        self.pending.clear();
        result.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Error::new(ErrorKind::OutputClosed, "nobody reads the output"),
            _ => Error::new(ErrorKind::Io, format!("cannot write to standard output: {error}")),
        })
    }
}
