//! Comparison, and jumps that compare.

use super::*;
use crate::compare as values;
use crate::machine::overload::{self, has_parts};
use std::cmp::Ordering;

/// An order of values that are not two Ints or two Floats: a word that says whether it holds, or an error.
#[inline(never)]
pub(super) unsafe fn slow_order(
    machine: &mut Machine,
    left: *const Value,
    right: *const Value,
    accepts: fn(Ordering) -> bool,
) -> bool {
    // SAFETY: both are registers or constants.
    let (left, right) = unsafe { (&*left, &*right) };
    if let (Value::Str(left), Value::Str(right)) = (left, right) {
        return accepts(left.cmp(right));
    }
    match values::order(left, right) {
        Ok(order) => order.is_some_and(accepts),
        Err(error) => {
            // Stays behind until the handler asks: a result with an error in it would not fit into a word.
            machine.outcome = Err(error);
            false
        }
    }
}

#[inline(never)]
pub(super) unsafe fn slow_equal(left: *const Value, right: *const Value) -> bool {
    // SAFETY: both are registers or constants.
    unsafe { values::equal(&*left, &*right) }
}

/// Whether an `eq` of the script may have a say.
#[inline(never)]
pub(super) unsafe fn asks(left: *const Value, right: *const Value) -> bool {
    // SAFETY: both are registers or constants.
    unsafe { has_parts(&*left) || has_parts(&*right) }
}

/// Lets [`overload`] finish the instruction.
#[cold]
#[inline(never)]
pub(super) unsafe fn ask(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe { throw!(machine, next, registers, overload::ask()) }
}

/// Whether the value counts as true, where that takes no call to know. Bools first: they are what conditions are made of.
#[inline(always)]
pub(super) unsafe fn plain_truth(value: *const Value) -> Option<bool> {
    // SAFETY: a register.
    unsafe {
        match &*value {
            Value::Bool(value) => Some(*value),
            Value::Nil => Some(false),
            _ => None,
        }
    }
}

#[inline(never)]
pub(super) unsafe fn slow_truth(value: *const Value) -> bool {
    // SAFETY: a register.
    unsafe { (*value).is_truthy() }
}

/// Whether both are equal, where that takes no call to know.
#[inline(always)]
pub(super) unsafe fn plain_equality(left: *const Value, right: *const Value) -> Option<bool> {
    // SAFETY: registers or constants.
    unsafe {
        match (&*left, &*right) {
            (Value::Int(a), Value::Int(b)) => Some(a == b),
            (Value::Float(a), Value::Float(b)) => Some(a == b),
            (Value::Str(a), Value::Str(b)) if a.same(b) => Some(true),
            (Value::Str(a), Value::Str(b)) if !a.is_long_as(b) => Some(false),
            _ => None,
        }
    }
}

/// Leaves the handler with the error that `slow_order` has left behind, if there is one.
macro_rules! check_order {
    ($machine:expr, $next:expr, $registers:expr) => {
        if $machine.outcome.is_err() {
            return raise_order($machine, $next, $registers);
        }
    };
}

#[cold]
#[inline(never)]
pub(super) unsafe fn raise_order(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    let error = std::mem::replace(&mut machine.outcome, Ok(Value::Nil)).err().unwrap_or_else(data::damaged);
    // SAFETY: see `Handler`.
    unsafe { raise(machine, next, registers, error) }
}

/// `destination = left operator right`
macro_rules! comparison {
    ($name:ident, $slow:ident, $instruction:ident, $operator:tt, $accepts:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, right });
                let holds = match (&*registers.add(left.index()), &*registers.add(right.index())) {
                    (Value::Int(a), Value::Int(b)) => a $operator b,
                    (Value::Float(a), Value::Float(b)) => a $operator b,
                    _ => return $slow(machine, next, registers),
                };
                finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), holds)
            }
        }

        #[inline(never)]
        unsafe fn $slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, right });
                let (left, right) = (registers.add(left.index()), registers.add(right.index()));
                let holds = slow_order(machine, left, right, $accepts);
                check_order!(machine, next, registers);
                finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), holds)
            }
        }
    };
}

