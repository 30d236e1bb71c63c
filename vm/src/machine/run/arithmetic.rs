//! Arithmetic. Numbers are worked on in place; everything else is for `operators`.

use super::*;
use crate::error::ErrorKind;
use crate::machine::overload;
use crate::operators;
use biovm_bytecode::operand::{Register, ShortConstant};

/// An operator on values that are no numbers. Out of line, and with plain words as parameters and result: see the
/// module's rule.
#[inline(never)]
pub(super) unsafe fn slow_binary(
    destination: *mut Value,
    left: *const Value,
    right: *const Value,
    operator: fn(&Value, &Value) -> Result<Value, Error>,
) -> Result<(), Error> {
    // SAFETY: all three are registers or constants.
    unsafe {
        let result = operator(&*left, &*right)?;
        put(destination, result);
    }
    Ok(())
}

/// The same where the right operand is a small Int in the instruction.
#[inline(never)]
unsafe fn slow_binary_integer(
    destination: *mut Value,
    left: *const Value,
    right: i64,
    operator: fn(&Value, &Value) -> Result<Value, Error>,
) -> Result<(), Error> {
    // SAFETY: as above.
    unsafe { slow_binary(destination, left, &Value::Int(right), operator) }
}

#[cold]
#[inline(never)]
pub(super) unsafe fn overflow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    operator: &'static u8,
) -> Flow {
    let operator = char::from(*operator);
    let error = Error::new(ErrorKind::Overflow, format!("integer overflow in '{operator}'"))
        .with_hint("use Floats where exact Ints are not needed, such as 2.0 ** 64");
    // SAFETY: see `Handler`.
    unsafe { throw!(machine, next, registers, error) }
}

/// Text and lists grow in place where the sum replaces its left side.
#[inline(never)]
unsafe fn slow_add(destination: *mut Value, left: *const Value, right: *const Value) -> Result<(), Error> {
    // SAFETY: as for `slow_binary`; left and right differ where left is changed.
    unsafe {
        if destination.cast_const() == left && left != right {
            return data::add_into(&mut *destination, &*right);
        }
        slow_binary(destination, left, right, operators::add)
    }
}

/// The same for `++`.
#[inline(never)]
unsafe fn slow_concatenate(
    destination: *mut Value,
    left: *const Value,
    right: *const Value,
) -> Result<(), Error> {
    // SAFETY: as for `slow_add`.
    unsafe {
        if destination.cast_const() == left && left != right {
            return data::concatenate_into(&mut *destination, &*right);
        }
        slow_binary(destination, left, right, operators::concatenate)
    }
}

#[inline(always)]
unsafe fn in_register(_: &Machine, registers: *mut Value, register: Register) -> *const Value {
    // SAFETY: see `Handler`.
    unsafe { registers.add(register.index()) }
}

#[inline(always)]
unsafe fn in_constants(machine: &Machine, _: *mut Value, constant: ShortConstant) -> *const Value {
    // SAFETY: see `Handler`.
    unsafe { machine.current.constants.add(constant.index()) }
}

/// `destination = left operator right` for numbers, and `$slow` for everything else.
macro_rules! arithmetic {
    ($name:ident, $slow:ident, $instruction:ident { $right:ident: $at:ident }, $checked:ident $float:tt $symbol:literal, $operate:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, $right });
                let slot = registers.add(destination.index());
                match (&*registers.add(left.index()), &*$at(machine, registers, $right)) {
                    (Value::Int(a), Value::Int(b)) => match a.$checked(*b) {
                        Some(result) => finish_number!(machine, next, registers, write_int, slot, result),
                        None => overflow(machine, next, registers, &$symbol),
                    },
                    (Value::Float(a), Value::Float(b)) => {
                        finish_number!(machine, next, registers, write_float, slot, *a $float *b)
                    }
                    (Value::Float(a), Value::Int(b)) => {
                        finish_number!(machine, next, registers, write_float, slot, *a $float *b as f64)
                    }
                    (Value::Int(a), Value::Float(b)) => {
                        finish_number!(machine, next, registers, write_float, slot, *a as f64 $float *b)
                    }
                    _ => $slow(machine, next, registers),
                }
            }
        }

        slow!($slow, $instruction { $right: $at }, $operate);
    };
}

