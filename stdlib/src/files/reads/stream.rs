//! Reads one after the other: for a callback, and as a stream.

use super::ahead::{ReadAhead, Source};
use super::batch::Batch;
use super::record::{RecordMaker, Wanted};
use crate::progress::Progress;
use biovm_vm::profile::WaitKind;
use biovm_vm::stream::StreamSource;
use biovm_vm::{Error, Machine, Value};
use std::io::{self, Write};

/// Batches that are read ahead, and a position in them.
pub struct Batches {
    ahead: ReadAhead,
    batch: Option<Batch>,
    position: usize,
    progress: Progress,
}

impl Batches {
    /// Starts to read.
    pub fn start(machine: &Machine, name: &str, source: impl Source) -> Result<Batches, Error> {
        let ahead = ReadAhead::start(source)?;
        let progress = Progress::of_records(machine.context(), name, ahead.meter());
        Ok(Batches { ahead, batch: None, position: 0, progress })
    }

    /// The next whole batch, and warnings at the end.
    pub fn next_batch(&mut self, machine: &mut Machine) -> Result<Option<Batch>, Error> {
        machine.check_interrupt()?;
        let Batches { ahead, progress, .. } = self;
        let batch = machine.waiting(WaitKind::Disk, |machine| {
            ahead.next(|| {
                progress.show();
                machine.check_interrupt()
            })
        })?;
        match &batch {
            Some(batch) => {
                machine.context().totals.add_records(batch.len());
                progress.passed(batch.len());
            }
            None => {
                progress.finish();
                print_summary(machine, ahead.take_summary())?;
            }
        }
        Ok(batch)
    }

    /// The batch and the position in it of the next read, after which `step` reads are passed.
    #[inline]
    pub fn next(&mut self, machine: &mut Machine, step: usize) -> Result<Option<(&Batch, usize)>, Error> {
        loop {
            if self.batch.as_ref().is_some_and(|batch| self.position < batch.len()) {
                let position = self.position;
                self.position += step;
                return Ok(self.batch.as_ref().map(|batch| (batch, position)));
            }
            if let Some(batch) = self.batch.take() {
                self.ahead.give_back(batch);
            }
            self.position = 0;
            self.batch = self.next_batch(machine)?;
            if self.batch.is_none() {
                return Ok(None);
            }
        }
    }
}

/// The records of a file, in its order.
pub struct ReadStream {
    batches: Batches,
    maker: RecordMaker,
}

impl ReadStream {
    /// Starts to read.
    pub fn start(machine: &Machine, name: &str, source: impl Source) -> Result<ReadStream, Error> {
        ReadStream::of_fields(machine, name, source, Wanted::ALL)
    }

    /// The same for records of which not every field is looked at.
    fn of_fields(
        machine: &Machine,
        name: &str,
        source: impl Source,
        wanted: Wanted,
    ) -> Result<ReadStream, Error> {
        let maker = RecordMaker::new(source.has_quality(), wanted);
        Ok(ReadStream { batches: Batches::start(machine, name, source)?, maker })
    }
}

impl StreamSource for ReadStream {
    fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        let Some((batch, position)) = self.batches.next(machine, 1)? else { return Ok(None) };
        Ok(self.maker.make(batch, position))
    }
}

/// Calls the function with each record, in order, and returns their number. An error of the function stops reading.
pub fn for_each(
    machine: &mut Machine,
    name: &str,
    source: impl Source,
    function: &Value,
) -> Result<u64, Error> {
    let mut reads = ReadStream::of_fields(machine, name, source, Wanted::by(function))?;
    machine.with_callback(function, 1, |machine, callback| {
        let mut count = 0;
        while let Some(record) = reads.next(machine)? {
            count += 1;
            callback.call(machine, [record]).map_err(|error| while_reading(error, "record", name, count))?;
        }
        Ok(count)
    })
}

/// Says in the hint which record the callback was working on.
#[cold]
pub fn while_reading(error: Error, what: &str, name: &str, number: u64) -> Error {
    if !error.kind().is_catchable() {
        return error;
    }
    let place = format!("raised at {what} {number} of {name}");
    let hint = error.hint().map_or(place.clone(), |hint| format!("{hint}; {place}"));
    error.with_hint(hint)
}

/// Writes warnings to standard error, behind everything that the script has printed.
pub fn print_summary(machine: &Machine, lines: Vec<String>) -> Result<(), Error> {
    if !lines.is_empty() {
        machine.context().output.finish()?;
        for line in lines {
            let _ = writeln!(io::stderr(), "warning: {line}");
        }
    }
    Ok(())
}
