//! Registers that must differ.

use crate::instruction::Instruction;
use crate::operand::Register;

/// Two operands of an instruction that must not name the same register: the machine takes the value out of the first
/// while it works on what the second holds.
pub fn different_registers(instruction: &Instruction) -> Option<[(&'static str, Register); 2]> {
    Some(match *instruction {
        // A value that becomes a part of itself would never be freed, and the object would be gone while it changes.
        Instruction::SetIndex { object, value, .. } | Instruction::SetField { object, value, .. } => {
            [("value", value), ("object", object)]
        }
        Instruction::AppendInPlace { list, source, .. } | Instruction::Append { list, source } => {
            [("source", source), ("list", list)]
        }
        Instruction::StoreCell { cell, source } => [("source", source), ("cell", cell)],
        // What is taken out waits beside what it was taken from, so that unwinding can put it back.
        Instruction::TakeIndex { destination, object, .. }
        | Instruction::TakeField { destination, object, .. } => {
            [("destination", destination), ("object", object)]
        }
        _ => return None,
    })
}