comparison!(less, less_slow, Less, <, Ordering::is_lt);
comparison!(less_equal, less_equal_slow, LessEqual, <=, Ordering::is_le);
comparison!(greater, greater_slow, Greater, >, Ordering::is_gt);
comparison!(greater_equal, greater_equal_slow, GreaterEqual, >=, Ordering::is_ge);

macro_rules! equality {
    ($name:ident, $slow:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, right });
                let Some(equal) = plain_equality(registers.add(left.index()), registers.add(right.index()))
                else {
                    return $slow(machine, next, registers);
                };
                let slot = registers.add(destination.index());
                finish_number!(machine, next, registers, write_bool, slot, equal == $wanted)
            }
        }

        #[inline(never)]
        unsafe fn $slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, right });
                let (left, right) = (registers.add(left.index()), registers.add(right.index()));
                if machine.overloads.equality && asks(left, right) {
                    return ask(machine, next, registers);
                }
                let holds = slow_equal(left, right) == $wanted;
                finish_number!(
                    machine,
                    next,
                    registers,
                    write_bool,
                    registers.add(destination.index()),
                    holds
                )
            }
        }
    };
}

equality!(equal, equal_slow, Equal, true);
equality!(not_equal, not_equal_slow, NotEqual, false);

pub(super) unsafe fn jump(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Jump { target });
        jump!(machine, next, registers, target)
    }
}

