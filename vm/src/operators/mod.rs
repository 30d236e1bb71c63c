//! The operators, for every pair of types that the machine's loop does not handle itself.

mod join;

pub use join::{add_owned, concatenate, concatenate_owned, room_to_join};

use crate::error::{Error, ErrorKind};
use crate::value::{Set, Value};

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `//`
    IntegerDivide,
    /// `%`
    Modulo,
    /// `**`
    Power,
    /// `++`
    Concatenate,
    /// `&`
    BitAnd,
    /// `^`
    BitXor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
}

impl Operator {
    /// How it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::IntegerDivide => "//",
            Operator::Modulo => "%",
            Operator::Power => "**",
            Operator::Concatenate => "++",
            Operator::BitAnd => "&",
            Operator::BitXor => "^",
            Operator::ShiftLeft => "<<",
            Operator::ShiftRight => ">>",
        }
    }

    /// `left operator right`
    pub fn apply(self, left: &Value, right: &Value) -> Result<Value, Error> {
        match self {
            Operator::Add => add(left, right),
            Operator::Subtract => subtract(left, right),
            Operator::Multiply => multiply(left, right),
            Operator::Divide => divide(left, right),
            Operator::IntegerDivide => integer_divide(left, right),
            Operator::Modulo => modulo(left, right),
            Operator::Power => power(left, right),
            Operator::Concatenate => concatenate(left, right),
            Operator::BitAnd => bit_and(left, right),
            Operator::BitXor => bit_xor(left, right),
            Operator::ShiftLeft => shift_left(left, right),
            Operator::ShiftRight => shift_right(left, right),
        }
    }
}

/// `left + right`
pub fn add(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => checked(Operator::Add, left.checked_add(*right)),
        _ => match floats(left, right) {
            Some((left, right)) => Ok(Value::Float(left + right)),
            None => {
                room_to_join(left, right, false)?;
                add_owned(left.clone(), right)
            }
        },
    }
}

/// `left - right`
pub fn subtract(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => checked(Operator::Subtract, left.checked_sub(*right)),
        (Value::Set(left), Value::Set(right)) => Ok(filtered(left, |member| !right.contains(member))),
        _ => match floats(left, right) {
            Some((left, right)) => Ok(Value::Float(left - right)),
            None => unsupported(Operator::Subtract, left, right),
        },
    }
}

/// `left * right`
pub fn multiply(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => checked(Operator::Multiply, left.checked_mul(*right)),
        _ => match floats(left, right) {
            Some((left, right)) => Ok(Value::Float(left * right)),
            None => match (left, right) {
                (Value::Int(_) | Value::Float(_), repeated) if is_repeatable(repeated) => {
                    join::repeat(repeated, left)
                }
                (repeated, Value::Int(_) | Value::Float(_)) if is_repeatable(repeated) => {
                    join::repeat(repeated, right)
                }
                _ => unsupported(Operator::Multiply, left, right),
            },
        },
    }
}

fn is_repeatable(value: &Value) -> bool {
    matches!(value, Value::Str(_) | Value::Error(_) | Value::Sequence(_) | Value::List(_))
}

/// `left / right`
pub fn divide(left: &Value, right: &Value) -> Result<Value, Error> {
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        if *right == 0 {
            return Err(division_by_zero());
        }
        let (Some(quotient), Some(remainder)) = (left.checked_div(*right), left.checked_rem(*right)) else {
            return Err(overflow(Operator::Divide));
        };
        return Ok(match remainder {
            0 => Value::Int(quotient),
            _ => Value::Float(inexact_quotient(*left, *right, quotient, remainder)),
        });
    }
    match floats(left, right) {
        Some((_, 0.0)) => Err(division_by_zero()),
        Some((left, right)) => Ok(Value::Float(left / right)),
        None => unsupported(Operator::Divide, left, right),
    }
}

fn inexact_quotient(left: i64, right: i64, quotient: i64, remainder: i64) -> f64 {
    const EXACT: u64 = 1 << 53;
    if left.unsigned_abs() <= EXACT && right.unsigned_abs() <= EXACT {
        left as f64 / right as f64
    } else {
        // The operands themselves would be rounded.
        quotient as f64 + remainder as f64 / right as f64
    }
}

/// `left // right`
pub fn integer_divide(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(_), Value::Int(0)) => Err(division_by_zero()),
        (Value::Int(left), Value::Int(right)) => checked(Operator::IntegerDivide, left.checked_div(*right)),
        _ => match floats(left, right) {
            Some((_, 0.0)) => Err(division_by_zero()),
            Some((left, right)) => Ok(Value::Float(truncated_quotient(left, right))),
            None => unsupported(Operator::IntegerDivide, left, right),
        },
    }
}

/// The quotient that goes with `%`: rounding `1.0 / 0.1` up to 10 would leave no room for the remainder of 0.09999….
fn truncated_quotient(left: f64, right: f64) -> f64 {
    if left.is_infinite() {
        return left / right;
    }
    ((left - left % right) / right).round()
}

/// `left % right`
pub fn modulo(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(_), Value::Int(0)) => Err(modulo_by_zero()),
        // The only quotient that overflows leaves the remainder 0.
        (Value::Int(left), Value::Int(right)) => Ok(Value::Int(left.wrapping_rem(*right))),
        _ => match floats(left, right) {
            Some((_, 0.0)) => Err(modulo_by_zero()),
            Some((left, right)) => Ok(Value::Float(left % right)),
            None => unsupported(Operator::Modulo, left, right),
        },
    }
}

/// `left ** right`
pub fn power(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(base), Value::Int(exponent @ 0..)) => {
            checked(Operator::Power, integer_power(*base, *exponent))
        }
        _ => match floats(left, right) {
            Some((left, right)) => Ok(Value::Float(left.powf(right))),
            None => unsupported(Operator::Power, left, right),
        },
    }
}

