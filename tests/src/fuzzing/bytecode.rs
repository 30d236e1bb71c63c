//! Any bytes as a bytecode file: it is refused, or it runs and ends like any script, in a value or an error.

use super::surroundings;
use biovm_bytecode::{Program, codec, disassemble, verify};
use biovm_vm::{LoadedProgram, Machine};
use std::sync::Arc;

/// Where a file says how long it is.
const LENGTH: std::ops::Range<usize> = 12..20;
const CHECKSUM_LENGTH: usize = 4;

/// Checks the file as it is, and then with an envelope that fits: a checksum keeps most mutations from getting further,
/// and an old corpus would end at the fingerprint of its instruction table.
pub fn check(bytes: &[u8]) {
    // An error is as good as a program.
    let _ = codec::decode(bytes);
    let Some(repaired) = repair(bytes) else { return };
    let Ok(program) = codec::decode(&repaired) else { return };
    let again = codec::encode(&program, false);
    match codec::decode(&again) {
        Ok(second) => {
            assert!(codec::encode(&second, false) == again, "writing and reading changes a program")
        }
        Err(error) => panic!("what was read cannot be written and read again: {error}"),
    }
    if verify::verify(&program).is_ok() {
        disassemble::disassemble(&program);
        run(program);
    }
}

/// The bytes with magic, version, fingerprint, length and checksum of a file of this biovm.
fn repair(bytes: &[u8]) -> Option<Vec<u8>> {
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

fn run(program: Program) {
    let context = Arc::new(surroundings::context());
    let Ok(program) = LoadedProgram::load(program, &context) else { return };
    let program = Arc::new(program);
    let _watch = surroundings::watch(&context.interrupted);
    let mut machine = Machine::new(context);
    let mut text = String::new();
    match machine.run(&program) {
        Ok(value) => biovm_vm::display::write_print(&mut text, &value),
        Err(error) => text = error.to_string(),
    }
    drop(text);
}
