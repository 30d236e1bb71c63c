//! Ctrl-C and Ctrl-D.

use crate::terminal::{CTRL_C, CTRL_D, ENTER, Home};

#[test]
fn ctrl_c_stops_the_entry_and_keeps_the_session() {
    let mut terminal = Home::new().session();
    terminal.enter("let kept = 41");
    terminal.type_text("println(\"running\"); while true { kept + 1 }");
    terminal.press(ENTER);
    terminal.wait_for_line("running");
    terminal.press(CTRL_C);
    terminal.wait_for("Interrupted");
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("kept + 1"), "42");
}

#[test]
fn ctrl_c_stops_builtins_and_parallel_work() {
    for entry in [
        "println(\"map\"); range(0, 1000000000000) |> map(|x| x * x) |> sum()",
        "println(\"par_map\"); range(0, 100000000) |> par_map(|x| range(0, 100000000) |> map(|y| y * x) |> sum())",
    ] {
        let mut terminal = Home::new().session();
        terminal.type_text(entry);
        terminal.press(ENTER);
        let name = if entry.contains("par_map") { "par_map" } else { "map" };
        terminal.wait_for_line(name);
        terminal.press(CTRL_C);
        terminal.wait_for("Interrupted");
        terminal.wait_for_prompt();
        assert_eq!(terminal.enter("1 + 1"), "2");
    }
}

#[test]
fn ctrl_c_shows_the_profile_of_what_ran_until_then() {
    let mut terminal = Home::new().session();
    terminal.enter("fn forever(x) { while true { x = len([x, x]) } }");
    terminal.type_text(":profile [println(\"running\"), forever(1)]");
    terminal.press(ENTER);
    terminal.wait_for_line("running");
    terminal.press(CTRL_C);
    terminal.wait_for("Interrupted");
    terminal.wait_for("Profile:");
    terminal.wait_for("forever()");
    terminal.wait_for("Total");
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("1 + 1"), "2");
}

#[test]
fn ctrl_c_stops_what_was_pasted_along() {
    let mut terminal = Home::new().session();
    let pasted = "println(\"first\")\nwhile true { 1 }\nprintln(\"never\")";
    terminal.press(&format!("\x1b[200~{pasted}\x1b[201~"));
    terminal.wait_for_typed("println(\"never\")");
    terminal.press(ENTER);
    terminal.wait_for_line("first");
    terminal.press(CTRL_C);
    terminal.wait_for("Interrupted");
    terminal.wait_for_prompt();
    assert!(!terminal.screen().contains("\nnever"), "{}", terminal.screen());
}

#[test]
fn ctrl_c_clears_the_line() {
    let mut terminal = Home::new().session();
    terminal.type_text("let wrong = ");
    terminal.press(CTRL_C);
    terminal.wait_for_prompt();
    assert_eq!(terminal.enter("2 * 2"), "4");
}

#[test]
fn ctrl_d_leaves() {
    let mut terminal = Home::new().session();
    terminal.enter("1");
    terminal.press(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = Home::new().session();
    terminal.type_text("exit(3)");
    terminal.press(ENTER);
    assert_eq!(terminal.exit_code(), 3);
}
