//! Whatever is wrong with the input, there is a clear report.

use crate::support::Folder;
use insta::assert_snapshot;

#[test]
fn a_run_time_error_is_reported_with_place_hint_and_trace() {
    let folder = Folder::new();
    folder.file(
        "analysis.bl",
        "fn summarise(total, name) {\n\ttotal + name\n}\n\nprintln(\"start\")\nsummarise(1, \"a\")\n",
    );
    let outcome = folder.run(&["run", "analysis.bl"]);
    assert_eq!(outcome.output, "start\n");
    assert_snapshot!(outcome.failed(1), @r"
    TypeError: cannot add Int and Str
      at line 2, column 8 (analysis.bl)
      |  total + name
      |        ^
      hint: use str() to convert numbers to strings, or int()/float() to convert strings to numbers

    Stack trace (most recent call last):
      #0 main (analysis.bl:6)
      #1 summarise (analysis.bl:2)
    ");
}

#[test]
fn an_error_inside_of_a_builtin_is_reported_at_the_call() {
    let folder = Folder::new();
    let outcome = folder.run(&["-e", "let n = 5\nlet l = len(n)"]);
    let report = outcome.failed(1);
    assert!(report.starts_with("TypeError: len() "), "{report}");
    assert!(report.contains("\n  at line 2, column 9 (-e)\n  | let l = len(n)\n  |         ^"), "{report}");
    assert!(!report.contains("Stack trace"), "{report}");
}

#[test]
fn syntax_errors_are_reported_together() {
    let folder = Folder::new();
    folder.file("wrong.bl", "let a = (1 + 2\nlet b = 3 $ 4\nprintln(a)\n");
    let outcome = folder.run(&["run", "wrong.bl"]);
    let report = outcome.failed(1);
    assert!(report.contains("wrong.bl:1:") || report.contains("line 1"), "{report}");
    assert!(report.contains("unexpected character: '$'"), "{report}");
    assert_eq!(outcome.output, "", "nothing of it has run");
}

#[test]
fn an_unknown_name_is_reported_with_a_suggestion() {
    let folder = Folder::new();
    let outcome = folder.run(&["-e", "let reads = [1]\nprintln(raeds)"]);
    let report = outcome.failed(1);
    assert!(report.contains("NameError") && report.contains("undefined variable 'raeds'"), "{report}");
    assert!(report.contains("reads"), "{report}");
}

#[test]
fn a_missing_script_is_reported_with_a_similar_name() {
    let folder = Folder::new();
    folder.file("quality.bl", "println(1)");
    for (wanted, similar) in
        [("qualty.bl", "quality.bl"), ("quality", "quality.bl"), ("./Quality.BL", "./quality.bl")]
    {
        let outcome = folder.run(&["run", wanted]);
        let expected = format!("IOError: file not found: {wanted}\n  hint: did you mean '{similar}'?\n");
        assert_eq!(outcome.failed(1), expected);
    }
    assert_eq!(folder.run(&["check", "zzz.bl"]).failed(1), "IOError: file not found: zzz.bl\n");
    assert_eq!(folder.run(&["run", "no/such/x.bl"]).failed(1), "IOError: file not found: no/such/x.bl\n");
    assert_eq!(
        folder.run(&["exec", "quality"]).failed(1).lines().next(),
        Some("IOError: file not found: quality")
    );
}

#[test]
fn what_is_no_script_is_refused() {
    let folder = Folder::new();
    folder.file("latin.bl", b"# caf\xe9\nprintln(1)");
    folder.file("sixteen.bl", b"\xff\xfep\0r\0i\0n\0t\0");
    std::fs::create_dir(folder.path().join("scripts")).expect("a folder");
    assert_snapshot!(folder.run(&["run", "latin.bl"]).failed(1), @r"
    FormatError: latin.bl is not UTF-8 text: byte 0xE9 at byte offset 5, in line 1
      hint: save the script as UTF-8
    ");
    assert_snapshot!(folder.run(&["run", "sixteen.bl"]).failed(1), @r"
    FormatError: sixteen.bl is not UTF-8 text: byte 0xFF at byte offset 0, in line 1
      hint: it looks like UTF-16; save it as UTF-8
    ");
    assert_snapshot!(folder.run(&["run", "scripts"]).failed(1), @"IOError: scripts is a directory, not a file");
    assert_snapshot!(folder.run_with_input(&["run", "-"], b"\xff").failed(1), @r"
    FormatError: <stdin> is not UTF-8 text: byte 0xFF at byte offset 0, in line 1
      hint: save the script as UTF-8
    ");
}

#[test]
fn sequences_are_no_script() {
    let folder = Folder::new();
    folder.file("reads.fq", "@r1 first\nACGT\n+\nIIII\n");
    folder.file("genome.fa", ">chr1\nACGT\n");
    folder.file("script.bl", "@memoize\nfn f(x) { x }\nprintln(1)\nprintln(2)");
    assert_snapshot!(folder.run(&["run", "reads.fq"]).failed(1), @r#"
    FormatError: reads.fq is FASTQ, not a script
      hint: read it in a script: read_fastq("reads.fq")
    "#);
    assert_snapshot!(folder.run(&["check", "genome.fa"]).failed(1), @r#"
    FormatError: genome.fa is FASTA, not a script
      hint: read it in a script: read_fasta("genome.fa")
    "#);
    assert_snapshot!(folder.run(&["exec", "genome.fa"]).failed(1), @r#"
    FormatError: genome.fa is FASTA, not a script
      hint: read it in a script: read_fasta("genome.fa")
    "#);
    assert_snapshot!(folder.run_with_input(&["run", "-"], b">chr1\nACGT\n").failed(1), @r#"
    FormatError: <stdin> is FASTA, not a script
      hint: read it in a script: read_fasta("-")
    "#);
    assert!(folder.run(&["run", "script.bl"]).succeeded().contains('2'));
}

#[test]
fn a_truncated_compressed_file_is_an_error() {
    let folder = Folder::new();
    let records = "@read\nACGT\n+\nIIII\n".repeat(100);
    let length = u16::try_from(records.len()).expect("small").to_le_bytes();
    // The header of a gzip member, then one stored block, of which only a part is there.
    let mut bytes =
        vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, length[0], length[1], !length[0], !length[1]];
    bytes.extend_from_slice(&records.as_bytes()[..records.len() / 2]);
    folder.file("sample.fq.gz", bytes);
    folder.file("count.bl", "let reads = read_fastq(\"sample.fq.gz\")\nprintln(len(reads))");
    let outcome = folder.run(&["run", "count.bl"]);
    let report = outcome.failed(1);
    assert!(report.contains("sample.fq.gz") && report.contains("at line 1, column"), "{report}");
    assert_eq!(outcome.output, "");
}

#[test]
fn a_malformed_record_is_an_error() {
    let folder = Folder::new();
    folder.file("sample.fq", "@one\nACGT\n+\nIIII\n@two\nACGT\n+\nIII\n@three\nA\n+\nI\n");
    folder.file("count.bl", "let n = 0\nstream_fastq(\"sample.fq\", |r| { n = n + 1 })\nprintln(n)");
    let outcome = folder.run(&["run", "count.bl"]);
    let report = outcome.failed(1);
    assert!(report.starts_with("FormatError: ") && report.contains("sample.fq"), "{report}");
    assert!(report.contains("at line 2, column 1 (count.bl)"), "{report}");
    assert_eq!(outcome.output, "");
}
