//! Items and fields.

use super::*;
use crate::access;
use crate::machine::frame::FieldCache;
use crate::value::ListBody;
use biovm_bytecode::operand::{FieldSite, Register};
use std::cell::Cell;

/// The inline cache of a field site of the current frame.
///
/// # Safety
/// As for every handler.
#[inline(always)]
unsafe fn cache(machine: &Machine, field: FieldSite) -> *const Cell<FieldCache> {
    // SAFETY: the verifier has proved the field site in range.
    unsafe { (*(*machine.frames.last).function).caches.add(field.index()) }
}

pub(super) unsafe fn get_index(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, GetIndex { destination, object, index });
        if let (Value::List(list), Value::Int(position)) =
            (&*registers.add(object.index()), &*registers.add(index.index()))
            && let ListBody::Values(values) = list.body()
            && (*position as usize) < values.len()
        {
            let value = values.get_unchecked(*position as usize).clone();
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        get_index_otherwise(machine, next, registers)
    }
}

/// `xs[i][j]` and `xs[i].field`: two instructions in one, without a second holder of the value in between. Where anything is
/// unusual, this is the first of the two only.
pub(super) unsafe fn get_index_through(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; code does not end behind this instruction, which goes on.
    unsafe {
        operands!(next, GetIndexThrough { destination, object, index });
        if let (Value::List(list), Value::Int(position)) =
            (&*registers.add(object.index()), &*registers.add(index.index()))
            && let ListBody::Values(values) = list.body()
            && (*position as usize) < values.len()
        {
            let between = values.get_unchecked(*position as usize);
            match *next {
                Instruction::GetIndex { destination: target, object, index } if object == destination => {
                    if let (Value::List(list), Value::Int(position)) =
                        (between, &*registers.add(index.index()))
                        && let ListBody::Values(values) = list.body()
                        && (*position as usize) < values.len()
                    {
                        let value = values.get_unchecked(*position as usize).clone();
                        finish_value!(machine, next.add(1), registers, registers.add(target.index()), value)
                    }
                }
                Instruction::GetField { destination: target, object, field } if object == destination => {
                    if let Value::Record(record) = between {
                        let known = (*cache(machine, field)).get();
                        if std::ptr::eq(known.shape, record.shape().as_ptr()) {
                            let value = record.values().get_unchecked(known.position).clone();
                            finish_value!(
                                machine,
                                next.add(1),
                                registers,
                                registers.add(target.index()),
                                value
                            )
                        }
                    }
                }
                _ => {}
            }
            let value = between.clone();
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        get_index_otherwise(machine, next, registers)
    }
}

/// Items of what is no list. Not in the handler, which would save registers for the calls in here each time it runs.
#[inline(never)]
unsafe fn get_index_otherwise(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe { text::get_index(machine, next, registers, get_index_slow) }
}

#[inline(never)]
unsafe fn get_index_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        attempt!(machine, next, registers, index_into(next, registers));
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn index_into(next: *const Instruction, registers: *mut Value) -> Result<(), Error> {
    // SAFETY: see `Handler`.
    unsafe {
        let (Instruction::GetIndex { destination, object, index }
        | Instruction::GetIndexThrough { destination, object, index }) = *next.sub(1)
        else {
            std::hint::unreachable_unchecked()
        };
        let found = access::index(&*registers.add(object.index()), &*registers.add(index.index()))?;
        put(registers.add(destination.index()), found);
    }
    Ok(())
}

/// `xs = push(xs, x)`; what is no list that may change is for the call behind this instruction.
pub(super) unsafe fn append_in_place(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, AppendInPlace { list, source, target });
        if let Value::List(list) = &mut *registers.add(list.index())
            && let Some(values) = list.items_mut()
        {
            if values.len() == values.capacity() {
                return make_room_then(machine, next, registers, values, append_in_place);
            }
            push(values, registers.add(source.index()));
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

/// Moves the value of a register to the end of a list.
///
/// # Safety
/// The register is valid, and the list has room.
#[inline(always)]
pub(super) unsafe fn push(values: &mut Vec<Value>, source: *mut Value) {
    debug_assert!(values.len() < values.capacity());
    // SAFETY: by the caller.
    unsafe {
        Value::move_words(values.as_mut_ptr().add(values.len()), source);
        values.set_len(values.len() + 1);
    }
}

/// Makes room for one more, and begins the instruction anew: a handler that calls saves registers each time it runs.
#[cold]
#[inline(never)]
pub(super) unsafe fn make_room_then(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    values: &mut Vec<Value>,
    again: Handler,
) -> Flow {
    values.reserve(1);
    // SAFETY: see `Handler`.
    unsafe { again(machine, next, registers) }
}

/// `xs = pop(xs)`, as above.
pub(super) unsafe fn drop_last_in_place(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, DropLastInPlace { list, target });
        if let Value::List(list) = &mut *registers.add(list.index())
            && let Some(values) = list.items_mut()
        {
            if let Some(last) = values.len().checked_sub(1) {
                values.set_len(last);
                let slot = values.as_mut_ptr().add(last);
                if (*slot).is_counted() {
                    return drop_old_then_jump(machine, next, registers, slot);
                }
            }
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

/// Drops what has left a list, and jumps as [`drop_last_in_place`] does.
#[inline(never)]
unsafe fn drop_old_then_jump(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    slot: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; the slot is behind the end of its list now.
    unsafe {
        drop_old(slot);
        operands!(next, DropLastInPlace { target });
        jump!(machine, next, registers, target);
    }
}

/// The part of a value that is about to change in place: taken out of what holds it, so that it has one holder.
pub(super) unsafe fn take_index(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, TakeIndex { destination, object, index });
        if let Value::Int(position) = *registers.add(index.index())
            && let Value::List(list) = &mut *registers.add(object.index())
            && let Some(values) = list.values_mut()
            && (position as usize) < values.len()
        {
            let part = values.get_unchecked_mut(position as usize);
            // Where the next instruction changes the part, and the one behind it puts the part back, all is done here, and
            // the part never leaves its place.
            let slot = match *next {
                Instruction::SetField { object: changed, field, value }
                    if changed == destination && puts_back(*next.add(1), object, index, destination) =>
                {
                    field_slot(machine, part, field).map(|slot| (slot, value))
                }
                Instruction::SetIndex { object: changed, index: inner, value }
                    if changed == destination && puts_back(*next.add(1), object, index, destination) =>
                {
                    item_slot(part, &*registers.add(inner.index())).map(|slot| (slot, value))
                }
                _ => None,
            };
            if let Some((slot, value)) = slot
                && value != object
            {
                let value = (*registers.add(value.index())).take();
                finish_value!(machine, next.add(2), registers, slot, value)
            }
            let value = part.take();
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        text::take_index(machine, next, registers, super::control::build)
    }
}

/// Whether the instruction puts a part, which was taken from there, back.
#[inline(always)]
fn puts_back(instruction: Instruction, from: Register, at: Register, part: Register) -> bool {
    matches!(instruction, Instruction::SetIndex { object, index, value } if object == from && index == at && value == part)
}

/// The place of a field of a record, where it may change in place and the site has seen its like.
#[inline(always)]
unsafe fn field_slot(machine: &Machine, object: &mut Value, field: FieldSite) -> Option<*mut Value> {
    // SAFETY: see `cache`; a shape that is remembered has the position.
    unsafe {
        let Value::Record(record) = object else { return None };
        let known = (*cache(machine, field)).get();
        if !std::ptr::eq(known.shape, record.shape().as_ptr()) {
            return None;
        }
        Some(record.unique_values_mut()?.as_mut_ptr().add(known.position))
    }
}

/// The place of an item of a list, where it may change in place.
#[inline(always)]
fn item_slot(object: &mut Value, index: &Value) -> Option<*mut Value> {
    match (object, index) {
        (Value::List(list), Value::Int(position)) => {
            list.values_mut()?.get_mut(*position as usize).map(std::ptr::from_mut)
        }
        _ => None,
    }
}

/// The same for a field.
pub(super) unsafe fn take_field(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, TakeField { destination, object, field });
        if let Value::Record(record) = &mut *registers.add(object.index()) {
            let known = (*cache(machine, field)).get();
            if std::ptr::eq(known.shape, record.shape().as_ptr())
                && let Some(values) = record.unique_values_mut()
            {
                let value = values.get_unchecked_mut(known.position).take();
                finish_value!(machine, next, registers, registers.add(destination.index()), value)
            }
        }
        super::control::build(machine, next, registers)
    }
}

