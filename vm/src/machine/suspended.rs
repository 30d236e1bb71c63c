//! Functions that stop in the middle and go on later: generators, and bodies of async functions.
//!
//! Their registers leave the stack while they wait, so the machine is free for others, and another machine can go on
//! with them.

use super::frame::{Frame, ProgramState};
use super::{Machine, Start, data};
use crate::error::Error;
use crate::program::{LoadedFunction, LoadedProgram};
use crate::stream::{Stream, StreamSource};
use crate::value::{Closure, Value};
use biovm_bytecode::Instruction;
use std::sync::Arc;

/// A function that waits in the middle.
pub(crate) struct Suspended {
    program: Arc<LoadedProgram>,
    /// The function, by its number in the program.
    function: usize,
    /// Holds the variables that the function captured; `None` where it captures nothing.
    closure: Option<Closure>,
    registers: Vec<Value>,
    /// The number of the instruction to go on with.
    next: usize,
}

/// How a function that was resumed left off.
enum Resumed {
    /// It gave an item and waits again.
    Yielded(Value),
    /// It ended.
    Returned,
}

impl Suspended {
    /// Replaces the variables that the function shares with others by copies of what they hold now.
    pub(crate) fn detach(&mut self) {
        self.closure = self.closure.take().map(|closure| closure.detached());
    }
}

impl Machine {
    /// Suspends the function of the current frame, and makes what its call gives: a Stream of what it will yield, or a
    /// Future of what it will return.
    #[inline(never)]
    pub(super) fn start_suspended(&mut self, is_task: bool) -> Result<Value, Error> {
        let mut suspended = self.suspend()?;
        if !is_task {
            return Ok(Stream::value("generator", Generator(suspended)));
        }
        crate::value::lock_variables();
        suspended.detach();
        let room = suspended.registers.len() + 16;
        Ok(self.start_task(Start::Body(suspended), room))
    }

    /// Moves the function of the current frame off the stack. The frame itself stays: the caller ends it.
    pub(super) fn suspend(&mut self) -> Result<Suspended, Error> {
        let Some(frame) = self.frames.last().copied() else { return Err(data::damaged()) };
        let closure = match &self.stack[frame.base - 1] {
            Value::Closure(closure) if std::ptr::eq(closure.captures().as_ptr(), frame.captures) => {
                Some(closure.clone())
            }
            _ if frame.captures.is_null() => None,
            _ => return Err(data::damaged()),
        };
        let program = frame.program().program.clone();
        let function = frame.function().number;
        let mut registers = Vec::with_capacity(frame.function().register_count);
        self.take_registers(&frame, &mut registers);
        Ok(Suspended { program, function, closure, registers, next: frame.current() + 1 })
    }

    /// Goes on with a function until it yields or ends.
    fn resume(&mut self, suspended: &mut Suspended) -> Result<Resumed, Error> {
        self.poll()?;
        let (program, function, captures, next) = self.restore(suspended);
        // SAFETY: the machine holds the program from now on.
        let function = unsafe { &*function };
        let (slot, base) = (self.top, self.top + 1);
        let result = self.enter_at(program, function, captures, base, Some(next));
        // A frame that yielded is gone from the list, but its registers are still in their places.
        let yielded = self.yielded.take();
        if let Some(frame) = yielded {
            suspended.next = frame.current() + 1;
            self.take_registers(&frame, &mut suspended.registers);
        }
        match yielded {
            Some(_) => self.clear(slot, 1),
            // Also where the call was refused and never began.
            None => self.clear(slot, 1 + function.register_count),
        }
        Ok(match yielded {
            Some(_) => Resumed::Yielded(result?),
            None => {
                result?;
                Resumed::Returned
            }
        })
    }

    /// Puts the registers of a function back on the stack, above everything that is in use. Gives what its frame needs.
    pub(super) fn restore(
        &mut self,
        suspended: &mut Suspended,
    ) -> (*const ProgramState, *const LoadedFunction, *const Value, *const Instruction) {
        let slot = self.top;
        let base = slot + 1;
        let function = &suspended.program.functions[suspended.function];
        let program = self.program_state(&suspended.program);
        self.reserve(base + function.register_count);
        let mut captures = std::ptr::null();
        if let Some(closure) = &suspended.closure {
            captures = closure.captures().as_ptr();
            self.stack[slot] = Value::Closure(closure.clone());
        }
        for (register, value) in suspended.registers.drain(..).enumerate() {
            self.stack[base + register] = value;
        }
        // From the start of the code, as a loop goes back behind this place.
        // SAFETY: an instruction that suspends is never the last one, so the one behind it exists.
        let next = unsafe { function.code.as_ptr().add(suspended.next) };
        (program, function, captures, next)
    }

    /// Takes the current frame off the list, where it is one that may yield.
    pub(super) fn yield_frame(&mut self) -> Result<(), Error> {
        match self.frames.last() {
            Some(frame) if frame.may_yield() => {
                self.yielded = self.frames.pop();
                Ok(())
            }
            _ => Err(data::damaged()),
        }
    }

    fn take_registers(&mut self, frame: &Frame, registers: &mut Vec<Value>) {
        let range = frame.base..frame.end();
        registers.extend(self.stack[range].iter_mut().map(Value::take));
    }
}

/// The items that a generator function yields.
pub(super) struct Generator(pub(super) Suspended);

impl StreamSource for Generator {
    fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        match machine.resume(&mut self.0)? {
            Resumed::Yielded(item) => Ok(Some(item)),
            Resumed::Returned => Ok(None),
        }
    }
}
