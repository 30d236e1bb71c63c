//! Counting of calls.

use super::super::data;
use super::super::frame::{Frame, FunctionState};
use super::Machine;
use crate::error::Error;
use crate::native::Native;
use crate::profile::recorder::Recorder;
use crate::profile::tree::{FunctionInfo, NOWHERE};
use crate::value::Value;
use biovm_bytecode::Instruction;
use std::sync::Arc;

impl Machine {
    /// Counts a call of a builtin, which an instruction of the last frame begins.
    #[inline(always)]
    pub(super) unsafe fn count_native(
        &mut self,
        at: *const Instruction,
        native: &'static Native,
        items: Option<usize>,
    ) {
        let site = match self.recorder().known_site(at.addr()) {
            Some(site) => site,
            // SAFETY: by the caller.
            None => unsafe { self.find_site(at, native) },
        };
        self.recorder().call_site(site, items);
    }

    /// Counts a call that an instruction has begun.
    #[inline(always)]
    pub(super) fn count_call(&mut self) {
        let (functions, last) = (self.current.functions, self.frames.last);
        let recorder = self.recorder();
        // SAFETY: the pointer to the last frame is valid.
        let state = unsafe { (*last).function };
        // One of another program, or none, is far outside of the counts.
        let number = state.addr().wrapping_sub(functions.addr()) / size_of::<FunctionState>();
        if recorder.counted == functions.addr()
            && let Some(count) = recorder.counts.get_mut(number)
            && *count > 0
        {
            *count += 1;
        } else {
            self.note_call();
        }
    }

    /// Counts a call, where the last frame is at its beginning.
    #[inline(never)]
    pub(super) fn note_call(&mut self) {
        let Machine { frames, profiler: Some(recorder), .. } = self else { return };
        // SAFETY: there is a place below the first frame, and a function where a frame is.
        unsafe {
            let frame = frames.last;
            if (*frame).function.is_null() || (*frame).next != (*(*frame).function).code {
                // It goes on where it had stopped.
                return;
            }
            let state = &*(*frame).function;
            let program = &*state.program;
            let functions = program.functions.as_ptr().addr();
            let number = (*state.function).number;
            recorder.uncounted(|recorder| recorder.count_call(functions, &program.program, number));
        }
    }

    #[inline(never)]
    unsafe fn find_site(&mut self, at: *const Instruction, native: &'static Native) -> usize {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_of(at) };
        let Machine { frames, profiler: Some(recorder), .. } = self else { return 0 };
        let Some(frame) = frames.last() else { return 0 };
        let info = info_of(recorder, frame);
        let site = recorder.site(&info, instruction, native);
        recorder.remember_site(at.addr(), site);
        site
    }

    #[inline(never)]
    pub(super) unsafe fn note_loop(&mut self, at: *const Instruction, items: Option<usize>) {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_of(at) };
        let Machine { frames, profiler: Some(recorder), .. } = self else { return };
        let Some(frame) = frames.last() else { return };
        recorder.begin_loop(at.addr(), items, |recorder| (info_of(recorder, frame), instruction));
    }

    #[inline(never)]
    pub(super) unsafe fn note_range(
        &mut self,
        next: *const Instruction,
        first: &Value,
        end: &Value,
        step: &Value,
    ) {
        let (Value::Int(first), Value::Int(end), Value::Int(step)) = (first, end, step) else { return };
        if *step == 0 || end.checked_sub(*first).is_none() {
            return;
        }
        let Some(native) = self.context.native("range") else { return };
        // SAFETY: by the caller.
        unsafe { self.count_native(next.sub(1), native, None) };
    }

    /// Calls a builtin that is the value of an expression; see [`Machine::call_native`].
    pub(in crate::machine) fn call_native_value(
        &mut self,
        native: &'static Native,
        first: usize,
        count: usize,
        top: usize,
    ) -> Result<Value, Error> {
        if self.profiler.is_none() {
            return self.call_native(native, first, count, top);
        }
        self.call_native_noted(native, first, count, top)
    }

    #[inline(never)]
    fn call_native_noted(
        &mut self,
        native: &'static Native,
        first: usize,
        count: usize,
        top: usize,
    ) -> Result<Value, Error> {
        let instruction = self.frames.last().map_or(NOWHERE, |frame| frame.current() as u32);
        let items = self.stack.get(first).filter(|_| count > 0).and_then(items_of);
        self.look(instruction);
        let Machine { frames, profiler: Some(recorder), .. } = self else {
            return Err(data::damaged());
        };
        let depth = recorder.natives.len();
        // By another builtin, or by an instruction that does not name it?
        let is_inner = recorder.natives.last().is_some_and(|(below, _)| *below >= frames.len());
        match frames.last().filter(|_| !is_inner && frames.len() > recorder.first_frame) {
            Some(frame) => {
                let info = info_of(recorder, frame);
                let site = recorder.site(&info, instruction, native);
                recorder.call_site(site, items);
            }
            None => recorder.call_by_value(native),
        }
        recorder.natives.push((frames.len(), native));
        let result = self.call_native(native, first, count, top);
        self.look(instruction);
        self.recorder().natives.truncate(depth);
        result
    }
}

/// What the recorder knows of the function of a frame.
pub(in crate::machine) fn info_of(recorder: &mut Recorder, frame: &Frame) -> Arc<FunctionInfo> {
    let (program, function) = (&frame.program().program, frame.function());
    let key = std::ptr::from_ref(function).addr();
    recorder.uncounted(|recorder| recorder.info(key, program, function.number))
}

/// The number of items of a List.
#[inline(always)]
pub(super) fn items_of(value: &Value) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.len()),
        _ => None,
    }
}
