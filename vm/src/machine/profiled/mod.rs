//! The loop of runs that are profiled.
//!
//! It runs the same handlers as [`super::run`], but one after the other, and counts. Instructions that call, return, or
//! begin a loop have wrappers around their handlers, which tell the recorder; all others cost a count and two looks.
//!
//! * [`handlers`]: the wrappers
//! * [`spots`]: where the machine is, which is what time is charged to
//! * [`calls`]: what is counted

mod calls;
mod handlers;
mod spots;

pub(super) use calls::info_of;

use super::{Machine, allocator};
use crate::error::Error;
use crate::profile::record::{BEGINNING, ROW};
use crate::profile::recorder::Recorder;
use crate::value::Value;
use biovm_bytecode::Instruction;
use handlers::TABLE;
use std::sync::Arc;

impl Machine {
    /// Runs the last frame, which is an entry frame, until it ends, and notes what it does.
    #[inline(never)]
    pub(in crate::machine) fn execute_profiled(&mut self) -> Result<Value, Error> {
        let has_begun = self.recorder().begin();
        // What has passed since was spent in the builtin that calls back.
        self.look_below();
        self.note_call();
        let recorder = self.recorder();
        let depth = recorder.natives.len();
        let is_close = recorder.looks_closely();
        // SAFETY: as for `execute`.
        unsafe {
            let (mut registers, mut next) = self.select_frame();
            let mut at = next;
            // The first instruction follows upon none.
            let first = usize::from(*next.cast::<u8>());
            self.recorder().record.pairs[BEGINNING * ROW + first] += 1;
            (next, registers) = TABLE[first](self, next.add(1), registers);
            if is_close && !next.is_null() {
                (at, next, registers) = self.run_closely(at, next, registers);
            }
            if !next.is_null() {
                at = self.run_on(at, next, registers);
            }
            let recorder = self.recorder();
            recorder.natives.truncate(depth);
            if has_begun {
                let spot = self.last_spot(at);
                self.recorder().end(spot);
            }
        }
        std::mem::replace(&mut self.outcome, Ok(Value::Nil))
    }

    /// The loop, where the clock is asked every few instructions, until that is over or the entry frame has ended. Begins
    /// behind the instruction `at`; gives the one that ran last, and where to go on.
    #[inline(never)]
    unsafe fn run_closely(
        &mut self,
        mut at: *const Instruction,
        mut next: *const Instruction,
        mut registers: *mut Value,
    ) -> (*const Instruction, *const Instruction, *mut Value) {
        let pairs = self.recorder().record.pairs.as_mut_ptr();
        let mut steps = 1_u32;
        // SAFETY: as for `run_on`.
        unsafe {
            while !next.is_null() {
                steps -= 1;
                if steps == 0 {
                    steps = self.note_step(at);
                    if !self.recorder().looks_closely() {
                        break;
                    }
                }
                let (before, opcode) = (usize::from(*at.cast::<u8>()), usize::from(*next.cast::<u8>()));
                *pairs.add(before * ROW + opcode) += 1;
                at = next;
                (next, registers) = (*TABLE.get_unchecked(opcode))(self, next.add(1), registers);
                if self.recorder().allocations.is_due() {
                    self.note_allocated(at);
                }
            }
        }
        (at, next, registers)
    }

    /// The loop, until the entry frame has ended; begins behind the instruction `at` and gives the one that ran last.
    #[inline(never)]
    unsafe fn run_on(
        &mut self,
        mut at: *const Instruction,
        mut next: *const Instruction,
        mut registers: *mut Value,
    ) -> *const Instruction {
        let recorder = self.recorder();
        let pairs = recorder.record.pairs.as_mut_ptr();
        let clock = Arc::clone(&recorder.clock);
        let mut seen = recorder.seen;
        let mut due = recorder.allocations.due();
        // SAFETY: as for `execute`. The counts are those of the recorder, which has a place for each pair of opcodes; they stay
        // where they are as long as the loop runs. `at` is an instruction of a function that has just run, or runs.
        unsafe {
            let mut row = pairs.add(usize::from(*at.cast::<u8>()) * ROW);
            macro_rules! one {
                () => {
                    if next.is_null() {
                        return at;
                    }
                    let opcode = usize::from(*next.cast::<u8>());
                    *row.add(opcode) += 1;
                    row = pairs.add(opcode * ROW);
                    at = next;
                    (next, registers) = (*TABLE.get_unchecked(opcode))(self, next.add(1), registers);
                    if clock.told() != seen || allocator::allocated_bytes() >= due {
                        (seen, due) = self.note_tick(at);
                    }
                };
            }
            // Several calls of handlers, each with successors of its own: processors foresee them better than those of one.
            loop {
                one!();
                one!();
                one!();
                one!();
            }
        }
    }

    /// What writes down what the machine does.
    ///
    /// Only machines that have one run the loop above; others would have no place for what is written.
    #[inline(always)]
    pub(in crate::machine) fn recorder(&mut self) -> &mut Recorder {
        match &mut self.profiler {
            Some(recorder) => recorder,
            None => unreachable!("only machines with a recorder run the profiled loop"),
        }
    }
}
