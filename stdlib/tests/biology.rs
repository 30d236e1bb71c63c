//! Golden values of sequences, k-mers and qualities, checked against other programs or by hand.

mod script;

/// What an expression prints, or the error that it raises.
fn value(expression: &str) -> String {
    let (printed, result) = script::run(&format!("println({expression})"));
    result.err().unwrap_or_else(|| printed.trim_end_matches('\n').to_owned())
}

fn check(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(value(expression), *expected, "{expression}");
    }
}

#[test]
fn gc_content() {
    check(&[
        ("gc_content(dna\"ACGTNN\") |> round(4)", "0.3333"),
        ("gc_content(dna\"ACGTRYS\") |> round(4)", "0.2857"),
        ("gc_content(dna\"\")", "0.0"),
        ("gc_content(\"\")", "0.0"),
        ("gc_content(\"acgt\")", "0.5"),
        ("gc_content(rna\"GGGCCC\")", "1.0"),
        ("gc_content(dna\"ACGTNN\", {ambiguous: \"ignore\"})", "0.5"),
        ("gc_content(dna\"ACGTRYS\", {ambiguous: \"ignore\"})", "0.6"),
        ("gc_content(dna\"NNSW\", {ambiguous: \"weighted\"})", "0.5"),
        ("gc_content(dna\"ACGTNN\", {ignore_n: true})", "0.5"),
        ("gc_content(dna\"ACGTNN\", ignore_n: true)", "0.5"),
        (
            "gc_content(\"ACXT\")",
            "TypeError: gc_content() requires nucleotide letters, found 'X' at position 2",
        ),
        (
            "gc_content(\"ACTU\")",
            "TypeError: gc_content() requires the letters of either DNA or RNA, found 'U' at position 3",
        ),
        (
            "gc_content(dna\"A\", {ambiguous: \"x\"})",
            "TypeError: gc_content() option 'ambiguous' must be \"include\" or \"ignore\" or \"weighted\", got \"x\"",
        ),
        ("base_counts(dna\"AACGTNR\")", "{A: 2, C: 1, G: 1, T: 1, N: 1, GC: 0.2857142857142857, total: 7}"),
        ("base_counts(rna\"AACGU\")", "{A: 2, C: 1, G: 1, U: 1, N: 0, GC: 0.4, total: 5}"),
        ("aa_counts(protein\"MKKT*\")", "{*: 1, K: 2, M: 1, T: 1, total: 5}"),
    ]);
}

#[test]
fn constructors() {
    check(&[
        ("dna(\"acgtryn\")", "ACGTRYN"),
        ("dna(rna\"ACGU\")", "ACGT"),
        ("rna(dna\"ACGT\")", "ACGU"),
        ("[dna(\"ACGT\")]", "[DNA(ACGT)]"),
        ("protein(\"mktl*\")", "MKTL*"),
        ("dna(\"ACGU\")", "TypeError: 'U' at position 3 is not a DNA letter"),
        ("rna(\"ACGT\")", "TypeError: 'T' at position 3 is not a RNA letter"),
        ("protein(\"MK-T\")", "TypeError: '-' at position 2 is not a Protein letter"),
        ("dna(\"AC é\")", "TypeError: ' ' at position 2 is not a DNA letter"),
        ("seq_len(dna\"ACGT\") + seq_len(\"ACG\")", "7"),
        ("is_dna(dna\"A\") && !is_dna(\"A\") && is_rna(rna\"U\") && is_protein(protein\"M\")", "true"),
        ("validate_seq(\"ACGR\")", "true"),
        ("validate_seq(\"ACGR\", \"dna_strict\")", "false"),
        ("validate_seq(\"ACTU\")", "false"),
        ("validate_seq(\"MKTL\", \"protein\")", "true"),
        ("validate_seq(protein\"MK\")", "true"),
    ]);
}

#[test]
fn strands() {
    check(&[
        ("reverse_complement(dna\"ACGTNRYSWKMBDHV\")", "BDHVKMWSRYNACGT"),
        ("reverse_complement(reverse_complement(dna\"ACGTNRYSWKMBDHV\"))", "ACGTNRYSWKMBDHV"),
        ("typeof(reverse_complement(rna\"ACGU\"))", "RNA"),
        ("reverse_complement(rna\"AACGU\")", "ACGUU"),
        ("complement(dna\"ACGT\")", "TGCA"),
        ("reverse_complement(\"aacg\")", "CGTT"),
        ("typeof(complement(\"acg\"))", "Str"),
        ("complement(\"acgu\")", "UGCA"),
        ("transcribe(dna\"ATGC\")", "AUGC"),
        ("back_transcribe(transcribe(dna\"ATGC\"))", "ATGC"),
        ("typeof(transcribe(\"atgc\"))", "RNA"),
        ("complement(protein\"MK\")", "TypeError: complement() requires Str, DNA, or RNA, got Protein"),
        ("transcribe(rna\"AC\")", "TypeError: transcribe() requires Str or DNA, got RNA"),
    ]);
}