/// The handler for operands that are no numbers.
macro_rules! slow {
    ($name:ident, $instruction:ident { $right:ident: $at:ident }, $operate:expr) => {
        #[inline(never)]
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, $right });
                let right = $at(machine, registers, $right);
                let left = registers.add(left.index());
                attempt!(machine, next, registers, $operate(registers.add(destination.index()), left, right));
                dispatch!(machine, next, registers)
            }
        }
    };
}

/// The same where the right operand is a small Int in the instruction.
macro_rules! arithmetic_integer {
    ($name:ident, $slow:ident, $instruction:ident, $checked:ident $float:tt $symbol:literal, $operator:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, value });
                let slot = registers.add(destination.index());
                match &*registers.add(left.index()) {
                    Value::Int(a) => match a.$checked(i64::from(value.0)) {
                        Some(result) => finish_number!(machine, next, registers, write_int, slot, result),
                        None => overflow(machine, next, registers, &$symbol),
                    },
                    Value::Float(a) => {
                        finish_number!(machine, next, registers, write_float, slot, *a $float f64::from(value.0))
                    }
                    _ => $slow(machine, next, registers),
                }
            }
        }

        slow_integer!($slow, $instruction, $operator);
    };
}

macro_rules! slow_integer {
    ($name:ident, $instruction:ident, $operator:expr) => {
        #[inline(never)]
        unsafe fn $name(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, value });
                let slot = registers.add(destination.index());
                let left = registers.add(left.index());
                let result = slow_binary_integer(slot, left, i64::from(value.0), $operator);
                attempt!(machine, next, registers, result);
                dispatch!(machine, next, registers)
            }
        }
    };
}

arithmetic!(add, add_slow, Add { right: in_register }, checked_add + b'+', slow_add);
arithmetic!(
    add_constant,
    add_constant_slow,
    AddConstant { constant: in_constants },
    checked_add + b'+',
    slow_add
);
arithmetic!(
    subtract,
    subtract_slow,
    Subtract { right: in_register },
    checked_sub - b'-',
    |slot, left, right| { slow_binary(slot, left, right, operators::subtract) }
);
arithmetic!(
    subtract_constant,
    subtract_constant_slow,
    SubtractConstant { constant: in_constants },
    checked_sub - b'-',
    |slot, left, right| slow_binary(slot, left, right, operators::subtract)
);
arithmetic!(
    multiply,
    multiply_slow,
    Multiply { right: in_register },
    checked_mul * b'*',
    |slot, left, right| { slow_binary(slot, left, right, operators::multiply) }
);
arithmetic!(
    multiply_constant,
    multiply_constant_slow,
    MultiplyConstant { constant: in_constants },
    checked_mul * b'*',
    |slot, left, right| slow_binary(slot, left, right, operators::multiply)
);
arithmetic_integer!(add_integer, add_integer_slow, AddInteger, checked_add + b'+', operators::add);
arithmetic_integer!(
    subtract_integer,
    subtract_integer_slow,
    SubtractInteger,
    checked_sub - b'-',
    operators::subtract
);
arithmetic_integer!(
    multiply_integer,
    multiply_integer_slow,
    MultiplyInteger,
    checked_mul * b'*',
    operators::multiply
);
slow!(concatenate_values, Concatenate { right: in_register }, slow_concatenate);

pub(super) unsafe fn concatenate(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Concatenate { left });
        if machine.overloads.joining && overload::structure(&*registers.add(left.index())).is_some() {
            return compare::ask(machine, next, registers);
        }
        concatenate_values(machine, next, registers)
    }
}

/// `$operator` where both are Ints and the right one is above zero, or both are Floats and the right one is not zero.
macro_rules! divide {
    ($name:ident, $slow:ident, $instruction:ident { $right:ident: $at:ident }) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, $right });
                let slot = registers.add(destination.index());
                match (&*registers.add(left.index()), &*$at(machine, registers, $right)) {
                    (Value::Float(a), Value::Float(b)) if *b != 0.0 => {
                        finish_number!(machine, next, registers, write_float, slot, *a / *b)
                    }
                    (Value::Float(a), Value::Int(b)) if *b != 0 => {
                        finish_number!(machine, next, registers, write_float, slot, *a / *b as f64)
                    }
                    (Value::Int(a), Value::Float(b)) if *b != 0.0 => {
                        finish_number!(machine, next, registers, write_float, slot, *a as f64 / *b)
                    }
                    // Floats hold both exactly, so the quotient is rounded once.
                    (Value::Int(a), Value::Int(b))
                        if *b > 0 && *b < EXACT && a.unsigned_abs() < EXACT as u64 =>
                    {
                        if a % b == 0 {
                            finish_number!(machine, next, registers, write_int, slot, a / b)
                        }
                        finish_number!(machine, next, registers, write_float, slot, *a as f64 / *b as f64)
                    }
                    _ => $slow(machine, next, registers),
                }
            }
        }

        slow!($slow, $instruction { $right: $at }, |slot, left, right| slow_binary(
            slot,
            left,
            right,
            operators::divide
        ));
    };
}

