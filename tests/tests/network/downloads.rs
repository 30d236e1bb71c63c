//! Downloads.

use crate::support::{Answer, Question, Run, assert_has, server};
use std::fs;
use std::path::Path;
use tempfile::{TempDir, tempdir};

/// What is downloaded: more than is written at once.
fn content() -> String {
    (0..100_000).map(|number| format!("{number:07}\n")).collect()
}

/// Answers as a server does that knows ranges.
fn ranged(question: &Question, version: &str) -> Answer {
    let whole = content();
    let headers = vec![("etag", format!("\"{version}\"")), ("accept-ranges", "bytes".to_owned())];
    let start = question.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
    let same = question.header("if-range").is_some_and(|tag| tag == format!("\"{version}\""));
    match start.filter(|_| same).map(|start| start.parse::<usize>().expect("a number")) {
        None => Answer::Whole("200 OK", headers, whole),
        Some(start) if start >= whole.len() => {
            let range = vec![("content-range", format!("bytes */{}", whole.len()))];
            Answer::Whole("416 Range Not Satisfiable", range, String::new())
        }
        Some(start) => {
            let mut headers = headers;
            headers.push(("content-range", format!("bytes {start}-{}/{}", whole.len() - 1, whole.len())));
            Answer::Whole("206 Partial Content", headers, whole[start..].to_owned())
        }
    }
}

/// The beginning of the whole, and then nothing more.
fn half(version: &str) -> Answer {
    let whole = content();
    let head = format!("HTTP/1.1 200 OK\r\netag: \"{version}\"\r\ncontent-length: {}\r\n\r\n", whole.len());
    Answer::Raw([head.as_bytes(), &whole.as_bytes()[..500_000]].concat())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn folder() -> TempDir {
    tempdir().expect("a folder")
}

const DOWNLOAD: &str =
    r#"println(download("BASE/data/reads.fq?token=abcdefgh", "new.fq", {retries: 0}).size)"#;

#[test]
fn a_file_appears_whole() {
    let stub = server(|question, _| ranged(question, "1"));
    let folder = folder();
    let script = r#"let d = download("BASE/data/reads.fq?token=abcdefgh", "new.fq"); println(d.path); println(d.size); println(d.url)"#;
    let output = Run::new(&stub, script).within(folder.path()).output();
    assert_eq!(output, format!("new.fq\n800000\n{}\n", stub.url("/data/reads.fq?token=***")));
    assert_eq!(fs::read_to_string(folder.path().join("new.fq")).expect("a file"), content());
    assert_eq!(names(folder.path()), ["new.fq"]);

    // A folder takes the name from the address, and so does no path at all.
    let script = r#"println(download("BASE/data/reads.fq", ".").path)
                    println(download("BASE/data/more.fq").path |> split("/") |> last())"#;
    let run =
        Run::new(&stub, script).within(folder.path()).env("BIOLANG_DATA_DIR", folder.path().join("kept"));
    assert_eq!(run.output(), "./reads.fq\nmore.fq\n");
    assert_eq!(names(&folder.path().join("kept")), ["more.fq"]);
}

#[test]
fn a_download_goes_on_within_a_call() {
    let stub = server(|question, before| if before == 0 { half("1") } else { ranged(question, "1") });
    let folder = folder();
    let script = DOWNLOAD.replace("retries: 0", "retries: 1");
    assert_eq!(Run::new(&stub, &script).within(folder.path()).output(), "800000\n");
    let questions = stub.questions();
    assert_eq!(questions[1].header("range"), Some("bytes=500000-"));
    assert_eq!(fs::read_to_string(folder.path().join("new.fq")).expect("a file"), content());
}

#[test]
fn a_download_goes_on_in_a_later_call() {
    let stub = server(|question, before| if before == 0 { half("1") } else { ranged(question, "1") });
    let folder = folder();
    let broken = Run::new(&stub, DOWNLOAD).within(folder.path()).error();
    assert_has(&broken, &["IOError: GET", "reads.fq?token=***", "in the middle of the answer"]);
    assert_eq!(names(folder.path()), [".new.fq.partial", ".new.fq.partial.note"]);
    let note = fs::read_to_string(folder.path().join(".new.fq.partial.note")).expect("a note");
    assert!(!note.contains("abcdefgh"), "{note}");

    assert_eq!(Run::new(&stub, DOWNLOAD).within(folder.path()).output(), "800000\n");
    assert_eq!(stub.questions()[1].header("range"), Some("bytes=500000-"));
    assert_eq!(fs::read_to_string(folder.path().join("new.fq")).expect("a file"), content());
    assert_eq!(names(folder.path()), ["new.fq"]);
}

#[test]
fn another_version_is_fetched_from_the_start() {
    let stub = server(|question, before| if before == 0 { half("old") } else { ranged(question, "new") });
    let folder = folder();
    Run::new(&stub, DOWNLOAD).within(folder.path()).error();
    assert_eq!(Run::new(&stub, DOWNLOAD).within(folder.path()).output(), "800000\n");
    assert_eq!(fs::read_to_string(folder.path().join("new.fq")).expect("a file"), content());

    // Servers that know no ranges, or no versions, send it again; and what is there may be the whole already.
    let stub = server(|_, before| if before == 0 { half("1") } else { Answer::text(content()) });
    Run::new(&stub, DOWNLOAD).within(folder.path()).error();
    assert_eq!(Run::new(&stub, DOWNLOAD).within(folder.path()).output(), "800000\n");
    assert_eq!(fs::read_to_string(folder.path().join("new.fq")).expect("a file"), content());
    let stub = server(|question, _| ranged(question, "1"));
    fs::write(folder.path().join(".new.fq.partial"), content()).expect("a file");
    let note = format!("{}\n\"1\"", stub.url("/data/reads.fq?"));
    fs::write(folder.path().join(".new.fq.partial.note"), note).expect("a file");
    assert_eq!(Run::new(&stub, DOWNLOAD).within(folder.path()).output(), "800000\n");
    assert_eq!(fs::read_to_string(folder.path().join("new.fq")).expect("a file"), content());
}

#[test]
fn a_slow_download_shows_how_far_it_is() {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", content().len());
    let whole = [head.into_bytes(), content().into_bytes()].concat();
    let stub = server(move |question, _| match question.path() {
        "/quick" => Answer::text(content()),
        _ => Answer::Slow(whole.clone(), 8, std::time::Duration::from_millis(400)),
    });
    let folder = folder();
    let run = |progress: &str, path: &str| {
        let script = format!(r#"println(download("BASE/{path}", "new.fq").size)"#);
        let outcome = Run::with_flags(&stub, &[progress], &script).within(folder.path()).outcome();
        assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "800000\n"), "{}", outcome.messages);
        outcome.messages
    };
    let lines = run("--progress=always", "slow");
    assert!(
        lines.starts_with("new.fq: ") && lines.contains(" of 781.25 KiB, ") && lines.ends_with(" left\n"),
        "{lines}"
    );
    assert!(!lines.contains("record"), "{lines}");
    assert_eq!(run("--progress=never", "slow"), "");
    assert_eq!(run("--progress=auto", "slow"), "", "no terminal");
    assert_eq!(run("--progress=always", "quick"), "");
}

