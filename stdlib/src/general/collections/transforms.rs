//! An item in, an item or several out.

use crate::general::common::callback::take_callback;
use crate::general::common::select::divide;
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, is_stream};
use crate::general::streams::lazy;
use biovm_bytecode::signature::Default;
use biovm_vm::limits::memory::vector_for;
use biovm_vm::machine::Callback;
use biovm_vm::native::with_default;
use biovm_vm::{Call, Error, Machine, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("map", map)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(LIST.or(STREAM))
        .doc(
            "The results of f for each item, in order. Rows of a Table come as Records, entries of a Record as \
             {key, value}; a Stream gives a lazy Stream.",
        )
        .example("map([1, 2, 3], |x| x * x)", "[1, 4, 9]"),
    native("filter", filter)
        .aliases(&["where"])
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(ANY)
        .doc("The items for which f holds; a Table, Set, Record or Stream gives one of its kind, the rest a List.")
        .example("filter([1, 2, 3, 4], |x| x % 2 == 0)", "[2, 4]"),
    native("partition", partition)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(LIST)
        .doc("[those for which f holds, the others], each in order and of the kind that filter() gives.")
        .example("partition([1, 2, 3, 4], |x| x > 3)", "[[4], [1, 2, 3]]"),
    native("flat_map", flat_map)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(LIST.or(STREAM))
        .doc("The results of f for each item, with Lists opened; other results count as one item.")
        .example("flat_map([1, 2], |x| [x, x * 10])", "[1, 10, 2, 20]"),
    native("enumerate", enumerate)
        .section("Collections")
        .parameters(&[required("items", ITEMS), with_default("start", NUMBER, Default::Int(0))])
        .returns(LIST.or(STREAM))
        .doc("[number, item] pairs, numbered from start.")
        .example(r#"enumerate(["a", "b"])"#, "[[0, a], [1, b]]"),
    native("zip", zip)
        .section("Collections")
        .parameters(&[required("a", ITEMS), required("b", ITEMS)])
        .rest(ITEMS)
        .returns(LIST.or(STREAM))
        .doc("Lists of one item of each collection; the shortest ends it. Lazy where one of them is a Stream.")
        .example(r#"zip([1, 2, 3], ["a", "b"])"#, "[[1, a], [2, b]]"),
    native("flatten", flatten)
        .section("Collections")
        .parameters(&[required("items", ITEMS), with_default("depth", NUMBER, Default::Int(1))])
        .returns(LIST)
        .doc("The items with Lists among them opened, that many levels deep.")
        .example("flatten([1, [2, [3]]])", "[1, 2, [3]]")
        .pure(),
];

/// Between two looks at the interrupt flag.
const BLOCK: usize = 4096;

fn map(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::stage(machine, "map", source, move |walk, machine| match walk.next(machine)? {
            Some(item) => machine.call(&function, [item]).map(Some),
            None => Ok(None),
        });
    }
    map_items(machine, source, &function).map(Value::list)
}

/// The results of a function for each item of a collection.
pub fn map_items(machine: &mut Machine, source: Value, function: &Value) -> Result<Vec<Value>, Error> {
    machine.with_callback(function, 1, |machine, callback| map_with(machine, source, callback))
}

fn map_with(machine: &mut Machine, source: Value, callback: &Callback) -> Result<Vec<Value>, Error> {
    match source {
        // Results take the places of their items, so that there is one list in memory, not two.
        Value::List(list) if list.as_slice().is_some() => {
            let mut values = list.into_vec();
            for block in values.chunks_mut(BLOCK) {
                machine.check_interrupt()?;
                for value in block {
                    *value = callback.call(machine, [value.take()])?;
                }
            }
            Ok(values)
        }
        source => {
            let mut results = vector_for(biovm_vm::access::length(&source).unwrap_or(0))?;
            let mut walk = Walk::new(machine, source)?;
            while let Some(item) = walk.next(machine)? {
                results.push(callback.call(machine, [item])?);
            }
            Ok(results)
        }
    }
}

fn filter(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::stage(machine, "filter", source, move |walk, machine| {
            while let Some(item) = walk.next(machine)? {
                if machine.call(&function, [item.clone()])?.is_truthy() {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        });
    }
    machine.with_callback(&function, 1, |machine, callback| {
        let decide =
            |machine: &mut Machine, item: &Value| Ok(callback.call(machine, [item.clone()])?.is_truthy());
        Ok(divide(machine, source, false, decide)?.0)
    })
}

fn partition(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let decide =
        |machine: &mut Machine, item: &Value| Ok(machine.call(&function, [item.clone()])?.is_truthy());
    let (kept, rest) = divide(call.machine(), source, true, decide)?;
    Ok(Value::list(vec![kept, rest]))
}

fn flat_map(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        let mut open = Vec::new().into_iter();
        return lazy::stage(machine, "flat_map", source, move |walk, machine| {
            loop {
                if let Some(item) = open.next() {
                    return Ok(Some(item));
                }
                let Some(item) = walk.next(machine)? else { return Ok(None) };
                match machine.call(&function, [item])? {
                    Value::List(items) => open = items.into_vec().into_iter(),
                    single => return Ok(Some(single)),
                }
            }
        });
    }
    let mut results = Vec::new();
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        match machine.call(&function, [item])? {
            Value::List(items) => results.extend(items.into_vec()),
            single => results.push(single),
        }
    }
    Ok(Value::list(results))
}

