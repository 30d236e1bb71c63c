//! Frames: functions that are running.

use crate::program::{LoadedFunction, LoadedProgram};
use crate::value::{Shape, Value};
use biovm_bytecode::Instruction;
use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;

/// A function that is running, or waits for one that it called.
///
/// The pointers lead into programs that the machine holds until it is dropped, into what it knows about them, which never
/// moves, and into the captures of a closure that waits in the register below the frame.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) function: *const FunctionState,
    /// The variables that the running closure captured.
    pub(super) captures: *const Value,
    /// The position of the first register on the stack.
    pub(super) base: usize,
    /// The next instruction, while the frame waits.
    pub(super) next: *const Instruction,
    /// How the frame ends. Zero for most: in the function that called it, which belongs to the same program.
    pub(super) ending: u32,
}

/// In [`Frame::ending`]: the result goes to the native code that started the frame.
pub(super) const IS_ENTRY: u32 = 1;
/// In [`Frame::ending`]: the frame was resumed, so who resumed it expects it to stop again.
pub(super) const MAY_YIELD: u32 = 2;
/// In [`Frame::ending`]: the caller may belong to another program.
pub(super) const CHANGES_PROGRAM: u32 = 4;

// SAFETY: the pointers lead into data that is `Send + Sync` and that moves along with the machine.
unsafe impl Send for Frame {}

impl Frame {
    /// What the machine knows about the function.
    #[inline(always)]
    pub(super) fn state(&self) -> &FunctionState {
        // SAFETY: function states belong to a program state, which is pinned and never removed from the machine.
        unsafe { &*self.function }
    }

    pub(super) fn function(&self) -> &LoadedFunction {
        // SAFETY: functions belong to a program that the machine holds; see the type's comment.
        unsafe { &*self.state().function }
    }

    pub(super) fn program(&self) -> &ProgramState {
        // SAFETY: program states are boxed and are never removed from the machine.
        unsafe { &*self.state().program }
    }

    /// The position behind its last register.
    pub(super) fn end(&self) -> usize {
        self.base + self.function().register_count
    }

    pub(super) fn is_entry(&self) -> bool {
        self.ending & IS_ENTRY != 0
    }

    pub(super) fn may_yield(&self) -> bool {
        self.ending & MAY_YIELD != 0
    }

    /// The number of the instruction that the frame executes, or waits in.
    pub(super) fn current(&self) -> usize {
        let start = self.function().code.as_ptr();
        ((self.next as usize - start as usize) / size_of::<Instruction>()).saturating_sub(1)
    }
}

/// The frames of a machine, the last one being the one that runs.
///
/// The loop works on pointers alone: one to the last frame, one to the last place that there is. Below the first frame is
/// a place that holds none, so that the pointer to the last frame is valid even where there is no frame.
pub(super) struct Frames {
    /// All places, from `Box::into_raw`.
    places: *mut [Frame],
    pub(super) last: *mut Frame,
    /// The last place that may be used: by the room there is, or by the recursion limit.
    pub(super) limit: *mut Frame,
    most: usize,
}

// SAFETY: the places belong to this list alone.
unsafe impl Send for Frames {}

const NO_FRAME: Frame = Frame {
    function: std::ptr::null(),
    captures: std::ptr::null(),
    base: 0,
    next: std::ptr::null(),
    ending: 0,
};

impl Frames {
    /// Room for `room` frames, and for more where they are needed, but never for more than `most`.
    pub(super) fn new(most: usize, room: usize) -> Frames {
        let mut frames = Frames {
            places: Box::into_raw(Box::default()),
            last: std::ptr::null_mut(),
            limit: std::ptr::null_mut(),
            most,
        };
        frames.reallocate(0, room.max(1));
        frames
    }

    /// Moves the first `count` frames to a list of `room` places and the one below them.
    fn reallocate(&mut self, count: usize, room: usize) {
        // SAFETY: `places` is this list's own Box, and nothing else uses it; there are `count` frames behind the first place.
        unsafe {
            let old = Box::from_raw(self.places);
            let mut places = vec![NO_FRAME; room + 1].into_boxed_slice();
            if count > 0 {
                places[..=count].copy_from_slice(&old[..=count]);
            }
            self.places = Box::into_raw(places);
            self.last = self.start().add(count);
            self.limit = self.start().add(room.min(self.most));
        }
    }

    #[inline(always)]
    fn start(&self) -> *mut Frame {
        self.places.cast::<Frame>()
    }

    /// The number of frames.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        // SAFETY: both lead into the places, in this order.
        unsafe { self.last.offset_from_unsigned(self.start()) }
    }

    /// The frames, the outermost first.
    pub(super) fn as_slice(&self) -> &[Frame] {
        // SAFETY: the frames stand behind the first place.
        unsafe { std::slice::from_raw_parts(self.start().add(1), self.len()) }
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [Frame] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.start().add(1), self.len()) }
    }

    pub(super) fn last(&self) -> Option<&Frame> {
        self.as_slice().last()
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut Frame> {
        match self.len() {
            0 => None,
            // SAFETY: the pointer to the last frame is valid.
            _ => Some(unsafe { &mut *self.last }),
        }
    }

    /// Adds a frame; `false` where there would be too many.
    #[inline]
    pub(super) fn push(&mut self, frame: Frame) -> bool {
        if self.last >= self.limit {
            let count = self.len();
            if count >= self.most {
                return false;
            }
            self.reallocate(count, count * 2);
        }
        // SAFETY: there is a place behind the last frame.
        unsafe {
            self.last = self.last.add(1);
            self.last.write(frame);
        }
        true
    }

    /// Removes the last frame.
    pub(super) fn pop(&mut self) -> Option<Frame> {
        let frame = self.last().copied()?;
        // SAFETY: there is a frame, so there is a place below it.
        self.last = unsafe { self.last.sub(1) };
        Some(frame)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        // SAFETY: the places are this list's own Box.
        drop(unsafe { Box::from_raw(self.places) });
    }
}

