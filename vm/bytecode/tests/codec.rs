//! The file format: what is written comes back, and what is damaged is refused.

mod support;

use biovm_bytecode::codec::{FORMAT_VERSION, FormatError, MAGIC, decode, encode, is_bytecode};
use biovm_bytecode::disassemble::disassemble;
use biovm_bytecode::program::{Constant, Function};
use biovm_bytecode::verify::verify;
use biovm_bytecode::{Instruction, Opcode, Program};
use proptest::prelude::*;
use support::{any_program, sample};

const HEADER: usize = 20;
const CHECKSUM: usize = 4;

/// The file with these sections: right in everything around them.
fn with_sections(sections: &[u8]) -> Vec<u8> {
    let mut file = encode(&Program::default(), false);
    file.truncate(HEADER);
    file.extend_from_slice(sections);
    file.extend_from_slice(&[0; CHECKSUM]);
    seal(&mut file);
    file
}

/// Makes length and checksum right again.
fn seal(file: &mut [u8]) {
    let length = file.len() as u64;
    file[12..20].copy_from_slice(&length.to_le_bytes());
    let (content, checksum) = file.split_at_mut(length as usize - CHECKSUM);
    checksum.copy_from_slice(&crc32fast::hash(content).to_le_bytes());
}

fn message(bytes: &[u8]) -> String {
    decode(bytes).map_or_else(|error| error.to_string(), |program| format!("{program:?}"))
}

proptest! {
    #[test]
    fn what_is_written_comes_back(program in any_program()) {
        let file = encode(&program, false);
        prop_assert!(is_bytecode(&file));
        prop_assert_eq!(decode(&file), Ok(program));
    }

    #[test]
    fn stripping_leaves_out_the_debug_information_only(program in any_program()) {
        let stripped = decode(&encode(&program, true));
        let mut expected = program;
        expected.debug = None;
        expected.functions.iter_mut().for_each(|function| function.spans.clear());
        prop_assert_eq!(stripped, Ok(expected));
    }

    #[test]
    fn random_programs_are_listed_and_verified_without_panic(program in any_program()) {
        let _ = verify(&program).map_err(|error| error.to_string());
        let _ = disassemble(&program);
    }

    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(decode(&bytes).is_err());
    }

    /// Behind a right header and checksum, so that the sections themselves are read.
    #[test]
    fn random_sections_do_no_harm(sections in prop::collection::vec(any::<u8>(), 0..300)) {
        look_at_everything(&with_sections(&sections));
    }

    /// As an attacker would do it: a good file, changed, with a right checksum.
    #[test]
    fn changed_files_with_a_right_checksum_do_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut file = encode(&sample(), false);
        let sections = file.len() - CHECKSUM - HEADER;
        for (place, byte) in changes {
            file[HEADER + place.index(sections)] = byte;
        }
        seal(&mut file);
        look_at_everything(&file);
    }

    #[test]
    fn changed_random_files_do_no_harm(
        program in any_program(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut file = encode(&program, false);
        let sections = file.len() - CHECKSUM - HEADER;
        if sections > 0 {
            file[HEADER + place.index(sections)] = byte;
        }
        seal(&mut file);
        look_at_everything(&file);
    }
}

/// Nothing may panic; what reads must also write, and come back the same.
fn look_at_everything(file: &[u8]) {
    if let Ok(program) = decode(file) {
        let _ = verify(&program).map_err(|error| error.to_string());
        let _ = disassemble(&program);
        let again = encode(&program, false);
        // Not the programs, of which NaN is not equal to itself.
        assert_eq!(decode(&again).map(|program| encode(&program, false)), Ok(again));
    }
}

#[test]
fn the_sample_verifies_in_both_forms() {
    let program = sample();
    assert_eq!(verify(&program), Ok(()));
    let stripped = decode(&encode(&program, true)).expect("it was just encoded");
    assert_eq!(verify(&stripped), Ok(()));
    assert!(stripped.debug.is_none() && stripped.functions.iter().all(|function| function.spans.is_empty()));
}

