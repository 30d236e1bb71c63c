//! Comparison, and jumps that compare.

use super::*;
use crate::compare as values;
use crate::machine::overload::{self, has_parts};
use std::cmp::Ordering;

/// An order of values that are not two Ints or two Floats: a word that says whether it holds, or an error.
#[inline(never)]
unsafe fn slow_order(
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
unsafe fn slow_equal(left: *const Value, right: *const Value) -> bool {
    // SAFETY: both are registers or constants.
    unsafe { values::equal(&*left, &*right) }
}

/// Whether an `eq` of the script may have a say.
#[inline(never)]
unsafe fn asks(left: *const Value, right: *const Value) -> bool {
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

/// Whether the value counts as true. Bools first: they are what conditions are made of.
#[inline(always)]
pub(super) unsafe fn truth(value: *const Value) -> bool {
    // SAFETY: a register.
    unsafe {
        match &*value {
            Value::Bool(value) => *value,
            Value::Nil => false,
            _ => slow_truth(value),
        }
    }
}

#[inline(never)]
unsafe fn slow_truth(value: *const Value) -> bool {
    // SAFETY: a register.
    unsafe { (*value).is_truthy() }
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
unsafe fn raise_order(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
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
    ($name:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { destination, left, right });
                let (left, right) = (registers.add(left.index()), registers.add(right.index()));
                let equal = match (&*left, &*right) {
                    (Value::Int(a), Value::Int(b)) => a == b,
                    (Value::Str(a), Value::Str(b)) => a.same(b) || a.is_long_as(b) && slow_equal(left, right),
                    _ if machine.overloads.equality && asks(left, right) => {
                        return ask(machine, next, registers);
                    }
                    _ => slow_equal(left, right),
                };
                let slot = registers.add(destination.index());
                finish_number!(machine, next, registers, write_bool, slot, equal == $wanted)
            }
        }
    };
}

equality!(equal, Equal, true);
equality!(not_equal, NotEqual, false);

pub(super) unsafe fn jump(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Jump { target });
        jump!(machine, next, registers, target)
    }
}

/// Jumps where the condition has that truth.
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

jump_if!(jump_if_true, JumpIfTrue, |condition| truth(condition));
jump_if!(jump_if_false, JumpIfFalse, |condition| !truth(condition));
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
    ($name:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, right, target });
                let (left, right) = (registers.add(left.index()), registers.add(right.index()));
                let equal = match (&*left, &*right) {
                    (Value::Int(a), Value::Int(b)) => a == b,
                    (Value::Str(a), Value::Str(b)) => a.same(b) || a.is_long_as(b) && slow_equal(left, right),
                    _ if machine.overloads.equality && asks(left, right) => {
                        return ask(machine, next, registers);
                    }
                    _ => slow_equal(left, right),
                };
                if equal == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_equal!(jump_if_equal, JumpIfEqual, true);
jump_equal!(jump_if_not_equal, JumpIfNotEqual, false);

#[inline(never)]
unsafe fn slow_equal_integer(left: *const Value, right: i64) -> bool {
    // SAFETY: a register.
    unsafe { values::equal(&*left, &Value::Int(right)) }
}

macro_rules! jump_equal_integer {
    ($name:ident, $instruction:ident, $wanted:literal) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { left, value, target });
                let left = registers.add(left.index());
                let equal = match &*left {
                    Value::Int(a) => *a == i64::from(value.0),
                    _ if machine.overloads.equality && asks(left, left) => {
                        return ask(machine, next, registers);
                    }
                    _ => slow_equal_integer(left, i64::from(value.0)),
                };
                if equal == $wanted {
                    jump!(machine, next, registers, target);
                }
                dispatch!(machine, next, registers)
            }
        }
    };
}

jump_equal_integer!(jump_if_equal_integer, JumpIfEqualInteger, true);
jump_equal_integer!(jump_if_not_equal_integer, JumpIfNotEqualInteger, false);

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
