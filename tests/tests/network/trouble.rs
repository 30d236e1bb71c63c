//! What servers and networks do wrong: the script sees the right value, or one clear error.

use crate::support::{Answer, Run, Stub, assert_has, server};
use std::time::{Duration, Instant};

const GET: &str = r#"println(http_get("BASE/x").body)"#;

#[test]
fn trouble_that_passes_is_not_seen() {
    for first in [
        Answer::status("500 Internal Server Error", &[]),
        Answer::status("502 Bad Gateway", &[]),
        Answer::status("503 Service Unavailable", &[]),
        Answer::status("429 Too Many Requests", &[]),
        Answer::Reset,
        Answer::Raw(Vec::new()),
        Answer::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly half".to_vec()),
        Answer::Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal".to_vec()),
    ] {
        let begin = first.clone();
        let stub = server(move |_, before| if before == 0 { begin.clone() } else { Answer::text("right") });
        assert_eq!(Run::new(&stub, GET).output(), "right\n", "{first:?}");
        assert_eq!(stub.questions().len(), 2, "{first:?}");
    }
}

#[test]
fn trouble_that_stays_is_one_error() {
    for (answer, count, expected) in [
        (Answer::status("503 Service Unavailable", &[]), 3, "the server answers 503 Service Unavailable"),
        (Answer::Reset, 3, "the server closed the connection before it answered"),
        (
            Answer::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_vec()),
            3,
            "in the middle of the answer",
        ),
        (Answer::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), 1, "what the server sent is no answer"),
        (
            Answer::Whole("404 Not Found", Vec::new(), "no\n such page".into()),
            1,
            "answers 404 Not Found: no such page",
        ),
        (Answer::Whole("200 OK", Vec::new(), String::new()), 1, ""),
    ] {
        let stub = server(move |_, _| answer.clone());
        let run = Run::new(&stub, GET);
        if expected.is_empty() {
            assert_eq!(run.output(), "\n");
        } else {
            assert_has(&run.error(), &["IOError: GET http://127.0.0.1:", "/x: ", expected, "hint: "]);
        }
        assert_eq!(stub.questions().len(), count, "{expected}");
    }
}

#[test]
fn an_error_can_be_caught_or_avoided() {
    let stub = server(|_, _| Answer::Whole("418 I'm a teapot", Vec::new(), "short and stout".into()));
    let script = r#"let a = http_get("BASE/", {raise: false}); println(str(a.status) + " " + a.body)
                    try { http_get("BASE/") } catch e { println(e.kind) }"#;
    assert_eq!(Run::new(&stub, script).output(), "418 short and stout\nIOError\n");
}

#[test]
fn a_pause_that_the_server_asks_for_is_kept() {
    let stub = server(|_, before| match before {
        0 => Answer::status("429 Too Many Requests", &[("retry-after", "1")]),
        _ => Answer::text("right"),
    });
    assert_eq!(Run::new(&stub, GET).output(), "right\n");
    let times: Vec<Duration> = stub.questions().iter().map(|question| question.time).collect();
    assert!(times.len() == 2 && times[1] - times[0] >= Duration::from_secs(1), "{times:?}");

    let stub = server(|_, _| Answer::status("503 Service Unavailable", &[("retry-after", "3600")]));
    let error = Run::new(&stub, GET).error();
    assert_has(&error, &["503 Service Unavailable", "hint: the server asks to wait 3600 s"]);
    assert_eq!(stub.questions().len(), 1);
}

