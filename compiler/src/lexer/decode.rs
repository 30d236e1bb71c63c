//! From the raw text of a string literal to its value.

use crate::token::{Dedent, TextForm};
use std::borrow::Cow;

/// The value of the raw text of a literal, or of a piece of one. The lexer has already complained about
/// wrong escapes; here they stay as they are.
pub fn decode(raw: &str, form: TextForm) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(raw);
    if form.carriage_returns {
        text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if let Some(dedent) = form.dedent {
        text = match text {
            Cow::Borrowed(text) => remove_blanks(text, dedent),
            Cow::Owned(text) => Cow::Owned(remove_blanks(&text, dedent).into_owned()),
        };
    }
    if (form.escapes && text.contains('\\')) || form.double_braces {
        text = Cow::Owned(resolve(&text, form));
    }
    text
}

/// Replaces escapes and doubled braces.
fn resolve(text: &str, form: TextForm) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' if form.escapes => resolve_escape(&mut rest, &mut value),
            '{' | '}' if form.double_braces => {
                value.push(character);
                if rest.as_str().starts_with(character) {
                    rest.next();
                }
            }
            _ => value.push(character),
        }
    }
    value
}

/// Resolves one escape; its backslash is taken.
fn resolve_escape(rest: &mut std::str::Chars<'_>, value: &mut String) {
    let replacement = match rest.clone().next() {
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('0') => '\0',
        Some(same @ ('\\' | '"' | '\'' | '{' | '}')) => same,
        Some('u') => {
            let digits = rest.as_str().strip_prefix("u{").and_then(|digits| digits.split_once('}'));
            if let Some((digits, after)) = digits
                && let Some(character) = character(digits)
            {
                value.push(character);
                *rest = after.chars();
            } else {
                value.push('\\');
            }
            return;
        }
        // any other pair stays, so that "\d" is a regex
        _ => return value.push('\\'),
    };
    rest.next();
    value.push(replacement);
}

/// The character with these one to six hexadecimal digits.
pub(super) fn character(digits: &str) -> Option<char> {
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

fn is_blank(character: char) -> bool {
    character == ' ' || character == '\t'
}

/// Number of blanks that all lines of a triple-quoted literal begin with. Between two `pieces` stands a
/// value. Lines of blanks only do not count.
pub(super) fn common_blanks(pieces: &[&str]) -> u16 {
    let mut common: Option<&str> = None;
    for (index, piece) in pieces.iter().enumerate() {
        // between the two characters of a line end is an empty line, which does not count
        let mut lines = piece.split(['\n', '\r']);
        // the first line begins here only in the first piece; there, nothing but a newline is no line
        let first = lines.next();
        let first = first.filter(|line| index == 0 && (piece.len() == line.len() || !line.is_empty()));
        let is_last_piece = index + 1 == pieces.len();
        let mut lines = first.into_iter().chain(lines).peekable();
        while let Some(line) = lines.next() {
            let text = line.trim_start_matches(is_blank);
            let before_value = lines.peek().is_none() && !is_last_piece;
            if text.is_empty() && !before_value {
                continue;
            }
            let blanks = &line[..line.len() - text.len()];
            common = Some(match common {
                None => blanks,
                Some(common) => {
                    let same = common.bytes().zip(blanks.bytes()).take_while(|(left, right)| left == right);
                    &common[..same.count()]
                }
            });
        }
    }
    common.map_or(0, |blanks| u16::try_from(blanks.len()).unwrap_or(u16::MAX))
}

/// Removes the indentation of a piece of a triple-quoted literal.
fn remove_blanks(piece: &str, dedent: Dedent) -> Cow<'_, str> {
    let mut text = piece;
    let mut at_line_start = dedent.first;
    if dedent.first
        && let Some(rest) = text.strip_prefix('\n')
    {
        text = rest;
    }
    if dedent.last {
        match text.rfind('\n') {
            Some(newline) if text[newline + 1..].chars().all(is_blank) => text = &text[..newline],
            None if dedent.first && text.chars().all(is_blank) => text = "",
            _ => {}
        }
    }
    if dedent.blanks == 0 {
        return Cow::Borrowed(text);
    }
    let mut value = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut line = line;
        if at_line_start {
            let blanks =
                line.bytes().take(dedent.blanks.into()).take_while(|&byte| is_blank(byte.into())).count();
            line = &line[blanks..];
        }
        value.push_str(line);
        at_line_start = true;
    }
    Cow::Owned(value)
}
