//! Statements that consist of a header and a body: loops, `unless`, `guard`, `with`.

use super::cursor::{Cursor, Reader};
use super::{LoopKind, Rule, Surroundings, block, control, expression, pattern};
use crate::ast::{Block, StatementKind};
use crate::token::Token;

/// `for p in e when c { … } else { … }`; of a parallel one, `parallel` is taken.
pub(super) fn for_loop<'s>(reader: &mut Reader<'_, 's, '_>, parallel: bool) -> Rule<StatementKind<'s>> {
    reader.take();
    let pattern = pattern::loop_pattern(reader)?;
    reader.expect(Token::In)?;
    let iterable = expression::header(reader)?;
    let condition = if !parallel && reader.eat(Token::Identifier("when")) {
        Some(expression::header(reader)?)
    } else {
        None
    };
    let kind = if parallel { LoopKind::Parallel } else { LoopKind::Ordinary };
    let body = loop_body(reader, kind)?;
    let otherwise = if !parallel && reader.eat(Token::Else) { Some(block::braces(reader)?) } else { None };
    Ok(StatementKind::For { pattern, iterable, condition, body, otherwise, parallel })
}

/// `while c { … }`
pub(super) fn while_loop<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let condition = expression::header(reader)?;
    let body = loop_body(reader, LoopKind::Ordinary)?;
    Ok(StatementKind::While { condition, body })
}

fn loop_body<'s>(reader: &mut Reader<'_, 's, '_>, kind: LoopKind) -> Rule<Block<'s>> {
    reader.state().loops.push(kind);
    let body = block::braces(reader);
    reader.state().loops.pop();
    body
}

/// `unless c { … } else { … }`, `unless c then x`
pub(super) fn unless<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let condition = expression::header(reader)?;
    let body = control::body_or_then(reader)?;
    let otherwise = if reader.eat(Token::Else) { Some(control::else_body(reader)?) } else { None };
    Ok(StatementKind::Unless { condition, body, otherwise })
}

/// `guard c else { … }`
pub(super) fn guard<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let condition = expression::header(reader)?;
    reader.expect(Token::Else)?;
    let otherwise = control::else_body(reader)?;
    Ok(StatementKind::Guard { condition, otherwise })
}

/// `with record { … }`
pub(super) fn with<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    // A brace right here cannot be the body yet.
    let record = match reader.token() {
        Token::LeftBrace => reader.within(Surroundings::Block, expression::expression)?,
        _ => expression::header(reader)?,
    };
    let body = block::braces(reader)?;
    Ok(StatementKind::With { record, body })
}
