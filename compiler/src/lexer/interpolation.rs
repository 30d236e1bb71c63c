//! F-strings: text and values in one row of tokens.
//!
//! `f"a{x:>3}b"` becomes `FormatStart FormatText(a) ValueStart x FormatSpec(>3) ValueEnd FormatText(b)
//! FormatEnd`. The stack of open f-strings makes values ordinary tokens that the main loop reads, so nesting
//! costs no native stack.

use super::{Reader, decode, eat, offset, push, report, text};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use crate::token::{Dedent, TextForm, Token};

/// An f-string whose end has not come yet; the reader is in one of its values.
pub(super) struct Interpolation<'s> {
    /// From the `f` to the opening quotes.
    opening: Span,
    quote: char,
    pub triple: bool,
    /// Where `{` of the current value stands.
    value_start: u32,
    /// Brackets that the current value has opened.
    depth: u32,
    /// The texts so far, with the index of their token if they have one; kept for triple quotes, whose
    /// indentation is known only at the end.
    pieces: Vec<(Option<usize>, &'s str)>,
}

/// Begins an f-string; its prefix at `start` is taken.
pub(super) fn start(reader: &mut Reader<'_, '_>, start: u32) {
    let text::Opening { quote, triple, empty } = text::opening(reader);
    let body = if empty { offset(reader) - 1 } else { offset(reader) };
    let opening = Span::new(start, body);
    reader.state().tokens.push(crate::token::Lexeme { token: Token::FormatStart, span: opening });
    if empty {
        return push(reader, Token::FormatEnd, body);
    }
    let open = Interpolation { opening, quote, triple, value_start: body, depth: 0, pieces: Vec::new() };
    reader.state().interpolations.push(open);
    read_text(reader);
}

/// Reads the text of the innermost f-string up to its next value or its end.
fn read_text(reader: &mut Reader<'_, '_>) {
    let Some(open) = reader.state().interpolations.last() else { return };
    let (quote, triple) = (open.quote, open.triple);
    let start = offset(reader);
    let mut form = TextForm::default();
    loop {
        let end = offset(reader);
        match reader.peek() {
            Some(character) if character == quote => {
                reader.skip();
                if triple && !(eat(reader, quote) && eat(reader, quote)) {
                    continue;
                }
                piece(reader, start, end, form);
                return finish(reader, end);
            }
            Some('{') => {
                reader.skip();
                if eat(reader, '{') {
                    form.double_braces = true;
                    continue;
                }
                piece(reader, start, end, form);
                if let Some(open) = reader.state().interpolations.last_mut() {
                    open.value_start = end;
                    open.depth = 0;
                }
                return push(reader, Token::ValueStart, end);
            }
            Some('}') => {
                reader.skip();
                if eat(reader, '}') {
                    form.double_braces = true;
                } else {
                    let span = Span::new(end, end + 1);
                    let error = Diagnostic::error(
                        code::INVALID_INTERPOLATION,
                        "SyntaxError",
                        "single '}' in f-string",
                        span,
                    );
                    report(reader, error.with_hint("write }} for a brace in the text"));
                }
            }
            Some('\n' | '\r') if !triple => return abandon(reader),
            None => return abandon(reader),
            Some(character) => text::note_character(reader, character, &mut form),
        }
    }
}

/// Adds the text from `start` to `end`, unless it is empty.
fn piece(reader: &mut Reader<'_, '_>, start: u32, end: u32, form: TextForm) {
    let raw = reader.full_slice().get(start as usize..end as usize).unwrap_or("");
    let state = reader.state();
    let index = state.tokens.len();
    if !raw.is_empty() {
        let token = Token::FormatText { raw, form };
        state.tokens.push(crate::token::Lexeme { token, span: Span::new(start, end) });
    }
    if let Some(open) = state.interpolations.last_mut()
        && open.triple
    {
        open.pieces.push(((!raw.is_empty()).then_some(index), raw));
    }
}

