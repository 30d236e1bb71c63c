//! Reading files of a test without a machine.

#![allow(dead_code, reason = "each test uses a part of it")]

use biovm_stdlib::files::fasta::{AlphabetChoice, FastaReader};
use biovm_stdlib::files::fastq::FastqReader;
use biovm_stdlib::files::input::Input;
use biovm_stdlib::files::reads::{Batch, BatchBuilder, OnError, ReadAhead, ReadOptions, ReadTable, Source};
use biovm_vm::Error;
use std::io::{Cursor, Write};

/// A read with its own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub id: String,
    pub description: String,
    pub sequence: String,
    pub quality: String,
}

/// A read without description.
pub fn read(id: &str, sequence: &str, quality: &str) -> Read {
    Read { id: id.into(), description: String::new(), sequence: sequence.into(), quality: quality.into() }
}

/// What a reader gave before it ended, how it ended, and its summary.
#[derive(Debug)]
pub struct Outcome {
    pub reads: Vec<Read>,
    pub error: Option<Error>,
    pub summary: Vec<String>,
}

impl Outcome {
    /// The reads of a file that has no faults.
    pub fn complete(self) -> Vec<Read> {
        if let Some(error) = self.error {
            panic!("{error}");
        }
        assert_eq!(self.summary, Vec::<String>::new());
        self.reads
    }

    pub fn message(&self) -> String {
        self.error.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

pub fn input(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input::new(name, Box::new(Cursor::new(bytes.into())), false).unwrap()
}

pub fn options(on_error: OnError) -> ReadOptions {
    ReadOptions { on_error, limit: None }
}

/// Reads a source to its end on this thread.
pub fn drain(source: Result<impl Source, Error>) -> Outcome {
    let mut outcome = Outcome { reads: Vec::new(), error: None, summary: Vec::new() };
    let mut source = match source {
        Ok(source) => source,
        Err(error) => return Outcome { error: Some(error), ..outcome },
    };
    loop {
        let mut builder = BatchBuilder::default();
        let result = source.fill(&mut builder);
        let batch = builder.finish(source.letters(), source.has_quality());
        collect(&batch, &mut outcome.reads);
        match result {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                outcome.error = Some(error);
                break;
            }
        }
    }
    outcome.summary = source.summary();
    outcome
}

fn collect(batch: &Batch, reads: &mut Vec<Read>) {
    for position in 0..batch.len() {
        let view = batch.get(position).unwrap();
        reads.push(Read {
            id: view.id.to_owned(),
            description: view.description.to_owned(),
            sequence: String::from_utf8(view.sequence.to_vec()).unwrap(),
            quality: view.quality.to_owned(),
        });
    }
}

pub fn fastq(bytes: impl Into<Vec<u8>>) -> Outcome {
    fastq_with(bytes, OnError::Raise)
}

pub fn fastq_with(bytes: impl Into<Vec<u8>>, on_error: OnError) -> Outcome {
    drain(FastqReader::new(input("reads.fq", bytes), options(on_error)))
}

pub fn fasta(bytes: impl Into<Vec<u8>>) -> Outcome {
    fasta_with(bytes, AlphabetChoice::Auto, OnError::Raise)
}

pub fn fasta_with(bytes: impl Into<Vec<u8>>, alphabet: AlphabetChoice, on_error: OnError) -> Outcome {
    drain(FastaReader::new(input("seqs.fa", bytes), alphabet, options(on_error)))
}

/// All reads of a source, through the reading thread.
pub fn table(source: impl Source) -> Result<ReadTable, Error> {
    let has_quality = source.has_quality();
    let mut ahead = ReadAhead::start(source)?;
    let mut batches = Vec::new();
    while let Some(batch) = ahead.next(|| Ok(()))? {
        batches.push(batch);
    }
    Ok(ReadTable::new(batches, has_quality))
}

/// A file of the examples.
pub fn example(name: &str) -> String {
    format!("{}/../docs/examples/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[expect(clippy::disallowed_methods, reason = "nothing here runs for a script")]
pub fn open_example(name: &str) -> Input {
    let file = std::fs::File::open(example(name)).unwrap();
    Input::new(name, Box::new(file), false).unwrap()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn bgzf(bytes: &[u8]) -> Vec<u8> {
    let mut writer = noodles::bgzf::io::Writer::new(Vec::new());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// Compresses bytes.
pub type Compress = fn(&[u8]) -> Vec<u8>;

/// All ways to compress, by name.
pub const COMPRESSORS: [(&str, Compress); 5] =
    [("gzip", gzip), ("BGZF", bgzf), ("zstd", zstd), ("bzip2", bzip2), ("xz", xz)];

/// Input that is decompressed by other threads where its format allows that.
pub fn threaded(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    let budget = biovm_vm::task::budget::Budget::default();
    budget.set_workers(4);
    Input::with(name, Box::new(Cursor::new(bytes.into())), false, None, Some(&budget)).unwrap()
}

/// FASTQ text of many reads, whose lengths differ.
pub fn many_reads(count: usize) -> String {
    let mut state = 12345u32;
    let mut text = String::new();
    for number in 0..count {
        let length = 50 + number % 101;
        let mut letters = |letters: &[u8]| -> String {
            (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    char::from(letters[(state >> 24) as usize % letters.len()])
                })
                .collect()
        };
        let (sequence, quality) = (letters(b"ACGTACGTACGTN"), letters(b"@+!IIIIFFFF:,#~"));
        text.push_str(&format!("@read{number} lane:{}\n{sequence}\n+\n{quality}\n", number % 8));
    }
    text
}
