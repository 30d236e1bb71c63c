//! The loop of runs that are profiled.
//!
//! It runs the same handlers as [`super::run`], but one after the other, and counts. Instructions that call, return, or
//! begin a loop have wrappers around their handlers, which tell the recorder; all others cost a count and two looks.

use super::allocator;
use super::frame::{Frame, FunctionState};
use super::profiled_run as run;
use super::{Machine, data};
use crate::error::Error;
use crate::native::Native;
use crate::profile::record::{BEGINNING, ROW, Spot};
use crate::profile::recorder::{Recorder, Step};
use crate::profile::tree::{FunctionInfo, MOST_DEPTH, NOWHERE, ROOT};
use crate::value::Value;
use biovm_bytecode::Instruction;
use biovm_bytecode::instruction::Opcode;
use run::{Flow, Handler};
use std::sync::Arc;

/// The operands of the instruction that a wrapper runs.
macro_rules! operands {
    ($next:expr, $name:ident { $($operand:ident),* }) => {
        let Instruction::$name { $($operand,)* .. } = *$next.sub(1) else {
            std::hint::unreachable_unchecked()
        };
    };
}

/// A handler that may call a function of the script.
macro_rules! calls {
    ($name:ident, $opcode:ident) => {
        unsafe fn $name(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                let before = machine.frames.last;
                let flow =
                    (const { run::table::HANDLERS[Opcode::$opcode as usize] })(machine, next, registers);
                if machine.frames.last != before {
                    machine.count_call();
                }
                flow
            }
        }
    };
}

calls!(call, Call);
calls!(call_function, CallFunction);
calls!(call_register, CallRegister);
calls!(call_capture, CallCapture);
calls!(call_method, CallMethod);
calls!(call_with, CallWith);

unsafe fn call_native(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`; the arguments stand behind the register of the call.
    unsafe {
        operands!(next, CallNative { base, count, native });
        let native = *(&*machine.current.program).natives.get_unchecked(native.index());
        let items = match count.index() {
            0 => None,
            _ => items_of(&*registers.add(base.index() + 1)),
        };
        machine.count_native(next.sub(1), native, items);
        let handler = const { run::table::HANDLERS[Opcode::CallNative as usize] };
        in_native(machine, next, registers, native, handler)
    }
}

unsafe fn call_direct(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallDirect { destination, argument, native });
        let native = *(&*machine.current.program).natives.get_unchecked(native.index());
        let (destination, argument) = (registers.add(destination.index()), registers.add(argument.index()));
        machine.count_native(next.sub(1), native, items_of(&*argument));
        // This takes nanoseconds and calls nothing. Where the clock tells a new time meanwhile, the loop sees from the
        // instruction what has taken it.
        if let Some(direct) = native.direct
            && !machine.recorder().looks_closely()
            && run::direct::put_direct(direct, destination, argument)
        {
            return (next, registers);
        }
        let handler = const { run::table::HANDLERS[Opcode::CallDirect as usize] };
        in_native(machine, next, registers, native, handler)
    }
}

/// Calls a builtin that the instruction names.
#[inline(always)]
unsafe fn in_native(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    native: &'static Native,
    handler: Handler,
) -> Flow {
    // SAFETY: see `Handler`; only machines with a recorder come here.
    unsafe {
        let instruction = machine.number_of(next.sub(1));
        let frames = machine.frames.len();
        let recorder = machine.recorder();
        let is_close = recorder.looks_closely();
        if is_close {
            let spot = machine.spot(instruction);
            machine.recorder().charge(spot);
        }
        let recorder = machine.recorder();
        let depth = recorder.natives.len();
        recorder.natives.push((frames, native));
        // Where an error leads out of the function, the time is still that of the builtin.
        let spot = is_close.then(|| machine.spot(instruction));
        let flow = handler(machine, next, registers);
        let recorder = machine.recorder();
        match spot {
            Some(spot) => {
                recorder.charge_allocated(spot);
                recorder.charge(spot);
            }
            None => machine.look(instruction),
        }
        machine.recorder().natives.truncate(depth);
        flow
    }
}

/// The number of items of a List.
#[inline(always)]
fn items_of(value: &Value) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.len()),
        _ => None,
    }
}

unsafe fn iterate_start(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, IterateStart { base });
        if !(*(*(*machine.frames.last).function).function).regions.is_empty() {
            let items = items_of(&*registers.add(base.index()));
            machine.note_loop(next.sub(1), items);
        }
        (const { run::table::HANDLERS[Opcode::IterateStart as usize] })(machine, next, registers)
    }
}

/// A loop over `range(…)` that counts instead of calling the builtin.
unsafe fn range_start(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`; the verifier has proved that the registers exist.
    unsafe {
        operands!(next, RangeStart { base });
        let state = registers.add(base.index());
        machine.note_range(next, &*state, &*state.add(1), &Value::Int(1));
        (const { run::table::HANDLERS[Opcode::RangeStart as usize] })(machine, next, registers)
    }
}

unsafe fn range_start_by(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: as above.
    unsafe {
        operands!(next, RangeStartBy { base });
        let state = registers.add(base.index());
        machine.note_range(next, &*state, &*state.add(1), &*state.add(3));
        (const { run::table::HANDLERS[Opcode::RangeStartBy as usize] })(machine, next, registers)
    }
}

