//! Numbers.

use super::{Reader, eat, is_word_character, offset, previous, push, report, since, skip_while};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use crate::token::Token;
use std::borrow::Cow;

/// The lowest Int without its minus.
const LARGEST_MAGNITUDE: u64 = 1 << 63;

/// A number; the next character is a digit.
pub(super) fn number(reader: &mut Reader<'_, '_>) {
    let start = offset(reader);
    let is_position = matches!(previous(reader), Token::Dot | Token::QuestionDot);
    let mut is_float = false;
    let first = reader.next();
    let radix = match reader.peek() {
        Some('x' | 'X') if first == Some('0') => 16,
        Some('b' | 'B') if first == Some('0') => 2,
        Some('o' | 'O') if first == Some('0') => 8,
        _ => 10,
    };
    if radix == 10 {
        skip_while(reader, is_digit);
        // `t.0.1` is two positions, `1..5` a range, `5.sqrt()` a method call
        if !is_position {
            is_float = fraction(reader) | exponent(reader);
        }
    }
    skip_while(reader, is_word_character);
    let text = since(reader, start);
    let value = if radix == 10 {
        if is_float { float(text).map(Token::Float) } else { integer(text, 10) }
    } else {
        text.get(2..).and_then(|digits| integer(digits, radix))
    };
    let token = value.unwrap_or_else(|| {
        invalid(reader, start, text);
        Token::Int(0)
    });
    push(reader, token, start);
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || character == '_'
}

/// Takes `.5`. A point without a digit behind it is left alone, unless nothing sensible could follow.
fn fraction(reader: &mut Reader<'_, '_>) -> bool {
    if reader.peek() != Some('.') {
        return false;
    }
    let before = reader.save();
    reader.skip();
    match reader.peek() {
        Some('0'..='9') => {
            skip_while(reader, is_digit);
            if reader.peek() == Some('.') {
                second_point(reader);
            }
            return true;
        }
        Some(character) if is_word_character(character) || character == '.' => {}
        // `5.` is no number, and nothing else either
        _ => return true,
    }
    reader.rewind(before);
    false
}

/// Takes what makes `1.5.2` wrong; `1.5..2` and `1.5.round()` are fine.
fn second_point(reader: &mut Reader<'_, '_>) {
    let before = reader.save();
    reader.skip();
    if reader.peek().is_some_and(|character| character.is_ascii_digit()) {
        skip_while(reader, |character| is_digit(character) || character == '.');
    } else {
        reader.rewind(before);
    }
}

/// Takes `e5`, `E-5`. What is only the beginning of an exponent is taken if a sign shows that one was meant; an `e`
/// without it is left to the check of what follows a number.
fn exponent(reader: &mut Reader<'_, '_>) -> bool {
    if !matches!(reader.peek(), Some('e' | 'E')) {
        return false;
    }
    let before = reader.save();
    reader.skip();
    let signed = eat(reader, '-') || eat(reader, '+');
    if reader.peek().is_some_and(|character| character.is_ascii_digit()) {
        skip_while(reader, is_digit);
        return true;
    }
    if signed {
        return true;
    }
    reader.rewind(before);
    false
}

/// The text without `_`; nothing if one of them is not between digits.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    let misplaced =
        text.split(['.', 'e', 'E', '+', '-']).any(|digits| digits.starts_with('_') || digits.ends_with('_'));
    (!misplaced).then(|| Cow::Owned(text.replace('_', "")))
}

fn float(text: &str) -> Option<f64> {
    if text.ends_with('.') {
        return None;
    }
    plain(text)?.parse().ok()
}

fn integer(digits: &str, radix: u32) -> Option<Token<'static>> {
    // the exponent letters split hexadecimal digits in `plain`, so look here
    if digits.starts_with('_') || digits.ends_with('_') {
        return None;
    }
    let digits =
        if digits.contains('_') { Cow::Owned(digits.replace('_', "")) } else { Cow::Borrowed(digits) };
    let value = u64::from_str_radix(&digits, radix).ok().filter(|&value| value <= LARGEST_MAGNITUDE)?;
    Some(Token::Int(value))
}

fn invalid(reader: &mut Reader<'_, '_>, start: u32, text: &str) {
    let span = Span::new(start, offset(reader));
    let message = format!("invalid number: {text}");
    let mut error = Diagnostic::error(code::INVALID_NUMBER, "SyntaxError", message, span);
    if text.bytes().all(|byte| is_digit(byte.into())) && !text.ends_with('_') {
        error = error
            .with_label("does not fit in 64 bits")
            .with_hint("an Int goes up to 9223372036854775807; write a Float as 1e19");
    } else if let Some(digits) = text.strip_suffix('.') {
        error = error.with_hint(format!("a digit is needed behind the point: {digits}.0"));
    } else if text.ends_with(['+', '-']) {
        error = error.with_hint(format!("digits are needed behind the sign: {text}5"));
    } else if text.ends_with('_') {
        error = error.with_hint("'_' may only stand between digits");
    } else if let Some(b'x' | b'X' | b'b' | b'B' | b'o' | b'O') =
        text.strip_prefix('0').and_then(|rest| rest.bytes().next())
    {
        error = error
            .with_hint("0x takes the digits 0-9 and a-f, 0b takes 0 and 1, 0o takes 0-7; at most 64 bits");
    } else if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        error = error.with_hint("a name cannot begin with a digit");
    }
    report(reader, error);
}
