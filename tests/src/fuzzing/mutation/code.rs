//! Changes of instructions.

use super::random::{build, fitted, instruction, operands_of, with_new_operand};
use biovm_bytecode::operand::{OperandKind, Register, jump_target};
use biovm_bytecode::program::{Function, Handler, Inlined, Program, Region, RegionKind};
use biovm_bytecode::{Instruction, Opcode};
use fastrand::Rng;

/// More instructions than this are not added to a function.
const MOST_CODE: usize = 400;

/// Changes the code of one function in one way.
pub(super) fn change(program: &mut Program, random: &mut Rng) {
    let number = random.usize(..program.functions.len());
    let length = program.functions[number].code.len();
    if length == 0 {
        return insert(program, number, random);
    }
    let place = random.usize(..length);
    let current = program.functions[number].code[place];
    match random.usize(..14) {
        0..4 => {
            if let Some(changed) = with_new_operand(program, number, place, &current, random) {
                program.functions[number].code[place] = changed;
            }
        }
        // Another instruction with the same operands, as far as they mean something to it.
        4 => {
            let Some(opcode) = random.choice(Opcode::ALL) else { return };
            let mut numbers = operands_of(&current).into_iter();
            let next = || Some(numbers.next().map_or(0, |(_, number)| number));
            if let Some(changed) = Instruction::from_operands(*opcode, next)
                && let Some(changed) = fitted(program, number, place, &changed, random)
            {
                program.functions[number].code[place] = changed;
            }
        }
        5 => program.functions[number].code[place] = instruction(program, number, place, random),
        6..9 => insert(program, number, random),
        9 => splice(&mut program.functions[number], place, random.usize(1..4), &[]),
        10 => {
            let other = random.usize(..length);
            program.functions[number].code.swap(place, other);
        }
        11 => {
            let other = program.clone();
            transplant_code(program, &other, number, random);
        }
        12 => change_handlers(&mut program.functions[number], random),
        _ => {
            let registers = &mut program.functions[number].register_count;
            *registers = match random.usize(..8) {
                0 => random.u16(..300),
                1 => registers.saturating_sub(1),
                _ => (*registers + random.u16(1..4)).min(300),
            };
        }
    }
}

/// Puts a random instruction into a function.
pub(super) fn insert(program: &mut Program, number: usize, random: &mut Rng) {
    let length = program.functions[number].code.len();
    if length < MOST_CODE {
        let place = random.usize(..=length);
        let new = instruction(program, number, place, random);
        splice(&mut program.functions[number], place, 0, &[new]);
    }
}

/// Copies some code, or a function, of another program.
pub(super) fn transplant(program: &mut Program, other: &Program, random: &mut Rng) {
    if program.functions.is_empty() || other.functions.is_empty() {
        return;
    }
    if random.usize(..4) == 0 && program.functions.len() < 60 {
        let mut function = other.functions[random.usize(..other.functions.len())].clone();
        function.spans.clear();
        function.field_sites.clear();
        program.functions.push(function);
    } else {
        let number = random.usize(..program.functions.len());
        transplant_code(program, other, number, random);
    }
}

fn transplant_code(program: &mut Program, other: &Program, number: usize, random: &mut Rng) {
    let source = &other.functions[random.usize(..other.functions.len())].code;
    if source.is_empty() || program.functions[number].code.len() > MOST_CODE {
        return;
    }
    let start = random.usize(..source.len());
    let end = (start + random.usize(1..12)).min(source.len());
    let place = random.usize(..=program.functions[number].code.len());
    let code: Vec<Instruction> = source[start..end]
        .iter()
        .enumerate()
        .map(|(offset, copied)| {
            fitted(program, number, place + offset, copied, random)
                .unwrap_or(Instruction::LoadNil { destination: Register(0) })
        })
        .collect();
    splice(&mut program.functions[number], place, 0, &code);
}

fn change_handlers(function: &mut Function, random: &mut Rng) {
    let length = function.code.len() as u32;
    if !function.handlers.is_empty() && random.usize(..3) == 0 {
        let removed = random.usize(..function.handlers.len());
        function.handlers.remove(removed);
    } else if function.register_count > 0 && function.handlers.len() < 8 {
        let start = random.u32(..length);
        let (end, target) = (random.u32(start..=length), random.u32(..length));
        let register = Register(random.u16(..function.register_count));
        function.handlers.insert(0, Handler { start, end, target, register });
    }
}

/// Replaces some instructions of a function by others. Jumps of those that stay, handlers and positions move along.
fn splice(function: &mut Function, place: usize, removed: usize, inserted: &[Instruction]) {
    let end = (place + removed).min(function.code.len());
    let moved = |index: i64| -> i64 {
        match index {
            index if index < place as i64 => index,
            index if index < end as i64 => place as i64,
            index => index - (end - place) as i64 + inserted.len() as i64,
        }
    };
    let stays = |index: &usize| *index < place || *index >= end;
    for index in (0..function.code.len()).filter(stays) {
        if !function.code[index].opcode().operands().iter().any(|(_, kind)| *kind == OperandKind::Jump) {
            continue;
        }
        let mut operands = operands_of(&function.code[index]);
        for (kind, number) in &mut operands {
            if *kind == OperandKind::Jump {
                *number = moved(jump_target(index, *number)) - moved(index as i64) - 1;
            }
        }
        if let Some(changed) = build(&function.code[index], &operands) {
            function.code[index] = changed;
        }
    }
    for Handler { start, end, target, .. } in &mut function.handlers {
        for place in [start, end, target] {
            *place = moved(i64::from(*place)) as u32;
        }
    }
    for Inlined { start, end, call } in &mut function.inlined {
        for place in [start, end, call] {
            *place = moved(i64::from(*place)) as u32;
        }
    }
    for Region { start, end, kind } in &mut function.regions {
        for place in [start, end] {
            *place = moved(i64::from(*place)) as u32;
        }
        if let RegionKind::Builtin { call, entry } = kind {
            *call = moved(i64::from(*call)) as u32;
            *entry = moved(i64::from(*entry)) as u32;
        }
    }
    if function.spans.len() == function.code.len() {
        let span = function.spans.get(place).copied().unwrap_or_default();
        function.spans.splice(place..end, std::iter::repeat_n(span, inserted.len()));
    }
    function.code.splice(place..end, inserted.iter().copied());
}
