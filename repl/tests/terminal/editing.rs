//! Entries of several lines, pasted text, and terminals that can do nothing.

use crate::terminal::{ALT_ENTER, CTRL_C, CTRL_D, ENTER, Home, UP};

const PASTE_BEGINS: &str = "\x1b[200~";
const PASTE_ENDS: &str = "\x1b[201~";
const END: &str = "\x1b[F";

#[test]
fn an_entry_goes_on_while_something_is_open() {
    let mut terminal = Home::new().session();
    terminal.type_text("fn double(n) {");
    terminal.press(ENTER);
    terminal.wait_for_typed("... ");
    terminal.type_text("  n * 2 # not }");
    terminal.press(ENTER);
    terminal.wait_for("# not }\n...");
    terminal.wait_for_typed("... ");
    terminal.type_text("}");
    terminal.press(ENTER);
    // One more line may belong to it.
    terminal.wait_for("... }\n...");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("double(21)"), "42");
    assert_eq!(terminal.enter(":quit_not"), "Unknown command: :quit_not. Type :help for help.");
}

#[test]
fn an_entry_that_was_given_up_can_be_recalled_as_a_whole() {
    let mut terminal = Home::new().session();
    terminal.type_text("let xs = [");
    terminal.press(ENTER);
    terminal.wait_for_typed("... ");
    terminal.type_text("1, 2]");
    terminal.press(CTRL_C);
    terminal.wait_for_prompt();
    terminal.press(UP);
    terminal.wait_for_typed("> let xs = [");
    terminal.type_text("7]");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("xs"), "[7]");
}

#[test]
fn alt_enter_begins_a_new_line() {
    let mut terminal = Home::new().session();
    terminal.type_text("let a = 20");
    terminal.press(ALT_ENTER);
    terminal.wait_for_typed("");
    terminal.press("a * 2");
    terminal.wait_for_typed("a * 2");
    terminal.press(ENTER);
    terminal.wait_for_line("40");
    terminal.wait_for_prompt();
}

#[test]
fn up_goes_to_the_line_above() {
    let mut terminal = Home::new().session();
    terminal.press(&format!("{PASTE_BEGINS}let a = 1\nlet b = 2{PASTE_ENDS}"));
    terminal.wait_for_typed("let b = 2");
    terminal.press(UP);
    terminal.press(END);
    terminal.press("0");
    terminal.wait_for("let a = 10");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("a + b"), "12");
}

#[test]
fn pasted_lines_are_one_thing() {
    let mut terminal = Home::new().session();
    terminal.press(&format!("{PASTE_BEGINS}let a = 1\nlet b = 2\nprintln(\"sum\", a + b){PASTE_ENDS}"));
    terminal.wait_for_typed("println(\"sum\", a + b)");
    // Nothing runs before Enter.
    assert!(!terminal.screen().contains("sum 3"), "{}", terminal.screen());
    terminal.press(ENTER);
    terminal.wait_for("sum 3");
    terminal.wait_for_prompt();

    let function = "fn scaled(n) {\n  let twice = n * 2\n\n  twice + 1\n}\n";
    terminal.press(&format!("{PASTE_BEGINS}{function}{PASTE_ENDS}"));
    terminal.wait_for("twice + 1\n}");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("scaled(4)"), "9");
}

#[test]
fn the_value_is_echoed_and_goes_on() {
    let mut terminal = Home::new().session();
    assert_eq!(terminal.enter("[3, 1, 2]"), "[3, 1, 2]");
    assert_eq!(terminal.enter("|> sort()"), "[1, 2, 3]");
    assert_eq!(terminal.enter("len(_)"), "3");
    assert_eq!(terminal.enter("let x = 1"), "");
}

#[test]
fn a_dumb_terminal_gets_no_escape_sequences() {
    let mut terminal = Home::new().session_with(&[("TERM", "dumb")]);
    terminal.press("let xs = [1,\r");
    terminal.wait_for_typed("... ");
    terminal.press("2]\r");
    terminal.wait_for("2]\n...");
    terminal.press("\r");
    terminal.wait_for_prompt();
    terminal.press("xs |> sum()\r");
    terminal.wait_for_line("3");
    terminal.wait_for_prompt();
    terminal.press(":time 1 / 0\r");
    terminal.wait_for("Elapsed: ");
    terminal.wait_for_prompt();
    let raw = terminal.raw();
    assert!(!raw.contains('\x1b'), "{raw:?}");
    terminal.press(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
}
