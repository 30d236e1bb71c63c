//! The report of an error that no script has caught.
//!
//! ```text
//! TypeError: cannot add Int and Str
//!   at line 2, column 9 (analysis.bl)
//!   |   total + name
//!   |         ^
//!   hint: use str() to convert numbers to strings
//!
//! Stack trace (most recent call last):
//!   #0 main (analysis.bl:9)
//!   #1 summarise (analysis.bl:2)
//! ```
//!
//! Messages and source lines may quote any data, so nothing of them reaches the terminal as a control character.

use biovm_vm::Error;
use biovm_vm::error::{Position, TraceFrame};
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// The most columns of a source line that are shown.
const LINE_WIDTH: usize = 100;
/// What remains visible to the left of the place in a line that is cut.
const LEFT_CONTEXT: usize = 40;
/// The most frames that the trace shows.
const TRACE_LENGTH: usize = 20;

/// The report, with a newline at its end.
pub fn render(error: &Error, color: bool) -> String {
    let style = Style { color };
    let mut report = String::new();
    // Writing to a String cannot fail.
    let _ = write_report(&mut report, error, style);
    report
}

fn write_report(report: &mut String, error: &Error, style: Style) -> std::fmt::Result {
    let message = indented(error.message(), "  ");
    writeln!(report, "{}: {message}", style.paint(RED, error.kind().name()))?;
    if let Some(position) = error.position() {
        let Position { file, line, column, width, text } = position;
        writeln!(report, "  at line {line}, column {column} ({})", visible(file))?;
        let (line, blanks, carets) = excerpt(text, *column, *width);
        let bar = style.paint(BLUE, "|");
        writeln!(report, "  {bar} {line}")?;
        writeln!(report, "  {bar} {}{}", " ".repeat(blanks), style.paint(RED, &"^".repeat(carets)))?;
    }
    if let Some(hint) = error.hint() {
        writeln!(report, "  {} {}", style.paint(CYAN, "hint:"), indented(hint, "        "))?;
    }
    // The innermost frame alone says nothing that the position does not say.
    if error.trace().len() > 1 {
        write_trace(report, error.trace())?;
    }
    Ok(())
}

/// The functions that were running, outermost first, the middle left out where there are many.
fn write_trace(report: &mut String, innermost_first: &[TraceFrame]) -> std::fmt::Result {
    writeln!(report, "\nStack trace (most recent call last):")?;
    let mut count = 0;
    let mut numbered = Vec::new();
    for frame in innermost_first.iter().rev() {
        match left_out(frame) {
            Some(calls) => count += calls,
            None => {
                numbered.push((count, frame));
                count += 1;
            }
        }
    }
    let edge = if count > TRACE_LENGTH { TRACE_LENGTH / 2 } else { count };
    let mut next = 0;
    for (number, frame) in numbered {
        if number >= edge && number + edge < count {
            continue;
        }
        if number > next {
            let noun = if number - next == 1 { "call" } else { "calls" };
            writeln!(report, "  ... {} more {noun} ...", number - next)?;
        }
        next = number + 1;
        write!(report, "  #{number} {}", visible(&frame.function))?;
        match &frame.place {
            Some((file, line)) => writeln!(report, " ({}:{line})", visible(file))?,
            None => writeln!(report)?,
        }
    }
    Ok(())
}

/// How many calls an entry of the trace stands for, where the machine has left out some itself.
fn left_out(frame: &TraceFrame) -> Option<usize> {
    frame.function.strip_prefix("… ")?.strip_suffix(" more calls …")?.parse().ok()
}

/// The part of a source line that shows the place, the columns before the place, and how many the place takes.
fn excerpt(text: &str, column: usize, width: usize) -> (String, usize, usize) {
    let characters: Vec<char> = text.chars().map(visible_character).collect();
    let start = column.saturating_sub(1).min(characters.len());
    let end = start.saturating_add(width).min(characters.len());
    let before = columns(&characters[..start]);
    if columns(&characters) <= LINE_WIDTH {
        return (characters.iter().collect(), before, columns(&characters[start..end]).max(1));
    }

    // Leave out what is far to the left, then what does not fit on the right.
    let mut first = start;
    let mut blanks = 0;
    while first > 0 {
        let next = blanks + columns(&characters[first - 1..first]);
        if next > LEFT_CONTEXT {
            break;
        }
        blanks = next;
        first -= 1;
    }
    let mut line = String::new();
    if first > 0 {
        line.push('…');
        blanks += 1;
    }
    let mut used = usize::from(first > 0);
    let mut last = first;
    while last < characters.len() {
        let next = used + columns(&characters[last..=last]);
        if next > LINE_WIDTH - 1 {
            break;
        }
        used = next;
        line.push(characters[last]);
        last += 1;
    }
    if last < characters.len() {
        line.push('…');
    }
    (line, blanks, columns(&characters[start..end.clamp(start, last.max(start))]).max(1))
}

/// The columns that characters take on a terminal.
fn columns(characters: &[char]) -> usize {
    characters.iter().map(|each| each.width().unwrap_or(1)).sum()
}

/// The text with control characters replaced by pictures of them.
fn visible(text: &str) -> String {
    text.chars().map(visible_character).collect()
}

/// A stand-in of one column for a character that would move the cursor or disturb the terminal.
fn visible_character(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        // Marks that change the direction of what follows could make a line look like another.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ if character.is_control() => '\u{fffd}',
        _ => character,
    }
}

