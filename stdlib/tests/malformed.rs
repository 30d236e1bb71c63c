//! Malformed and truncated files of each kind: every reader gives what is good before the fault, and one clear error.

mod support;

use biovm_stdlib::files::fasta::{AlphabetChoice, FastaReader};
use biovm_stdlib::files::fastq::{FastqReader, PairReader};
use biovm_stdlib::files::reads::{OnError, ReadOptions};
use biovm_vm::ErrorKind;
use support::*;

/// Bytes without any meaning, the same in each run.
fn garbage(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn fasta_of(bytes: &[u8]) -> Outcome {
    drain(FastaReader::new(input("seqs.fa", bytes), AlphabetChoice::Auto, ReadOptions::default()))
}

#[test]
fn a_fastq_file_cut_off_at_any_byte() {
    let text = "@a one\nACGT\n+\nIIII\n@b\nAC\nGT\n+b\nII\nII\n@c\r\nGG\r\n+\r\n@+\r\n";
    let whole = fastq(text).complete();
    assert_eq!(whole.len(), 3);
    // A record is complete with its last quality letter.
    let ends = [0, 18, 19, 36, 37, 50, 51, 52];
    assert_eq!(ends[7], text.len());
    for length in 0..=text.len() {
        let outcome = fastq(&text.as_bytes()[..length]);
        assert!(whole.starts_with(&outcome.reads), "cut off at {length}");
        let is_whole = ends.contains(&length);
        assert_eq!(outcome.error.is_none(), is_whole, "cut off at {length}: {}", outcome.message());
        if let Some(error) = outcome.error {
            assert_eq!(error.kind(), ErrorKind::Format, "cut off at {length}: {error}");
            let place = format!("reads.fq: record {}, line ", outcome.reads.len() + 1);
            assert!(error.message().starts_with(&place), "cut off at {length}: {error}");
        }
    }
}

/// Nobody can tell where a FASTA file should end, but what there is of it is read.
#[test]
fn a_fasta_file_cut_off_at_any_byte() {
    let text = ">a one\nACGT\nAC\n>b\nGG\n";
    for length in 0..=text.len() {
        let reads = fasta(&text[..length]).complete();
        assert_eq!(reads.len(), text[..length].matches('>').count(), "cut off at {length}");
        let letters: String = reads.iter().map(|read| read.sequence.as_str()).collect();
        assert!("ACGTACGG".starts_with(&letters), "cut off at {length}");
    }
}

#[test]
fn a_compressed_file_cut_off_at_any_byte() {
    let fasta_text: String = (0..200).map(|number| format!(">s{number}\nACGTTGCA\n")).collect();
    for (name, compress) in COMPRESSORS {
        let (reads, sequences) = (compress(many_reads(20).as_bytes()), compress(fasta_text.as_bytes()));
        for length in 1..reads.len().max(sequences.len()) {
            let cut = |bytes: &[u8]| bytes[..length.min(bytes.len() - 1)].to_vec();
            for outcome in [fastq(cut(&reads)), fasta_of(&cut(&sequences))] {
                let is_said = outcome.error.is_some() || !outcome.summary.is_empty();
                assert!(is_said, "{name} cut off at {length}: {} records", outcome.reads.len());
                if let Some(error) = outcome.error {
                    let kind = error.kind();
                    assert!(matches!(kind, ErrorKind::Format | ErrorKind::Type), "{name}, {length}: {error}");
                }
            }
        }
    }
}

#[test]
fn pairs_cut_off_at_any_byte() {
    let text = "@a/1\nACGT\n+\nIIII\n@b/1\nAC\n+\nII\n";
    let mates = text.replace("/1", "/2");
    let pairs = |first: &str, second: &str| {
        let reader = |name: &str, text: &str| FastqReader::new(input(name, text), ReadOptions::default());
        let (first, second) = (reader("r1.fq", first).unwrap(), reader("r2.fq", second).unwrap());
        drain(Ok(PairReader::new(first, Some(second), ReadOptions::default())))
    };
    assert_eq!(pairs(text, &mates).complete().len(), 4);
    for length in 0..text.len() - 1 {
        for outcome in [pairs(&text[..length], &mates), pairs(text, &mates[..length])] {
            let error = outcome.error.expect("a mate is missing");
            assert_eq!(error.kind(), ErrorKind::Format, "cut off at {length}: {error}");
            assert_eq!(outcome.reads.len() % 2, 0, "cut off at {length}");
        }
    }
}

#[test]
fn nul_bytes_are_no_letters() {
    for (text, expected) in [
        (&b"\0@a\nACGT\n+\nIIII\n"[..], "record 1, line 1: expected '@' and a name"),
        (b"@a\nAC\0T\n+\nIIII\n", "record 1, line 2: '\\0' at position 2 is not a DNA letter"),
        (b"@a\nACGT\n\0+\nIIII\n", "record 1, line "),
        (b"@a\nACGT\n+\nII\0I\n", "record 1, line 4: '\\0' at position 2 is not a quality"),
        (b"@a\nACGT\n+\nIIII\n\0\0\0\0", "record 2, line 5: expected '@' and a name"),
        (&[0; 5000], "record 1, line 1: expected '@' and a name"),
    ] {
        let outcome = fastq(text);
        let message = outcome.message();
        assert!(message.starts_with(&format!("FormatError: reads.fq: {expected}")), "{message}");
    }
    for (text, expected) in [
        (&b">a\nAC\0T\n"[..], "record 1, line 2: '\\0' at position 2 of the sequence is not a DNA letter"),
        (b"\0>a\nACGT\n", "record 1, line 1: expected '>' and a name"),
        (&[0; 5000], "record 1, line 1: expected '>' and a name"),
    ] {
        let message = fasta_of(text).message();
        assert!(message.starts_with(&format!("FormatError: seqs.fa: {expected}")), "{message}");
    }
}

#[test]
fn binary_data_are_refused_at_once() {
    let plain = garbage(100_000);
    let inputs = [plain.clone(), [&b"@"[..], &plain].concat(), [&b">"[..], &plain].concat()];
    for bytes in inputs {
        for (name, compress) in
            COMPRESSORS.into_iter().chain([("nothing", (|b| b.to_vec()) as fn(&[u8]) -> Vec<u8>)])
        {
            for outcome in [fastq(compress(&bytes)), fasta_of(&compress(&bytes))] {
                let error = outcome.error.expect(name);
                assert!(matches!(error.kind(), ErrorKind::Format | ErrorKind::Type), "{name}: {error}");
                assert!(error.message().len() < 300, "{name}: {error}");
                assert!(outcome.reads.is_empty());
            }
        }
    }
    // The first bytes of each compression, and then nothing of the kind.
    for start in [
        &b"\x1f\x8b\x08\0"[..],
        b"\x28\xb5\x2f\xfd",
        b"BZh91AY&SY",
        b"\xfd7zXZ\0",
        b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0",
    ] {
        for bytes in [start.to_vec(), [start, &plain].concat()] {
            for outcome in [fastq(bytes.clone()), fasta_of(&bytes)] {
                let error = outcome.error.expect("an error");
                assert_eq!(error.kind(), ErrorKind::Format, "{start:?}: {error}");
                assert!(outcome.reads.is_empty());
            }
        }
    }
}

#[test]
fn carriage_returns_alone_end_no_lines() {
    for text in ["@a\rACGT\r+\rIIII\r", "@a\rACGT\r+\rIIII\r@b\rAC\r+\rII"] {
        let outcome = fastq(text);
        assert!(outcome.reads.is_empty());
        let message = outcome.message();
        assert!(
            message.starts_with("FormatError: reads.fq: record 1, line 2: expected a sequence"),
            "{message}"
        );
    }
    // As the name of a sequence without letters nobody would notice.
    let outcome = fasta(">a\rACGT\r>b\rAC\r");
    assert!(
        outcome.message().starts_with("FormatError: seqs.fa: record 1, line 1: "),
        "{}",
        outcome.message()
    );
}

#[test]
fn lines_without_end_are_no_trouble() {
    let long = "A".repeat(3_000_000);
    for (text, expected) in [
        (
            long.clone(),
            "record 1, line 1: expected '@' and a name, found \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…\"",
        ),
        (format!("@{long}"), "record 1, line 2: expected a sequence, found the end of the file"),
        (format!("@a\n{long}"), "record 1, line 3: expected '+' and the quality, found the end of the file"),
        (
            format!("@a\nA\n+\n{long}\n"),
            "record 1, line 4: sequence and quality differ in length: 1 and 3000000",
        ),
        (
            format!("@a\n{long}\n+\nI\n"),
            "record 1, line 4: sequence and quality differ in length: 3000000 and 1",
        ),
    ] {
        let message = fastq(text).message();
        assert!(message.starts_with(&format!("FormatError: reads.fq: {expected}")), "{message}");
    }
    assert_eq!(fasta(format!(">a\n{long}")).complete()[0].sequence.len(), 3_000_000);
    assert_eq!(fasta(format!(">{long}")).complete()[0].id.len(), 3_000_000);
    assert!(fasta(long).message().starts_with("FormatError: seqs.fa: record 1, line 1: expected '>'"));
}

#[test]
fn empty_files_and_files_with_blank_lines_alone_have_no_records() {
    for text in ["", "\n", "\r\n\r\n", " \t\n", "\u{feff}", "\u{feff}\n"] {
        for bytes in
            [text.as_bytes().to_vec(), gzip(text.as_bytes()), bgzf(text.as_bytes()), zstd(text.as_bytes())]
        {
            for on_error in [OnError::Raise, OnError::Skip, OnError::Stop] {
                assert_eq!(fastq_with(bytes.clone(), on_error).complete(), [], "{text:?}");
                assert_eq!(
                    fasta_with(bytes.clone(), AlphabetChoice::Auto, on_error).complete(),
                    [],
                    "{text:?}"
                );
            }
        }
    }
}
