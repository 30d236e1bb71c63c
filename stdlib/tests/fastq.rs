//! FASTQ: what is accepted, and what is said about the rest.

mod support;

use biovm_stdlib::biology::counting::{Ambiguous, gc_content};
use biovm_stdlib::files::fastq::FastqReader;
use biovm_stdlib::files::reads::{OnError, ReadOptions};
use proptest::prelude::*;
use support::*;

#[test]
fn figures_of_other_programs() {
    let reader = FastqReader::new(open_example("reads_1.fq.gz"), ReadOptions::default()).unwrap();
    let reads = table(reader).unwrap();
    let gc: Vec<f64> = reads.views().map(|read| gc_content(read.sequence, Ambiguous::Include)).collect();
    let bases: usize = reads.views().map(|read| read.sequence.len()).sum();
    assert_eq!((reads.len(), bases), (2_500, 567_516));
    assert!((gc.iter().sum::<f64>() / 2_500.0 - 0.536_338_529_5).abs() < 1e-10);
    assert_eq!(gc.iter().filter(|gc| **gc > 0.5).count(), 2_215);
    let (mut q20, mut q30) = (0, 0);
    for letter in reads.views().flat_map(|read| read.quality.bytes()) {
        q20 += usize::from(letter >= b'5');
        q30 += usize::from(letter >= b'?');
    }
    let percent = |count: usize| (count as f64 / bases as f64 * 10_000.0).round() / 100.0;
    assert_eq!((percent(q20), percent(q30)), (91.24, 86.62));
}

#[test]
fn unusual_but_right() {
    let expected = [read("a", "ACGT", "IIII"), read("b", "GGN", "@+!")];
    let forms = [
        "@a\nACGT\n+\nIIII\n@b\nGGN\n+\n@+!\n",
        "@a\nACGT\n+\nIIII\n@b\nGGN\n+\n@+!",
        "@a\r\nACGT\r\n+\r\nIIII\r\n@b\r\nGGN\r\n+\r\n@+!\r\n",
        "@a\r\nACGT\r\n+\r\nIIII\r\n@b\r\nGGN\r\n+\r\n@+!\r",
        "\n\n@a\nACGT\n+\nIIII\n\n\n@b\nGGN\n+\n@+!\n\n\n",
        "@a\nACGT\n+a\nIIII\n@b\nGGN\n+b and more\n@+!\n",
        "@a\nacgt\n+\nIIII\n@b\nggn\n+\n@+!\n",
        "\u{feff}@a\nACGT\n+\nIIII\n@b\nGGN\n+\n@+!\n",
        "@a\nAC\nGT\n+\nII\nII\n@b\nGG\nN\n+\n@+\n!\n",
        "@a\nACGT\n+\nII\nII\n@b\nGG\nN\n+\n@+\n!",
    ];
    for text in forms {
        assert_eq!(fastq(text).complete(), expected, "{text:?}");
        assert_eq!(fastq(gzip(text.as_bytes())).complete(), expected, "{text:?}");
    }
    assert_eq!(fastq("").complete(), []);
    assert_eq!(fastq("\n \n").complete(), []);
    assert_eq!(fastq("@a\n\n+\n\n@b\nA\n+\nI\n").complete(), [read("a", "", ""), read("b", "A", "I")]);
    assert_eq!(fastq("@a\n\n+\n@b\nA\n+\nI\n").complete(), [read("a", "", ""), read("b", "A", "I")]);
    assert_eq!(fastq("@\nA\n+\nI\n").complete(), [read("", "A", "I")]);
    let described = fastq("@a\t some  text \r\nRYKMSWBDHVN\n+\nIIIIIIIIIII\n").complete();
    assert_eq!((described[0].id.as_str(), described[0].description.as_str()), ("a", "some  text"));
}

