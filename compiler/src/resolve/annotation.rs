//! Annotations that are checked when the script runs: what the names in them mean.

use super::Resolver;
use crate::ast::{Parameter, Type, TypeKind};
use crate::diagnostic::{Diagnostic, code, did_you_mean};
use crate::span::Span;
use biovm_bytecode::Type as ValueType;

/// An annotation whose names are understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedType {
    /// As it is written.
    pub text: String,
    /// What it accepts.
    pub form: CheckedForm,
}

/// What an annotation accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedForm {
    /// `Any`
    Any,
    /// `Num`
    Number,
    /// A type of the language.
    Type(ValueType),
    /// A struct or enum.
    Structure(String),
    /// `T?`
    Optional(Box<CheckedType>),
    /// `A | B`
    Union(Vec<CheckedType>),
    /// `List<T>` and the like.
    Items(ValueType, Box<CheckedType>),
    /// `Tuple<A, B>`
    Tuple(Vec<CheckedType>),
}

impl<'s> Resolver<'_, 's> {
    /// The annotations of parameters that are checked in each call.
    pub(super) fn parameter_annotations(&mut self, parameters: &[Parameter<'s>]) {
        for annotation in parameters.iter().filter_map(|parameter| parameter.annotation.as_ref()) {
            let checked = self.checked_type(annotation, &mut Vec::new());
            self.annotations.insert(annotation.span.start, checked);
        }
    }

    /// `aliases` are those that are being followed: one that leads back to itself means nothing.
    fn checked_type(&mut self, annotation: &Type<'s>, aliases: &mut Vec<&'s str>) -> CheckedType {
        let text = self.source.slice(annotation.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let form = match &annotation.kind {
            TypeKind::Optional(inner) => CheckedForm::Optional(Box::new(self.checked_type(inner, aliases))),
            TypeKind::Union(members) => {
                CheckedForm::Union(members.iter().map(|member| self.checked_type(member, aliases)).collect())
            }
            TypeKind::Name { name, arguments } => {
                let parts: Vec<_> =
                    arguments.iter().map(|argument| self.checked_type(argument, aliases)).collect();
                let form = self.named_type(name.text, name.span, aliases);
                self.with_parts(form, parts, name.text, annotation.span)
            }
        };
        CheckedType { text, form }
    }

    /// What a name means as a type: an alias, a struct or enum, a type of the language.
    fn named_type(&mut self, name: &'s str, span: Span, aliases: &mut Vec<&'s str>) -> CheckedForm {
        if aliases.contains(&name) {
            self.diagnostics.push(Diagnostic::error(
                code::CYCLIC_ALIAS,
                "TypeError",
                format!("type '{name}' is declared by itself"),
                span,
            ));
            return CheckedForm::Any;
        }
        if let Some(aliased) = self.alias(name) {
            aliases.push(name);
            let form = self.checked_type(&aliased, aliases).form;
            aliases.pop();
            return form;
        }
        let declared = self.declared(name);
        let structure = declared.and_then(|variable| {
            let own = self.structures.get(&variable);
            own.or_else(|| self.namespaces.get(&variable)?.first())
        });
        // An import may have given it another name.
        let structure = structure.map(|facts| facts.variant_of.clone().unwrap_or_else(|| facts.name.clone()));
        match (name, ValueType::from_name(name)) {
            _ if structure.is_some() => CheckedForm::Structure(structure.unwrap_or_default()),
            ("Any", _) => CheckedForm::Any,
            ("Num", _) => CheckedForm::Number,
            (_, Some(of)) => CheckedForm::Type(of),
            // A struct or enum of an earlier entry of the session.
            _ if declared.is_some() => CheckedForm::Structure(name.to_owned()),
            _ => {
                self.report_unknown_type(name, span);
                CheckedForm::Any
            }
        }
    }

    /// The type with what stands between its `<` and `>`.
    fn with_parts(
        &mut self,
        form: CheckedForm,
        parts: Vec<CheckedType>,
        name: &str,
        span: Span,
    ) -> CheckedForm {
        let count = parts.len();
        let mut parts = parts.into_iter();
        match (form, count) {
            (form, 0) => form,
            (CheckedForm::Type(ValueType::Tuple), _) => CheckedForm::Tuple(parts.collect()),
            (CheckedForm::Type(of @ (ValueType::List | ValueType::Set)), 1)
            | (CheckedForm::Type(of @ (ValueType::Record | ValueType::Map)), 1 | 2) => {
                match parts.next_back() {
                    Some(item) => CheckedForm::Items(of, Box::new(item)),
                    None => CheckedForm::Type(of),
                }
            }
            // Their items come later, if ever.
            (form @ CheckedForm::Type(ValueType::Stream | ValueType::Future | ValueType::Function), _) => {
                form
            }
            (form, _) => {
                let plural = if count == 1 { "" } else { "s" };
                self.diagnostics.push(Diagnostic::error(
                    code::UNKNOWN_TYPE,
                    "TypeError",
                    format!("{name} does not take {count} type{plural} in < >"),
                    span,
                ));
                form
            }
        }
    }

    fn report_unknown_type(&mut self, name: &str, span: Span) {
        let error =
            Diagnostic::error(code::UNKNOWN_TYPE, "NameError", format!("unknown type '{name}'"), span);
        let types = ["Any", "Num"].into_iter().chain(ValueType::ALL.iter().map(|of| of.name()));
        let candidates: Vec<&str> =
            self.scopes.iter().rev().flat_map(|scope| scope.type_names()).chain(types).collect();
        self.diagnostics.push(match did_you_mean(name, candidates) {
            Some(near) => error.with_hint(format!("did you mean '{near}'?")),
            None => error.with_hint("@validate checks types, structs, enums and aliases that are declared"),
        });
    }
}
