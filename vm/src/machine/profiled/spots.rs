//! Where the machine is, for time and allocations to be charged to.

use super::Machine;
use crate::profile::record::Spot;
use crate::profile::recorder::Step;
use crate::profile::tree::{MOST_DEPTH, NOWHERE, ROOT};
use biovm_bytecode::Instruction;

impl Machine {
    /// The number of an instruction of the last frame.
    #[inline(always)]
    pub(super) unsafe fn number_of(&self, at: *const Instruction) -> u32 {
        // SAFETY: by the caller.
        unsafe { at.offset_from((*(*self.frames.last).function).code) as u32 }
    }

    /// The number of an instruction that has just run: it may have left its function, or entered another one.
    unsafe fn number_at(&self, at: *const Instruction) -> u32 {
        let Some(frame) = self.frames.last() else { return NOWHERE };
        let code = &frame.function().code;
        match code.as_ptr_range().contains(&at) {
            // SAFETY: both lead into the same code.
            true => unsafe { at.offset_from(code.as_ptr()) as u32 },
            false => frame.current() as u32,
        }
    }

    /// The spot of an instruction of the last frame.
    #[inline(never)]
    pub(in crate::machine) fn spot(&mut self, instruction: u32) -> Spot {
        self.spot_below(instruction, self.frames.len())
    }

    /// The same for one of the frames below; `count` is the number of those up to it.
    pub(super) fn spot_below(&mut self, instruction: u32, count: usize) -> Spot {
        let Machine { frames, profiler: Some(recorder), .. } = self else {
            return Spot { node: ROOT, instruction, native: 0 };
        };
        let all = &frames.as_slice()[..count];
        let all = &all[recorder.first_frame.min(count)..];
        let last = all.len().saturating_sub(1);
        let before = recorder.allocations.begin_bookkeeping();
        // A million frames are not looked at one by one, thousands of times a second.
        let outer = 0..last.min(MOST_DEPTH as usize);
        let steps = outer.chain((!all.is_empty()).then_some(last)).map(|number| {
            let frame = &all[number];
            // Where the last frame is, only the loop knows.
            let instruction = if number == last { instruction } else { frame.current() as u32 };
            (number, Step { function: frame.function(), program: &frame.program().program, instruction })
        });
        let node = recorder.walk(steps);
        recorder.allocations.end_bookkeeping(before);
        recorder.spot(node, instruction, count)
    }

    /// The spot of an instruction that has just run, and may have ended the entry frame.
    pub(super) unsafe fn last_spot(&mut self, at: *const Instruction) -> Spot {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_at(at) };
        self.spot(instruction)
    }

    /// Looks whether the clock has told a new time, or there are allocations to charge, in a builtin that the instruction
    /// has called.
    #[inline(always)]
    pub(super) fn look(&mut self, instruction: u32) {
        let recorder = self.recorder();
        let told = recorder.clock.told();
        if told != recorder.seen || recorder.allocations.is_due() {
            self.tick_at(told, instruction);
        }
    }

    #[inline(never)]
    pub(super) fn tick_at(&mut self, told: u64, instruction: u32) {
        let spot = self.spot(instruction);
        let recorder = self.recorder();
        recorder.tick(told, spot);
    }

    /// The same where a new frame has begun that the time does not belong to.
    #[inline(always)]
    pub(super) fn look_below(&mut self) {
        let recorder = self.recorder();
        let is_close = recorder.looks_closely();
        let told = if is_close { recorder.clock.now() } else { recorder.clock.told() };
        if told != recorder.seen || recorder.allocations.is_due() {
            self.tick_below(told);
        }
    }

    #[inline(never)]
    fn tick_below(&mut self, told: u64) {
        let below = self.frames.len() - 1;
        let instruction = match below.checked_sub(1) {
            Some(caller) => self.frames.as_slice()[caller].current() as u32,
            None => NOWHERE,
        };
        let spot = self.spot_below(instruction, below);
        let recorder = self.recorder();
        recorder.tick(told, spot);
    }

    #[inline(never)]
    pub(super) unsafe fn note_tick(&mut self, at: *const Instruction) -> (u64, u64) {
        // SAFETY: by the caller.
        let (spot, builtin) = unsafe { (self.last_spot(at), self.native_of(at)) };
        let spot = Spot { native: builtin.unwrap_or(spot.native), ..spot };
        let recorder = self.recorder();
        recorder.tick(recorder.clock.told(), spot);
        (recorder.seen, recorder.allocations.due())
    }

    /// The builtin that the instruction, which has just run, has called without an entry among those that run.
    unsafe fn native_of(&self, at: *const Instruction) -> Option<usize> {
        // SAFETY: by the caller.
        let Instruction::CallDirect { native, .. } = (unsafe { &*at }) else { return None };
        let frame = self.frames.last()?;
        let is_inside = frame.function().code.as_ptr_range().contains(&at);
        let native = frame.program().program.natives.get(native.index()).filter(|_| is_inside)?;
        Some(std::ptr::from_ref(*native).addr())
    }

    #[inline(never)]
    pub(super) unsafe fn note_allocated(&mut self, at: *const Instruction) {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_at(at) };
        let spot = self.spot(instruction);
        self.recorder().charge_allocated(spot);
    }

    #[inline(never)]
    pub(super) unsafe fn note_step(&mut self, at: *const Instruction) -> u32 {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_at(at) };
        let spot = self.spot(instruction);
        self.recorder().step(spot)
    }
}