pub(super) unsafe fn set_index(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, SetIndex { object, index, value });
        if let Value::Int(position) = *registers.add(index.index())
            && let Value::List(list) = &mut *registers.add(object.index())
            && let Some(values) = list.values_mut()
            && (position as usize) < values.len()
        {
            let slot = values.as_mut_ptr().add(position as usize);
            let value = (*registers.add(value.index())).take();
            finish_value!(machine, next, registers, slot, value)
        }
        set_index_otherwise(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn set_index_otherwise(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe { text::set_index(machine, next, registers, set_index_slow) }
}

#[inline(never)]
unsafe fn set_index_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        attempt!(machine, next, registers, store_index(next, registers));
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn store_index(next: *const Instruction, registers: *mut Value) -> Result<(), Error> {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, SetIndex { object, index, value });
        let value = (*registers.add(value.index())).take();
        if index == object {
            let key = (*registers.add(index.index())).clone();
            return access::set_index(&mut *registers.add(object.index()), &key, value);
        }
        access::set_index(&mut *registers.add(object.index()), &*registers.add(index.index()), value)
    }
}

pub(super) unsafe fn get_field(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, GetField { destination, object, field });
        if let Value::Record(record) = &*registers.add(object.index()) {
            let known = (*cache(machine, field)).get();
            if std::ptr::eq(known.shape, record.shape().as_ptr()) {
                let value = record.values().get_unchecked(known.position).clone();
                finish_value!(machine, next, registers, registers.add(destination.index()), value)
            }
        }
        get_field_slow(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn get_field_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        attempt!(machine, next, registers, find_field(machine, next, registers));
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn find_field(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Result<(), Error> {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, GetField { destination, object, field });
        let name = &(*machine.frames.last).function().field_names[field.index()];
        let object = &*registers.add(object.index());
        if let Value::Record(record) = object {
            let shape = record.shape();
            if let Some(position) = shape.position(name)
                && !record.is_variant()
            {
                if shape.is_shared() {
                    (*cache(machine, field)).set(FieldCache { shape: shape.as_ptr(), position });
                }
                let value = record.values()[position].clone();
                put(registers.add(destination.index()), value);
                return Ok(());
            }
        }
        let found = access::field(object, name)?;
        put(registers.add(destination.index()), found);
    }
    Ok(())
}

pub(super) unsafe fn set_field(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, SetField { object, field, value });
        if let Value::Record(record) = &mut *registers.add(object.index()) {
            let known = (*cache(machine, field)).get();
            if std::ptr::eq(known.shape, record.shape().as_ptr())
                && let Some(values) = record.unique_values_mut()
            {
                let slot = values.as_mut_ptr().add(known.position);
                let value = (*registers.add(value.index())).take();
                finish_value!(machine, next, registers, slot, value)
            }
        }
        set_field_slow(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn set_field_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        attempt!(machine, next, registers, store_field(machine, next, registers));
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn store_field(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Result<(), Error> {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, SetField { object, field, value });
        let name = &(*machine.frames.last).function().field_names[field.index()];
        let value = (*registers.add(value.index())).take();
        let object = &mut *registers.add(object.index());
        if let Value::Record(record) = object
            && let Some(position) = record.shape().position(name)
            && !record.is_variant()
        {
            if record.shape().is_shared() {
                let shape = record.shape().as_ptr();
                (*cache(machine, field)).set(FieldCache { shape, position });
            }
            record.values_mut()[position] = value;
            return Ok(());
        }
        access::set_field(object, name, value)
    }
}