#[test]
fn a_quality_line_that_begins_like_a_record() {
    let text = "@a\nACGT\nACGT\n+\n@III\nIIII\n@b\nAC\n+\n@@\n";
    assert_eq!(fastq(text).complete(), [read("a", "ACGTACGT", "@IIIIIII"), read("b", "AC", "@@")]);
}

#[test]
fn faults_name_record_and_line() {
    let good = "@a\nACGT\n+\nIIII\n";
    let cases: [(&str, &str); 14] = [
        ("b\nACGT\n+\nIIII\n", "record 2, line 5: expected '@' and a name, found \"b\""),
        ("@b\nACGT\nIIII\n@c\nA\n+\nI\n", "record 2, line 7: expected '+', found \"IIII\""),
        (
            "@b\nACGT\n+\nIII\n@c\nA\n+\nI\n",
            "record 2, line 8: sequence and quality differ in length: 4 and 3",
        ),
        (
            "@b\nACGT\n+\nIIIII\n@c\nA\n+\nI\n",
            "record 2, line 8: sequence and quality differ in length: 4 and 5",
        ),
        ("@b\nACGT\n+\n", "record 2, line 8: expected 4 quality letters, found 0 and the end of the file"),
        ("@b\nACGT\n+", "record 2, line 8: expected 4 quality letters, found 0 and the end of the file"),
        ("@b\nACGT\n+\nII", "record 2, line 9: expected 4 quality letters, found 2 and the end of the file"),
        ("@b\nACGT\n", "record 2, line 7: expected '+' and the quality, found the end of the file"),
        ("@b\n", "record 2, line 6: expected a sequence, found the end of the file"),
        (
            "@b\nACGT\n+\nII\x7fI\n",
            "record 2, line 8: '\\u{7f}' at position 2 is not a quality: expected '!' to '~'",
        ),
        ("@b\nACGT\n+\nII I\n", "record 2, line 8: ' ' at position 2 is not a quality: expected '!' to '~'"),
        ("@b\nACXT\n+\nIIII\n", "record 2, line 6: 'X' at position 2 is not a DNA letter"),
        ("@b\nAC T\n+\nIIII\n", "record 2, line 6: ' ' at position 2 is not a DNA letter"),
        ("\n@b\nACGU\n+\nIIII\n", "record 2, line 7: 'U' at position 3 is not a DNA letter"),
    ];
    for (fault, expected) in cases {
        let outcome = fastq(format!("{good}{fault}"));
        assert_eq!(outcome.message(), format!("FormatError: reads.fq: {expected}"), "{fault:?}");
        assert_eq!(outcome.reads, [read("a", "ACGT", "IIII")]);
        let stopped = fastq_with(format!("{good}{fault}"), OnError::Stop);
        assert!(stopped.error.is_none());
        assert_eq!(
            (stopped.reads.len(), stopped.summary),
            (1, vec![format!("reads.fq: stopped reading: {expected}")])
        );
    }
}

#[test]
fn skipping_goes_on_with_the_next_record() {
    let after = "@c\nGATTACA\n+\n@IIIIII\n@d\nAC\n+\nII\n";
    let faults = [
        "b\nACGT\n+\nIIII\n",
        "@b\nACGT\nIIII\n",
        "@b\nACGT\n+\nIII\n",
        "@b\nACGT\n+\n@IIIII\n",
        "@b\nACGT\n+\nII\x7fI\n",
        "@b\nAXGT\n+\n@III\n",
        "complete nonsense\n\n>more\n",
    ];
    for fault in faults {
        let outcome = fastq_with(format!("@a\nACGT\n+\nIIII\n{fault}{after}"), OnError::Skip);
        assert!(outcome.error.is_none());
        let ids: Vec<_> = outcome.reads.iter().map(|read| read.id.as_str()).collect();
        assert_eq!(ids, ["a", "c", "d"], "{fault:?}");
        assert_eq!(outcome.summary.len(), 1);
        assert!(outcome.summary[0].starts_with("reads.fq: skipped 1 bad record; the first: record 2, line "));
    }
}

