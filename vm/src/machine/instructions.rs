//! What handlers of instructions leave to the machine: calls that are not simply a new frame, methods, keys.

use super::arguments::Arranged;
use super::calls::function_arity;
use super::frame::{FunctionState, MethodCache};
use super::run::put;
use super::{Machine, RecentKey, data};
use crate::error::Error;
use crate::native::Native;
use crate::value::{Closure, Record, Str, Value};
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{FieldSite, Register};
use std::sync::Arc;

#[cold]
pub(super) fn unset(name: &str) -> Error {
    match name {
        "" => Error::name_error("a variable is used before its 'let' ran"),
        name => Error::name_error(format!("undefined variable '{name}'"))
            .with_hint(format!("'{name}' is declared, but its declaration has not run yet")),
    }
}

/// The cache of a call site of the current frame.
///
/// # Safety
/// As for every handler.
#[inline(always)]
pub(super) unsafe fn method_cache(machine: &Machine, name: FieldSite) -> *const std::cell::Cell<MethodCache> {
    // SAFETY: the verifier has proved the field site in range.
    unsafe { (*(*machine.frames.last).function).method_caches.add(name.index()) }
}

impl Machine {
    /// Calls a builtin with the arguments behind the register, which gets the result.
    #[inline(never)]
    pub(super) fn run_native_at(
        &mut self,
        native: &'static Native,
        base: Register,
        count: usize,
    ) -> Result<(), Error> {
        let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
        let slot = frame.base + base.index();
        let top = frame.end();
        let result = self.call_native(native, slot + 1, count, top)?;
        self.stack[slot] = result;
        Ok(())
    }

    /// Calls the function value at `slot` with the arguments behind it: afterwards either its frame is the last one, or
    /// the call has ended and its result is in the slot.
    #[inline(never)]
    pub(super) fn call_value(&mut self, slot: usize, count: usize) -> Result<(), Error> {
        match &self.stack[slot] {
            Value::Closure(closure) => {
                let callee = std::ptr::from_ref(closure.function());
                let captures = closure.captures().as_ptr();
                let program = closure.program().clone();
                let owner = self.program_state(&program);
                // SAFETY: the closure in the slot keeps its function.
                self.bind(unsafe { &*callee }, slot + 1, count)?;
                self.push_frame(owner, callee, captures, slot + 1, false)
            }
            _ => {
                let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
                let top = (frame.end()).max(slot + 1 + count);
                let result = self.call_outside(slot, count, top)?;
                self.stack[slot] = result;
                Ok(())
            }
        }
    }

    /// Methods, and calls with named or spread arguments.
    #[inline(never)]
    pub(super) fn call_instruction(&mut self, instruction: Instruction) -> Result<(), Error> {
        self.poll()?;
        let Some(frame) = self.frames.last().copied() else { return Err(data::damaged()) };
        match instruction {
            Instruction::CallMethod { base, count, name } => {
                let slot = frame.base + base.index();
                let count = count.index();
                if self.resolve_method(slot, &frame.function().field_names[name.index()])? {
                    return self.call_value(slot, count);
                }
                // The receiver only says where the function is: the arguments move over it.
                self.stack[slot + 1..slot + 1 + count].rotate_left(1);
                self.stack[slot + count] = Value::Nil;
                self.call_value(slot, count - 1)
            }
            Instruction::CallWith { base, site } => {
                let slot = frame.base + base.index();
                let program = frame.program().program.clone();
                let site = &program.call_sites[site.index()];
                let with_receiver = match site.method {
                    Some(name) => self.resolve_method(slot, &program.names[name as usize])?,
                    None => true,
                };
                let top = frame.end();
                let arranged = self.arrange_arguments(site, &program.names, slot, !with_receiver, top)?;
                let count = match arranged {
                    Arranged::Arguments(count) => count,
                    Arranged::Called(result) => {
                        self.stack[slot] = result;
                        return Ok(());
                    }
                };
                let Value::Closure(closure) = &self.stack[slot] else { return self.call_value(slot, count) };
                let callee = closure.function();
                // Missing arguments with defaults are marked, so the number is right by now, but for a rest parameter
                // that still has to be collected.
                if callee.has_rest {
                    return self.call_value(slot, count);
                }
                if count != callee.parameters.len() {
                    return Err(function_arity(callee, count));
                }
                let callee = std::ptr::from_ref(callee);
                let captures = closure.captures().as_ptr();
                let owner = closure.program().clone();
                let owner = self.program_state(&owner);
                self.push_frame(owner, callee, captures, slot + 1, false)
            }
            _ => Err(data::damaged()),
        }
    }

