//! A call of a name, in all its spellings.

use biovm_compiler::ast::{Argument, Expression, ExpressionKind};
use biovm_compiler::span::Span;

/// `f(a, b)`, `a |> f(b)`, `a |> f` and `a.f(b)`.
pub struct CallForm<'t, 's> {
    /// The name.
    pub name: &'s str,
    /// Where it stands; a profile knows the call by that place.
    pub span: Span,
    /// What it gets, named arguments among it.
    pub operands: Vec<&'t Expression<'s>>,
    /// Whether all of it is given by position.
    pub is_plain: bool,
    /// Whether it may be a method of a type.
    pub is_method: bool,
}

/// The call that an expression is.
pub fn call_of<'t, 's>(expression: &'t Expression<'s>) -> Option<CallForm<'t, 's>> {
    match &expression.kind {
        ExpressionKind::Call { callee, arguments } => form(callee, None, arguments),
        ExpressionKind::Pipe { left, target, .. } | ExpressionKind::Tap { left, target, .. } => {
            match &target.kind {
                ExpressionKind::Call { callee, arguments } => form(callee, Some(left), arguments),
                ExpressionKind::Name(_) => form(target, Some(left), &[]),
                _ => None,
            }
        }
        ExpressionKind::MethodCall { receiver, name, arguments, .. } => {
            let (operands, is_plain) = operands(Some(receiver), arguments);
            Some(CallForm { name: name.text, span: name.span, operands, is_plain, is_method: true })
        }
        _ => None,
    }
}

fn form<'t, 's>(
    callee: &'t Expression<'s>,
    first: Option<&'t Expression<'s>>,
    arguments: &'t [Argument<'s>],
) -> Option<CallForm<'t, 's>> {
    let ExpressionKind::Name(name) = callee.kind else { return None };
    let (operands, is_plain) = operands(first, arguments);
    Some(CallForm { name, span: callee.span, operands, is_plain, is_method: false })
}

fn operands<'t, 's>(
    first: Option<&'t Expression<'s>>,
    arguments: &'t [Argument<'s>],
) -> (Vec<&'t Expression<'s>>, bool) {
    let mut operands: Vec<_> = first.into_iter().collect();
    let mut is_plain = true;
    for argument in arguments {
        match argument {
            Argument::Positional(value) => operands.push(value),
            Argument::Named { value, .. } | Argument::Spread(value) => {
                operands.push(value);
                is_plain = false;
            }
            Argument::FieldShorthand { .. } => is_plain = false,
        }
    }
    (operands, is_plain)
}
