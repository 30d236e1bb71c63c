//! Functions of the script that a builtin calls for each of many items: what such calls have in common is done once.

use super::Machine;
use super::frame::ProgramState;
use crate::error::Error;
use crate::program::LoadedFunction;
use crate::value::Value;

/// A function that is ready to be called again and again; see [`Machine::with_callback`].
pub struct Callback<'f> {
    function: &'f Value,
    /// The stack slot that holds the function, below its arguments.
    slot: usize,
    /// The code of a closure that takes just as many arguments as it will get.
    closure: Option<Code>,
}

struct Code {
    program: *const ProgramState,
    function: *const LoadedFunction,
    captures: *const Value,
}

impl Machine {
    /// Prepares a function for calls with `count` arguments, and does the work that calls it.
    pub fn with_callback<T>(
        &mut self,
        function: &Value,
        count: usize,
        work: impl FnOnce(&mut Machine, &Callback<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check_native_depth()?;
        let slot = self.top;
        self.reserve(slot + 1 + count);
        // The slot keeps the closure, and with it the captures, alive.
        self.stack[slot] = function.clone();
        self.top = slot + 1;
        let closure = match function {
            Value::Closure(closure) if closure.function().exact_arity == count => Some(Code {
                program: self.program_state(closure.program()),
                function: closure.function(),
                captures: closure.captures().as_ptr(),
            }),
            _ => None,
        };
        self.native_depth += 1;
        let result = work(self, &Callback { function, slot, closure });
        self.native_depth -= 1;
        self.top = slot;
        self.clear(slot, 1);
        result
    }
}

impl Callback<'_> {
    /// Calls the function.
    #[inline]
    pub fn call<const COUNT: usize>(
        &self,
        machine: &mut Machine,
        arguments: [Value; COUNT],
    ) -> Result<Value, Error> {
        let Some(code) = &self.closure else { return machine.call(self.function, arguments) };
        machine.poll()?;
        let base = self.slot + 1;
        // SAFETY: the program state stays with the machine, and the closure in the slot keeps function and captures.
        let count = unsafe { (*code.function).register_count }.max(COUNT);
        machine.reserve(base + count);
        // Whoever works between two calls may use the slots above; they are free by now, and hold nothing that is counted.
        for (offset, argument) in arguments.into_iter().enumerate() {
            // SAFETY: there is room, see above.
            unsafe { Value::write_words(machine.stack.as_mut_ptr().add(base + offset), argument) };
        }
        if let Err(error) = machine.push_frame(code.program, code.function, code.captures, base, true) {
            machine.clear(base, COUNT);
            return Err(error);
        }
        machine.execute()
    }
}
