//! `defer`: expressions that run when their function ends, however it ends.

use super::Lowering;
use super::builder::count;
use crate::ast::{Block, Expression, ExpressionKind, Statement, StatementKind};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::Handler;

impl Lowering<'_> {
    /// Lowers the body of a function, and what it defers: a list of functions, called at each of its ends.
    pub(super) fn body_with_deferred(
        &mut self,
        statements: &[Statement<'_>],
        span: Span,
        body: impl FnOnce(&mut Self, Register),
    ) {
        if !statements.iter().any(defers) {
            let result = self.body.allocate();
            body(self, result);
            return self.emit_return(result);
        }
        let list = self.body.allocate();
        self.body.emit(Instruction::NewList { destination: list, start: list, count: count(0) });
        self.body.deferred = Some(list);
        let result = self.body.allocate();
        let start = self.body.position();
        body(self, result);
        let end = self.body.position();
        self.body.span = span;
        self.emit_return(result);
        let error = self.body.allocate();
        self.body.handlers.push(Handler { start, end, target: self.body.position(), register: error });
        self.body.emit(Instruction::RunDeferred { list });
        if let Some(signature) = self.signatures.get("error") {
            self.call_builtin(signature, error, span);
        }
        self.body.emit(Instruction::ReturnNil {});
    }

    /// `defer expression`
    pub(super) fn defer(&mut self, expression: &Expression<'_>, span: Span) {
        let (Some(list), Some(&number)) =
            (self.body.deferred, self.resolution.function_numbers.get(&span.start))
        else {
            return self.not_supported("defer at this place", span);
        };
        self.build(number, |lowering| {
            lowering.body.span = expression.span;
            let result = lowering.body.allocate();
            lowering.into(expression, result);
            lowering.body.emit(Instruction::Return { source: result });
        });
        let function = &mut self.program.functions[number];
        function.name = "defer".to_owned();
        function.signature = "defer()".to_owned();
        let mark = self.body.mark();
        let closure = self.body.allocate();
        self.body.span = span;
        self.closure(number, closure, span);
        self.body.emit(Instruction::Append { list, source: closure });
        self.body.release(mark);
    }
}

/// Whether the statement, or one in its blocks, defers something.
fn defers(statement: &Statement<'_>) -> bool {
    let in_block = |block: &Block<'_>| block.statements.iter().any(defers);
    match &statement.kind {
        StatementKind::Defer(_) => true,
        StatementKind::For { body, otherwise, .. } | StatementKind::Unless { body, otherwise, .. } => {
            in_block(body) || otherwise.as_ref().is_some_and(in_block)
        }
        StatementKind::While { body, .. } | StatementKind::With { body, .. } => in_block(body),
        StatementKind::Guard { otherwise, .. } => in_block(otherwise),
        StatementKind::Expression(value)
        | StatementKind::Let { value, .. }
        | StatementKind::Assign { value, .. } => match &value.kind {
            ExpressionKind::Block(block) => in_block(block),
            ExpressionKind::If { branches, otherwise } => {
                branches.iter().any(|branch| in_block(&branch.body))
                    || otherwise.as_ref().is_some_and(in_block)
            }
            ExpressionKind::Match { arms, .. } => arms.iter().any(|arm| in_block(&arm.body)),
            ExpressionKind::Given { arms } => arms.iter().any(|arm| in_block(&arm.body)),
            ExpressionKind::Try { body, handler, .. } => in_block(body) || in_block(handler),
            ExpressionKind::Retry { body, .. } => in_block(body),
            _ => false,
        },
        _ => false,
    }
}
