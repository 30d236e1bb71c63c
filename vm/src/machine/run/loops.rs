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

/// The bounds of `range` where a loop can count from one to the other: both are Ints, and so is their distance.
#[inline(always)]
unsafe fn range_bounds(state: *const Value) -> Option<(i64, i64)> {
    // SAFETY: the verifier has proved that both registers exist.
    match unsafe { (&*state, &*state.add(1)) } {
        (Value::Int(first), Value::Int(end)) => end.checked_sub(*first).map(|_| (*first, *end)),
        _ => None,
    }
}

/// Begins a loop over `range(a, b)`. The next instruction is for everything that is not two Ints.
pub(super) unsafe fn range_start(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; the verifier has proved that something stands behind the next instruction.
    unsafe {
        operands!(next, RangeStart { base, exit });
        let state = registers.add(base.index());
        let Some((first, end)) = range_bounds(state) else { dispatch!(machine, next, registers) };
        if first < end {
            Value::write_int(state.add(1), end - 1);
            finish_number!(machine, next.add(1), registers, write_int, state.add(2), first);
        }
        jump!(machine, next, registers, exit)
    }
}

/// The same for `range(a, b, step)`. The end becomes the last Int that the loop gives.
pub(super) unsafe fn range_start_by(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: as for `range_start`.
    unsafe {
        operands!(next, RangeStartBy { base, exit });
        let state = registers.add(base.index());
        let (Some((first, end)), Value::Int(step)) = (range_bounds(state), &*state.add(3)) else {
            dispatch!(machine, next, registers)
        };
        let step = *step;
        if step == 0 {
            dispatch!(machine, next, registers);
        }
        if if step > 0 { first < end } else { first > end } {
            let before_end = if step > 0 { end - 1 } else { end + 1 };
            Value::write_int(state.add(1), before_end - (before_end - first).wrapping_rem(step));
            finish_number!(machine, next.add(1), registers, write_int, state.add(2), first);
        }
        jump!(machine, next, registers, exit)
    }
}

/// The next round of a counted loop.
macro_rules! count_next {
    ($name:ident, $on:ident, $instruction:ident, |$state:ident, $current:ident, $last:ident| $more:expr, $following:expr) => {
        pub(super) unsafe fn $name(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { base, target });
                let $state = registers.add(base.index());
                let (Value::Int($current), Value::Int($last)) = (&*$state, &*$state.add(1)) else {
                    // What was no range of Ints is a List.
                    return iterate_on(machine, next, registers, base.0, target.0);
                };
                if $more {
                    let following = $following;
                    Value::write_int($state, following);
                    if (*$state.add(2)).is_counted() {
                        return $on(machine, next, registers);
                    }
                    Value::write_int($state.add(2), following);
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
        unsafe fn $on(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $instruction { base, target });
                let state = registers.add(base.index());
                drop_old(state.add(2));
                std::ptr::copy_nonoverlapping(state, state.add(2), 1);
                poll_then_jump(machine, next, registers, target.0 as isize)
            }
        }
    };
}

count_next!(count_next, count_on, CountNext, |state, current, last| current < last, current + 1);
count_next!(
    count_next_by,
    count_on_by,
    CountNextBy,
    |state, current, last| current != last,
    // Only damaged code has no step there, and it may count to anywhere.
    current.wrapping_add(match &*state.add(3) {
        Value::Int(step) => *step,
        _ => 0,
    })
);

/// The next item of a loop into its variable, and on at the target; behind the last one what was iterated is dropped.
pub(super) unsafe fn iterate_again(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateAgain { base, target });
        let state = registers.add(base.index());
        let (Value::List(list), Value::Int(position)) = (&*state, &*state.add(1)) else {
            return iterate_on(machine, next, registers, base.0, target.0);
        };
        let position = *position;
        let value = match list.body() {
            ListBody::Values(values) => match values.get(position as usize) {
                Some(value) => value.clone(),
                None => return iterated(machine, next, registers, state),
            },
            ListBody::Progression { start, step, count } if (position as usize) < *count => {
                Value::Int(start + step * position)
            }
            ListBody::Progression { .. } => return iterated(machine, next, registers, state),
        };
        Value::write_int(state.add(1), position + 1);
        put(state.add(2), value);
        jump!(machine, next, registers, target)
    }
}

/// Ends a loop over a value, which nobody needs any more.
#[inline(never)]
pub(super) unsafe fn iterated(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    source: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; the source is a register.
    unsafe { finish_value!(machine, next, registers, source, Value::Nil) }
}

/// The next item of whatever is iterated, and on at the target.
#[inline(never)]
unsafe fn iterate_on(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    base: u16,
    target: i32,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        // Damaged code may count with something else than Ints.
        if matches!(&*registers.add(usize::from(base)), Value::Int(_)) {
            dispatch!(machine, next, registers);
        }
        (*machine.frames.last).next = next;
        let more = step(machine, Register(base), false);
        let registers = machine.select_frame().0;
        match attempt!(machine, next, registers, more) {
            // `step` has looked at the interrupt flag.
            Some(()) => dispatch!(machine, next.offset(target as isize), registers),
            None => iterated(machine, next, registers, registers.add(usize::from(base))),
        }
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
