//! All items in, one answer out.

use crate::general::common::callback::{check_arity, take_callback};
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, is_stream};
use crate::general::streams::lazy;
use biovm_vm::limits::memory::vector_for;
use biovm_vm::{Call, Error, Machine, Native, Value, access, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("each", each)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(NIL)
        .doc("Calls f for each item, in order; f may assign to variables outside.")
        .example("each([1, 2], |x| println(x))", "1\n2"),
    native("reduce", reduce)
        .aliases(&["fold"])
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", ANY), optional("init", ANY)])
        .returns(ANY)
        .doc(
            "Folds from the left: f(so far, item), beginning with init or with the first item; init and f may change \
             places. No items and no init is a ValueError.",
        )
        .example("reduce([1, 2, 3], |sum, x| sum + x, 0)", "6"),
    native("scan", scan)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("init", ANY), required("f", ANY)])
        .returns(LIST.or(STREAM))
        .doc("The running results of f(so far, item), beginning with init, which is not among them.")
        .example("scan([1, 2, 3], 0, |sum, x| sum + x)", "[1, 3, 6]"),
    native("any", any)
        .section("Collections")
        .parameters(&[required("items", ITEMS), optional("f", FUNCTION)])
        .returns(BOOL)
        .doc("Whether f, or without f the item itself, holds for at least one item; false without items.")
        .example("any([1, 2, 3], |x| x > 2)", "true"),
    native("all", all)
        .section("Collections")
        .parameters(&[required("items", ITEMS), optional("f", FUNCTION)])
        .returns(BOOL)
        .doc("Whether f, or without f the item itself, holds for every item; true without items.")
        .example("all([1, 2, 3], |x| x > 2)", "false"),
    native("none", none)
        .section("Collections")
        .parameters(&[required("items", ITEMS), optional("f", FUNCTION)])
        .returns(BOOL)
        .doc("Whether f, or without f the item itself, holds for no item; true without items.")
        .example("none([1, 2, 3], |x| x > 5)", "true"),
    native("find", find)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(ANY)
        .doc("The first item for which f holds, else nil; a Stream is read no further.")
        .example("find([1, 5, 9], |x| x > 3)", "5"),
    native("find_index", find_index)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(INT)
        .doc("The position, from 0, of the first item for which f holds, else -1.")
        .example("find_index([1, 5, 9], |x| x > 3)", "1"),
    native("count", count)
        .section("Collections")
        .parameters(&[required("items", ITEMS), optional("f", ANY)])
        .returns(INT)
        .doc(
            "The number of items; of those for which f holds; of those equal to f where f is no function. In text and \
             sequences, f may be a text to count without overlaps.",
        )
        .example("count([1, 2, 2, 3], 2)", "2"),
    native("count_if", count_if)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(INT)
        .doc("The number of items for which f holds.")
        .example("count_if([1, 2, 3, 4], |x| x % 2 == 0)", "2"),
];

fn each(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    machine.with_callback(&function, 1, |machine, callback| {
        let mut walk = Walk::new(machine, source)?;
        while let Some(item) = walk.next(machine)? {
            callback.call(machine, [item])?;
        }
        Ok(Value::Nil)
    })
}

/// The function and the first value among two arguments, whichever way round they stand.
fn fold_arguments(call: &mut Call) -> Result<(Value, Value), Error> {
    let (first, second) = (call.take(1), call.take(2));
    let (function, init) = match (first.is_function(), second.is_function()) {
        (true, _) => (first, second),
        (false, true) => (second, first),
        (false, false) => {
            let (name, got) = (call.name(), first.type_of());
            return Err(Error::type_error(format!("{name}() requires Function, got {got}")));
        }
    };
    check_arity(call, &function, 2)?;
    Ok((function, init))
}

fn reduce(call: &mut Call) -> Result<Value, Error> {
    let init_first = !call.argument(1).is_function();
    let (function, init) = fold_arguments(call)?;
    let source = call.take(0);
    let machine = call.machine();
    let mut walk = Walk::new(machine, source)?;
    let mut result = match init {
        Value::Nil if !init_first => walk
            .next(machine)?
            .ok_or_else(|| Error::value_error("reduce() of an empty collection requires an initial value"))?,
        init => init,
    };
    machine.with_callback(&function, 2, |machine, callback| {
        while let Some(item) = walk.next(machine)? {
            result = callback.call(machine, [result.take(), item])?;
        }
        Ok(result)
    })
}

