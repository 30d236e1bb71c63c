//! Files as scripts read and write them.

#![expect(clippy::disallowed_methods, reason = "nothing here runs for a script")]

mod script;
mod support;

use std::path::{Path, PathBuf};

struct Directory(tempfile::TempDir);

impl Directory {
    fn new() -> Directory {
        Directory(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = self.0.path().read_dir().unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs a script in which `$name` stands for the path of a file.
    fn run(&self, text: &str) -> (String, Result<(), String>) {
        let prefix = format!("{}{}", self.0.path().display(), std::path::MAIN_SEPARATOR);
        let (printed, result) = script::run(&text.replace('$', &prefix));
        (printed.replace(&prefix, "$"), result.map_err(|error| error.replace(&prefix, "$")))
    }

    fn prints(&self, text: &str) -> String {
        let (printed, result) = self.run(text);
        if let Err(error) = result {
            panic!("{text}\n{error}");
        }
        printed.trim_end().to_owned()
    }

    fn fails(&self, text: &str) -> String {
        self.run(text).1.expect_err(text)
    }
}

const READS: &str = "@a first\nACGT\n+\nIIII\n@b\nggn\n+\n@+!\n@c\nCC\n+\nI!\n";

#[test]
fn a_table_of_reads() {
    let files = Directory::new();
    files.write("r.fq", READS);
    let cases = [
        ("typeof(t)", "Table"),
        ("len(t)", "3"),
        ("t.columns", "[id, description, seq, length, quality]"),
        ("[t.num_rows, t.num_cols]", "[3, 5]"),
        ("t[0]", "{id: a, description: first, seq: DNA(ACGT), length: 4, quality: IIII}"),
        ("t[-1].id", "c"),
        ("t.seq", "[DNA(ACGT), DNA(GGN), DNA(CC)]"),
        ("t[\"length\"]", "[4, 3, 2]"),
        ("t |> map(|r| r.length)", "[4, 3, 2]"),
        ("t |> map(|r| {id: r.id, gc: gc_content(r.seq)}) |> len()", "3"),
        ("typeof(t |> filter(|r| r.length > 2))", "Table"),
        ("(t |> filter(|r| r.length != 3)).id", "[a, c]"),
        ("slice(t, 1, 3).id", "[b, c]"),
        ("typeof(slice(t, 1, 3))", "Table"),
        ("t[0:3:2].id", "[a, c]"),
        ("(t[::-1]).id", "[c, b, a]"),
        ("(t[::-1][0:2] |> filter(|r| r.id != \"c\")).id", "[b]"),
        ("[t]", "[<table 3x5>]"),
        ("t == read_fastq(\"$r.fq\")", "true"),
        ("t == slice(t, 0, 2)", "false"),
        ("keys(t[1])", "[id, description, seq, length, quality]"),
        ("{...t[2], id: \"x\"}.id", "x"),
        ("typeof(t[0])", "Record"),
        ("\"seq\" in t", "true"),
        ("t |> sort_by(|r| r.length) |> map(|r| r.id)", "[c, b, a]"),
        ("(t |> head(2)).id", "[a, b]"),
        ("mean_phred(t[0])", "40.0"),
        ("kmer_count(t, 2, 1).kmer", "[AC]"),
        ("typeof(read_fastq(\"$r.fq\", {as: \"list\"}))", "List"),
        ("len(read_fastq(\"$r.fq\", {limit: 2}))", "2"),
        (
            "t",
            "Table: 3 rows x 5 cols\n id | description | seq       | length | quality\n ---+-------------+-----------+--------+--------\n a  | first       | DNA(ACGT) | 4      | IIII   \n b  |             | DNA(GGN)  | 3      | @+!    \n c  |             | DNA(CC)   | 2      | I!",
        ),
    ];
    for (expression, expected) in cases {
        let printed = files.prints(&format!("let t = read_fastq(\"$r.fq\")\nprintln({expression})"));
        assert_eq!(printed, expected, "{expression}");
    }
    files.write("empty.fq", "");
    assert_eq!(
        files.prints(
            "let t = read_fastq(\"$empty.fq\")\nprintln([len(t), t.columns, t.id, t |> map(|r| r.id)])"
        ),
        "[0, [id, description, seq, length, quality], [], []]"
    );
}

#[test]
fn a_callback_for_each_read() {
    let files = Directory::new();
    files.write("r.fq", READS);
    let counted = "let count = 0\nlet bases = 0\nlet n = stream_fastq(\"$r.fq\", |r| { count = count + 1\nbases = bases + r.length })\nprintln([n, count, bases])";
    assert_eq!(files.prints(counted), "[3, 3, 9]");
    // What a callback keeps stays as it was.
    let kept = "let kept = []\nlet ids = []\nstream_fastq(\"$r.fq\", |r| { kept = push(kept, r)\nids = push(ids, r.id) })\nprintln(kept |> map(|r| r.id + \":\" + str(r.seq) + r.quality))\nprintln(ids)";
    assert_eq!(files.prints(kept), "[a:ACGTIIII, b:GGN@+!, c:CCI!]\n[a, b, c]");
    let changed = "stream_fastq(\"$r.fq\", |r| { r.id = \"x\"\nr.extra = 1\nprint(r.id) })\nprintln(stream_fastq(\"$r.fq\", |r| print(r.id)))";
    assert_eq!(files.prints(changed), "xxxabc3");
    let script = "let n = 0\ntry { stream_fastq(\"$r.fq\", |r| { n = n + 1\nif n == 2 { error(\"no\") } }) } catch e { println([e, e.hint, n]) }";
    assert_eq!(files.prints(script), "[no, raised at record 2 of $r.fq, 2]");
    assert_eq!(files.prints("println(stream_fastq(\"$r.fq\", |r| r, {limit: 2}))"), "2");
}

#[test]
fn a_stream_of_reads() {
    let files = Directory::new();
    files.write("r.fq", READS);
    for open in ["fastq(\"$r.fq\")", "stream_fastq(\"$r.fq\")", "read_fastq(\"$r.fq\", {as: \"stream\"})"] {
        assert_eq!(files.prints(&format!("println(typeof({open}))")), "Stream");
        assert_eq!(files.prints(&format!("for r in {open} {{ print(r.id) }}")), "abc");
        assert_eq!(
            files.prints(&format!(
                "println({open} |> filter(|r| r.length > 2) |> map(|r| r.id) |> collect())"
            )),
            "[a, b]"
        );
        assert_eq!(files.prints(&format!("println({open} |> collect() |> map(|r| r.id))")), "[a, b, c]");
    }
    let twice = "let s = fastq(\"$r.fq\")\nprintln(s |> count())\nprintln(s |> collect())";
    let (printed, result) = files.run(twice);
    assert_eq!(printed, "3\n");
    assert!(result.unwrap_err().starts_with("StreamError: stream already consumed"));
    // A stream that is given up stops its reader.
    files.write("many.fq", support::many_reads(20_000));
    assert_eq!(
        files.prints("for r in fastq(\"$many.fq\") { if r.id == \"read5\" { break } }\nprintln(\"done\")"),
        "done"
    );
    let chunks = "let n = 0\nfor r in fastq(\"$many.fq\") { n = n + len(r.seq) }\nprintln(n == (read_fastq(\"$many.fq\").length |> sum()))";
    assert_eq!(files.prints(chunks), "true");
}

#[test]
fn sequences() {
    let files = Directory::new();
    files.write("s.fa", ">a first\nACGT\nNN\n>b\nacg\n");
    files.write("p.faa", ">p\nMKTL*\n");
    let cases = [
        ("read_fasta(\"$s.fa\")[0]", "{id: a, description: first, seq: DNA(ACGTNN), length: 6}"),
        ("read_fasta(\"$s.fa\").columns", "[id, description, seq, length]"),
        ("typeof(read_fasta(\"$p.faa\")[0].seq)", "Protein"),
        ("typeof(read_fasta(\"$s.fa\", {alphabet: \"protein\"})[0].seq)", "Protein"),
        ("read_fasta(\"$s.fa\", {alphabet: \"text\"})[1].seq", "acg"),
        ("stream_fasta(\"$s.fa\", |r| r)", "2"),
        ("fasta(\"$s.fa\") |> map(|r| r.length) |> collect()", "[6, 3]"),
        ("stream_fasta(\"$s.fa\") |> count()", "2"),
    ];
    for (expression, expected) in cases {
        assert_eq!(files.prints(&format!("println({expression})")), expected, "{expression}");
    }
    let genome = support::example("lambda_virus.fa");
    let script = format!("println(read_fasta(\"{genome}\")[0].seq |> gc_content() |> round(9))");
    assert_eq!(files.prints(&script), "0.498577378");
}

#[test]
fn errors() {
    let files = Directory::new();
    files.write("reads.fq", READS);
    files.write("bad.fq", "@a\nACGT\n+\nIII\n@b\nA\n+\nI\n");
    files.write("s.fa", ">a\nACGT\n");
    assert_eq!(files.fails("read_fastq(\"$missing.fq\")"), "IOError: file not found: $missing.fq");
    let hint = "try { read_fastq(\"$raeds.fq\") } catch e { println(e.hint) }";
    assert_eq!(files.prints(hint), "did you mean '$reads.fq'?");
    assert!(
        files.fails(&format!("read_fastq(\"{}\")", files.0.path().display())).ends_with("it is a directory")
    );
    let fault = "FormatError: $bad.fq: record 1, line 4: sequence and quality differ in length: 4 and 3";
    for call in
        ["read_fastq(\"$bad.fq\")", "stream_fastq(\"$bad.fq\", |r| r)", "for r in fastq(\"$bad.fq\") {}"]
    {
        assert_eq!(files.fails(call), fault);
    }
    assert_eq!(files.prints("println(read_fastq(\"$bad.fq\", {on_error: \"skip\"}).id)"), "[b]");
    assert_eq!(files.prints("println(len(read_fastq(\"$bad.fq\", {on_error: \"stop\"})))"), "0");
    assert_eq!(files.fails("read_fastq(\"$s.fa\")"), "TypeError: $s.fa is FASTA, not FASTQ");
    assert_eq!(files.fails("read_fasta(\"$reads.fq\")"), "TypeError: $reads.fq is FASTQ, not FASTA");
    assert!(files.fails("read_fastq(\"$reads.fq\", {on_eror: \"skip\"})").contains("no option 'on_eror'"));
    assert!(
        files
            .fails("read_fastq(\"$reads.fq\", {limit: -1})")
            .contains("'limit' must be an Int of at least 0")
    );
}

#[test]
fn what_is_written_can_be_read() {
    let files = Directory::new();
    files.write("r.fq", READS);
    for name in ["out.fq", "out.fq.gz", "out.fq.bgz"] {
        let script = format!(
            "println(read_fastq(\"$r.fq\") |> write_fastq(\"${name}\"))\nprintln(read_fastq(\"$r.fq\") == read_fastq(\"${name}\"))"
        );
        assert_eq!(files.prints(&script), "3\ntrue");
    }
    assert_eq!(std::fs::read(files.path("out.fq")).unwrap(), READS.replace("ggn", "GGN").as_bytes());
    assert!(std::fs::read(files.path("out.fq.gz")).unwrap()[12..14] == *b"BC");
    let streamed = "println(fastq(\"$r.fq\") |> filter(|r| r.length > 2) |> write_fastq(\"$few.fq\"))\nprintln(read_fastq(\"$few.fq\").id)";
    assert_eq!(files.prints(streamed), "2\n[a, b]");
    // Onto itself: the reader keeps the file that it has opened.
    assert_eq!(
        files.prints(
            "println(fastq(\"$few.fq\") |> write_fastq(\"$few.fq\"))\nprintln(len(read_fastq(\"$few.fq\")))"
        ),
        "2\n2"
    );
    let text = "write_fasta([{id: \"a\", seq: dna\"ACGTA\"}, {id: \"b\", description: \"x y\", seq: \"MK\"}], \"$o.fa\", {width: 3})";
    files.prints(text);
    assert_eq!(std::fs::read_to_string(files.path("o.fa")).unwrap(), ">a\nACG\nTA\n>b x y\nMK\n");
    files.prints("write_fastq([{id: \"a\", seq: dna\"AC\", quality: qual\"I5\"}, {id: \"b\", seq: dna\"A\"}], \"$o.fq\", {default_quality: 40})");
    assert_eq!(std::fs::read_to_string(files.path("o.fq")).unwrap(), "@a\nAC\n+\nI5\n@b\nA\n+\nI\n");
    assert_eq!(files.prints("write_fastq(read_fastq(\"$o.fq\"), \"-\")"), "@a\nAC\n+\nI5\n@b\nA\n+\nI");
}

#[test]
fn what_fails_leaves_nothing_behind() {
    let files = Directory::new();
    files.write("keep.fq", READS);
    let cases = [
        (
            "write_fastq([{id: \"a\", seq: dna\"AC\"}], \"$keep.fq\")",
            "ValueError: write_fastq() cannot write record 1: it has no quality; the option 'default_quality' sets one",
        ),
        (
            "write_fastq([{id: \"a\", seq: dna\"AC\", quality: \"I\"}], \"$keep.fq.gz\")",
            "ValueError: write_fastq() cannot write record 1: sequence and quality differ in length: 2 and 1",
        ),
        (
            "write_fasta([{id: \"a\\nb\", seq: dna\"AC\"}], \"$x.fa\")",
            "ValueError: write_fasta() cannot write record 1: its id or description has a line break",
        ),
        ("write_fasta([dna\"AC\"], \"$x.fa\")", "TypeError: write_fasta() requires records, got DNA"),
        (
            "write_fasta([{id: \"a\"}], \"$x.fa\")",
            "TypeError: write_fasta() requires records with the field 'seq'",
        ),
        ("write_fasta([], \"$none/x.fa\")", "IOError: cannot write $none/x.fa: its directory does not exist"),
        ("fastq(\"$keep.fq\") |> map(|r| error(\"no\")) |> write_fastq(\"$keep.fq\")", "Error: no"),
    ];
    for (call, expected) in cases {
        assert_eq!(files.fails(call), expected);
        assert_eq!(files.names(), ["keep.fq"]);
        assert_eq!(std::fs::read(files.path("keep.fq")).unwrap(), READS.as_bytes());
    }
}

#[test]
fn compressed_files_are_recognised_by_content() {
    let files = Directory::new();
    files.write("plain.fq.gz", READS);
    files.write("packed.fq", support::gzip(READS.as_bytes()));
    assert_eq!(files.prints("println(read_fastq(\"$plain.fq.gz\") == read_fastq(\"$packed.fq\"))"), "true");
    assert!(Path::new(&support::example("reads_1.fq.gz")).exists());
    let script = format!(
        "let n = 0\nstream_fastq(\"{}\", |r| {{ if gc_content(r.seq) > 0.5 {{ n = n + 1 }} }})\nprintln(n)",
        support::example("reads_1.fq.gz")
    );
    assert_eq!(files.prints(&script), "2215");
}
