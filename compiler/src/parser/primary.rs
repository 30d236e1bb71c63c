//! Operands.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, block, collection, control, function, interpolation, operator};
use crate::ast::{Expression, ExpressionKind, SequenceKind};
use crate::diagnostic::{Diagnostic, code};
use crate::failure::Failure;
use crate::keyword;
use crate::lexer::decode;
use crate::span::Span;
use crate::token::Token;
use std::borrow::Cow;

/// An operand without what follows it.
pub(super) fn primary<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let token = reader.token();
    let kind = match token {
        Token::Identifier(word) => match word {
            "given" if reader.ahead(1) == Token::LeftBrace => return control::given(reader),
            "retry" if keyword::is_retry(reader.rest()) => return control::retry(reader),
            "do" if function::is_do(reader) => return function::do_block(reader),
            _ => ExpressionKind::Name(word),
        },
        Token::LeftParen => return collection::parentheses(reader),
        Token::LeftBracket => return collection::list(reader),
        Token::HashBrace => return collection::set(reader),
        Token::LeftBrace if reader.state().surroundings == Surroundings::Header => {
            return Err(brace_in_header(reader));
        }
        Token::LeftBrace if is_record(reader) => return collection::record(reader),
        Token::LeftBrace => {
            let block = block::braces(reader)?;
            let span = block.span;
            return Ok(Expression { kind: ExpressionKind::Block(block), span });
        }
        Token::Bar | Token::BarBar => return function::lambda(reader, None),
        Token::Fn => return function::anonymous(reader, None),
        Token::Async => return function::asynchronous(reader),
        Token::If => return control::conditional(reader),
        Token::Match => return control::match_value(reader),
        Token::Try => return control::attempt(reader),
        Token::Tilde => return operator::formula(reader),
        Token::FormatStart => return interpolation::format_text(reader),
        _ => match literal(token, reader.span())? {
            Some(kind) => kind,
            None => return Err(reader.unexpected("expression")),
        },
    };
    let span = reader.take();
    Ok(Expression { kind, span })
}

/// Whether the `{` that comes next opens a record. Where a statement begins, `{}` is an empty block.
fn is_record(reader: &mut Reader<'_, '_, '_>) -> bool {
    let as_operand = reader.state().statement_start != *reader.cursor().inner();
    collection::is_record(reader.rest(), as_operand)
}

/// The value of a token that is a literal.
pub(super) fn literal<'s>(token: Token<'s>, span: Span) -> Rule<Option<ExpressionKind<'s>>> {
    Ok(Some(match token {
        Token::Int(value) => match i64::try_from(value) {
            Ok(value) => ExpressionKind::Int(value),
            Err(_) => return Err(too_large(value, span)),
        },
        Token::Float(value) => ExpressionKind::Float(value),
        Token::Text { raw, form } => ExpressionKind::Str(decode(raw, form)),
        Token::Sequence(kind, letters) => sequence(kind, letters),
        Token::Regex(text) => regex(text),
        Token::True => ExpressionKind::Bool(true),
        Token::False => ExpressionKind::Bool(false),
        Token::Nil => ExpressionKind::Nil,
        _ => return Ok(None),
    }))
}

/// The error for an Int literal that only a minus would make small enough.
fn too_large(value: u64, span: Span) -> Failure {
    let message = format!("invalid number: {value}");
    let error = Diagnostic::error(code::INVALID_NUMBER, "SyntaxError", message, span);
    error
        .with_label("does not fit in 64 bits")
        .with_hint("an Int goes up to 9223372036854775807; write a Float as 1e19")
        .into()
}

fn sequence(kind: SequenceKind, letters: &str) -> ExpressionKind<'_> {
    let as_written = kind == SequenceKind::Quality || !letters.bytes().any(|byte| byte.is_ascii_lowercase());
    let letters = if as_written { Cow::Borrowed(letters) } else { Cow::Owned(letters.to_ascii_uppercase()) };
    ExpressionKind::Sequence { kind, letters }
}

/// `/pattern/flags`
fn regex(text: &str) -> ExpressionKind<'_> {
    let body = text.strip_prefix('/').unwrap_or(text);
    let (pattern, flags) = body.rsplit_once('/').unwrap_or((body, ""));
    let pattern = if pattern.contains("\\/") {
        Cow::Owned(pattern.replace("\\/", "/"))
    } else {
        Cow::Borrowed(pattern)
    };
    ExpressionKind::Regex { pattern, flags }
}

/// The error for a record or block where a `{` would be the body of a header.
fn brace_in_header(reader: &mut Reader<'_, '_, '_>) -> Failure {
    let mut failure = reader.unexpected("expression");
    if let Some(diagnostic) = &mut failure.diagnostic {
        diagnostic.hint = Some("here a '{' opens the body; put a record or block in parentheses".into());
    }
    failure
}
