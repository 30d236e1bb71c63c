//! FASTA: what is accepted, and what is said about the rest.

mod support;

use biovm_stdlib::biology::counting::{Ambiguous, gc_content};
use biovm_stdlib::files::fasta::{AlphabetChoice, FastaReader};
use biovm_stdlib::files::reads::{Letters, OnError, ReadOptions, Source};
use biovm_vm::value::Alphabet;
use proptest::prelude::*;
use support::*;

fn seq(id: &str, sequence: &str) -> Read {
    read(id, sequence, "")
}

fn letters_of(text: &str) -> Letters {
    FastaReader::new(input("x", text), AlphabetChoice::Auto, ReadOptions::default()).unwrap().letters()
}

#[test]
fn figures_of_other_programs() {
    let open =
        |name| FastaReader::new(open_example(name), AlphabetChoice::Auto, ReadOptions::default()).unwrap();
    let virus = table(open("lambda_virus.fa")).unwrap();
    assert_eq!(virus.len(), 1);
    let genome = virus.view(0).unwrap();
    assert_eq!(genome.sequence.len(), 48_502);
    assert!((gc_content(genome.sequence, Ambiguous::Include) - 0.498_577_378_2).abs() < 1e-10);
    let coding = table(open("mouse-p53-cds.fna")).unwrap();
    assert_eq!(coding.len(), 1);
    assert!(coding.view(0).unwrap().sequence.starts_with(b"ATG"));
}

#[test]
fn unusual_but_right() {
    let expected = [seq("a", "ACGTNN"), seq("b", "RYKM")];
    let forms = [
        ">a\nACGT\nNN\n>b\nRYKM\n",
        ">a\nACGTNN\n>b\nRYKM",
        ">a\r\nACGT\r\nNN\r\n>b\r\nRYKM\r\n",
        "\n\n>a\n\nACGT\n\n\nNN\n\n>b\nRYKM\n\n",
        ";comment\n>a\nACGT\n;comment: Ile\nNN\n>b\n;ACGT\nRYKM\n;",
        ">a\nacgt\nnn\n>b\nrykm\n",
        "\u{feff}>a\nACGTNN\n>b\nRYKM\n",
    ];
    for text in forms {
        assert_eq!(fasta(text).complete(), expected, "{text:?}");
        assert_eq!(fasta(gzip(text.as_bytes())).complete(), expected, "{text:?}");
        assert_eq!(fasta(bgzf(text.as_bytes())).complete(), expected, "{text:?}");
    }
    assert_eq!(fasta("").complete(), []);
    assert_eq!(fasta("\n\n").complete(), []);
    assert_eq!(fasta(">a\n>b\nAC\n>c").complete(), [seq("a", ""), seq("b", "AC"), seq("c", "")]);
    assert_eq!(fasta(">\nAC\n").complete(), [seq("", "AC")]);
    let described = fasta(">a \t gene of  interest \r\nAC\n").complete();
    assert_eq!((described[0].id.as_str(), described[0].description.as_str()), ("a", "gene of  interest"));
}

#[test]
fn letters_decide_the_alphabet() {
    assert_eq!(letters_of(">a\nACGTRYN\n"), Letters::Sequence(Alphabet::Dna));
    assert_eq!(letters_of(">a\nACGURYN\n"), Letters::Sequence(Alphabet::Rna));
    assert_eq!(letters_of(">a\nMKTL*\n"), Letters::Sequence(Alphabet::Protein));
    assert_eq!(letters_of(""), Letters::Sequence(Alphabet::Dna));
    assert_eq!(fasta(">a\nmktl*\n").complete(), [seq("a", "MKTL*")]);
    let text = AlphabetChoice::Fixed(Letters::Text);
    assert_eq!(fasta_with(">a\nAC--gt\n", text, OnError::Raise).complete(), [seq("a", "AC--gt")]);
}