#[test]
fn checksums_are_verified() {
    let stub = server(|_, _| Answer::text("abc"));
    let folder = folder();
    fs::write(folder.path().join("x"), "before").expect("a file");
    let fetch = |checksum: &str| {
        let script = format!(r#"println(download("BASE/x", "x", {{checksum: "{checksum}"}}).size)"#);
        Run::new(&stub, &script).within(folder.path())
    };
    let error = fetch("md5:00000000000000000000000000000000").error();
    assert_has(
        &error,
        &[
            "the checksum is wrong: md5 0000",
            "900150983cd24fb0d6963f7d28e17f72 was found",
            "hint: nothing was",
        ],
    );
    assert_eq!(fs::read_to_string(folder.path().join("x")).expect("a file"), "before");
    assert_eq!(names(folder.path()), ["x"]);
    assert_has(&fetch("md5:12").error(), &["ValueError: download() requires a checksum"]);
    assert_eq!(
        fetch("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").output(),
        "3\n"
    );
    assert_eq!(fs::read_to_string(folder.path().join("x")).expect("a file"), "abc");
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let stub = server(|question, _| match question.path() {
        "/missing" => Answer::Whole("404 Not Found", Vec::new(), "no such file".into()),
        _ => Answer::text("x".repeat(1000)),
    });
    let folder = folder();
    for (call, expected) in [
        (r#"download("BASE/x", "none/x")"#, "cannot write none/x: its directory does not exist"),
        (r#"download("BASE/", ".")"#, "names no file"),
        (r#"download("BASE/missing", "x")"#, "404 Not Found: no such file"),
        (r#"download("BASE/x", "x", {max_size: 999})"#, "more than 999 bytes: it has 1000"),
        (r#"download("BASE/x", "x", {checksm: "a"})"#, "download() has no option 'checksm'"),
    ] {
        assert_has(&Run::new(&stub, call).within(folder.path()).error(), &[expected]);
        assert!(!folder.path().join("x").exists(), "{call}");
    }
}

#[test]
fn two_downloads_do_not_write_the_same_file() {
    let stub =
        server(|_, _| Answer::Late(std::time::Duration::from_millis(600), Box::new(Answer::text(content()))));
    let folder = folder();
    let script = r#"async fn fetch() { download("BASE/x", "x") }
        let all = await_all([fetch(), fetch()], {settle: true})
        println(all |> filter(|one| one.ok) |> len())
        println(all |> filter(|one| not one.ok) |> map(|one| str(one.error)) |> first())"#;
    let output = Run::new(&stub, script).within(folder.path()).output();
    assert_has(&output, &["1\n", "cannot write x: another download is writing it"]);
    assert_eq!(fs::read_to_string(folder.path().join("x")).expect("a file"), content());
}
