//! Writes made-up reads: `generate-reads COUNT LENGTH OUT`. A name that ends in `.gz` is written with gzip.

use biovm_bench::reads;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// The same reads in every run.
const SEED: u64 = 42;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers = || Some((words.first()?.parse().ok()?, words.get(1)?.parse().ok()?));
    let (Some((count, length)), [_, _, path]) = (numbers(), &words[..]) else {
        eprintln!("usage: generate-reads COUNT LENGTH OUT\nexample: generate-reads 1000000 150 reads.fq.gz");
        return ExitCode::from(2);
    };
    match write(path, count, length) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write {path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(path: &str, count: usize, length: usize) -> io::Result<()> {
    let file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    if path.ends_with(".gz") {
        let mut encoder = GzEncoder::new(file, Compression::new(4));
        reads::write_fastq(&mut encoder, count, length, SEED)?;
        encoder.finish()?.flush()
    } else {
        let mut file = file;
        reads::write_fastq(&mut file, count, length, SEED)?;
        file.flush()
    }
}
