//! F-strings.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, expression};
use crate::ast::{Expression, ExpressionKind, FormatSpec, TextPart};
use crate::lexer::decode;
use crate::token::Token;
use std::borrow::Cow;

/// `f"text {value:spec}"`
pub(super) fn format_text<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    let mut parts = Vec::new();
    loop {
        match reader.token() {
            Token::FormatText { raw, form } => {
                reader.take();
                parts.push(TextPart::Text(decode(raw, form)));
            }
            Token::ValueStart => {
                let open = reader.take();
                parts.push(reader.within(Surroundings::Group, value)?);
                reader.close(Token::ValueEnd, open)?;
            }
            Token::FormatEnd => {
                reader.take();
                break;
            }
            _ => return Err(reader.unexpected("end of the f-string")),
        }
    }
    let span = reader.spanning(start);
    // dedenting can leave a text empty
    parts.retain(|part| !matches!(part, TextPart::Text(text) if text.is_empty()));
    let kind = match parts.as_mut_slice() {
        [] => ExpressionKind::Str(Cow::Borrowed("")),
        [TextPart::Text(text)] => ExpressionKind::Str(std::mem::take(text)),
        _ => ExpressionKind::Interpolated(parts),
    };
    Ok(Expression { kind, span })
}

fn value<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<TextPart<'s>> {
    let expression = expression::expression(reader)?;
    let spec = match reader.token() {
        Token::FormatSpec(text) => Some(FormatSpec { text, span: reader.take() }),
        _ => None,
    };
    Ok(TextPart::Value { expression, spec })
}
