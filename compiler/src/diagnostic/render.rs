//! Reports for people.
//!
//! Ariadne draws the excerpt of the source. It is shown a tamed copy: only lines that matter have any
//! text, control characters are replaced, and of very long lines only the part around the place is there.

use super::{Diagnostic, Severity};
use crate::source::{Position, SourceText};
use crate::span::Span;
use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind, Source};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Nobody reads more, and each one takes time that grows with the script.
const MOST_REPORTS: usize = 100;
/// Longer lines are cut.
const LONGEST_LINE: usize = 160;
/// Characters of a cut line that are shown before the place.
const BEFORE_PLACE: usize = 60;

/// The report of all diagnostics, in order: for each one a line `Kind: message`, the place as
/// `file:line:column` with the code and an excerpt, and a hint if there is one. A diagnostic that names no source of its
/// own is about `source`. Of very many, the first ones are shown and the others counted. Colour is for terminals.
pub fn render(diagnostics: &[Diagnostic], source: &SourceText, color: bool) -> String {
    let mut text = String::new();
    let shown = &diagnostics[..diagnostics.len().min(MOST_REPORTS)];
    for (index, diagnostic) in shown.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let source = diagnostic.source.as_deref().unwrap_or(source);
        render_one(diagnostic, source, color, &mut text);
    }
    let more = diagnostics.len() - shown.len();
    if more > 0 {
        let what =
            if diagnostics[shown.len()..].iter().any(Diagnostic::is_error) { "reports" } else { "warnings" };
        let plural = if more == 1 { what.trim_end_matches('s') } else { what };
        // writing into a String cannot fail
        let _ = writeln!(text, "\n… and {more} more {plural}");
    }
    text
}

fn render_one(diagnostic: &Diagnostic, source: &SourceText, color: bool, text: &mut String) {
    let (paint, plain) = match (color, diagnostic.severity) {
        (false, _) => ("", ""),
        (true, Severity::Error) => ("\u{1b}[1;31m", "\u{1b}[0m"),
        (true, Severity::Warning) => ("\u{1b}[1;33m", "\u{1b}[0m"),
    };
    // writing into a String cannot fail
    let _ = writeln!(text, "{paint}{}:{plain} {}", diagnostic.kind, tame(&diagnostic.message));
    excerpt(diagnostic, source, color, text);
    if let Some(hint) = &diagnostic.hint {
        let (paint, plain) = if color { ("\u{1b}[36m", "\u{1b}[0m") } else { ("", "") };
        let _ = writeln!(text, "  {paint}hint:{plain} {}", tame(hint));
    }
}

/// A label, reduced to the first line of its span.
struct Mark {
    line: usize,
    /// First and last column, from 0, the last one exclusive.
    columns: std::ops::Range<usize>,
    message: String,
    is_primary: bool,
}

impl Mark {
    fn new(span: Span, message: &str, is_primary: bool, source: &SourceText) -> Mark {
        let start = source.position(span.start);
        let end = source.position(span.end.max(span.start));
        let last =
            if end.line == start.line { end.column - 1 } else { source.line(start.line).chars().count() };
        let first = start.column - 1;
        // an empty place shows as one column, also behind the end of the line
        let columns = first..last.max(first + 1);
        Mark { line: start.line, columns, message: tame(message), is_primary }
    }
}