/// Floats hold all Ints up to this one.
const EXACT: i64 = 1 << 53;

divide!(divide, divide_slow, Divide { right: in_register });
divide!(divide_constant, divide_constant_slow, DivideConstant { constant: in_constants });

/// `a % b` for `b` above zero. Short division takes a fraction of the time of the long one.
#[inline(always)]
pub(super) fn rest(a: i64, b: i64) -> i64 {
    match (u32::try_from(a), u32::try_from(b)) {
        (Ok(a), Ok(b)) if b != 0 => i64::from(a % b),
        _ => a % b,
    }
}

/// `a / b`, rounded toward zero, for `b` above zero.
#[inline(always)]
pub(super) fn quotient(a: i64, b: i64) -> i64 {
    match (u32::try_from(a), u32::try_from(b)) {
        (Ok(a), Ok(b)) if b != 0 => i64::from(a / b),
        _ => a / b,
    }
}

/// Truncating division and its rest, where both are Ints and the right one is above zero.
macro_rules! whole {
    ($name:ident, $slow:ident, $instruction:ident, $divide:ident, $operator:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, right });
                match (&*registers.add(left.index()), &*registers.add(right.index())) {
                    (Value::Int(a), Value::Int(b)) if *b > 0 => {
                        let slot = registers.add(destination.index());
                        finish_number!(machine, next, registers, write_int, slot, $divide(*a, *b))
                    }
                    _ => $slow(machine, next, registers),
                }
            }
        }

        slow!($slow, $instruction { right: in_register }, |slot, left, right| slow_binary(
            slot, left, right, $operator
        ));
    };
}

whole!(integer_divide, integer_divide_slow, IntegerDivide, quotient, operators::integer_divide);
whole!(modulo, modulo_slow, Modulo, rest, operators::modulo);

pub(super) unsafe fn modulo_integer(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, ModuloInteger { destination, left, value });
        match &*registers.add(left.index()) {
            Value::Int(a) if value.0 > 0 => {
                let slot = registers.add(destination.index());
                finish_number!(machine, next, registers, write_int, slot, rest(*a, i64::from(value.0)))
            }
            _ => modulo_integer_slow(machine, next, registers),
        }
    }
}
slow_integer!(modulo_integer_slow, ModuloInteger, operators::modulo);

pub(super) unsafe fn negate(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Negate { destination, source });
        let slot = registers.add(destination.index());
        match &*registers.add(source.index()) {
            Value::Float(value) => finish_number!(machine, next, registers, write_float, slot, -value),
            _ => negate_slow(machine, next, registers),
        }
    }
}

#[inline(never)]
unsafe fn negate_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Negate { destination, source });
        let source = registers.add(source.index());
        let result = slow_unary(registers.add(destination.index()), source);
        attempt!(machine, next, registers, result);
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn slow_unary(destination: *mut Value, source: *const Value) -> Result<(), Error> {
    // SAFETY: both are registers.
    unsafe {
        let result = operators::negate(&*source)?;
        put(destination, result);
    }
    Ok(())
}

pub(super) unsafe fn not(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Not { destination, source });
        let Some(holds) = compare::plain_truth(registers.add(source.index())) else {
            return not_slow(machine, next, registers);
        };
        finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), !holds)
    }
}

pub(super) unsafe fn truth(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Truth { destination, source });
        let Some(holds) = compare::plain_truth(registers.add(source.index())) else {
            return truth_slow(machine, next, registers);
        };
        finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), holds)
    }
}

#[inline(never)]
unsafe fn not_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Not { destination, source });
        let holds = compare::slow_truth(registers.add(source.index()));
        finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), !holds)
    }
}

#[inline(never)]
unsafe fn truth_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Truth { destination, source });
        let holds = compare::slow_truth(registers.add(source.index()));
        finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), holds)
    }
}
