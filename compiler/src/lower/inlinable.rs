//! Which lambdas can become part of the function around them, and which of those nobody can tell from having run later.

use super::Lowering;
use super::call::Callee;
use crate::ast::{
    Argument, Block, Entry, Expression, ExpressionKind, Function, Item, Parameter, Pattern, PatternKind,
    StatementKind, TextPart,
};
use crate::resolve::{Binding, Storage};
use crate::span::Span;

/// What is asked of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    /// Its code can stand elsewhere: no functions of its own, and no statements but `let`.
    CanMove,
    /// Besides, all that it does is to give a value, or to fail. Operators that a script gives to its types are none of
    /// its business: a loop is not run where there are any.
    IsPure,
}

impl Lowering<'_> {
    /// Whether the lambda takes that many plain arguments and its body can be lowered in place of a call.
    pub(super) fn can_inline(&self, function: &Function<'_>, count: usize) -> bool {
        function.parameters.len() == count
            && !function.is_async
            && !function.is_generator
            && function.decorators.is_empty()
            && function.where_clause.is_none()
            && function.named_returns.is_empty()
            && function.return_type.is_none()
            && function.parameters.iter().all(|parameter| self.is_plain_parameter(parameter))
            && self.block_meets(&function.body, Demand::CanMove)
    }

    /// Whether nobody can tell when the body of an inlinable lambda runs.
    pub(super) fn is_pure_lambda(&self, function: &Function<'_>) -> bool {
        self.block_meets(&function.body, Demand::IsPure)
    }

    /// Whether nobody can tell when the expression is computed.
    pub(super) fn is_pure(&self, expression: &Expression<'_>) -> bool {
        self.meets(expression, Demand::IsPure)
    }

    fn is_plain_parameter(&self, parameter: &Parameter<'_>) -> bool {
        !parameter.is_rest
            && parameter.default.is_none()
            && parameter.annotation.is_none()
            && self.is_plain_name(&parameter.pattern)
    }

    /// A name for a variable that lives in a register, or none.
    fn is_plain_name(&self, pattern: &Pattern<'_>) -> bool {
        match pattern.kind {
            PatternKind::Wildcard => true,
            PatternKind::Name(_) => self
                .variable_at(pattern.span)
                .is_some_and(|variable| self.storage(variable) == Storage::Register),
            _ => false,
        }
    }

    fn block_meets(&self, block: &Block<'_>, demand: Demand) -> bool {
        block.statements.iter().all(|statement| match &statement.kind {
            StatementKind::Expression(value) => self.meets(value, demand),
            StatementKind::Let { pattern, annotation: None, value, .. } => {
                self.is_plain_name(pattern) && self.meets(value, demand)
            }
            _ => false,
        })
    }

    fn all_meet<'e, 's: 'e>(
        &self,
        expressions: impl IntoIterator<Item = &'e Expression<'s>>,
        demand: Demand,
    ) -> bool {
        expressions.into_iter().all(|expression| self.meets(expression, demand))
    }

    fn meets(&self, expression: &Expression<'_>, demand: Demand) -> bool {
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. } => true,
            ExpressionKind::Name(_) => self.is_plain_use(expression.span),
            ExpressionKind::Interpolated(parts) => parts.iter().all(|part| match part {
                TextPart::Text(_) => true,
                TextPart::Value { expression, .. } => self.meets(expression, demand),
            }),
            ExpressionKind::List(items) | ExpressionKind::Set(items) | ExpressionKind::Tuple(items) => {
                items.iter().all(|item| match item {
                    Item::Value(value) => self.meets(value, demand),
                    // What is spread may be a stream, which can be read once.
                    Item::Spread(_) => false,
                })
            }
            ExpressionKind::Record(entries) => entries.iter().all(|entry| match entry {
                Entry::Named { value, .. } | Entry::Text { value, .. } => self.meets(value, demand),
                Entry::Computed { key, value } => self.meets(key, demand) && self.meets(value, demand),
                Entry::Shorthand(name) => self.is_plain_use(name.span),
                Entry::Spread(_) => false,
            }),
            ExpressionKind::Unary { operand, .. } => self.meets(operand, demand),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                self.meets(left, demand) && self.meets(right, demand)
            }
            ExpressionKind::Chain { first, rest } => {
                self.meets(first, demand) && self.all_meet(rest.iter().map(|(_, _, each)| each), demand)
            }
            ExpressionKind::Field { object, .. } | ExpressionKind::Position { object, .. } => {
                self.meets(object, demand)
            }
            ExpressionKind::Index { object, index } => {
                self.meets(object, demand) && self.meets(index, demand)
            }
            ExpressionKind::Slice { object, start, end, step, .. } => {
                let bounds = [start, end, step].into_iter().flatten().map(|bound| &**bound);
                self.meets(object, demand) && self.all_meet(bounds, demand)
            }
            ExpressionKind::Call { callee, arguments } => {
                self.callee_meets(callee, demand) && self.arguments_meet(arguments, demand)
            }
            ExpressionKind::Pipe { left, target, .. } => {
                self.meets(left, demand)
                    && match &target.kind {
                        ExpressionKind::Call { callee, arguments } => {
                            self.callee_meets(callee, demand) && self.arguments_meet(arguments, demand)
                        }
                        ExpressionKind::Name(_) => self.callee_meets(target, demand),
                        _ => false,
                    }
            }
            ExpressionKind::MethodCall { receiver, arguments, .. } => {
                demand == Demand::CanMove
                    && self.meets(receiver, demand)
                    && self.arguments_meet(arguments, demand)
            }
            ExpressionKind::If { branches, otherwise } => {
                branches.iter().all(|branch| {
                    self.meets(&branch.condition, demand) && self.block_meets(&branch.body, demand)
                }) && otherwise.as_ref().is_none_or(|block| self.block_meets(block, demand))
            }
            ExpressionKind::Block(block) => self.block_meets(block, demand),
            _ => false,
        }
    }

    fn arguments_meet(&self, arguments: &[Argument<'_>], demand: Demand) -> bool {
        arguments.iter().all(|argument| match argument {
            Argument::Positional(value) => self.meets(value, demand),
            _ => false,
        })
    }

    fn callee_meets(&self, callee: &Expression<'_>, demand: Demand) -> bool {
        let ExpressionKind::Name(_) = callee.kind else { return false };
        match demand {
            Demand::CanMove => self.is_plain_use(callee.span),
            Demand::IsPure => {
                matches!(self.callee(callee), Callee::Builtin(signature) if signature.pure)
            }
        }
    }

    /// Whether the name means a variable or builtin for certain.
    fn is_plain_use(&self, name: Span) -> bool {
        matches!(self.binding(name), Some(Binding::Variable(_) | Binding::Builtin))
    }
}
