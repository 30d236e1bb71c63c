//! Entries of this session and of earlier ones.

use crate::terminal::{CTRL_D, CTRL_R, ENTER, Home, UP};

#[test]
fn entries_are_kept_between_sessions() {
    let home = Home::new();
    let mut first = home.session();
    first.enter("let genome = \"GRCh38\"");
    first.enter("len(genome)");
    first.press(CTRL_D);
    assert_eq!(first.exit_code(), 0);

    let mut second = home.session();
    second.press(UP);
    second.wait_for_typed("> len(genome)");
    second.press(UP);
    second.wait_for_typed("> let genome = \"GRCh38\"");
    second.press(ENTER);
    second.wait_for_prompt();
    assert_eq!(second.enter("len(genome)"), "6");
}

#[test]
fn entries_are_kept_where_the_terminal_is_closed() {
    let home = Home::new();
    let mut first = home.session();
    first.enter("6 * 7");
    drop(first);
    let mut second = home.session();
    second.press(UP);
    second.wait_for_typed("> 6 * 7");
}

#[test]
fn entries_are_searched_backwards() {
    let mut terminal = Home::new().session();
    for entry in ["let first = 11", "let second = 22", "first + 1"] {
        terminal.enter(entry);
    }
    terminal.press(CTRL_R);
    terminal.wait_for("(reverse-i-search)");
    terminal.press("sec");
    terminal.wait_for("let second = 22\n");
    terminal.wait_for("`sec'");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("second"), "22");
}

#[test]
fn several_lines_are_recalled_together() {
    let mut terminal = Home::new().session();
    terminal.type_text("let xs = [");
    terminal.press(ENTER);
    terminal.wait_for_typed("... ");
    terminal.type_text("5]");
    terminal.press(ENTER);
    terminal.wait_for("5]\n...");
    terminal.press(ENTER);
    terminal.wait_for_prompt();
    terminal.press(UP);
    terminal.wait_for("> let xs = [\n5]");
}
