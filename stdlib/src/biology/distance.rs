//! How far two sequences are apart.

use super::arguments;
use super::distances;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter};
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "Sequences";

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("hamming_distance", hamming_distance)
        .section(SECTION)
        .parameters(&[required("a", TypeSet::SEQUENCE), required("b", TypeSet::SEQUENCE)])
        .returns(TypeSet::one(Type::Int))
        .doc("The number of positions where two sequences of the same length differ, in either case; N differs from every other letter.")
        .example("hamming_distance(dna\"ACGN\", dna\"ACGT\")", "1")
        .pure(),
    native("edit_distance", edit_distance)
        .section(SECTION)
        .parameters(&[required("a", TypeSet::SEQUENCE), required("b", TypeSet::SEQUENCE), options_parameter()])
        .options(&[option("max", TypeSet::NUMBER, "nil instead of a distance greater than this")])
        .returns(TypeSet::of(&[Type::Int, Type::Nil]))
        .doc("The least number of insertions, deletions and substitutions between two sequences, in either case.")
        .example("edit_distance(\"kitten\", \"sitting\")", "3")
        .pure(),
];

fn hamming_distance(call: &mut Call) -> Result<Value, Error> {
    let (left, right) = (arguments::residues(call, 0)?.text, arguments::residues(call, 1)?.text);
    if left.len() != right.len() {
        let message =
            format!("hamming_distance() requires equal lengths, got {} and {}", left.len(), right.len());
        return Err(
            Error::type_error(message).with_hint("edit_distance compares sequences of different lengths")
        );
    }
    Ok(distances::hamming(left, right).into())
}

fn edit_distance(call: &mut Call) -> Result<Value, Error> {
    let (left, right) = (arguments::sequence(call, 0)?, arguments::sequence(call, 1)?);
    let limit = arguments::size_option(call, "max")?.unwrap_or(usize::MAX);
    let distance = if left.text.is_ascii() && right.text.is_ascii() {
        distances::edit_within(&left.upper(), &right.upper(), limit)
    } else {
        let characters =
            |text: &[u8]| -> Vec<char> { String::from_utf8_lossy(text).to_lowercase().chars().collect() };
        distances::edit_within(&characters(left.text), &characters(right.text), limit)
    };
    Ok(distance.map_or(Value::Nil, Value::from))
}
