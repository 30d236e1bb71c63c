//! Exit codes, and what was printed before the end.

use crate::support::{Folder, finish};
use std::process::Command;

#[test]
fn the_exit_code_says_how_it_went() {
    let folder = Folder::new();
    folder.file("good.bl", "println(1)");
    folder.file("fails.bl", "println(1)\n1 / 0");
    folder.file("wrong.bl", "println(1)\nlet = 2");
    folder.file("letters.bl", "let a = $");
    folder.file("returns.bl", "println(1)\nif true { return 5 }\nprintln(2)");
    for (words, code, output) in [
        (&["run", "good.bl"][..], 0, "1\n"),
        (&["run", "returns.bl"], 0, "1\n"),
        (&["run", "fails.bl"], 1, "1\n"),
        (&["run", "wrong.bl"], 1, ""),
        (&["run", "letters.bl"], 1, ""),
        (&["run", "missing.bl"], 1, ""),
        (&["check", "good.bl"], 0, ""),
        (&["check", "fails.bl"], 0, ""),
        (&["check", "wrong.bl"], 1, ""),
        (&["check", "missing.bl"], 1, ""),
        (&["compile", "wrong.bl", "-o", "wrong.blc"], 1, ""),
        (&["exec", "missing.blc"], 1, ""),
        (&["exec", "good.bl"], 1, ""),
        (&["-e", "1 +"], 1, ""),
        (&["-e", "println(2)"], 0, "2\n"),
        (&["run"], 2, ""),
        (&["run", "--no-such-option", "good.bl"], 2, ""),
        (&["no-such-command"], 2, ""),
        (&["--max-depth", "x", "run", "good.bl"], 2, ""),
        (&["-e"], 2, ""),
    ] {
        let outcome = folder.run(words);
        assert_eq!((outcome.code, outcome.output.as_str()), (Some(code), output), "{words:?}: {outcome:?}");
        assert_eq!(outcome.messages.is_empty(), code == 0, "{words:?}: {outcome:?}");
    }
}

#[test]
fn a_script_chooses_its_own_exit_code() {
    let folder = Folder::new();
    for code in [0, 1, 2, 3, 99, 130, 255] {
        let outcome =
            folder.run(&["-e", &format!("print(\"a\")\nif true {{ exit({code}) }}\nprintln(\"never\")")]);
        assert_eq!(
            (outcome.code, outcome.output.as_str(), outcome.messages.as_str()),
            (Some(code), "a\n", "")
        );
    }
    // From a function, a callback, and through `try`.
    for script in
        ["fn f() { exit(7) }\nf()", "[1] |> each(|x| exit(7))", "try { exit(7) } catch e { exit(8) }"]
    {
        assert_eq!(folder.run(&["-e", script]).code, Some(7), "{script}");
    }
    for wrong in ["256", "-1", "\"x\"", "1.5"] {
        let outcome = folder.run(&["-e", &format!("exit({wrong})")]);
        assert!(outcome.failed(1).contains("exit() requires"), "{outcome:?}");
    }
}

#[test]
fn a_report_comes_behind_what_was_printed() {
    for script in [
        "print(\"half\"); nil + 1",
        "print(\"half\"); [1] |> map(|x| x / 0)",
        "fn f(n) { f(n + 1) + 1 }\nprint(\"half\")\nf(0)",
        "print(\"half\"); error(\"own\")",
    ] {
        let mut command = Command::new("sh");
        command.args(["-c", "exec 2>&1; exec \"$0\" -e \"$1\"", env!("CARGO_BIN_EXE_biovm"), script]);
        let together = finish(command, b"");
        let (first, rest) = together.output.split_once('\n').expect("lines");
        assert_eq!(first, "half", "{script}");
        assert!(rest.contains("Error: ") || rest.contains("DivisionByZero: "), "{script}: {rest}");
    }
}

#[test]
fn warnings_come_before_the_output_and_change_no_code() {
    let folder = Folder::new();
    let script = "let total = 0\nfor x in [1] { let total = total + x\n  print(total) }";
    let outcome = folder.run(&["-e", script]);
    assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "1\n"));
    let warning =
        "warning: 'total' declared here shadows the outer 'total' (line 1); write 'total = …' to update it";
    assert_eq!(outcome.messages.matches(warning).count(), 1, "{outcome:?}");
}

#[test]
fn nothing_is_written_besides() {
    let folder = Folder::new();
    folder.file("quiet.bl", "let x = 1");
    for words in
        [&["run", "quiet.bl"][..], &["check", "quiet.bl"], &["-e", "1 + 1"], &["run", "-e", "[1, 2]"]]
    {
        assert_eq!(folder.run(words).succeeded(), "", "{words:?}");
    }
    // Neither files nor folders appear.
    assert_eq!(folder.names(), ["quiet.bl"]);
}
