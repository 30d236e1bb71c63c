//! From nucleotides to proteins.

use super::arguments::{self, Letters};
use super::genetic_code::GeneticCode;
use super::letters;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter};
use biovm_vm::value::{Alphabet, Sequence};
use biovm_vm::{Call, Error, Native, Value, native, required};
use bytes::Bytes;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

const SECTION: &str = "Sequences";

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("translate", translate)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::NUCLEOTIDES), options_parameter()])
        .options(&[
            option("to_stop", TypeSet::one(Type::Bool), "end before the first stop codon (default true); otherwise a stop is *"),
            option("table", TypeSet::NUMBER, "NCBI's number of the genetic code (default 1, the standard code)"),
            option("frame", TypeSet::NUMBER, "the position of the first codon: 0, 1 or 2 (default 0)"),
            option("strand", TypeSet::one(Type::Str), "\"+\" (default) or \"-\" for the reverse complement"),
            option("start", TypeSet::one(Type::Str), "\"any\" codon first (default), or \"atg\": from the first ATG in the frame on"),
        ])
        .returns(TypeSet::one(Type::Protein))
        .doc("The protein up to the first stop codon, which is left out; one or two letters left at the end are ignored.")
        .example("translate(dna\"ATGAAATAA\")", "MK")
        .pure(),
    native("codon_usage", codon_usage)
        .section(SECTION)
        .parameters(&[required("sequence", TypeSet::NUCLEOTIDES), options_parameter()])
        .options(&[option(
            "relative",
            TypeSet::one(Type::Bool),
            "for each codon a record of count, frequency, per_thousand and rscu",
        )])
        .returns(TypeSet::one(Type::Record))
        .doc("How often each codon occurs from position 0 on, in the order of appearance.")
        .example("codon_usage(dna\"ATGAAAATG\").ATG", "2")
        .pure(),
];

/// The genetic code that the option `table` names.
pub fn code_option(call: &Call) -> Result<&'static GeneticCode, Error> {
    let number = arguments::size_option(call, "table")?.unwrap_or(1);
    GeneticCode::numbered(number).ok_or_else(|| {
        let known: Vec<_> = GeneticCode::numbers().map(|number| number.to_string()).collect();
        Error::value_error(format!("{}() knows no genetic code {number}", call.name()))
            .with_hint(format!("NCBI's tables are {}", known.join(", ")))
    })
}

/// Whole codons from the start of the letters.
pub fn codons(letters: &[u8]) -> impl Iterator<Item = [u8; 3]> + '_ {
    letters.as_chunks::<3>().0.iter().copied()
}

fn translate(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::nucleotides(call, 0)?;
    let code = code_option(call)?;
    let to_stop = arguments::flag(call, "to_stop", true);
    let frame = arguments::size_option(call, "frame")?.unwrap_or(0);
    if frame > 2 {
        return Err(Error::value_error(format!("translate() option 'frame' must be 0, 1 or 2, got {frame}")));
    }
    let reverse = arguments::choice(call, "strand", &[("+", false), ("-", true)], false)?;
    let from_start = arguments::choice(call, "start", &[("any", false), ("atg", true)], false)?;

    let opposite;
    let text = if reverse {
        opposite = letters::reverse_complement(argument.text, argument.is_rna());
        opposite.as_slice()
    } else {
        argument.text
    };
    let is_start = |codon: &[u8; 3]| {
        matches!(codon.map(|letter| letter.to_ascii_uppercase()), [b'A', b'T' | b'U', b'G'])
    };
    let protein: Vec<u8> = codons(text.get(frame..).unwrap_or_default())
        .skip_while(|codon| from_start && !is_start(codon))
        .map(|codon| code.amino_acid(codon))
        .take_while(|&amino_acid| !to_stop || amino_acid != b'*')
        .collect();
    Ok(Value::Sequence(Sequence::from_valid(Alphabet::Protein, Bytes::from(protein))))
}

fn codon_usage(call: &mut Call) -> Result<Value, Error> {
    let argument: Letters = arguments::nucleotides(call, 0)?;
    let text = argument.upper();
    let mut counts: IndexMap<[u8; 3], usize, FxBuildHasher> = IndexMap::default();
    for codon in codons(&text) {
        *counts.entry(codon).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    let relative = arguments::flag(call, "relative", false);
    let code = GeneticCode::numbered(1);
    let amino_acid = |codon: [u8; 3]| code.map_or(b'X', |code| code.amino_acid(codon));
    let entries: Vec<(String, Value)> = counts
        .iter()
        .map(|(&codon, &count)| {
            let name = codon.iter().copied().map(char::from).collect();
            if !relative {
                return (name, count.into());
            }
            // Against the mean of the codons of the same amino acid, used or not.
            let own = amino_acid(codon);
            let family: usize =
                counts.iter().filter(|(other, _)| amino_acid(**other) == own).map(|(_, count)| count).sum();
            let synonyms = all_codons().filter(|other| amino_acid(*other) == own).count().max(1);
            let frequency = count as f64 / total as f64;
            let usage = Value::record([
                ("count", count.into()),
                ("frequency", frequency.into()),
                ("per_thousand", (frequency * 1000.0).into()),
                ("rscu", (count as f64 * synonyms as f64 / family as f64).into()),
            ]);
            (name, usage)
        })
        .collect();
    Ok(Value::record(entries.iter().map(|(name, value)| (name.as_str(), value.clone()))))
}

fn all_codons() -> impl Iterator<Item = [u8; 3]> {
    (0..64).map(|index: usize| [index >> 4, index >> 2, index].map(|base| b"TCAG"[base & 3]))
}