    /// Suspends the current function; what its call gives goes to its first register.
    #[inline(never)]
    pub(super) unsafe fn suspend_to(&mut self, is_task: bool, registers: *mut Value) -> Result<(), Error> {
        let result = self.start_suspended(is_task)?;
        // SAFETY: every frame has a register, and suspending has emptied it.
        unsafe { put(registers, result) };
        Ok(())
    }

    /// Waits for the Future in a register.
    #[inline(never)]
    pub(super) fn await_into(&mut self, destination: Register, source: Register) -> Result<(), Error> {
        let Some(frame) = self.frames.last().copied() else { return Err(data::damaged()) };
        let top = frame.end();
        let value = self.stack[frame.base + source.index()].clone();
        let result = self.await_value(value, top)?;
        self.stack[frame.base + destination.index()] = result;
        Ok(())
    }

    /// Calls a builtin with a copy of a register's value, above the frame.
    #[inline(never)]
    pub(super) fn run_native_on(
        &mut self,
        native: &'static Native,
        destination: Register,
        argument: Register,
    ) -> Result<(), Error> {
        let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
        let (base, top) = (frame.base, frame.end());
        self.reserve(top);
        self.stack[top] = self.stack[base + argument.index()].clone();
        let result = self.call_native(native, top, 1, top + 1);
        self.clear(top, 1);
        self.stack[base + destination.index()] = result?;
        Ok(())
    }

    /// Fills the cache of a call site, where the method is one that can be remembered: a function of this program that
    /// captures nothing, so nobody has to keep it alive, for a receiver whose fields cannot mean the name.
    #[inline(never)]
    pub(super) unsafe fn remember_method(&mut self, registers: *mut Value, base: Register, name: FieldSite) {
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
                (*method_cache(self, name)).set(MethodCache { shape: shape.as_ptr(), function });
                self.remembers_methods = true;
            }
        }
    }

    /// The function of a closure that captures nothing, where it belongs to the current program.
    pub(super) fn lasting_function(&self, closure: &Closure) -> Option<*const FunctionState> {
        let is_here = std::ptr::eq(Arc::as_ptr(closure.program()), self.current.program);
        // SAFETY: the number is that of a function of the current program.
        (is_here && closure.captures().is_empty())
            .then(|| unsafe { self.current.functions.add(closure.function_number()) })
    }

    /// The position of a key. Scripts ask for a key and then set it, as in `counts[k] = get(counts, k, 0) + 1`, so the
    /// last one is looked at first.
    #[inline(always)]
    pub fn position_of_key(&mut self, record: &Record, key: &Str) -> Option<usize> {
        match self.recent_key.position(record, key) {
            Some(position) => Some(position),
            None => self.look_up_key(record, key),
        }
    }

    /// The value of the key in a stack slot, of the Record or Map in another.
    pub(crate) fn value_of_key(&mut self, record: usize, key: usize) -> Option<&Value> {
        let (Value::Record(record), Value::Str(key)) = (&self.stack[record], &self.stack[key]) else {
            return None;
        };
        let position = match self.recent_key.position(record, key) {
            Some(position) => position,
            None => {
                let position = record.shape().position_of(key)?;
                self.recent_key = RecentKey { shape: record.shape().as_ptr().addr(), position };
                position
            }
        };
        record.values().get(position)
    }

    #[inline(never)]
    fn look_up_key(&mut self, record: &Record, key: &Str) -> Option<usize> {
        let position = record.shape().position_of(key)?;
        self.recent_key = RecentKey { shape: record.shape().as_ptr().addr(), position };
        Some(position)
    }
}
