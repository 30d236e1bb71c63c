//! Statements: which one it is, and the short ones.

use super::cursor::{Cursor, Reader};
use super::{LoopKind, Rule, declaration, expression, header, pattern, types};
use crate::ast::{
    AssignOperator, BinaryOperator, Expression, ExpressionKind, Name, Statement, StatementKind, Target,
    TargetStep,
};
use crate::diagnostic::{Diagnostic, code};
use crate::keyword::{self, StatementKeyword};
use crate::span::Span;
use crate::token::Token;

/// Any statement.
pub(super) fn statement<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Statement<'s>> {
    let start = reader.span().start;
    let kind = match reader.token() {
        Token::Const => constant(reader)?,
        Token::Yield => yield_value(reader)?,
        Token::For => header::for_loop(reader, false)?,
        Token::While => header::while_loop(reader)?,
        Token::Struct => declaration::structure(reader)?,
        Token::Enum => declaration::enumeration(reader)?,
        Token::Trait => declaration::interface(reader)?,
        Token::Impl => declaration::implementation(reader)?,
        Token::Import => declaration::import(reader)?,
        Token::At => declaration::function(reader)?,
        Token::Fn if declaration::is_named(reader.rest()) => declaration::function(reader)?,
        Token::Async if declaration::is_named(reader.rest()) => declaration::function(reader)?,
        Token::Identifier(_) => match keyword::statement_keyword(reader.rest()) {
            None => return simple(reader),
            Some(StatementKeyword::Assert) => assertion(reader)?,
            Some(StatementKeyword::Defer) => {
                reader.take();
                StatementKind::Defer(outside_loops(reader, expression::expression)?)
            }
            Some(StatementKeyword::From) => declaration::import_names(reader)?,
            Some(StatementKeyword::Guard) => header::guard(reader)?,
            Some(StatementKeyword::Parallel) => {
                reader.take();
                header::for_loop(reader, true)?
            }
            Some(StatementKeyword::Pipeline) => declaration::pipeline(reader)?,
            Some(StatementKeyword::Stage) => declaration::stage(reader)?,
            Some(StatementKeyword::Type) => declaration::type_alias(reader)?,
            Some(StatementKeyword::Unless) => header::unless(reader)?,
            Some(StatementKeyword::With) => header::with(reader)?,
        },
        _ => return simple(reader),
    };
    Ok(Statement { kind, span: reader.spanning(start) })
}

/// A statement that may stand where braces are left out: behind `then`, `else` and `=>`.
pub(super) fn simple<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Statement<'s>> {
    let start = reader.span().start;
    let kind = match reader.token() {
        Token::Let => binding(reader)?,
        Token::Return => {
            reader.take();
            let value =
                if ends_return(reader.token()) { None } else { Some(expression::expression(reader)?) };
            StatementKind::Return(value)
        }
        Token::Break => leave_loop(reader, StatementKind::Break),
        Token::Continue => leave_loop(reader, StatementKind::Continue),
        _ => expression_or_assignment(reader)?,
    };
    Ok(Statement { kind, span: reader.spanning(start) })
}

/// Whether `return` has no value before this token.
fn ends_return(token: Token<'_>) -> bool {
    matches!(
        token,
        Token::Newline
            | Token::Semicolon
            | Token::End
            | Token::RightBrace
            | Token::RightParen
            | Token::RightBracket
            | Token::ValueEnd
            | Token::Comma
            | Token::Else
    )
}

/// `let p: T = e`
fn binding<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let doc = declaration::doc(reader);
    reader.take();
    let pattern = pattern::binder(reader)?;
    let annotation = types::annotation(reader)?;
    reader.expect(Token::Equal)?;
    let value = expression::expression(reader)?;
    Ok(StatementKind::Let { pattern, annotation, value, doc })
}

/// `const K: T = e`
fn constant<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let doc = declaration::doc(reader);
    reader.take();
    let name = reader.name()?;
    let annotation = types::annotation(reader)?;
    reader.expect(Token::Equal)?;
    let value = expression::expression(reader)?;
    Ok(StatementKind::Const { name, annotation, value, doc })
}

/// `yield e`
fn yield_value<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let span = reader.take();
    if !reader.state().in_generator {
        let error =
            Diagnostic::error(code::OUTSIDE_GENERATOR, "ParseError", "'yield' outside of a generator", span);
        reader.report(error.with_hint("a function that yields is declared with fn*").into());
    }
    Ok(StatementKind::Yield(expression::expression(reader)?))
}

