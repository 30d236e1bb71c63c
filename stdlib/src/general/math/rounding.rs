//! Rounding, signs, bounds.

use crate::general::common::types::*;
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::{Call, Error, ErrorKind, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("round", round)
        .section("Math")
        .parameters(&[required("x", NUMBER), with_default("digits", NUMBER, Default::Int(0))])
        .returns(NUMBER)
        .doc(
            "The number rounded to that many decimal digits, halves away from zero as the decimal number reads. An Int \
             for digits of 0 or less, else a Float; NaN, infinities and what no Int holds stay Floats.",
        )
        .example("round(2.675, 2)", "2.68")
        .pure(),
    native("floor", floor)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(NUMBER)
        .doc("The largest Int that is not above x; what no Int holds stays a Float.")
        .example("floor(-1.5)", "-2")
        .direct(|number| number.as_float().map(|float| rounded(number, float.floor())))
        .pure(),
    native("ceil", ceil)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(NUMBER)
        .doc("The smallest Int that is not below x; what no Int holds stays a Float.")
        .example("ceil(1.2)", "2")
        .direct(|number| number.as_float().map(|float| rounded(number, float.ceil())))
        .pure(),
    native("trunc", trunc)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(NUMBER)
        .doc("The Int without the fraction; what no Int holds stays a Float.")
        .example("trunc(-1.5)", "-1")
        .direct(|number| number.as_float().map(|float| rounded(number, float.trunc())))
        .pure(),
    native("abs", abs)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(NUMBER)
        .doc("The magnitude, Int for an Int; of the smallest Int an OverflowError.")
        .example("abs(-3)", "3")
        .direct(|number| match number {
            Value::Int(number) => number.checked_abs().map(Value::Int),
            Value::Float(number) => Some(Value::Float(number.abs())),
            _ => None,
        })
        .pure(),
    native("sign", sign)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(NUMBER)
        .doc("-1, 0 or 1 in the type of x; NaN for NaN.")
        .example("sign(-2.5)", "-1.0")
        .pure(),
    native("clamp", clamp)
        .section("Math")
        .parameters(&[required("x", NUMBER), required("lo", NUMBER), required("hi", NUMBER)])
        .returns(NUMBER)
        .doc("x, or the bound that it is beyond; an Int where all three are. lo above hi, or NaN, is a ValueError.")
        .example("clamp(12, 0, 10)", "10")
        .pure(),
    native("is_nan", is_nan)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(BOOL)
        .doc("Whether the number is NaN.")
        .example(r#"is_nan(float("nan"))"#, "true")
        .pure(),
    native("is_finite", is_finite)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(BOOL)
        .doc("Whether the number is neither NaN nor infinite.")
        .example("is_finite(1)", "true")
        .pure(),
    native("is_inf", is_inf)
        .section("Math")
        .parameters(&[required("x", NUMBER)])
        .returns(BOOL)
        .doc("Whether the number is infinite.")
        .example(r#"is_inf(float("-inf"))"#, "true")
        .pure(),
];

/// An Int as it is, a Float as it was rounded.
fn rounded(number: &Value, as_float: f64) -> Value {
    match number {
        Value::Int(number) => Value::Int(*number),
        _ => int_or_float(as_float),
    }
}

/// The number as an Int where one holds it, else as it is.
pub fn int_or_float(number: f64) -> Value {
    // Both bounds are exact as Floats; NaN is in no range.
    let fits = number.fract() == 0.0
        && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    if fits { Value::Int(number as i64) } else { Value::Float(number) }
}

fn round(call: &mut Call) -> Result<Value, Error> {
    let digits = call.integer(1)?;
    match call.argument(0) {
        Value::Int(number) if digits >= 0 => Ok(match digits {
            0 => Value::Int(*number),
            _ => Value::Float(*number as f64),
        }),
        Value::Int(number) => round_int(*number, digits.unsigned_abs())
            .map(Value::Int)
            .ok_or_else(|| Error::new(ErrorKind::Overflow, "integer overflow in 'round'")),
        _ => {
            let number = call.float(0)?;
            let rounded = round_decimal(number, digits);
            Ok(if digits > 0 { Value::Float(rounded) } else { int_or_float(rounded) })
        }
    }
}

/// The Int rounded to a multiple of a power of ten; `None` where the result does not fit.
fn round_int(number: i64, zeros: u64) -> Option<i64> {
    if zeros > 19 {
        return Some(0);
    }
    let unit = 10_i128.pow(zeros as u32);
    let half = unit / 2 * i128::from(number.signum());
    i64::try_from((i128::from(number) + half) / unit * unit).ok()
}

/// The number rounded to `digits` decimal digits, halves away from zero. What counts is the decimal number that the
/// Float prints as: 2.675 becomes 2.68 although its binary value lies slightly below.
pub fn round_decimal(number: f64, digits: i64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    if digits == 0 {
        return number.round();
    }
    if (1..=15).contains(&digits) {
        let unit = 10_f64.powi(digits as i32);
        let scaled = number.abs() * unit;
        // Far from a tie, which rounding errors of the product cannot bridge, arithmetic gives what the digits would.
        if scaled < 1e11 && (scaled.fract() - 0.5).abs() > 1e-3 {
            return (scaled.round() / unit).copysign(number);
        }
    }
    round_digits(number, digits)
}

/// Rounds the digits that the Float prints as.
fn round_digits(number: f64, digits: i64) -> f64 {
    let written = format!("{:e}", number.abs());
    let Some((mantissa, exponent)) = written.split_once('e') else { return number };
    let Ok(exponent) = exponent.parse::<i64>() else { return number };
    let mut decimals: Vec<u8> =
        mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    // The value is 0.d₁d₂d₃… · 10^point.
    let point = exponent + 1;
    let kept = point.saturating_add(digits);
    if kept >= decimals.len() as i64 {
        return number;
    }
    if kept < 0 {
        return 0.0_f64.copysign(number);
    }
    let kept = kept as usize;
    let up = decimals[kept] >= 5;
    decimals.truncate(kept);
    let mut point = point;
    if up {
        match decimals.iter().rposition(|&digit| digit < 9) {
            Some(position) => {
                decimals[position] += 1;
                decimals.truncate(position + 1);
            }
            None => {
                decimals = vec![1];
                point += 1;
            }
        }
    }
    let digits: String = decimals.iter().map(|&digit| char::from(b'0' + digit)).collect();
    let rounded = format!("0.{digits}0e{point}").parse::<f64>().unwrap_or(number.abs());
    rounded.copysign(number)
}

fn whole(call: &Call, round: fn(f64) -> f64) -> Result<Value, Error> {
    match call.argument(0) {
        Value::Int(number) => Ok(Value::Int(*number)),
        _ => Ok(int_or_float(round(call.float(0)?))),
    }
}

fn floor(call: &mut Call) -> Result<Value, Error> {
    whole(call, f64::floor)
}

fn ceil(call: &mut Call) -> Result<Value, Error> {
    whole(call, f64::ceil)
}

fn trunc(call: &mut Call) -> Result<Value, Error> {
    whole(call, f64::trunc)
}

fn abs(call: &mut Call) -> Result<Value, Error> {
    match call.argument(0) {
        Value::Int(number) => number
            .checked_abs()
            .map(Value::Int)
            .ok_or_else(|| Error::new(ErrorKind::Overflow, "integer overflow in 'abs'")),
        _ => Ok(Value::Float(call.float(0)?.abs())),
    }
}

fn sign(call: &mut Call) -> Result<Value, Error> {
    Ok(match call.argument(0) {
        Value::Int(number) => Value::Int(number.signum()),
        _ => match call.float(0)? {
            number if number == 0.0 || number.is_nan() => Value::Float(number),
            number => Value::Float(number.signum()),
        },
    })
}

fn clamp(call: &mut Call) -> Result<Value, Error> {
    if let (Value::Int(x), Value::Int(low), Value::Int(high)) =
        (call.argument(0), call.argument(1), call.argument(2))
    {
        return match low <= high {
            true => Ok(Value::Int(*x.clamp(low, high))),
            false => Err(wrong_bounds(call)),
        };
    }
    let (x, low, high) = (call.float(0)?, call.float(1)?, call.float(2)?);
    if low <= high { Ok(Value::Float(x.clamp(low, high))) } else { Err(wrong_bounds(call)) }
}

fn wrong_bounds(call: &Call) -> Error {
    let text = |position| biovm_vm::display::brief(call.argument(position));
    Error::value_error(format!("clamp() requires lo <= hi, got {} and {}", text(1), text(2)))
}

fn is_nan(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(call.float(0)?.is_nan()))
}

fn is_finite(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(call.float(0)?.is_finite()))
}