/// What the loop needs of the program that runs.
#[derive(Clone, Copy)]
pub(super) struct Current {
    pub(super) program: *const LoadedProgram,
    pub(super) constants: *const Value,
    pub(super) functions: *const FunctionState,
}

impl Default for Current {
    fn default() -> Current {
        Current { program: std::ptr::null(), constants: std::ptr::null(), functions: std::ptr::null() }
    }
}

// SAFETY: as for `Frame`; all of it moves along with the machine, whose loop sets it before it reads it.
unsafe impl Send for Current {}

/// A function as calls need it, in one line of the processor's cache.
#[repr(align(64))]
pub(super) struct FunctionState {
    pub(super) code: *const Instruction,
    /// How many arguments a call must give; `usize::MAX` where the number may vary.
    pub(super) exact_arity: usize,
    /// The number of its registers, in [`CLEARED_AT_ONCE`]s, rounded up.
    pub(super) register_groups: usize,
    /// Whether calls may leave it in the middle, so that it needs its closure for longer than its caller lives.
    pub(super) suspends: bool,
    /// The inline caches of its field sites.
    pub(super) caches: *const Cell<FieldCache>,
    /// The same for methods that field sites name.
    pub(super) method_caches: *const Cell<MethodCache>,
    pub(super) function: *const LoadedFunction,
    pub(super) program: *const ProgramState,
}

/// Returns look at the registers of their frame in groups of this size. The ones above a frame are free, and hold nothing
/// that is counted.
pub(super) const CLEARED_AT_ONCE: usize = 4;

/// A program that the machine has run, with what only this machine knows about it.
pub(super) struct ProgramState {
    pub(super) program: Arc<LoadedProgram>,
    pub(super) functions: Box<[FunctionState]>,
    /// One inline cache for each field site, from `Box::into_raw`: the function states lead into them.
    caches: *mut [Cell<FieldCache>],
    /// One for each field site too, likewise.
    method_caches: *mut [Cell<MethodCache>],
    _pinned: std::marker::PhantomPinned,
}

// SAFETY: the pointers lead into the program state itself and into the program, which is `Send + Sync`.
unsafe impl Send for ProgramState {}

impl ProgramState {
    pub(super) fn new(program: Arc<LoadedProgram>) -> Pin<Box<ProgramState>> {
        let caches: Box<[Cell<FieldCache>]> = (0..program.cache_count()).map(|_| Cell::default()).collect();
        let caches = Box::into_raw(caches);
        let method_caches: Box<[Cell<MethodCache>]> =
            (0..program.cache_count()).map(|_| Cell::default()).collect();
        let method_caches = Box::into_raw(method_caches);
        let state = |function: &LoadedFunction| FunctionState {
            code: function.code.as_ptr(),
            exact_arity: function.exact_arity,
            suspends: function.suspends,
            register_groups: function.register_count.div_ceil(CLEARED_AT_ONCE),
            // SAFETY: the first field site of a function is one of the program's, or the end of all.
            caches: unsafe { caches.cast::<Cell<FieldCache>>().add(function.first_cache) },
            // SAFETY: as above.
            method_caches: unsafe { method_caches.cast::<Cell<MethodCache>>().add(function.first_cache) },
            function,
            program: std::ptr::null(),
        };
        let functions = program.functions.iter().map(state).collect();
        let state =
            ProgramState { program, functions, caches, method_caches, _pinned: std::marker::PhantomPinned };
        let mut state = Box::pin(state);
        let address = &raw const *state;
        // SAFETY: nothing moves out of the box.
        for function in unsafe { state.as_mut().get_unchecked_mut() }.functions.iter_mut() {
            function.program = address;
        }
        state
    }
}

impl Drop for ProgramState {
    fn drop(&mut self) {
        // SAFETY: the caches are this program state's own Box.
        drop(unsafe { Box::from_raw(self.caches) });
        // SAFETY: likewise.
        drop(unsafe { Box::from_raw(self.method_caches) });
    }
}

impl ProgramState {
    /// Forgets which methods were found.
    pub(super) fn forget_methods(&self) {
        // SAFETY: the caches are this program state's own.
        for cache in unsafe { &*self.method_caches } {
            cache.set(MethodCache::default());
        }
    }
}

/// Which method a call found last: for receivers of this shape, this function, which captures nothing. As above.
#[derive(Clone, Copy)]
pub(super) struct MethodCache {
    pub(super) shape: *const Shape,
    pub(super) function: *const FunctionState,
}

impl Default for MethodCache {
    fn default() -> MethodCache {
        MethodCache { shape: std::ptr::null(), function: std::ptr::null() }
    }
}

// SAFETY: the shape is only compared; the function state stays with the machine.
unsafe impl Send for MethodCache {}

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
