//! Chunks and windows.

use crate::general::common::select::part;
use crate::general::common::types::*;
use crate::general::common::walk::{into_items, is_stream};
use crate::general::streams::lazy;
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::{Call, Error, Machine, Native, Value, access, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("chunk", chunk)
        .aliases(&["chunks", "batch"])
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("size", NUMBER)])
        .returns(LIST.or(STREAM))
        .doc(
            "Consecutive pieces of size items, the last maybe shorter: Lists, or Tables, texts and sequences of the \
             same type. A Stream gives a lazy Stream. A size below 1 is a ValueError.",
        )
        .example("chunk([1, 2, 3, 4, 5], 2)", "[[1, 2], [3, 4], [5]]"),
    native("window", window)
        .aliases(&["window_slide"])
        .section("Collections")
        .parameters(&[
            required("items", ITEMS),
            required("size", NUMBER),
            with_default("step", NUMBER, Default::Int(1)),
        ])
        .returns(LIST.or(STREAM))
        .doc(
            "Overlapping pieces of exactly size items, step apart; none where there are fewer items. Kinds as chunk() \
             gives them. A size or step below 1 is a ValueError.",
        )
        .example("window([1, 2, 3, 4], 2)", "[[1, 2], [2, 3], [3, 4]]"),
];

/// A size of at least 1.
pub fn positive(call: &Call, position: usize) -> Result<usize, Error> {
    let number = call.integer(position)?;
    usize::try_from(number).ok().filter(|&size| size > 0).ok_or_else(|| {
        let (name, parameter) = (call.name(), call.parameter_name(position));
        Error::value_error(format!("{name}() requires {parameter} of at least 1, got {number}"))
    })
}

fn chunk(call: &mut Call) -> Result<Value, Error> {
    let size = positive(call, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::chunk(machine, source, size);
    }
    let (source, length) = sliceable(machine, source)?;
    pieces(machine, &source, (0..length).step_by(size), |start| start.saturating_add(size).min(length))
}

fn window(call: &mut Call) -> Result<Value, Error> {
    let (size, step) = (positive(call, 1)?, positive(call, 2)?);
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::window(machine, source, size, step);
    }
    let (source, length) = sliceable(machine, source)?;
    let starts = 0..(length + 1).saturating_sub(size);
    pieces(machine, &source, starts.step_by(step), |start| start + size)
}

/// The value in a form whose parts cost no more than their own items, and the number of items.
fn sliceable(machine: &mut Machine, source: Value) -> Result<(Value, usize), Error> {
    let source = match source {
        source @ (Value::Tuple(_) | Value::Set(_) | Value::Record(_)) => {
            Value::list(into_items(machine, source)?)
        }
        source => source,
    };
    match access::length(&source) {
        Some(length) => Ok((source, length)),
        None => {
            let items = into_items(machine, source)?;
            let length = items.len();
            Ok((Value::list(items), length))
        }
    }
}

fn pieces(
    machine: &mut Machine,
    source: &Value,
    starts: impl Iterator<Item = usize>,
    end: impl Fn(usize) -> usize,
) -> Result<Value, Error> {
    let mut pieces = Vec::new();
    for start in starts {
        if pieces.len() % 4096 == 0 {
            machine.check_interrupt()?;
        }
        pieces.push(part(machine, source.clone(), start, end(start))?);
    }
    Ok(Value::list(pieces))
}
