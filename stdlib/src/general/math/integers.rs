//! Division with remainder, divisors, combinatorics.

use crate::general::common::types::*;
use crate::general::math::rounding::int_or_float;
use biovm_vm::{Call, Error, ErrorKind, Native, Value, native, operators, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("divmod", divmod)
        .section("Math")
        .parameters(&[required("a", NUMBER), required("b", NUMBER)])
        .returns(LIST)
        .doc("[quotient rounded down, rest], where the rest has the sign of b; b = 0 is a DivisionByZero.")
        .example("divmod(-7, 3)", "[-3, 2]")
        .pure(),
    native("idiv", idiv)
        .section("Math")
        .parameters(&[required("a", NUMBER), required("b", NUMBER)])
        .returns(INT)
        .doc("The quotient rounded down; b = 0 is a DivisionByZero.")
        .example("idiv(-7, 3)", "-3")
        .pure(),
    native("gcd", gcd)
        .section("Math")
        .parameters(&[required("a", NUMBER), required("b", NUMBER)])
        .returns(INT)
        .doc("The greatest common divisor; gcd(0, 0) is 0.")
        .example("gcd(12, 18)", "6")
        .pure(),
    native("lcm", lcm)
        .section("Math")
        .parameters(&[required("a", NUMBER), required("b", NUMBER)])
        .returns(INT)
        .doc("The least common multiple; 0 where one of them is 0.")
        .example("lcm(4, 6)", "12")
        .pure(),
    native("factorial", factorial)
        .section("Math")
        .parameters(&[required("n", NUMBER)])
        .returns(NUMBER)
        .doc("1 * 2 * … * n: an Int up to n = 20, a Float beyond; negative numbers are a ValueError.")
        .example("factorial(5)", "120")
        .pure(),
    native("choose", choose)
        .section("Math")
        .parameters(&[required("n", NUMBER), required("k", NUMBER)])
        .returns(NUMBER)
        .doc("In how many ways k of n things can be chosen: an Int where one holds it, else a Float.")
        .example("choose(5, 2)", "10")
        .pure(),
];

fn overflow(name: &str) -> Error {
    Error::new(ErrorKind::Overflow, format!("integer overflow in '{name}'"))
}

/// Quotient, rounded down, and rest.
fn floor_division(call: &Call) -> Result<(Value, Value), Error> {
    let (a, b) = (call.argument(0), call.argument(1));
    if let (Some(a), Some(b)) = (a.as_integral(), b.as_integral()) {
        if b == 0 {
            return Err(operators::division_by_zero());
        }
        let (Some(quotient), Some(rest)) = (a.checked_div(b), a.checked_rem(b)) else {
            return Err(overflow(call.name()));
        };
        return Ok(match rest != 0 && (rest < 0) != (b < 0) {
            true => (Value::Int(quotient - 1), Value::Int(rest + b)),
            false => (Value::Int(quotient), Value::Int(rest)),
        });
    }
    let (a, b) = (call.float(0)?, call.float(1)?);
    if b == 0.0 {
        return Err(operators::division_by_zero());
    }
    let quotient = (a / b).floor();
    Ok((int_or_float(quotient), Value::Float(a - quotient * b)))
}

fn divmod(call: &mut Call) -> Result<Value, Error> {
    let (quotient, rest) = floor_division(call)?;
    Ok(Value::list(vec![quotient, rest]))
}

fn idiv(call: &mut Call) -> Result<Value, Error> {
    Ok(floor_division(call)?.0)
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn gcd(call: &mut Call) -> Result<Value, Error> {
    let (a, b) = (call.integer(0)?, call.integer(1)?);
    let divisor = common_divisor(a.unsigned_abs(), b.unsigned_abs());
    i64::try_from(divisor).map(Value::Int).map_err(|_| overflow("gcd"))
}

fn lcm(call: &mut Call) -> Result<Value, Error> {
    let (a, b) = (call.integer(0)?.unsigned_abs(), call.integer(1)?.unsigned_abs());
    if a == 0 || b == 0 {
        return Ok(Value::Int(0));
    }
    let multiple = u128::from(a / common_divisor(a, b)) * u128::from(b);
    i64::try_from(multiple).map(Value::Int).map_err(|_| overflow("lcm"))
}

fn factorial(call: &mut Call) -> Result<Value, Error> {
    let n = call.size(0)?;
    if let Some(exact) = (1..=n as i64).try_fold(1_i64, |product, factor| product.checked_mul(factor)) {
        return Ok(Value::Int(exact));
    }
    // From 171 on the result is infinite.
    Ok(Value::Float((1..=n.min(171)).fold(1.0, |product, factor| product * factor as f64)))
}

fn choose(call: &mut Call) -> Result<Value, Error> {
    let (n, k) = (call.size(0)?, call.size(1)?);
    if k > n {
        return Ok(Value::Int(0));
    }
    Ok(combinations(n as u64, k.min(n - k) as u64))
}

fn combinations(n: u64, k: u64) -> Value {
    let mut exact = Some(1_u128);
    let mut float = 1.0;
    for step in 1..=k {
        let factor = n - k + step;
        // Each product is divisible: it is a number of combinations itself.
        exact =
            exact.and_then(|ways| ways.checked_mul(u128::from(factor))).map(|ways| ways / u128::from(step));
        float = float * factor as f64 / step as f64;
        if exact.is_none() && f64::is_infinite(float) {
            break;
        }
    }
    match exact.and_then(|ways| i64::try_from(ways).ok()) {
        Some(ways) => Value::Int(ways),
        None => Value::Float(float),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_exact_where_they_fit() {
        assert!(matches!(combinations(5, 2), Value::Int(10)));
        assert!(matches!(combinations(62, 31), Value::Int(465_428_353_255_261_088)));
        assert!(
            matches!(combinations(200, 100), Value::Float(ways) if (ways / 9.054851465610328e58 - 1.0).abs() < 1e-12)
        );
        assert!(matches!(combinations(u64::MAX / 2, 1), Value::Int(i64::MAX)));
    }

    #[test]
    fn divisors() {
        assert_eq!(common_divisor(12, 18), 6);
        assert_eq!(common_divisor(0, 5), 5);
        assert_eq!(common_divisor(0, 0), 0);
    }
}
