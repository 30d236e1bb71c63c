//! What follows an operand: calls, indexes, fields, struct literals.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, collection, expression, primary};
use crate::ast::{Argument, Expression, ExpressionKind, Name};
use crate::diagnostic::{Diagnostic, code};
use crate::keyword::at;
use crate::token::{Lexeme, Token};

/// An operand with everything that belongs to it.
pub(super) fn postfix<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let value = primary::primary(reader)?;
    suffixes(reader, value)
}

/// Calls, indexes and fields behind `value`.
pub(super) fn suffixes<'s>(reader: &mut Reader<'_, 's, '_>, value: Expression<'s>) -> Rule<Expression<'s>> {
    let mut value = value;
    loop {
        let start = value.span.start;
        let kind = match reader.token() {
            Token::LeftParen => {
                let arguments = arguments(reader)?;
                ExpressionKind::Call { callee: Box::new(value), arguments }
            }
            Token::LeftBracket => index(reader, value)?,
            Token::Dot => {
                reader.take();
                member(reader, value, false)?
            }
            Token::QuestionDot => {
                reader.take();
                member(reader, value, true)?
            }
            Token::Colon if is_namespace(&value) && is_double_colon(reader.rest(), value.span.end) => {
                reader.take();
                reader.take();
                member(reader, value, false)?
            }
            Token::LeftBrace if is_constructor(reader, &value) => struct_literal(reader, value)?,
            _ => return Ok(value),
        };
        value = Expression { kind, span: reader.spanning(start) };
        reader.grow()?;
    }
}

/// A field, a position or a method call; the point is taken.
fn member<'s>(
    reader: &mut Reader<'_, 's, '_>,
    object: Expression<'s>,
    optional: bool,
) -> Rule<ExpressionKind<'s>> {
    let object = Box::new(object);
    if let Token::Int(index) = reader.token() {
        let index_span = reader.take();
        let Ok(index) = u32::try_from(index) else {
            let error = Diagnostic::error(
                code::INVALID_NUMBER,
                "SyntaxError",
                format!("invalid number: {index}"),
                index_span,
            );
            return Err(error.with_label("too large for a position").into());
        };
        return Ok(ExpressionKind::Position { object, index, index_span, optional });
    }
    let name = reader.word("field name")?;
    if reader.token() == Token::LeftParen {
        let arguments = arguments(reader)?;
        return Ok(ExpressionKind::MethodCall { receiver: object, name, arguments, optional });
    }
    Ok(ExpressionKind::Field { object, name, optional })
}

/// Whether the name may stand for a type, variant or constructor.
pub(super) fn is_capitalised(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}

fn is_namespace(value: &Expression<'_>) -> bool {
    matches!(value.kind, ExpressionKind::Name(name) if is_capitalised(name) && value.span.len() == name.len())
}

/// Whether `::` and a name follow at `end`, without blanks. It is no token, because of `xs[::2]`.
pub(super) fn is_double_colon(rest: &[Lexeme<'_>], end: u32) -> bool {
    matches!(rest, [first, second, name, ..]
        if first.token == Token::Colon
            && second.token == Token::Colon
            && matches!(name.token, Token::Identifier(_))
            && first.span.start == end
            && second.span.start == end + 1
            && name.span.start == end + 2)
}

/// Whether a `{` behind `value` begins its fields, and not a block.
fn is_constructor<'s>(reader: &mut Reader<'_, 's, '_>, value: &Expression<'s>) -> bool {
    let is_type = match &value.kind {
        ExpressionKind::Name(name) => is_capitalised(name) && value.span.len() == name.len(),
        ExpressionKind::Field { object, name, optional: false } => {
            matches!(object.kind, ExpressionKind::Name(_)) && is_capitalised(name.text)
        }
        _ => false,
    };
    is_type && reader.state().surroundings != Surroundings::Header && !reader.is_on_new_line()
}

/// `{ x: 1, y: 2 }` behind the name of a struct.
fn struct_literal<'s>(
    reader: &mut Reader<'_, 's, '_>,
    constructor: Expression<'s>,
) -> Rule<ExpressionKind<'s>> {
    let fields = collection::braced(reader, |reader| {
        let name = reader.word("field name")?;
        reader.expect(Token::Colon)?;
        Ok((name, expression::expression(reader)?))
    })?;
    Ok(ExpressionKind::StructLiteral { constructor: Box::new(constructor), fields })
}

