//! Letters and parts of text, and text as keys of Records and Maps.

use super::*;
use crate::machine::{is_nothing, nothing};
use crate::value::Str;

/// `object[index]` where that is no item of a list.
#[inline(always)]
pub(super) unsafe fn get_index(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    slow: Handler,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        let (Instruction::GetIndex { destination, object, index }
        | Instruction::GetIndexThrough { destination, object, index }) = *next.sub(1)
        else {
            std::hint::unreachable_unchecked()
        };
        match (&*registers.add(object.index()), &*registers.add(index.index())) {
            (Value::Str(text), Value::Int(position)) => {
                if let Some(letter) = text.ascii_at(*position as usize) {
                    let value = Value::Str(Str::from_ascii(letter));
                    finish_value!(machine, next, registers, registers.add(destination.index()), value)
                }
            }
            (Value::Record(record), Value::Str(key)) if !record.is_variant() => {
                if let Some(position) = machine.position_of_key(record, key)
                    && let Some(value) = record.values().get(position)
                {
                    let value = value.clone();
                    finish_value!(machine, next, registers, registers.add(destination.index()), value)
                }
            }
            _ => {}
        }
        slow(machine, next, registers)
    }
}

/// `object[index] = value` where that is no item of a list.
#[inline(always)]
pub(super) unsafe fn set_index(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    slow: Handler,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, SetIndex { object, index, value });
        // The index first: it may be in the register of the object.
        if let Value::Str(key) = &*registers.add(index.index())
            && let Value::Record(record) = &mut *registers.add(object.index())
            && !record.is_variant()
            && let Some(position) = machine.position_of_key(record, key)
            && let Some(values) = record.unique_values_mut()
            && position < values.len()
        {
            let slot = values.as_mut_ptr().add(position);
            let value = (*registers.add(value.index())).take();
            finish_value!(machine, next, registers, slot, value)
        }
        slow(machine, next, registers)
    }
}

/// `get(object, key, default)` where the key is there; else a call follows.
pub(super) unsafe fn find_key(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, FindKey { destination, object, key });
        if let (Value::Record(record), Value::Str(key)) =
            (&*registers.add(object.index()), &*registers.add(key.index()))
            && !record.is_variant()
            && let Some(position) = machine.position_of_key(record, key)
            && let Some(value) = record.values().get(position)
        {
            let value = value.clone();
            // Saves the next instruction its dispatch.
            if let Instruction::JumpIfFound { found, target } = *next
                && found == destination
                && target.0 >= 0
                && !is_nothing(&value)
            {
                let next = next.add(1).offset(target.0 as isize);
                finish_value!(machine, next, registers, registers.add(destination.index()), value)
            }
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        let mark = nothing();
        finish_value!(machine, next, registers, registers.add(destination.index()), mark)
    }
}

/// `has_key(object, key)` of a Record or Map and a Str; else a call follows.
pub(super) unsafe fn has_key(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, HasKey { destination, object, key });
        if let (Value::Record(record), Value::Str(key)) =
            (&*registers.add(object.index()), &*registers.add(key.index()))
            && !record.is_variant()
        {
            let has = machine.position_of_key(record, key).is_some();
            finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), has);
        }
        let mark = nothing();
        finish_value!(machine, next, registers, registers.add(destination.index()), mark)
    }
}

/// `key in object` of a Record or Map; everything else is for [`Machine::build`].
pub(super) unsafe fn contains(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Contains { destination, left, right });
        if let (Value::Str(key), Value::Record(record)) =
            (&*registers.add(left.index()), &*registers.add(right.index()))
            && !record.is_variant()
            && !machine.overloads.equality
        {
            let has = machine.position_of_key(record, key).is_some();
            finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), has);
        }
        super::control::build(machine, next, registers)
    }
}

pub(super) unsafe fn jump_if_found(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, JumpIfFound { found, target });
        if !is_nothing(&*registers.add(found.index())) {
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

/// The part of a Record or Map that is about to change in place: taken out of what holds it, so that it has one holder.
#[inline(always)]
pub(super) unsafe fn take_index(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    slow: Handler,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, TakeIndex { destination, object, index });
        if let Value::Str(key) = &*registers.add(index.index())
            && let Value::Record(record) = &mut *registers.add(object.index())
            && !record.is_variant()
            && let Some(position) = machine.position_of_key(record, key)
            && let Some(value) = record.unique_values_mut().and_then(|values| values.get_mut(position))
        {
            let value = value.take();
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        slow(machine, next, registers)
    }
}

/// `text[a:b]` where both lie inside and the part is short; everything else is for [`Machine::build`].
pub(super) unsafe fn slice(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Slice { destination, object, bounds });
        let bounds = registers.add(bounds.index());
        if let (Value::Str(text), Value::Int(start), Value::Int(end), Value::Nil) =
            (&*registers.add(object.index()), &*bounds, &*bounds.add(1), &*bounds.add(2))
            && let Some(part) = text.short_slice(*start as usize, *end as usize)
        {
            let value = Value::Str(part);
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        super::control::build(machine, next, registers)
    }
}

/// The next letter of a loop over a text or a sequence; everything else is for `slow`.
#[inline(always)]
pub(super) unsafe fn iterate_next(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    slow: Handler,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateNext { base, exit });
        let state = registers.add(base.index());
        if let Value::Int(position) = *state.add(1) {
            let letters = match &*state {
                Value::Str(text) => text.as_bytes(),
                Value::Sequence(sequence) => sequence.letters(),
                _ => return slow(machine, next, registers),
            };
            // The cursor counts bytes. Where characters have more of them, the general way takes over.
            match letters.get(position as usize) {
                Some(letter) if letter.is_ascii() => {
                    Value::write_int(state.add(1), position + 1);
                    let value = Value::Str(Str::from_ascii(*letter));
                    finish_value!(machine, next, registers, state.add(2), value)
                }
                None => jump!(machine, next, registers, exit),
                Some(_) => {}
            }
        }
        slow(machine, next, registers)
    }
}
