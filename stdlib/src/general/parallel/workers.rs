//! How many threads work.

use crate::general::common::callback::take_callback;
use crate::general::common::types::*;
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("workers", workers)
        .section("Parallel")
        .returns(INT)
        .doc("The number of threads that parallel work may use: the cores of the process, --workers or BIOVM_WORKERS.")
        .example("workers() >= 1", "true"),
    native("set_workers", set_workers)
        .section("Parallel")
        .parameters(&[required("n", NUMBER)])
        .returns(INT)
        .doc("Sets the number of threads that parallel work may use, at least 1; gives what it was.")
        .example("set_workers(workers()) == workers()", "true"),
    native("with_workers", with_workers)
        .section("Parallel")
        .parameters(&[required("n", NUMBER), required("f", FUNCTION)])
        .returns(ANY)
        .doc("The result of f(), with that number of threads for parallel work while it runs.")
        .example("with_workers(1, || workers())", "1"),
];

fn wanted(call: &Call) -> Result<usize, Error> {
    match call.size(0)? {
        0 => Err(Error::value_error(format!("{}() requires at least 1 worker", call.name()))),
        wanted => Ok(wanted),
    }
}

fn workers(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(call.context().budget.workers()))
}

fn set_workers(call: &mut Call) -> Result<Value, Error> {
    let wanted = wanted(call)?;
    Ok(Value::from(call.context().budget.set_workers(wanted)))
}

fn with_workers(call: &mut Call) -> Result<Value, Error> {
    let wanted = wanted(call)?;
    let function = take_callback(call, 1, 0)?;
    let machine = call.machine();
    let context = machine.context().clone();
    let before = context.budget.set_workers(wanted);
    let result = machine.call(&function, []);
    context.budget.set_workers(before);
    result
}
