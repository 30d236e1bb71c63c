//! The databases of NCBI.

use crate::support::{Answer, Question, Run, Stub, assert_has, server};
use std::fs;
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// Answers as the E-utilities do, for made-up records: the sequence of an id is its last digit in letters.
fn ncbi(question: &Question) -> Answer {
    let id = question.parameter("id").unwrap_or_default();
    let ids: Vec<&str> = id.split(',').collect();
    let unknown = ids.iter().any(|id| id.contains("999999"));
    match question.path() {
        "/eutils/esearch.fcgi" => {
            let term = question.parameter("term").unwrap_or_default();
            let count = if term.contains("nothing") { 0 } else { 2 };
            let ids = &["\"7157\"", "\"22059\""][..count];
            Answer::text(format!(
                r#"{{"header":{{}},"esearchresult":{{"count":"{}","retmax":"20","idlist":[{}]}}}}"#,
                count * 21,
                ids.join(",")
            ))
        }
        "/eutils/esummary.fcgi" => {
            let documents = ids.iter().map(|id| match *id {
                "999999" => format!(r#""{id}":{{"uid":"{id}","error":"cannot get document summary"}}"#),
                _ => format!(
                    r#""{id}":{{"uid":"{id}","name":"TP53","description":"tumor protein p53","chromosome":"17",
                    "maplocation":"17p13.1","nomenclaturename":"","organism":{{"scientificname":"Homo sapiens"}},
                    "summary":"guardian","genomicinfo":[{{"exoncount":12}}]}}"#
                ),
            });
            let documents: Vec<String> = documents.collect();
            let uids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
            Answer::text(format!(r#"{{"result":{{"uids":[{}],{}}}}}"#, uids.join(","), documents.join(",")))
        }
        _ if unknown && ids.len() == 1 => {
            Answer::Whole("400 Bad Request", Vec::new(), "Failed to retrieve sequence: NM_999999".into())
        }
        _ => {
            let known = ids.iter().filter(|id| !id.contains("999999"));
            let is_protein = question.parameter("db").as_deref() == Some("protein");
            let letter = |digit: u8| if is_protein { b'M' } else { b"ACGTACGTRN"[usize::from(digit - b'0')] };
            let records = known.map(|id| {
                let last = *id.as_bytes().last().expect("an id");
                format!(">{id}.3 record {id}\nACGT\n{}\n\n", char::from(letter(last)))
            });
            Answer::text(records.collect::<String>())
        }
    }
}

fn stub() -> Stub {
    server(|question, _| ncbi(question))
}

#[test]
fn ids_are_searched() {
    let stub = stub();
    let output = Run::new(
        &stub,
        r#"println(ncbi_search("gene", "TP53[gene] AND human[orgn]"))
           println(ncbi_search("gene", "b", 5, {count: true, sort: "relevance"}))
           println(ncbi_search("gene", "nothing"))"#,
    );
    let output = output.env("NCBI_EMAIL", "me@example.org").output();
    assert_eq!(
        output.lines().collect::<Vec<_>>(),
        ["[7157, 22059]", "{count: 42, ids: [7157, 22059]}", "[]"]
    );
    let questions = stub.questions();
    let parameters = |number: usize, name: &str| questions[number].parameter(name);
    for (name, value) in [
        ("db", "gene"),
        ("term", "TP53[gene] AND human[orgn]"),
        ("retmax", "20"),
        ("tool", "biovm"),
        ("email", "me@example.org"),
    ] {
        assert_eq!(parameters(0, name).as_deref(), Some(value), "{name}");
    }
    assert!(questions[0].target.contains("TP53%5Bgene%5D"), "{}", questions[0].target);
    assert_eq!(
        (parameters(1, "retmax"), parameters(1, "sort")),
        (Some("5".into()), Some("relevance".into()))
    );
}

#[test]
fn sequences_have_their_type() {
    let stub = stub();
    let output = Run::new(
        &stub,
        r#"let seq = ncbi_sequence("NM_000541"); println(seq); println(type(seq)); println(gc_content(seq)); println(len(seq))
           println(type(ncbi_sequence("NP_000537.3"))); println(ncbi_sequence("NM_000008"))
           println(ncbi_sequence("NM_000541", {as: "record"}))
           println(ncbi_sequence("NM_000541", {as: "fasta"}) |> trim())
           println(ncbi_sequence(["NM_000541", "NP_000001", "NM_000542", "NM_000541"]))
           println(ncbi_sequence([]))
           println(ncbi_sequence(1798174254, {region: "100-200", strand: "-"}))
           println(ncbi_fetch("NM_000541", "nucleotide") |> split("\n") |> first())"#,
    );
    let output = output.output();
    assert_eq!(
        output.lines().collect::<Vec<_>>(),
        [
            "ACGTC",
            "DNA",
            "0.6",
            "5",
            "Protein",
            "ACGTR",
            "{id: NM_000541.3, description: record NM_000541, seq: DNA(ACGTC), length: 5}",
            ">NM_000541.3 record NM_000541",
            "ACGT",
            "C",
            "[DNA(ACGTC), Protein(ACGTM), DNA(ACGTG), DNA(ACGTC)]",
            "[]",
            "ACGTA",
            ">NM_000541.3 record NM_000541",
        ]
    );
    let questions = stub.questions();
    let databases: Vec<_> =
        questions.iter().map(|question| question.parameter("db").unwrap_or_default()).collect();
    assert_eq!(databases, ["nucleotide", "protein", "nucleotide", "nucleotide", "protein", "nucleotide"]);
    let window =
        ["seq_start", "seq_stop", "strand"].map(|name| questions[5].parameter(name).unwrap_or_default());
    assert_eq!(window, ["100", "200", "2"]);
}

#[test]
fn many_ids_are_asked_for_together() {
    let stub = stub();
    let script = r#"let ids = range(450) |> map(|i| "NM_" + str(i + 100000))
        let seqs = ncbi_sequence(ids); println(len(seqs)); println(seqs[3]); println(seqs[449]); println(str(seqs[0]))"#;
    let output = Run::new(&stub, script).output();
    assert_eq!(output, "450\nACGTT\nACGTN\nACGTA\n");
    assert_eq!(stub.questions().len(), 3);
}

#[test]
fn summaries_and_genes_are_records() {
    let stub = stub();
    let output = Run::new(
        &stub,
        r#"let s = ncbi_summary([7157, "22059"], "gene"); println(s |> map(|d| d.uid)); println(s[0].genomicinfo[0].exoncount)
           println(ncbi_gene("TP53") |> len())
           println(ncbi_gene("TP53", {one: true}) |> keys())
           println(ncbi_gene("TP53", 1, {organism: "mouse", one: true}).organism)
           println(ncbi_gene("nothing[title]", 5))"#,
    );
    let outcome = output.outcome();
    assert_eq!(outcome.output.lines().collect::<Vec<_>>()[..3], ["[7157, 22059]", "12", "2"], "{outcome:?}");
    let terms: Vec<_> = stub.questions().iter().filter_map(|question| question.parameter("term")).collect();
    assert_eq!(terms[0], "TP53[sym] AND human[orgn]");
}

#[test]
fn answers_can_be_had_as_they_are() {
    let stub = stub();
    let output = Run::new(
        &stub,
        r#"let found = ncbi_search("gene", "x", 5, {raw: true}); println(keys(found)); println(found.esearchresult)
           let all = ncbi_summary(range(1, 251) |> collect(), "gene", {raw: true}).result
           println(len(all.uids)); println(all["250"].organism); println(all["7"].nomenclaturename == "")
           let gene = ncbi_gene("TP53", {raw: true, one: true})
           println(gene.esearchresult.count); println(gene.result.uids); println(gene.result["7157"].maplocation)
           println(keys(ncbi_gene("nothing[title]", {raw: true}))); println(ncbi_summary([], "gene", {raw: true}))"#,
    );
    assert_eq!(
        output.output().lines().collect::<Vec<_>>(),
        [
            "[header, esearchresult]",
            "{count: 42, retmax: 20, idlist: [7157, 22059]}",
            "250",
            "{scientificname: Homo sapiens}",
            "true",
            "42",
            "[7157, 22059]",
            "17p13.1",
            "[header, esearchresult]",
            "nil",
        ]
    );
    assert_has(
        &Run::new(&stub, r#"ncbi_summary(999999, "gene", {raw: true})"#).error(),
        &["knows nothing about"],
    );
}

#[test]
fn what_ncbi_does_not_know_is_an_error() {
    let stub = stub();
    for (call, parts) in [
        (r#"ncbi_sequence("NM_999999")"#, ["400 Bad Request: Failed to retrieve", "hint: check the ids"]),
        (
            r#"ncbi_sequence(["NM_000541", "NM_999999"])"#,
            ["NCBI has no sequence NM_999999", "hint: check the accession"],
        ),
        (r#"ncbi_summary(999999, "gene")"#, ["NCBI knows nothing about the id 999999", "hint: check the id"]),
        (
            r#"ncbi_sequence("TP53")"#,
            ["looks like the symbol of a gene", "hint: look for its id: ncbi_search("],
        ),
        (
            r#"ncbi_sequence("NM_1", {region: "9-3"})"#,
            ["requires 'region' as \"100-200\"", "hint: positions count from 1"],
        ),
        (r#"ncbi_sequence("a,b")"#, ["ncbi_sequence() requires ids", "hint: several ids are a list"]),
        (r#"ncbi_search("gene", "x", 20000)"#, ["at most 10000 results", "hint: make the term more precise"]),
    ] {
        assert_has(&Run::new(&stub, call).error(), &parts);
    }
    let odd = server(|_, _| Answer::text("<html>maintenance</html>"));
    for call in [r#"ncbi_search("gene", "x")"#, r#"ncbi_sequence("NM_000541")"#, r#"ncbi_summary(1, "gene")"#]
    {
        assert_has(&Run::new(&odd, call).error(), &["FormatError: ", "not what NCBI documents", "hint: "]);
    }
}

fn spaced(key: Option<&str>, count: usize) -> Vec<Duration> {
    let stub = stub();
    let script = format!(
        r#"async fn fetch(i) {{ ncbi_sequence("NM_00000" + str(i)) }}
           println(range({count}) |> map(|i| fetch(i)) |> await_all() |> len())"#
    );
    let run = Run::new(&stub, &script);
    let run = match key {
        Some(key) => run.env("NCBI_API_KEY", key),
        None => run,
    };
    assert_eq!(run.output(), format!("{count}\n"));
    let questions = stub.questions();
    assert!(questions.iter().all(|question| question.parameter("api_key").as_deref() == key));
    questions.iter().map(|question| question.time).collect()
}

#[test]
fn requests_keep_their_distance() {
    for (key, count, most) in [(None, 9, 3), (Some("0123456789"), 25, 10)] {
        let mut times = spaced(key, count);
        times.sort();
        for window in times.windows(most + 1) {
            let span = window[most] - window[0];
            // When they arrive is not quite when they were sent.
            assert!(span > Duration::from_millis(800), "{most} + 1 requests within {span:?}");
        }
    }
}

#[test]
fn answers_are_kept() {
    let stub = stub();
    let script = r#"for i in range(3) { println(ncbi_sequence("NM_000541")) }"#;
    assert_eq!(Run::new(&stub, script).output(), "ACGTC\n".repeat(3));
    assert_eq!(stub.questions().len(), 1);
    // In memory only, unless somebody asks for more.
    let folder = tempdir().expect("a folder");
    let kept = folder.path().join("kept");
    let run = |flags: &[&str], script: &str| {
        Run::with_flags(&stub, flags, script).env("BIOVM_CACHE_DIR", &kept).env("NCBI_API_KEY", "0123456789")
    };
    run(&[], script).output();
    assert!(!kept.exists());
    assert_eq!(stub.questions().len(), 2);

    let keeping = r#"println(ncbi_sequence("NM_000541", {cache: true}))"#;
    for _ in 0..2 {
        assert_eq!(run(&[], keeping).output(), "ACGTC\n");
        assert_eq!(run(&[], script).env("BIOVM_CACHE", "1").output(), "ACGTC\n".repeat(3));
        assert_eq!(stub.questions().len(), 3);
    }
    for entry in fs::read_dir(kept.join("ncbi")).expect("a folder") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        assert!(!text.contains("0123456789"), "{text}");
    }
    // It answers without the network, for any time and without a key; what is not kept is an error.
    assert_eq!(run(&["--offline"], script).output(), "ACGTC\n".repeat(3));
    let began = Instant::now();
    let error = run(&["--offline"], r#"ncbi_sequence("NM_000542")"#).error();
    assert_has(
        &error,
        &["the network is switched off, and no answer to this is kept", "hint: ask once with the network"],
    );
    assert!(began.elapsed() < Duration::from_secs(5));
    // What is too old is asked for again, and what is damaged too.
    std::thread::sleep(Duration::from_millis(20));
    run(&[], r#"ncbi_sequence("NM_000541", {cache: true, ttl: "1ms"})"#).output();
    assert_eq!(stub.questions().len(), 4);
    run(&[], r#"ncbi_sequence("NM_000541", {cache: false})"#).env("BIOVM_CACHE", "1").output();
    assert_eq!(stub.questions().len(), 5);
    assert_has(
        &run(&[], r#"ncbi_sequence("NM_000541", {ttl: "x"})"#).error(),
        &["'ttl' is no length of time", "hint: "],
    );
}

#[test]
fn kept_answers_are_files_to_the_sandbox() {
    let stub = stub();
    let folder = tempdir().expect("a folder");
    let network = format!("--allow-net={}", stub.authority);
    let grant = |verb: &str| format!("--allow-{verb}={}", folder.path().display());
    let keeping = r#"println(ncbi_sequence("NM_000541", {cache: true}))"#;
    let run = |flags: &[&str]| Run::with_flags(&stub, flags, keeping).env("BIOVM_CACHE_DIR", folder.path());
    let denied = run(&["--sandbox", &network]).error();
    assert_has(&denied, &["the sandbox does not allow writing", "hint: --allow-write="]);
    run(&["--sandbox", &network, &grant("write")]).output();
    let asked = stub.questions().len();
    assert_eq!(run(&["--sandbox", "--offline", &grant("read")]).output(), "ACGTC\n");
    assert_has(&run(&["--sandbox", "--offline"]).error(), &["no answer to this is kept"]);
    assert_eq!(stub.questions().len(), asked);
}
