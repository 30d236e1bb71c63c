//! Handlers that tell the recorder what they begin.

use super::super::profiled_run::{self as run, Flow, Handler};
use super::Machine;
use super::calls::items_of;
use crate::native::Native;
use crate::value::Value;
use biovm_bytecode::Instruction;
use biovm_bytecode::instruction::Opcode;

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

pub(super) static TABLE: [Handler; Opcode::ALL.len()] = {
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
