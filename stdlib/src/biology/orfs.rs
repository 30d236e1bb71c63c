//! Open reading frames.

use super::arguments;
use super::genetic_code::GeneticCode;
use super::letters;
use super::translation::{code_option, codons};
use biovm_bytecode::signature::Default;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter, with_default};
use biovm_vm::value::{Alphabet, Sequence};
use biovm_vm::{Call, Error, Native, Value, native, required};
use bytes::Bytes;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("find_orfs", find_orfs)
    .section("Sequences")
    .parameters(&[
        required("sequence", TypeSet::NUCLEOTIDES),
        with_default("min_length", TypeSet::NUMBER, Default::Int(100)),
        options_parameter(),
    ])
    .options(&[
        option("both", TypeSet::one(Type::Bool), "search the reverse strand too; positions stay those of the given strand"),
        option("table", TypeSet::NUMBER, "NCBI's number of the genetic code (default 1)"),
        option("partial", TypeSet::one(Type::Bool), "report frames that the end of the sequence cuts off, too"),
        option("starts", TypeSet::one(Type::List), "start codons (default [\"ATG\"])"),
    ])
    .returns(TypeSet::one(Type::List))
    .doc(
        "Open reading frames from start to stop codon, of at least min_length nucleotides with the stop; records of \
         start, end (0-based, half-open), length, frame (0 to 2), strand and protein (without the stop).",
    )
    .example("find_orfs(dna\"CATGAAATAA\", 6)[0].protein", "MK")
    .pure()];

/// An open reading frame on the strand that was searched.
struct Orf {
    start: usize,
    end: usize,
    frame: usize,
    protein: Vec<u8>,
}

fn find_orfs(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::nucleotides(call, 0)?;
    let min_length = call.size(1)?;
    let code = code_option(call)?;
    let partial = arguments::flag(call, "partial", false);
    let starts = start_codons(call)?;
    let text = argument.upper();
    let length = text.len();

    let mut found = Vec::new();
    for orf in search(&text, code, &starts, min_length, partial) {
        found.push(record(orf.start, orf.end, "+", &orf));
    }
    if arguments::flag(call, "both", false) {
        let opposite = letters::reverse_complement(&text, argument.is_rna());
        for orf in search(&opposite, code, &starts, min_length, partial) {
            found.push(record(length - orf.end, length - orf.start, "-", &orf));
        }
    }
    Ok(Value::list(found))
}

fn record(start: usize, end: usize, strand: &str, orf: &Orf) -> Value {
    let protein = Sequence::from_valid(Alphabet::Protein, Bytes::from(orf.protein.clone()));
    Value::record([
        ("start", start.into()),
        ("end", end.into()),
        ("length", (end - start).into()),
        ("frame", orf.frame.into()),
        ("strand", strand.into()),
        ("protein", Value::Sequence(protein)),
    ])
}

fn start_codons(call: &Call) -> Result<Vec<[u8; 3]>, Error> {
    let Some(Value::List(list)) = call.option("starts") else { return Ok(vec![*b"ATG"]) };
    list.iter()
        .map(|item| {
            let letters = match &item {
                Value::Sequence(sequence) => sequence.letters(),
                other => other.as_text().unwrap_or_default().as_bytes(),
            };
            match letters.to_ascii_uppercase().as_slice() {
                &[first, second, third] => Ok([first, second, third].map(as_dna)),
                _ => Err(Error::type_error(
                    "find_orfs() option 'starts' must be a list of codons such as \"ATG\"",
                )),
            }
        })
        .collect()
}

fn as_dna(letter: u8) -> u8 {
    if letter == b'U' { b'T' } else { letter }
}

/// The reading frames of one strand, by frame and position. A start inside of a frame does not open another one.
fn search(text: &[u8], code: &GeneticCode, starts: &[[u8; 3]], min_length: usize, partial: bool) -> Vec<Orf> {
    let mut found = Vec::new();
    for frame in 0..3.min(text.len()) {
        let mut open: Option<(usize, Vec<u8>)> = None;
        let mut position = frame;
        let mut close = |open: &mut Option<(usize, Vec<u8>)>, end: usize| {
            if let Some((start, protein)) = open.take()
                && end - start >= min_length
            {
                found.push(Orf { start, end, frame, protein });
            }
        };
        for codon in codons(&text[frame..]) {
            let amino_acid = code.amino_acid(codon);
            let end = position + 3;
            if amino_acid == b'*' {
                close(&mut open, end);
            } else if let Some((_, protein)) = &mut open {
                protein.push(amino_acid);
            } else if starts.contains(&codon.map(as_dna)) {
                open = Some((position, vec![amino_acid]));
            }
            position = end;
        }
        if partial {
            close(&mut open, position);
        }
    }
    found
}