#[test]
fn translation() {
    check(&[
        ("translate(dna\"ATGCTNTAA\")", "ML"),
        ("translate(dna\"ATGCTNGGNRAYTAR\", {to_stop: false})", "MLGB*"),
        ("len(translate(dna\"TAA\"))", "0"),
        ("translate(dna\"ATGA\")", "M"),
        ("translate(rna\"AUGAAAUAA\")", "MK"),
        ("translate(\"atgaaa\")", "MK"),
        ("typeof(translate(\"atgaaa\"))", "Protein"),
        ("translate(dna\"CATGAAA\", {frame: 1})", "MK"),
        ("translate(dna\"TTTCAT\", {strand: \"-\"})", "MK"),
        ("translate(dna\"AAAATGAAA\", {start: \"atg\"})", "MK"),
        ("translate(dna\"ATGAGA\", {table: 2, to_stop: false})", "M*"),
        ("translate(dna\"ATG\", {table: 7})", "ValueError: translate() knows no genetic code 7"),
        ("codon_usage(dna\"ATGAAAATGA\")", "{ATG: 2, AAA: 1}"),
        ("codon_usage(rna\"AUGAUG\")", "{AUG: 2}"),
        (
            "codon_usage(dna\"AAAAAAAAGATG\", {relative: true}).AAA",
            "{count: 2, frequency: 0.5, per_thousand: 500.0, rscu: 1.3333333333333333}",
        ),
    ]);
}

#[test]
fn reading_frames() {
    check(&[
        (
            "find_orfs(dna\"CATGAAATAAATGCCCTAG\", 6) |> map(|o| [o.start, o.end, o.frame, str(o.protein), o.strand])",
            "[[1, 10, 1, MK, +], [10, 19, 1, MP, +]]",
        ),
        ("len(find_orfs(dna\"CATGAAATAAATGCCCTAG\"))", "0"),
        ("len(find_orfs(dna\"ATGAAA\", 3))", "0"),
        ("find_orfs(dna\"ATGAAA\", 3, {partial: true})[0].end", "6"),
        // The reverse complement of ATGAAATAA, so the frame lies on the other strand from 2 to 11.
        (
            "find_orfs(dna\"CCTTATTTCATCC\", 6, {both: true}) |> map(|o| [o.start, o.end, o.strand, str(o.protein)])",
            "[[2, 11, -, MK]]",
        ),
        ("len(find_orfs(dna\"TTGAAATAA\", 6, {starts: [\"TTG\"]}))", "1"),
        ("find_orfs(\"\", 6)", "[]"),
    ]);
}

#[test]
fn searching() {
    check(&[
        ("find_motif(dna\"AAAA\", dna\"AA\")", "[0, 1, 2]"),
        ("find_motif(dna\"GATTACA\", \"ta\")", "[3]"),
        ("find_motif(dna\"ACGT\", \"\")", "[]"),
        ("find_motif(dna\"AC\", \"ACG\")", "[]"),
        ("find_motif(dna\"ACN\", \"N\")", "[2]"),
        ("subseq(dna\"ACGTACGT\", 2, 5)", "GTA"),
        ("subseq(dna\"ACGTACGT\", 6)", "GT"),
        ("len(subseq(dna\"ACGTACGT\", 2, 2))", "0"),
        ("subseq(\"ACGT\", 1, 3)", "CG"),
        ("typeof(subseq(protein\"MKTL\", 1, 3))", "Protein"),
        ("subseq(dna\"ACGTACGT\", 2, 9)", "IndexOutOfBounds: index 9 out of bounds (len 8)"),
        ("subseq(dna\"ACGTACGT\", -1, 3)", "IndexOutOfBounds: index -1 out of bounds (len 8)"),
        ("subseq(dna\"ACGT\", 3, 1)", "IndexOutOfBounds: subseq() requires start <= end, got 3 and 1"),
    ]);
}

#[test]
fn distances() {
    check(&[
        ("hamming_distance(dna\"ACGN\", dna\"ACGT\")", "1"),
        ("hamming_distance(\"acgt\", dna\"ACGT\")", "0"),
        (
            "hamming_distance(dna\"ACG\", dna\"ACGT\")",
            "TypeError: hamming_distance() requires equal lengths, got 3 and 4",
        ),
        ("edit_distance(\"kitten\", \"sitting\")", "3"),
        ("edit_distance(\"Kitten\", \"kitten\")", "0"),
        ("edit_distance(dna\"ACGT\", dna\"AGT\")", "1"),
        ("edit_distance(\"kitten\", \"sitting\", {max: 2})", "nil"),
        ("edit_distance(\"\", \"abc\")", "3"),
        ("edit_distance(\"süß\", \"süss\")", "2"),
    ]);
}

