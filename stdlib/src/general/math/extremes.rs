//! Smallest and largest.

use crate::general::common::types::*;
use crate::general::common::walk::{Walk, progression};
use biovm_bytecode::Type;
use biovm_vm::{Call, Error, Native, Value, native, required};
use std::cmp::Ordering;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("min", min)
        .section("Math")
        .parameters(&[required("x", ANY)])
        .rest(ANY)
        .returns(ANY)
        .doc(
            "The smallest of its arguments, or of the items of its only argument, as it was given. NaN where one is NaN; \
             nil is a TypeError, no items a ValueError.",
        )
        .example("min([3, 1.5, 2])", "1.5"),
    native("max", max)
        .section("Math")
        .parameters(&[required("x", ANY)])
        .rest(ANY)
        .returns(ANY)
        .doc(
            "The largest of its arguments, or of the items of its only argument, as it was given. NaN where one is NaN; \
             nil is a TypeError, no items a ValueError.",
        )
        .example("max(3, 10, 2)", "10"),
];

fn min(call: &mut Call) -> Result<Value, Error> {
    extreme(call, Ordering::Less)
}

fn max(call: &mut Call) -> Result<Value, Error> {
    extreme(call, Ordering::Greater)
}

/// The item that compares as `wanted` with all others; the first of equal ones.
fn extreme(call: &mut Call, wanted: Ordering) -> Result<Value, Error> {
    match call.arguments() {
        [Value::Int(first), Value::Int(second)] => {
            return Ok(Value::Int(if second.cmp(first) == wanted { *second } else { *first }));
        }
        [Value::Float(first), Value::Float(second)] if !first.is_nan() => {
            let better = second.is_nan() || second.partial_cmp(first) == Some(wanted);
            return Ok(Value::Float(if better { *second } else { *first }));
        }
        _ => {}
    }
    let name = call.name();
    let source = match call.len() {
        1 => call.take(0),
        _ => Value::list(call.arguments().to_vec()),
    };
    match &source {
        Value::List(list) => {
            if let Some((first, step, count @ 1..)) = progression(list) {
                let last = first.saturating_add(step.saturating_mul(count as i64 - 1));
                return Ok(Value::Int(if wanted == Ordering::Less {
                    first.min(last)
                } else {
                    first.max(last)
                }));
            }
        }
        Value::Record(_) | Value::Str(_) | Value::Sequence(_) => return Err(unsuitable(name, &source)),
        source if source.type_of() == Type::Table => return Err(unsuitable(name, source)),
        source if !biovm_vm::access::is_iterable(source) => return Err(unsuitable(name, source)),
        _ => {}
    }
    let machine = call.machine();
    let mut walk = Walk::new(machine, source)?;
    let Some(mut best) = walk.next(machine)? else {
        return Err(Error::value_error(format!("{name}() requires at least one item")));
    };
    check(name, &best)?;
    let mut is_nan = nan(&best);
    while let Some(item) = walk.next(machine)? {
        let better = match (&item, &best) {
            (Value::Int(item), Value::Int(best)) => item.cmp(best) == wanted,
            (Value::Float(item), Value::Float(best)) => item.partial_cmp(best) == Some(wanted),
            _ => {
                check(name, &item)?;
                machine.sort_order(&item, &best)? == wanted
            }
        };
        // NaN wins whatever comes behind it, but what comes must still be comparable.
        if nan(&item) || better && !is_nan {
            is_nan = is_nan || nan(&item);
            best = item;
        }
    }
    Ok(best)
}

fn nan(value: &Value) -> bool {
    matches!(value, Value::Float(number) if number.is_nan())
}

fn check(name: &str, item: &Value) -> Result<(), Error> {
    match item {
        Value::Nil => Err(Error::type_error(format!("{name}() cannot compare Nil"))
            .with_hint("remove missing values first: filter(xs, |x| x != nil)")),
        _ => Ok(()),
    }
}

fn unsuitable(name: &str, value: &Value) -> Error {
    Error::type_error(format!("{name}() requires a collection or several values, got {}", value.type_of()))
}
