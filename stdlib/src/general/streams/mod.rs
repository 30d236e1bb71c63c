//! Builtins that make, read and cut streams. What else takes collections takes streams too, lazily where its result is
//! a stream.

pub mod lazy;

use super::collections::ends::take_now;
use super::collections::pieces::positive;
use super::common::callback::take_callback;
use super::common::types::*;
use super::common::walk::{Walk, into_list, is_stream, is_table};
use biovm_vm::{Call, Error, Native, Value, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("to_stream", to_stream)
        .section("Streams")
        .parameters(&[required("items", ITEMS)])
        .returns(STREAM)
        .doc("A Stream of the items; a Stream is itself.")
        .example("to_stream([1, 2, 3])", "<stream list>"),
    native("collect", collect)
        .section("Streams")
        .parameters(&[required("items", ITEMS)])
        .returns(LIST.or(TABLE))
        .doc("The items of a Stream, read to its end, as a List; a Table is itself.")
        .example("to_stream([1, 2, 3]) |> map(|x| x * 2) |> collect()", "[2, 4, 6]"),
    native("next", next)
        .section("Streams")
        .parameters(&[required("stream", STREAM), optional("default", ANY)])
        .returns(ANY)
        .doc("The next item of the Stream, or the default at its end.")
        .example("next(to_stream([7, 8]))", "7"),
    native("stream_chunks", stream_chunks)
        .section("Streams")
        .parameters(&[required("items", ITEMS), required("n", NUMBER)])
        .returns(STREAM)
        .doc("A Stream of Lists of n items each, the last maybe shorter; n below 1 is a ValueError.")
        .example("stream_chunks([1, 2, 3], 2) |> collect()", "[[1, 2], [3]]"),
    native("stream_batch", stream_batch)
        .section("Streams")
        .parameters(&[required("items", ITEMS), required("n", NUMBER), required("f", FUNCTION)])
        .returns(LIST)
        .doc("The results of f for each batch, a List of n items, the last maybe shorter; n below 1 is a ValueError.")
        .example("stream_batch([1, 2, 3], 2, sum)", "[3, 3]"),
    native("stream_take", stream_take)
        .section("Streams")
        .parameters(&[required("items", ITEMS), required("n", NUMBER)])
        .returns(LIST)
        .doc("The next n items, read now, as a List; the rest stays readable.")
        .example("stream_take(to_stream([1, 2, 3]), 2)", "[1, 2]"),
    native("stream_skip", stream_skip)
        .section("Streams")
        .parameters(&[required("items", ITEMS), required("n", NUMBER)])
        .returns(STREAM)
        .doc("Reads n items now and gives the Stream of the rest.")
        .example("stream_skip(to_stream([1, 2, 3]), 2) |> collect()", "[3]"),
    native("tee", tee)
        .section("Streams")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(ANY)
        .doc("The items as they are; f is called with each: of a Stream when it is read, of anything else at once.")
        .example("to_stream([1, 2]) |> tee(|x| println(x)) |> collect()", "1\n2\n[1, 2]"),
    native("stream_concat", stream_concat)
        .section("Streams")
        .parameters(&[required("a", ITEMS), required("b", ITEMS)])
        .rest(ITEMS)
        .returns(STREAM)
        .doc("A Stream of the items of all collections, one after the other.")
        .example("stream_concat([1], to_stream([2, 3])) |> collect()", "[1, 2, 3]"),
];

fn to_stream(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    if is_stream(&source) {
        return Ok(source);
    }
    let label = source.type_of().name().to_lowercase();
    lazy::stage(call.machine(), &label, source, |walk, machine| walk.next(machine))
}

fn collect(call: &mut Call) -> Result<Value, Error> {
    match call.take(0) {
        table if is_table(&table) => Ok(table),
        source => into_list(call.machine(), source).map(Value::List),
    }
}

fn next(call: &mut Call) -> Result<Value, Error> {
    let Value::Foreign(stream) = call.take(0) else { return Err(call.wrong_argument(0, "Stream")) };
    let item = stream.next(call.machine(), lazy::NOT_THE_FIRST)?;
    Ok(item.unwrap_or_else(|| call.take(1)))
}

fn stream_chunks(call: &mut Call) -> Result<Value, Error> {
    let size = positive(call, 1)?;
    let source = call.take(0);
    lazy::chunk(call.machine(), source, size)
}

fn stream_batch(call: &mut Call) -> Result<Value, Error> {
    let size = positive(call, 1)?;
    let function = take_callback(call, 2, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    let mut results = Vec::new();
    let mut walk = Walk::new(machine, source)?;
    loop {
        let batch = lazy::pull(&mut walk, machine, size)?;
        if batch.is_empty() {
            return Ok(Value::list(results));
        }
        results.push(machine.call(&function, [Value::list(batch)])?);
    }
}

fn stream_take(call: &mut Call) -> Result<Value, Error> {
    let count = call.size(1)?;
    let source = call.take(0);
    take_now(call.machine(), source, count)
}

fn stream_skip(call: &mut Call) -> Result<Value, Error> {
    let count = call.size(1)?;
    let source = call.take(0);
    let machine = call.machine();
    let mut walk = Walk::new(machine, source)?;
    for _ in 0..count {
        if walk.next(machine)?.is_none() {
            break;
        }
    }
    Ok(lazy::stream("skip", move |machine| walk.next(machine)))
}

fn tee(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::stage(machine, "tee", source, move |walk, machine| {
            let Some(item) = walk.next(machine)? else { return Ok(None) };
            machine.call(&function, [item.clone()])?;
            Ok(Some(item))
        });
    }
    let mut walk = Walk::new(machine, source.clone())?;
    while let Some(item) = walk.next(machine)? {
        machine.call(&function, [item])?;
    }
    Ok(source)
}

fn stream_concat(call: &mut Call) -> Result<Value, Error> {
    let sources: Vec<Value> = (0..call.len()).map(|position| call.take(position)).collect();
    let mut sources = sources.into_iter();
    let mut current: Option<Walk> = None;
    Ok(lazy::stream("concat", move |machine| {
        loop {
            if let Some(walk) = &mut current
                && let Some(item) = walk.next(machine)?
            {
                return Ok(Some(item));
            }
            match sources.next() {
                Some(source) => current = Some(Walk::new(machine, source)?),
                None => return Ok(None),
            }
        }
    }))
}
