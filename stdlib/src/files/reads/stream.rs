//! Reads one after the other: for a callback, and as a stream.

use super::ahead::{ReadAhead, Source};
use super::batch::Batch;
use super::record::RecordMaker;
use biovm_vm::stream::StreamSource;
use biovm_vm::{Error, Machine, Value};

/// The records of a file, in its order.
pub struct ReadStream {
    ahead: ReadAhead,
    maker: RecordMaker,
    batch: Option<Batch>,
    position: usize,
}

impl ReadStream {
    /// Starts to read.
    pub fn start(source: impl Source) -> Result<ReadStream, Error> {
        let maker = RecordMaker::new(source.has_quality());
        Ok(ReadStream { ahead: ReadAhead::start(source)?, maker, batch: None, position: 0 })
    }
}

impl StreamSource for ReadStream {
    fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        loop {
            if let Some(batch) = &self.batch
                && let Some(record) = self.maker.make(batch, self.position)
            {
                self.position += 1;
                return Ok(Some(record));
            }
            if let Some(batch) = self.batch.take() {
                self.ahead.give_back(batch);
            }
            machine.check_interrupt()?;
            self.position = 0;
            self.batch = self.ahead.next(|| machine.check_interrupt())?;
            if self.batch.is_none() {
                print_summary(machine, self.ahead.take_summary())?;
                return Ok(None);
            }
        }
    }
}

/// Calls the function with each record, in order, and returns their number. An error of the function stops reading.
pub fn for_each(
    machine: &mut Machine,
    name: &str,
    source: impl Source,
    function: &Value,
) -> Result<u64, Error> {
    let mut reads = ReadStream::start(source)?;
    let mut count = 0;
    while let Some(record) = reads.next(machine)? {
        count += 1;
        machine.call(function, [record]).map_err(|error| while_reading(error, name, count))?;
    }
    Ok(count)
}

/// Says in the hint which record the callback was working on.
#[cold]
fn while_reading(error: Error, name: &str, number: u64) -> Error {
    if !error.kind().is_catchable() {
        return error;
    }
    let place = format!("raised at record {number} of {name}");
    let hint = error.hint().map_or(place.clone(), |hint| format!("{hint}; {place}"));
    error.with_hint(hint)
}

/// Writes warnings to standard error, behind everything that the script has printed.
pub fn print_summary(machine: &Machine, lines: Vec<String>) -> Result<(), Error> {
    if !lines.is_empty() {
        machine.context().output.finish()?;
        for line in lines {
            eprintln!("warning: {line}");
        }
    }
    Ok(())
}
