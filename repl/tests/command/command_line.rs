//! Help, wrong words, completions, colours.

use crate::support::{Folder, ends_within, start};
use std::time::Duration;

#[test]
fn help_names_every_command() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]);
    let help = help.succeeded();
    for command in ["run", "compile", "exec", "check", "disasm", "ast", "tokens", "repl", "completions"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
        let own = folder.run(&[command, "--help"]);
        assert!(own.succeeded().contains("Usage: biovm "), "{own:?}");
        assert_eq!(folder.run(&["help", command]).output, own.output);
    }
    assert!(folder.run(&["--version"]).succeeded().starts_with("biovm "));
}

#[test]
fn wrong_words_are_refused_with_advice() {
    let folder = Folder::new();
    for (words, advice) in [
        (&["rnu", "x.bl"][..], "a similar subcommand exists: 'run'"),
        (&["complie", "x.bl"], "compile"),
        (&["qc.bl"], "to run it: biovm run qc.bl"),
        (&["qc.blc"], "to run it: biovm exec qc.blc"),
        (&["run"], "<SCRIPT>"),
        (&["run", "--tiem", "x.bl"], "unexpected argument '--tiem'"),
        (&["exec", "--strip", "x.blc"], "unexpected argument '--strip'"),
        (&["compile"], "<SCRIPT>"),
        (&["check"], "<SCRIPT>"),
        (&["repl", "x.bl"], "unexpected argument 'x.bl'"),
        (&["--max-depth", "0", "repl"], "at least 1"),
        (&["--color", "blue", "repl"], "always"),
        (&["completions", "basic"], "bash"),
        (&["compile", "-"], "needs an output file: -o FILE"),
    ] {
        let outcome = folder.run(words);
        let messages = outcome.failed(2);
        assert!(messages.contains(advice), "{words:?}: {messages}");
        assert!(messages.contains("try '--help'"), "{words:?}: {messages}");
        assert_eq!(outcome.output, "");
    }
}

#[test]
fn completion_scripts_for_shells() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = folder.run(&["completions", shell]);
        let script = outcome.succeeded();
        assert!(script.contains("biovm") && script.contains("disasm"), "{shell}: {script}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let folder = Folder::new();
    let has_colours = |outcome: &crate::support::Outcome| outcome.failed(1).contains('\u{1b}');
    let code = "1 + \"a\"";
    assert!(!has_colours(&folder.run(&["run", "-e", code])));
    assert!(has_colours(&folder.run(&["--color", "always", "run", "-e", code])));
    assert!(!has_colours(&folder.run(&["run", "--color=never", "-e", code])));
    // The source's own errors, too.
    assert!(!has_colours(&folder.run(&["-e", "let"])));
    assert!(has_colours(&folder.run(&["--color", "always", "-e", "let"])));

    let mut command = folder.command(&["-e", code]);
    command.env("NO_COLOR", "1").env("TERM", "xterm-256color");
    assert!(!has_colours(&crate::support::finish(command, b"")));
}

#[test]
fn nobody_has_to_read_the_help() {
    let folder = Folder::new();
    for words in [&["--help"][..], &["completions", "bash"], &["help", "run"]] {
        let mut child = start(folder.command(words));
        drop(child.stdout.take());
        let (code, messages) = ends_within(child, Duration::from_secs(10));
        assert_eq!((code, messages.as_str()), (Some(0), ""), "{words:?}");
    }
}
