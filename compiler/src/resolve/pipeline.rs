//! Names in pipelines: each is a function, called at once unless it has parameters.

use super::{FunctionFacts, Resolver, VariableKind};
use crate::ast::{Block, Label, Name, Parameter, Statement, StatementKind};
use crate::diagnostic::{Diagnostic, code};
use std::borrow::Cow;

impl<'s> Resolver<'_, 's> {
    /// Declares a pipeline with parameters as a function is: before the first statement of its block runs.
    pub(super) fn declare_pipeline(&mut self, statement: &Statement<'s>, made_at: u32) {
        let StatementKind::Pipeline { label, binds, parameters: Some(_), .. } = &statement.kind else {
            return;
        };
        let number = self.functions.len();
        self.functions.push(FunctionFacts { made_at, captures: Vec::new() });
        self.function_numbers.insert(statement.span.start, number);
        match bound_name(label, *binds) {
            Some(name) => {
                let variable = self.declare(name, VariableKind::Function(number), made_at);
                let facts = &mut self.variables[variable];
                facts.is_static = !(facts.is_reassigned || self.in_session && facts.is_top_level);
            }
            None => self.diagnostics.push(
                Diagnostic::warning(
                    code::UNREACHABLE_PIPELINE,
                    format!("pipeline \"{}\" has parameters, but no name to call it by", label.text),
                    label.span,
                )
                .with_hint(
                    "write a name instead of the text, or leave out the parentheses to run it at once",
                ),
            ),
        }
    }

    /// The body of a pipeline, and the name that one without parameters binds.
    pub(super) fn pipeline(
        &mut self,
        statement: &Statement<'s>,
        label: &Label<'s>,
        binds: bool,
        parameters: Option<&[Parameter<'s>]>,
        body: &Block<'s>,
    ) {
        let number = match self.function_numbers.get(&statement.span.start) {
            Some(&number) => number,
            None => {
                let number = self.functions.len();
                let made_at = statement.span.start;
                self.functions.push(FunctionFacts { made_at, captures: Vec::new() });
                self.function_numbers.insert(made_at, number);
                number
            }
        };
        self.code(parameters.unwrap_or_default(), None, body, number);
        if parameters.is_none()
            && let Some(name) = bound_name(label, binds)
        {
            self.declare(name, VariableKind::Let, statement.span.end);
            self.mark_used(name);
        }
    }

    /// A name that is bound for its own sake, such as that of a pipeline, is not reported as unused.
    pub(super) fn mark_used(&mut self, name: Name<'s>) {
        if let Some(variable) = self.find_in_current_scope(name.text) {
            self.variables[variable].uses += 1;
        }
    }
}

/// The name that a pipeline or stage binds.
pub(super) fn bound_name<'s>(label: &Label<'s>, binds: bool) -> Option<Name<'s>> {
    match &label.text {
        Cow::Borrowed(text) if binds => Some(Name { text, span: label.span }),
        _ => None,
    }
}
