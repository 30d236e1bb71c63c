//! Complements, and between DNA and RNA.

use super::arguments::{self, Kind};
use super::{constructors, letters};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::value::Alphabet;
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "Sequences";

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("complement", complement)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::NUCLEOTIDES)])
        .returns(TypeSet::NUCLEOTIDES)
        .doc("The complement of each letter, in the same order; of every IUPAC code.")
        .example("complement(dna\"ATGCR\")", "TACGY")
        .pure(),
    native("reverse_complement", reverse_complement)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::NUCLEOTIDES)])
        .returns(TypeSet::NUCLEOTIDES)
        .doc("The opposite strand, read 5' to 3'; of every IUPAC code.")
        .example("reverse_complement(dna\"ATGC\")", "GCAT")
        .pure(),
    native("transcribe", transcribe)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::of(&[Type::Dna, Type::Str]))])
        .returns(TypeSet::one(Type::Rna))
        .doc("The RNA of a coding strand: T becomes U.")
        .example("transcribe(dna\"ATGC\")", "AUGC")
        .pure(),
    native("back_transcribe", back_transcribe)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::of(&[Type::Rna, Type::Str]))])
        .returns(TypeSet::one(Type::Dna))
        .doc("The DNA of an RNA: U becomes T.")
        .example("back_transcribe(rna\"AUGC\")", "ATGC")
        .pure(),
];

fn complement(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::nucleotides(call, 0)?;
    Ok(argument.kind.value(letters::complement(argument.text, argument.is_rna())))
}

fn reverse_complement(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::nucleotides(call, 0)?;
    Ok(argument.kind.value(letters::reverse_complement(argument.text, argument.is_rna())))
}

fn transcribe(call: &mut Call) -> Result<Value, Error> {
    between(call, Alphabet::Dna, Alphabet::Rna)
}

fn back_transcribe(call: &mut Call) -> Result<Value, Error> {
    between(call, Alphabet::Rna, Alphabet::Dna)
}

fn between(call: &mut Call, from: Alphabet, to: Alphabet) -> Result<Value, Error> {
    let argument = arguments::sequence(call, 0)?;
    let sequence = match (argument.kind, call.argument(0)) {
        (Kind::Sequence(alphabet), Value::Sequence(sequence)) if alphabet == from => {
            constructors::convert(sequence, to)
        }
        (Kind::Text, _) => constructors::convert(&constructors::parse(argument.text, from)?, to),
        _ => return Err(call.wrong_argument(0, from.type_of().name())),
    };
    Ok(Value::Sequence(sequence))
}