#[test]
fn every_change_of_a_byte_is_noticed() {
    let mut file = encode(&sample(), false);
    for place in 0..file.len() {
        for change in 1..=u8::MAX {
            file[place] ^= change;
            assert!(decode(&file).is_err(), "byte {place} ^ {change} went unnoticed");
            file[place] ^= change;
        }
    }
}

#[test]
fn every_truncation_and_addition_is_noticed() {
    let file = encode(&sample(), false);
    for length in 0..file.len() {
        let error = decode(&file[..length]).expect_err("a part is no program");
        if length >= 8 {
            assert!(matches!(error, FormatError::Truncated { .. }), "{length} bytes: {error}");
        }
    }
    let longer = [file.as_slice(), b"\n"].concat();
    let (expected, found) = (file.len() as u64, longer.len() as u64);
    assert_eq!(decode(&longer), Err(FormatError::TooLong { expected, found }));
}

#[test]
fn messages_say_what_to_do() {
    assert_eq!(message(b""), "not a biovm bytecode file");
    assert_eq!(message(&[0xff; 40]), "not a biovm bytecode file");
    assert_eq!(message(b"\x7fELF"), "not a biovm bytecode file");
    let source = "let café = \"é\"\n".repeat(200);
    assert_eq!(
        message(source.as_bytes()),
        "not a biovm bytecode file; it looks like source text, which `biovm run` takes"
    );
    // Nor does it matter where the look at the beginning ends.
    for shift in 0..=4 {
        assert_eq!(message(&source.as_bytes()[shift..]), message(source.as_bytes()));
    }

    let mut file = encode(&sample(), false);
    file[6..8].copy_from_slice(&7_u16.to_le_bytes());
    assert_eq!(
        message(&file),
        format!(
            "the file has format version 7, while this biovm reads {FORMAT_VERSION}; \
             compile the script again with this biovm"
        )
    );

    let mut file = encode(&sample(), false);
    file[8] ^= 1;
    assert_eq!(message(&file), "checksum mismatch: the file is damaged; compile the script again");
    seal(&mut file);
    assert_eq!(
        message(&file),
        "the file was compiled by a biovm with other instructions; \
         compile the script again with this biovm"
    );

    let file = encode(&Program::default(), false);
    assert_eq!(message(&file[..22]), "the file is truncated: it has 22 of 24 bytes");
    assert_eq!(
        message(&[&file[..], b"more"].concat()),
        "the file is damaged: it has 28 bytes and should have 24"
    );
}

