//! What the session takes for one entry, and what it shows of its value.

use crate::support::{Folder, Outcome};

fn session(entries: &str) -> Outcome {
    Folder::new().run_with_input(&["repl"], entries)
}

#[track_caller]
fn shown(entries: &str) -> String {
    session(entries).succeeded().to_owned()
}

#[test]
fn a_pipe_sees_neither_prompts_nor_colours() {
    let outcome = session("1\nfn f() {\n  2\n}\nf()\nnil + 1\n");
    assert_eq!(outcome.output, "1\n2\n");
    assert!(!outcome.failed(1).contains('\u{1b}'), "{outcome:?}");
}

#[test]
fn brackets_strings_and_blocks_keep_an_entry_open() {
    assert_eq!(shown("(1 +\n2)\n"), "3\n");
    assert_eq!(shown("len([1,\n\n2,\n])\n"), "2\n");
    assert_eq!(shown("len(\"\"\"\n  a\n  b\n  \"\"\")\n"), "3\n");
    assert_eq!(shown("len(\"a\nb\")\n"), "3\n");
    assert_eq!(shown("let f = do |x|\n  x * 2\nend\nf(4)\n"), "8\n");
    assert_eq!(shown("map([1], |x| {\n  let y = x\n  y + 1\n})\n"), "[2]\n");
    assert_eq!(shown("let r = {\n  a: 1\n}\n\nr\n"), "{a: 1}\n");
    assert_eq!(shown("#{\n  1\n}\n\n[{\n  a: 1,\n  b: 2\n}]\n"), "#{1}\n[{a: 1, b: 2}]\n");
    // What looks like a bracket in a comment, a string or an f-string is none.
    assert_eq!(shown("1 # (\n\"{\"\nf\"{ {a: 1}.a } {{\"\n/\\(/\n"), "1\n\"{\"\n\"1 {\"\n/\\(/\n");
}

#[test]
fn operators_at_the_end_keep_an_entry_open() {
    for operator in ["+", "|>", "==", "&&", "and", "??", "in", "..", "=", ","] {
        let entries = format!("let r = [1]\n[1 {operator}\n");
        assert!(session(&entries).failed(1).contains("ParseError"), "{operator}");
    }
    assert_eq!(shown("1 +\n  2\n"), "3\n");
    assert_eq!(shown("let x =\n\n  5\n\nx\n"), "5\n");
    assert_eq!(shown("[3, 1] |>\n  sort()\n"), "[1, 3]\n");
    assert_eq!(shown("true and\nnot\nfalse\n"), "true\n");
    assert_eq!(shown("let f = |x|\n  x + 1\nf(1)\n"), "2\n");
}

#[test]
fn a_header_without_its_body_keeps_an_entry_open() {
    assert_eq!(shown("if true\n{\n  1\n}\n\n"), "1\n");
    assert_eq!(shown("fn f(x)\n{\n  x\n}\n\nf(2)\n"), "2\n");
    assert_eq!(shown("for x in [3]\n{ println(x) }\n\n"), "3\n");
    assert_eq!(shown("struct P\n{ x }\n\nP(1).x\n"), "1\n");
    assert_eq!(shown("try { error(\"e\") }\ncatch e { 4 }\n\n"), "4\n");
    assert_eq!(shown("## Documented.\nfn g() { 5 }\n\ng()\n"), "5\n");
}

#[test]
fn one_more_line_is_read_behind_several() {
    // A pipe, a point and `else` belong to the entry.
    assert_eq!(shown("[\n  1,\n  2\n]\n  |> len()\n\n"), "2\n");
    assert_eq!(shown("{\n  a: 5\n}\n  .a\n\n"), "5\n");
    assert_eq!(shown("if false {\n  1\n}\nelse {\n  2\n}\n\n"), "2\n");
    assert_eq!(shown("if false {\n  1\n}\nelse if true {\n  2\n}\nelse {\n  3\n}\n\n"), "2\n");
    // An empty line just ends it, anything else is the next entry.
    assert_eq!(shown("[\n1]\n\n2\n"), "[1]\n2\n");
    assert_eq!(shown("[\n1]\n2\n3\n"), "[1]\n2\n3\n");
    assert_eq!(shown("[\n1]\n:type 1\n"), "[1]\nInt\n");
    assert_eq!(shown("[\n1]\n"), "[1]\n");
    // A line alone runs at once.
    assert!(session("if false { 1 }\nelse { 2 }\n").failed(1).contains("ParseError"));
}

#[test]
fn a_leading_pipe_goes_on_with_the_last_result() {
    assert_eq!(shown("[3, 1, 2]\n|> sort()\n|> first\n|> str()\n"), "[3, 1, 2]\n[1, 2, 3]\n1\n\"1\"\n");
    assert_eq!(shown("let xs = [4, 5]\n  |> len()\n"), "2\n");
    assert_eq!(shown("let xs = [4, 5]\n|> sum() * 2\nxs\n"), "18\n[4, 5]\n");
    assert_eq!(shown("const K = 3\n|> str()\n"), "\"3\"\n");
    // A pattern is not one variable, and statements have no result.
    assert_eq!(shown("7\nlet [a, b] = [1, 2]\n|> str()\n"), "7\n\"7\"\n");
    assert!(session("|> len()\n").failed(1).contains("ParseError"));
}

