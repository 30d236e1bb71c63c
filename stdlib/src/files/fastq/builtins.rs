//! The builtins that read and write FASTQ.

use super::pairs::PairReader;
use super::reader::FastqReader;
use super::writer;
use crate::biology::arguments;
use crate::files::input;
use crate::files::reads::{self, Mode, PairStream, ReadOptions};
use crate::general::common::callback::check_arity;
use crate::general::common::walk::into_list;
use biovm_bytecode::signature::OptionField;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, optional, options_parameter};
use biovm_vm::stream::Stream;
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "Files";
const PATH: TypeSet = TypeSet::one(Type::Str);
const OPTIONS: &[OptionField] = &[reads::ON_ERROR, reads::LIMIT, reads::AS];
const PAIR: OptionField =
    option("pair", PATH, "the file of the mates: records are then {r1, r2}, whose names must match");
const INTERLEAVED: OptionField = option(
    "interleaved",
    TypeSet::one(Type::Bool),
    "each read is followed by its mate: records are then {r1, r2}",
);

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("read_fastq", read_fastq)
        .section(SECTION)
        .parameters(&[required("path", PATH), options_parameter()])
        .options(OPTIONS)
        .returns(TypeSet::of(&[Type::Table, Type::List, Type::Stream]))
        .doc("All reads of a FASTQ file, plain or compressed (gzip, BGZF, zstd, bzip2, xz), as a table with the columns id, description, seq, length, quality (Phred+33 text). \"-\" reads standard input."),
    native("fastq", fastq)
        .section(SECTION)
        .parameters(&[required("path", PATH), options_parameter()])
        .options(&[reads::ON_ERROR, reads::LIMIT, reads::AS, PAIR, INTERLEAVED])
        .returns(TypeSet::of(&[Type::Table, Type::List, Type::Stream]))
        .doc("The reads of a FASTQ file one after the other, in little memory: records of id, description, seq, length, quality (Phred+33 text)."),
    native("stream_fastq", stream_fastq)
        .section(SECTION)
        .parameters(&[required("path", PATH), optional("callback", TypeSet::one(Type::Function)), options_parameter()])
        .options(&[reads::ON_ERROR, reads::LIMIT, PAIR, INTERLEAVED])
        .returns(TypeSet::of(&[Type::Int, Type::Stream]))
        .doc("Calls the function with each read of a FASTQ file, in order, in little memory, and returns their number; without a function the same as fastq()."),
    native("stream_fastq_pairs", stream_fastq_pairs)
        .section(SECTION)
        .parameters(&[required("path1", PATH), required("path2", PATH), optional("callback", TypeSet::one(Type::Function)), options_parameter()])
        .options(&[reads::ON_ERROR, reads::LIMIT])
        .returns(TypeSet::of(&[Type::Int, Type::Stream]))
        .doc("Calls the function with both reads of each pair of two FASTQ files, in order, and returns the number of pairs; a function of one parameter gets {r1, r2}; without a function a Stream of {r1, r2}. Mates have the same name, apart from /1 and /2."),
    native("write_fastq", writer::write_fastq)
        .section(SECTION)
        .parameters(&[required("reads", reads::READS), required("path", PATH), options_parameter()])
        .options(&[
            option("default_quality", TypeSet::NUMBER, "the Phred score, 0 to 93, of reads without quality; without this option they are an error"),
            reads::COMPRESS,
            reads::LEVEL,
        ])
        .returns(TypeSet::one(Type::Int))
        .doc("Writes records of id, seq, quality and perhaps description as FASTQ and returns their number. A path that ends in .gz or .bgz is written as BGZF, .zst as zstd; \"-\" is standard output."),
];

fn open(call: &Call) -> Result<(FastqReader, String), Error> {
    let path = call.text(0)?.to_owned();
    let options = ReadOptions::of(call)?;
    Ok((reader(call, &path, options)?, input::shown(&path)))
}

fn reader(call: &Call, path: &str, options: ReadOptions) -> Result<FastqReader, Error> {
    input::open(call, path, move |input| FastqReader::new(input, options))
}

