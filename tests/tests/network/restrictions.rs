//! Sandbox and `--offline`.

use crate::support::{Answer, Run, assert_has, server};
use std::fs;
use tempfile::tempdir;

#[test]
fn each_connection_needs_a_grant() {
    let other = server(|_, _| Answer::text("secret"));
    let target = other.url("/");
    let stub = server(move |question, _| match question.path() {
        "/away" => Answer::redirect(target.clone()),
        _ => Answer::text("ok"),
    });
    let granted = format!("--allow-net={}", stub.authority);
    let folder = tempdir().expect("a folder");
    let write = format!("--allow-write={}", folder.path().display());
    let get = r#"println(http_get("BASE/x").body)"#;
    assert_eq!(Run::with_flags(&stub, &["--sandbox", &granted], get).output(), "ok\n");

    let denied = Run::with_flags(&stub, &["--sandbox"], get).error();
    let what = format!("the sandbox does not allow connections to {}", stub.authority);
    assert_has(&denied, &["IOError: GET", &what, &format!("hint: {granted} allows them")]);
    for script in
        [r#"http_post("BASE/", "x")"#, r#"ncbi_search("gene", "TP53")"#, r#"download("BASE/x", "x")"#]
    {
        assert_has(
            &Run::with_flags(&stub, &["--sandbox", &write], script).within(folder.path()).error(),
            &["the sandbox does not allow connections"],
        );
    }
    assert_eq!(stub.questions().len(), 1);

    // Neither a redirect nor a proxy is a way around it.
    let away = Run::with_flags(&stub, &["--sandbox", &granted], r#"http_get("BASE/away")"#);
    assert_has(&away.error(), &[&format!("the sandbox does not allow connections to {}", other.authority)]);
    let proxied = Run::with_flags(&stub, &["--sandbox", &granted], get).env("http_proxy", other.url(""));
    assert_has(
        &proxied.error(),
        &[&format!("the sandbox does not allow connections to {}", other.authority)],
    );
    assert!(other.questions().is_empty());
}

#[test]
fn a_download_needs_a_grant_for_its_file() {
    let stub = server(|_, _| Answer::text("abc"));
    let folder = tempdir().expect("a folder");
    for name in ["granted", "private"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    let network = format!("--allow-net={}", stub.authority);
    let flags = ["--sandbox", &network, "--allow-write=granted"];
    let download = |path: &str| {
        let script = format!(r#"println(download("BASE/x", "{path}").size)"#);
        Run::with_flags(&stub, &flags, &script).within(folder.path())
    };
    for path in ["private/x", "granted/../private/x", "x"] {
        assert_has(&download(path).error(), &["the sandbox does not allow writing", "hint: "]);
    }
    assert!(stub.questions().is_empty());
    assert_eq!(download("granted/x").output(), "3\n");
    assert_eq!(fs::read_to_string(folder.path().join("granted/x")).expect("a file"), "abc");
}

#[test]
fn without_the_network_nothing_is_asked() {
    let folder = tempdir().expect("a folder");
    let stub = server(|_, _| Answer::text("abc"));
    for script in [r#"http_get("BASE/")"#, r#"http_post("BASE/", "x")"#, r#"download("BASE/x", "x")"#] {
        let off = ["IOError: ", "the network is switched off", "hint: leave out --offline"];
        assert_has(&Run::with_flags(&stub, &["--offline"], script).within(folder.path()).error(), &off);
        assert_has(&Run::new(&stub, script).within(folder.path()).env("BIOVM_OFFLINE", "1").error(), &off);
    }
    assert!(fs::read_dir(folder.path()).is_ok_and(|mut entries| entries.next().is_none()));
    assert!(stub.questions().is_empty());
    let on = Run::new(&stub, r#"println(http_get("BASE/").body)"#).env("BIOVM_OFFLINE", "0");
    assert_eq!(on.output(), "abc\n");
}