#[test]
fn kmers() {
    check(&[
        ("kmers(dna\"ACGT\", 2)", "[AC, CG, GT]"),
        ("kmers(\"acgt\", 2)", "[AC, CG, GT]"),
        ("kmers(protein\"MKT\", 2)", "[MK, KT]"),
        ("kmers(dna\"ACGT\", 5)", "[]"),
        ("kmers(dna\"ACGT\", 0)", "[]"),
        ("typeof(kmers(dna\"ACGT\", 2)[0])", "Str"),
        ("kmers(dna\"ACGT\", -1)", "ValueError: kmers() requires k of at least 0, got -1"),
        ("kmers(dna\"ATCGATCGATCGGCGCATAT\", 2) |> count_if(|k| k == \"CG\")", "4"),
        ("kmer_count(dna\"ACGTNACG\", 3) |> to_records()", "[{kmer: ACG, count: 3}]"),
        ("kmer_count(rna\"ACGUACGU\", 3).kmer", "[ACG, GUA]"),
        ("kmer_count(dna\"ACGTACGT\", 3).kmer", "[ACG, GTA]"),
        ("kmer_count(dna\"ACGTACGT\", 3).count == kmer_count(rna\"ACGUACGU\", 3).count", "true"),
        ("kmer_count(dna\"AAAACCC\", 2, 1).kmer", "[AA]"),
        ("kmer_count([dna\"AAA\", \"AAC\", {seq: dna\"AA\"}], 2, nil, {canonical: false}).count", "[4, 1]"),
        ("len(kmer_count(dna\"AC\", 3))", "0"),
        ("kmer_count(dna\"AC\", 3).columns", "[kmer, count]"),
        ("kmer_count(dna\"AC\", 33)", "ValueError: kmer_count() requires k from 1 to 32, got 33"),
        ("kmer_count(dna\"AC\", 0)", "ValueError: kmer_count() requires k from 1 to 32, got 0"),
        ("kmer_count(\"A\" ++ \"C\", 2).kmer", "[AC]"),
        ("kmer_distinct(dna\"ACGTNACG\", 3)", "1"),
        ("kmer_distinct(dna\"ACGT\", 2, {canonical: false})", "3"),
        ("kmer_spectrum(kmer_count(dna\"AAAACGG\", 2)).count", "[3, 1]"),
        ("kmer_spectrum(dna\"AAAACGG\", 2).frequency", "[1, 3]"),
        ("kmer_count([protein\"MK\"], 2)", "TypeError: kmer_count() requires Str, DNA, or RNA, got Protein"),
    ]);
}

#[test]
fn quality() {
    check(&[
        ("mean_phred(\"IIII!5\")", "30.0"),
        ("mean_phred(qual\"IIII!5\", {method: \"probability\"}) |> round(5)", "7.73658"),
        ("mean_phred([40, 20])", "30.0"),
        ("mean_phred({quality: \"I5\"})", "30.0"),
        ("mean_phred(\"\")", "0.0"),
        ("mean_phred({id: \"a\"})", "TypeError: mean_phred() requires a record with the field 'quality'"),
        (
            "mean_phred(\"I I\")",
            "TypeError: mean_phred() requires Phred+33 text, '!' to '~', found ' ' at position 1",
        ),
        ("mean_phred([94])", "TypeError: mean_phred() requires scores from 0 to 93, found 94 at position 0"),
        ("min_phred(qual\"I5~\")", "20"),
        ("min_phred(\"\")", "0"),
        ("error_rate(qual\"I5\") |> round(8)", "0.00505"),
        ("expected_errors(\"++\") |> round(8)", "0.2"),
        ("trim_quality(qual\"IIIIIIII!!!!\", 20) |> len()", "8"),
        ("typeof(trim_quality(qual\"IIIIIIII!!!!\", 20))", "Quality"),
        ("trim_quality(qual\"!!!!!!!!\", 20) |> len()", "0"),
        ("trim_quality(\"IIIIIIII!!!!\", 20, {method: \"window\"})", "IIIIIIII"),
        (
            "trim_quality({id: \"a\", seq: dna\"ACGTAC\", length: 6, quality: \"IIII!!\"}, 20)",
            "{id: a, seq: DNA(ACGT), length: 4, quality: IIII}",
        ),
        (
            "trim_quality({seq: dna\"ACGTA\", quality: \"IIII!!\"}, 20)",
            "ValueError: trim_quality() requires as many scores as letters, got 6 and 5",
        ),
        ("parse_qual(\"I5!\")", "[40, 20, 0]"),
        ("parse_qual({id: 1})", "[]"),
        ("parse_qual(nil)", "[]"),
        ("quality_to_str([40, 20, 0])", "I5!"),
        ("quality_to_str(qual\"I5\", 64)", "hT"),
    ]);
}
