//! Pipelines: functions whose errors say in which pipeline they happened.

use super::Lowering;
use super::builder::count;
use crate::ast::{Block, Label, Parameter, Statement, StatementKind};
use crate::resolve::Storage;
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::program::{Constant, Handler};

impl Lowering<'_> {
    /// Makes the functions of the pipelines with parameters that a block declares, before its first statement runs.
    pub(super) fn hoist_pipelines(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            let StatementKind::Pipeline { label, parameters: Some(parameters), body, doc, .. } =
                &statement.kind
            else {
                continue;
            };
            let doc = doc.as_deref().unwrap_or_default();
            let Some(number) = self.pipeline_function(statement.span, label, parameters, body, doc) else {
                continue;
            };
            let Some(variable) = self.variable_at(label.span) else { continue };
            if self.storage(variable) != Storage::Static {
                if !self.is_declared_here(variable) {
                    self.declare(variable);
                }
                let mark = self.body.mark();
                let temporary = self.body.allocate();
                self.body.span = statement.span;
                self.closure(number, temporary, statement.span);
                self.store(variable, temporary);
                self.body.release(mark);
            }
        }
    }

    /// Runs a pipeline without parameters, and binds its name to the result.
    pub(super) fn run_pipeline(
        &mut self,
        statement: &Statement<'_>,
        label: &Label<'_>,
        body: &Block<'_>,
        doc: &str,
    ) {
        let Some(number) = self.pipeline_function(statement.span, label, &[], body, doc) else { return };
        let variable = self.variable_at(label.span);
        if let Some(variable) = variable.filter(|&variable| !self.is_declared_here(variable)) {
            self.declare(variable);
        }
        let mark = self.body.mark();
        let base = self.body.allocate();
        self.body.span = label.span;
        self.closure(number, base, statement.span);
        self.body.emit(Instruction::Call { base, count: count(0) });
        if let Some(variable) = variable {
            self.store(variable, base);
        }
        self.body.release(mark);
    }

    fn pipeline_function(
        &mut self,
        span: Span,
        label: &Label<'_>,
        parameters: &[Parameter<'_>],
        body: &Block<'_>,
        doc: &str,
    ) -> Option<usize> {
        let number = *self.resolution.function_numbers.get(&span.start)?;
        self.build(number, |lowering| {
            lowering.body.span = span;
            let start = lowering.body.position();
            lowering.parameters(number, parameters);
            lowering.body_with_deferred(&body.statements, span, |lowering, result| {
                lowering.block(body, Some(result));
            });
            let end = lowering.body.position();
            // The last of all handlers, so that it is the outermost.
            let error = lowering.body.allocate();
            lowering.body.handlers.push(Handler { start, end, target: end, register: error });
            let prefix = lowering.constant(Constant::Str(format!("in pipeline '{}': ", label.text)));
            lowering.body.emit(Instruction::RaiseWithin { source: error, prefix });
            lowering.body.emit(Instruction::ReturnNil {});
        });
        self.describe(number, &label.text, parameters, doc);
        Some(number)
    }
}
