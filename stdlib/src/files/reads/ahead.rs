//! Reading ahead: a thread parses the next batch while the script works on this one.

use super::batch::{Batch, BatchBuilder, Letters};
use crate::files::input::Meter;
use biovm_vm::{Error, ErrorKind};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::thread::JoinHandle;
use std::time::Duration;

/// A parser of a file.
pub trait Source: Send + 'static {
    /// Fills the batch. `false` at the end of the file. On an error the batch holds the good records before it.
    fn fill(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error>;

    /// What the letters of the records are; known once a batch was filled.
    fn letters(&self) -> Letters;

    /// Whether records have a quality.
    fn has_quality(&self) -> bool;

    /// What the user should know at the end: one line each.
    fn summary(&self) -> Vec<String>;

    /// Whether reading may wait for ever, as from a terminal.
    fn may_block(&self) -> bool;

    /// How far its files are read.
    fn meter(&self) -> Meter;
}

enum Message {
    Batch(Batch),
    Failed(Error),
    Finished(Vec<String>),
}

/// Batches that another thread reads ahead.
///
/// At most three batches exist at a time: one that is being read, one that waits, and the one that the caller has.
pub struct ReadAhead {
    messages: Option<Receiver<Message>>,
    spent: Sender<BatchBuilder>,
    thread: Option<JoinHandle<()>>,
    may_block: bool,
    meter: Meter,
    /// Lines for standard error, once the file is read to its end.
    summary: Vec<String>,
}

/// How long to wait for a batch before looking at something else.
const PATIENCE: Duration = Duration::from_millis(50);

impl ReadAhead {
    /// Starts to read.
    pub fn start(mut source: impl Source) -> Result<ReadAhead, Error> {
        let (sender, messages) = bounded(1);
        let (spent, recycled) = bounded(2);
        let (may_block, meter) = (source.may_block(), source.meter());
        let thread = std::thread::Builder::new()
            .name("reads".to_owned())
            .spawn(move || run(&mut source, &sender, &recycled))
            .map_err(|error| Error::new(ErrorKind::Io, format!("cannot start a thread to read: {error}")))?;
        Ok(ReadAhead {
            messages: Some(messages),
            spent,
            thread: Some(thread),
            may_block,
            meter,
            summary: Vec::new(),
        })
    }

    /// The next batch; `None` at the end of the file. `check` is called while waiting, and its error ends the wait.
    pub fn next(&mut self, mut check: impl FnMut() -> Result<(), Error>) -> Result<Option<Batch>, Error> {
        loop {
            let Some(messages) = &self.messages else { return Ok(None) };
            match messages.recv_timeout(PATIENCE) {
                Ok(Message::Batch(batch)) => return Ok(Some(batch)),
                Ok(Message::Failed(error)) => {
                    self.messages = None;
                    return Err(error);
                }
                Ok(Message::Finished(summary)) => {
                    self.messages = None;
                    self.summary = summary;
                }
                Err(RecvTimeoutError::Timeout) => check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    self.messages = None;
                    return Err(Error::new(ErrorKind::Io, "reading stopped unexpectedly"));
                }
            }
        }
    }

    /// Gives a batch back, so that its buffers are used again if nobody holds a part of it.
    pub fn give_back(&mut self, batch: Batch) {
        if let Some(builder) = batch.recycle() {
            // A full channel means that there are buffers enough.
            let _ = self.spent.try_send(builder);
        }
    }

    /// How far the files are read.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// What the user should know, once the file is read to its end.
    pub fn take_summary(&mut self) -> Vec<String> {
        std::mem::take(&mut self.summary)
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        // The thread notices at its next batch that nobody wants it.
        self.messages = None;
        if let Some(thread) = self.thread.take()
            && !self.may_block
        {
            let _ = thread.join();
        }
    }
}

fn run(source: &mut impl Source, messages: &Sender<Message>, recycled: &Receiver<BatchBuilder>) {
    loop {
        let mut builder = recycled.try_recv().unwrap_or_default();
        let result = source.fill(&mut builder);
        if !builder.is_empty() {
            let batch = builder.finish(source.letters(), source.has_quality());
            if messages.send(Message::Batch(batch)).is_err() {
                return;
            }
        }
        let last = match result {
            Ok(true) => continue,
            Ok(false) => Message::Finished(source.summary()),
            Err(error) => Message::Failed(error),
        };
        let _ = messages.send(last);
        return;
    }
}