/// Jumps where the condition has that truth.
macro_rules! jump_truth {
    ($name:ident, $slow:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { condition, target });
                match plain_truth(registers.add(condition.index())) {
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
                operands!(next, $instruction { condition, target });
                if slow_truth(registers.add(condition.index())) == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_truth!(jump_if_true, jump_if_true_slow, JumpIfTrue, true);
jump_truth!(jump_if_false, jump_if_false_slow, JumpIfFalse, false);

/// Jumps where the condition holds.
macro_rules! jump_if {
    ($name:ident, $instruction:ident, |$condition:ident| $holds:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { condition, target });
                let $condition = registers.add(condition.index());
                if $holds {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_if!(jump_if_nil, JumpIfNil, |condition| matches!(*condition, Value::Nil));
jump_if!(jump_if_not_nil, JumpIfNotNil, |condition| !matches!(*condition, Value::Nil));

/// Jumps where the comparison holds, or where it does not.
macro_rules! jump_order {
    ($name:ident, $slow:ident, $instruction:ident, $operator:tt, $accepts:expr, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, right, target });
                let holds = match (&*registers.add(left.index()), &*registers.add(right.index())) {
                    (Value::Int(a), Value::Int(b)) => a $operator b,
                    (Value::Float(a), Value::Float(b)) => a $operator b,
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
                operands!(next, $instruction { left, right, target });
                let (left, right) = (registers.add(left.index()), registers.add(right.index()));
                let holds = slow_order(machine, left, right, $accepts);
                check_order!(machine, next, registers);
                if holds == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_order!(jump_if_less, jump_if_less_slow, JumpIfLess, <, Ordering::is_lt, true);
jump_order!(jump_unless_less, jump_unless_less_slow, JumpUnlessLess, <, Ordering::is_lt, false);
jump_order!(jump_if_less_equal, jump_if_less_equal_slow, JumpIfLessEqual, <=, Ordering::is_le, true);
jump_order!(jump_unless_less_equal, jump_unless_less_equal_slow, JumpUnlessLessEqual, <=, Ordering::is_le, false);
jump_order!(jump_if_greater, jump_if_greater_slow, JumpIfGreater, >, Ordering::is_gt, true);
jump_order!(jump_unless_greater, jump_unless_greater_slow, JumpUnlessGreater, >, Ordering::is_gt, false);
jump_order!(jump_if_greater_equal, jump_if_greater_equal_slow, JumpIfGreaterEqual, >=, Ordering::is_ge, true);
jump_order!(
    jump_unless_greater_equal,
    jump_unless_greater_equal_slow,
    JumpUnlessGreaterEqual,
    >=,
    Ordering::is_ge,
    false
);

macro_rules! jump_equal {
    ($name:ident, $slow:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, right, target });
                match plain_equality(registers.add(left.index()), registers.add(right.index())) {
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
                operands!(next, $instruction { left, right, target });
                let (left, right) = (registers.add(left.index()), registers.add(right.index()));
                if machine.overloads.equality && asks(left, right) {
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

jump_equal!(jump_if_equal, jump_if_equal_slow, JumpIfEqual, true);
jump_equal!(jump_if_not_equal, jump_if_not_equal_slow, JumpIfNotEqual, false);

#[inline(never)]
unsafe fn slow_equal_integer(left: *const Value, right: i64) -> bool {
    // SAFETY: a register.
    unsafe { values::equal(&*left, &Value::Int(right)) }
}

macro_rules! jump_equal_integer {
    ($name:ident, $slow:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, value, target });
                let Value::Int(number) = &*registers.add(left.index()) else {
                    return $slow(machine, next, registers);
                };
                if (*number == i64::from(value.0)) == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }

        #[inline(never)]
        unsafe fn $slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, value, target });
                let left = registers.add(left.index());
                if machine.overloads.equality && asks(left, left) {
                    return ask(machine, next, registers);
                }
                if slow_equal_integer(left, i64::from(value.0)) == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_equal_integer!(jump_if_equal_integer, jump_if_equal_integer_slow, JumpIfEqualInteger, true);
jump_equal_integer!(jump_if_not_equal_integer, jump_if_not_equal_integer_slow, JumpIfNotEqualInteger, false);

#[inline(never)]
unsafe fn slow_order_integer(
    machine: &mut Machine,
    left: *const Value,
    right: i64,
    accepts: fn(Ordering) -> bool,
) -> bool {
    // SAFETY: a register.
    unsafe { slow_order(machine, left, &Value::Int(right), accepts) }
}

macro_rules! jump_order_integer {
    ($name:ident, $slow:ident, $instruction:ident, $operator:tt, $accepts:expr, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, value, target });
                let holds = match &*registers.add(left.index()) {
                    Value::Int(a) => *a $operator i64::from(value.0),
                    Value::Float(a) => *a $operator f64::from(value.0),
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
                operands!(next, $instruction { left, value, target });
                let left = registers.add(left.index());
                let holds = slow_order_integer(machine, left, i64::from(value.0), $accepts);
                check_order!(machine, next, registers);
                if holds == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_order_integer!(jump_if_less_integer, jump_if_less_integer_slow, JumpIfLessInteger, <, Ordering::is_lt, true);
jump_order_integer!(jump_if_less_equal_integer, jump_if_less_equal_integer_slow, JumpIfLessEqualInteger, <=, Ordering::is_le, true);
jump_order_integer!(jump_if_greater_integer, jump_if_greater_integer_slow, JumpIfGreaterInteger, >, Ordering::is_gt, true);
jump_order_integer!(jump_if_greater_equal_integer, jump_if_greater_equal_integer_slow, JumpIfGreaterEqualInteger, >=, Ordering::is_ge, true);
jump_order_integer!(jump_unless_less_integer, jump_unless_less_integer_slow, JumpUnlessLessInteger, <, Ordering::is_lt, false);
jump_order_integer!(jump_unless_less_equal_integer, jump_unless_less_equal_integer_slow, JumpUnlessLessEqualInteger, <=, Ordering::is_le, false);
jump_order_integer!(jump_unless_greater_integer, jump_unless_greater_integer_slow, JumpUnlessGreaterInteger, >, Ordering::is_gt, false);
jump_order_integer!(jump_unless_greater_equal_integer, jump_unless_greater_equal_integer_slow, JumpUnlessGreaterEqualInteger, >=, Ordering::is_ge, false);
