//! Operators and punctuation: the longest match counts.

use super::{Reader, eat, interpolation, offset, push, report};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use crate::token::Token;

/// A sign that begins with `first`, which comes next.
pub(super) fn sign(reader: &mut Reader<'_, '_>, first: char) {
    let start = offset(reader);
    reader.skip();
    let token = match first {
        '(' | '[' | '{' => {
            interpolation::open_bracket(reader);
            match first {
                '(' => Token::LeftParen,
                '[' => Token::LeftBracket,
                _ => Token::LeftBrace,
            }
        }
        ')' | ']' | '}' => {
            interpolation::close_bracket(reader);
            match first {
                ')' => Token::RightParen,
                ']' => Token::RightBracket,
                _ => Token::RightBrace,
            }
        }
        ',' => Token::Comma,
        ';' => Token::Semicolon,
        ':' => Token::Colon,
        '@' => Token::At,
        '~' => Token::Tilde,
        '^' => Token::Caret,
        '.' if eat(reader, '.') => match reader.peek() {
            Some('=') => take(reader, Token::DotDotEqual),
            Some('.') => take(reader, Token::Ellipsis),
            _ => Token::DotDot,
        },
        '.' => Token::Dot,
        '|' => match reader.peek() {
            Some('|') => take(reader, Token::BarBar),
            Some('>') => {
                reader.skip();
                if eat(reader, '>') { Token::Tap } else { Token::Pipe }
            }
            _ => Token::Bar,
        },
        '+' => either(reader, Token::Plus, [('+', Token::PlusPlus), ('=', Token::PlusEqual)]),
        '-' => either(reader, Token::Minus, [('>', Token::Arrow), ('=', Token::MinusEqual)]),
        '*' => either(reader, Token::Star, [('*', Token::StarStar), ('=', Token::StarEqual)]),
        '/' => either(reader, Token::Slash, [('/', Token::SlashSlash), ('=', Token::SlashEqual)]),
        '%' => either(reader, Token::Percent, [('=', Token::PercentEqual)]),
        '=' => either(reader, Token::Equal, [('=', Token::EqualEqual), ('>', Token::FatArrow)]),
        '!' => either(reader, Token::Bang, [('=', Token::BangEqual)]),
        '<' => either(reader, Token::Less, [('=', Token::LessEqual), ('<', Token::LessLess)]),
        '>' => either(reader, Token::Greater, [('=', Token::GreaterEqual), ('>', Token::GreaterGreater)]),
        '&' => either(reader, Token::Ampersand, [('&', Token::AmpersandAmpersand)]),
        '?' => either(
            reader,
            Token::Question,
            [('?', Token::QuestionQuestion), ('.', Token::QuestionDot), ('=', Token::QuestionEqual)],
        ),
        _ => return unexpected(reader, first, start),
    };
    push(reader, token, start);
}

fn take<'s>(reader: &mut Reader<'s, '_>, token: Token<'s>) -> Token<'s> {
    reader.skip();
    token
}

/// The longer sign whose second character comes next, or the short one.
fn either<'s, const N: usize>(
    reader: &mut Reader<'s, '_>,
    short: Token<'s>,
    long: [(char, Token<'s>); N],
) -> Token<'s> {
    let next = reader.peek();
    for (second, token) in long {
        if next == Some(second) {
            return take(reader, token);
        }
    }
    short
}

/// Reports a character that has no meaning. A run of the same kind is reported once.
fn unexpected(reader: &mut Reader<'_, '_>, first: char, start: u32) {
    while reader.peek().is_some_and(|next| next == first || (!next.is_ascii() && !first.is_ascii())) {
        reader.skip();
    }
    let end = offset(reader);
    let message = format!("unexpected character: '{}'", super::shown(first));
    let mut error =
        Diagnostic::error(code::UNEXPECTED_CHARACTER, "SyntaxError", message, Span::new(start, end));
    if let Some(hint) = replacement(first) {
        error = error.with_hint(hint);
    }
    report(reader, error);
    if !first.is_whitespace() {
        push(reader, Token::Invalid, start);
    }
}

/// What was probably meant by a character that word processors and web pages like to insert.
fn replacement(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => {
            "this is a non-breaking blank; write an ordinary one"
        }
        '“' | '”' | '„' | '«' | '»' => "write straight quotes: \"",
        '‘' | '’' | '‚' => "write a straight quote: '",
        '–' | '—' | '−' => "write an ordinary minus: -",
        '×' | '·' => "write * to multiply",
        '÷' => "write / to divide",
        '≤' => "write <=",
        '≥' => "write >=",
        '≠' => "write !=",
        '…' => "write three points: ...",
        '→' => "write ->",
        '\\' => "a line goes on after an operator, a comma or an open bracket; no backslash is needed",
        '$' => "names have no '$'; values are put into text as f\"{name}\"",
        '`' => "write a string with \"…\" or '…'",
        _ if character.is_alphabetic() => "names consist of ASCII letters, digits and '_'",
        _ => return None,
    })
}
