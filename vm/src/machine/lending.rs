//! What machines know about programs, lent to tasks while they run.
//!
//! Function states and inline caches of a large program take tens of kilobytes. A machine that only waits needs none of them,
//! and ten thousand may wait at once: so the machine of a task gives them back whenever it stops, and the next one that runs
//! takes them. There are as many of them as tasks run at the same time.

use super::Machine;
use super::frame::ProgramState;
use crate::program::LoadedProgram;
use parking_lot::Mutex;
use std::pin::Pin;
use std::sync::Arc;

/// More than this are of programs that have ended.
const MOST: usize = 64;

/// Program states that no machine uses.
#[derive(Default)]
pub(crate) struct IdleStates(Mutex<Vec<Pin<Box<ProgramState>>>>);

impl IdleStates {
    /// A state of this program.
    pub(super) fn take(&self, program: &Arc<LoadedProgram>) -> Option<Pin<Box<ProgramState>>> {
        let mut states = self.0.lock();
        let found = states.iter().rposition(|state| Arc::ptr_eq(&state.program, program))?;
        Some(states.swap_remove(found))
    }

    fn put(&self, state: Pin<Box<ProgramState>>) {
        let mut states = self.0.lock();
        if states.len() < MOST {
            states.push(state);
        }
    }
}

/// The function of a frame whose machine has given back what it knew about the program.
pub(super) struct FrameFunction {
    program: Arc<LoadedProgram>,
    number: usize,
}

impl Machine {
    /// Gives back what it knows about programs. Frames point to nothing until [`Machine::take_states`]; what comes back is the
    /// functions that they run, the outermost first.
    pub(super) fn give_states(&mut self) -> Vec<FrameFunction> {
        let mut functions = Vec::with_capacity(self.frames.len());
        for frame in self.frames.as_mut_slice() {
            let program = Arc::clone(&frame.program().program);
            functions.push(FrameFunction { program, number: frame.function().number });
            frame.function = std::ptr::null();
        }
        for state in self.programs.drain(..) {
            // Other machines may have other methods.
            if self.remembers_methods {
                state.forget_methods();
            }
            self.context.idle_states.put(state);
        }
        self.remembers_methods = false;
        functions
    }

    /// Takes what it needs to go on with its frames.
    pub(super) fn take_states(&mut self, functions: Vec<FrameFunction>) {
        for (position, FrameFunction { program, number }) in functions.into_iter().enumerate() {
            let state = self.program_state(&program);
            // SAFETY: the machine holds the state, and the function is one of its program.
            let function = unsafe { &raw const (&(*state).functions)[number] };
            self.frames.as_mut_slice()[position].function = function;
        }
    }
}
