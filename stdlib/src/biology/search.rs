//! Parts of sequences, and where they are.

use super::arguments::{self, Kind};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::optional;
use biovm_vm::{Call, Error, ErrorKind, Native, Value, native, required};

const SECTION: &str = "Sequences";

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("subseq", subseq)
        .section(SECTION)
        .parameters(&[
            required("sequence", TypeSet::SEQUENCE),
            required("start", TypeSet::NUMBER),
            optional("end", TypeSet::NUMBER),
        ])
        .returns(TypeSet::SEQUENCE)
        .doc("The letters from start up to but excluding end (0-based); to the end of the sequence where it is left out. Positions outside are an error.")
        .example("subseq(dna\"ACGTACGT\", 2, 5)", "GTA")
        .pure(),
    native("find_motif", find_motif)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::SEQUENCE), required("motif", TypeSet::SEQUENCE)])
        .returns(TypeSet::one(Type::List))
        .doc("The positions (0-based) where the motif starts, letter by letter in either case; matches may overlap.")
        .example("find_motif(dna\"AAAA\", dna\"AA\")", "[0, 1, 2]")
        .pure(),
];

fn subseq(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::residues(call, 0)?;
    let length = argument.text.len();
    let start = call.integer(1)?;
    let end = if call.is_nil(2) { length as i64 } else { call.integer(2)? };
    let inside = |position: i64| usize::try_from(position).ok().filter(|position| *position <= length);
    let first = inside(start).ok_or_else(|| Error::index_error(start, length))?;
    let last = inside(end).ok_or_else(|| Error::index_error(end, length))?;
    if first > last {
        let message = format!("subseq() requires start <= end, got {start} and {end}");
        return Err(Error::new(ErrorKind::IndexOutOfBounds, message));
    }
    Ok(match (argument.kind, call.argument(0)) {
        (Kind::Sequence(_), Value::Sequence(sequence)) => Value::Sequence(sequence.window(first..last)),
        _ => Value::text(String::from_utf8_lossy(&argument.text[first..last]).into_owned()),
    })
}

fn find_motif(call: &mut Call) -> Result<Value, Error> {
    let text = arguments::residues(call, 0)?;
    let motif = arguments::residues(call, 1)?;
    let positions = overlapping_matches(&text.upper(), &motif.upper());
    Ok(Value::list(positions.into_iter().map(Value::from).collect()))
}

/// All positions where the motif occurs.
fn overlapping_matches(text: &[u8], motif: &[u8]) -> Vec<usize> {
    if motif.is_empty() {
        return Vec::new();
    }
    let finder = memchr::memmem::Finder::new(motif);
    let mut positions = Vec::new();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| finder.find(rest)) {
        positions.push(from + found);
        from += found + 1;
    }
    positions
}
