//! Beginnings, ends and parts.

use crate::general::common::callback::take_callback;
use crate::general::common::select::part;
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, into_items, is_stream};
use crate::general::streams::lazy;
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::{Call, Error, Machine, Native, Value, access, native, optional, required};
use std::collections::VecDeque;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("first", first)
        .section("Collections")
        .parameters(&[required("items", ITEMS)])
        .returns(ANY)
        .doc("The first item, nil where there is none; takes one item from a Stream.")
        .example("first([1, 2, 3])", "1")
        .direct(|items| match items {
            Value::List(list) => Some(list.get(0).unwrap_or_default()),
            _ => None,
        }),
    native("last", last)
        .section("Collections")
        .parameters(&[required("items", ITEMS)])
        .returns(ANY)
        .doc("The last item, nil where there is none; reads a Stream to its end.")
        .example("last([1, 2, 3])", "3")
        .direct(|items| match items {
            Value::List(list) => {
                Some(list.len().checked_sub(1).and_then(|last| list.get(last)).unwrap_or_default())
            }
            _ => None,
        }),
    native("head", head)
        .section("Collections")
        .parameters(&[required("items", ITEMS), with_default("n", NUMBER, Default::Int(5))])
        .returns(ANY)
        .doc("The first n items, fewer where there are not so many; of a Stream as a List.")
        .example("head(range(0, 100), 3)", "[0, 1, 2]"),
    native("take", take)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("n", NUMBER)])
        .returns(ANY)
        .doc("The first n items, fewer where there are not so many; of a Stream as a lazy Stream.")
        .example("take([1, 2, 3], 2)", "[1, 2]"),
    native("tail", tail)
        .section("Collections")
        .parameters(&[required("items", ITEMS), with_default("n", NUMBER, Default::Int(5))])
        .returns(ANY)
        .doc("The last n items, fewer where there are not so many; of a Stream as a List.")
        .example("tail([1, 2, 3], 2)", "[2, 3]"),
    native("drop", drop_first)
        .aliases(&["skip", "shift"])
        .section("Collections")
        .parameters(&[required("items", ITEMS), with_default("n", NUMBER, Default::Int(1))])
        .returns(ANY)
        .doc("The items without the first n; of a Stream as a lazy Stream.")
        .example("drop([1, 2, 3], 2)", "[3]"),
    native("slice", slice)
        .section("Collections")
        .parameters(&[required("x", ITEMS), required("start", NUMBER), optional("end", NUMBER)])
        .returns(ANY)
        .doc(
            "The items from start up to, but not including, end, counted from 0. Negative positions count from the end, \
             positions outside are moved to the border. Text, sequences and Tables give a part of the same type.",
        )
        .example("slice([10, 20, 30, 40], 1, -1)", "[20, 30]"),
    native("take_while", take_while)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(ANY)
        .doc("The items before the first for which f does not hold; of a Stream as a lazy Stream.")
        .example("take_while([1, 2, 5, 1], |x| x < 3)", "[1, 2]"),
    native("drop_while", drop_while)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(ANY)
        .doc("The items from the first for which f does not hold; of a Stream as a lazy Stream.")
        .example("drop_while([1, 2, 5, 1], |x| x < 3)", "[5, 1]"),
];

/// The number of items; those of a value without a known number are read first.
fn with_length(machine: &mut Machine, source: Value) -> Result<(Value, usize), Error> {
    match access::length(&source) {
        Some(length) => Ok((source, length)),
        None => {
            let items = into_items(machine, source)?;
            let length = items.len();
            Ok((Value::list(items), length))
        }
    }
}

fn first(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let machine = call.machine();
    Ok(machine.iterate(source)?.next(machine)?.unwrap_or_default())
}

fn last(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        let mut last = Value::Nil;
        let mut walk = Walk::new(machine, source)?;
        while let Some(item) = walk.next(machine)? {
            last = item;
        }
        return Ok(last);
    }
    match source {
        Value::List(list) => {
            Ok(list.len().checked_sub(1).and_then(|last| list.get(last)).unwrap_or_default())
        }
        source => {
            let (source, length) = with_length(machine, source)?;
            match length {
                0 => Ok(Value::Nil),
                _ => match &source {
                    Value::Set(_) | Value::Record(_) | Value::Tuple(_) => {
                        Ok(access::item(&source, length - 1).unwrap_or_default())
                    }
                    source => access::index(source, &Value::Int(-1)),
                },
            }
        }
    }
}

