//! Making sequences and asking what they are.

use super::arguments;
use super::letters;
use biovm_bytecode::signature::Default;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::with_default;
use biovm_vm::value::{Alphabet, Sequence};
use biovm_vm::{Call, Error, Native, Value, native, required};
use bytes::Bytes;

const SECTION: &str = "Sequences";
const PROTEIN_OR_TEXT: TypeSet = TypeSet::of(&[Type::Protein, Type::Str]);

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("dna", dna)
        .section(SECTION)
        .parameters(&[required("letters", TypeSet::NUCLEOTIDES)])
        .returns(TypeSet::one(Type::Dna))
        .doc("DNA from text in either case, with all IUPAC codes; from RNA by replacing U with T.")
        .example("dna(\"acgtn\")", "ACGTN")
        .pure(),
    native("rna", rna)
        .section(SECTION)
        .parameters(&[required("letters", TypeSet::NUCLEOTIDES)])
        .returns(TypeSet::one(Type::Rna))
        .doc("RNA from text in either case, with all IUPAC codes; from DNA by replacing T with U.")
        .example("rna(dna\"ACGT\")", "ACGU")
        .pure(),
    native("protein", protein)
        .section(SECTION)
        .parameters(&[required("letters", PROTEIN_OR_TEXT)])
        .returns(TypeSet::one(Type::Protein))
        .doc("Protein from text in either case: one-letter amino acids, X B Z J U O, and * for a stop.")
        .example("protein(\"mktl\")", "MKTL")
        .pure(),
    native("seq_len", seq_len)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::SEQUENCE)])
        .returns(TypeSet::one(Type::Int))
        .doc("The number of letters of a sequence or text.")
        .example("seq_len(dna\"ACGT\")", "4")
        .pure(),
    native("is_dna", is_dna)
        .section(SECTION)
        .parameters(&[required("x", TypeSet::ANY)])
        .returns(TypeSet::one(Type::Bool))
        .doc("Whether the value is of type DNA. For the letters of a text see validate_seq.")
        .example("is_dna(dna\"ACGT\")", "true")
        .pure(),
    native("is_rna", is_rna)
        .section(SECTION)
        .parameters(&[required("x", TypeSet::ANY)])
        .returns(TypeSet::one(Type::Bool))
        .doc("Whether the value is of type RNA. For the letters of a text see validate_seq.")
        .example("is_rna(\"ACGU\")", "false")
        .pure(),
    native("is_protein", is_protein)
        .section(SECTION)
        .parameters(&[required("x", TypeSet::ANY)])
        .returns(TypeSet::one(Type::Bool))
        .doc("Whether the value is of type Protein. For the letters of a text see validate_seq.")
        .example("is_protein(protein\"MKT\")", "true")
        .pure(),
    native("is_quality", is_quality)
        .section(SECTION)
        .parameters(&[required("x", TypeSet::ANY)])
        .returns(TypeSet::one(Type::Bool))
        .doc("Whether the value is of type Quality.")
        .example("is_quality(qual\"II5\")", "true")
        .pure(),
    native("validate_seq", validate_seq)
        .section(SECTION)
        .parameters(&[
            required("sequence", TypeSet::SEQUENCE),
            with_default("alphabet", TypeSet::one(Type::Str), Default::Text("auto")),
        ])
        .returns(TypeSet::one(Type::Bool))
        .doc(
            "Whether all letters belong to an alphabet: \"dna\", \"rna\", \"protein\", \"dna_strict\" (A C G T), or \
             \"auto\": that of the sequence, for text DNA or RNA.",
        )
        .example("validate_seq(\"ACGX\")", "false")
        .pure(),
];

fn dna(call: &mut Call) -> Result<Value, Error> {
    construct(call, Alphabet::Dna)
}

fn rna(call: &mut Call) -> Result<Value, Error> {
    construct(call, Alphabet::Rna)
}

fn protein(call: &mut Call) -> Result<Value, Error> {
    construct(call, Alphabet::Protein)
}

fn construct(call: &mut Call, alphabet: Alphabet) -> Result<Value, Error> {
    let argument = call.argument(0);
    let sequence = match argument {
        Value::Sequence(sequence) if sequence.alphabet() == alphabet => return Ok(argument.clone()),
        Value::Sequence(sequence) => convert(sequence, alphabet),
        _ => parse(call.text(0)?.as_bytes(), alphabet)?,
    };
    Ok(Value::Sequence(sequence))
}

/// DNA as RNA and the other way round.
pub fn convert(sequence: &Sequence, alphabet: Alphabet) -> Sequence {
    let (from, to) = if alphabet == Alphabet::Rna { (b'T', b'U') } else { (b'U', b'T') };
    let letters: Vec<u8> =
        sequence.letters().iter().map(|&letter| if letter == from { to } else { letter }).collect();
    Sequence::from_valid(alphabet, Bytes::from(letters))
}

/// A sequence from text, or a `TypeError` that names the first foreign letter and its position.
pub fn parse(text: &[u8], alphabet: Alphabet) -> Result<Sequence, Error> {
    if letters::is_plain(alphabet, text) {
        return Ok(Sequence::from_valid(alphabet, Bytes::copy_from_slice(text)));
    }
    Sequence::parse(alphabet, text).map_err(|(position, letter)| {
        let name = alphabet.type_of();
        let error = Error::type_error(format!("{letter:?} at position {position} is not a {name} letter"));
        match (alphabet, letter) {
            (Alphabet::Dna, 'U' | 'u') => error.with_hint("dna(rna(text)) replaces U with T"),
            (Alphabet::Rna, 'T' | 't') => error.with_hint("rna(dna(text)) replaces T with U"),
            _ => error,
        }
    })
}

fn seq_len(call: &mut Call) -> Result<Value, Error> {
    Ok(match call.argument(0) {
        Value::Str(text) => text.char_count().into(),
        _ => arguments::sequence(call, 0)?.text.len().into(),
    })
}

fn is_dna(call: &mut Call) -> Result<Value, Error> {
    Ok((call.argument(0).type_of() == Type::Dna).into())
}

fn is_rna(call: &mut Call) -> Result<Value, Error> {
    Ok((call.argument(0).type_of() == Type::Rna).into())
}

fn is_protein(call: &mut Call) -> Result<Value, Error> {
    Ok((call.argument(0).type_of() == Type::Protein).into())
}

fn is_quality(call: &mut Call) -> Result<Value, Error> {
    Ok((call.argument(0).type_of() == Type::Quality).into())
}

fn validate_seq(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::sequence(call, 0)?;
    let all_of = |alphabet| letters::all_of(alphabet, argument.text);
    let valid = match call.text(1)? {
        "dna" => all_of(Alphabet::Dna),
        "rna" => all_of(Alphabet::Rna),
        "protein" => all_of(Alphabet::Protein),
        "dna_strict" => argument
            .text
            .iter()
            .all(|letter| matches!(letter.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T')),
        "auto" => match argument.kind {
            arguments::Kind::Sequence(alphabet) => all_of(alphabet),
            arguments::Kind::Text => all_of(Alphabet::Dna) || all_of(Alphabet::Rna),
        },
        other => {
            return Err(Error::type_error(format!("validate_seq() knows no alphabet {other:?}"))
                .with_hint("its alphabets are dna, rna, protein, dna_strict, auto"));
        }
    };
    Ok(valid.into())
}