#[test]
fn malformed_sections_are_named() {
    let malformed = |section: &str, offset: usize, problem: &str| {
        format!("malformed section `{section}` at byte offset {offset}: {problem}")
    };
    // A text that is no UTF-8, one that is longer than the rest, and a byte too many.
    assert_eq!(message(&with_sections(&[1, 3, 1, 1, 0xff])), malformed("names", 25, "a text is not UTF-8"));
    assert_eq!(
        message(&with_sections(&[1, 2, 1, 9])),
        malformed("names", 24, "a count of 9 is more than the bytes that are left")
    );
    assert_eq!(
        message(&with_sections(&[1, 2, 0, 0])),
        malformed("names", 23, "more bytes than its content needs")
    );
    // A number that ends with the section, and one that never ends.
    assert_eq!(message(&with_sections(&[1, 1, 0x80])), malformed("names", 23, "it ends too early"));
    assert_eq!(
        message(&with_sections(&[[1, 11].as_slice(), &[0xff; 11]].concat())),
        malformed("names", 32, "a number is larger than 64 bits")
    );
    // A section longer than the file, twice the same section, and sections nobody knows.
    assert_eq!(
        message(&with_sections(&[1, 200, 1])),
        malformed("section list", 23, "a count of 200 is more than the bytes that are left")
    );
    assert_eq!(
        message(&with_sections(&[1, 1, 0, 1, 1, 0])),
        malformed("section list", 25, "the names section is out of order")
    );
    assert_eq!(
        message(&with_sections(&[0x7f, 0])),
        "the file has a section of the unknown kind 127 at byte offset 20; \
         compile the script again with this biovm"
    );
    // Constants of no kind, and of no type.
    assert_eq!(
        message(&with_sections(&[2, 3, 1, 9, 0])),
        malformed("constants", 24, "there is no kind of constant number 9")
    );
    assert_eq!(
        message(&with_sections(&[2, 5, 1, 3, 200, 1, 0])),
        malformed("constants", 26, "there is no type number 200")
    );
    // A name that no table can have.
    assert_eq!(
        message(&with_sections(&[3, 7, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x7f])),
        malformed("shapes", 29, "the number 34359738367 is too large here")
    );
    // A function of one instruction: of no kind, with an operand too large, with one too few; a bad flag.
    let function = |code: &[u8]| {
        let content = [&[1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], code].concat();
        message(&with_sections(&[&[7, content.len() as u8], content.as_slice()].concat()))
    };
    assert_eq!(function(&[1, 255]), malformed("functions", 36, "there is no instruction number 255"));
    assert_eq!(
        function(&[1, 0, 0xff, 0xff, 0x7f, 0]),
        malformed("functions", 39, "an operand of Move does not fit its type")
    );
    assert_eq!(function(&[1, 0, 1]), malformed("functions", 37, "it ends too early"));
    assert_eq!(
        message(&with_sections(&[7, 13, 1, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
        malformed("functions", 26, "2 is neither 0 nor 1")
    );
    // A position before the beginning of the text.
    let mut program = Program { functions: vec![Function::default()], ..Program::default() };
    program.debug = Some(Default::default());
    let mut file = encode(&program, false);
    let end = file.len() - CHECKSUM;
    file.splice(end - 3..end, [4, 0, 1, 2, 0]);
    seal(&mut file);
    assert!(message(&file).ends_with("a position lies outside the source"), "{}", message(&file));
}

#[test]
fn a_section_of_a_later_biovm_may_be_ignorable() {
    assert_eq!(decode(&with_sections(&[0x80, 3, 1, 2, 3])), Ok(Program::default()));
    let file = with_sections(&[1, 3, 1, 1, b'a', 0xff, 0, 5, 3, 1, 1, b'b']);
    let expected =
        Program { names: vec!["a".to_owned()], globals: vec!["b".to_owned()], ..Program::default() };
    assert_eq!(decode(&file), Ok(expected));
}

#[test]
fn every_instruction_comes_back_with_extreme_operands() {
    let extremes = [0, 1, -1, 63, 64, -64, -65, 127, 128, 255, 32767, -32768, 65535, i32::MAX.into()];
    let mut code = Vec::new();
    for opcode in Opcode::ALL {
        let before = code.len();
        for first in 0..extremes.len() {
            // Each operand meets each extreme.
            let mut numbers = extremes.iter().cycle().skip(first).copied();
            code.extend(Instruction::from_operands(*opcode, || numbers.next()));
        }
        assert!(code.len() > before, "no extremes fit {}", opcode.name());
    }
    let program = Program { functions: vec![Function { code, ..Function::default() }], ..Program::default() };
    assert_eq!(decode(&encode(&program, false)), Ok(program));
}

#[test]
fn an_instruction_is_eight_bytes() {
    assert_eq!(size_of::<Instruction>(), 8);
}

#[test]
fn floats_keep_their_bits() {
    let bits = [f64::NAN.to_bits() | 1, (-0.0_f64).to_bits(), f64::NEG_INFINITY.to_bits()];
    let constants = bits.iter().map(|bits| Constant::Float(f64::from_bits(*bits))).collect();
    let program = decode(&encode(&Program { constants, ..Program::default() }, false));
    let constants = program.expect("it was just encoded").constants;
    for (constant, bits) in constants.iter().zip(bits) {
        assert!(matches!(constant, Constant::Float(value) if value.to_bits() == bits));
    }
}

#[test]
fn the_file_is_compact() {
    let file = encode(&sample(), true);
    assert!(file.starts_with(&MAGIC));
    assert!(file.len() < 340, "{} bytes", file.len());
}