/// Ends the innermost f-string; its closing quotes begin at `quotes` and are taken.
fn finish(reader: &mut Reader<'_, '_>, quotes: u32) {
    push(reader, Token::FormatEnd, quotes);
    let state = reader.state();
    let Some(open) = state.interpolations.pop() else { return };
    if !open.triple {
        return;
    }
    let texts: Vec<&str> = open.pieces.iter().map(|&(_, raw)| raw).collect();
    let blanks = decode::common_blanks(&texts);
    for (number, &(index, _)) in open.pieces.iter().enumerate() {
        let dedent = Dedent { blanks, first: number == 0, last: number + 1 == open.pieces.len() };
        if let Some(index) = index
            && let Some(lexeme) = state.tokens.get_mut(index)
            && let Token::FormatText { form, .. } = &mut lexeme.token
        {
            form.dedent = Some(dedent);
        }
    }
}

/// Handles a character that ends a value of an f-string, or its expression. Says whether it was one.
pub(super) fn value_character(reader: &mut Reader<'_, '_>, character: char) -> bool {
    let Some(open) = reader.state().interpolations.last() else { return false };
    if open.depth > 0 || !matches!(character, '}' | ':') {
        return false;
    }
    let quote = open.quote;
    let value_start = open.value_start;
    let start = offset(reader);
    if super::previous(reader) == Token::ValueStart {
        let span = Span::new(value_start, start + 1);
        let error = Diagnostic::error(
            code::INVALID_INTERPOLATION,
            "SyntaxError",
            "f-string value without an expression",
            span,
        );
        report(reader, error.with_hint("write {{ and }} for braces in the text"));
        push(reader, Token::Invalid, start);
    }
    reader.skip();
    if character == ':' {
        let spec = offset(reader);
        super::skip_while(reader, |c| c != '}' && c != quote && c != '\n' && c != '\r');
        let text = super::since(reader, spec);
        push(reader, Token::FormatSpec(text), spec);
        let end = offset(reader);
        if !eat(reader, '}') {
            let span = Span::new(value_start, value_start + 1);
            let error = Diagnostic::error(
                code::INVALID_INTERPOLATION,
                "SyntaxError",
                "unterminated f-string value",
                span,
            );
            report(reader, error.with_label("this brace is never closed"));
        }
        push(reader, Token::ValueEnd, end);
    } else {
        push(reader, Token::ValueEnd, start);
    }
    read_text(reader);
    true
}

/// Notes an opening bracket within a value.
pub(super) fn open_bracket(reader: &mut Reader<'_, '_>) {
    if let Some(open) = reader.state().interpolations.last_mut() {
        open.depth += 1;
    }
}

/// Notes a closing bracket within a value.
pub(super) fn close_bracket(reader: &mut Reader<'_, '_>) {
    if let Some(open) = reader.state().interpolations.last_mut() {
        open.depth = open.depth.saturating_sub(1);
    }
}

/// A line ends: no value of a one-line f-string may be open.
pub(super) fn end_of_line(reader: &mut Reader<'_, '_>) {
    if reader.state().in_one_line_interpolation() {
        abandon(reader);
    }
}

/// The text ends: no f-string may be open.
pub(super) fn end_of_text(reader: &mut Reader<'_, '_>) {
    if !reader.state().interpolations.is_empty() {
        abandon(reader);
    }
}

/// Gives up the f-strings that cannot go on here: all of them at the end of the text, otherwise those from
/// the outermost one-line f-string on. Only that one is reported; the others are its consequence.
pub(super) fn abandon(reader: &mut Reader<'_, '_>) {
    let here = offset(reader);
    let at_end = reader.peek().is_none();
    let in_value = !matches!(super::previous(reader), Token::FormatText { .. } | Token::FormatStart);
    let open = &reader.state().interpolations;
    let first = open.iter().position(|open| !open.triple).unwrap_or(0);
    let Some(culprit) = open.get(first) else { return };
    let nested = open.len() > first + 1;
    let mut error = text::unterminated_error(culprit.opening);
    if in_value || nested {
        let brace = Span::new(culprit.value_start, culprit.value_start + 1);
        error = error.with_secondary(brace, "this value has no '}'");
    } else if !culprit.triple {
        error = error.with_hint("the closing quote is missing; text over several lines needs f\"\"\"…\"\"\"");
    }
    let can_go_on = open.iter().all(|open| open.triple);
    report(reader, error);
    let state = reader.state();
    state.unterminated |= at_end && can_go_on;
    while state.interpolations.len() > first {
        state.interpolations.pop();
        let span = Span::at(here);
        state.tokens.push(crate::token::Lexeme { token: Token::ValueEnd, span });
        state.tokens.push(crate::token::Lexeme { token: Token::FormatEnd, span });
    }
}
