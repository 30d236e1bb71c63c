//! Any bytes as a file of reads: whatever they are, a reader ends with reads or with one error, and what it gave can be
//! written and read again.
//!
//! The first byte says how the rest is read, so that one corpus serves all readers.

use biovm_stdlib::files::fasta::{AlphabetChoice, FastaReader};
use biovm_stdlib::files::fastq::{FastqReader, PairReader};
use biovm_stdlib::files::input::Input;
use biovm_stdlib::files::reads::{BatchBuilder, OnError, ReadOptions, Source};
use biovm_vm::Error;
use biovm_vm::task::budget::Budget;
use std::fmt::Write;
use std::io::Cursor;

/// A few bytes can stand for gigabytes; parsing those shows nothing new.
const MOST_BYTES: usize = 2 << 20;

/// Checks every way to read.
pub fn check(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else { return };
    let Some(length) = decompressed(content) else { return };
    match choice % 4 {
        0 => check_fastq(content),
        1 => check_fasta(content),
        2 => check_pairs(content, None),
        _ => {
            // Each of both files is one half, or the file is its own mate.
            let (first, second) = content.split_at(content.len() / 2);
            let (first, second) = if length % 2 == 0 { (first, second) } else { (content, content) };
            if decompressed(first).is_some() && decompressed(second).is_some() {
                check_pairs(first, Some(second));
            }
        }
    }
}

fn input(bytes: &[u8], threads: usize) -> Result<Input, Error> {
    let budget = Budget::default();
    budget.set_workers(threads);
    Input::with("any", Box::new(Cursor::new(bytes.to_vec())), false, None, Some(&budget))
}

/// The length of the content, unless there is too much of it. Other threads find the same content.
fn decompressed(bytes: &[u8]) -> Option<usize> {
    let content = |threads| -> Result<(Vec<u8>, Option<Error>), Error> {
        let mut content = vec![0; MOST_BYTES];
        let (length, error) = input(bytes, threads)?.fill(&mut content);
        content.truncate(length);
        Ok((content, error))
    };
    let Ok((one, error)) = content(1) else { return Some(0) };
    let is_bgzf = bytes.starts_with(&[0x1f, 0x8b]) && bytes.get(12..14) == Some(b"BC");
    if is_bgzf {
        let (several, other_error) = content(4).expect("it could be opened");
        assert!(one == several, "threads find other content");
        assert_eq!(error.is_some(), other_error.is_some(), "threads find another end");
    }
    (one.len() < MOST_BYTES).then_some(one.len())
}

/// A read: name, description, sequence and quality.
type Read = [String; 4];

/// Everything that a source gives, and how it ends.
fn drain(source: Result<impl Source, Error>) -> (Vec<Read>, Option<Error>) {
    let mut reads = Vec::new();
    let mut source = match source {
        Ok(source) => source,
        Err(error) => return (reads, Some(error)),
    };
    loop {
        let mut builder = BatchBuilder::default();
        let result = source.fill(&mut builder);
        let batch = builder.finish(source.letters(), source.has_quality());
        for position in 0..batch.len() {
            let read = batch.get(position).expect("a read of the batch");
            assert!(!source.has_quality() || read.sequence.len() == read.quality.len());
            let letters = String::from_utf8(read.sequence.to_vec()).expect("letters are ASCII");
            reads.push([read.id.into(), read.description.into(), letters, read.quality.into()]);
        }
        match result {
            Ok(true) => assert!(!batch.is_empty(), "an empty batch in the middle of a file"),
            Ok(false) => {
                // Nothing is lost in silence: what ends a file early is said.
                source.summary();
                return (reads, None);
            }
            Err(error) => return (reads, Some(error)),
        }
    }
}

fn options(on_error: OnError) -> ReadOptions {
    ReadOptions { on_error, limit: None }
}

fn fastq(bytes: &[u8], on_error: OnError) -> (Vec<Read>, Option<Error>) {
    drain(input(bytes, 1).and_then(|input| FastqReader::new(input, options(on_error))))
}

fn check_fastq(bytes: &[u8]) {
    let (reads, error) = fastq(bytes, OnError::Raise);
    let (skipped, _) = fastq(bytes, OnError::Skip);
    let (stopped, _) = fastq(bytes, OnError::Stop);
    assert!(stopped == reads, "stopping before a fault gives the reads before it");
    assert!(skipped.starts_with(&reads) && (error.is_some() || skipped == reads));
    let mut text = String::new();
    for [id, description, sequence, quality] in &reads {
        let _ = writeln!(text, "@{id} {description}\n{sequence}\n+\n{quality}");
    }
    let (again, error) = fastq(text.as_bytes(), OnError::Raise);
    assert!(error.is_none(), "{}", error.map(|error| error.to_string()).unwrap_or_default());
    assert_eq!(again.len(), reads.len());
    let letters =
        |reads: &[Read]| reads.iter().map(|read| [read[2].clone(), read[3].clone()]).collect::<Vec<_>>();
    assert_eq!(letters(&again), letters(&reads));
}

fn check_fasta(bytes: &[u8]) {
    for choice in [AlphabetChoice::Auto, AlphabetChoice::Fixed(biovm_stdlib::files::reads::Letters::Text)] {
        let read = |on_error| {
            drain(input(bytes, 1).and_then(|input| FastaReader::new(input, choice, options(on_error))))
        };
        let (reads, error) = read(OnError::Raise);
        let (skipped, _) = read(OnError::Skip);
        let (stopped, _) = read(OnError::Stop);
        assert!(stopped == reads, "stopping before a fault gives the reads before it");
        assert!(skipped.starts_with(&reads) && (error.is_some() || skipped == reads));
    }
}

fn check_pairs(first: &[u8], second: Option<&[u8]>) {
    for on_error in [OnError::Raise, OnError::Skip, OnError::Stop] {
        let open = |bytes| input(bytes, 1).and_then(|input| FastqReader::new(input, options(on_error)));
        let Ok(second) = second.map(open).transpose() else { return };
        let (reads, _) = drain(open(first).map(|first| PairReader::new(first, second, options(on_error))));
        assert!(reads.len().is_multiple_of(2), "half a pair");
        for pair in reads.chunks(2) {
            let base = |name: &str, end| name.strip_suffix(end).unwrap_or(name).to_owned();
            assert_eq!(base(&pair[0][0], "/1"), base(&pair[1][0], "/2"), "reads that are no mates");
        }
    }
}