fn enumerate(call: &mut Call) -> Result<Value, Error> {
    let mut number = call.integer(1)?;
    let source = call.take(0);
    let machine = call.machine();
    let mut numbered = move |item: Value| {
        let pair = Value::list(vec![Value::Int(number), item]);
        number = number.saturating_add(1);
        pair
    };
    if is_stream(&source) {
        return lazy::stage(machine, "enumerate", source, move |walk, machine| {
            Ok(walk.next(machine)?.map(&mut numbered))
        });
    }
    let mut pairs = vector_for(biovm_vm::access::length(&source).unwrap_or(0))?;
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        pairs.push(numbered(item));
    }
    Ok(Value::list(pairs))
}

fn zip(call: &mut Call) -> Result<Value, Error> {
    let sources: Vec<Value> = (0..call.len()).map(|position| call.take(position)).collect();
    let is_lazy = sources.iter().any(is_stream);
    let count = sources.iter().map(|source| biovm_vm::access::length(source).unwrap_or(0)).min().unwrap_or(0);
    let machine = call.machine();
    let mut walks =
        sources.into_iter().map(|source| Walk::new(machine, source)).collect::<Result<Vec<_>, _>>()?;
    let mut next = move |machine: &mut Machine| {
        let mut row = Vec::with_capacity(walks.len());
        for walk in &mut walks {
            let Some(item) = walk.next(machine)? else { return Ok(None) };
            row.push(item);
        }
        Ok(Some(Value::list(row)))
    };
    if is_lazy {
        return Ok(lazy::stream("zip", next));
    }
    let mut rows = vector_for(count)?;
    while let Some(row) = next(machine)? {
        rows.push(row);
    }
    Ok(Value::list(rows))
}

fn flatten(call: &mut Call) -> Result<Value, Error> {
    let depth = call.size(1)?;
    let source = call.take(0);
    let items = crate::general::common::walk::into_items(call.machine(), source)?;
    let mut flat = Vec::with_capacity(items.len());
    // A stack of its own, because scripts can nest lists deeper than the native stack.
    let mut open = vec![items.into_iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            Some(Value::List(items)) if open.len() <= depth => open.push(items.into_vec().into_iter()),
            Some(item) => flat.push(item),
            None => {
                open.pop();
            }
        }
    }
    Ok(Value::list(flat))
}
