//! Calls, returns, and everything that is rare.

use super::*;
use crate::machine::frame::{CLEARED_AT_ONCE, Frame};
use crate::machine::is_nothing;
use biovm_bytecode::operand::Register;
use std::mem::MaybeUninit;

/// Starts a function of the current program whose arguments stand in its registers, which begin behind `slot`, and are as
/// many as it wants.
///
/// # Safety
/// As for every handler.
#[inline(always)]
pub(super) unsafe fn start(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    callee: *const FunctionState,
    captures: *const Value,
    slot: Register,
) -> Flow {
    // SAFETY: by the caller.
    unsafe {
        let caller = machine.frames.last;
        (*caller).next = next;
        let base = (*caller).base + slot.index() + 1;
        let end = base + (*callee).register_groups * CLEARED_AT_ONCE;
        if caller >= machine.frames.limit || end >= machine.stack.len() {
            return start_slow(machine, next, registers, callee, captures, base);
        }
        let code = (*callee).code;
        let frame = caller.add(1);
        frame.write(Frame { function: callee, captures, base, next: code, ending: 0 });
        machine.frames.last = frame;
        dispatch!(machine, code, registers.add(slot.index() + 1))
    }
}

/// The same where the stack or the list of frames must grow, or the call is nested too deeply.
#[cold]
#[inline(never)]
unsafe fn start_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    callee: *const FunctionState,
    captures: *const Value,
    base: usize,
) -> Flow {
    // SAFETY: by the caller.
    unsafe {
        let pushed = machine.push_frame((*callee).program, (*callee).function, captures, base, false);
        attempt!(machine, next, registers, pushed);
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn call(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Call { base, count });
        machine.countdown -= 1;
        if machine.countdown != 0
            && let Value::Closure(closure) = &*registers.add(base.index())
            && std::ptr::eq(Arc::as_ptr(closure.program()), machine.current.program)
        {
            let callee = machine.current.functions.add(closure.function_number());
            if (*callee).exact_arity == count.index() {
                let captures = closure.captures().as_ptr();
                return start(machine, next, registers, callee, captures, base);
            }
        }
        call_slow(machine, next, registers)
    }
}

unsafe fn call_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Call { base, count });
        call_value_then_go(machine, next, registers, base, count.index())
    }
}

/// Calls whatever stands in the register, with the arguments behind it, after the countdown has gone down.
#[inline(never)]
pub(super) unsafe fn call_value_then_go(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    base: Register,
    count: usize,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        if machine.countdown == 0 {
            attempt!(machine, next, registers, machine.poll_slow());
        }
        (*machine.frames.last).next = next;
        let slot = (*machine.frames.last).base + base.index();
        attempt!(machine, next, registers, machine.call_value(slot, count));
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn call_function(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallFunction { base, count, function });
        let callee = machine.current.functions.add(function.index());
        machine.countdown -= 1;
        if machine.countdown == 0 || (*callee).exact_arity != count.index() {
            return call_function_slow(machine, next, registers);
        }
        start(machine, next, registers, callee, std::ptr::null(), base)
    }
}

#[inline(never)]
unsafe fn call_function_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallFunction { base, count, function });
        if machine.countdown == 0 {
            attempt!(machine, next, registers, machine.poll_slow());
        }
        (*machine.frames.last).next = next;
        let first = (*machine.frames.last).base + base.index() + 1;
        let callee = machine.current.functions.add(function.index());
        let (program, callee) = ((*callee).program, (*callee).function);
        attempt!(machine, next, registers, machine.bind(&*callee, first, count.index()));
        let pushed = machine.push_frame(program, callee, std::ptr::null(), first, false);
        attempt!(machine, next, registers, pushed);
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn call_native(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallNative { base, count, native });
        let native = *(&*machine.current.program).natives.get_unchecked(native.index());
        (*machine.frames.last).next = next;
        let called = machine.run_native_at(native, base, count.index());
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, called);
        dispatch!(machine, next, registers)
    }
}

/// What begins or ends calls in ways of its own: leaves the machine with the frame that goes on.
pub(super) unsafe fn call_otherwise(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        (*machine.frames.last).next = next;
        let instruction = *next.sub(1);
        attempt!(machine, next, registers, machine.call_instruction(instruction));
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

/// Ends the current frame with a result, given as its two words. It goes to the register below the frame, where the caller
/// put the function.
#[inline(always)]
unsafe fn leave(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    tag: u64,
    payload: MaybeUninit<u64>,
) -> Flow {
    // SAFETY: see `Handler`. Above the registers of the frame there are some more; see `push_frame`.
    unsafe {
        let frame = machine.frames.last;
        let mut tags = Value::tag_at(registers.sub(1));
        let mut slot = registers;
        for _ in 0..(*(*frame).function).register_groups {
            for offset in 0..CLEARED_AT_ONCE {
                tags |= Value::tag_at(slot.add(offset));
            }
            slot = slot.add(CLEARED_AT_ONCE);
        }
        if Value::some_counted(tags) || (*frame).ending != 0 {
            return leave_slow(machine, next, registers, tag, payload);
        }
        return_to_caller(machine, registers, tag, payload)
    }
}

/// The same where registers hold what is counted, or the caller is native code or in another program.
#[inline(never)]
unsafe fn leave_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    tag: u64,
    payload: MaybeUninit<u64>,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        let frame = machine.frames.last;
        let mut slot = registers;
        let end = registers.add((*(*frame).function).register_groups * CLEARED_AT_ONCE);
        while slot < end {
            // Short texts go, too: the next return would stumble over their tags.
            if Value::some_counted(Value::tag_at(slot)) {
                if (*slot).is_counted() {
                    drop_old(slot);
                }
                slot.write(Value::Nil);
            }
            slot = slot.add(1);
        }
        if (*frame).ending != 0 {
            return leave_otherwise(machine, next, registers, tag, payload);
        }
        if (*registers.sub(1)).is_counted() {
            drop_old(registers.sub(1));
        }
        return_to_caller(machine, registers, tag, payload)
    }
}

