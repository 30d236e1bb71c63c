//! Calls that leave the callee, or the argument, where it is: no copy of it is counted.

use super::control::{call_value_then_go, start};
use super::*;
use crate::native::DirectFunction;
use biovm_bytecode::operand::Register;

/// Calls the closure at `callee`, which outlives the call: it is captured by the running closure, or in a register of a frame
/// that waits.
///
/// # Safety
/// As for every handler; `callee` is a register or a capture.
#[inline(always)]
unsafe fn call_in_place(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    callee: *const Value,
    base: Register,
    count: usize,
) -> Flow {
    // SAFETY: by the caller.
    unsafe {
        machine.countdown -= 1;
        if machine.countdown != 0
            && let Value::Closure(closure) = &*callee
            && std::ptr::eq(Arc::as_ptr(closure.program()), machine.current.program)
        {
            let function = machine.current.functions.add(closure.function_number());
            if (*function).exact_arity == count && !(*function).suspends {
                let captures = closure.captures().as_ptr();
                return start(machine, next, registers, function, captures, base);
            }
        }
        call_copy(machine, next, registers, callee, base, count)
    }
}

/// The same as an ordinary call.
#[inline(never)]
unsafe fn call_copy(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    callee: *const Value,
    base: Register,
    count: usize,
) -> Flow {
    // SAFETY: by the caller.
    unsafe {
        let callee = (*callee).clone();
        put(registers.add(base.index()), callee);
        call_value_then_go(machine, next, registers, base, count)
    }
}

pub(super) unsafe fn call_register(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallRegister { base, count, callee });
        let callee = registers.add(callee.index());
        call_in_place(machine, next, registers, callee, base, count.index())
    }
}

pub(super) unsafe fn call_capture(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallCapture { base, count, callee });
        let callee = (*machine.frames.last).captures.add(callee.index());
        call_in_place(machine, next, registers, callee, base, count.index())
    }
}

/// A builtin with one argument.
pub(super) unsafe fn call_direct(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallDirect { destination, argument, native });
        let native = *(&*machine.current.program).natives.get_unchecked(native.index());
        if let Some(direct) = native.direct
            && put_direct(direct, registers.add(destination.index()), registers.add(argument.index()))
        {
            dispatch!(machine, next, registers);
        }
        call_direct_slow(machine, next, registers)
    }
}

/// Out of line, because the result comes back in memory: see the module's rule.
#[inline(never)]
pub(in crate::machine) unsafe fn put_direct(
    direct: DirectFunction,
    destination: *mut Value,
    argument: *const Value,
) -> bool {
    // SAFETY: both are registers.
    unsafe {
        match direct(&*argument) {
            Some(value) => {
                put(destination, value);
                true
            }
            None => false,
        }
    }
}

#[inline(never)]
unsafe fn call_direct_slow(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallDirect { destination, argument, native });
        let native = *(&*machine.current.program).natives.get_unchecked(native.index());
        (*machine.frames.last).next = next;
        let called = machine.run_native_on(native, destination, argument);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, called);
        dispatch!(machine, next, registers)
    }
}
