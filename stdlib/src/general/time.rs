//! Clocks.

use super::common::callback::take_callback;
use super::common::types::*;
use super::core::write_error_output;
use super::statistics::kernels;
use super::table::{Column, Table};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::profile::data::ratio;
use biovm_vm::profile::{FunctionKind, FunctionRow};
use biovm_vm::value::{ForeignValue, Str};
use biovm_vm::{Call, Error, Native, Value, native, optional, required};
use std::any::Any;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("timer_start", timer_start)
        .section("Time")
        .returns(TIMER)
        .doc("Starts a timer on the monotonic clock; any number may run at once.")
        .example("timer_start()", "<timer>"),
    native("timer_elapsed", timer_elapsed)
        .section("Time")
        .parameters(&[required("timer", TIMER)])
        .returns(FLOAT)
        .doc("Seconds since the timer was started, always above 0; the timer goes on.")
        .example("timer_elapsed(timer_start()) > 0", "true"),
    native("timestamp", timestamp)
        .section("Time")
        .returns(INT)
        .doc("Whole seconds since the beginning of 1970, UTC.")
        .example("timestamp() > 1_700_000_000", "true"),
    native("timestamp_ms", timestamp_ms)
        .section("Time")
        .returns(INT)
        .doc("Milliseconds since the beginning of 1970, UTC.")
        .example("timestamp_ms() > 1_700_000_000_000", "true"),
    native("time_it", time_it)
        .section("Time")
        .parameters(&[required("f", FUNCTION), optional("label", STR)])
        .returns(RECORD)
        .doc("Calls the function once: {value, seconds}. With a label also writes 'label: 0.123s' to standard error.")
        .example("time_it(|| 6 * 7).value", "42"),
    native("profile", profile)
        .section("Time")
        .parameters(&[required("f", FUNCTION)])
        .returns(RECORD)
        .doc(
            "Calls the function once and says where the time went: {value, total_s, rows}. The table rows has a row for each \
             function and builtin, most time first: name, calls, self_s, total_s with what it called, pct of the time.",
        )
        .example("profile(|| range(1, 4) |> map(|x| x * 2)).value", "[2, 4, 6]"),
    native("bench", bench)
        .section("Time")
        .parameters(&[required("f", FUNCTION), required("args", ANY), required("iterations", NUMBER)])
        .returns(RECORD)
        .doc(
            "Calls the function that often with the items of the list args, or with args itself where it is no list: \
             {mean_ns, min_ns, max_ns, median_ns, sd_ns, iterations}, in whole nanoseconds.",
        )
        .example("bench(|x| x + 1, [41], 10).iterations", "10"),
];

const TIMER: TypeSet = TypeSet::one(Type::Timer);

struct Timer(Instant);

impl ForeignValue for Timer {
    fn type_of(&self) -> Type {
        Type::Timer
    }

    fn text(&self) -> String {
        "<timer>".to_owned()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Seconds since then, never 0: scripts divide by them.
fn seconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64().max(1e-9)
}

fn timer_start(_call: &mut Call) -> Result<Value, Error> {
    Ok(Value::foreign(Timer(Instant::now())))
}

fn timer_elapsed(call: &mut Call) -> Result<Value, Error> {
    match call.argument(0) {
        Value::Foreign(foreign) => {
            let timer = foreign.downcast::<Timer>().ok_or_else(|| call.wrong_argument(0, "Timer"))?;
            Ok(Value::Float(seconds_since(timer.0)))
        }
        _ => Err(call.wrong_argument(0, "Timer")),
    }
}

fn timestamp(_call: &mut Call) -> Result<Value, Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Value::Int(since.as_secs() as i64))
}

fn timestamp_ms(_call: &mut Call) -> Result<Value, Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Value::Int(since.as_millis() as i64))
}

fn time_it(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 0, 0)?;
    let start = Instant::now();
    let value = call.machine().call(&function, [])?;
    let seconds = seconds_since(start);
    if let Some(label) = call.argument(1).as_text() {
        write_error_output(call, &format!("{label}: {seconds:.3}s\n"))?;
    }
    Ok(Value::record([("value", value), ("seconds", Value::Float(seconds))]))
}

fn profile(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 0, 0)?;
    let (value, profile) = call.machine().profile(|machine| machine.call(&function, []));
    let value = value?;
    let mut rows: Vec<&FunctionRow> =
        profile.functions.iter().filter(|row| row.kind != FunctionKind::TopLevel || row.calls > 0).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.self_time));
    let count = |calls: u64| i64::try_from(calls).unwrap_or(i64::MAX);
    let percent = |row: &&FunctionRow| ratio(row.self_time, profile.wall) * 100.0;
    let columns = vec![
        Column::from_values(rows.iter().map(|row| Value::from(row.name.as_str())).collect()),
        Column::ints(rows.iter().map(|row| count(row.calls)).collect()),
        Column::floats(rows.iter().map(|row| row.self_time.as_secs_f64()).collect()),
        Column::floats(rows.iter().map(|row| row.cumulative.as_secs_f64()).collect()),
        Column::floats(rows.iter().map(percent).collect()),
    ];
    let names = ["name", "calls", "self_s", "total_s", "pct"].map(Str::from).to_vec();
    Ok(Value::record([
        ("value", value),
        ("total_s", Value::Float(profile.wall.as_secs_f64())),
        ("rows", Value::foreign(Table::new(names, columns))),
    ]))
}

fn bench(call: &mut Call) -> Result<Value, Error> {
    let iterations = call.integer(2)?.max(0);
    let arguments = match call.take(1) {
        Value::List(arguments) => arguments.into_vec(),
        single => vec![single],
    };
    let function = take_callback(call, 0, arguments.len())?;
    let mut times = Vec::new();
    for _ in 0..iterations {
        let given = arguments.clone();
        let start = Instant::now();
        call.machine().call(&function, given)?;
        times.push(start.elapsed().as_nanos() as f64);
    }
    let whole = |number: Option<f64>| Value::Int(number.unwrap_or(0.0).round() as i64);
    let least = times.iter().copied().reduce(f64::min);
    let most = times.iter().copied().reduce(f64::max);
    Ok(Value::record([
        ("mean_ns", whole(kernels::mean(&times))),
        ("min_ns", whole(least)),
        ("max_ns", whole(most)),
        ("median_ns", whole(kernels::median(&mut times.clone()))),
        ("sd_ns", whole(kernels::variance(&times, 1).map(f64::sqrt))),
        ("iterations", Value::Int(iterations)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_time_is_never_zero() {
        for _ in 0..1000 {
            assert!(seconds_since(Instant::now()) > 0.0);
        }
    }
}