fn integer_power(base: i64, exponent: i64) -> Option<i64> {
    match (base, u32::try_from(exponent)) {
        (_, Ok(exponent)) => base.checked_pow(exponent),
        (0 | 1, Err(_)) => Some(base),
        (-1, Err(_)) => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => None,
    }
}

/// `left & right`
pub fn bit_and(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Ok(Value::Int(left & right)),
        (Value::Set(left), Value::Set(right)) => Ok(filtered(left, |member| right.contains(member))),
        _ => unsupported(Operator::BitAnd, left, right),
    }
}

/// `left ^ right`
pub fn bit_xor(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Ok(Value::Int(left ^ right)),
        (Value::Set(left), Value::Set(right)) => {
            let only_left = left.iter().filter(|member| !right.contains(member));
            let only_right = right.iter().filter(|member| !left.contains(member));
            Ok(Value::Set(only_left.chain(only_right).cloned().collect()))
        }
        _ => unsupported(Operator::BitXor, left, right),
    }
}

/// `left << right`
pub fn shift_left(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(value), Value::Int(count)) => {
            let count = shift_count(Operator::ShiftLeft, *count)?;
            let shifted = value << count;
            checked(Operator::ShiftLeft, (shifted >> count == *value).then_some(shifted))
        }
        _ => unsupported(Operator::ShiftLeft, left, right),
    }
}

/// `left >> right`
pub fn shift_right(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Int(value), Value::Int(count)) => {
            Ok(Value::Int(value >> shift_count(Operator::ShiftRight, *count)?))
        }
        _ => unsupported(Operator::ShiftRight, left, right),
    }
}

fn shift_count(operator: Operator, count: i64) -> Result<u32, Error> {
    u32::try_from(count).ok().filter(|count| *count < 64).ok_or_else(|| {
        Error::type_error(format!("'{}' requires a shift count from 0 to 63, got {count}", operator.symbol()))
    })
}

/// `-value`
pub fn negate(value: &Value) -> Result<Value, Error> {
    match value {
        Value::Int(value) => checked(Operator::Subtract, value.checked_neg()),
        Value::Float(value) => Ok(Value::Float(-value)),
        Value::Foreign(foreign) => foreign
            .operate(Operator::Multiply, &Value::Int(-1), false)
            .unwrap_or_else(|| Err(Error::type_error(format!("cannot negate {}", value.type_of())))),
        _ => Err(Error::type_error(format!("cannot negate {}", value.type_of()))),
    }
}

/// Both numbers as Floats.
#[inline]
fn floats(left: &Value, right: &Value) -> Option<(f64, f64)> {
    Some((left.as_float()?, right.as_float()?))
}

fn filtered(set: &Set, keep: impl Fn(&Value) -> bool) -> Value {
    Value::Set(set.iter().filter(|member| keep(member)).cloned().collect())
}

#[inline]
fn checked(operator: Operator, result: Option<i64>) -> Result<Value, Error> {
    match result {
        Some(result) => Ok(Value::Int(result)),
        None => Err(overflow(operator)),
    }
}

/// The error of an Int result outside of 64 bits.
#[cold]
pub fn overflow(operator: Operator) -> Error {
    Error::new(ErrorKind::Overflow, format!("integer overflow in '{}'", operator.symbol()))
        .with_hint("make one operand a Float where an approximate result will do")
}

/// The error of `/` and `//` by zero.
#[cold]
pub fn division_by_zero() -> Error {
    Error::new(ErrorKind::DivisionByZero, "division by zero")
}

/// The error of `%` by zero.
#[cold]
pub fn modulo_by_zero() -> Error {
    Error::new(ErrorKind::DivisionByZero, "modulo by zero")
}

/// What is left when no rule of the language fits: a foreign operand may know the operation.
#[cold]
fn unsupported(operator: Operator, left: &Value, right: &Value) -> Result<Value, Error> {
    if let Value::Foreign(foreign) = left
        && let Some(result) = foreign.operate(operator, right, false)
    {
        return result;
    }
    if let Value::Foreign(foreign) = right
        && let Some(result) = foreign.operate(operator, left, true)
    {
        return result;
    }
    let types = format!("{} and {}", left.type_of(), right.type_of());
    let error = Error::type_error(match operator {
        Operator::Add => format!("cannot add {types}"),
        _ => format!("cannot apply '{}' to {types}", operator.symbol()),
    });
    Err(match hint(operator, left, right) {
        Some(hint) => error.with_hint(hint),
        None => error,
    })
}

fn hint(operator: Operator, left: &Value, right: &Value) -> Option<&'static str> {
    let is_number = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_));
    let has_text = left.as_text().is_some() || right.as_text().is_some();
    match (operator, left, right) {
        (_, Value::Nil, _) | (_, _, Value::Nil) if !has_text => {
            Some("one side is nil, a missing value; use ?? to give a default")
        }
        (Operator::Add, ..) if has_text && (is_number(left) || is_number(right)) => {
            Some("use str() to convert numbers to strings, or int()/float() to convert strings to numbers")
        }
        (Operator::Add | Operator::Concatenate, ..) if has_text => {
            Some("use str() to convert values to strings")
        }
        (Operator::Add, Value::Tuple(_), Value::Tuple(_))
        | (Operator::Add, Value::Record(_), Value::Record(_)) => Some("use ++ to join them"),
        (Operator::Add | Operator::Concatenate, Value::List(_), _) => {
            Some("use push() to append one item to a list")
        }
        _ if has_text && (is_number(left) || is_number(right)) => {
            Some("use int() or float() to convert strings to numbers")
        }
        _ => None,
    }
}