#[test]
fn faults_name_record_and_line() {
    let cases = [
        ("ACGT\n>a\nAC\n", "record 1, line 1: expected '>' and a name, found \"ACGT\""),
        (">a\nAC GT\n", "record 1, line 2: ' ' at position 2 of the sequence is not a DNA letter"),
        (
            ">a\nAC\n\n>b\nACGT\nAC1T\n",
            "record 2, line 6: '1' at position 6 of the sequence is not a DNA letter",
        ),
        (">a\nACG>b\nAC\n", "record 1, line 2: '>' at position 3 of the sequence is not a DNA letter"),
        (">a\nAC-T\n", "record 1, line 2: '-' at position 2 of the sequence is not a DNA letter"),
        (">a\nACT;acg\n", "record 1, line 2: ';' at position 3 of the sequence is not a DNA letter"),
        (
            ">a\nMKTL\n>b\nMK TL\n",
            "record 2, line 4: ' ' at position 2 of the sequence is not a Protein letter",
        ),
    ];
    for (text, expected) in cases {
        let outcome = fasta(text);
        assert_eq!(outcome.message(), format!("FormatError: seqs.fa: {expected}"), "{text:?}");
        let skipped = fasta_with(text, AlphabetChoice::Auto, OnError::Skip);
        assert!(skipped.error.is_none());
        assert_eq!(skipped.summary, [format!("seqs.fa: skipped 1 bad record; the first: {expected}")]);
        let stopped = fasta_with(text, AlphabetChoice::Auto, OnError::Stop);
        assert_eq!(stopped.summary, [format!("seqs.fa: stopped reading: {expected}")]);
    }
    let skipped = fasta_with(">a\nAC1\nGG\n>b\nAC\n", AlphabetChoice::Auto, OnError::Skip);
    assert_eq!(skipped.reads, [seq("b", "AC")]);
}

#[test]
fn a_later_record_of_another_alphabet() {
    let text = format!(">a\n{}\n>b\nMKTL\n", "ACGT".repeat(20_000));
    let error = fasta(text).error.unwrap();
    let expected =
        "FormatError: seqs.fa: record 2, line 4: 'L' at position 3 of the sequence is not a DNA letter";
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().unwrap().contains("alphabet"));
}

#[test]
fn sequences_longer_than_a_block() {
    let line = "ACGTTGCAAC".repeat(7);
    let body = format!("{line}\n").repeat(20_000);
    let text = format!(">chr1\n{body}>chr2\n{}\n>chr3\nAC\n", line.repeat(20_000));
    let whole = line.repeat(20_000);
    assert!(fasta(text.clone()).complete() == [seq("chr1", &whole), seq("chr2", &whole), seq("chr3", "AC")]);
    let half = gzip(text.as_bytes());
    let outcome = fasta(&half[..half.len() / 2]);
    let expected = "FormatError: seqs.fa: unexpected end of compressed data";
    assert!(outcome.message().starts_with(expected), "{}", outcome.message());
    assert!(outcome.reads.iter().all(|read| read.sequence == whole));
}

#[test]
fn other_formats_name_their_function() {
    let error = fasta("@a\nACGT\n+\nIIII\n").error.unwrap();
    assert_eq!(error.to_string(), "TypeError: seqs.fa is FASTQ, not FASTA");
    assert_eq!(error.hint(), Some("use read_fastq(), fastq() or stream_fastq()"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for on_error in [OnError::Raise, OnError::Skip, OnError::Stop] {
            fasta_with(bytes.clone(), AlphabetChoice::Auto, on_error);
            fasta_with(bytes.clone(), AlphabetChoice::Fixed(Letters::Text), on_error);
        }
    }

    #[test]
    fn nearly_right_bytes_are_read_without_panic(text in "(>|;|[ACGTX]{0,4}|\r|\n| |é){0,60}") {
        let raised = fasta(text.clone());
        let skipped = fasta_with(text.clone(), AlphabetChoice::Auto, OnError::Skip);
        prop_assert!(skipped.reads.starts_with(&raised.reads) || skipped.error.is_some());
    }

    #[test]
    fn lines_make_no_difference(sequences in proptest::collection::vec("[ACGTN]{0,60}", 1..20), width in 1usize..30) {
        let mut text = String::new();
        for (number, sequence) in sequences.iter().enumerate() {
            text.push_str(&format!(">s{number} x\n"));
            for line in sequence.as_bytes().chunks(width) {
                text.push_str(&String::from_utf8_lossy(line));
                text.push('\n');
            }
        }
        let read: Vec<String> = fasta(text).complete().into_iter().map(|read| read.sequence).collect();
        prop_assert_eq!(read, sequences);
    }
}
