//! What follows an operand: calls, indexes, fields, the fields of a struct.

use super::document::{Doc, SOFT_LINE, concat};
use super::expression::{Hugs, hugs};
use super::list::ListStyle;
use super::operator::chain;
use super::printer::Printer;
use crate::ast::{Argument, Expression, ExpressionKind};
use crate::token::Token;

/// From this many method calls on, a row of them may be broken before each.
const SHORTEST_CHAIN: usize = 2;

impl<'a> Printer<'a> {
    /// An operand with what follows it.
    pub fn postfix(&mut self, value: &Expression<'a>) -> Doc<'a> {
        let mut suffixes = Vec::new();
        let mut first = value;
        while let Some(inner) = operand(first)
            && (suffixes.is_empty() || self.redundant_parentheses(first) == 0)
        {
            suffixes.push(first);
            first = inner;
        }
        suffixes.reverse();
        let is_method = |suffix: &&&Expression<'_>| matches!(suffix.kind, ExpressionKind::MethodCall { .. });
        let is_chain = suffixes.iter().filter(is_method).count() >= SHORTEST_CHAIN;
        let is_number = matches!(first.kind, ExpressionKind::Int(_) | ExpressionKind::Float(_))
            && self.redundant_parentheses(first) == 0;
        let mut head = vec![self.expression(first)];
        if is_number
            && matches!(suffixes.first().map(|suffix| &suffix.kind), Some(ExpressionKind::Position { .. }))
        {
            // `5 .0` is no Float
            head.push(Doc::Space);
        }
        let mut parts: Vec<(Doc<'a>, Vec<Doc<'a>>)> = Vec::new();
        let mut is_broken = false;
        for suffix in suffixes {
            let breaks = is_chain
                && matches!(suffix.kind, ExpressionKind::MethodCall { .. })
                && matches!(self.peek(), Token::Dot | Token::QuestionDot);
            if breaks {
                is_broken |= self.begins_line();
                parts.push((self.lead(&SOFT_LINE, true), Vec::new()));
            }
            let doc = self.suffix(suffix);
            parts.last_mut().map_or(&mut head, |(_, docs)| docs).push(doc);
        }
        let parts: Vec<_> = parts.into_iter().map(|(lead, docs)| (lead, concat(docs))).collect();
        chain(concat(head), parts, is_broken)
    }

    fn suffix(&mut self, value: &Expression<'a>) -> Doc<'a> {
        match &value.kind {
            ExpressionKind::Call { arguments, .. } => self.arguments(arguments),
            ExpressionKind::MethodCall { name, arguments, .. } => {
                let name = self.member(name.span.end);
                let arguments = self.arguments(arguments);
                concat(vec![name, arguments])
            }
            ExpressionKind::Index { index, .. } => {
                let open = self.take();
                let index = self.expression(index);
                let close = self.take();
                concat(vec![open, index, close])
            }
            ExpressionKind::Slice { start, end, step, .. } => {
                let parts = [start, end, step].map(Option::as_deref);
                self.slice(parts)
            }
            ExpressionKind::StructLiteral { fields, .. } => {
                let style = ListStyle { wide: true, keeps_lines: true, ..ListStyle::default() };
                let fields = self.list(fields, style, |printer, (_, value)| {
                    let name = printer.take();
                    let colon = printer.word();
                    let value = printer.expression(value);
                    concat(vec![name, colon, value])
                });
                concat(vec![Doc::Space, fields])
            }
            ExpressionKind::Field { name, .. } => self.member(name.span.end),
            ExpressionKind::Position { index_span, .. } => self.take_until(index_span.end),
            _ => {
                self.mismatch = true;
                Doc::Nothing
            }
        }
    }

    /// A point and a name that ends at `end`. A comment between the two comes before them: a line goes on with a point
    /// only if a name follows in the same line.
    fn member(&mut self, end: u32) -> Doc<'a> {
        let mut docs = vec![self.comments()];
        let point = self.take();
        docs.push(self.comments());
        docs.push(point);
        docs.push(self.take_until(end));
        concat(docs)
    }

    /// `[a:b:s]`, `[a..b]`
    fn slice(&mut self, parts: [Option<&Expression<'a>>; 3]) -> Doc<'a> {
        let mut docs = vec![self.take()];
        for part in parts {
            if let Some(part) = part {
                docs.push(self.expression(part));
            }
            if matches!(self.peek(), Token::Colon | Token::DotDot | Token::DotDotEqual) {
                let is_second = docs.len() > 2;
                let before = self.next.checked_sub(1).and_then(|index| self.script.tokens.get(index));
                if is_second && part.is_none() && before.is_some_and(|before| before.span.end < self.offset())
                {
                    // `[A: :b]` is no `A::b`
                    docs.push(Doc::Space);
                }
                docs.push(self.take());
            }
        }
        docs.push(self.take());
        concat(docs)
    }

    /// `(a, b: 1, ...c)`; or the lambda of `f |x| …` and `f do … end` behind a pipe.
    pub fn arguments(&mut self, arguments: &[Argument<'a>]) -> Doc<'a> {
        if self.peek() != Token::LeftParen {
            let Some(Argument::Positional(lambda)) = arguments.first() else {
                self.mismatch = true;
                return Doc::Nothing;
            };
            let lambda = self.expression(lambda);
            return concat(vec![Doc::Space, lambda]);
        }
        let last = arguments.last();
        let style = ListStyle {
            hugs: arguments_hug(arguments),
            no_comma_at_end: last.is_some_and(ends_with_statements),
            ..ListStyle::default()
        };
        self.list(arguments, style, |printer, argument| printer.argument(argument))
    }

    fn argument(&mut self, argument: &Argument<'a>) -> Doc<'a> {
        match argument {
            Argument::Positional(value) => self.expression(value),
            Argument::Named { value, .. } => {
                let name = self.take();
                let label = if self.peek() == Token::Equal { self.infix() } else { self.word() };
                let value = self.expression(value);
                concat(vec![name, label, value])
            }
            Argument::Spread(value) => {
                let points = self.take();
                let value = self.expression(value);
                concat(vec![points, value])
            }
            Argument::FieldShorthand { span, .. } => self.take_until(span.end),
        }
    }
}

/// What an expression adds something to at its end.
fn operand<'e, 's>(value: &'e Expression<'s>) -> Option<&'e Expression<'s>> {
    match &value.kind {
        ExpressionKind::Call { callee: inner, .. }
        | ExpressionKind::MethodCall { receiver: inner, .. }
        | ExpressionKind::Field { object: inner, .. }
        | ExpressionKind::Position { object: inner, .. }
        | ExpressionKind::Index { object: inner, .. }
        | ExpressionKind::Slice { object: inner, .. }
        | ExpressionKind::StructLiteral { constructor: inner, .. } => Some(inner),
        _ => None,
    }
}

/// Whether the last argument may run over several lines while the parentheses stay with it.
pub(super) fn arguments_hug(arguments: &[Argument<'_>]) -> Hugs {
    match arguments.last() {
        Some(Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value)) => {
            hugs(value, arguments.len() == 1)
        }
        _ => Hugs::Never,
    }
}

/// Whether an argument ends with statements without braces, which a comma could become a part of.
fn ends_with_statements(argument: &Argument<'_>) -> bool {
    match argument {
        Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value) => {
            super::function::ends_with_statements(value)
        }
        Argument::FieldShorthand { .. } => false,
    }
}
