//! The pages of `biovm explain`, whose examples must do what they say.

use crate::support::Folder;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The codes and titles that the list shows.
fn codes() -> Vec<(String, String)> {
    let outcome = Folder::new().run(&["explain"]);
    let lines = outcome.succeeded().lines();
    lines
        .map(|line| line.split_once("  ").map(|(code, title)| (code.into(), title.into())).unwrap())
        .collect()
}

/// The blocks of a page that are marked with that word.
fn blocks(page: &str, word: &str) -> Vec<String> {
    let opening = format!("\n```{word}\n");
    page.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap_or("").to_owned()).collect()
}

/// The modules that the pages talk about.
fn modules(folder: &Folder) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/lib");
    fs::create_dir(folder.path().join("lib")).expect("a folder for modules");
    folder.file("lib/codons.bl", fs::read(examples.join("codons.bl")).expect("the module of the examples"));
    folder.file("lib/private.bl", "let _limit = 5\n");
    folder.file("circle.bl", "import \"circle\"\n");
    folder.file("latin.bl", b"let name = \"\xe9\"\n");
}

/// An example that is too large for a page.
fn large_example(code: &str, folder: &Folder) -> Option<String> {
    match code {
        "E0345" => {
            for number in 0..202 {
                folder.file(&format!("chain{number}.bl"), format!("import \"chain{}\"\n", number + 1));
            }
            Some("import \"chain0\"\n".to_owned())
        }
        "E0103" => Some(format!("let x = {}1{}", "(".repeat(600), ")".repeat(600))),
        "E0302" => {
            let mut script = String::new();
            for number in 0..66_000 {
                writeln!(script, "let v{number} = 1").unwrap();
            }
            Some(script)
        }
        _ => None,
    }
}

#[test]
fn the_examples_of_each_page_do_what_it_says() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/diagnostics");
    let folder = Folder::new();
    modules(&folder);
    let check = |script: &str| folder.run_with_input(&["check", "-"], script);
    let codes = codes();
    assert!(codes.len() > 30);
    for (code, title) in codes {
        let page = fs::read_to_string(pages.join(format!("{code}.md"))).expect("the page of the code");
        assert!(page.starts_with(&format!("# {code}: {title}\n")), "{code}");
        let mark = format!("[{code}]");
        let mut wrong = blocks(&page, "bl,wrong");
        wrong.extend(large_example(&code, &folder));
        // Nobody wants a test that reads 4 GiB of script.
        assert_eq!(wrong.is_empty(), code == "E0008", "{code}");
        for script in wrong {
            let outcome = check(&script);
            assert!(outcome.messages.contains(&mark), "{code}:\n{}", outcome.messages);
            assert_eq!(outcome.code, Some(i32::from(code.starts_with('E'))), "{code}");
        }
        let right = blocks(&page, "bl");
        assert!(!right.is_empty(), "{code}");
        for script in right {
            assert_eq!(check(&script).succeeded(), "", "{code}");
        }
    }
}

#[test]
fn a_page_is_shown_for_reading() {
    let folder = Folder::new();
    let text = folder.run(&["explain", "E0202"]).succeeded().to_owned();
    assert!(text.starts_with("E0202: an assignment to a `const`\n\n"), "{text}");
    assert!(text.contains("This is reported:\n\n    const K = 21\n    K = 31\n"), "{text}");
    assert!(!text.contains("```"), "{text}");
    for way in ["e0202", "[E0202]"] {
        assert_eq!(folder.run(&["explain", way]).succeeded(), text);
    }
}

#[test]
fn an_unknown_code_is_refused() {
    let folder = Folder::new();
    let messages = |code: &str| folder.run(&["explain", code]).failed(2).to_owned();
    assert!(messages("E0212").contains("there is no code 'E0212'; did you mean 'E02"));
    assert!(messages("everything").contains("'biovm explain' lists all codes"));
}

#[test]
fn reports_say_the_code() {
    let outcome = Folder::new().run_with_input(&["run", "-"], "println(raeds)\n");
    assert!(outcome.failed(1).contains(":1:9 ] [E0201]\n"), "{}", outcome.messages);
    // The advice to ask for more is for people at a terminal.
    assert!(!outcome.messages.contains("biovm explain"), "{}", outcome.messages);
}

#[test]
fn warnings_can_be_denied() {
    let folder = Folder::new();
    folder.file("warned.bl", "fn f(x) {\n  return x\n  println(1)\n}\nprintln(f(2))\n");
    folder.file("clean.bl", "println(1)\n");
    let outcome = folder.run(&["run", "warned.bl"]);
    assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "2\n"));
    assert!(outcome.messages.starts_with("warning: this is never reached\n"));

    let outcome = folder.run(&["run", "--deny-warnings", "warned.bl"]);
    assert_eq!((outcome.code, outcome.output.as_str()), (Some(1), ""));
    assert!(outcome.messages.starts_with("error: this is never reached\n"), "{}", outcome.messages);
    let outcome = folder.run(&["check", "--deny-warnings", "warned.bl", "clean.bl"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.messages.contains("[W0005]"), "{}", outcome.messages);
    let outcome = folder.run(&["compile", "warned.bl", "--deny-warnings"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(folder.names(), ["clean.bl", "warned.bl"]);

    for command in ["run", "check", "compile"] {
        let outcome = folder.run(&[command, "--deny-warnings", "clean.bl"]);
        assert_eq!((outcome.code, outcome.messages.as_str()), (Some(0), ""), "{command}");
    }
    // Errors stay what they are.
    let outcome = folder.run_with_input(&["check", "--deny-warnings", "-"], "fn f() {\n let x = 1\n y\n}");
    assert!(outcome.failed(1).starts_with("NameError: "), "{}", outcome.messages);
    // What follows the script is its own.
    let script = "println(args())";
    folder.file("arguments.bl", script);
    let outcome = folder.run(&["run", "arguments.bl", "--deny-warnings"]);
    assert_eq!(outcome.succeeded(), "[--deny-warnings]\n");
}
