//! Operators with a constant beyond the small Ints, or with a constant on the left.

use super::arithmetic::{overflow, quotient, rest, slow_binary};
use super::compare::{ask, asks, plain_equality, raise_order, slow_equal, slow_order};
use super::*;
use crate::operators;
use biovm_bytecode::operand::ShortConstant;
use std::cmp::Ordering;

#[inline(always)]
unsafe fn constant_at(machine: &Machine, constant: ShortConstant) -> *const Value {
    // SAFETY: see `Handler`.
    unsafe { machine.current.constants.add(constant.index()) }
}

/// The handler for everything that is no pair of numbers.
macro_rules! slow {
    ($name:ident, $instruction:ident { $register:ident }, $operator:expr, $order:ident) => {
        #[inline(never)]
        unsafe fn $name(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, constant, $register });
                let (register, constant) = (registers.add($register.index()), constant_at(machine, constant));
                let (left, right) = $order!(register.cast_const(), constant);
                attempt!(
                    machine,
                    next,
                    registers,
                    slow_binary(registers.add(destination.index()), left, right, $operator)
                );
                dispatch!(machine, next, registers)
            }
        }
    };
}

macro_rules! register_first {
    ($register:expr, $constant:expr) => {
        ($register, $constant)
    };
}
macro_rules! constant_first {
    ($register:expr, $constant:expr) => {
        ($constant, $register)
    };
}

/// `destination = constant operator right`
macro_rules! constant_left {
    ($name:ident, $slow:ident, $instruction:ident, $checked:ident $float:tt $symbol:literal, $operator:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, constant, right });
                let slot = registers.add(destination.index());
                match (&*constant_at(machine, constant), &*registers.add(right.index())) {
                    (Value::Float(a), Value::Float(b)) => {
                        finish_number!(machine, next, registers, write_float, slot, *a $float *b)
                    }
                    (Value::Int(a), Value::Int(b)) => match a.$checked(*b) {
                        Some(result) => finish_number!(machine, next, registers, write_int, slot, result),
                        None => overflow(machine, next, registers, &$symbol),
                    },
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
        slow!($slow, $instruction { right }, $operator, constant_first);
    };
}

constant_left!(constant_add, constant_add_slow, ConstantAdd, checked_add + b'+', operators::add);
constant_left!(
    constant_subtract,
    constant_subtract_slow,
    ConstantSubtract,
    checked_sub - b'-',
    operators::subtract
);
constant_left!(
    constant_multiply,
    constant_multiply_slow,
    ConstantMultiply,
    checked_mul * b'*',
    operators::multiply
);

pub(super) unsafe fn constant_divide(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, ConstantDivide { destination, constant, right });
        let slot = registers.add(destination.index());
        match (&*constant_at(machine, constant), &*registers.add(right.index())) {
            (Value::Float(a), Value::Float(b)) if *b != 0.0 => {
                finish_number!(machine, next, registers, write_float, slot, *a / *b)
            }
            (Value::Float(a), Value::Int(b)) if *b != 0 => {
                finish_number!(machine, next, registers, write_float, slot, *a / *b as f64)
            }
            (Value::Int(a), Value::Float(b)) if *b != 0.0 => {
                finish_number!(machine, next, registers, write_float, slot, *a as f64 / *b)
            }
            _ => constant_divide_slow(machine, next, registers),
        }
    }
}
slow!(constant_divide_slow, ConstantDivide { right }, operators::divide, constant_first);

/// Truncating division and its rest, where both are Ints and the constant is above zero.
macro_rules! whole {
    ($name:ident, $slow:ident, $instruction:ident, $divide:ident, $operator:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, constant });
                match (&*registers.add(left.index()), &*constant_at(machine, constant)) {
                    (Value::Int(a), Value::Int(b)) if *b > 0 => {
                        let slot = registers.add(destination.index());
                        finish_number!(machine, next, registers, write_int, slot, $divide(*a, *b))
                    }
                    _ => $slow(machine, next, registers),
                }
            }
        }
        slow!($slow, $instruction { left }, $operator, register_first);
    };
}

