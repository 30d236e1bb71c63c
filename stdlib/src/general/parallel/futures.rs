//! Waiting for the results of async functions.

use crate::general::common::callback::{catchable, check_arity};
use crate::general::common::types::*;
use crate::general::common::walk::into_items;
use crate::general::script::timer;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter};
use biovm_vm::task::{Future, start_in_turn};
use biovm_vm::value::{Class, Record, Str};
use biovm_vm::{Call, Error, Native, Value, native, required};
use futures_lite::future::{or, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("await_all", await_all)
        .section("Parallel")
        .parameters(&[required("futures", ITEMS), options_parameter()])
        .options(&[
            option("settle", BOOL, "each result is {ok, value, error}, and no error is raised"),
            option("limit", INT, "functions of the list are called, at most so many at the same time"),
        ])
        .returns(LIST)
        .doc(
            "Waits for all Futures and gives their results in order; other values are their own result. The first \
             error in the order of the list is raised when all have ended. With a limit, functions without parameters are \
             called as if they were async, that many at the same time; after an error no further one begins.",
        )
        .example("await_all([1, 2])", "[1, 2]"),
    native("await_any", await_any)
        .section("Parallel")
        .parameters(&[required("futures", ITEMS)])
        .returns(ANY)
        .doc("The result of the Future that ends first, or its error; a value that is none has ended already.")
        .example("await_any([7])", "7"),
    native("timeout", timeout)
        .section("Parallel")
        .parameters(&[required("ms", TIMED), required("f", TIMED)])
        .parallel()
        .returns(ANY)
        .doc(
            "The result of f(), called as if f were async, or of a Future; a ValueError if that takes longer than so many \
             milliseconds, and f ends. The order of the arguments does not matter.",
        )
        .example("timeout(1000, || 6 * 7)", "42"),
];

/// What `timeout` gets: a time, and a function or Future.
const TIMED: TypeSet = NUMBER.or(FUNCTION).and(Type::Future);

fn await_all(call: &mut Call) -> Result<Value, Error> {
    let settle = call.option("settle").is_some_and(Value::is_truthy);
    let limit = limit(call)?;
    let source = call.take(0);
    let mut items = into_items(call.machine(), source)?;
    if let Some(limit) = limit {
        for item in items.iter().filter(|item| item.is_function()) {
            check_arity(call, item, 0)?;
        }
        let ((), tasks) = call.machine().with_tasks_held(|machine| {
            for item in items.iter_mut().filter(|item| item.is_function()) {
                *item = machine.start_call(item);
            }
        });
        start_in_turn(tasks, limit, !settle);
    }
    call.wait_for(results(items, settle))
}

fn limit(call: &Call) -> Result<Option<usize>, Error> {
    let Some(limit) = call.option("limit") else { return Ok(None) };
    match limit.as_integral() {
        Some(limit @ 1..) => Ok(Some(limit as usize)),
        _ => {
            let got = biovm_vm::display::brief(limit);
            Err(Error::value_error(format!("await_all() requires a limit of at least 1, got {got}")))
        }
    }
}

/// The results of all items, in order; the first error when all have ended.
async fn results(items: Vec<Value>, settle: bool) -> Result<Value, Error> {
    let mut results = Vec::with_capacity(items.len());
    let mut failure = None;
    for item in items {
        let outcome = match Future::of(&item) {
            Some(future) => future.settled().await,
            None => Ok(item),
        };
        match outcome {
            Ok(value) if !settle => results.push(value),
            Err(error) if !settle => {
                let error = catchable(error)?;
                failure.get_or_insert(error);
            }
            Ok(value) => results.push(settled(value, Value::Nil)),
            Err(error) => results.push(settled(Value::Nil, Value::Error(catchable(error)?))),
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(Value::list(results)),
    }
}

fn settled(value: Value, error: Value) -> Value {
    let mut record = Record::empty(Class::Record);
    record.insert(Str::from("ok"), Value::Bool(matches!(error, Value::Nil)));
    record.insert(Str::from("value"), value);
    record.insert(Str::from("error"), error);
    Value::Record(record)
}

fn await_any(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let items = into_items(call.machine(), source)?;
    if items.is_empty() {
        return Err(Error::value_error("await_any() requires at least one Future"));
    }
    for item in &items {
        match Future::of(item).map(Future::result) {
            None => return Ok(item.clone()),
            Some(Some(result)) => {
                // It has been asked for.
                let _ = Future::of(item).map(Future::settled);
                return result;
            }
            Some(None) => {}
        }
    }
    let mut futures: Vec<_> = items.iter().filter_map(Future::of).map(Future::settled).collect();
    call.wait_for(poll_fn(move |context| {
        let mut polled = futures.iter_mut().map(|future| Pin::new(future).poll(context));
        polled.find(Poll::is_ready).unwrap_or(Poll::Pending)
    }))
}

fn timeout(call: &mut Call) -> Result<Value, Error> {
    let (time, work) = match call.argument(0).as_float() {
        Some(time) => (time, 1),
        None => (call.float(1)?, 0),
    };
    if call.argument(work).as_float().is_some() {
        return Err(call.wrong_argument(work, "a function or Future"));
    }
    let value = call.take(work);
    let future = match Future::of(&value) {
        Some(_) => value.clone(),
        None => {
            check_arity(call, &value, 0)?;
            call.machine().start_call(&value)
        }
    };
    // What was begun here is nobody else's.
    let is_own = Future::of(&value).is_none();
    let timer = timer(time)?;
    call.wait_for(async move {
        let Some(future) = Future::of(&future) else { return Ok(Value::Nil) };
        let expired = async {
            if let Some(timer) = timer {
                timer.await;
            }
            None
        };
        match or(async { Some(future.settled().await) }, expired).await {
            Some(result) => result,
            None => {
                let error = Error::value_error(format!("timed out after {time} ms"));
                if is_own {
                    future.cancel(error.clone());
                }
                Err(error)
            }
        }
    })
}
