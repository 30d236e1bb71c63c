//! Calls of methods. What a call found is remembered by the shape of its receiver.

use super::control::{call_otherwise, start};
use super::*;
use crate::machine::instructions::method_cache;

pub(super) unsafe fn call_method(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; a method has a receiver, which stands behind the register of the call.
    unsafe {
        operands!(next, CallMethod { base, count, name });
        if let Value::Record(record) = &*registers.add(base.index() + 1) {
            let known = (*method_cache(machine, name)).get();
            // One look at the countdown less than one: the slow way counts down itself.
            if std::ptr::eq(known.shape, record.shape().as_ptr())
                && (*known.function).exact_arity == count.index()
                && machine.countdown > 1
            {
                machine.countdown -= 1;
                return start(machine, next, registers, known.function, std::ptr::null(), base);
            }
        }
        remember_then_call(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn remember_then_call(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallMethod { base, name });
        machine.remember_method(registers, base, name);
        call_otherwise(machine, next, registers)
    }
}