#[test]
fn the_underscore_holds_the_last_value_that_is_not_nil() {
    assert_eq!(shown("5\n_ * 2\n_ + _\n"), "5\n10\n20\n");
    assert_eq!(shown("5\nnil\nprintln(1)\nlet x = 9\n_\n"), "5\n1\n5\n");
    let failed = session("5\nnil + 1\n_\n");
    assert_eq!(failed.output, "5\n5\n");
    assert_eq!(shown("5;\n_\n"), "5\n");
    assert_eq!(shown("false\n_\n"), "false\nfalse\n");
    assert!(session("_\n").failed(1).contains("undefined variable '_'"));
}

#[test]
fn values_are_echoed_by_their_type() {
    for (entry, echo) in [
        ("3.0", "3.0\n"),
        ("1e21", "1e21\n"),
        ("-0.0", "-0.0\n"),
        ("true", "true\n"),
        ("nil", ""),
        ("\"a\"", "\"a\"\n"),
        ("'it\\'s \"x\"\\n'", "\"it's \\\"x\\\"\\n\"\n"),
        ("\"\"", "\"\"\n"),
        ("[\"a\", 1.0]", "[a, 1.0]\n"),
        ("(1, \"a\")", "(1, a)\n"),
        ("#{1}", "#{1}\n"),
        ("{}", ""),
        ("({})", "{}\n"),
        ("{a: \"x\"}", "{a: x}\n"),
        ("1..3", "1..3\n"),
        ("/a/i", "/a/i\n"),
        ("len", "<builtin len>\n"),
        ("|x| x", "<fn anonymous>\n"),
        ("dna\"ATG\"", "ATG\n"),
        ("qual\"II\"", "II\n"),
        ("[dna\"A\"]", "[DNA(A)]\n"),
        ("let x = 1", ""),
        ("fn f() { 1 }", ""),
        ("for i in [1] { i }", ""),
        ("1;", ""),
        ("1; 2", "2\n"),
        ("1; # hidden", ""),
    ] {
        assert_eq!(shown(&format!("{entry}\n")), echo, "{entry}");
    }
}

#[test]
fn what_is_long_is_shortened() {
    assert_eq!(shown("range(0, 10)\n"), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    assert_eq!(shown("range(0, 11)\n"), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 1 more]\n");
    assert_eq!(shown("dna\"A\" * 80\n"), format!("{}\n", "A".repeat(80)));
    assert_eq!(shown("rna\"A\" * 81\n"), format!("{}… 1 more\n", "A".repeat(80)));
    assert_eq!(shown("protein\"M\" * 1000\n"), format!("{}… 920 more\n", "M".repeat(80)));
    // Text is not, and neither is what is printed.
    assert_eq!(shown("\"a\" * 200\n"), format!("\"{}\"\n", "a".repeat(200)));
    assert_eq!(shown("println(dna\"A\" * 100)\n"), format!("{}\n", "A".repeat(100)));
    assert_eq!(shown("println(range(0, 12))\n"), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]\n");
}

#[test]
fn tables_are_drawn() {
    let drawn = "Table: 2 rows x 1 cols\n a\n -\n 1\n 2\n";
    assert_eq!(shown("[{a: 1}, {a: 2}]\n"), drawn);
    assert_eq!(shown("to_table([{a: 1}, {a: 2}])\n"), drawn);
    assert_eq!(shown("[{a: 1}]\n"), "[{a: 1}]\n");
}

#[test]
fn bare_bases_become_a_literal() {
    assert_eq!(shown("ACGTACGTACG\ntype(_)\n"), "→ dna\"ACGTACGTACG\"\nACGTACGTACG\n\"DNA\"\n");
    assert_eq!(shown("acgtnacgtnacg\n"), "→ dna\"acgtnacgtnacg\"\nACGTNACGTNACG\n");
    let long = "ACGT".repeat(25);
    let start = "ACGT".repeat(20);
    assert_eq!(
        shown(&format!("{long}\nlen(_)\n")),
        format!("→ dna\"{start}… 20 more\"\n{start}… 20 more\n100\n")
    );
    // Ten letters are a name, and so is what has a value.
    assert!(session("ACGTACGTAC\n").failed(1).contains("undefined variable 'ACGTACGTAC'"));
    assert_eq!(shown("let ACGTACGTACGT = 5\nACGTACGTACGT\n"), "5\n");
}

#[test]
fn a_pasted_fasta_entry_becomes_a_record() {
    assert_eq!(
        shown(">s1 some gene\nACGT\nGGCC\n\nlen(_.seq)\n"),
        "→ {id: \"s1\", seq: dna\"ACGTGGCC\"}\n{id: s1, seq: DNA(ACGTGGCC)}\n8\n"
    );
    assert_eq!(
        shown(">a\nACGT\n>b\nMKWVTFISLL\n"),
        "→ {id: \"a\", seq: dna\"ACGT\"}\n{id: a, seq: DNA(ACGT)}\n\
         → {id: \"b\", seq: protein\"MKWVTFISLL\"}\n{id: b, seq: Protein(MKWVTFISLL)}\n"
    );
    assert!(session("> 5\n1\n").failed(1).contains("ParseError"));
}

#[test]
fn ordinary_entries_are_not_rewritten() {
    assert!(session("P53_HUMAN\n").failed(1).contains("undefined variable 'P53_HUMAN'"));
    assert!(session("6LU7\n").failed(1).contains("invalid number: 6LU7"));
    assert_eq!(shown("\"ACGTACGTACGT\"\n"), "\"ACGTACGTACGT\"\n");
}
