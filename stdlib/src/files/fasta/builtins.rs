//! The builtins that read and write FASTA.

use super::alphabet::AlphabetChoice;
use super::reader::{ALPHABETS, FastaReader};
use super::writer;
use crate::biology::arguments;
use crate::files::input;
use crate::files::reads::{self, Mode, ReadOptions};
use biovm_bytecode::signature::OptionField;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, optional, options_parameter};
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "Files";
const PATH: TypeSet = TypeSet::one(Type::Str);
const ALPHABET: OptionField = option(
    "alphabet",
    TypeSet::one(Type::Str),
    "\"auto\" by the first letters of the file (default), \"dna\", \"rna\", \"protein\", or \"text\" for letters of any kind",
);
const OPTIONS: &[OptionField] = &[ALPHABET, reads::ON_ERROR, reads::LIMIT, reads::AS];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("read_fasta", read_fasta)
        .section(SECTION)
        .parameters(&[required("path", PATH), options_parameter()])
        .options(OPTIONS)
        .returns(TypeSet::of(&[Type::Table, Type::List, Type::Stream]))
        .doc("All sequences of a FASTA file, plain or compressed (gzip, BGZF, zstd, bzip2, xz), as a table with the columns id, description, seq, length. \"-\" reads standard input."),
    native("fasta", fasta)
        .section(SECTION)
        .parameters(&[required("path", PATH), options_parameter()])
        .options(OPTIONS)
        .returns(TypeSet::of(&[Type::Table, Type::List, Type::Stream]))
        .doc("The sequences of a FASTA file one after the other: records of id, description, seq, length. Memory holds a few of them, each whole."),
    native("stream_fasta", stream_fasta)
        .section(SECTION)
        .parameters(&[required("path", PATH), optional("callback", TypeSet::one(Type::Function)), options_parameter()])
        .options(&[ALPHABET, reads::ON_ERROR, reads::LIMIT])
        .returns(TypeSet::of(&[Type::Int, Type::Stream]))
        .doc("Calls the function with each sequence of a FASTA file, in order, and returns their number; without a function the same as fasta()."),
    native("write_fasta", writer::write_fasta)
        .section(SECTION)
        .parameters(&[required("sequences", reads::READS), required("path", PATH), options_parameter()])
        .options(&[
            option("width", TypeSet::NUMBER, "letters a line (default 80); 0 for one line"),
            reads::COMPRESS,
            reads::LEVEL,
        ])
        .returns(TypeSet::one(Type::Int))
        .doc("Writes records of id, seq and perhaps description as FASTA and returns their number. A path that ends in .gz or .bgz is written as BGZF, .zst as zstd; \"-\" is standard output."),
];

fn open(call: &Call) -> Result<(FastaReader, String), Error> {
    let path = call.text(0)?.to_owned();
    let options = ReadOptions::of(call)?;
    let alphabet = arguments::choice(call, "alphabet", &ALPHABETS, AlphabetChoice::Auto)?;
    let reader = input::open(call, &path, move |input| FastaReader::new(input, alphabet, options))?;
    Ok((reader, input::shown(&path)))
}

fn read_fasta(call: &mut Call) -> Result<Value, Error> {
    let (reader, path) = open(call)?;
    let mode = reads::result_option(call, Mode::Table)?;
    reads::open_as(call, "fasta", &path, reader, mode)
}

fn fasta(call: &mut Call) -> Result<Value, Error> {
    let (reader, path) = open(call)?;
    let mode = reads::result_option(call, Mode::Stream)?;
    reads::open_as(call, "fasta", &path, reader, mode)
}

fn stream_fasta(call: &mut Call) -> Result<Value, Error> {
    let (reader, path) = open(call)?;
    match call.take(1) {
        Value::Nil => reads::open_as(call, "fasta", &path, reader, Mode::Stream),
        function => reads::callback(call, &path, reader, &function),
    }
}