/// `break`, `continue`
fn leave_loop<'s>(reader: &mut Reader<'_, 's, '_>, kind: StatementKind<'s>) -> StatementKind<'s> {
    let span = reader.take();
    let word = span.text(reader.state().source);
    let message = match reader.state().loops.last() {
        None => format!("'{word}' outside of a loop"),
        Some(LoopKind::Parallel) if kind == StatementKind::Break => {
            "'break' is not allowed in a parallel for".to_string()
        }
        Some(_) => return kind,
    };
    let mut error = Diagnostic::error(code::OUTSIDE_LOOP, "ParseError", message, span);
    if reader.state().loops.is_empty() {
        error = error
            .with_hint("a loop around the function or lambda does not count; 'return' leaves a function");
    }
    reader.report(error.into());
    kind
}

/// Runs a rule as if there were no loop around it.
pub(super) fn outside_loops<'t, 's, 'p, T>(
    reader: &mut Reader<'t, 's, 'p>,
    rule: impl FnOnce(&mut Reader<'t, 's, 'p>) -> T,
) -> T {
    let loops = std::mem::take(&mut reader.state().loops);
    let result = rule(reader);
    reader.state().loops = loops;
    result
}

/// `assert c`, `assert c, m`, `assert(c, m)`
fn assertion<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let condition = expression::expression(reader)?;
    if reader.eat(Token::Comma) {
        let message = Some(expression::expression(reader)?);
        return Ok(StatementKind::Assert { condition, message });
    }
    // a tuple would always be true, so two values in parentheses are condition and message
    match condition.kind {
        ExpressionKind::Tuple(items) if items.len() == 2 => {
            let mut items = items.into_iter();
            if let (Some(crate::ast::Item::Value(condition)), Some(crate::ast::Item::Value(message))) =
                (items.next(), items.next())
            {
                return Ok(StatementKind::Assert { condition, message: Some(message) });
            }
            let error = Diagnostic::error(
                code::UNEXPECTED_TOKEN,
                "ParseError",
                "assert takes a condition and a message",
                condition.span,
            );
            Err(error.into())
        }
        _ => Ok(StatementKind::Assert { condition, message: None }),
    }
}

/// An expression, or an assignment if an assignment operator follows it.
pub(super) fn expression_or_assignment<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.state().statement_start = *reader.cursor().inner();
    let left = expression::expression(reader)?;
    let operator = match reader.token() {
        Token::Equal => AssignOperator::Plain,
        Token::PlusEqual => AssignOperator::Compound(BinaryOperator::Add),
        Token::MinusEqual => AssignOperator::Compound(BinaryOperator::Subtract),
        Token::StarEqual => AssignOperator::Compound(BinaryOperator::Multiply),
        Token::SlashEqual => AssignOperator::Compound(BinaryOperator::Divide),
        Token::PercentEqual => AssignOperator::Compound(BinaryOperator::Remainder),
        Token::QuestionEqual => AssignOperator::IfNil,
        _ => return Ok(StatementKind::Expression(left)),
    };
    let target = target(left)?;
    let operator_span = reader.take();
    let value = expression::expression(reader)?;
    Ok(StatementKind::Assign { target, operator, operator_span, value })
}

/// Reads an expression as the left side of an assignment.
fn target(expression: Expression<'_>) -> Rule<Target<'_>> {
    let span = expression.span;
    let mut steps = Vec::new();
    let mut current = expression;
    loop {
        let end = current.span.end;
        current = match current.kind {
            ExpressionKind::Name(text) => {
                steps.reverse();
                let name = Name { text, span: current.span };
                return Ok(Target { name, steps, span });
            }
            ExpressionKind::Field { object, name, optional: false } => {
                steps.push(TargetStep::Field(name));
                *object
            }
            ExpressionKind::Index { object, index } => {
                let span = Span::new(object.span.end, end);
                steps.push(TargetStep::Index { index: *index, span });
                *object
            }
            _ => break,
        };
    }
    let error = Diagnostic::error(
        code::INVALID_TARGET,
        "ParseError",
        "cannot assign to this expression",
        current.span,
    );
    let is_count =
        matches!(current.kind, ExpressionKind::Binary { operator: BinaryOperator::Concatenate, .. });
    let hint = if is_count {
        "'++' joins lists and text; to count up, write x += 1"
    } else {
        "a variable, x.field or x[index] can be assigned to; write == to compare"
    };
    Err(error.with_hint(hint).into())
}
