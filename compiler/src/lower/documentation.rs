//! What `help("name")` says about the declarations of the top level.

use super::Lowering;
use crate::ast::{
    EnumVariant, ExpressionKind, Function, Parameter, PatternKind, Statement, StatementKind, StructField,
};
use crate::span::Span;
use biovm_bytecode::program::Documentation;
use std::borrow::Cow;

impl Lowering<'_> {
    /// Notes what the statements of the top level declare: everything with a doc comment, and all that have a signature.
    pub(super) fn document(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            if let Some((name, signature, doc)) = self.declaration(statement) {
                let text = doc.unwrap_or_default().to_owned();
                self.program.documentation.push(Documentation { name, signature, text });
            }
        }
    }

    /// Name, signature and doc comment of what a statement declares.
    fn declaration<'t>(&self, statement: &'t Statement<'_>) -> Option<(String, String, Option<&'t str>)> {
        Some(match &statement.kind {
            StatementKind::Function(function) => {
                let name = function.name?.text;
                let parameters = self.parameter_list(&function.parameters);
                let signature = format!("{} {name}({parameters})", keyword(function));
                (name.to_owned(), signature, function.doc.as_deref())
            }
            StatementKind::Struct { name, fields, doc } => {
                let fields: Vec<String> = fields.iter().map(|field| self.field(field)).collect();
                let signature = format!("struct {} {{ {} }}", name.text, fields.join(", "));
                (name.text.to_owned(), signature, doc.as_deref())
            }
            StatementKind::Enum { name, variants, doc } => {
                let variants: Vec<String> = variants.iter().map(variant).collect();
                let signature = format!("enum {} {{ {} }}", name.text, variants.join(", "));
                (name.text.to_owned(), signature, doc.as_deref())
            }
            StatementKind::Trait { name, methods, doc } => {
                let methods: Vec<String> = methods
                    .iter()
                    .filter_map(|method| {
                        let name = method.function.name?.text;
                        Some(format!("fn {name}({})", self.parameter_list(&method.function.parameters)))
                    })
                    .collect();
                let signature = format!("trait {} {{ {} }}", name.text, methods.join(", "));
                (name.text.to_owned(), signature, doc.as_deref())
            }
            StatementKind::Pipeline { label, binds: true, parameters, doc, .. } => {
                let parameters = parameters.as_deref().map(|parameters| self.parameter_list(parameters));
                let parameters = parameters.map_or_else(String::new, |parameters| format!("({parameters})"));
                (label.text.to_string(), format!("pipeline {}{parameters}", label.text), doc.as_deref())
            }
            StatementKind::Const { name, doc: Some(doc), .. } => {
                (name.text.to_owned(), format!("const {}", name.text), Some(doc))
            }
            StatementKind::Let { pattern, value, doc, .. } => {
                let PatternKind::Name(name) = pattern.kind else { return None };
                match &value.kind {
                    ExpressionKind::Function(function) => {
                        let parameters = self.parameter_list(&function.parameters);
                        (name.to_owned(), format!("let {name} = |{parameters}| …"), doc.as_deref())
                    }
                    _ => (name.to_owned(), format!("let {name}"), Some(doc.as_deref()?)),
                }
            }
            _ => return None,
        })
    }

    fn field(&self, field: &StructField<'_>) -> String {
        let annotation = field.annotation.as_ref();
        let annotation = annotation.map_or_else(String::new, |of| format!(": {}", self.line(of.span)));
        let default = field.default.as_ref();
        let default = default.map_or_else(String::new, |value| format!(" = {}", self.line(value.span)));
        format!("{}{annotation}{default}", field.name.text)
    }

    /// The source text, on one line.
    fn line(&self, span: Span) -> Cow<'_, str> {
        let text = self.source.slice(span);
        match text.contains(['\n', '\r']) {
            true => text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
            false => text.into(),
        }
    }

    /// `a, b = 2, ...rest`
    pub(super) fn parameter_list(&self, parameters: &[Parameter<'_>]) -> String {
        let texts: Vec<String> = parameters
            .iter()
            .map(|parameter| {
                let rest = if parameter.is_rest { "..." } else { "" };
                let pattern = self.line(parameter.pattern.span);
                match &parameter.default {
                    Some(default) => format!("{rest}{pattern} = {}", self.line(default.span)),
                    None => format!("{rest}{pattern}"),
                }
            })
            .collect();
        texts.join(", ")
    }
}

fn keyword(function: &Function<'_>) -> &'static str {
    match (function.is_async, function.is_generator) {
        (false, false) => "fn",
        (true, false) => "async fn",
        (false, true) => "fn*",
        (true, true) => "async fn*",
    }
}

fn variant(variant: &EnumVariant<'_>) -> String {
    match &variant.fields {
        Some(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| field.text).collect();
            format!("{}({})", variant.name.text, fields.join(", "))
        }
        None => variant.name.text.to_owned(),
    }
}