/// Text of one or more lines, all but the first indented.
fn indented(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(visible).collect();
    lines.join(&format!("\n{indent}"))
}

const RED: &str = "1;31";
const BLUE: &str = "34";
const CYAN: &str = "36";

#[derive(Clone, Copy)]
struct Style {
    color: bool,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use biovm_vm::ErrorKind;
    use insta::assert_snapshot;

    fn at(text: &str, column: usize, width: usize) -> Position {
        Position { file: "analysis.bl".to_owned(), line: 2, column, width, text: text.to_owned() }
    }

    fn frames(names: &[&str]) -> Vec<TraceFrame> {
        let frame = |(number, name): (usize, &&str)| TraceFrame {
            function: (*name).to_owned(),
            place: Some(("analysis.bl".to_owned(), 2 + 7 * number)),
        };
        names.iter().enumerate().map(frame).collect()
    }

    fn error(message: &str, position: Position, trace: Vec<TraceFrame>) -> Error {
        let mut error = Error::new(ErrorKind::Type, message);
        error.set_origin(Some(position), trace);
        error
    }

    #[test]
    fn with_everything() {
        let error =
            error("cannot add Int and Str", at("  total + name", 9, 1), frames(&["summarise", "main"]))
                .with_hint(
                    "use str() to convert numbers to strings, or int()/float() to convert strings to numbers",
                );
        assert_snapshot!(render(&error, false), @r"
        TypeError: cannot add Int and Str
          at line 2, column 9 (analysis.bl)
          |   total + name
          |         ^
          hint: use str() to convert numbers to strings, or int()/float() to convert strings to numbers

        Stack trace (most recent call last):
          #0 main (analysis.bl:9)
          #1 summarise (analysis.bl:2)
        ");
    }

    #[test]
    fn without_a_call_there_is_no_trace() {
        let error = error("undefined variable 'lenght'", at("lenght(reads)", 1, 6), frames(&["main"]));
        assert_snapshot!(render(&error, false), @r"
        TypeError: undefined variable 'lenght'
          at line 2, column 1 (analysis.bl)
          | lenght(reads)
          | ^^^^^^
        ");
    }

    #[test]
    fn without_a_position() {
        assert_snapshot!(render(&Error::new(ErrorKind::Io, "file not found: x.bl"), false), @"IOError: file not found: x.bl");
    }

    #[test]
    fn tabs_wide_characters_and_controls_keep_the_place() {
        let error = error("bad \u{1b}[31mname\nsecond line", at("\tlet 名前 = \u{7}x + 1", 14, 1), vec![]);
        assert_snapshot!(render(&error, false), @r"
        TypeError: bad ␛[31mname
          second line
          at line 2, column 14 (analysis.bl)
          |  let 名前 = ␇x + 1
          |                ^
        ");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("let xs = [{}] + boom + [{}]", "123, ".repeat(200), "456, ".repeat(200));
        let column = line.find("boom").map_or(0, |byte| byte + 1);
        let report = render(&error("no", at(&line, column, 4), vec![]), false);
        assert_snapshot!(report, @r"
        TypeError: no
          at line 2, column 1015 (analysis.bl)
          | … 123, 123, 123, 123, 123, 123, 123, ] + boom + [456, 456, 456, 456, 456, 456, 456, 456, 456, 456, …
          |                                          ^^^^
        ");
        assert!(report.lines().all(|line| line.chars().count() <= LINE_WIDTH + 4));
    }

    #[test]
    fn a_place_that_is_not_in_the_line_does_no_harm() {
        for (column, width) in [(0, 0), (1, 500), (99, 3), (usize::MAX / 2, usize::MAX / 2)] {
            for text in ["", "short", &"é".repeat(300)] {
                assert!(render(&error("no", at(text, column, width), vec![]), false).contains('^'));
            }
        }
    }

    #[test]
    fn the_middle_of_a_deep_trace_is_left_out() {
        let mut names = vec!["fact"; 30];
        names.push("main");
        let report = render(&error("too deep", at("fact(n)", 1, 4), frames(&names)), false);
        assert!(report.contains("  #0 main (analysis.bl:212)\n  #1 fact"), "{report}");
        assert!(
            report.contains("  #9 fact (analysis.bl:149)\n  ... 11 more calls ...\n  #21 fact"),
            "{report}"
        );
        assert!(report.ends_with("  #30 fact (analysis.bl:2)\n"), "{report}");
    }

    #[test]
    fn calls_that_the_machine_has_left_out_are_counted() {
        let mut names = vec!["fact"; 32];
        names.push("… 999936 more calls …");
        names.extend(["fact"; 31]);
        names.push("main");
        let report = render(&error("too deep", at("fact(n)", 1, 4), frames(&names)), false);
        assert!(
            report.contains("  #9 fact (analysis.bl:387)\n  ... 999980 more calls ...\n  #999990 fact"),
            "{report}"
        );
        assert!(report.ends_with("  #999999 fact (analysis.bl:2)\n"), "{report}");
    }

    #[test]
    fn colours_only_where_asked_for() {
        let error = error("no", at("x", 1, 1), vec![]).with_hint("yes");
        assert!(render(&error, true).starts_with("\u{1b}[1;31mTypeError\u{1b}[0m: no\n"));
        assert!(!render(&error, false).contains('\u{1b}'));
    }
}
