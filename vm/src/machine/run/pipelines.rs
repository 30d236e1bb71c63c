//! Lambdas of `map`, `filter` and the like as loops.

use super::*;
use crate::value::ListBody;

/// The next item of the List of a loop that nobody else reads, and on at the target. Where nobody else holds the List
/// either, the item leaves it, so that the body can change it in place.
pub(super) unsafe fn iterate_take(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateTake { base, target });
        let state = registers.add(base.index());
        let Value::Int(position) = *state.add(1) else {
            return loops::iterated(machine, next, registers, state);
        };
        let Value::List(list) = &mut *state else { return loops::iterated(machine, next, registers, state) };
        let value = if let Some(values) = list.values_mut() {
            match values.get_mut(position as usize) {
                Some(value) => value.take(),
                None => return loops::iterated(machine, next, registers, state),
            }
        } else {
            match list.body() {
                ListBody::Values(values) => match values.get(position as usize) {
                    Some(value) => value.clone(),
                    None => return loops::iterated(machine, next, registers, state),
                },
                ListBody::Progression { start, step, count } if (position as usize) < *count => {
                    Value::Int(start + step * position)
                }
                ListBody::Progression { .. } => return loops::iterated(machine, next, registers, state),
            }
        };
        Value::write_int(state.add(1), position + 1);
        put(state.add(2), value);
        jump!(machine, next, registers, target)
    }
}

/// Goes on at the target where a loop would not do what the builtin does.
pub(super) unsafe fn jump_unless_list(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, JumpUnlessList { source, target });
        if machine.overloads.any || !matches!(&*registers.add(source.index()), Value::List(_)) {
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn jump_if_integer(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, JumpIfInteger { source, target });
        if matches!(&*registers.add(source.index()), Value::Int(_)) {
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

/// `total += source` for Ints. What else there is to add waits in a List, which the builtin then adds up.
pub(super) unsafe fn add_to_total(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, AddToTotal { total, source });
        let (total, source) = (registers.add(total.index()), registers.add(source.index()));
        if let (Value::Int(sum), Value::Int(number)) = (&*total, &*source)
            && let Some(sum) = sum.checked_add(*number)
        {
            Value::write_int(total, sum);
            dispatch!(machine, next, registers);
        }
        keep_for_total(total, source);
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn keep_for_total(total: *mut Value, source: *const Value) {
    // SAFETY: both are registers.
    unsafe {
        let value = (*source).clone();
        match &mut *total {
            Value::List(list) => list.make_mut().push(value),
            total => *total = Value::list(vec![total.take(), value]),
        }
    }
}

/// The List gets another item.
pub(super) unsafe fn append(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Append { list, source });
        if let Value::List(list) = &mut *registers.add(list.index())
            && let Some(values) = list.items_mut()
        {
            if values.len() == values.capacity() {
                return parts::make_room_then(machine, next, registers, values, append);
            }
            parts::push(values, registers.add(source.index()));
            dispatch!(machine, next, registers);
        }
        control::build(machine, next, registers)
    }
}
