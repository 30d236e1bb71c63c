//! Names in patterns.

use super::{Resolver, VariableKind};
use crate::ast::{Pattern, PatternKind};

impl<'s> Resolver<'_, 's> {
    /// Declares the names of a pattern, which have their values from the byte `ready_at` on. Defaults are resolved
    /// before the name that they belong to.
    pub(super) fn declare_pattern(&mut self, pattern: &Pattern<'s>, kind: VariableKind, ready_at: u32) {
        match &pattern.kind {
            PatternKind::Name(name) => {
                self.declare(crate::ast::Name { text: name, span: pattern.span }, kind, ready_at);
            }
            PatternKind::List { elements, rest } | PatternKind::Tuple { elements, rest } => {
                for element in elements {
                    self.declare_pattern(element, kind, ready_at);
                }
                if let Some(rest) = rest {
                    self.declare(*rest, kind, ready_at);
                }
            }
            PatternKind::Record { fields, rest } | PatternKind::Struct { fields, rest, .. } => {
                if let PatternKind::Struct { name, .. } = &pattern.kind {
                    self.bind_structure(name.text, name.span);
                }
                for field in fields {
                    if let Some(default) = &field.default {
                        self.expression(default);
                    }
                    self.declare_pattern(&field.pattern, kind, ready_at);
                }
                if let Some(rest) = rest {
                    self.declare(*rest, kind, ready_at);
                }
            }
            PatternKind::Variant { namespace, name, arguments } => {
                let name = namespace.unwrap_or(*name);
                self.bind_structure(name.text, name.span);
                for argument in arguments.iter().flatten() {
                    self.declare_pattern(argument, kind, ready_at);
                }
            }
            PatternKind::Alternatives(alternatives) => {
                for alternative in alternatives {
                    self.declare_pattern(alternative, kind, ready_at);
                }
            }
            PatternKind::Literal(literal) => self.expression(literal),
            PatternKind::Range { start, end, .. } => {
                self.expression(start);
                self.expression(end);
            }
            PatternKind::Wildcard => {}
        }
    }
}