fn read_fastq(call: &mut Call) -> Result<Value, Error> {
    let (reader, path) = open(call)?;
    let mode = reads::result_option(call, Mode::Table)?;
    reads::open_as(call, "fastq", &path, reader, mode)
}

fn fastq(call: &mut Call) -> Result<Value, Error> {
    let mode = reads::result_option(call, Mode::Stream)?;
    match pairs(call)? {
        None => {
            let (reader, path) = open(call)?;
            reads::open_as(call, "fastq", &path, reader, mode)
        }
        Some((reader, name)) => {
            let stream = Stream::value("fastq pairs", PairStream::start(call.machine(), &name, reader)?);
            match mode {
                Mode::Stream => Ok(stream),
                Mode::List => into_list(call.machine(), stream).map(Value::List),
                Mode::Table => Err(Error::value_error("fastq() cannot make a table of pairs")
                    .with_hint("{as: \"list\"} gives a list of {r1, r2}")),
            }
        }
    }
}

fn stream_fastq(call: &mut Call) -> Result<Value, Error> {
    if let Some((reader, name)) = pairs(call)? {
        return stream_pairs(call, 1, &name, reader);
    }
    let (reader, path) = open(call)?;
    match call.take(1) {
        Value::Nil => reads::open_as(call, "fastq", &path, reader, Mode::Stream),
        function => reads::callback(call, &path, reader, &function),
    }
}

fn stream_fastq_pairs(call: &mut Call) -> Result<Value, Error> {
    let (reader, name) = open_two(call, call.text(1)?)?;
    stream_pairs(call, 2, &name, reader)
}

/// Calls the function in that place with each pair, or gives the pairs as a stream.
fn stream_pairs(call: &mut Call, callback: usize, name: &str, reader: PairReader) -> Result<Value, Error> {
    let function = call.take(callback);
    if matches!(function, Value::Nil) {
        return Ok(Stream::value("fastq pairs", PairStream::start(call.machine(), name, reader)?));
    }
    // A function that takes one argument only gets {r1, r2}.
    let as_one = call.machine().arity(&function).is_some_and(|(_, most)| most == Some(1));
    check_arity(call, &function, if as_one { 1 } else { 2 })?;
    let count = reads::for_each_pair(call.machine(), name, reader, &function, as_one)?;
    Ok(Value::Int(count as i64))
}

/// The reader of pairs that the options ask for, and the name of its files.
fn pairs(call: &Call) -> Result<Option<(PairReader, String)>, Error> {
    let interleaved = arguments::flag(call, "interleaved", false);
    let second = call.option("pair").and_then(Value::as_text);
    match (second, interleaved) {
        (None, false) => Ok(None),
        (None, true) => {
            let (options, path) = (ReadOptions::of(call)?, call.text(0)?.to_owned());
            let first = reader(call, &path, unlimited(options))?;
            Ok(Some((PairReader::new(first, None, options), input::shown(&path))))
        }
        (Some(second), false) => open_two(call, second).map(Some),
        (Some(_), true) => {
            Err(Error::value_error(format!("{}() takes 'pair' or 'interleaved', not both", call.name())))
        }
    }
}

fn open_two(call: &Call, second: &str) -> Result<(PairReader, String), Error> {
    let (options, path) = (ReadOptions::of(call)?, call.text(0)?.to_owned());
    if path == "-" && second == "-" {
        return Err(Error::value_error(format!(
            "{}() cannot read both files of a pair from standard input",
            call.name()
        ))
        .with_hint("the option 'interleaved' reads pairs from one file"));
    }
    let open = |path: &str| reader(call, path, unlimited(options));
    let (first, mates) = (open(&path)?, open(second)?);
    let name = format!("{} and {}", input::shown(&path), input::shown(second));
    Ok((PairReader::new(first, Some(mates), options), name))
}

/// The limit counts pairs, so the readers of the files have none.
fn unlimited(options: ReadOptions) -> ReadOptions {
    ReadOptions { limit: None, ..options }
}