/// The same where the caller is native code, or may belong to another program; the frame holds nothing that is counted.
#[inline(never)]
unsafe fn leave_otherwise(
    machine: &mut Machine,
    _next: *const Instruction,
    registers: *mut Value,
    tag: u64,
    payload: MaybeUninit<u64>,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        let is_entry = (*machine.frames.last).is_entry();
        machine.frames.last = machine.frames.last.sub(1);
        if is_entry {
            give_outcome(machine, tag, payload);
            return (std::ptr::null(), registers);
        }
        if (*registers.sub(1)).is_counted() {
            drop_old(registers.sub(1));
        }
        Value::write_parts(registers.sub(1), tag, payload);
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn give_outcome(machine: &mut Machine, tag: u64, payload: MaybeUninit<u64>) {
    // SAFETY: by the caller, who has taken the parts out of a register.
    machine.outcome = Ok(unsafe { Value::from_parts(tag, payload) });
}

/// Goes on in the caller, which belongs to the same program; the frame holds nothing that is counted.
#[inline(always)]
unsafe fn return_to_caller(
    machine: &mut Machine,
    registers: *mut Value,
    tag: u64,
    payload: MaybeUninit<u64>,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        Value::write_parts(registers.sub(1), tag, payload);
        let caller = machine.frames.last.sub(1);
        machine.frames.last = caller;
        let registers = machine.stack.as_mut_ptr().add((*caller).base);
        dispatch!(machine, (*caller).next, registers)
    }
}

pub(super) unsafe fn return_(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Return { source });
        let (tag, payload) = Value::take_parts(registers.add(source.index()));
        leave(machine, next, registers, tag, payload)
    }
}

pub(super) unsafe fn return_nil(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe { leave(machine, next, registers, Value::NIL_TAG, MaybeUninit::uninit()) }
}

/// A generator or a body of an async function: the call ends here, with a Stream or a Future.
pub(super) unsafe fn suspend(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`; the register below a frame exists.
    unsafe {
        (*machine.frames.last).next = next;
        let is_task = matches!(*next.sub(1), Instruction::StartTask {});
        attempt!(machine, next, registers, machine.suspend_to(is_task, registers));
        return_first(machine, next, registers)
    }
}

/// Ends a frame whose first register holds the result.
unsafe fn return_first(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: every frame has a register.
    unsafe {
        let (tag, payload) = Value::take_parts(registers);
        leave_slow(machine, next, registers, tag, payload)
    }
}

pub(super) unsafe fn yield_(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Yield { source });
        (*machine.frames.last).next = next;
        let item = (*registers.add(source.index())).take();
        machine.outcome = Ok(item);
        attempt!(machine, next, registers, machine.yield_frame());
        (std::ptr::null(), registers)
    }
}

pub(super) unsafe fn await_(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Await { destination, source });
        (*machine.frames.last).next = next;
        let awaited = machine.await_into(destination, source);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, awaited);
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn extend(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Extend { list, source });
        (*machine.frames.last).next = next;
        let result = machine.extend(list, source);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, result);
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn run_deferred(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, RunDeferred { list });
        (*machine.frames.last).next = next;
        let result = machine.run_deferred(list);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, result);
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn jump_if_given(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, JumpIfGiven { parameter, target });
        if !is_nothing(&*registers.add(parameter.index())) {
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

/// What builds values and takes them apart, and neither jumps nor calls.
#[inline(never)]
pub(super) unsafe fn build(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        let instruction = *next.sub(1);
        attempt!(machine, next, registers, machine.build(instruction, registers));
        dispatch!(machine, next, registers)
    }
}

#[cold]
#[inline(never)]
pub(super) unsafe fn load_global_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadGlobal { destination, global });
        let _ = destination;
        let name = &(&*machine.current.program).globals[global.index()];
        throw!(machine, next, registers, unset(name))
    }
}

/// In parallel code the first value of a variable is its declaration, in a module say; everything later is refused.
#[cold]
#[inline(never)]
pub(super) unsafe fn store_global_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, StoreGlobal { source, global });
        match machine.globals.get_mut(global.index()) {
            Some(slot) if is_nothing(slot) => {
                *slot = (*registers.add(source.index())).take();
                dispatch!(machine, next, registers)
            }
            _ => {
                let error = machine.shared_variable();
                throw!(machine, next, registers, error)
            }
        }
    }
}
