//! Waiting for the results of async functions.

use crate::general::common::callback::catchable;
use crate::general::common::types::*;
use crate::general::common::walk::into_items;
use biovm_vm::native::{option, options_parameter};
use biovm_vm::task::Future;
use biovm_vm::value::{Class, Record, Str};
use biovm_vm::{Call, Error, Native, Value, native, required};
use std::thread;
use std::time::Duration;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("await_all", await_all)
        .section("Parallel")
        .parameters(&[required("futures", ITEMS), options_parameter()])
        .options(&[option("settle", BOOL, "each result is {ok, value, error}, and no error is raised")])
        .returns(LIST)
        .doc(
            "Waits for all Futures and gives their results in order; other values are their own result. The first \
             error in the order of the list is raised when all have ended.",
        )
        .example("await_all([1, 2])", "[1, 2]"),
    native("await_any", await_any)
        .section("Parallel")
        .parameters(&[required("futures", ITEMS)])
        .returns(ANY)
        .doc("The result of the Future that ends first, or its error; a value that is none has ended already.")
        .example("await_any([7])", "7"),
];

/// How long to wait before looking again which of several futures has ended.
const PATIENCE: Duration = Duration::from_millis(1);

fn await_all(call: &mut Call) -> Result<Value, Error> {
    let settle = call.option("settle").is_some_and(Value::is_truthy);
    let source = call.take(0);
    let machine = call.machine();
    let items = into_items(machine, source)?;
    let mut outcomes = Vec::with_capacity(items.len());
    for item in items {
        outcomes.push(match Future::of(&item) {
            Some(future) => match future.wait(machine) {
                Ok(value) => Ok(value),
                Err(error) => Err(catchable(error)?),
            },
            None => Ok(item),
        });
    }
    if !settle {
        return outcomes.into_iter().collect::<Result<_, _>>().map(Value::list);
    }
    let settled = outcomes.into_iter().map(|outcome| {
        let (value, error) = match outcome {
            Ok(value) => (value, Value::Nil),
            Err(error) => (Value::Nil, Value::Error(error)),
        };
        let mut record = Record::empty(Class::Record);
        record.insert(Str::from("ok"), Value::Bool(matches!(error, Value::Nil)));
        record.insert(Str::from("value"), value);
        record.insert(Str::from("error"), error);
        Value::Record(record)
    });
    Ok(Value::list(settled.collect()))
}

fn await_any(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let machine = call.machine();
    let items = into_items(machine, source)?;
    if items.is_empty() {
        return Err(Error::value_error("await_any() requires at least one Future"));
    }
    loop {
        for item in &items {
            match Future::of(item) {
                None => return Ok(item.clone()),
                Some(future) if future.is_finished() => return future.wait(machine),
                Some(_) => {}
            }
        }
        machine.check_interrupt()?;
        thread::sleep(PATIENCE);
    }
}
