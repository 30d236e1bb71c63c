//! Whether a `reduce` can be divided: whether its items may be combined in parts, and the parts then, with the same result.

use super::call::{CallForm, call_of};
use super::evidence::Evidence;
use super::script::{Script, names};
use biovm_bytecode::{Type, TypeSet};
use biovm_compiler::ast::{
    BinaryOperator, Expression, ExpressionKind, Function, PatternKind, StatementKind, Type as Annotation,
    TypeKind,
};

/// How the parts of a `reduce` are combined, where nothing can tell that there were parts; `None` where something might.
///
/// `max` and `min` of anything, from any beginning, and sums that are Ints for sure, from 0: what a sum of Floats is depends
/// on the order.
pub fn combining<'t, 's>(
    script: &Script<'t, 's>,
    evidence: &Evidence<'_>,
    call: &CallForm<'t, 's>,
) -> Option<(&'t Function<'s>, String)> {
    let [_, first, second] = call.operands.as_slice() else { return None };
    let (function, beginning) = match (&first.kind, &second.kind) {
        (ExpressionKind::Function(function), _) => (&**function, second),
        (_, ExpressionKind::Function(function)) => (&**function, first),
        _ => return None,
    };
    let [so_far, item] = function.parameters.as_slice() else { return None };
    let (PatternKind::Name(so_far), PatternKind::Name(_)) = (&so_far.pattern.kind, &item.pattern.kind) else {
        return None;
    };
    let [statement] = function.body.statements.as_slice() else { return None };
    let StatementKind::Expression(body) = &statement.kind else { return None };
    let is_so_far =
        |value: &Expression<'_>| matches!(&value.kind, ExpressionKind::Name(name) if name == so_far);
    let is_new = |value: &Expression<'s>| !names(value).contains(so_far);
    if let Some(combined) = call_of(body)
        && matches!(combined.name, "max" | "min")
        && evidence.purity.is_builtin(script, combined.name)
        && let [first, second] = combined.operands.as_slice()
        && (is_so_far(first) && is_new(second))
    {
        return Some((function, format!("|a, b| {}(a, b)", combined.name)));
    }
    match &body.kind {
        ExpressionKind::Binary { operator: BinaryOperator::Add, left, right, .. }
            if matches!(beginning.kind, ExpressionKind::Int(0))
                && is_so_far(left)
                && is_new(right)
                && gives_int(script, evidence, right) =>
        {
            Some((function, "|a, b| a + b".to_owned()))
        }
        _ => None,
    }
}

/// Whether an expression is an Int for sure: a call of what says so.
fn gives_int(script: &Script<'_, '_>, evidence: &Evidence<'_>, value: &Expression<'_>) -> bool {
    let Some(call) = call_of(value) else { return matches!(value.kind, ExpressionKind::Int(_)) };
    let says_int = |annotation: &Annotation<'_>| matches!(&annotation.kind, TypeKind::Name { name, .. } if name.text == "Int");
    match script.functions.get(call.name) {
        Some(function) => function.return_type.as_ref().is_some_and(says_int),
        None => {
            let mut natives = biovm_stdlib::natives();
            evidence.purity.is_builtin(script, call.name)
                && natives.any(|native| {
                    native.signature.name == call.name && native.signature.result == TypeSet::one(Type::Int)
                })
        }
    }
}
