//! Expressions: which one it is, and the short ones.

use super::block::has_braces;
use super::document::{Doc, Hug, LINE, SOFT_LINE, concat, group, nest};
use super::printer::Printer;
use crate::ast::{Expression, ExpressionKind, FunctionForm, StatementKind};
use crate::token::Token;
use std::rc::Rc;

impl<'a> Printer<'a> {
    /// An expression with the parentheses that it was written with.
    pub fn expression(&mut self, value: &Expression<'a>) -> Doc<'a> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            let parentheses = self.redundant_parentheses(value);
            self.within_parentheses(value, parentheses)
        })
    }

    /// How many pairs of parentheses stand around an expression that are not its own.
    pub fn redundant_parentheses(&self, value: &Expression<'_>) -> usize {
        let parentheses = self.script.parentheses(value.span);
        match value.kind {
            ExpressionKind::Tuple(_) => parentheses.saturating_sub(1),
            _ => parentheses,
        }
    }

    fn within_parentheses(&mut self, value: &Expression<'a>, parentheses: usize) -> Doc<'a> {
        let Some(fewer) = parentheses.checked_sub(1) else { return self.bare(value) };
        let open = self.take();
        let lead = self.lead(&SOFT_LINE, true);
        let inner = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.within_parentheses(value, fewer));
        let tail = self.tail(false);
        let close = self.expect(Token::RightParen);
        let body = nest(concat(vec![lead.clone(), inner.clone(), tail.clone()]));
        let broken = group(concat(vec![open.clone(), body, SOFT_LINE, close.clone()]));
        if hugs(value, true) == Hugs::Never {
            return broken;
        }
        let before = concat(vec![open, lead]);
        let after = concat(vec![tail, close]);
        Doc::Hug(Rc::new(Hug { before, last: inner, after, broken }))
    }

    /// An expression without parentheses around it.
    fn bare(&mut self, value: &Expression<'a>) -> Doc<'a> {
        match &value.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Interpolated(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Regex { .. }
            | ExpressionKind::Name(_) => self.literal(),
            ExpressionKind::List(items) => self.items(items),
            ExpressionKind::Set(items) => self.items(items),
            ExpressionKind::Tuple(items) => self.tuple(items),
            ExpressionKind::Record(entries) => self.record(entries),
            ExpressionKind::ListComprehension { element, clauses } => self.list_of(element, clauses),
            ExpressionKind::MapComprehension { key, value, clauses } => self.map_of(key, value, clauses),
            ExpressionKind::Unary { operand, .. } => {
                let is_word = self.peek() == Token::Not;
                let operator = if is_word { self.word() } else { self.take() };
                let operand = self.expression(operand);
                concat(vec![operator, operand])
            }
            ExpressionKind::Await(inner) => {
                let word = self.word();
                let inner = self.expression(inner);
                concat(vec![word, inner])
            }
            ExpressionKind::Binary { .. } | ExpressionKind::Logical { .. } => self.operators(value),
            ExpressionKind::Chain { first, rest } => self.comparisons(first, rest),
            ExpressionKind::Range { start, end, .. } => {
                let start = self.expression(start);
                let operator = self.take();
                let end = self.expression(end);
                concat(vec![start, operator, end])
            }
            ExpressionKind::Cast { value: inner, .. } => {
                let inner = self.expression(inner);
                let word = self.infix();
                let name = self.take();
                concat(vec![inner, word, name])
            }
            ExpressionKind::Formula { response, terms } => {
                let mut docs = vec![self.word()];
                if let Some(response) = response {
                    docs.push(self.expression(response));
                    docs.push(self.infix());
                }
                docs.push(self.expression(terms));
                concat(docs)
            }
            ExpressionKind::Call { .. }
            | ExpressionKind::MethodCall { .. }
            | ExpressionKind::Field { .. }
            | ExpressionKind::Position { .. }
            | ExpressionKind::Index { .. }
            | ExpressionKind::Slice { .. }
            | ExpressionKind::StructLiteral { .. } => self.postfix(value),
            ExpressionKind::Pipe { .. }
            | ExpressionKind::Tap { .. }
            | ExpressionKind::PipeInto { .. }
            | ExpressionKind::PipeThen { .. } => self.pipe(value),
            ExpressionKind::Block(block) => group(self.braces(block)),
            ExpressionKind::Function(function) => self.function_value(function),
            ExpressionKind::If { branches, otherwise } => self.conditional(branches, otherwise.as_ref()),
            ExpressionKind::Match { subject, arms } => self.match_value(subject, arms),
            ExpressionKind::Given { arms } => self.given(arms),
            ExpressionKind::Try { body, error, handler } => self.attempt(body, error.is_some(), handler),
            ExpressionKind::Retry { attempts, delay, body } => self.retry(attempts, delay.as_deref(), body),
        }
    }

    /// A literal or a name: one token, or two where a minus belongs to the number.
    fn literal(&mut self) -> Doc<'a> {
        let minus = self.eat(Token::Minus).unwrap_or(Doc::Nothing);
        let token = self.take();
        concat(vec![minus, token])
    }

    /// An expression behind which a `{` opens a body. Where it goes on in the next line, it is indented more than the
    /// body.
    pub fn header(&mut self, value: &Expression<'a>) -> Doc<'a> {
        let goes_on = matches!(
            value.kind,
            ExpressionKind::Binary { .. }
                | ExpressionKind::Logical { .. }
                | ExpressionKind::Chain { .. }
                | ExpressionKind::Pipe { .. }
                | ExpressionKind::Tap { .. }
        );
        let value = self.expression(value);
        if goes_on { nest(value) } else { value }
    }

    /// `separator`, comments, and an expression behind an operator.
    pub fn operand(&mut self, value: &Expression<'a>) -> Doc<'a> {
        let lead = self.lead(&LINE, true);
        let value = self.expression(value);
        concat(vec![lead, value])
    }
}

/// Whether the last argument of a call, or what stands in parentheses, may run over several lines while the brackets
/// stay with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub(super) enum Hugs {
    /// It would not be clear where it ends.
    #[default]
    Never,
    /// When it cannot be on one line.
    IfForced,
    /// When the whole does not fit on one line.
    Always,
}

/// Whether an expression may run over several lines behind something else; `alone` in its brackets, or as the last of
/// several.
pub(super) fn hugs(value: &Expression<'_>, alone: bool) -> Hugs {
    match &value.kind {
        ExpressionKind::Block(_)
        | ExpressionKind::Match { .. }
        | ExpressionKind::Given { .. }
        | ExpressionKind::Try { .. }
        | ExpressionKind::List(_)
        | ExpressionKind::Set(_)
        | ExpressionKind::Record(_)
        | ExpressionKind::StructLiteral { .. }
        | ExpressionKind::MapComprehension { .. }
        | ExpressionKind::ListComprehension { .. } => {
            if alone {
                Hugs::Always
            } else {
                Hugs::IfForced
            }
        }
        ExpressionKind::Function(function) => match function.body.statements.as_slice() {
            [only] if function.form == FunctionForm::Lambda && !has_braces(&function.body) => {
                match &only.kind {
                    StatementKind::Expression(body) => hugs(body, true),
                    _ => Hugs::Never,
                }
            }
            _ => Hugs::Always,
        },
        ExpressionKind::Call { arguments, .. } | ExpressionKind::MethodCall { arguments, .. } => {
            let inner = super::postfix::arguments_hug(arguments);
            if alone { inner } else { inner.min(Hugs::IfForced) }
        }
        ExpressionKind::Pipe { target, .. } if alone => hugs(target, true).min(Hugs::IfForced),
        _ => Hugs::Never,
    }
}
