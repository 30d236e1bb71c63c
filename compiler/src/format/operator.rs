//! Operators and pipes.

use super::document::{Doc, Hug, LINE, concat, group, nest};
use super::printer::Printer;
use crate::ast::{BinaryOperator, Expression, ExpressionKind, LogicalOperator};
use crate::span::Span;
use crate::token::Token;
use std::rc::Rc;

/// How tight an operator binds, as far as a row of operators is concerned: those of the same level are broken
/// together.
fn level(value: &Expression<'_>) -> Option<u8> {
    use BinaryOperator as Operator;
    match &value.kind {
        ExpressionKind::Logical { operator, .. } => Some(match operator {
            LogicalOperator::Coalesce => 1,
            LogicalOperator::Or => 2,
            LogicalOperator::And => 3,
        }),
        ExpressionKind::Binary { operator, .. } => Some(match operator {
            Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn => 4,
            Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual => 5,
            Operator::BitXor => 6,
            Operator::BitAnd => 7,
            Operator::ShiftLeft | Operator::ShiftRight => 8,
            Operator::Add | Operator::Subtract | Operator::Concatenate => 9,
            Operator::Multiply | Operator::Divide | Operator::TruncatingDivide | Operator::Remainder => 10,
            Operator::Power => 11,
        }),
        _ => None,
    }
}

impl<'a> Printer<'a> {
    /// A row of operators of one level.
    pub fn operators(&mut self, value: &Expression<'a>) -> Doc<'a> {
        let row = level(value);
        let mut operands = Vec::new();
        let mut first = value;
        while let ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } =
            &first.kind
            && (operands.is_empty() || (level(first) == row && self.redundant_parentheses(first) == 0))
        {
            operands.push(&**right);
            first = left;
        }
        operands.reverse();
        self.row(first, &operands)
    }

    /// `a < b <= c`
    pub fn comparisons(
        &mut self,
        first: &Expression<'a>,
        rest: &[(BinaryOperator, Span, Expression<'a>)],
    ) -> Doc<'a> {
        let operands: Vec<_> = rest.iter().map(|(_, _, operand)| operand).collect();
        self.row(first, &operands)
    }

    /// Operands with an operator before each but the first. Lines end behind operators: a line that begins with a
    /// minus would be a statement of its own.
    fn row(&mut self, first: &Expression<'a>, operands: &[&Expression<'a>]) -> Doc<'a> {
        let first = self.expression(first);
        let mut parts = Vec::new();
        for &operand in operands {
            let mut before = vec![Doc::Space];
            if self.peek() == Token::Not {
                before.push(self.word());
            }
            before.push(self.take());
            before.push(self.lead(&LINE, true));
            parts.push((concat(before), self.expression(operand)));
        }
        chain(first, parts, false)
    }

    /// A row of pipes.
    pub fn pipe(&mut self, value: &Expression<'a>) -> Doc<'a> {
        let mut steps = Vec::new();
        let mut first = value;
        while let ExpressionKind::Pipe { left, .. }
        | ExpressionKind::Tap { left, .. }
        | ExpressionKind::PipeInto { left, .. }
        | ExpressionKind::PipeThen { left, .. } = &first.kind
            && (steps.is_empty() || self.redundant_parentheses(first) == 0)
        {
            steps.push(first);
            first = left;
        }
        let first = self.expression(first);
        let mut parts = Vec::new();
        let mut is_broken = false;
        for step in steps.into_iter().rev() {
            is_broken |= self.begins_line();
            let lead = self.lead(&LINE, true);
            let operator = self.take();
            is_broken |= self.begins_line();
            let before = concat(vec![lead, operator, Doc::Space]);
            let target = match &step.kind {
                ExpressionKind::Pipe { target, .. } | ExpressionKind::Tap { target, .. } => {
                    self.expression(target)
                }
                ExpressionKind::PipeThen { body, .. } => {
                    let mut docs = vec![self.word(), self.word(), self.word()];
                    docs.push(self.expression(body));
                    concat(docs)
                }
                _ => {
                    let word = self.word();
                    let name = self.take();
                    concat(vec![word, name])
                }
            };
            parts.push((before, target));
        }
        chain(first, parts, is_broken)
    }
}

/// Something, and parts that follow it, each on its own line if not all have room on one. Where only the last part
/// consists of several lines, it begins on the line of the others.
pub(super) fn chain<'s>(first: Doc<'s>, parts: Vec<(Doc<'s>, Doc<'s>)>, is_broken: bool) -> Doc<'s> {
    let mut rest: Vec<Doc<'s>> =
        parts.iter().flat_map(|(before, part)| [before.clone(), part.clone()]).collect();
    let forced = if is_broken { Doc::Forced } else { Doc::Nothing };
    let broken = group(concat(vec![forced, first.clone(), nest(concat(rest.clone()))]));
    let Some(last) = rest.pop() else { return first };
    rest.insert(0, first);
    let before = concat(rest);
    if is_broken || before.is_forced() || !last.is_forced() {
        return broken;
    }
    Doc::Hug(Rc::new(Hug { before, last, after: Doc::Nothing, broken }))
}
