//! Frames: functions that are running.

use crate::program::{LoadedFunction, LoadedProgram};
use crate::value::{Shape, Value};
use biovm_bytecode::Instruction;
use std::sync::Arc;

/// A function that is running, or waits for one that it called.
///
/// The pointers lead into programs that the machine holds until it is dropped, into the inline caches of those
/// programs, which never move, and into the captures of a closure that waits in the register below the frame.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The program that the function belongs to.
    pub(super) program: *const ProgramState,
    pub(super) function: *const LoadedFunction,
    /// The variables that the running closure captured.
    pub(super) captures: *const Value,
    /// The position of the first register on the stack.
    pub(super) base: usize,
    /// The next instruction, while the frame waits.
    pub(super) next: *const Instruction,
    /// Whether the result goes to the native code that started the frame.
    pub(super) is_entry: bool,
    /// Whether it was resumed, so that who resumed it expects it to stop again.
    pub(super) may_yield: bool,
}

// SAFETY: the pointers lead into data that is `Send + Sync` and that moves along with the machine.
unsafe impl Send for Frame {}

impl Frame {
    pub(super) fn function(&self) -> &LoadedFunction {
        // SAFETY: functions belong to a program that the machine holds; see the type's comment.
        unsafe { &*self.function }
    }

    pub(super) fn program(&self) -> &ProgramState {
        // SAFETY: program states are boxed and are never removed from the machine.
        unsafe { &*self.program }
    }

    /// The number of the instruction that the frame executes, or waits in.
    pub(super) fn current(&self) -> usize {
        let start = self.function().code.as_ptr();
        ((self.next as usize - start as usize) / size_of::<Instruction>()).saturating_sub(1)
    }
}

/// The frame that runs, and what the loop needs of it all the time.
#[derive(Clone, Copy)]
pub(super) struct Current {
    pub(super) frame: *mut Frame,
    pub(super) program: *const LoadedProgram,
    pub(super) constants: *const Value,
}

impl Default for Current {
    fn default() -> Current {
        Current { frame: std::ptr::null_mut(), program: std::ptr::null(), constants: std::ptr::null() }
    }
}

// SAFETY: as for `Frame`; all of it moves along with the machine, whose loop sets it before it reads it.
unsafe impl Send for Current {}

/// A program that the machine has run, with what only this machine knows about it.
pub(super) struct ProgramState {
    pub(super) program: Arc<LoadedProgram>,
    /// One inline cache for each field site.
    pub(super) caches: Box<[std::cell::Cell<FieldCache>]>,
}

impl ProgramState {
    pub(super) fn new(program: Arc<LoadedProgram>) -> ProgramState {
        let caches = (0..program.cache_count()).map(|_| std::cell::Cell::default()).collect();
        ProgramState { program, caches }
    }
}

/// Where a field was found last: in records of this shape, at this position. Only shapes that live as long as the
/// process are remembered, so the address of a shape names it.
#[derive(Clone, Copy)]
pub(super) struct FieldCache {
    pub(super) shape: *const Shape,
    pub(super) position: usize,
}

impl Default for FieldCache {
    fn default() -> FieldCache {
        FieldCache { shape: std::ptr::null(), position: 0 }
    }
}

// SAFETY: the shape is only compared, never read.
unsafe impl Send for FieldCache {}
