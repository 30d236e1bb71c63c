//! Small functions for pipelines.

use super::common::callback::take_callback;
use super::common::types::*;
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("tap", tap)
        .aliases(&["inspect"])
        .section("Functions")
        .parameters(&[required("x", ANY), required("f", FUNCTION)])
        .returns(ANY)
        .doc("Calls f(x) and gives x, to look into a pipeline.")
        .example("[1, 2] |> tap(|xs| len(xs)) |> sum()", "3"),
    native("identity", identity)
        .section("Functions")
        .parameters(&[required("x", ANY)])
        .returns(ANY)
        .doc("The value itself.")
        .example("identity(3)", "3")
        .pure(),
    native("pipe_fuse", pipe_fuse)
        .section("Functions")
        .parameters(&[required("x", ANY), required("f", FUNCTION)])
        .rest(FUNCTION)
        .returns(ANY)
        .doc("The value after each function has been applied to the result of the one before.")
        .example("pipe_fuse([1, 2, 3], sum, |n| n * 10)", "60"),
];

fn tap(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let value = call.argument(0).clone();
    call.machine().call(&function, [value])?;
    Ok(call.take(0))
}

fn identity(call: &mut Call) -> Result<Value, Error> {
    Ok(call.take(0))
}

fn pipe_fuse(call: &mut Call) -> Result<Value, Error> {
    let mut value = call.take(0);
    for position in 1..call.len() {
        let function = take_callback(call, position, 1)?;
        value = call.machine().call(&function, [value])?;
    }
    Ok(value)
}
