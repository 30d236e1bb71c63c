//! Reads in pairs: two files, and one file in which mates take turns.

mod support;

use biovm_stdlib::files::fastq::{FastqReader, PairReader};
use biovm_stdlib::files::reads::{OnError, ReadOptions};
use support::*;

/// A file of reads with these names.
fn file(names: &[&str]) -> String {
    names.iter().map(|name| format!("@{name}\nACGT\n+\nIIII\n")).collect()
}

fn pairs_with(first: &str, second: Option<&str>, options: ReadOptions) -> Outcome {
    let reader =
        |name: &str, text: &str| FastqReader::new(input(name, text), ReadOptions { limit: None, ..options });
    let second = second.map(|text| reader("r2.fq", text).unwrap());
    drain(reader("r1.fq", first).map(|first| PairReader::new(first, second, options)))
}

fn pairs(first: &str, second: &str) -> Outcome {
    pairs_with(first, Some(second), options(OnError::Raise))
}

fn interleaved(text: &str) -> Outcome {
    pairs_with(text, None, options(OnError::Raise))
}

fn ids(outcome: &Outcome) -> Vec<&str> {
    outcome.reads.iter().map(|read| read.id.as_str()).collect()
}

#[test]
fn mates_come_together() {
    let outcome = pairs(&file(&["a/1", "b/1 first"]), &file(&["a/2", "b/2 second"]));
    assert_eq!(ids(&outcome), ["a/1", "a/2", "b/1", "b/2"]);
    assert!(outcome.error.is_none());
    assert_eq!(ids(&pairs(&file(&["a 1:N:0"]), &file(&["a 2:N:0"]))), ["a", "a"]);
    assert_eq!(ids(&interleaved(&file(&["a/1", "a/2", "b", "b"]))), ["a/1", "a/2", "b", "b"]);
    assert_eq!(pairs("", "").complete(), []);
    assert_eq!(interleaved("").complete(), []);
}

#[test]
fn different_names_are_an_error() {
    let outcome = pairs(&file(&["a/1", "b/1"]), &file(&["a/2", "c/2"]));
    assert_eq!(
        outcome.message(),
        "FormatError: the reads of pair 2 are no mates: \"b/1\" (r1.fq, record 2, line 5) and \"c/2\" (r2.fq, \
         record 2, line 5)"
    );
    assert_eq!(ids(&outcome), ["a/1", "a/2"]);
    // Lines are counted as they are in the file.
    let shifted = "\n@a\nAC\nGT\n+\nIIII\n\n\n@x\nA\n+\nI\n";
    assert_eq!(
        pairs(shifted, &file(&["a", "b"])).message(),
        "FormatError: the reads of pair 2 are no mates: \"x\" (r1.fq, record 2, line 9) and \"b\" (r2.fq, record 2, \
         line 5)"
    );
    assert_eq!(
        interleaved(&file(&["a", "a", "b", "c"])).message(),
        "FormatError: the reads of pair 2 are no mates: \"b\" (r1.fq, record 3, line 9) and \"c\" (r1.fq, record 4, \
         line 13)"
    );
    // The mates of the wrong file.
    assert!(pairs(&file(&["a/2"]), &file(&["a/1"])).error.is_some());
}

#[test]
fn unequal_lengths_are_an_error() {
    let (long, short) = (file(&["a", "b", "c"]), file(&["a"]));
    assert_eq!(
        pairs(&long, &short).message(),
        "FormatError: the read \"b\" (r1.fq, record 2, line 5) has no mate: r2.fq ends after 1 record"
    );
    assert_eq!(
        pairs("", &long).message(),
        "FormatError: the read \"a\" (r2.fq, record 1, line 1) has no mate: r1.fq ends after 0 records"
    );
    assert_eq!(
        interleaved(&file(&["a", "a", "b"])).message(),
        "FormatError: the read \"b\" (r1.fq, record 3, line 9) has no mate: the file ends behind it"
    );
    let stopped = pairs_with(&long, Some(&short), options(OnError::Stop));
    assert_eq!(ids(&stopped), ["a", "a"]);
    assert_eq!(stopped.summary.len(), 1);
}

#[test]
fn a_faulty_read_takes_its_mate_along() {
    let broken = "@b\nACGT\n+\nIII\n";
    let with = |before: &[&str], after: &[&str]| format!("{}{broken}{}", file(before), file(after));
    let skip = options(OnError::Skip);
    let whole = file(&["a", "b", "c", "d"]);
    for (first, second) in [
        (with(&["a"], &["c", "d"]), whole.clone()),
        (whole.clone(), with(&["a"], &["c", "d"])),
        (with(&["a"], &["c", "d"]), with(&["a"], &["c", "d"])),
    ] {
        let outcome = pairs_with(&first, Some(&second), skip);
        assert_eq!(ids(&outcome), ["a", "a", "c", "c", "d", "d"]);
        assert!(outcome.error.is_none());
        assert!(outcome.summary.iter().any(|line| line.contains("skipped 1 bad record")));
    }
    // Faults at different places, one of them at the end.
    let outcome = pairs_with(&with(&["a"], &["c", "d"]), Some(&with(&["a", "b", "c"], &[])), skip);
    assert_eq!(ids(&outcome), ["a", "a", "c", "c"]);
    assert_eq!(outcome.summary.last().unwrap(), "r1.fq: left out 2 good reads without a mate");
    // One file: the fault is a mate of the read before it, or of the one after it.
    let text = format!("{}{}", with(&["a", "a", "b"], &["c", "c"]), file(&["d", "d"]));
    assert_eq!(ids(&pairs_with(&text, None, skip)), ["a", "a", "c", "c", "d", "d"]);
    let text = with(&["a", "a"], &["b", "c", "c"]);
    assert!(ids(&pairs_with(&text, None, skip)).starts_with(&["a", "a"]));
    // Without the option a fault is an error.
    assert!(pairs(&with(&["a"], &[]), &whole).message().contains("r1.fq: record 2, line 8"));
}

#[test]
fn a_limit_counts_pairs() {
    let whole = file(&["a", "b", "c", "d"]);
    let limited = ReadOptions { limit: Some(2), ..Default::default() };
    assert_eq!(ids(&pairs_with(&whole, Some(&whole), limited)), ["a", "a", "b", "b"]);
}

#[test]
fn pairs_are_never_divided() {
    let names: Vec<String> = (0..30_000).map(|number| format!("r{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let outcome = pairs(&file(&names), &file(&names));
    assert_eq!(outcome.reads.len(), 60_000);
    assert!(outcome.reads.chunks(2).all(|pair| pair[0].id == pair[1].id));
}
