//! Counted loops, and iteration.

use super::*;
use crate::value::ListBody;
use biovm_bytecode::operand::Register;

/// Bounds of a counted loop that are no Ints yet: makes them Ints.
#[inline(never)]
unsafe fn convert_bounds(state: *mut Value) -> Result<(), Error> {
    // SAFETY: the verifier has proved that both registers exist.
    unsafe {
        let (first, last) = data::count_bounds(&*state, &*state.add(1))?;
        put(state, Value::Int(first));
        put(state.add(1), Value::Int(last));
    }
    Ok(())
}

/// Begins a counted loop. The end is inclusive from here on; whether there is one decides if the loop runs at all.
macro_rules! count_start {
    ($name:ident, $instruction:ident, $last:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { base, exit });
                let state = registers.add(base.index());
                if !matches!((&*state, &*state.add(1)), (Value::Int(_), Value::Int(_))) {
                    attempt!(machine, next, registers, convert_bounds(state));
                }
                if let (Value::Int(first), Value::Int(end)) = (&*state, &*state.add(1)) {
                    let first = *first;
                    let last: Option<i64> = $last(*end);
                    if let Some(last) = last.filter(|last| first <= *last) {
                        Value::write_int(state.add(1), last);
                        finish_number!(machine, next, registers, write_int, state.add(2), first);
                    }
                }
                jump!(machine, next, registers, exit)
            }
        }
    };
}

count_start!(count_start, CountStart, |end: i64| end.checked_sub(1));
count_start!(count_start_inclusive, CountStartInclusive, Some);

pub(super) unsafe fn count_next(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CountNext { base, target });
        let state = registers.add(base.index());
        // Only damaged code puts something else than Ints there.
        if let (Value::Int(current), Value::Int(last)) = (&*state, &*state.add(1))
            && current < last
        {
            let following = current + 1;
            Value::write_int(state, following);
            if (*state.add(2)).is_counted() {
                return count_on(machine, next, registers);
            }
            Value::write_int(state.add(2), following);
            machine.countdown -= 1;
            let distance = target.0 as isize;
            if machine.countdown == 0 {
                return poll_then_jump(machine, next, registers, distance);
            }
            dispatch!(machine, next.offset(distance), registers);
        }
        dispatch!(machine, next, registers)
    }
}

/// The same where the loop variable holds something that must be dropped: the body has assigned to it.
#[inline(never)]
unsafe fn count_on(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CountNext { base, target });
        let state = registers.add(base.index());
        drop_old(state.add(2));
        std::ptr::copy_nonoverlapping(state, state.add(2), 1);
        poll_then_jump(machine, next, registers, target.0 as isize)
    }
}

pub(super) unsafe fn iterate_next(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateNext { base, exit });
        let state = registers.add(base.index());
        let (Value::List(list), Value::Int(position)) = (&*state, &*state.add(1)) else {
            return text::iterate_next(machine, next, registers, iterate_next_slow);
        };
        let position = *position;
        match list.body() {
            ListBody::Values(values) => {
                let Some(value) = values.get(position as usize) else {
                    jump!(machine, next, registers, exit);
                };
                Value::write_int(state.add(1), position + 1);
                let value = value.clone();
                finish_value!(machine, next, registers, state.add(2), value)
            }
            ListBody::Progression { start, step, count } => {
                if position as usize >= *count {
                    jump!(machine, next, registers, exit);
                }
                let value = start + step * position;
                Value::write_int(state.add(1), position + 1);
                finish_number!(machine, next, registers, write_int, state.add(2), value)
            }
        }
    }
}

#[inline(never)]
unsafe fn iterate_next_slow(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateNext { base, exit });
        (*machine.frames.last).next = next;
        let more = step(machine, base, false);
        let registers = machine.select_frame().0;
        match attempt!(machine, next, registers, more) {
            Some(()) => dispatch!(machine, next, registers),
            None => jump!(machine, next, registers, exit),
        }
    }
}

pub(super) unsafe fn iterate_next_pair(
    machine: &mut Machine,
    next: *const Instruction,
    _: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateNextPair { base, exit });
        (*machine.frames.last).next = next;
        let more = step(machine, base, true);
        let registers = machine.select_frame().0;
        match attempt!(machine, next, registers, more) {
            Some(()) => dispatch!(machine, next, registers),
            None => jump!(machine, next, registers, exit),
        }
    }
}

/// The next item; `None` where there is none.
#[inline(never)]
fn step(machine: &mut Machine, base: Register, is_pair: bool) -> Result<Option<()>, Error> {
    machine.poll()?;
    Ok(machine.iterate_next(base, is_pair)?.then_some(()))
}
