//! Colours of what is typed.

use crate::terminal::Home;

/// The colours of keywords, strings, numbers, sequences and comments.
const COLOURS: [&str; 5] = ["\x1b[1;34mlet\x1b[0m", "\x1b[32m\"", "\x1b[36m", "\x1b[35mdna", "\x1b[90m#"];
const ENTRY: &str = "let x = [\"text\", 12, dna\"ACGT\"] # bases";

/// Whether some escape sequence sets a colour.
fn has_colours(raw: &str) -> bool {
    raw.split("\x1b[").skip(1).any(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(0);
        rest[end..].starts_with('m')
    })
}

#[test]
fn tokens_are_coloured() {
    let mut terminal = Home::new().session();
    terminal.enter(ENTRY);
    let raw = terminal.raw();
    for colour in COLOURS {
        assert!(raw.contains(colour), "{colour:?} in {raw:?}");
    }
}

#[test]
fn an_open_string_goes_on_in_the_next_line() {
    let mut terminal = Home::new().session();
    terminal.type_text("let text = \"\"\"one");
    terminal.press("\r");
    terminal.wait_for_typed("... ");
    terminal.type_text("let two");
    assert!(terminal.raw().contains("\x1b[32mlet two"), "{:?}", terminal.raw());
}

#[test]
fn no_color_means_none() {
    let mut terminal = Home::new().session_with(&[("NO_COLOR", "1")]);
    terminal.enter(ENTRY);
    terminal.enter("1 +* 2");
    assert!(!has_colours(&terminal.raw()), "{:?}", terminal.raw());
    assert!(has_colours("a\x1b[1;34mlet"));
}