#[test]
fn faults_far_into_a_file_have_their_line() {
    let mut text = many_reads(20_000);
    text.push_str("@last\nACGT\n+\nIII\n");
    let expected =
        "FormatError: reads.fq: record 20001, line 80004: sequence and quality differ in length: 4 and 3";
    assert_eq!(fastq(text).message(), expected);
}

#[test]
fn a_read_longer_than_a_block() {
    let (sequence, quality) = ("ACGT".repeat(500_000), "IIII".repeat(500_000));
    let text = format!("@a\nA\n+\nI\n@long\n{sequence}\n+\n{quality}\n@b\nA\n+\nI\n");
    let reads = fastq(text).complete();
    assert_eq!((reads.len(), reads[1].sequence == sequence, reads[1].quality == quality), (3, true, true));
}

#[test]
fn other_formats_name_their_function() {
    let error = fastq(">a\nACGT\n").error.unwrap();
    assert_eq!(error.to_string(), "TypeError: reads.fq is FASTA, not FASTQ");
    assert_eq!(error.hint(), Some("use read_fasta(), fasta() or stream_fasta()"));
    assert_eq!(fastq("BAM\x01...").message(), "TypeError: reads.fq is BAM, not FASTQ");
    assert_eq!(fastq("@HD\tVN:1.6\n").message(), "TypeError: reads.fq is SAM, not FASTQ");
    assert_eq!(fastq(gzip(b"##fileformat=VCFv4.2\n")).message(), "TypeError: reads.fq is VCF, not FASTQ");
}

#[test]
fn names_that_are_not_utf8_are_replaced() {
    let outcome = fastq(&b"@caf\xe9 x\nACGT\n+\nIIII\n"[..]);
    assert_eq!(outcome.reads[0].id, "caf\u{fffd}");
    assert_eq!(outcome.summary, ["reads.fq: some names are not UTF-8; their bytes were replaced"]);
}

#[test]
fn limit_ends_before_faults() {
    let text = "@a\nACGT\n+\nIIII\n@b\nACGT\n+\nIIII\nbroken";
    let reader = FastqReader::new(input("x", text), ReadOptions { limit: Some(2), ..Default::default() });
    assert_eq!(drain(reader).complete().len(), 2);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for on_error in [OnError::Raise, OnError::Skip, OnError::Stop] {
            fastq_with(bytes.clone(), on_error);
        }
    }

    #[test]
    fn nearly_right_bytes_are_read_without_panic(text in "(@|\\+|[ACGTX]{0,4}|\r|\n|I{0,4}| |é){0,60}") {
        let raised = fastq_with(text.clone(), OnError::Raise);
        let skipped = fastq_with(text.clone(), OnError::Skip);
        prop_assert!(skipped.error.is_none() || raised.reads.is_empty());
        prop_assert!(skipped.reads.starts_with(&raised.reads));
    }

    #[test]
    fn what_is_written_is_read(reads in proptest::collection::vec(("[a-z0-9:/]{1,8}", "[ACGTN]{0,40}"), 0..40), width in 1usize..20) {
        let mut plain = String::new();
        let mut wrapped = String::new();
        for (id, sequence) in &reads {
            let quality: String = sequence.bytes().enumerate().map(|(i, letter)| char::from(33 + ((i + letter as usize) % 94) as u8)).collect();
            plain.push_str(&format!("@{id}\n{sequence}\n+\n{quality}\n"));
            let lines = |text: &str| text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line) + "\n").collect::<String>();
            wrapped.push_str(&format!("@{id}\n{}+\n{}", lines(sequence), lines(&quality)));
        }
        let from_plain = fastq(plain).complete();
        prop_assert_eq!(from_plain.len(), reads.len());
        for (read, (id, sequence)) in from_plain.iter().zip(&reads) {
            prop_assert_eq!((&read.id, &read.sequence), (id, sequence));
        }
        prop_assert_eq!(fastq(wrapped).complete(), from_plain);
    }
}
