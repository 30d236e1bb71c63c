//! Right answers.

use crate::support::{Answer, Run, assert_has, server};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

#[test]
fn an_answer_is_a_record() {
    let stub = server(|question, _| {
        let headers = vec![("x-kind", "one".to_owned()), ("X-Kind", "two".to_owned())];
        Answer::Whole(
            "200 OK",
            headers,
            format!("{}|{}", question.target, question.header("x-key").unwrap_or("none")),
        )
    });
    let output = Run::new(
        &stub,
        r#"let a = http_get("BASE/a%20b?x=1&y=ü"); println(a.status); println(a.body); println(a.headers["x-kind"])
           println(http_get("BASE/", {"X-Key": "k"}).body)
           println(http_get("BASE/", {headers: {"X-Key": "l"}, timeout: 2.5}).body)"#,
    );
    assert_eq!(output.output(), "200\n/a%20b?x=1&y=%C3%BC|none\none, two\n/|k\n/|l\n");
    let questions = stub.questions();
    assert!(
        questions[0].header("user-agent").is_some_and(|agent| agent.starts_with("biovm/")),
        "{questions:?}"
    );
}

#[test]
fn text_and_json_are_posted() {
    let stub = server(|question, _| {
        Answer::text(format!(
            "{} {} {}",
            question.method,
            question.header("content-type").unwrap_or(""),
            question.body
        ))
    });
    let output = Run::new(
        &stub,
        r#"println(http_post("BASE/", "ü").body)
           println(http_post("BASE/", {ids: ["a", 1], deep: {x: 1.5, y: nil, z: dna"ACGT"}}).body)
           println(http_post("BASE/", "<x/>", {"Content-Type": "text/xml"}).body)"#,
    );
    assert_eq!(
        output.output(),
        "POST text/plain; charset=utf-8 ü\n\
         POST application/json {\"ids\":[\"a\",1],\"deep\":{\"x\":1.5,\"y\":null,\"z\":\"ACGT\"}}\n\
         POST text/xml <x/>\n"
    );
}

#[test]
fn redirects_are_followed() {
    let other = server(|question, _| {
        let key = question.header("x-key").or(question.header("authorization")).unwrap_or("nothing");
        Answer::text(format!("{} {} {key}", question.method, question.target))
    });
    let target = other.url("/there");
    let stub = server(move |question, _| match question.path() {
        "/away" => Answer::redirect(target.clone()),
        "/kept" => {
            Answer::Whole("307 Temporary Redirect", vec![("location", "/end".to_owned())], String::new())
        }
        "/end" => {
            let key = question.header("x-key").unwrap_or("nothing");
            Answer::text(format!("{} {} {key} {}", question.method, question.target, question.body))
        }
        _ => Answer::redirect("end?b=2"),
    });
    let output = Run::new(
        &stub,
        r#"println(http_get("BASE/start?a=1", {"X-Key": "k"}).body)
           println(http_post("BASE/start", "text", {"X-Key": "k"}).body)
           println(http_post("BASE/kept", "text", {"X-Key": "k"}).body)
           println(http_get("BASE/away", {"X-Key": "secret", Authorization: "Bearer abc"}).body)"#,
    );
    // Another server gets nothing of what was meant for the first one.
    assert_eq!(output.output(), "GET /end?b=2 k \nGET /end?b=2 k \nPOST /end k text\nGET /there nothing\n");
}

#[test]
fn chunked_answers_are_put_together() {
    let text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nACGT\r\n6;x=y\r\nTTTTTT\r\n0\r\nx-end: 1\r\n\r\n";
    let stub = server(move |_, _| Answer::Raw(text.as_bytes().to_vec()));
    assert_eq!(Run::new(&stub, r#"println(http_get("BASE/").body)"#).output(), "ACGTTTTTTT\n");
}

#[test]
fn connections_are_used_again() {
    let ports = Arc::new(std::sync::Mutex::new(HashSet::new()));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = ports.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            seen.lock().expect("no panic").insert(stream.peer_addr().expect("an address").port());
            thread::spawn(move || answer_everything(stream));
        }
    });
    let stub = server(|_, _| Answer::text(""));
    let script = format!(
        r#"for i in range(20) {{ http_get("http://{address}/") }}
           println(range(40) |> par_map(|i| http_get("http://{address}/" + str(i)).body) |> unique() |> len())"#
    );
    assert_eq!(Run::with_flags(&stub, &["--workers", "4"], &script).output(), "1\n");
    // The first loop needs one, and each of the workers one at the most.
    let count = ports.lock().expect("no panic").len();
    assert!((1..=5).contains(&count), "{count} connections");
}