fn scan(call: &mut Call) -> Result<Value, Error> {
    let (function, mut state) = fold_arguments(call)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return lazy::stage(machine, "scan", source, move |walk, machine| {
            let Some(item) = walk.next(machine)? else { return Ok(None) };
            state = machine.call(&function, [state.take(), item])?;
            Ok(Some(state.clone()))
        });
    }
    let mut results = vector_for(access::length(&source).unwrap_or(0))?;
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        state = machine.call(&function, [state.take(), item])?;
        results.push(state.clone());
    }
    Ok(Value::list(results))
}

/// The first item for which the predicate gives `wanted`, and its position. Without a predicate the item itself counts.
fn search(call: &mut Call, wanted: bool) -> Result<Option<(usize, Value)>, Error> {
    let predicate = match call.is_nil(1) {
        true => None,
        false => Some(take_callback(call, 1, 1)?),
    };
    let source = call.take(0);
    let machine = call.machine();
    let mut walk = Walk::new(machine, source)?;
    let mut position = 0;
    while let Some(item) = walk.next(machine)? {
        let holds = match &predicate {
            Some(function) => machine.call(function, [item.clone()])?.is_truthy(),
            None => item.is_truthy(),
        };
        if holds == wanted {
            return Ok(Some((position, item)));
        }
        position += 1;
    }
    Ok(None)
}

fn any(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(search(call, true)?.is_some()))
}

fn all(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(search(call, false)?.is_none()))
}

fn none(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(search(call, true)?.is_none()))
}

fn find(call: &mut Call) -> Result<Value, Error> {
    Ok(search(call, true)?.map_or(Value::Nil, |(_, item)| item))
}

fn find_index(call: &mut Call) -> Result<Value, Error> {
    Ok(search(call, true)?.map_or(Value::Int(-1), |(position, _)| Value::from(position)))
}

fn count(call: &mut Call) -> Result<Value, Error> {
    match call.argument(1) {
        Value::Nil => {}
        function if function.is_function() => return count_if(call),
        _ => return count_equal(call),
    }
    let source = call.take(0);
    if let Some(length) = access::length(&source) {
        return Ok(Value::from(length));
    }
    let mut number = 0_i64;
    let machine = call.machine();
    match &source {
        // A consumed stream has nothing left, which is an answer here and not an error.
        Value::Foreign(stream) if is_stream(&source) => {
            while stream.next(machine, lazy::NOT_THE_FIRST)?.is_some() {
                number += 1;
                if number % 4096 == 0 {
                    machine.check_interrupt()?;
                }
            }
        }
        _ => {
            let mut walk = Walk::new(machine, source)?;
            while walk.next(machine)?.is_some() {
                number += 1;
            }
        }
    }
    Ok(Value::Int(number))
}

fn count_if(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    count_where(call, |machine, item| Ok(machine.call(&function, [item])?.is_truthy()))
}

fn count_equal(call: &mut Call) -> Result<Value, Error> {
    let wanted = call.take(1);
    let letters = |value: &Value| match value {
        Value::Sequence(sequence) => Some(sequence.as_str().to_owned()),
        value => value.as_text().map(str::to_owned),
    };
    if let (Some(text), Some(part)) = (letters(call.argument(0)), letters(&wanted)) {
        if part.is_empty() {
            return Err(Error::value_error("count() requires a text that is not empty"));
        }
        return Ok(Value::from(text.matches(part.as_str()).count()));
    }
    count_where(call, |machine, item| machine.equal(&item, &wanted))
}

fn count_where(
    call: &mut Call,
    mut counts: impl FnMut(&mut Machine, Value) -> Result<bool, Error>,
) -> Result<Value, Error> {
    let source = call.take(0);
    let machine = call.machine();
    let mut walk = Walk::new(machine, source)?;
    let mut number = 0;
    while let Some(item) = walk.next(machine)? {
        number += i64::from(counts(machine, item)?);
    }
    Ok(Value::Int(number))
}