whole!(
    integer_divide_constant,
    integer_divide_constant_slow,
    IntegerDivideConstant,
    quotient,
    operators::integer_divide
);
whole!(modulo_constant, modulo_constant_slow, ModuloConstant, rest, operators::modulo);

macro_rules! jump_equal {
    ($name:ident, $slow:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, constant, target });
                match plain_equality(registers.add(left.index()), constant_at(machine, constant)) {
                    Some($wanted) => jump!(machine, next, registers, target),
                    Some(_) => dispatch!(machine, next, registers),
                    None => $slow(machine, next, registers),
                }
            }
        }

        #[inline(never)]
        unsafe fn $slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, constant, target });
                let (left, right) = (registers.add(left.index()), constant_at(machine, constant));
                if machine.overloads.equality && asks(left, left) {
                    return ask(machine, next, registers);
                }
                if slow_equal(left, right) == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_equal!(jump_if_equal_constant, jump_if_equal_constant_slow, JumpIfEqualConstant, true);
jump_equal!(jump_if_not_equal_constant, jump_if_not_equal_constant_slow, JumpIfNotEqualConstant, false);

macro_rules! jump_nil {
    ($name:ident, $slow:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, target });
                if machine.overloads.equality {
                    return $slow(machine, next, registers);
                }
                if matches!(&*registers.add(left.index()), Value::Nil) == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }

        #[inline(never)]
        unsafe fn $slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, target });
                let left = registers.add(left.index());
                if asks(left, left) {
                    return ask(machine, next, registers);
                }
                if matches!(&*left, Value::Nil) == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_nil!(jump_if_equal_nil, jump_if_equal_nil_slow, JumpIfEqualNil, true);
jump_nil!(jump_if_not_equal_nil, jump_if_not_equal_nil_slow, JumpIfNotEqualNil, false);

macro_rules! jump_order {
    ($name:ident, $slow:ident, $instruction:ident, $operator:tt, $accepts:expr, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, constant, target });
                let holds = match (&*registers.add(left.index()), &*constant_at(machine, constant)) {
                    (Value::Float(a), Value::Float(b)) => a $operator b,
                    (Value::Int(a), Value::Int(b)) => a $operator b,
                    _ => return $slow(machine, next, registers),
                };
                if holds == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }

        #[inline(never)]
        unsafe fn $slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, constant, target });
                let (left, right) = (registers.add(left.index()), constant_at(machine, constant));
                let holds = slow_order(machine, left, right, $accepts);
                if machine.outcome.is_err() {
                    return raise_order(machine, next, registers);
                }
                if holds == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_order!(jump_if_less, jump_if_less_slow, JumpIfLessConstant, <, Ordering::is_lt, true);
jump_order!(jump_unless_less, jump_unless_less_slow, JumpUnlessLessConstant, <, Ordering::is_lt, false);
jump_order!(jump_if_less_equal, jump_if_less_equal_slow, JumpIfLessEqualConstant, <=, Ordering::is_le, true);
jump_order!(jump_unless_less_equal, jump_unless_less_equal_slow, JumpUnlessLessEqualConstant, <=, Ordering::is_le, false);
jump_order!(jump_if_greater, jump_if_greater_slow, JumpIfGreaterConstant, >, Ordering::is_gt, true);
jump_order!(jump_unless_greater, jump_unless_greater_slow, JumpUnlessGreaterConstant, >, Ordering::is_gt, false);
jump_order!(jump_if_greater_equal, jump_if_greater_equal_slow, JumpIfGreaterEqualConstant, >=, Ordering::is_ge, true);
jump_order!(jump_unless_greater_equal, jump_unless_greater_equal_slow, JumpUnlessGreaterEqualConstant, >=, Ordering::is_ge, false);
