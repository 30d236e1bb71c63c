//! The instruction loop: a function for each instruction that is worth one.
//!
//! Such a *handler* gets the machine, the next instruction and the registers, which stay in registers of the processor
//! all the time. At its end it calls the handler of the next instruction. Optimised, that call is a jump, so there is
//! no loop at all, and the processor predicts each handler's successor by itself. Stable Rust does not promise that
//! jump, so builds without optimisation, and targets where it was not looked at, return to a loop instead; see
//! [`dispatch`].
//!
//! What a handler must not do is keep a value in memory of its own whose address it gives away: the call at its end
//! would no longer be a jump. So everything rare is a function of its own that takes and returns plain words; see
//! `slow_binary` for an example. `tests/tests/long_run.rs` fails where a handler breaks that rule.
//!
//! * [`moves`]: loads, moves, variables
//! * [`arithmetic`]
//! * [`compare`]: comparison, and jumps that compare
//! * [`constants`]: arithmetic and comparison with constants
//! * [`loops`]; [`pipelines`]: those that the compiler makes of `map` and the like
//! * [`parts`]: items and fields
//! * [`text`]: letters, slices, keys
//! * [`control`]: calls, returns, everything that is rare
//! * [`method`]: calls of methods
//! * [`direct`]: calls that leave what they need where it is

mod arithmetic;
mod compare;
mod constants;
mod control;
pub(super) mod direct;
mod loops;
mod method;
mod moves;
mod parts;
mod pipelines;
pub(super) mod table;
mod text;

use super::frame::FunctionState;
use super::instructions::unset;
use super::{Machine, data};
use crate::error::Error;
use crate::value::Value;
use biovm_bytecode::Instruction;
use std::sync::Arc;

/// Where to go on: the next instruction, or null where the entry frame has ended, and the registers.
pub(super) type Flow = (*const Instruction, *mut Value);

/// Runs one instruction of the current frame, which stands before `next`, and those behind it.
///
/// # Safety
/// The current frame belongs to a verified program: every register, constant, jump, capture, field site and function
/// that an instruction names is in range, and code does not run past its end. `registers` are those of the frame.
pub(super) type Handler = unsafe fn(&mut Machine, *const Instruction, *mut Value) -> Flow;

/// The operands of the instruction that a handler runs.
macro_rules! operands {
    ($next:expr, $name:ident { $($operand:ident),* }) => {
        let biovm_bytecode::Instruction::$name { $($operand,)* .. } = *$next.sub(1) else {
            std::hint::unreachable_unchecked()
        };
    };
}

/// Leaves the handler with an error.
macro_rules! throw {
    ($machine:expr, $next:expr, $registers:expr, $error:expr) => {
        return raise($machine, $next, $registers, $error)
    };
}

/// The value of a result, or leaves the handler with its error.
macro_rules! attempt {
    ($machine:expr, $next:expr, $registers:expr, $result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => throw!($machine, $next, $registers, error),
        }
    };
}

/// Puts a number, written by `$write`, into a register, and goes on. Registers of numbers seldom hold short texts, which are
/// not told apart from others here: that would take as many instructions as all the rest.
macro_rules! finish_number {
    ($machine:expr, $next:expr, $registers:expr, $write:ident, $slot:expr, $value:expr) => {{
        let (slot, value) = ($slot, $value);
        if $crate::value::Value::some_counted($crate::value::Value::tag_at(slot)) {
            let old = $crate::value::Value::words(slot);
            $crate::value::Value::$write(slot, value);
            return drop_then_go($machine, $next, $registers, old.0, old.1);
        }
        $crate::value::Value::$write(slot, value);
        dispatch!($machine, $next, $registers);
    }};
}

/// Puts a value into a register, and goes on.
macro_rules! finish_value {
    ($machine:expr, $next:expr, $registers:expr, $slot:expr, $value:expr) => {{
        let slot = $slot;
        let value = $value;
        if (*slot).is_counted() {
            let old = $crate::value::Value::words(slot);
            $crate::value::Value::write_words(slot, value);
            return drop_then_go($machine, $next, $registers, old.0, old.1);
        }
        $crate::value::Value::write_words(slot, value);
        dispatch!($machine, $next, $registers);
    }};
}

/// Jumps, and goes on. A jump back looks at the interrupt flag first, so that an interrupt is reported where it happened.
macro_rules! jump {
    ($machine:expr, $next:expr, $registers:expr, $target:expr) => {{
        let distance = $target.0 as isize;
        if distance < 0 {
            $machine.countdown -= 1;
            if $machine.countdown == 0 {
                return poll_then_jump($machine, $next, $registers, distance);
            }
        }
        let next = $next.offset(distance);
        dispatch!($machine, next, $registers);
    }};
}

use {attempt, finish_number, finish_value, jump, operands, throw};

/// Puts a value into a register.
///
/// # Safety
/// The slot is a valid register.
#[inline(always)]
pub(super) unsafe fn put(slot: *mut Value, value: Value) {
    // SAFETY: by the caller.
    unsafe {
        if (*slot).is_counted() {
            drop_old(slot);
        }
        Value::write_words(slot, value);
    }
}

/// Out of line, so that handlers stay small where registers hold plain numbers.
#[inline(never)]
unsafe fn drop_old(slot: *mut Value) {
    // SAFETY: by the caller of `put`; the slot is written right after.
    unsafe { std::ptr::drop_in_place(slot) }
}

/// Drops a value that was overwritten.
#[inline(never)]
fn drop_words(tag: u64, payload: *const ()) {
    // SAFETY: callers have read both words from a counted value that they have overwritten.
    drop(unsafe { Value::from_words(tag, payload) });
}

/// Drops a value whose last holder was overwritten, and goes on.
#[inline(never)]
unsafe fn drop_last_then_go(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    tag: u64,
    payload: *const (),
) -> Flow {
    drop_words(tag, payload);
    // SAFETY: as for every handler.
    #[allow(unused_unsafe, reason = "the loop of builds without jumps needs none")]
    unsafe {
        dispatch!(machine, next, registers)
    }
}

/// Gives up the count of a value that was overwritten, or sees that it is a short text, and goes on. It calls nothing, so that
/// it need not save registers.
#[inline(never)]
unsafe fn drop_then_go(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    tag: u64,
    payload: *const (),
) -> Flow {
    // SAFETY: as for every handler; both words come from a value that was overwritten.
    unsafe {
        if Value::release_words(payload) {
            return drop_last_then_go(machine, next, registers, tag, payload);
        }
        dispatch!(machine, next, registers)
    }
}

/// Looks whether the user wants to stop, then jumps.
#[cold]
#[inline(never)]
unsafe fn poll_then_jump(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    distance: isize,
) -> Flow {
    // SAFETY: as for every handler; the verifier has proved the jump.
    unsafe {
        attempt!(machine, next, registers, machine.poll_slow());
        if machine.gives_way() {
            (*machine.frames.last).next = next.offset(distance);
            return (std::ptr::null(), registers);
        }
        dispatch!(machine, next.offset(distance), registers)
    }
}

/// Raises an error at the instruction before `next`: goes on at its handler, or ends the entry frame.
#[cold]
#[inline(never)]
unsafe fn raise(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    error: Error,
) -> Flow {
    // SAFETY: the current frame exists while its instructions run.
    unsafe { (*machine.frames.last).next = next };
    if !machine.handle(error) {
        return (std::ptr::null(), registers);
    }
    // SAFETY: there is a frame that goes on.
    unsafe {
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}
