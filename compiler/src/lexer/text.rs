//! String literals without interpolation.

use super::{Reader, State, decode, eat, interpolation, offset, push, report, since, skip_while};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use crate::token::{TextForm, Token};

/// The quotes at the start of a literal.
pub(super) struct Opening {
    pub quote: char,
    pub triple: bool,
    /// The closing quote came at once.
    pub empty: bool,
}

/// Takes the opening quotes. Only the double quote can be tripled.
pub(super) fn opening(reader: &mut Reader<'_, '_>) -> Opening {
    let quote = reader.next().unwrap_or('"');
    if !eat(reader, quote) {
        return Opening { quote, triple: false, empty: false };
    }
    let triple = quote == '"' && eat(reader, quote);
    Opening { quote, triple, empty: !triple }
}

/// `"…"`, `'…'`, `"""…"""`.
pub(super) fn text(reader: &mut Reader<'_, '_>) {
    let start = offset(reader);
    let opening = opening(reader);
    let body = offset(reader);
    let mut form = TextForm::default();
    if opening.empty {
        return push(reader, Token::Text { raw: "", form }, start);
    }
    // a value of a one-line f-string cannot go on in the next line, not even within a string
    let one_line = reader.state().in_one_line_interpolation();
    let mut end = body;
    loop {
        match reader.peek() {
            Some(quote) if quote == opening.quote => {
                end = offset(reader);
                reader.skip();
                if !opening.triple {
                    break;
                }
                if eat(reader, quote) && eat(reader, quote) {
                    break;
                }
                continue;
            }
            Some('\n' | '\r') if one_line => return interpolation::abandon(reader),
            None => {
                unterminated(reader, start, body);
                break;
            }
            Some(character) => note_character(reader, character, &mut form),
        }
        end = offset(reader);
    }
    let raw = reader.full_slice().get(body as usize..end as usize).unwrap_or("");
    if opening.triple {
        let blanks = decode::common_blanks(&[raw]);
        form.dedent = Some(crate::token::Dedent { blanks, first: true, last: true });
    }
    push(reader, Token::Text { raw, form }, start);
}

/// Takes a character of a text, with what belongs to it, and notes what decoding will have to do.
pub(super) fn note_character(reader: &mut Reader<'_, '_>, character: char, form: &mut TextForm) {
    let start = offset(reader);
    reader.skip();
    match character {
        '\r' => form.carriage_returns = true,
        '\\' => {
            form.escapes = true;
            match reader.peek() {
                Some('u') => unicode_escape(reader, start),
                Some('\n' | '\r') | None => {}
                Some(_) => reader.skip(),
            }
        }
        _ => {}
    }
}

/// Checks `\u{H…}`; the backslash at `start` is taken, the `u` comes next.
fn unicode_escape(reader: &mut Reader<'_, '_>, start: u32) {
    reader.skip();
    if !eat(reader, '{') {
        let span = Span::new(start, offset(reader));
        let error = Diagnostic::error(
            code::INVALID_ESCAPE,
            "SyntaxError",
            "invalid escape: '{' expected after '\\u'",
            span,
        );
        return report(reader, error.with_hint("write \\u{1F9EC}; for a backslash write \\\\"));
    }
    let digits_start = offset(reader);
    skip_while(reader, |character| character.is_ascii_alphanumeric());
    let digits = since(reader, digits_start);
    let closed = eat(reader, '}');
    let message = if digits.is_empty() && closed {
        "invalid escape: '\\u{}' names no character".to_string()
    } else if !closed {
        "invalid escape: '}' expected after '\\u{'".to_string()
    } else if let Some(wrong) = digits.chars().find(|digit| !digit.is_ascii_hexdigit()) {
        format!("invalid escape: '{wrong}' is not a hexadecimal digit")
    } else if decode::character(digits).is_none() {
        format!("invalid escape: '\\u{{{digits}}}' is not a character")
    } else {
        return;
    };
    let span = Span::new(start, offset(reader));
    report(reader, Diagnostic::error(code::INVALID_ESCAPE, "SyntaxError", message, span));
}

/// `r"…"`, `r'…'`; the `r` at `start` is taken.
pub(super) fn raw_text(reader: &mut Reader<'_, '_>, start: u32) {
    let quote = reader.next().unwrap_or('"');
    let body = offset(reader);
    skip_while(reader, |character| character != quote && character != '\n' && character != '\r');
    let raw = since(reader, body);
    if !eat(reader, quote) {
        let error = unterminated_error(Span::new(start, body));
        report(reader, error.with_hint("a raw string ends on the line where it begins"));
    }
    push(reader, Token::Text { raw, form: TextForm::default() }, start);
}

/// Reports that the text ended within the literal that begins at `start` with quotes up to `body`.
fn unterminated(reader: &mut Reader<'_, '_>, start: u32, body: u32) {
    let mut error = unterminated_error(Span::new(start, body));
    // a forgotten quote turns the rest of the script inside out: look for the string that swallowed lines
    let swallowing = reader.state().tokens.iter().rev().find_map(|lexeme| match lexeme.token {
        Token::Text { raw, form: TextForm { dedent: None, .. } } if raw.contains('\n') => Some(lexeme.span),
        _ => None,
    });
    match swallowing {
        Some(span) => {
            let first = Span::new(span.start, span.start + 1);
            error = error
                .with_secondary(first, "this string runs over several lines; is its closing quote missing?");
        }
        None => error = error.with_hint("the closing quote is missing"),
    }
    report(reader, error);
    reader.state().unterminated = true;
}

/// The error for a literal without end.
pub(super) fn unterminated_error(span: Span) -> Diagnostic {
    Diagnostic::error(code::UNTERMINATED_STRING, "SyntaxError", "unterminated string", span)
        .with_label("the string begins here")
}

impl State<'_> {
    /// Whether the reader is in a value of an f-string that must end on its line.
    pub(super) fn in_one_line_interpolation(&self) -> bool {
        self.interpolations.iter().any(|open| !open.triple)
    }
}
