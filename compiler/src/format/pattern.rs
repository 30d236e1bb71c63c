//! Patterns.

use super::document::{Doc, LINE, concat, group, nest};
use super::list::ListStyle;
use super::printer::Printer;
use crate::ast::{FieldPattern, Name, Pattern, PatternKind};
use crate::token::Token;

/// A part of a list, tuple or record pattern.
enum Part<'p, 'a> {
    Element(&'p Pattern<'a>),
    Field(&'p FieldPattern<'a>),
    Rest,
}

impl<'a> Printer<'a> {
    /// A pattern.
    pub fn pattern(&mut self, pattern: &Pattern<'a>) -> Doc<'a> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.pattern_kind(pattern))
    }

    fn pattern_kind(&mut self, pattern: &Pattern<'a>) -> Doc<'a> {
        match &pattern.kind {
            PatternKind::Wildcard
            | PatternKind::Name(_)
            | PatternKind::Literal(_)
            | PatternKind::Range { .. }
            | PatternKind::Variant { arguments: None, .. } => self.take_until(pattern.span.end),
            PatternKind::Variant { name, arguments: Some(arguments), .. } => {
                let name = self.take_until(name.span.end);
                let arguments = self.parts(arguments.iter().map(Part::Element).collect(), false);
                concat(vec![name, arguments])
            }
            PatternKind::Struct { fields, rest, .. } => {
                let name = self.word();
                let fields = self.parts(with_rest(fields.iter().map(Part::Field), rest), true);
                concat(vec![name, fields])
            }
            PatternKind::Tuple { elements, .. } if !has_parentheses(pattern) => {
                let mut docs = Vec::new();
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        docs.push(self.word());
                    }
                    docs.push(self.pattern(element));
                }
                concat(docs)
            }
            PatternKind::List { elements, rest } | PatternKind::Tuple { elements, rest } => {
                self.parts(with_rest(elements.iter().map(Part::Element), rest), false)
            }
            PatternKind::Record { fields, rest } => {
                self.parts(with_rest(fields.iter().map(Part::Field), rest), false)
            }
            PatternKind::Alternatives(patterns) => {
                let mut docs = Vec::new();
                let mut patterns = patterns.iter();
                let first = patterns.next().map_or(Doc::Nothing, |first| self.pattern(first));
                for pattern in patterns {
                    docs.push(Doc::Space);
                    docs.push(self.take());
                    docs.push(self.lead(&LINE, true));
                    docs.push(self.pattern(pattern));
                }
                group(concat(vec![first, nest(concat(docs))]))
            }
        }
    }

    fn parts(&mut self, parts: Vec<Part<'_, 'a>>, wide: bool) -> Doc<'a> {
        let keeps_comma = self.peek() == Token::LeftParen;
        let style = ListStyle { wide, keeps_comma, ..ListStyle::default() };
        self.list(&parts, style, |printer, part| match part {
            Part::Element(pattern) => printer.pattern(pattern),
            Part::Field(field) => printer.field_pattern(field),
            Part::Rest => {
                let points = printer.take();
                let name = printer.take();
                concat(vec![points, name])
            }
        })
    }

    fn field_pattern(&mut self, field: &FieldPattern<'a>) -> Doc<'a> {
        let mut docs = vec![self.take()];
        if self.peek() == Token::Colon {
            docs.push(self.word());
            docs.push(self.pattern(&field.pattern));
        }
        if let Some(default) = &field.default {
            docs.push(self.infix());
            docs.push(self.expression(default));
        }
        concat(docs)
    }
}

fn with_rest<'p, 'a>(
    parts: impl Iterator<Item = Part<'p, 'a>>,
    rest: &Option<Name<'a>>,
) -> Vec<Part<'p, 'a>> {
    parts.chain(rest.iter().map(|_| Part::Rest)).collect()
}

/// Whether a tuple pattern has parentheses, which the variables of a loop may lack.
fn has_parentheses(pattern: &Pattern<'_>) -> bool {
    let PatternKind::Tuple { elements, .. } = &pattern.kind else { return false };
    elements.first().is_none_or(|first| pattern.span.start < first.span.start)
}
