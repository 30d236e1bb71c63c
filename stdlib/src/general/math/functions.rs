//! Powers, logarithms, trigonometry.

use crate::general::common::types::*;
use biovm_vm::{Call, Error, Native, Value, native, optional, required};

/// Declares functions of one number that give a Float.
macro_rules! float_functions {
    ($($name:literal $function:ident = $of:expr, $doc:literal, $example:literal $output:literal;)*) => {
        $(fn $function(call: &mut Call) -> Result<Value, Error> {
            let of: fn(f64) -> f64 = $of;
            Ok(Value::Float(of(call.float(0)?)))
        })*

        /// The same without a call: see [`Native::direct`].
        mod direct {
            use biovm_vm::Value;

            $(pub(super) fn $function(number: &Value) -> Option<Value> {
                let of: fn(f64) -> f64 = $of;
                number.as_float().map(|number| Value::Float(of(number)))
            })*
        }

        /// The builtins of this module.
        pub const NATIVES: &[Native] = &[
            $(native($name, $function)
                .section("Math")
                .parameters(&[required("x", NUMBER)])
                .returns(FLOAT)
                .doc($doc)
                .example($example, $output)
                .direct(direct::$function)
                .pure(),)*
            native("log", log)
                .aliases(&["ln"])
                .section("Math")
                .parameters(&[required("x", NUMBER), optional("base", NUMBER)])
                .returns(FLOAT)
                .doc("The logarithm to the base, by default to e; -inf for 0, NaN below.")
                .example("log(8, 2)", "3.0")
                .pure(),
            native("pow", pow)
                .section("Math")
                .parameters(&[required("a", NUMBER), required("b", NUMBER)])
                .returns(NUMBER)
                .doc("a to the power b: an Int where both are, b is not negative and the result fits, else a Float.")
                .example("pow(2, 10)", "1024")
                .pure(),
            native("atan2", atan2)
                .section("Math")
                .parameters(&[required("y", NUMBER), required("x", NUMBER)])
                .returns(FLOAT)
                .doc("The angle of the point (x, y), in radians from -pi to pi.")
                .example("atan2(0, -1) == pi()", "true")
                .pure(),
            native("hypot", hypot)
                .section("Math")
                .parameters(&[required("a", NUMBER), required("b", NUMBER)])
                .returns(FLOAT)
                .doc("The length of the hypotenuse over the legs a and b.")
                .example("hypot(3, 4)", "5.0")
                .pure(),
            native("pi", pi)
                .aliases(&["PI"])
                .section("Math")
                .returns(FLOAT)
                .doc("The circumference of a circle of diameter 1.")
                .example("PI", "3.141592653589793")
                .constant()
                .pure(),
            native("euler", euler)
                .aliases(&["E"])
                .section("Math")
                .returns(FLOAT)
                .doc("The base of the natural logarithm.")
                .example("E", "2.718281828459045")
                .constant()
                .pure(),
        ];
    };
}

float_functions! {
    "sqrt" sqrt = f64::sqrt, "The square root; NaN for negative numbers.", "sqrt(16)" "4.0";
    "cbrt" cbrt = f64::cbrt, "The cube root.", "cbrt(-27)" "-3.0";
    "exp" exp = f64::exp, "e to the power x.", "exp(0)" "1.0";
    "expm1" expm1 = f64::exp_m1, "exp(x) - 1, exact for small x.", "expm1(0)" "0.0";
    "log2" log2 = f64::log2, "The logarithm to base 2; -inf for 0, NaN below.", "log2(8)" "3.0";
    "log10" log10 = f64::log10, "The logarithm to base 10; -inf for 0, NaN below.", "log10(1000)" "3.0";
    "log1p" log1p = f64::ln_1p, "log(1 + x), exact for small x.", "log1p(0)" "0.0";
    "sin" sin = f64::sin, "The sine of an angle in radians.", "sin(0)" "0.0";
    "cos" cos = f64::cos, "The cosine of an angle in radians.", "cos(0)" "1.0";
    "tan" tan = f64::tan, "The tangent of an angle in radians.", "tan(0)" "0.0";
    "asin" asin = f64::asin, "The angle, in radians, with that sine; NaN outside of -1 to 1.", "asin(0)" "0.0";
    "acos" acos = f64::acos, "The angle, in radians, with that cosine; NaN outside of -1 to 1.", "acos(1)" "0.0";
    "atan" atan = f64::atan, "The angle, in radians, with that tangent.", "atan(0)" "0.0";
    "sinh" sinh = f64::sinh, "The hyperbolic sine.", "sinh(0)" "0.0";
    "cosh" cosh = f64::cosh, "The hyperbolic cosine.", "cosh(0)" "1.0";
    "tanh" tanh = f64::tanh, "The hyperbolic tangent.", "tanh(0)" "0.0";
}

fn log(call: &mut Call) -> Result<Value, Error> {
    let x = call.float(0)?;
    if call.is_nil(1) {
        return Ok(Value::Float(x.ln()));
    }
    let base = call.float(1)?;
    // The functions of their own are exact at powers of their base.
    Ok(Value::Float(match base {
        2.0 => x.log2(),
        10.0 => x.log10(),
        base => x.ln() / base.ln(),
    }))
}

fn pow(call: &mut Call) -> Result<Value, Error> {
    if let (Value::Int(base), Value::Int(exponent)) = (call.argument(0), call.argument(1))
        && let Some(power) = int_power(*base, *exponent)
    {
        return Ok(Value::Int(power));
    }
    Ok(Value::Float(call.float(0)?.powf(call.float(1)?)))
}

/// The power as an Int; `None` for negative exponents and results that do not fit.
fn int_power(base: i64, exponent: i64) -> Option<i64> {
    match (base, exponent) {
        (_, ..0) => None,
        (0 | 1, _) => Some(if exponent == 0 { 1 } else { base }),
        (-1, _) => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => base.checked_pow(u32::try_from(exponent).ok()?),
    }
}

fn atan2(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(call.float(0)?.atan2(call.float(1)?)))
}

fn hypot(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(call.float(0)?.hypot(call.float(1)?)))
}

fn pi(_call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(std::f64::consts::PI))
}

fn euler(_call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(std::f64::consts::E))
}

#[cfg(test)]
mod tests {
    use super::int_power;

    #[test]
    fn powers_of_ints() {
        assert_eq!(int_power(2, 62), Some(1 << 62));
        assert_eq!(int_power(2, 63), None);
        assert_eq!(int_power(-2, 63), Some(i64::MIN));
        assert_eq!(int_power(0, 0), Some(1));
        assert_eq!(int_power(1, i64::MAX), Some(1));
        assert_eq!(int_power(-1, i64::MAX), Some(-1));
        assert_eq!(int_power(2, -1), None);
        assert_eq!(int_power(2, i64::MAX), None);
    }
}
