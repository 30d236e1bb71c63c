//! Where services are: variables, then the file `apis.yaml`, then the default.

use crate::support::{Answer, Run, assert_has, server};
use std::fs;
use tempfile::tempdir;

const SEARCH: &str = r#"println(ncbi_search("gene", "x"))"#;
const SOURCES: &str = "println(api_endpoints({sources: true}).ncbi.source)";

fn stub() -> crate::support::Stub {
    server(|question, _| {
        let id = if question.path().starts_with("/file/") { 1 } else { 2 };
        Answer::text(format!(r#"{{"esearchresult":{{"count":"1","idlist":["{id}"]}}}}"#))
    })
}

#[test]
fn a_file_says_where_a_service_is() {
    let (stub, folder) = (stub(), tempdir().expect("a folder"));
    let home = tempdir().expect("a folder");
    let write = |text: String| fs::write(folder.path().join("apis.yaml"), text).expect("a file");
    let run = |script: &str| {
        let run = Run::new(&stub, script).without("BIOVM_NCBI_URL").env("HOME", home.path());
        run.env("BIOLANG_CONFIG_DIR", folder.path())
    };
    let default = "{ncbi: https://eutils.ncbi.nlm.nih.gov/entrez/eutils}\n";
    assert_eq!(run("println(api_endpoints())").output(), default);
    assert_eq!(run(SOURCES).output(), "default\n");

    write(format!("# ours\nensembl: https://example.org\nncbi: \"{}\"\n", stub.url("/file")));
    assert_eq!(run(SEARCH).output(), "[1]\n");
    assert_eq!(run("println(api_endpoints().ncbi)").output(), format!("{}\n", stub.url("/file")));
    let source = format!("{}, line 3\n", folder.path().join("apis.yaml").display());
    assert_eq!(run(SOURCES).output(), source);
    // Variables go first.
    for name in ["BIOLANG_NCBI_URL", "BIOVM_NCBI_URL"] {
        assert_eq!(run(SEARCH).env(name, stub.url("/variable")).output(), "[2]\n");
        assert_eq!(run(SOURCES).env(name, stub.url("/variable")).output(), format!("{name}\n"));
    }
    // Secrets are not shown.
    write("ncbi: https://me:password@example.org/eutils".to_owned());
    assert_eq!(run("println(api_endpoints().ncbi)").output(), "https://me:***@example.org/eutils\n");

    // Without the variable, in the user's folder.
    fs::create_dir(home.path().join(".biolang")).expect("a folder");
    fs::write(home.path().join(".biolang/apis.yaml"), format!("ncbi: {}", stub.url("/file")))
        .expect("a file");
    let at_home = Run::new(&stub, SEARCH).without("BIOVM_NCBI_URL").env("HOME", home.path());
    assert_eq!(at_home.output(), "[1]\n");
}

#[test]
fn what_is_wrong_with_the_file_is_said() {
    let (stub, folder) = (stub(), tempdir().expect("a folder"));
    let path = folder.path().join("apis.yaml");
    let shown = path.display().to_string();
    for (text, parts) in [
        (
            &b"\nncbi: [\n"[..],
            &["ValueError: ", "apis.yaml, line ", "it is no YAML", "hint: a line names a service"][..],
        ),
        (b"- https://example.org", &["line 1: it lists no services", "hint: a line names a service"]),
        (b"\nnbci: https://a.org", &["line 2: there is no service 'nbci'", "hint: did you mean 'ncbi'?"]),
        (b"ncbi: {url: 1}", &["line 1: 'ncbi' has no address", "hint: a line names a service"]),
        (b"ncbi: example.org", &["the address in ", "line 1 is of no use", "hint: write it as https://"]),
        (b"ncbi: \xff", &["IOError: cannot read ", "it is no text in UTF-8", "hint: make it readable"]),
    ] {
        fs::write(&path, text).expect("a file");
        let run = Run::new(&stub, SEARCH).without("BIOVM_NCBI_URL");
        let error = run.env("BIOVM_CONFIG_DIR", folder.path()).error();
        assert_has(&error, parts);
        assert_has(&error, &[&shown]);
    }
    assert!(stub.questions().is_empty());
}

/// The file is the user's word, so it needs no grant; where it leads does.
#[test]
fn the_sandbox_is_asked_for_the_host_only() {
    let (stub, folder) = (stub(), tempdir().expect("a folder"));
    fs::write(folder.path().join("apis.yaml"), format!("ncbi: {}", stub.url("/file"))).expect("a file");
    let run = |flags: &[&str]| {
        let run = Run::with_flags(&stub, flags, SEARCH).without("BIOVM_NCBI_URL");
        run.env("BIOLANG_CONFIG_DIR", folder.path())
    };
    assert_has(&run(&["--sandbox"]).error(), &["the sandbox does not allow connections to 127.0.0.1"]);
    let granted = format!("--allow-net={}", stub.authority);
    assert_eq!(run(&["--sandbox", &granted]).output(), "[1]\n");
}
