//! Printing, lengths, types, ranges, order.

use super::common::types::*;
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::value::List;
use biovm_vm::{Call, Error, ErrorKind, Native, Value, access, display, native, optional, required};
use std::io::Write;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("print", print)
        .section("Core")
        .rest(ANY)
        .returns(NIL)
        .doc("Writes the values to standard output, joined by one blank, without a newline.")
        .example(r#"print("n =", 3)"#, "n = 3"),
    native("println", println)
        .section("Core")
        .rest(ANY)
        .returns(NIL)
        .doc("Writes the values to standard output, joined by one blank, and a newline.")
        .example(r#"println("n =", 3)"#, "n = 3"),
    native("eprint", eprint)
        .section("Core")
        .rest(ANY)
        .returns(NIL)
        .doc("Writes the values to standard error, joined by one blank, without a newline."),
    native("eprintln", eprintln)
        .section("Core")
        .rest(ANY)
        .returns(NIL)
        .doc("Writes the values to standard error, joined by one blank, and a newline."),
    native("len", len)
        .section("Core")
        .parameters(&[required("x", ANY)])
        .returns(INT)
        .doc("The number of items, characters of a Str, letters of a sequence, entries of a Record, rows of a Table.")
        .example(r#"len("ünï")"#, "3")
        .direct(|value| access::length(value).map(Value::from))
        .pure(),
    native("type", type_name)
        .aliases(&["typeof"])
        .section("Core")
        .parameters(&[required("x", ANY)])
        .returns(STR)
        .doc("The name of the value's type.")
        .example("type([1, 2])", "List")
        .pure(),
    native("range", range)
        .section("Core")
        .parameters(&[
            required("start", NUMBER),
            optional("end", NUMBER),
            with_default("step", NUMBER, Default::Int(1)),
        ])
        .returns(LIST)
        .doc(
            "The numbers from start up to, but not including, end; range(end) starts at 0. A fractional end includes \
             every Int below it; a fractional start or step gives Floats. Step 0 is a ValueError.",
        )
        .example("range(0, 10, 3)", "[0, 3, 6, 9]")
        .pure(),
    native("compare", compare_values)
        .section("Core")
        .parameters(&[required("a", ANY), required("b", ANY)])
        .returns(INT)
        .doc("-1, 0 or 1, as a sorts before, with or after b; values of different families are a TypeError.")
        .example("compare(2, 10)", "-1")
        .pure(),
];

/// The arguments as `print` shows them.
fn line(call: &Call, end: &str) -> Result<String, Error> {
    let mut output = String::new();
    for (position, argument) in call.arguments().iter().enumerate() {
        if position > 0 {
            output.push(' ');
        }
        display::write_print(&mut output, argument)?;
    }
    output.push_str(end);
    Ok(output)
}

fn print(call: &mut Call) -> Result<Value, Error> {
    call.context().output.write(&line(call, "")?)?;
    Ok(Value::Nil)
}

fn println(call: &mut Call) -> Result<Value, Error> {
    call.context().output.write(&line(call, "\n")?)?;
    Ok(Value::Nil)
}

fn eprint(call: &mut Call) -> Result<Value, Error> {
    write_error_output(call, &line(call, "")?)
}

fn eprintln(call: &mut Call) -> Result<Value, Error> {
    write_error_output(call, &line(call, "\n")?)
}

/// Writes to standard error, after everything that was printed before.
pub fn write_error_output(call: &Call, text: &str) -> Result<Value, Error> {
    call.context().output.flush()?;
    std::io::stderr()
        .write_all(text.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Io, format!("cannot write to standard error: {error}")))?;
    Ok(Value::Nil)
}

fn len(call: &mut Call) -> Result<Value, Error> {
    let value = call.argument(0);
    match access::length(value) {
        Some(length) => Ok(Value::from(length)),
        None => {
            let error = Error::type_error(format!("{}() not supported for {}", call.name(), value.type_of()));
            Err(match value {
                Value::Foreign(_) => error.with_hint("count() reads a stream and counts its items"),
                _ => error,
            })
        }
    }
}

fn type_name(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(call.argument(0).type_of().name()))
}

fn compare_values(call: &mut Call) -> Result<Value, Error> {
    let (left, right) = (call.take(0), call.take(1));
    let order = call.machine().sort_order(&left, &right)?;
    Ok(Value::Int(order as i64))
}