fn is_inf(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(call.float(0)?.is_infinite()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rounds_what_is_written() {
        let cases = [
            (2.675, 2, 2.68),
            (1.005, 2, 1.01),
            (-2.675, 2, -2.68),
            (0.285, 2, 0.29),
            (48.25, 1, 48.3),
            (48.349, 1, 48.3),
            (150.4, 0, 150.0),
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (0.49999999999999994, 0, 0.0),
            (9.995, 2, 10.0),
            (99.95, 1, 100.0),
            (0.05, 1, 0.1),
            (0.04, 1, 0.0),
            (0.001, 1, 0.0),
            (1234.5, -2, 1200.0),
            (1250.0, -2, 1300.0),
            (50.0, -2, 100.0),
            (49.0, -2, 0.0),
            (1e300, 2, 1e300),
            (1.5e-10, 10, 2e-10),
            (0.1 + 0.2, 17, 0.1 + 0.2),
            (0.1 + 0.2, 16, 0.3),
            (1.0, i64::MAX, 1.0),
            (1.0, i64::MIN, 0.0),
        ];
        for (number, digits, expected) in cases {
            assert_eq!(round_decimal(number, digits), expected, "round({number}, {digits})");
        }
        assert!(round_decimal(f64::NAN, 2).is_nan());
        assert_eq!(round_decimal(f64::INFINITY, -2), f64::INFINITY);
    }

    proptest! {
        #[test]
        fn shortcut_agrees_with_the_digits(number in -1e9_f64..1e9, digits in 1_i64..=8) {
            prop_assert_eq!(round_decimal(number, digits), round_digits(number, digits));
        }

        #[test]
        fn ties_go_away_from_zero(whole in -1_000_000_i64..1_000_000, digits in 1_usize..=6) {
            let up = format!("{whole}.{}5", "0".repeat(digits - 1)).parse::<f64>();
            let expected = format!("{whole}.{}1", "0".repeat(digits - 1)).parse::<f64>();
            // One more digit than is kept: …05 becomes …1.
            if let (Ok(tie), Ok(_)) = (up, expected) {
                let unit = 10_f64.powi(digits as i32 - 1);
                let rounded = round_decimal(tie, digits as i64 - 1);
                let away = (whole.abs() as f64 + 1.0 / unit) * if tie < 0.0 { -1.0 } else { 1.0 };
                prop_assert!((rounded - away).abs() < 1e-9, "{} -> {}, not {}", tie, rounded, away);
            }
        }
    }

    #[test]
    fn ints_round_to_tens() {
        assert_eq!(round_int(1234, 2), Some(1200));
        assert_eq!(round_int(1250, 2), Some(1300));
        assert_eq!(round_int(-1250, 2), Some(-1300));
        assert_eq!(round_int(i64::MAX, 1), None);
        assert_eq!(round_int(i64::MIN, 25), Some(0));
        assert_eq!(round_int(5, 1), Some(10));
    }

    #[test]
    fn what_no_int_holds_stays_a_float() {
        assert!(matches!(int_or_float(-0.0), Value::Int(0)));
        assert!(matches!(int_or_float(1e19), Value::Float(_)));
        assert!(matches!(int_or_float(-9_223_372_036_854_775_808.0), Value::Int(i64::MIN)));
        assert!(matches!(int_or_float(f64::NAN), Value::Float(_)));
    }
}
