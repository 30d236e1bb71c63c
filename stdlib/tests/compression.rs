//! Compressed input of each kind: whole, in several parts, cut off anywhere, damaged.

mod support;

use biovm_stdlib::files::fastq::FastqReader;
use biovm_stdlib::files::reads::OnError;
use biovm_vm::ErrorKind;
use support::*;

#[test]
fn compression_makes_no_difference() {
    let text = many_reads(2_000);
    let plain = fastq(text.clone()).complete();
    assert_eq!(plain.len(), 2_000);
    assert_eq!((plain[7].id.as_str(), plain[7].description.as_str()), ("read7", "lane:7"));
    let (first, second) = text.split_at(text.find("@read1000 ").unwrap());
    for (name, compress) in COMPRESSORS {
        let parts = [compress(first.as_bytes()), compress(second.as_bytes())].concat();
        let with_empty = [compress(b""), parts.clone(), compress(b"")].concat();
        for bytes in [compress(text.as_bytes()), parts, with_empty] {
            assert!(fastq(bytes.clone()).complete() == plain, "{name}");
            let threaded = drain(FastqReader::new(threaded("x", bytes), Default::default()));
            assert!(threaded.complete() == plain, "{name}");
        }
        assert_eq!(fastq(compress(b"")).complete(), [], "{name}");
    }
    let mixed = [bgzf(first.as_bytes()), gzip(second.as_bytes())].concat();
    assert!(fastq(mixed.clone()).complete() == plain);
    assert!(drain(FastqReader::new(threaded("x", mixed), Default::default())).complete() == plain);
}

#[test]
fn files_of_parallel_compressors() {
    // pzstd begins each frame with one to skip, which holds the size of the next.
    let text = many_reads(100);
    let frame = zstd(text.as_bytes());
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0][..], &(frame.len() as u32).to_le_bytes()].concat();
    let plain = fastq(text).complete();
    assert!(fastq([skipped, frame].concat()).complete() == plain);
}

#[test]
fn truncated_compression_is_an_error() {
    let text = many_reads(2_000);
    let plain = fastq(text.clone()).complete();
    for (name, compress) in COMPRESSORS {
        let whole = compress(text.as_bytes());
        let half = &whole[..whole.len() / 2];
        let outcome = fastq(half);
        // bzip2 gives nothing before its first block of 900 kB is whole.
        let after = match outcome.reads.len() {
            0 => String::new(),
            count => format!(" after record {count}"),
        };
        let broken_off = format!("unexpected end of compressed data{after}");
        assert_eq!(outcome.message(), format!("FormatError: reads.fq: {broken_off}"), "{name}");
        let hint = outcome.error.unwrap().hint().unwrap_or_default().to_owned();
        assert_eq!(
            hint,
            format!("the file is cut off at byte {}; copy or download it again", half.len()),
            "{name}"
        );
        assert!(outcome.reads.len() < 2_000 && plain.starts_with(&outcome.reads), "{name}");
        let stopped = fastq_with(half, OnError::Stop);
        assert!(stopped.error.is_none() && stopped.reads == outcome.reads);
        assert_eq!(stopped.summary, [format!("reads.fq: stopped reading: {broken_off}")], "{name}");
        let threaded = drain(FastqReader::new(threaded("reads.fq", half), Default::default()));
        assert_eq!(
            (threaded.message(), threaded.reads.len()),
            (format!("FormatError: reads.fq: {broken_off}"), outcome.reads.len()),
            "{name}"
        );
    }
    // Between two blocks only the marker is missing.
    let whole = bgzf(text.as_bytes());
    let cut = &whole[..whole.len() - 28];
    let missing = "reads.fq: the end marker of the BGZF file is missing; the file may be cut off";
    for outcome in [fastq(cut), drain(FastqReader::new(threaded("reads.fq", cut), Default::default()))] {
        assert!(outcome.error.is_none() && outcome.reads == plain);
        assert_eq!(outcome.summary, [missing]);
    }
}

#[test]
fn no_length_is_cut_off_in_silence() {
    let text = many_reads(30);
    let (first, second) = text.split_at(text.find("@read20 ").unwrap());
    for (name, compress) in COMPRESSORS {
        let (first, second) = (compress(first.as_bytes()), compress(second.as_bytes()));
        let whole = [&first[..], &second[..]].concat();
        for length in 19..whole.len() {
            // Only BGZF is decompressed by several threads.
            for threads in [false].into_iter().chain((name == "BGZF").then_some(true)) {
                let cut = &whole[..length];
                let outcome = match threads {
                    true => drain(FastqReader::new(threaded("reads.fq", cut), Default::default())),
                    false => fastq(cut),
                };
                // Between two parts nobody can tell, and BGZF warns.
                let at_a_seam = length == first.len();
                let warned = !outcome.summary.is_empty();
                assert!(outcome.error.is_some() || at_a_seam || warned, "{name} cut off at {length}");
                assert!(outcome.error.is_none() || !at_a_seam, "{name} at its seam: {}", outcome.message());
                if let Some(error) = outcome.error {
                    assert_eq!(error.kind(), ErrorKind::Format, "{name} cut off at {length}: {error}");
                }
            }
        }
    }
}

#[test]
fn damaged_compression_is_an_error() {
    for (name, compress) in COMPRESSORS {
        let mut bytes = compress(many_reads(2_000).as_bytes());
        let middle = bytes.len() / 2;
        bytes[middle..middle + 40].fill(0x55);
        for outcome in [
            fastq(bytes.clone()),
            drain(FastqReader::new(threaded("reads.fq", bytes.clone()), Default::default())),
        ] {
            let message = outcome.message();
            assert!(message.starts_with("FormatError: reads.fq: "), "{name}: {message}");
        }
    }
}

#[test]
fn a_checksum_that_is_wrong_is_an_error() {
    // Each of these formats ends its content with a checksum; zstd has one where its writer wants it.
    let text = many_reads(50);
    for (name, compress) in [("gzip", COMPRESSORS[0].1), ("bzip2", bzip2), ("xz", xz)] {
        let whole = compress(text.as_bytes());
        let noticed = (whole.len() - 12..whole.len()).filter(|position| {
            let mut bytes = whole.clone();
            bytes[*position] ^= 0xff;
            fastq(bytes).error.is_some()
        });
        assert!(noticed.count() >= 8, "{name}");
    }
}

#[test]
fn what_follows_the_compressed_data_is_not_lost_in_silence() {
    let text = many_reads(50);
    for (name, compress) in COMPRESSORS {
        let followed =
            [&compress(text.as_bytes())[..], b"@more\nACGT\n+\nIIII\n and some more of it"].concat();
        assert!(fastq(followed).error.is_some(), "{name}");
    }
}