static TABLE: [Handler; Opcode::ALL.len()] = {
    let mut table = run::table::HANDLERS;
    macro_rules! wrappers {
        ($($opcode:ident: $wrapper:path,)*) => {
            $(table[Opcode::$opcode as usize] = $wrapper;)*
        };
    }
    wrappers! {
        Call: call,
        CallFunction: call_function,
        CallRegister: call_register,
        CallCapture: call_capture,
        CallMethod: call_method,
        CallWith: call_with,
        CallNative: call_native,
        CallDirect: call_direct,
        IterateStart: iterate_start,
        RangeStart: range_start,
        RangeStartBy: range_start_by,
    }
    table
};

impl Machine {
    /// Runs the last frame, which is an entry frame, until it ends, and notes what it does.
    #[inline(never)]
    pub(super) fn execute_profiled(&mut self) -> Result<Value, Error> {
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
    pub(super) fn recorder(&mut self) -> &mut Recorder {
        match &mut self.profiler {
            Some(recorder) => recorder,
            None => unreachable!("only machines with a recorder run the profiled loop"),
        }
    }

    /// The number of an instruction of the last frame.
    #[inline(always)]
    unsafe fn number_of(&self, at: *const Instruction) -> u32 {
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
    pub(super) fn spot(&mut self, instruction: u32) -> Spot {
        self.spot_below(instruction, self.frames.len())
    }

    /// The same for one of the frames below; `count` is the number of those up to it.
    fn spot_below(&mut self, instruction: u32, count: usize) -> Spot {
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
    unsafe fn last_spot(&mut self, at: *const Instruction) -> Spot {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_at(at) };
        self.spot(instruction)
    }

    /// Looks whether the clock has told a new time, or there are allocations to charge, in a builtin that the instruction
    /// has called.
    #[inline(always)]
    fn look(&mut self, instruction: u32) {
        let recorder = self.recorder();
        let told = recorder.clock.told();
        if told != recorder.seen || recorder.allocations.is_due() {
            self.tick_at(told, instruction);
        }
    }

    #[inline(never)]
    fn tick_at(&mut self, told: u64, instruction: u32) {
        let spot = self.spot(instruction);
        let recorder = self.recorder();
        recorder.charge_allocated(spot);
        recorder.tick(told, spot);
    }

    /// The same where a new frame has begun that the time does not belong to.
    #[inline(always)]
    fn look_below(&mut self) {
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
        recorder.charge_allocated(spot);
        recorder.tick(told, spot);
    }

    #[inline(never)]
    unsafe fn note_tick(&mut self, at: *const Instruction) -> (u64, u64) {
        // SAFETY: by the caller.
        let (spot, builtin) = unsafe { (self.last_spot(at), self.native_of(at)) };
        let spot = Spot { native: builtin.unwrap_or(spot.native), ..spot };
        let recorder = self.recorder();
        recorder.charge_allocated(spot);
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
    unsafe fn note_allocated(&mut self, at: *const Instruction) {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_at(at) };
        let spot = self.spot(instruction);
        self.recorder().charge_allocated(spot);
    }

    #[inline(never)]
    unsafe fn note_step(&mut self, at: *const Instruction) -> u32 {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_at(at) };
        let spot = self.spot(instruction);
        self.recorder().step(spot)
    }

    /// Counts a call of a builtin, which an instruction of the last frame begins.
    #[inline(always)]
    unsafe fn count_native(&mut self, at: *const Instruction, native: &'static Native, items: Option<usize>) {
        let site = match self.recorder().known_site(at.addr()) {
            Some(site) => site,
            // SAFETY: by the caller.
            None => unsafe { self.find_site(at, native) },
        };
        self.recorder().call_site(site, items);
    }

    /// Counts a call that an instruction has begun.
    #[inline(always)]
    fn count_call(&mut self) {
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
    fn note_call(&mut self) {
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
    unsafe fn note_loop(&mut self, at: *const Instruction, items: Option<usize>) {
        // SAFETY: by the caller.
        let instruction = unsafe { self.number_of(at) };
        let Machine { frames, profiler: Some(recorder), .. } = self else { return };
        let Some(frame) = frames.last() else { return };
        recorder.begin_loop(at.addr(), items, |recorder| (info_of(recorder, frame), instruction));
    }

    #[inline(never)]
    unsafe fn note_range(&mut self, next: *const Instruction, first: &Value, end: &Value, step: &Value) {
        let (Value::Int(first), Value::Int(end), Value::Int(step)) = (first, end, step) else { return };
        if *step == 0 || end.checked_sub(*first).is_none() {
            return;
        }
        let Some(native) = self.context.native("range") else { return };
        // SAFETY: by the caller.
        unsafe { self.count_native(next.sub(1), native, None) };
    }

    /// Calls a builtin that is the value of an expression; see [`Machine::call_native`].
    pub(super) fn call_native_value(
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
pub(super) fn info_of(recorder: &mut Recorder, frame: &Frame) -> Arc<FunctionInfo> {
    let (program, function) = (&frame.program().program, frame.function());
    let key = std::ptr::from_ref(function).addr();
    recorder.uncounted(|recorder| recorder.info(key, program, function.number))
}
