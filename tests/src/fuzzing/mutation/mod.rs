//! Programs that are nearly like others: what the fuzzer makes of a bytecode file.
//!
//! A change of some byte hardly ever gets past the checksum, and where that is repaired, past the decoder and the verifier.
//! So a file is read, its program is changed in some places, mostly so that it still verifies, and written again.
//!
//! * [`code`]: changes of instructions
//! * [`tables`]: changes of everything else
//! * [`random`]: instructions and operands by chance

mod code;
mod random;
mod tables;

use super::bytecode::decode;
use biovm_bytecode::program::Program;
use biovm_bytecode::verify::{Place, verify};
use biovm_bytecode::{Instruction, codec};
use fastrand::Rng;

/// So many places of a program are changed at once, at most.
const MOST_CHANGES: usize = 4;
/// So many refusals of the verifier are dealt with.
const MOST_REPAIRS: usize = 24;

/// The file of another program, made of the one in this file, or a random one where that holds none; `None` where it does
/// not fit `most` bytes. The seed decides about all that is left to chance.
pub fn mutate(file: &[u8], most: usize, seed: u32) -> Option<Vec<u8>> {
    mutate_program(decode(file).unwrap_or_else(|| generate(seed)), most, seed)
}

/// The same for a program that is at hand.
pub(super) fn mutate_program(mut program: Program, most: usize, seed: u32) -> Option<Vec<u8>> {
    let mut random = Rng::with_seed(seed.into());
    for _ in 0..random.usize(1..=MOST_CHANGES) {
        change(&mut program, &mut random);
    }
    finish(program, most, &mut random)
}

/// The program of the first file with code of the second one.
pub fn cross(first: &[u8], second: &[u8], most: usize, seed: u32) -> Option<Vec<u8>> {
    let (mut program, other) = (decode(first)?, decode(second)?);
    let mut random = Rng::with_seed(seed.into());
    code::transplant(&mut program, &other, &mut random);
    finish(program, most, &mut random)
}

/// A program of random instructions.
pub fn generate(seed: u32) -> Program {
    let mut random = Rng::with_seed(seed.into());
    let mut program = tables::random_program(&mut random);
    for number in 0..program.functions.len() {
        for _ in 0..random.usize(1..40) {
            code::insert(&mut program, number, &mut random);
        }
    }
    make_valid(&mut program, &mut random);
    program
}

fn change(program: &mut Program, random: &mut Rng) {
    if program.functions.is_empty() || random.usize(..200) == 0 {
        *program = generate(random.u32(..));
    } else if random.usize(..4) == 0 {
        tables::change(program, random);
    } else {
        code::change(program, random);
    }
}

fn finish(mut program: Program, most: usize, random: &mut Rng) -> Option<Vec<u8>> {
    // Some programs are for the verifier.
    if random.usize(..32) != 0 {
        make_valid(&mut program, random);
    }
    // What has no positions is smaller and faster, and little else depends on them.
    if random.usize(..8) != 0 {
        program.debug = None;
        program.functions.iter_mut().for_each(|function| function.spans.clear());
    }
    let file = codec::encode(&program, false);
    (file.len() <= most).then_some(file)
}

/// Changes what the verifier refuses, as far as it goes.
fn make_valid(program: &mut Program, random: &mut Rng) {
    for _ in 0..MOST_REPAIRS {
        let Err(refusal) = verify(program) else { return };
        match refusal.place {
            Place::Instruction { function, number, .. } => {
                let instruction = program.functions[function].code[number];
                let fitted = random::fitted(program, function, number, &instruction, random);
                let is_last = number + 1 == program.functions[function].code.len();
                program.functions[function].code[number] = match fitted {
                    // All operands were in range, so something else was wrong.
                    Some(fitted) if fitted != instruction => fitted,
                    _ if is_last => Instruction::ReturnNil {},
                    _ => random::instruction(program, function, number, random),
                };
            }
            Place::Function { number, .. } => tables::repair(program, number),
            Place::Program => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_all_changed_programs_verify() {
        let mut file = codec::encode(&generate(1), true);
        let (mut verified, mut different) = (0, 0);
        for seed in 0..1_000 {
            let Some(changed) = mutate(&file, 4096, seed) else { continue };
            different += usize::from(changed != file);
            let program = codec::decode(&changed).expect("what was encoded can be decoded");
            if verify(&program).is_ok() {
                verified += 1;
                file = changed;
            }
        }
        assert!(verified > 850, "{verified} of 1000 verify");
        assert!(different > 800, "{different} of 1000 are different");
    }
}