fn answer_everything(mut stream: TcpStream) {
    let mut bytes = [0; 4096];
    while stream.read(&mut bytes).is_ok_and(|count| count > 0) {
        if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").is_err() {
            return;
        }
    }
}

#[test]
fn a_connection_that_the_server_has_closed_meanwhile_is_replaced() {
    // Announces nothing and closes after each answer.
    let stub = server(|_, _| Answer::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec()));
    let script = r#"for i in range(5) { println(http_get("BASE/", {retries: 0}).body); sleep(20) }"#;
    assert_eq!(Run::new(&stub, script).output(), "ok\n".repeat(5));
}

#[test]
fn proxies_of_the_environment_are_used() {
    let stub = server(|_, _| Answer::text("direct"));
    let proxy = server(|question, _| {
        Answer::text(format!(
            "proxy {} {}",
            question.target,
            question.header("proxy-authorization").unwrap_or("-")
        ))
    });
    let run = |variable: &str, value: String| {
        Run::new(&stub, r#"println(http_get("BASE/x").body)"#).env(variable, value)
    };
    let address = format!("http://user:password@{}", proxy.authority);
    let asked = format!("proxy {} Basic dXNlcjpwYXNzd29yZA==\n", stub.url("/x"));
    assert_eq!(run("http_proxy", address.clone()).output(), asked);
    assert_eq!(run("ALL_PROXY", address.clone()).output(), asked);
    assert_eq!(run("https_proxy", address.clone()).output(), "direct\n");
    assert_eq!(run("http_proxy", address).env("no_proxy", "example.org,127.0.0.1").output(), "direct\n");
    let error = run("http_proxy", "socks5://user:password@x:1".to_owned()).error();
    let socks = "socks5:// is a SOCKS proxy, which biovm does not support";
    assert_has(&error, &["IOError: GET", "proxy", socks, "hint: write http_proxy"]);
    for (name, script) in
        [("ALL_PROXY", r#"http_get("BASE/x")"#), ("all_proxy", r#"http_get("https://a.org")"#)]
    {
        let error = Run::new(&stub, script).env(name, "socks5h://user:password@x:1").error();
        assert_has(&error, &["socks5h:// is a SOCKS proxy, which biovm does not support"]);
        assert!(!error.contains("password"), "{error}");
    }
    assert!(!error.contains("password"), "{error}");
}

#[test]
fn encrypted_connections_need_a_trusted_certificate() {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let configuration = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)
        .expect("a configuration");
    let configuration = Arc::new(configuration);
    let listener = TcpListener::bind("localhost:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(configuration.clone()).expect("a session");
            let mut encrypted = rustls::Stream::new(&mut session, &mut stream);
            let mut bytes = [0; 4096];
            if encrypted.read(&mut bytes).is_ok_and(|count| count > 0) {
                let _ = encrypted.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret");
            }
        }
    });
    // Asks for a tunnel, and gets one.
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let proxy_address = proxy.local_addr().expect("an address");
    thread::spawn(move || {
        for mut client in proxy.incoming().flatten() {
            let mut bytes = [0; 4096];
            let count = client.read(&mut bytes).unwrap_or(0);
            assert!(bytes[..count].starts_with(format!("CONNECT localhost:{port} HTTP/1.1\r\n").as_bytes()));
            let _ = client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            let mut target = TcpStream::connect(("localhost", port)).expect("the server");
            let (mut back, mut forth) =
                (client.try_clone().expect("a socket"), target.try_clone().expect("a socket"));
            thread::spawn(move || std::io::copy(&mut forth, &mut back));
            thread::spawn(move || std::io::copy(&mut client, &mut target));
        }
    });

    let stub = server(|_, _| Answer::text(""));
    let script =
        format!(r#"println(http_get("https://localhost:{port}/", {{retries: 0, timeout: 5}}).body)"#);
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, key.cert.pem()).expect("a file");
    let run = || Run::new(&stub, &script);
    assert_eq!(run().env("SSL_CERT_FILE", &trusted).output(), "secret\n");
    let through = run().env("SSL_CERT_FILE", &trusted).env("https_proxy", proxy_address.to_string());
    assert_eq!(through.output(), "secret\n");
    assert_has(&run().error(), &["the certificate of localhost is not trusted", "hint:", "SSL_CERT_FILE"]);
}