#[test]
fn what_may_have_happened_is_not_sent_again() {
    let reset = server(|_, _| Answer::Reset);
    assert_has(&Run::new(&reset, r#"http_post("BASE/", "x")"#).error(), &["IOError: POST"]);
    assert_eq!(reset.questions().len(), 1);
    let failing = server(|_, _| Answer::status("500 Internal Server Error", &[]));
    assert_has(&Run::new(&failing, r#"http_post("BASE/", "x")"#).error(), &["500 Internal Server Error"]);
    assert_eq!(failing.questions().len(), 1);
}

#[test]
fn slow_servers_are_given_up() {
    let late = server(|_, _| Answer::Late(Duration::from_secs(5), Box::new(Answer::text("late"))));
    let slow = server(|_, _| {
        // Half of it comes in time.
        Answer::Whole("200 OK", Vec::new(), "x".repeat(100_000))
    });
    let began = Instant::now();
    let error = Run::new(&late, r#"http_get("BASE/", {timeout: 0.3, retries: 1})"#).error();
    assert_has(&error, &["the server does not answer within 0.3 s (2 tries)", "hint: the option 'timeout'"]);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(Run::new(&slow, r#"println(len(http_get("BASE/", {timeout: 5}).body))"#).output(), "100000\n");
}

#[test]
fn circles_end() {
    let stub = server(|_, _| Answer::redirect("/x"));
    assert_has(
        &Run::new(&stub, GET).error(),
        &["more than 10 redirects", "hint: the server leads in a circle"],
    );
    assert_eq!(stub.questions().len(), 11);
    for target in ["ftp://example.org/x", "file:///etc/passwd", "http://", "javascript:1"] {
        let stub = server(move |_, _| Answer::redirect(target));
        assert_has(&Run::new(&stub, GET).error(), &["the server redirects to", "hint: "]);
    }
}

#[test]
fn large_answers_are_refused() {
    let stub = server(|question, _| match question.path() {
        "/chunked" => {
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
            let begin = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            Answer::Raw(format!("{begin}{}0\r\n\r\n", chunk.repeat(100)).into_bytes())
        }
        _ => Answer::text("x".repeat(100_000)),
    });
    let fetch = |path: &str, size: u32| {
        Run::new(&stub, &format!(r#"println(len(http_get("BASE{path}", {{max_size: {size}}}).body))"#))
    };
    assert_eq!(fetch("/x", 100_000).output(), "100000\n");
    let hint = "hint: the option 'max_size' allows more; download()";
    assert_has(&fetch("/x", 99_999).error(), &["the answer has more than 99999 bytes: it has 100000", hint]);
    assert_has(&fetch("/chunked", 10_000).error(), &["the answer has more than 10000 bytes", hint]);
}

#[test]
fn nobody_there() {
    let stub = server(|_, _| Answer::text(""));
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port");
    let fetch = |url: &str| Run::new(&stub, &format!(r#"http_get("{url}", {{retries: 0}})"#)).error();
    assert_has(
        &fetch(&format!("http://{free}/")),
        &["cannot connect to 127.0.0.1:", "nobody listens there", "hint: "],
    );
    assert_has(
        &fetch("http://no-such-host.invalid/"),
        &["cannot find the address of no-such-host.invalid", "hint: "],
    );
    assert_has(&fetch("reads.fq"), &["ValueError: 'reads.fq' is no address", "hint: write it as https://"]);
    assert_has(&fetch("ftp://example.org/x"), &["ValueError: ftp://example.org/x is no address", "hint: "]);
}

#[test]
fn wrong_arguments_are_named() {
    let stub = server(|_, _| Answer::text(""));
    for (call, expected) in [
        (r#"http_get("BASE/", {timout: 5})"#, "http_get() requires the header 'timout' of Str, got Int"),
        (r#"http_get("BASE/", {timeout: 5, x: 1})"#, "http_get() has no option 'x'"),
        (r#"http_get("BASE/", {timeout: 0})"#, "'timeout' of more than 0 seconds"),
        (r#"http_get("BASE/", {timeout: "5"})"#, "option 'timeout' requires a number, got Str"),
        (r#"http_get("BASE/", {retries: -1})"#, "'retries' from 0 to 100"),
        (r#"http_get("BASE/", {"a b": "c"})"#, "'a b' cannot be the name of a header"),
        (r#"http_get("BASE/", {a: "b\r\nc: d"})"#, "the header 'a' has a line break"),
        (r#"http_get("BASE/", {Host: "example.org"})"#, "http_get() sets the header 'host' itself"),
        (r#"http_post("BASE/", {f: |x| x})"#, "Function cannot be sent as JSON"),
    ] {
        assert_has(&Run::new(&stub, call).error(), &[expected]);
    }
    assert!(stub.questions().is_empty());
}

#[test]
fn answers_that_are_no_text_are_named() {
    let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n".to_vec();
    bytes.extend([b'a', b'b', 0xff, 0xfe]);
    let stub = server(move |_, _| Answer::Raw(bytes.clone()));
    assert_has(&Run::new(&stub, GET).error(), &["the answer is no text: byte 2", "hint: download()"]);
}

#[test]
fn keys_are_in_no_message() {
    let key = "0123456789abcdef";
    let answers: [fn(&str) -> Answer; 3] = [
        |_| Answer::status("403 Forbidden", &[]),
        |key| Answer::Whole("400 Bad Request", Vec::new(), format!("API key invalid: {key}")),
        |_| Answer::Reset,
    ];
    for make in answers {
        let stub: Stub = server(move |_, _| make(key));
        for script in [
            format!(r#"http_get("BASE/?db=x&api_key={key}", {{retries: 0}})"#),
            format!(r#"http_get("BASE/", {{headers: {{Authorization: "Bearer {key}"}}, retries: 0}})"#),
            r#"ncbi_search("gene", "TP53", 5, {timeout: 1})"#.to_owned(),
        ] {
            let outcome = Run::new(&stub, &script).env("NCBI_API_KEY", key).outcome();
            assert_eq!(outcome.code, Some(1));
            // The script itself may show what it says itself.
            let said: Vec<&str> =
                outcome.messages.lines().filter(|line| !line.trim_start().starts_with('|')).collect();
            assert!(said.iter().all(|line| !line.contains(key)), "{}", outcome.messages);
        }
    }
}

#[test]
#[cfg(unix)]
fn a_fetch_can_be_interrupted() {
    use std::process::{Command, Stdio};
    let stub = server(|_, _| Answer::Late(Duration::from_secs(30), Box::new(Answer::text(""))));
    let script = format!(r#"http_get("{}")"#, stub.url("/"));
    let mut command = Command::new(crate::support::executable());
    command.args(["-e", &script]).stdout(Stdio::null()).stderr(Stdio::piped());
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let child = command.spawn().expect("biovm starts");
    while stub.questions().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let began = Instant::now();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(began.elapsed() < Duration::from_secs(5));
}
