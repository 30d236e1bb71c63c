//! Instructions and operands by chance, nearly all of them in range.

use biovm_bytecode::operand::{OperandKind, Register, jump_target};
use biovm_bytecode::program::Program;
use biovm_bytecode::{Instruction, Opcode, Type};
use fastrand::Rng;

/// An instruction for that place of a function.
pub(super) fn instruction(program: &Program, function: usize, place: usize, random: &mut Rng) -> Instruction {
    // Many need an entry of a table that may be empty.
    for _ in 0..16 {
        let Some(opcode) = random.choice(Opcode::ALL).copied() else { break };
        // Each starts a task on another thread.
        if opcode == Opcode::StartTask && random.usize(..32) != 0 {
            continue;
        }
        let mut operands = opcode.operands().iter();
        let next = || operands.next().and_then(|(_, kind)| operand(program, function, place, *kind, random));
        if let Some(instruction) = Instruction::from_operands(opcode, next) {
            return instruction;
        }
    }
    Instruction::LoadNil { destination: Register(0) }
}

/// The instruction with a new number for one of its operands.
pub(super) fn with_new_operand(
    program: &Program,
    function: usize,
    place: usize,
    instruction: &Instruction,
    random: &mut Rng,
) -> Option<Instruction> {
    let mut operands = operands_of(instruction);
    let changed = random.choice(&mut operands)?;
    changed.1 = operand(program, function, place, changed.0, random)?;
    build(instruction, &operands)
}

/// The instruction with new numbers for those of its operands that are out of range.
pub(super) fn fitted(
    program: &Program,
    function: usize,
    place: usize,
    instruction: &Instruction,
    random: &mut Rng,
) -> Option<Instruction> {
    let mut operands = operands_of(instruction);
    for (kind, number) in &mut operands {
        let fits = match *kind {
            OperandKind::Jump => {
                let target = jump_target(place, *number);
                (0..program.functions[function].code.len() as i64).contains(&target)
            }
            OperandKind::Count | OperandKind::Integer => true,
            kind => (0..length(program, function, kind) as i64).contains(number),
        };
        if !fits {
            *number = operand(program, function, place, *kind, random)?;
        }
    }
    build(instruction, &operands)
}

/// The kinds and numbers of the operands.
pub(super) fn operands_of(instruction: &Instruction) -> Vec<(OperandKind, i64)> {
    let mut operands = Vec::new();
    instruction.visit_operands(|_, kind, number| operands.push((kind, number)));
    operands
}

pub(super) fn build(instruction: &Instruction, operands: &[(OperandKind, i64)]) -> Option<Instruction> {
    let mut operands = operands.iter();
    Instruction::from_operands(instruction.opcode(), || operands.next().map(|(_, number)| *number))
}

/// The number of entries that an operand of the kind can name.
fn length(program: &Program, function: usize, kind: OperandKind) -> usize {
    let owner = &program.functions[function];
    match kind {
        OperandKind::Register => owner.register_count.into(),
        OperandKind::Jump => owner.code.len(),
        OperandKind::Constant => program.constants.len(),
        OperandKind::Function => program.functions.len(),
        OperandKind::Native => program.natives.len(),
        OperandKind::Global => program.globals.len(),
        OperandKind::Capture => owner.captures.len(),
        OperandKind::FieldSite => owner.field_sites.len(),
        OperandKind::CallSite => program.call_sites.len(),
        OperandKind::Shape => program.shapes.len(),
        OperandKind::Structure => program.structures.len(),
        OperandKind::Annotation => program.annotations.len(),
        OperandKind::Type => Type::ALL.len(),
        OperandKind::Count => 4,
        OperandKind::Integer => 0,
    }
}

/// A number for an operand; `None` where there is nothing that it could name.
fn operand(
    program: &Program,
    function: usize,
    place: usize,
    kind: OperandKind,
    random: &mut Rng,
) -> Option<i64> {
    // Now and then one that is wrong, or that needs more bytes.
    if random.usize(..256) == 0 {
        return random.choice([-1, 0, 127, 128, 255, 256, 32_767, 32_768, 65_535, i64::from(i32::MAX)]);
    }
    let length = length(program, function, kind);
    match kind {
        OperandKind::Jump if length > 0 => {
            let length = length as i64;
            let near = random.usize(..4) != 0;
            let range = if near { place as i64 - 6..place as i64 + 7 } else { 0..length };
            let target = random.i64(range).clamp(0, length - 1);
            Some(target - place as i64 - 1)
        }
        OperandKind::Integer => {
            random.choice([-1000, -3, -2, -1, 0, 0, 1, 1, 2, 3, 4, 5, 10, 64, 255, 32_767, -32_768])
        }
        // Neighbours meet more often when they are few.
        OperandKind::Register if length > 6 && random.bool() => Some(random.i64(..6)),
        _ if length == 0 => None,
        _ => Some(random.i64(..length as i64)),
    }
}
