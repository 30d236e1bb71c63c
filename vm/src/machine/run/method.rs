//! Calls of methods. What a call found is remembered by the shape of its receiver.

use super::control::{call_otherwise, start};
use super::*;
use crate::machine::frame::MethodCache;
use crate::value::Closure;
use biovm_bytecode::operand::{FieldSite, Register};

pub(super) unsafe fn call_method(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; a method has a receiver, which stands behind the register of the call.
    unsafe {
        operands!(next, CallMethod { base, count, name });
        if let Value::Record(record) = &*registers.add(base.index() + 1) {
            let known = (*cache(machine, name)).get();
            // One look at the countdown less than one: the slow way counts down itself.
            if std::ptr::eq(known.shape, Arc::as_ptr(record.shape()))
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

/// The cache of a call site of the current frame.
///
/// # Safety
/// As for every handler.
#[inline(always)]
unsafe fn cache(machine: &Machine, name: FieldSite) -> *const std::cell::Cell<MethodCache> {
    // SAFETY: the verifier has proved the field site in range.
    unsafe { (*(*machine.frames.last).function).method_caches.add(name.index()) }
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

impl Machine {
    /// Fills the cache of a call site, where the method is one that can be remembered: a function of this program that
    /// captures nothing, so nobody has to keep it alive, for a receiver whose fields cannot mean the name.
    #[inline(never)]
    unsafe fn remember_method(&mut self, registers: *mut Value, base: Register, name: FieldSite) {
        // SAFETY: by the callers, which are handlers.
        unsafe {
            let Value::Record(record) = &*registers.add(base.index() + 1) else { return };
            let shape = record.shape();
            let text = &(*self.frames.last).function().field_names[name.index()];
            if !shape.is_shared() || shape.position(text).is_some() {
                return;
            }
            let Some(Value::Closure(method)) = self.method(&*registers.add(base.index() + 1), text) else {
                return;
            };
            if let Some(function) = self.lasting_function(method) {
                (*cache(self, name)).set(MethodCache { shape: Arc::as_ptr(shape), function });
                self.remembers_methods = true;
            }
        }
    }

    /// The function of a closure that captures nothing, where it belongs to the current program.
    fn lasting_function(&self, closure: &Closure) -> Option<*const FunctionState> {
        let is_here = std::ptr::eq(Arc::as_ptr(closure.program()), self.current.program);
        // SAFETY: the number is that of a function of the current program.
        (is_here && closure.captures().is_empty())
            .then(|| unsafe { self.current.functions.add(closure.function_number()) })
    }
}
