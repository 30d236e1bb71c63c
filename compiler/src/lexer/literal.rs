//! Sequence literals and regexes.

use super::{Reader, eat, offset, push, report, since, skip_while};
use crate::ast::SequenceKind;
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use crate::token::Token;

/// `dna"…"` and its like; the prefix at `start` is taken, the quote comes next.
pub(super) fn sequence(reader: &mut Reader<'_, '_>, kind: SequenceKind, start: u32) {
    reader.skip();
    let body = offset(reader);
    skip_while(reader, |character| !matches!(character, '"' | '\n' | '\r'));
    let letters = since(reader, body);
    if !eat(reader, '"') {
        let span = Span::new(start, body);
        let error = Diagnostic::error(code::UNTERMINATED_STRING, "SyntaxError", "unterminated string", span);
        report(
            reader,
            error
                .with_label(format!("the {} literal begins here", kind.type_name()))
                .with_hint("a sequence literal ends on the line where it begins"),
        );
    } else if let Some((number, (index, wrong))) =
        letters.char_indices().enumerate().find(|&(_, (_, letter))| !is_letter(kind, letter))
    {
        let at = body + index as u32;
        report(reader, invalid_letter(kind, wrong, number + 1, Span::new(at, at + wrong.len_utf8() as u32)));
    }
    push(reader, Token::Sequence(kind, letters), start);
}

/// Whether a letter belongs to the alphabet of a literal.
fn is_letter(kind: SequenceKind, letter: char) -> bool {
    let upper = letter.to_ascii_uppercase();
    match kind {
        SequenceKind::Dna => "ACGTNRYWSMKBDHV".contains(upper),
        SequenceKind::Rna => "ACGUNRYWSMKBDHV".contains(upper),
        SequenceKind::Protein => upper.is_ascii_uppercase() || upper == '*',
        SequenceKind::Quality => ('!'..='~').contains(&letter),
    }
}

fn invalid_letter(kind: SequenceKind, wrong: char, position: usize, span: Span) -> Diagnostic {
    let name = kind.type_name();
    let shown = super::shown(wrong);
    let message = format!("invalid character '{shown}' at position {position} in {name} literal");
    let error = Diagnostic::error(code::INVALID_SEQUENCE, "SyntaxError", message, span);
    match (kind, wrong) {
        (SequenceKind::Dna, 'U' | 'u') => error.with_hint("U belongs to RNA: write rna\"…\", or T"),
        (SequenceKind::Rna, 'T' | 't') => error.with_hint("T belongs to DNA: write dna\"…\", or U"),
        (SequenceKind::Quality, _) => {
            error.with_hint("a quality literal has the characters '!' to '~' (Phred+33)")
        }
        (_, '-' | '.' | ' ') => {
            error.with_hint("a sequence literal has no gaps and no blanks; keep an alignment in a string")
        }
        _ => error,
    }
}

/// `/pattern/flags`, where no operand has just ended; the slash comes next. `//` is an operator even here,
/// so that its misuse as a comment gets a helpful message.
pub(super) fn regex_or_sign(reader: &mut Reader<'_, '_>) {
    let start = offset(reader);
    let before = reader.save();
    reader.skip();
    if reader.peek() == Some('/') {
        reader.rewind(before);
        return super::sign::sign(reader, '/');
    }
    loop {
        match reader.peek() {
            Some('\n' | '\r') | None => {
                let span = Span::new(start, start + 1);
                let error = Diagnostic::error(code::INVALID_REGEX, "SyntaxError", "unterminated regex", span);
                report(
                    reader,
                    error.with_label("the regex begins here").with_hint(
                        "a '/' where a value is expected begins a regex, which ends on the same line",
                    ),
                );
                return push(reader, Token::Invalid, start);
            }
            Some('/') => break reader.skip(),
            Some('\\') => {
                reader.skip();
                if !matches!(reader.peek(), Some('\n' | '\r')) {
                    reader.skip();
                }
            }
            Some(_) => reader.skip(),
        }
    }
    let flags = offset(reader);
    skip_while(reader, super::is_word_character);
    if let Some((index, wrong)) =
        since(reader, flags).char_indices().find(|&(_, flag)| !matches!(flag, 'i' | 'g' | 'm' | 's'))
    {
        let at = flags + index as u32;
        let message = format!("invalid regex flag: '{wrong}'");
        let error = Diagnostic::error(code::INVALID_REGEX, "SyntaxError", message, Span::new(at, at + 1));
        report(reader, error.with_hint("the flags are i, g, m and s"));
    }
    let text = since(reader, start);
    push(reader, Token::Regex(text), start);
}
