//! Whole expressions.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, block, operator};
use crate::ast::{Branch, Expression, ExpressionKind};
use crate::span::Span;
use crate::token::Token;

/// An expression of any kind.
pub(super) fn expression<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    reader.nested(|reader| {
        let value = operator::operators(reader, operator::LOWEST)?;
        if reader.token() == Token::If { conditional(reader, value) } else { Ok(value) }
    })
}

/// An expression that is followed by the `{` of a body.
pub(super) fn header<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    reader.within(Surroundings::Header, expression)
}

/// `value if c else w`, from `if` on. A row of them is one node with several branches.
fn conditional<'s>(reader: &mut Reader<'_, 's, '_>, first: Expression<'s>) -> Rule<Expression<'s>> {
    let start = first.span.start;
    let mut branches = Vec::new();
    let mut value = first;
    while reader.eat(Token::If) {
        let condition = operator::operators(reader, operator::LOWEST)?;
        reader.expect(Token::Else)?;
        branches.push(Branch { condition, body: block::of_expression(value) });
        value = operator::operators(reader, operator::LOWEST)?;
    }
    let span = Span::new(start, value.span.end);
    let otherwise = Some(block::of_expression(value));
    Ok(Expression { kind: ExpressionKind::If { branches, otherwise }, span })
}
