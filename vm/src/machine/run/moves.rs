//! Loads, moves, and variables.

use super::control::{load_global_slow, store_global_slow};
use super::*;
use crate::machine::is_nothing;
use biovm_bytecode::operand::Register;

pub(super) unsafe fn move_(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Move { destination, source });
        let value = (*registers.add(source.index())).clone();
        finish_value!(machine, next, registers, registers.add(destination.index()), value)
    }
}

pub(super) unsafe fn take(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Take { destination, source });
        let value = (*registers.add(source.index())).take();
        finish_value!(machine, next, registers, registers.add(destination.index()), value)
    }
}

pub(super) unsafe fn load_nil(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadNil { destination });
        finish_value!(machine, next, registers, registers.add(destination.index()), Value::Nil)
    }
}

pub(super) unsafe fn load_true(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadTrue { destination });
        finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), true)
    }
}

pub(super) unsafe fn load_false(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadFalse { destination });
        finish_number!(machine, next, registers, write_bool, registers.add(destination.index()), false)
    }
}

pub(super) unsafe fn load_integer(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadInteger { destination, value });
        let slot = registers.add(destination.index());
        finish_number!(machine, next, registers, write_int, slot, i64::from(value.0))
    }
}

pub(super) unsafe fn load_constant(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadConstant { destination, constant });
        let value = (*machine.current.constants.add(constant.index())).clone();
        finish_value!(machine, next, registers, registers.add(destination.index()), value)
    }
}

pub(super) unsafe fn load_global(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`; `run` has made room for the globals of the program.
    unsafe {
        operands!(next, LoadGlobal { destination, global });
        match machine.globals.get(global.index()) {
            Some(value) if !is_nothing(value) => {
                let value = value.clone();
                finish_value!(machine, next, registers, registers.add(destination.index()), value)
            }
            _ => load_global_slow(machine, next, registers),
        }
    }
}

pub(super) unsafe fn store_global(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, StoreGlobal { source, global });
        if machine.is_parallel || global.index() >= machine.globals.len() {
            return store_global_slow(machine, next, registers);
        }
        let slot = machine.globals.as_mut_ptr().add(global.index());
        let value = (*registers.add(source.index())).take();
        finish_value!(machine, next, registers, slot, value)
    }
}

/// What of the value is added to, say, stays its only holder; parallel code is for the slow way, which refuses.
pub(super) unsafe fn take_global(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, TakeGlobal { destination, global });
        if machine.is_parallel || global.index() >= machine.globals.len() {
            return super::control::build(machine, next, registers);
        }
        let slot = machine.globals.as_mut_ptr().add(global.index());
        let value = (*slot).take();
        finish_value!(machine, next, registers, registers.add(destination.index()), value)
    }
}

pub(super) unsafe fn load_capture(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadCapture { destination, capture });
        let value = (*(*machine.frames.last).captures.add(capture.index())).clone();
        finish_value!(machine, next, registers, registers.add(destination.index()), value)
    }
}

/// `destination = content of the cell`; a cell without a value is for the slow way, which knows what to say.
#[inline(always)]
unsafe fn load_from(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    cell: *const Value,
    destination: Register,
) -> Flow {
    // SAFETY: see `Handler`; the cell is a register or a capture.
    unsafe {
        if let Value::Variable(variable) = &*cell
            && let Some(content) = variable.unlocked()
            && !is_nothing(&*content)
        {
            let value = (*content).clone();
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        super::control::build(machine, next, registers)
    }
}

/// `content of the cell = source`; parallel code is for the slow way, which asks who made the cell.
#[inline(always)]
unsafe fn store_to(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    cell: *const Value,
    source: Register,
) -> Flow {
    // SAFETY: see `Handler`; the cell is a register or a capture.
    unsafe {
        if let Value::Variable(variable) = &*cell
            && !machine.is_parallel
            && let Some(content) = variable.unlocked()
        {
            let value = (*registers.add(source.index())).take();
            finish_value!(machine, next, registers, content, value)
        }
        super::control::build(machine, next, registers)
    }
}

/// `destination = content of the cell`, which becomes nil; otherwise as [`store_to`].
#[inline(always)]
unsafe fn take_from(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    cell: *const Value,
    destination: Register,
) -> Flow {
    // SAFETY: see `Handler`; the cell is a register or a capture.
    unsafe {
        if let Value::Variable(variable) = &*cell
            && !machine.is_parallel
            && let Some(content) = variable.unlocked()
        {
            let value = (*content).take();
            finish_value!(machine, next, registers, registers.add(destination.index()), value)
        }
        super::control::build(machine, next, registers)
    }
}

/// The handlers of an instruction for cells in registers, and of the one for cells that the function has captured.
macro_rules! cell_handlers {
    ($work:ident: $of_register:ident, $Register:ident; $of_capture:ident, $Capture:ident; $operand:ident) => {
        pub(super) unsafe fn $of_register(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $Register { $operand, cell });
                $work(machine, next, registers, registers.add(cell.index()), $operand)
            }
        }

        pub(super) unsafe fn $of_capture(
            machine: &mut Machine,
            next: *const Instruction,
            registers: *mut Value,
        ) -> Flow {
            // SAFETY: see `Handler`.
            unsafe {
                operands!(next, $Capture { $operand, capture });
                let cell = (*machine.frames.last).captures.add(capture.index());
                $work(machine, next, registers, cell, $operand)
            }
        }
    };
}

cell_handlers!(load_from: load_cell, LoadCell; load_capture_cell, LoadCaptureCell; destination);
cell_handlers!(store_to: store_cell, StoreCell; store_capture_cell, StoreCaptureCell; source);
cell_handlers!(take_from: take_cell, TakeCell; take_capture_cell, TakeCaptureCell; destination);
