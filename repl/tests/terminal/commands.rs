//! Each command, in a terminal.

use crate::terminal::{ENTER, Home};

#[test]
fn every_command_answers() {
    let home = Home::new();
    home.file("defs.bl", "fn triple(n) { n * 3 }\n");
    let mut terminal = home.session();
    terminal.enter("let xs = range(1, 1000) |> map(|x| x * 1.5)");
    for (entry, expected) in [
        (":time xs |> sum()", "749250.0\nElapsed: "),
        (":time 1;", "  Peak memory: "),
        (":type xs", "List"),
        (":env", "xs  List"),
        (":vars", "xs  List  15."),
        (":mem", "Process: "),
        (":workers 3", "Parallel work uses up to 3 threads."),
        (":workers", "Parallel work uses up to 3 threads."),
        (":load defs.bl", "Loaded 'defs.bl'."),
        (":disasm triple", "; 1: fn triple(n) { n * 3 }"),
        (":disasm xs |> len()", "(= len)"),
        (":ast 1 + 2", "+  1:1-1:6"),
        (":doc len", "len(x: "),
        (":help triple", "triple(n)"),
        ("?len", "[Core]"),
        (":builtins kmers", "kmers(sequence: "),
        (":fns kmers", "kmers(sequence: "),
        (":bench xs |> sum()", "Median "),
        (":plugins", "No plugins installed."),
        (":history 1", ":history 1"),
        ("[1, 2, 2]", "[1, 2, 2]"),
        (":plot 2", "####"),
        (":save session.bl", "inputs to 'session.bl'"),
        (":unknown", "Unknown command: :unknown. Type :help for help."),
        (":reset", "Environment reset."),
        (":env", "No user-defined variables."),
        (":help", "Ctrl-R searches"),
    ] {
        let shown = terminal.enter(entry);
        assert!(shown.contains(expected), "{entry}: {shown}");
    }
    terminal.enter("\"before\"");
    terminal.type_text(":clear");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    assert_eq!(terminal.screen().trim_end(), ">");
    terminal.type_text(":quit");
    terminal.press(ENTER);
    assert_eq!(terminal.exit_code(), 0);
}
