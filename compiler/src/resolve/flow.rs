//! Where control goes: code that is never reached, and the bodies of `guard`.

use super::{Binding, Resolver};
use crate::ast::{
    Argument, Block, Expression, ExpressionKind, PatternKind, Statement, StatementKind, TextPart,
};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;

/// Whether control comes out at the end of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// Never: it returns, leaves the loop, or raises an error.
    Leaves,
    /// Always, unless an error happens that nobody meant.
    GoesOn,
    /// It depends on a condition, or on a function of the script that may raise an error.
    Unknown,
}

impl Flow {
    /// The flow of two parts of which exactly one runs.
    fn or(self, other: Flow) -> Flow {
        if self == other { self } else { Flow::Unknown }
    }

    /// The flow of two parts that run one after the other.
    fn then(self, next: impl FnOnce() -> Flow) -> Flow {
        match self {
            Flow::Leaves => Flow::Leaves,
            Flow::GoesOn => next(),
            Flow::Unknown => match next() {
                Flow::Leaves => Flow::Leaves,
                _ => Flow::Unknown,
            },
        }
    }
}

impl<'s> Resolver<'_, 's> {
    /// Warns about the first statement of the block that nothing reaches. All names of the block are bound by now.
    pub(super) fn warn_about_unreachable(&mut self, statements: &[Statement<'s>]) {
        let Some(end) =
            statements.iter().position(|statement| self.statement_flow(statement) == Flow::Leaves)
        else {
            return;
        };
        let is_run = |statement: &&Statement<'s>| {
            !matches!(
                statement.kind,
                StatementKind::Function(_)
                    | StatementKind::Struct { .. }
                    | StatementKind::Enum { .. }
                    | StatementKind::Trait { .. }
                    | StatementKind::TypeAlias { .. }
            )
        };
        if let Some(unreachable) = statements[end + 1..].iter().find(is_run) {
            let leaves = Span::new(statements[end].span.start, statements[end].span.end);
            self.diagnostics.push(
                Diagnostic::warning(code::UNREACHABLE, "this is never reached", unreachable.span)
                    .with_label("never reached")
                    .with_secondary(leaves, "control does not come out of this")
                    .with_hint("remove it, or move it before what leaves"),
            );
        }
    }

    /// Reports the body of a `guard` that certainly reaches its end. Where that depends on how the script runs, the machine
    /// reports it.
    pub(super) fn check_guard(&mut self, guard: Span, body: &Block<'s>) {
        if self.block_flow(body) == Flow::GoesOn {
            self.diagnostics.push(
                Diagnostic::error(
                    code::GUARD_FALLS_THROUGH,
                    "TypeError",
                    "guard body must not fall through",
                    body.span,
                )
                .with_label("control comes out at the end of this")
                .with_secondary(Span::at(guard.start), "what follows the guard relies on its condition")
                .with_hint("end it with return, break, continue, error(…) or exit(…)"),
            );
        }
    }

    fn block_flow(&self, block: &Block<'s>) -> Flow {
        let mut flow = Flow::GoesOn;
        for statement in &block.statements {
            flow = flow.then(|| self.statement_flow(statement));
        }
        flow
    }

    fn statement_flow(&self, statement: &Statement<'s>) -> Flow {
        match &statement.kind {
            StatementKind::Return(_) | StatementKind::Break | StatementKind::Continue => Flow::Leaves,
            StatementKind::Expression(value)
            | StatementKind::Let { value, .. }
            | StatementKind::Const { value, .. }
            | StatementKind::Assign { value, .. } => self.expression_flow(value),
            StatementKind::Unless { condition, body, otherwise } => {
                let otherwise = otherwise.as_ref().map_or(Flow::GoesOn, |block| self.block_flow(block));
                self.expression_flow(condition).then(|| self.block_flow(body).or(otherwise))
            }
            StatementKind::Function(_)
            | StatementKind::Struct { .. }
            | StatementKind::Enum { .. }
            | StatementKind::Trait { .. }
            | StatementKind::TypeAlias { .. }
            | StatementKind::Defer(_) => Flow::GoesOn,
            // A loop may run its body or not, an assertion may fail, a pipeline and a module have code of their own.
            _ => Flow::Unknown,
        }
    }

    fn expression_flow(&self, expression: &Expression<'s>) -> Flow {
        let both = |one: &Expression<'s>, other: &Expression<'s>| {
            self.expression_flow(one).then(|| self.expression_flow(other))
        };
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Regex { .. }
            | ExpressionKind::Name(_)
            | ExpressionKind::Formula { .. }
            | ExpressionKind::Function(_) => Flow::GoesOn,
            ExpressionKind::Interpolated(parts) => {
                let mut flow = Flow::GoesOn;
                for part in parts {
                    if let TextPart::Value { expression, .. } = part {
                        flow = flow.then(|| self.expression_flow(expression));
                    }
                }
                flow
            }
            ExpressionKind::Unary { operand, .. } => self.expression_flow(operand),
            ExpressionKind::Binary { left, right, .. } => both(left, right),
            ExpressionKind::Field { object, .. } | ExpressionKind::Position { object, .. } => {
                self.expression_flow(object)
            }
            ExpressionKind::Index { object, index } => both(object, index),
            ExpressionKind::Call { callee, arguments } => self.call_flow(callee, arguments),
            ExpressionKind::Pipe { left, target, .. } => {
                self.expression_flow(left).then(|| match &target.kind {
                    ExpressionKind::Call { .. } => self.expression_flow(target),
                    _ => self.call_flow(target, &[]),
                })
            }
            ExpressionKind::Block(block) => self.block_flow(block),
            ExpressionKind::If { branches, otherwise } => {
                let mut flow = otherwise.as_ref().map_or(Flow::GoesOn, |block| self.block_flow(block));
                for branch in branches.iter().rev() {
                    flow = self
                        .expression_flow(&branch.condition)
                        .then(|| self.block_flow(&branch.body).or(flow));
                }
                flow
            }
            ExpressionKind::Match { subject, arms } => {
                let takes_all = arms.iter().any(|arm| {
                    arm.guard.is_none()
                        && matches!(arm.pattern.kind, PatternKind::Wildcard | PatternKind::Name(_))
                });
                let bodies = arms.iter().map(|arm| self.block_flow(&arm.body));
                let without = (!takes_all).then_some(Flow::GoesOn);
                let flow = bodies.chain(without).reduce(Flow::or).unwrap_or(Flow::GoesOn);
                self.expression_flow(subject).then(|| flow)
            }
            ExpressionKind::Given { arms } => {
                let takes_all = arms.iter().any(|arm| arm.condition.is_none());
                let bodies = arms.iter().map(|arm| self.block_flow(&arm.body));
                let without = (!takes_all).then_some(Flow::GoesOn);
                bodies.chain(without).reduce(Flow::or).unwrap_or(Flow::GoesOn)
            }
            // An error in the body goes to the handler.
            ExpressionKind::Try { body, handler, .. } => self.block_flow(body).or(self.block_flow(handler)),
            _ => Flow::Unknown,
        }
    }

    /// The flow of a call: `error` and `exit` do not come back, a function of the script may raise an error.
    fn call_flow(&self, callee: &Expression<'s>, arguments: &[Argument<'s>]) -> Flow {
        let mut flow = Flow::GoesOn;
        for argument in arguments {
            flow = flow.then(|| match argument {
                // What a builtin calls may raise an error.
                Argument::Positional(value) | Argument::Named { value, .. } => match value.kind {
                    ExpressionKind::Function(_) | ExpressionKind::Name(_) => Flow::Unknown,
                    _ => self.expression_flow(value),
                },
                Argument::Spread(_) => Flow::Unknown,
                Argument::FieldShorthand { .. } => Flow::GoesOn,
            });
        }
        let is_builtin = self.bindings.get(&callee.span.start) == Some(&Binding::Builtin);
        flow.then(|| match callee.kind {
            ExpressionKind::Name(name) if is_builtin => {
                let canonical = self.signatures.get(name).map_or(name, |signature| signature.name);
                if matches!(canonical, "error" | "exit") { Flow::Leaves } else { Flow::GoesOn }
            }
            _ => Flow::Unknown,
        })
    }
}