/// The lines that matter, with an arrow at each place.
fn excerpt(diagnostic: &Diagnostic, source: &SourceText, color: bool, text: &mut String) {
    let message = diagnostic.label.as_deref().unwrap_or("here");
    let mut marks = vec![Mark::new(diagnostic.span, message, true, source)];
    for label in &diagnostic.secondary {
        marks.push(Mark::new(label.span, &label.message, false, source));
    }
    marks.sort_by_key(|mark| (mark.line, mark.columns.start));
    let primary = marks.iter().find(|mark| mark.is_primary).map_or(0, |mark| mark.columns.start);

    let view = View::new(&mut marks, source);
    let name = tame(source.name());
    let color_of = |mark: &Mark| match (mark.is_primary, diagnostic.severity) {
        (false, _) => Color::Cyan,
        (true, Severity::Error) => Color::Red,
        (true, Severity::Warning) => Color::Yellow,
    };
    let mut start = 0;
    let mut view_column = 0;
    let mut labels = Vec::new();
    for mark in &marks {
        let Some(&offset) = view.offsets.get(&mark.line) else { continue };
        let range = offset + mark.columns.start..offset + mark.columns.end;
        if mark.is_primary {
            start = range.start;
            view_column = mark.columns.start;
        }
        let mut label = Label::new((name.as_str(), range)).with_message(&mark.message);
        if color {
            label = label.with_color(color_of(mark));
        }
        labels.push(label);
    }
    let config =
        Config::new().with_color(color).with_index_type(IndexType::Char).with_char_set(CharSet::Unicode);
    let report = Report::build(ReportKind::Error, (name.as_str(), start..start + 1))
        .with_config(config)
        .with_labels(labels)
        .finish();
    let mut drawn = Vec::new();
    let cache = (name.as_str(), Source::from(view.text));
    if report.write(cache, &mut drawn).is_err() {
        return;
    }
    let drawn = String::from_utf8_lossy(&drawn);
    // the first line is the heading, which is ours; the second names the place in the tamed copy, and the code
    let line = marks.iter().find(|mark| mark.is_primary).map_or(1, |mark| mark.line);
    let seen = format!("{name}:{}", Position { line, column: view_column + 1 });
    let real = format!("{name}:{}", Position { line, column: primary + 1 });
    for (index, line) in drawn.lines().enumerate().skip(1) {
        let line = if index == 1 { line.replacen(&seen, &real, 1) } else { line.to_string() };
        text.push_str(line.trim_end());
        if index == 1 {
            let _ = write!(text, " [{}]", diagnostic.code);
        }
        text.push('\n');
    }
}

/// The tamed copy of the source.
struct View {
    text: String,
    /// For each line that matters, the number of characters before it.
    offsets: BTreeMap<usize, usize>,
}

impl View {
    /// Copies the lines of the marks, and moves the marks along where a line is cut.
    fn new(marks: &mut [Mark], source: &SourceText) -> View {
        let mut view = View { text: String::new(), offsets: BTreeMap::new() };
        let mut characters = 0;
        let last = marks.last().map_or(1, |mark| mark.line);
        for number in 1..=last {
            if marks.iter().any(|mark| mark.line == number) {
                view.offsets.insert(number, characters);
                let line = cut(source.line(number), number, marks);
                characters += line.chars().count();
                view.text.push_str(&line);
            }
            view.text.push('\n');
            characters += 1;
        }
        view
    }
}

/// A line without control characters, and without its distant parts if it is very long.
fn cut(line: &str, number: usize, marks: &mut [Mark]) -> String {
    let characters: Vec<char> = line.chars().map(tame_character).collect();
    let on_line = || move |mark: &&mut Mark| mark.line == number;
    if characters.len() <= LONGEST_LINE {
        let end = characters.len() + 1;
        for mark in marks.iter_mut().filter(on_line()) {
            mark.columns.end = mark.columns.end.min(end).max(mark.columns.start + 1);
        }
        // a blank at the end, so that a place behind the line can be marked
        return characters.into_iter().chain([' ']).collect();
    }
    let anchor = marks.iter().find(|mark| mark.line == number && mark.is_primary);
    let anchor = anchor.or_else(|| marks.iter().find(|mark| mark.line == number));
    let start = anchor.map_or(0, |mark| mark.columns.start).saturating_sub(BEFORE_PLACE);
    let end = (start + LONGEST_LINE).min(characters.len());
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    text.extend(&characters[start.min(end)..end]);
    text.push(if end < characters.len() { '…' } else { ' ' });
    let length = text.chars().count();
    let shift = usize::from(start > 0);
    for mark in marks.iter_mut().filter(on_line()) {
        let move_column = |column: usize| (column.saturating_sub(start) + shift).min(length);
        let first = move_column(mark.columns.start).min(length - 1);
        mark.columns = first..move_column(mark.columns.end).max(first + 1);
    }
    text
}

/// A character that a terminal shows as one character.
fn tame_character(character: char) -> char {
    match character {
        '\t' => ' ',
        // marks that reorder the text around them, or that cannot be seen
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            '\u{fffd}'
        }
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        character if character.is_control() => '\u{fffd}',
        character => character,
    }
}

/// Text of ours that may quote the source, in one line.
fn tame(text: &str) -> String {
    text.chars().map(tame_character).collect()
}
