//! Names in patterns.

use super::{Resolver, VariableKind};
use crate::ast::{Name, Parameter, Pattern, PatternKind};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use rustc_hash::FxHashMap;

impl<'s> Resolver<'_, 's> {
    /// Declares the names of a pattern, which have their values from the byte `ready_at` on. Defaults are resolved
    /// before the name that they belong to.
    pub(super) fn declare_pattern(&mut self, pattern: &Pattern<'s>, kind: VariableKind, ready_at: u32) {
        match &pattern.kind {
            PatternKind::Name(name) => {
                self.declare(Name { text: name, span: pattern.span }, kind, ready_at);
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
                self.check_alternatives(alternatives);
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

    /// An error for each name that one alternative of a pattern binds and another does not: whoever reads it would not
    /// know whether it has a value.
    fn check_alternatives(&mut self, alternatives: &[Pattern<'s>]) {
        let names: Vec<Vec<Name<'s>>> = alternatives.iter().map(bound_names).collect();
        let mut reported: Vec<&str> = Vec::new();
        for name in names.iter().flatten() {
            let lacking = names.iter().position(|others| others.iter().all(|other| other.text != name.text));
            let Some(lacking) = lacking.filter(|_| !reported.contains(&name.text)) else { continue };
            reported.push(name.text);
            self.diagnostics.push(
                Diagnostic::error(
                    code::UNEQUAL_ALTERNATIVES,
                    "ParseError",
                    format!(
                        "all alternatives of a pattern must bind the same names, and only some bind '{}'",
                        name.text
                    ),
                    name.span,
                )
                .with_secondary(alternatives[lacking].span, format!("this one does not bind '{}'", name.text))
                .with_hint("write an arm for each of them"),
            );
        }
    }
}

impl<'s> Resolver<'_, 's> {
    /// An error for each name that comes twice among the parameters of a function or the fields of a constructor: the
    /// value of the first could never be read.
    pub(super) fn check_repeated(&mut self, what: &str, names: impl IntoIterator<Item = Name<'s>>) {
        let mut first: FxHashMap<&str, Span> = FxHashMap::default();
        for name in names {
            let Some(&earlier) = first.get(name.text) else {
                first.insert(name.text, name.span);
                continue;
            };
            self.diagnostics.push(
                Diagnostic::error(
                    code::REPEATED_PARAMETER,
                    "ParseError",
                    format!("there are two {what}s '{}'", name.text),
                    name.span,
                )
                .with_secondary(earlier, "the first one")
                .with_hint("give one of them another name"),
            );
        }
    }

    /// The same for parameters.
    pub(super) fn check_repeated_parameters(&mut self, parameters: &[Parameter<'s>]) {
        if parameters.len() > 1
            || parameters.iter().any(|each| !matches!(each.pattern.kind, PatternKind::Name(_)))
        {
            let names = parameters.iter().flat_map(|parameter| bound_names(&parameter.pattern));
            self.check_repeated("parameter", names);
        }
    }
}

/// The names that a pattern binds; of alternatives, those of the first.
fn bound_names<'s>(pattern: &Pattern<'s>) -> Vec<Name<'s>> {
    match &pattern.kind {
        PatternKind::Name(name) => vec![Name { text: name, span: pattern.span }],
        PatternKind::List { elements, rest } | PatternKind::Tuple { elements, rest } => {
            elements.iter().flat_map(bound_names).chain(*rest).collect()
        }
        PatternKind::Record { fields, rest } | PatternKind::Struct { fields, rest, .. } => {
            fields.iter().flat_map(|field| bound_names(&field.pattern)).chain(*rest).collect()
        }
        PatternKind::Variant { arguments, .. } => arguments.iter().flatten().flat_map(bound_names).collect(),
        PatternKind::Alternatives(alternatives) => alternatives.first().map(bound_names).unwrap_or_default(),
        PatternKind::Wildcard | PatternKind::Literal(_) | PatternKind::Range { .. } => Vec::new(),
    }
}
