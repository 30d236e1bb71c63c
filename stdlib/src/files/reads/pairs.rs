//! Pairs of reads as records of a script.

use super::ahead::Source;
use super::record::{RecordMaker, Wanted};
use super::stream::{Batches, while_reading};
use biovm_vm::stream::StreamSource;
use biovm_vm::value::{Class, Record, Shape, ShapeRef, Str};
use biovm_vm::{Error, Machine, Value};

/// The pairs of a source in which each read is followed by its mate.
pub struct PairStream {
    batches: Batches,
    first: RecordMaker,
    second: RecordMaker,
    shape: ShapeRef,
}

impl PairStream {
    /// Starts to read.
    pub fn start(machine: &Machine, name: &str, source: impl Source) -> Result<PairStream, Error> {
        let has_quality = source.has_quality();
        Ok(PairStream {
            batches: Batches::start(machine, name, source)?,
            first: RecordMaker::new(has_quality, Wanted::ALL),
            second: RecordMaker::new(has_quality, Wanted::ALL),
            shape: Shape::of(Class::Record, ["r1", "r2"].map(Str::from)),
        })
    }

    /// The next two mates.
    fn next_mates(&mut self, machine: &mut Machine) -> Result<Option<[Value; 2]>, Error> {
        let Some((batch, position)) = self.batches.next(machine, 2)? else { return Ok(None) };
        let mates = self.first.make(batch, position).zip(self.second.make(batch, position + 1));
        Ok(mates.map(|(first, second)| [first, second]))
    }
}

impl StreamSource for PairStream {
    fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        let mates = self.next_mates(machine)?;
        Ok(mates.map(|mates| Value::Record(Record::with_shape(self.shape.clone(), mates.into()))))
    }
}

/// Calls the function with both reads of each pair, or with the pair as one record, and returns the number of pairs.
pub fn for_each_pair(
    machine: &mut Machine,
    name: &str,
    source: impl Source,
    function: &Value,
    as_one: bool,
) -> Result<u64, Error> {
    let mut pairs = PairStream::start(machine, name, source)?;
    let mut count = 0;
    loop {
        let result = if as_one {
            let Some(pair) = pairs.next(machine)? else { return Ok(count) };
            machine.call(function, [pair])
        } else {
            let Some(mates) = pairs.next_mates(machine)? else { return Ok(count) };
            machine.call(function, mates)
        };
        count += 1;
        result.map_err(|error| while_reading(error, "pair", name, count))?;
    }
}
