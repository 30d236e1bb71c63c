//! Readers of addresses.

use crate::support::{Answer, Run, Stub, assert_has, server};
use std::time::Duration;
use tempfile::tempdir;

/// So many reads.
fn reads(count: usize) -> String {
    (1..=count).map(|number| format!("@read{number}\nACGTACGTAC\n+\nIIIIIIIIII\n")).collect()
}

/// The same in a file that another program has compressed.
fn compressed(name: &str) -> Vec<u8> {
    let path = format!("{}/builtins/files/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a file of the tests")
}

fn stub() -> Stub {
    server(|question, before| match question.path() {
        "/reads.fq" => Answer::text(reads(5_000)),
        "/mates.fq" => Answer::text(reads(4_999)),
        "/seqs.fa" => Answer::text(">a first\nACGT\nAC\n>b\nGG\n"),
        "/slow.fq" => {
            let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
            Answer::Slow([&head[..], reads(20).as_bytes()].concat(), 30, Duration::from_millis(10))
        }
        "/moved.fq" => Answer::redirect("/reads.fq?token=abcdefgh"),
        "/busy.fq" if before < 2 => Answer::status("503 Service Unavailable", &[("retry-after", "0")]),
        "/busy.fq" => Answer::text(reads(3)),
        "/half.fq" => Answer::bytes(&reads(5_000).as_bytes()[..100_000], 150_000),
        "/empty.fq" => Answer::text(""),
        "/never.fq" => Answer::Late(Duration::from_secs(40), Box::new(Answer::text(""))),
        path => match path.strip_prefix("/half-") {
            Some(name) => {
                let whole = compressed(name);
                Answer::bytes(&whole[..whole.len() - 10], whole.len())
            }
            None if path.starts_with("/two.fq") => {
                let whole = compressed(&path[1..]);
                Answer::bytes(&whole, whole.len())
            }
            None => Answer::Whole("404 Not Found", Vec::new(), "no such reads".into()),
        },
    })
}

#[test]
fn an_address_is_read_like_a_file() {
    let stub = stub();
    let script = r#"println(read_fastq("BASE/reads.fq") |> len())
        let bases = 0
        stream_fastq("BASE/moved.fq", |read| { bases += len(read.seq) }); println(bases)
        println(fastq("BASE/slow.fq") |> map(|read| read.id) |> collect() |> last())
        println(fastq("BASE/reads.fq") |> take(2) |> map(|read| read.id) |> collect())
        println(read_fasta("HTTP://AUTHORITY/seqs.fa") |> map(|record| record.seq))
        println(read_fastq("BASE/empty.fq") |> len()); println(read_fastq("BASE/busy.fq") |> len())
        async fn count_of(path) { fastq(path) |> count() }
        println(await_all([count_of("BASE/reads.fq"), count_of("BASE/slow.fq")]))"#;
    let output = Run::new(&stub, &script.replace("AUTHORITY", &stub.authority)).output();
    let expected = "5000\n50000\nread20\n[read1, read2]\n[DNA(ACGTAC), DNA(GG)]\n0\n3\n[5000, 20]\n";
    assert_eq!(output, expected);
    assert!(stub.questions().iter().all(|question| question.header("accept-encoding") == Some("identity")));
}

#[test]
fn compressed_files_are_recognised() {
    let stub = stub();
    let script = r#"let plain = read_fastq("BASE/two.fq") |> map(|read| read.seq)
        for end in ["gz", "bz2", "xz", "zst"] { println(plain == (read_fastq("BASE/two.fq." + end) |> map(|read| read.seq))) }
        println(len(plain))"#;
    assert_eq!(Run::new(&stub, script).output(), "true\ntrue\ntrue\ntrue\n2\n");
}

#[test]
fn pairs_come_from_two_addresses() {
    let stub = stub();
    let pairs = r#"println(stream_fastq_pairs("BASE/reads.fq", "BASE/reads.fq", |a, b| nil))"#;
    assert_eq!(Run::new(&stub, pairs).output(), "5000\n");
    let unequal = r#"stream_fastq_pairs("BASE/reads.fq?token=abcdefgh", "BASE/mates.fq", |a, b| nil)"#;
    let error = Run::new(&stub, unequal).error();
    assert_has(&error, &["FormatError: ", "reads.fq?token=***"]);
}

#[test]
fn what_does_not_arrive_whole_is_an_error() {
    let stub = stub();
    let error = Run::new(&stub, r#"read_fastq("BASE/half.fq?api_key=abcdefgh") |> len()"#).error();
    assert_has(
        &error,
        &[
            "IOError: GET http://",
            "half.fq?api_key=***",
            "in the middle of the answer",
            "after record ",
            "hint: ",
        ],
    );
    for end in ["gz", "bz2", "xz", "zst"] {
        let script = format!(r#"read_fastq("BASE/half-two.fq.{end}") |> len()"#);
        assert_has(
            &Run::new(&stub, &script).error(),
            &["IOError: GET http://", "in the middle of the answer"],
        );
    }
    let stopped = r#"println((read_fastq("BASE/half.fq", {on_error: "stop"}) |> len()) > 2000)"#;
    let outcome = Run::new(&stub, stopped).outcome();
    assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "true\n"));
    assert_has(&outcome.messages, &["warning: ", "stopped reading: ", "in the middle of the answer"]);
    for (path, parts) in [
        ("BASE/none.fq", &["IOError: GET", "404 Not Found: no such reads", "hint: check the address"][..]),
        ("BASE/seqs.fa", &["TypeError: http://", "seqs.fa is FASTA, not FASTQ"]),
        ("ftp://example.org/x.fq", &["IOError: cannot read ftp://", "hint: addresses begin with https://"]),
        ("http://", &["ValueError: ", "hint: "]),
    ] {
        assert_has(&Run::new(&stub, &format!(r#"read_fastq("{path}")"#)).error(), parts);
    }
}

#[test]
fn the_sandbox_and_the_switch_are_asked() {
    let stub = stub();
    let script = r#"println(read_fastq("BASE/moved.fq") |> len())"#;
    let denied = Run::with_flags(&stub, &["--sandbox"], script).error();
    assert_has(&denied, &["the sandbox does not allow connections to 127.0.0.1:", "hint: --allow-net="]);
    let off = Run::with_flags(&stub, &["--offline"], script).error();
    assert_has(&off, &["the network is switched off"]);
    assert!(stub.questions().is_empty());
    let granted = format!("--allow-net={}", stub.authority);
    assert_eq!(Run::with_flags(&stub, &["--sandbox", &granted], script).output(), "5000\n");
}

#[test]
#[cfg(unix)]
fn waiting_for_a_file_can_be_interrupted() {
    use std::process::{Command, Stdio};
    let stub = stub();
    let folder = tempdir().expect("a folder");
    for path in ["/never.fq", "/slow.fq"] {
        let mut command = Command::new(crate::support::executable());
        let script = format!(r#"while true {{ read_fastq("{}") }}"#, stub.url(path));
        command.args(["-e", &script]).current_dir(folder.path()).env("NO_PROXY", "*");
        let before = stub.questions().len();
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("biovm starts");
        while stub.questions().len() == before {
            std::thread::sleep(Duration::from_millis(5));
        }
        let began = std::time::Instant::now();
        let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()));
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(began.elapsed() < Duration::from_secs(5), "{path}");
    }
}
