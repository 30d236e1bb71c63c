//! The neighbouring registers that an instruction implies.

use crate::instruction::Instruction;
use crate::program::Program;

/// The run of registers, as first and count, that an instruction uses beyond those it names: arguments, items, the
/// state of a loop. An instruction that begins such a run names its first register `base`, `start` or `bounds`.
pub fn register_window(instruction: &Instruction, program: &Program) -> Option<(u32, u32)> {
    let (start, count) = match *instruction {
        Instruction::CountStart { base, .. }
        | Instruction::CountStartInclusive { base, .. }
        | Instruction::RangeStart { base, .. }
        | Instruction::CountNext { base, .. }
        | Instruction::IterateStart { base }
        | Instruction::IterateNext { base, .. }
        | Instruction::IterateAgain { base, .. }
        | Instruction::IterateTake { base, .. } => (base, 3),
        Instruction::RangeStartBy { base, .. }
        | Instruction::CountNextBy { base, .. }
        | Instruction::IterateNextPair { base, .. } => (base, 4),

        Instruction::NewList { start, count, .. }
        | Instruction::NewTuple { start, count, .. }
        | Instruction::NewSet { start, count, .. }
        | Instruction::Interpolate { start, count, .. }
        | Instruction::RaiseUndefined { start, count } => (start, count.index()),
        Instruction::NewRecord { shape, start, .. } => {
            (start, program.shapes.get(shape.index()).map_or(0, Vec::len))
        }
        Instruction::NewStructure { structure, start, .. } => {
            (start, program.structures.get(structure.index()).map_or(0, |each| each.fields.len()))
        }
        Instruction::Slice { bounds, .. } | Instruction::MatchRange { bounds, .. } => (bounds, 3),

        // The callee, or the place of the result, and the arguments behind it.
        Instruction::Call { base, count }
        | Instruction::CallRegister { base, count, .. }
        | Instruction::CallCapture { base, count, .. }
        | Instruction::CallFunction { base, count, .. }
        | Instruction::CallNative { base, count, .. }
        | Instruction::CallMethod { base, count, .. } => (base, 1 + count.index()),
        Instruction::CallWith { base, site } => {
            (base, 1 + program.call_sites.get(site.index()).map_or(0, |site| site.arguments.len()))
        }
        _ => return None,
    };
    Some((u32::from(start.0), u32::try_from(count).unwrap_or(u32::MAX)))
}