/// `(a, b: 1, ...c)`
pub(super) fn arguments<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Vec<Argument<'s>>> {
    collection::grouped(reader, Token::RightParen, argument)
}

fn argument<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Argument<'s>> {
    match reader.token() {
        Token::Ellipsis => {
            reader.take();
            return Ok(Argument::Spread(expression::expression(reader)?));
        }
        Token::Dot => return field_shorthand(reader),
        Token::Text { raw, form } if reader.ahead(1) == Token::Equal => {
            let span = reader.take();
            if form.escapes || form.dedent.is_some() {
                let message = "the name of an argument cannot contain escapes";
                return Err(Diagnostic::error(code::UNEXPECTED_TOKEN, "ParseError", message, span).into());
            }
            reader.take();
            let name = Name { text: raw, span };
            return Ok(Argument::Named { name, value: expression::expression(reader)? });
        }
        _ => {}
    }
    if is_label(reader.rest()) {
        let name = reader.word("identifier")?;
        reader.take();
        return Ok(Argument::Named { name, value: expression::expression(reader)? });
    }
    Ok(Argument::Positional(expression::expression(reader)?))
}

/// Whether a word and `:` or `=` follow.
fn is_label(rest: &[Lexeme<'_>]) -> bool {
    let Some(first) = rest.first() else { return false };
    first.token.word().is_some()
        && match at(rest, 1) {
            Token::Equal => true,
            Token::Colon => !is_double_colon(&rest[1..], first.span.end),
            _ => false,
        }
}

/// `.a.b`
fn field_shorthand<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Argument<'s>> {
    let start = reader.span().start;
    let mut path = Vec::new();
    while reader.eat(Token::Dot) {
        path.push(reader.word("field name")?);
    }
    Ok(Argument::FieldShorthand { path, span: reader.spanning(start) })
}

/// `[i]`, `[a:b:s]`, `[a..b]` behind `object`.
fn index<'s>(reader: &mut Reader<'_, 's, '_>, object: Expression<'s>) -> Rule<ExpressionKind<'s>> {
    let open = reader.take();
    let kind = reader.within(Surroundings::Group, |reader| index_body(reader, object))?;
    reader.close(Token::RightBracket, open)?;
    Ok(kind)
}

fn index_body<'s>(reader: &mut Reader<'_, 's, '_>, object: Expression<'s>) -> Rule<ExpressionKind<'s>> {
    let object = Box::new(object);
    let start = match reader.token() {
        Token::Colon | Token::DotDot | Token::DotDotEqual => None,
        _ => Some(expression::expression(reader)?),
    };
    match reader.token() {
        Token::Colon => {
            reader.take();
            let end = slice_part(reader)?;
            let step = if reader.eat(Token::Colon) { slice_part(reader)? } else { None };
            let start = start.map(Box::new);
            Ok(ExpressionKind::Slice { object, start, end, step, range_form: false, inclusive: false })
        }
        // an open end, on one side or both
        token @ (Token::DotDot | Token::DotDotEqual) => {
            reader.take();
            let end = slice_part(reader)?;
            let inclusive = token == Token::DotDotEqual;
            let start = start.map(Box::new);
            Ok(ExpressionKind::Slice { object, start, end, step: None, range_form: true, inclusive })
        }
        _ => {
            let Some(index) = start else { return Err(reader.unexpected("expression")) };
            Ok(range_index(object, index))
        }
    }
}

fn slice_part<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Option<Box<Expression<'s>>>> {
    if matches!(reader.token(), Token::Colon | Token::RightBracket) {
        return Ok(None);
    }
    Ok(Some(Box::new(expression::expression(reader)?)))
}

/// An index; a range written in place makes it a slice.
fn range_index<'s>(object: Box<Expression<'s>>, index: Expression<'s>) -> ExpressionKind<'s> {
    let whole = index.span.start;
    match index.kind {
        // in parentheses, the span of the range begins before its first operand
        ExpressionKind::Range { start, end, inclusive, .. } if start.span.start == whole => {
            let (start, end) = (Some(start), Some(end));
            ExpressionKind::Slice { object, start, end, step: None, range_form: true, inclusive }
        }
        kind => ExpressionKind::Index { object, index: Box::new(Expression { kind, span: index.span }) },
    }
}
