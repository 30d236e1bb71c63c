//! Annotations that are only read: a name in them that is no type.

use super::Resolver;
use crate::ast::{Function, Name, Parameter, Type, TypeKind};
use crate::diagnostic::{Diagnostic, code, did_you_mean};
use biovm_bytecode::Type as ValueType;
use std::collections::BTreeSet;

/// Names of types that are no types of values, or other names of those.
const OTHER_NAMES: [&str; 4] = ["Any", "Num", "String", "Fn"];

impl<'s> Resolver<'_, 's> {
    /// Notes the names in an annotation. What they mean is known when all is resolved: a type may be declared further down.
    pub(super) fn note_annotation(&mut self, annotation: Option<&Type<'s>>) {
        let Some(annotation) = annotation else { return };
        match &annotation.kind {
            TypeKind::Name { name, arguments } => {
                self.annotated.push(*name);
                arguments.iter().for_each(|argument| self.note_annotation(Some(argument)));
            }
            TypeKind::Optional(inner) => self.note_annotation(Some(inner)),
            TypeKind::Union(members) => members.iter().for_each(|member| self.note_annotation(Some(member))),
        }
    }

    /// The same for those of parameters.
    pub(super) fn note_parameter_annotations(&mut self, parameters: &[Parameter<'s>]) {
        parameters.iter().for_each(|parameter| self.note_annotation(parameter.annotation.as_ref()));
    }

    /// The same for what a function returns.
    pub(super) fn note_return_annotations(&mut self, function: &Function<'s>) {
        self.note_annotation(function.return_type.as_ref());
        function.named_returns.iter().for_each(|part| self.note_annotation(Some(&part.annotation)));
    }

    /// Warns about names in annotations that nothing in the text declares. Of a session's earlier entries not all types are
    /// known, so there is no warning in one.
    pub(super) fn warn_about_unknown_types(&mut self) {
        if self.in_session {
            return;
        }
        let is_type = |name: &str| OTHER_NAMES.contains(&name) || ValueType::from_name(name).is_some();
        let mut unknown: Vec<Name<'s>> =
            self.annotated.drain(..).filter(|name| !is_type(name.text)).collect();
        if unknown.is_empty() {
            return;
        }
        let variables = self.variables.iter().map(|variable| variable.name.as_str());
        let types = self.type_names.iter().map(String::as_str).chain(self.local_types.iter().copied());
        let declared: BTreeSet<&str> = variables.chain(types).collect();
        // Where annotations are checked, an error says it already.
        let reported: BTreeSet<u32> = self.diagnostics.iter().map(|each| each.span.start).collect();
        let mut seen = BTreeSet::new();
        unknown.retain(|name| {
            !declared.contains(name.text) && !reported.contains(&name.span.start) && seen.insert(name.text)
        });
        let is_capitalised = |name: &&str| name.starts_with(|first: char| first.is_ascii_uppercase());
        let candidates: Vec<&str> = declared
            .into_iter()
            .filter(is_capitalised)
            .chain(OTHER_NAMES)
            .chain(ValueType::ALL.iter().map(|of| of.name()))
            .collect();
        let warnings: Vec<Diagnostic> = unknown
            .iter()
            .map(|name| {
                let message = format!("unknown type '{}'", name.text);
                let warning = Diagnostic::warning(code::UNKNOWN_ANNOTATION, message, name.span);
                warning.with_hint(match did_you_mean(name.text, candidates.iter().copied()) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => "declare it with struct, enum or type, or write Any".to_owned(),
                })
            })
            .collect();
        self.diagnostics.extend(warnings);
    }
}
