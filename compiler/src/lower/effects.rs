//! What computing an expression may do to the variables of the function.

use crate::ast::{Argument, Entry, Expression, ExpressionKind, Item, TextPart};

/// Whether a variable that lives in a register could change while the expression is computed. Only statements inside
/// the expression can do that: closures assign to cells and globals.
pub(super) fn may_assign(expression: &Expression<'_>) -> bool {
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
        | ExpressionKind::Function(_) => false,
        ExpressionKind::Interpolated(parts) => parts.iter().any(|part| match part {
            TextPart::Text(_) => false,
            TextPart::Value { expression, .. } => may_assign(expression),
        }),
        ExpressionKind::List(items) | ExpressionKind::Set(items) | ExpressionKind::Tuple(items) => {
            items.iter().any(|item| match item {
                Item::Value(value) | Item::Spread(value) => may_assign(value),
            })
        }
        ExpressionKind::Record(entries) => entries.iter().any(|entry| match entry {
            Entry::Named { value, .. } | Entry::Text { value, .. } | Entry::Spread(value) => {
                may_assign(value)
            }
            Entry::Computed { key, value } => may_assign(key) || may_assign(value),
            Entry::Shorthand(_) => false,
        }),
        ExpressionKind::StructLiteral { constructor, fields } => {
            may_assign(constructor) || fields.iter().any(|(_, value)| may_assign(value))
        }
        ExpressionKind::Unary { operand, .. } | ExpressionKind::Await(operand) => may_assign(operand),
        ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
            may_assign(left) || may_assign(right)
        }
        ExpressionKind::Chain { first, rest } => {
            may_assign(first) || rest.iter().any(|(_, _, operand)| may_assign(operand))
        }
        ExpressionKind::Range { start, end, .. } => may_assign(start) || may_assign(end),
        ExpressionKind::Cast { value, .. } => may_assign(value),
        ExpressionKind::Call { callee, arguments } => may_assign(callee) || arguments.iter().any(argument),
        ExpressionKind::MethodCall { receiver, arguments, .. } => {
            may_assign(receiver) || arguments.iter().any(argument)
        }
        ExpressionKind::Field { object, .. } | ExpressionKind::Position { object, .. } => may_assign(object),
        ExpressionKind::Index { object, index } => may_assign(object) || may_assign(index),
        ExpressionKind::Slice { object, start, end, step, .. } => {
            may_assign(object) || [start, end, step].into_iter().flatten().any(|bound| may_assign(bound))
        }
        ExpressionKind::Pipe { left, target, .. } | ExpressionKind::Tap { left, target, .. } => {
            may_assign(left) || may_assign(target)
        }
        // Comprehensions have variables of their own, which take registers; the others have statements.
        ExpressionKind::ListComprehension { .. }
        | ExpressionKind::MapComprehension { .. }
        | ExpressionKind::PipeInto { .. }
        | ExpressionKind::PipeThen { .. }
        | ExpressionKind::Block(_)
        | ExpressionKind::If { .. }
        | ExpressionKind::Match { .. }
        | ExpressionKind::Given { .. }
        | ExpressionKind::Try { .. }
        | ExpressionKind::Retry { .. } => true,
    }
}

fn argument(argument: &Argument<'_>) -> bool {
    match argument {
        Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value) => {
            may_assign(value)
        }
        Argument::FieldShorthand { .. } => false,
    }
}
