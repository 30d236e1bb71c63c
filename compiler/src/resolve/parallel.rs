//! Code that runs on several threads at once: callbacks of parallel builtins, bodies of `parallel for` and of `async fn`.
//! It may read the variables around it and assign to its own.

use super::{Binding, Resolver, VariableId};
use crate::ast::{Argument, Expression, ExpressionKind};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;

impl<'s> Resolver<'_, 's> {
    /// Resolves code that runs in parallel.
    pub(super) fn in_parallel(&mut self, inside: impl FnOnce(&mut Self)) {
        self.parallel.push(self.scopes.len());
        inside(self);
        self.parallel.pop();
    }

    /// Whether calls of the builtin run their callbacks in parallel.
    pub(super) fn calls_in_parallel(&self, callee: Span, name: &str) -> bool {
        self.bindings.get(&callee.start) == Some(&Binding::Builtin)
            && self.signatures.get(name).is_some_and(|signature| signature.parallel)
    }

    /// The arguments of a builtin that runs its callbacks in parallel.
    pub(super) fn parallel_arguments(&mut self, arguments: &[Argument<'s>]) {
        for argument in arguments {
            match argument {
                Argument::Positional(value) | Argument::Named { value, .. }
                    if matches!(value.kind, ExpressionKind::Function(_)) =>
                {
                    self.in_parallel(|resolver| resolver.expression(value));
                }
                _ => self.arguments(std::slice::from_ref(argument)),
            }
        }
    }

    /// Reports an assignment to a variable of the scope at `place` from inside a parallel body.
    pub(super) fn check_parallel_assignment(
        &mut self,
        name: &str,
        span: Span,
        variable: Option<VariableId>,
        place: usize,
    ) {
        if self.parallel.last().is_none_or(|outside| place >= *outside) {
            return;
        }
        let error = Diagnostic::error(
            code::PARALLEL_ASSIGNMENT,
            "ParallelError",
            format!("cannot assign to captured variable '{name}' in a parallel callback"),
            span,
        )
        .with_hint("return a value from the callback and combine the results, for example with reduce()");
        // A variable of an earlier entry of a session is declared in another text.
        let declared = variable.map(|variable| self.variables[variable].declared);
        self.diagnostics.push(match declared.filter(|declared| !declared.is_empty()) {
            Some(declared) => error.with_secondary(declared, "shared by all calls"),
            None => error,
        });
    }

    /// The name of a callee that is just a name.
    pub(super) fn callee_name(callee: &Expression<'s>) -> Option<&'s str> {
        match callee.kind {
            ExpressionKind::Name(name) => Some(name),
            _ => None,
        }
    }
}
