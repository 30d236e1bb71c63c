//! Any bytes as a bytecode file: it is refused, or it runs and ends like any script, in a value or an error.

use super::mutation::{generate, mutate_program};
use super::surroundings;
use biovm_bytecode::{Program, codec, disassemble, verify};
use biovm_vm::{LoadedProgram, Machine};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where a file says how long it is.
const LENGTH: std::ops::Range<usize> = 12..20;
const CHECKSUM_LENGTH: usize = 4;

/// Of so many files, a fuzzer writes and lists the programs of one.
const WRITTEN: u32 = 8;

/// A fuzzer runs so many programs for each of its inputs, since what it does between two inputs takes longer than most
/// programs: the one of the input, and others that are nearly like it.
const VARIANTS: u32 = 128;
/// The number of executions is told each time when so many more are done.
const TOLD: u64 = 10_000;

/// Checks the file as it is, or else with an envelope that fits: a checksum keeps most mutations from getting further, and
/// an old corpus would end at the fingerprint of its instruction table.
pub fn check(bytes: &[u8]) {
    if let Some(program) = decode(bytes) {
        check_writing(&program);
        run(program);
    }
}

/// The same for a fuzzer: with some files that are nearly like this one, and without the slower checks for most of them. Each
/// of them is decoded, verified, loaded and run; only those count as executions.
pub fn check_with_variants(bytes: &[u8], most_bytes: usize) {
    static EXECUTIONS: AtomicU64 = AtomicU64::new(0);
    for file in std::iter::once(bytes.to_vec()).chain(variants(bytes, most_bytes)) {
        let Some(program) = decode(&file) else { continue };
        if crc32fast::hash(&file).is_multiple_of(WRITTEN) {
            check_writing(&program);
        }
        run(program);
        let executions = EXECUTIONS.fetch_add(1, Ordering::Relaxed) + 1;
        if executions.is_multiple_of(TOLD) {
            eprintln!("executions: {executions}");
        }
    }
}

/// The files that are checked along with this one, always the same.
pub fn variants(bytes: &[u8], most_bytes: usize) -> impl Iterator<Item = Vec<u8>> + use<> {
    let seed = crc32fast::hash(bytes);
    let program = decode(bytes).unwrap_or_else(|| generate(seed));
    (1..VARIANTS)
        .filter_map(move |number| mutate_program(program.clone(), most_bytes, seed.wrapping_add(number)))
}

/// The program of a file, whose envelope may be wrong.
pub(super) fn decode(bytes: &[u8]) -> Option<Program> {
    // An error is as good as a program.
    codec::decode(bytes).ok().or_else(|| codec::decode(&with_envelope(bytes)?).ok())
}

/// A program that is written is read as the same one, and can be listed.
fn check_writing(program: &Program) {
    let again = codec::encode(program, false);
    match codec::decode(&again) {
        Ok(second) => {
            assert!(codec::encode(&second, false) == again, "writing and reading changes a program")
        }
        Err(error) => panic!("what was read cannot be written and read again: {error}"),
    }
    if verify::verify(program).is_ok() {
        disassemble::disassemble(program);
    }
}

/// The bytes with magic, version, fingerprint, length and checksum of a file of this biovm; `None` where they are too few.
pub fn with_envelope(bytes: &[u8]) -> Option<Vec<u8>> {
    let model = codec::encode(&Program::default(), true);
    if bytes.len() < model.len() {
        return None;
    }
    let mut file = bytes.to_vec();
    file[..LENGTH.start].copy_from_slice(&model[..LENGTH.start]);
    let length = file.len() as u64;
    file[LENGTH].copy_from_slice(&length.to_le_bytes());
    let end = file.len() - CHECKSUM_LENGTH;
    let checksum = crc32fast::hash(&file[..end]);
    file[end..].copy_from_slice(&checksum.to_le_bytes());
    Some(file)
}

/// Verifies, loads and runs a program.
fn run(program: Program) {
    let context = surroundings::begin();
    let Ok(program) = LoadedProgram::load(program, &context) else { return };
    let mut machine = Machine::new(context.clone());
    let mut text = String::new();
    let result = machine.run(&Arc::new(program));
    if let Err(error) = result.and_then(|value| biovm_vm::display::write_print(&mut text, &value)) {
        drop(error.to_string());
    }
    context.lost_errors.lock().clear();
}
