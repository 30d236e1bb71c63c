//! The way into the loop, and out of it.

use super::frame::Current;
use super::run;
use super::{Machine, data};
use crate::error::{Error, ErrorKind};
use crate::value::Value;
use biovm_bytecode::Instruction;
use std::sync::Arc;

impl Machine {
    /// Makes the last frame the current one: its registers and its next instruction.
    ///
    /// # Safety
    /// There is a frame.
    #[inline(always)]
    pub(super) unsafe fn select_frame(&mut self) -> (*mut Value, *const Instruction) {
        // SAFETY: there is a frame, and it points to a program that the machine holds.
        unsafe {
            let frame = self.frames.last;
            let state = (*frame).program();
            let program = Arc::as_ptr(&state.program);
            let constants = (*program).constants.as_ptr();
            self.current = Current { program, constants, functions: state.functions.as_ptr() };
            (self.stack.as_mut_ptr().add((*frame).base), (*frame).next)
        }
    }

    /// Looks for the handler of an error. Where there is none, the error is the outcome of the entry frame.
    #[cold]
    #[inline(never)]
    pub(super) fn handle(&mut self, error: Error) -> bool {
        if error.kind() == ErrorKind::Waiting && self.leaves() {
            // No error: the frames stay as they are, until the machine goes on; see `machine::waiting`.
            return false;
        }
        match self.unwind(error) {
            Ok(()) => true,
            Err(error) => {
                self.outcome = Err(error);
                false
            }
        }
    }

    /// Runs the last frame, which is an entry frame, until it ends.
    pub(super) fn execute(&mut self) -> Result<Value, Error> {
        if self.frames.len() == 0 {
            return Err(data::damaged());
        }
        if self.profiler.is_some() {
            return self.execute_profiled();
        }
        // SAFETY: `push_frame` has made room for all registers of the frame, and its program is verified.
        unsafe {
            let (mut registers, mut next) = self.select_frame();
            while !next.is_null() {
                let handler = run::table::handler(next);
                (next, registers) = handler(self, next.add(1), registers);
            }
        }
        std::mem::replace(&mut self.outcome, Ok(Value::Nil))
    }
}
