//! Control flow that is an expression: `if`, `match`, `given`, `try`, `retry`.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, block, expression, pattern};
use crate::ast::{Block, Branch, Expression, ExpressionKind, GivenArm, MatchArm};
use crate::token::Token;

/// `if c { … } else if d { … } else { … }`, `if c then x else y`
pub(super) fn conditional<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.span().start;
    let mut branches = Vec::new();
    let mut otherwise = None;
    loop {
        reader.take();
        let condition = expression::header(reader)?;
        let body = body_or_then(reader)?;
        branches.push(Branch { condition, body });
        if !reader.eat(Token::Else) {
            break;
        }
        if reader.token() != Token::If {
            otherwise = Some(else_body(reader)?);
            break;
        }
    }
    let kind = ExpressionKind::If { branches, otherwise };
    Ok(Expression { kind, span: reader.spanning(start) })
}

/// `{ … }` or `then` and a single statement.
pub(super) fn body_or_then<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    if reader.eat(Token::Identifier("then")) {
        return block::simple(reader);
    }
    if reader.token() != Token::LeftBrace {
        return Err(reader.unexpected("'{' or 'then'"));
    }
    block::braces(reader)
}

/// What stands behind `else`.
pub(super) fn else_body<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    if reader.token() == Token::LeftBrace { block::braces(reader) } else { block::simple(reader) }
}

/// `match e { pattern if guard => body, … }`
pub(super) fn match_value<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    let subject = Box::new(expression::header(reader)?);
    let arms = arms(reader, |reader| {
        let pattern = pattern::alternatives(reader)?;
        let guard = if reader.eat(Token::If) { Some(expression::expression(reader)?) } else { None };
        reader.expect(Token::FatArrow)?;
        Ok(MatchArm { pattern, guard, body: block::braces_or_simple(reader)? })
    })?;
    Ok(Expression { kind: ExpressionKind::Match { subject, arms }, span: reader.spanning(start) })
}

/// `given { c => body, otherwise => body }`
pub(super) fn given<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    let arms = arms(reader, |reader| {
        let is_otherwise =
            reader.token() == Token::Identifier("otherwise") && reader.ahead(1) == Token::FatArrow;
        let condition = if is_otherwise {
            reader.take();
            None
        } else {
            Some(expression::expression(reader)?)
        };
        reader.expect(Token::FatArrow)?;
        Ok(GivenArm { condition, body: block::braces_or_simple(reader)? })
    })?;
    Ok(Expression { kind: ExpressionKind::Given { arms }, span: reader.spanning(start) })
}

/// `{ arm, arm … }`; commas, newlines or both separate the arms.
fn arms<'t, 's, 'p, T>(
    reader: &mut Reader<'t, 's, 'p>,
    arm: impl Fn(&mut Reader<'t, 's, 'p>) -> Rule<T>,
) -> Rule<Vec<T>> {
    if reader.token() != Token::LeftBrace {
        return Err(reader.unexpected("'{'"));
    }
    reader.nested(|reader| {
        let open = reader.take();
        let arms = reader.within(Surroundings::Block, |reader| {
            let mut arms = Vec::new();
            loop {
                skip_separators(reader);
                if reader.token() == Token::RightBrace {
                    return Ok(arms);
                }
                arms.push(arm(reader)?);
                if !matches!(reader.token(), Token::Comma | Token::Newline | Token::Semicolon) {
                    return Ok(arms);
                }
            }
        })?;
        reader.close(Token::RightBrace, open)?;
        Ok(arms)
    })
}

fn skip_separators(reader: &mut Reader<'_, '_, '_>) {
    while matches!(reader.token(), Token::Comma | Token::Newline | Token::Semicolon) {
        reader.take();
    }
}

/// `try { … } catch e { … }`
pub(super) fn attempt<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    let body = Box::new(block::braces(reader)?);
    // at the end of the text, `catch` may still come
    if reader.token() == Token::Newline && reader.ahead(1) == Token::End {
        reader.take();
    }
    reader.expect(Token::Catch)?;
    let error = match reader.token() {
        Token::Identifier(_) => Some(reader.name()?),
        _ => None,
    };
    let handler = Box::new(block::braces(reader)?);
    Ok(Expression { kind: ExpressionKind::Try { body, error, handler }, span: reader.spanning(start) })
}

/// `retry(n, delay: ms) { … }`
pub(super) fn retry<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    let open = reader.take();
    let (attempts, delay) = reader.within(Surroundings::Group, |reader| {
        let attempts = Box::new(expression::expression(reader)?);
        if !reader.eat(Token::Comma) || reader.token() == Token::RightParen {
            return Ok((attempts, None));
        }
        let is_label = reader.token() == Token::Identifier("delay")
            && matches!(reader.ahead(1), Token::Colon | Token::Equal);
        if is_label {
            reader.take();
            reader.take();
        }
        let delay = Box::new(expression::expression(reader)?);
        reader.eat(Token::Comma);
        Ok((attempts, Some(delay)))
    })?;
    reader.close(Token::RightParen, open)?;
    let body = block::braces(reader)?;
    Ok(Expression { kind: ExpressionKind::Retry { attempts, delay, body }, span: reader.spanning(start) })
}