fn take_from(machine: &mut Machine, source: Value, count: usize) -> Result<Value, Error> {
    let (source, length) = with_length(machine, source)?;
    part(machine, source, 0, count.min(length))
}

fn head(call: &mut Call) -> Result<Value, Error> {
    let count = call.size(1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return take_now(machine, source, count);
    }
    take_from(machine, source, count)
}

/// The next items of a stream, as a list; the rest stays readable.
pub fn take_now(machine: &mut Machine, stream: Value, count: usize) -> Result<Value, Error> {
    let mut walk = Walk::new(machine, stream)?;
    lazy::pull(&mut walk, machine, count).map(Value::list)
}

fn take(call: &mut Call) -> Result<Value, Error> {
    let count = call.size(1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::take(machine, source, count);
    }
    take_from(machine, source, count)
}

fn tail(call: &mut Call) -> Result<Value, Error> {
    let count = call.size(1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        let mut recent = VecDeque::new();
        let mut walk = Walk::new(machine, source)?;
        while let Some(item) = walk.next(machine)? {
            if recent.len() == count {
                recent.pop_front();
            }
            if count > 0 {
                recent.push_back(item);
            }
        }
        return Ok(Value::list(recent.into()));
    }
    let (source, length) = with_length(machine, source)?;
    part(machine, source, length.saturating_sub(count), length)
}

fn drop_first(call: &mut Call) -> Result<Value, Error> {
    let count = call.size(1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::drop(machine, source, count);
    }
    let (source, length) = with_length(machine, source)?;
    part(machine, source, count.min(length), length)
}

/// A position inside `0..=length`: negative ones count from the end, those outside are moved to the border.
pub fn clamped(position: i64, length: usize) -> usize {
    let length = length as i64;
    let position = if position < 0 { position.saturating_add(length) } else { position };
    position.clamp(0, length) as usize
}

fn slice(call: &mut Call) -> Result<Value, Error> {
    let start = call.integer(1)?;
    let end = if call.is_nil(2) { i64::MAX } else { call.integer(2)? };
    let source = call.take(0);
    let machine = call.machine();
    if let Value::Foreign(_) = &source
        && is_stream(&source)
        && let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end))
    {
        let rest = lazy::drop(machine, source, start)?;
        return lazy::take(machine, rest, end.saturating_sub(start));
    }
    let (source, length) = with_length(machine, source)?;
    let start = clamped(start, length);
    let end = clamped(end, length).max(start);
    match source {
        // Kinds with slices of their own keep their type.
        Value::Tuple(_) | Value::Range(_) => {
            access::slice(&source, &Value::from(start), &Value::from(end), &Value::Nil)
        }
        source => part(machine, source, start, end),
    }
}

/// The number of items before the first for which the function does not hold.
fn leading(machine: &mut Machine, source: Value, function: &Value) -> Result<usize, Error> {
    let mut number = 0;
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)?
        && machine.call(function, [item])?.is_truthy()
    {
        number += 1;
    }
    Ok(number)
}

fn take_while(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::stage(machine, "take_while", source, move |walk, machine| {
            let Some(item) = walk.next(machine)? else { return Ok(None) };
            Ok(machine.call(&function, [item.clone()])?.is_truthy().then_some(item))
        });
    }
    let end = leading(machine, source.clone(), &function)?;
    part(machine, source, 0, end)
}

fn drop_while(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        let mut dropping = true;
        return lazy::stage(machine, "drop_while", source, move |walk, machine| {
            while let Some(item) = walk.next(machine)? {
                dropping = dropping && machine.call(&function, [item.clone()])?.is_truthy();
                if !dropping {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        });
    }
    let (source, length) = with_length(machine, source)?;
    let start = leading(machine, source.clone(), &function)?;
    part(machine, source, start, length)
}

#[cfg(test)]
mod tests {
    use super::clamped;

    #[test]
    fn positions_are_moved_inside() {
        assert_eq!(
            [0, 3, 9, -1, -9, i64::MIN, i64::MAX].map(|position| clamped(position, 4)),
            [0, 3, 4, 3, 0, 0, 4]
        );
    }
}