fn range(call: &mut Call) -> Result<Value, Error> {
    let (start, end) = match call.is_nil(1) {
        true => (&Value::Int(0), call.argument(0)),
        false => (call.argument(0), call.argument(1)),
    };
    if let (Some(start), Some(step)) = (start.as_integral(), call.argument(2).as_integral()) {
        return integer_range(start, integer_end(end, step)?, step).map(Value::List);
    }
    let number = |value: &Value| value.as_float().unwrap_or(f64::NAN);
    float_range(number(start), number(end), number(call.argument(2))).map(Value::list)
}

/// The end of a range as an Int: fractions are rounded away from the start, so that every Int before it is inside.
fn integer_end(end: &Value, step: i64) -> Result<i64, Error> {
    match end {
        Value::Float(end) => {
            let rounded = if step < 0 { end.floor() } else { end.ceil() };
            // Both bounds are exact as Floats.
            if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded) {
                return Err(Error::value_error(format!(
                    "range() requires an end that fits an Int, got {end:?}"
                )));
            }
            Ok(rounded as i64)
        }
        end => Ok(end.as_integral().unwrap_or(0)),
    }
}

fn integer_range(start: i64, end: i64, step: i64) -> Result<List, Error> {
    if step == 0 {
        return Err(Error::value_error("range() requires a step other than 0"));
    }
    let distance = i128::from(end) - i128::from(start);
    if i64::try_from(distance).is_err() {
        return Err(Error::new(ErrorKind::Overflow, "range() is longer than an Int can count"));
    }
    let step_wide = i128::from(step);
    let count = (distance + step_wide - step_wide.signum()) / step_wide;
    Ok(List::progression(start, step, usize::try_from(count).unwrap_or(0)))
}

/// More Floats than this do not fit into memory.
const MOST_FLOATS: f64 = 4e9;

fn float_range(start: f64, end: f64, step: f64) -> Result<Vec<Value>, Error> {
    if step == 0.0 {
        return Err(Error::value_error("range() requires a step other than 0"));
    }
    if ![start, end, step].iter().all(|number| number.is_finite()) {
        return Err(Error::value_error("range() requires finite numbers"));
    }
    let count = ((end - start) / step).ceil().max(0.0);
    if count > MOST_FLOATS {
        return Err(Error::value_error(format!("range() of {count} Floats does not fit into memory")));
    }
    // Multiplying instead of adding up keeps rounding errors from piling up.
    let number = |position: u64| start + step * position as f64;
    let inside = |number: f64| if step > 0.0 { number < end } else { number > end };
    Ok((0..count as u64).map(number).take_while(|&number| inside(number)).map(Value::Float).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(start: i64, end: i64, step: i64) -> Vec<i64> {
        integer_range(start, end, step).unwrap().iter().map(|item| item.as_integral().unwrap()).collect()
    }

    #[test]
    fn integer_ranges() {
        assert_eq!(ints(0, 4, 1), [0, 1, 2, 3]);
        assert_eq!(ints(0, 10, 3), [0, 3, 6, 9]);
        assert_eq!(ints(0, 9, 3), [0, 3, 6]);
        assert_eq!(ints(5, 0, -2), [5, 3, 1]);
        assert!(ints(0, 5, -1).is_empty());
        assert!(ints(5, 0, 1).is_empty());
        assert_eq!(integer_range(0, 5, 0).err().map(|error| error.kind()), Some(ErrorKind::Value));
        assert_eq!(
            integer_range(i64::MIN, i64::MAX, 1).err().map(|error| error.kind()),
            Some(ErrorKind::Overflow)
        );
        assert_eq!(integer_range(0, i64::MAX, 1).unwrap().len(), i64::MAX as usize);
    }

    #[test]
    fn fractional_ends_include_the_last_part() {
        assert_eq!(integer_end(&Value::Float(1.2), 1).unwrap(), 2);
        assert_eq!(integer_end(&Value::Float(-1.2), -1).unwrap(), -2);
        assert_eq!(integer_end(&Value::Float(10.0), 1).unwrap(), 10);
        assert_eq!(integer_end(&Value::Float(f64::NAN), 1).unwrap_err().kind(), ErrorKind::Value);
        assert_eq!(integer_end(&Value::Float(1e300), 1).unwrap_err().kind(), ErrorKind::Value);
    }

    #[test]
    fn float_ranges_do_not_drift() {
        let numbers = float_range(0.0, 1.0, 0.1).unwrap();
        assert_eq!(numbers.len(), 10);
        assert!(matches!(numbers[9], Value::Float(last) if (last - 0.9).abs() < 1e-15));
        assert!(float_range(0.0, 1.0, f64::INFINITY).is_err());
        assert!(float_range(0.5, f64::MAX, 0.5).is_err());
    }
}
