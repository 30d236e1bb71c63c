//! Which parts of an argument a function looks at. A native that makes records for a callback need not fill in the others.

use crate::program::LoadedProgram;
use biovm_bytecode::instruction::Instruction;
use biovm_bytecode::operand::{OperandKind, Register};
use biovm_bytecode::program::CaptureSource;

/// The names of the fields that the function reads of its first argument, where it does nothing else with it: nobody can tell
/// what is in the other fields. `None` where the argument goes anywhere, as a whole, or is overwritten.
pub fn fields_read(program: &LoadedProgram, function: usize) -> Option<Vec<&str>> {
    const ARGUMENT: Register = Register(0);
    let function = program.functions.get(function)?;
    if function.parameters.is_empty() || function.has_rest && function.parameters.len() == 1 {
        return None;
    }
    let mut fields = Vec::new();
    for instruction in &*function.code {
        let mut mentions = 0;
        let mut is_captured = false;
        instruction.visit_operands(|_, kind, number| match kind {
            OperandKind::Register => mentions += usize::from(number == i64::from(ARGUMENT.0)),
            OperandKind::Function => {
                let made = usize::try_from(number).ok().and_then(|made| program.functions.get(made));
                is_captured |=
                    made.is_none_or(|made| made.captures.contains(&CaptureSource::Register(ARGUMENT)));
            }
            _ => {}
        });
        if is_captured {
            return None;
        }
        match *instruction {
            // Runs of registers that an instruction implies begin with one that it names, so none reaches the first register
            // without naming it.
            _ if mentions == 0 => {}
            Instruction::GetField { destination, object: ARGUMENT, field } if destination != ARGUMENT => {
                fields.push(function.field_names.get(field.index())?.as_str());
            }
            _ => return None,
        }
    }
    let is_written = function.handlers.iter().any(|handler| handler.register == ARGUMENT);
    (!is_written).then_some(fields)
}
