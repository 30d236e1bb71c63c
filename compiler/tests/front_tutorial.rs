//! The script blocks of the tutorial chapter, as printed, and a few of its trees.

#![expect(clippy::disallowed_methods, reason = "nothing here runs for a script")]

use biovm_compiler::source::SourceText;
use biovm_compiler::{diagnostic, dump, parse};
use std::path::Path;

fn scripts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/front_tutorial");
    let mut scripts: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    scripts.sort();
    scripts
}

fn tree(name: &str, text: &str) -> String {
    let source = SourceText::new(name, text);
    match parse(&source) {
        Ok(program) => dump::compact(&program),
        Err(errors) => panic!("{}", diagnostic::render(&errors, &source, false)),
    }
}

#[test]
fn every_block_parses() {
    let scripts = scripts();
    assert_eq!(scripts.len(), 18);
    for (name, text) in &scripts {
        tree(name, text);
        // as on a Windows machine
        assert_eq!(tree(name, text), tree(name, &text.replace('\n', "\r\n")));
    }
}

#[test]
fn all_blocks_in_one_session_parse() {
    let all: String = scripts().into_iter().map(|(_, text)| text).collect();
    tree("all.bl", &all);
}

#[test]
fn trees_of_the_blocks() {
    let all: Vec<String> = scripts().iter().map(|(name, text)| tree(name, text)).collect();
    let all = all.join("\n\n");
    for expected in [
        "(call str (call round (* (|> serial_gc (call mean)) 100) 1))",
        "(call map (lambda (i) (record (id: (+ \"seq_\" (call str i))) (seq: (+ dna\"ATCGATCGATCG\" dna\"GCGCATAT\")))))",
        "(async fn fetch_gc (accession) (block (let seq (call ncbi_sequence accession)) (record (accession: accession)",
        "(kmers_unique: (|> (|> (call kmers seq 6) (call sort)) (call len)))",
        "(let end (call min (+ start batch_size) (call len reads)))",
        "(if (== total 0) false (> (/ cg_count total) 0.1))",
        "(= longest (record (id: (.id rec)) (length: l)))",
        "(record (mean_gc: (|> gc_values (call mean))) (mean_len: (|> lengths (call mean))) (count: (call len batch)))",
        "(if (> gc 0.5) (= stream_high_gc (+ stream_high_gc 1)))",
    ] {
        assert!(all.contains(expected), "not found: {expected}\n{all}");
    }
}
