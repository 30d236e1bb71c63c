//! The builtins that read and write FASTQ.

use super::reader::FastqReader;
use super::writer;
use crate::files::input;
use crate::files::reads::{self, Mode, ReadOptions};
use biovm_bytecode::signature::OptionField;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, optional, options_parameter};
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "Files";
const PATH: TypeSet = TypeSet::one(Type::Str);
const OPTIONS: &[OptionField] = &[reads::ON_ERROR, reads::LIMIT, reads::AS];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("read_fastq", read_fastq)
        .section(SECTION)
        .parameters(&[required("path", PATH), options_parameter()])
        .options(OPTIONS)
        .returns(TypeSet::of(&[Type::Table, Type::List, Type::Stream]))
        .doc("All reads of a FASTQ file, plain, gzip or BGZF, as a table with the columns id, description, seq, length, quality (Phred+33 text). \"-\" reads standard input."),
    native("fastq", fastq)
        .section(SECTION)
        .parameters(&[required("path", PATH), options_parameter()])
        .options(OPTIONS)
        .returns(TypeSet::of(&[Type::Table, Type::List, Type::Stream]))
        .doc("The reads of a FASTQ file one after the other, in little memory: records of id, description, seq, length, quality (Phred+33 text)."),
    native("stream_fastq", stream_fastq)
        .section(SECTION)
        .parameters(&[required("path", PATH), optional("callback", TypeSet::one(Type::Function)), options_parameter()])
        .options(&[reads::ON_ERROR, reads::LIMIT])
        .returns(TypeSet::of(&[Type::Int, Type::Stream]))
        .doc("Calls the function with each read of a FASTQ file, in order, in little memory, and returns their number; without a function the same as fastq()."),
    native("write_fastq", writer::write_fastq)
        .section(SECTION)
        .parameters(&[required("reads", reads::READS), required("path", PATH), options_parameter()])
        .options(&[
            option("default_quality", TypeSet::NUMBER, "the Phred score, 0 to 93, of reads without quality; without this option they are an error"),
            reads::COMPRESS,
            reads::LEVEL,
        ])
        .returns(TypeSet::one(Type::Int))
        .doc("Writes records of id, seq, quality and perhaps description as FASTQ and returns their number. A path that ends in .gz or .bgz is written as BGZF."),
];

fn open(call: &Call) -> Result<(FastqReader, String), Error> {
    let path = call.text(0)?.to_owned();
    let options = ReadOptions::of(call)?;
    Ok((FastqReader::new(input::open(&call.context().gate, &path)?, options)?, path))
}

fn read_fastq(call: &mut Call) -> Result<Value, Error> {
    let (reader, _) = open(call)?;
    let mode = reads::result_option(call, Mode::Table)?;
    reads::open_as(call, "fastq", reader, mode)
}

fn fastq(call: &mut Call) -> Result<Value, Error> {
    let (reader, _) = open(call)?;
    let mode = reads::result_option(call, Mode::Stream)?;
    reads::open_as(call, "fastq", reader, mode)
}

fn stream_fastq(call: &mut Call) -> Result<Value, Error> {
    let (reader, path) = open(call)?;
    match call.take(1) {
        Value::Nil => reads::open_as(call, "fastq", reader, Mode::Stream),
        function => reads::callback(call, &path, reader, &function),
    }
}
