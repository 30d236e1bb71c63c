//! What a sequence consists of.

use super::arguments::{self, Kind};
use super::counting::{self, Ambiguous};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter};
use biovm_vm::value::Alphabet;
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "Sequences";

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("gc_content", gc_content)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::NUCLEOTIDES), options_parameter()])
        .options(&[
            option("ambiguous", TypeSet::one(Type::Str), "\"include\" every letter in the denominator (default), \"ignore\" codes that may be either, or \"weighted\": each code by the bases it stands for"),
            option("ignore_n", TypeSet::one(Type::Bool), "count A, C, G, T and U only"),
        ])
        .returns(TypeSet::one(Type::Float))
        .doc("The share of G and C among all letters, 0.0 to 1.0; N counts in the denominator; 0.0 of an empty sequence.")
        .example("gc_content(dna\"ATGC\")", "0.5")
        .pure(),
    native("base_counts", base_counts)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::NUCLEOTIDES)])
        .returns(TypeSet::one(Type::Record))
        .doc("The numbers of A, C, G, T (or U) and N, the GC share, and the total with all other codes.")
        .example("base_counts(dna\"AACGTN\").A", "2")
        .pure(),
    native("aa_counts", aa_counts)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::of(&[Type::Protein, Type::Str]))])
        .returns(TypeSet::one(Type::Record))
        .doc("The number of each residue that occurs, in alphabetical order, and the total.")
        .example("aa_counts(protein\"MKKT\").K", "2")
        .pure(),
];

fn gc_content(call: &mut Call) -> Result<Value, Error> {
    let letters = arguments::nucleotides(call, 0)?;
    let ambiguous = if call.is_nil(1) { Ambiguous::Include } else { ambiguous_option(call)? };
    Ok(Value::Float(counting::gc_content(letters.text, ambiguous)))
}

fn ambiguous_option(call: &Call) -> Result<Ambiguous, Error> {
    let choices =
        [("include", Ambiguous::Include), ("ignore", Ambiguous::Ignore), ("weighted", Ambiguous::Weighted)];
    let ignore_n = arguments::flag(call, "ignore_n", false);
    match (ignore_n, call.option("ambiguous")) {
        (true, Some(_)) => Err(Error::type_error("gc_content() takes 'ambiguous' or 'ignore_n', not both")),
        (true, None) => Ok(Ambiguous::BasesOnly),
        _ => arguments::choice(call, "ambiguous", &choices, Ambiguous::Include),
    }
}

fn base_counts(call: &mut Call) -> Result<Value, Error> {
    if call.argument(0).type_of() == Type::Protein {
        let error = call.wrong_argument(0, &TypeSet::NUCLEOTIDES.to_string());
        return Err(error.with_hint("aa_counts counts the residues of a protein"));
    }
    let letters = arguments::nucleotides(call, 0)?;
    let count = |letter| Value::from(counting::count_letter(letters.text, letter));
    let (name, letter) = if letters.is_rna() { ("U", b'U') } else { ("T", b'T') };
    Ok(Value::record([
        ("A", count(b'A')),
        ("C", count(b'C')),
        ("G", count(b'G')),
        (name, count(letter)),
        ("N", count(b'N')),
        ("GC", Value::Float(counting::gc_content(letters.text, Ambiguous::Include))),
        ("total", letters.text.len().into()),
    ]))
}

fn aa_counts(call: &mut Call) -> Result<Value, Error> {
    let letters = arguments::sequence(call, 0)?;
    if letters.kind == Kind::Text {
        super::constructors::parse(letters.text, Alphabet::Protein)?;
    }
    let counts = counting::histogram(&letters.upper());
    let mut name = [0u8; 4];
    let mut entries: Vec<(String, Value)> = Vec::new();
    for letter in 0..=127u8 {
        let count = counts[usize::from(letter)];
        if count > 0 {
            entries.push((char::from(letter).encode_utf8(&mut name).to_owned(), count.into()));
        }
    }
    entries.push(("total".to_owned(), letters.text.len().into()));
    Ok(Value::record(entries.iter().map(|(name, count)| (name.as_str(), count.clone()))))
}
