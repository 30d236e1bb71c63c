//! Stages: streams that draw from other collections, one item at a time, on the thread of whoever reads them.

use crate::general::common::walk::Walk;
use biovm_vm::stream::{Stream, StreamSource};
use biovm_vm::{Error, Machine, Value};

/// A position for `ForeignValue::next` that reads on without asking whether the stream has been consumed.
pub const NOT_THE_FIRST: usize = 1;

struct FromFunction<F>(F);

impl<F> StreamSource for FromFunction<F>
where
    F: FnMut(&mut Machine) -> Result<Option<Value>, Error> + Send,
{
    fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        (self.0)(machine)
    }
}

/// A stream whose items come from a function.
pub fn stream(
    label: &str,
    next: impl FnMut(&mut Machine) -> Result<Option<Value>, Error> + Send + 'static,
) -> Value {
    Stream::value(label, FromFunction(next))
}

/// A stream that draws from another collection.
pub fn stage(
    machine: &mut Machine,
    label: &str,
    source: Value,
    mut next: impl FnMut(&mut Walk, &mut Machine) -> Result<Option<Value>, Error> + Send + 'static,
) -> Result<Value, Error> {
    let mut walk = Walk::new(machine, source)?;
    Ok(stream(label, move |machine| next(&mut walk, machine)))
}

/// The first items of a stream.
pub fn take(machine: &mut Machine, source: Value, count: usize) -> Result<Value, Error> {
    let mut rest = count;
    stage(machine, "take", source, move |walk, machine| {
        // The item behind the last one wanted stays in the source.
        if rest == 0 {
            return Ok(None);
        }
        rest -= 1;
        walk.next(machine)
    })
}

/// A stream without its first items.
pub fn drop(machine: &mut Machine, source: Value, count: usize) -> Result<Value, Error> {
    let mut rest = count;
    stage(machine, "drop", source, move |walk, machine| {
        while rest > 0 {
            rest -= 1;
            if walk.next(machine)?.is_none() {
                rest = 0;
                return Ok(None);
            }
        }
        walk.next(machine)
    })
}

/// Lists of `size` items; the last may be shorter.
pub fn chunk(machine: &mut Machine, source: Value, size: usize) -> Result<Value, Error> {
    stage(machine, "chunk", source, move |walk, machine| {
        let items = pull(walk, machine, size)?;
        Ok((!items.is_empty()).then(|| Value::list(items)))
    })
}

/// Up to `count` items.
pub fn pull(walk: &mut Walk, machine: &mut Machine, count: usize) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    while items.len() < count
        && let Some(item) = walk.next(machine)?
    {
        items.push(item);
    }
    Ok(items)
}

/// Overlapping lists of `size` items, `step` apart.
pub fn window(machine: &mut Machine, source: Value, size: usize, step: usize) -> Result<Value, Error> {
    let mut recent: Vec<Value> = Vec::new();
    let mut skip = 0;
    stage(machine, "window", source, move |walk, machine| {
        while skip > 0 {
            skip -= 1;
            if walk.next(machine)?.is_none() {
                return Ok(None);
            }
        }
        let wanted = size - recent.len();
        let fresh = pull(walk, machine, wanted)?;
        if fresh.len() < wanted {
            return Ok(None);
        }
        recent.extend(fresh);
        let window = Value::list(recent.clone());
        skip = step.saturating_sub(size);
        recent.drain(..step.min(size));
        Ok(Some(window))
    })
}
