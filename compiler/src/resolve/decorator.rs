//! Decorators: what their names mean, and what the functions under them need.

use super::{Binding, MemoryFacts, Resolver, Storage, Variable, VariableKind};
use crate::ast::{
    Argument, DECORATOR_NAMES, Decorator, DecoratorKind, ExpressionKind, Function, UnaryOperator,
};
use crate::diagnostic::{Diagnostic, code, did_you_mean};

impl<'s> Resolver<'_, 's> {
    /// The decorators of a function.
    pub(super) fn decorators(&mut self, function: &Function<'s>, number: usize) {
        for decorator in &function.decorators {
            match decorator.kind() {
                DecoratorKind::Custom => self.custom_decorator(decorator),
                DecoratorKind::Memoize => {
                    // Where it wraps another function, it is the builtin of this name.
                    self.bindings.insert(decorator.name.span.start, Binding::Builtin);
                }
                DecoratorKind::Validate => {
                    if decorator.arguments.as_ref().is_some_and(|arguments| !arguments.is_empty()) {
                        self.refuse_arguments(decorator, "@validate takes no arguments");
                    }
                }
                // What stands in its parentheses is never evaluated.
                DecoratorKind::Ignored => {}
            }
        }
        if let Some(decorator) = function.memoizer() {
            self.memory(function, decorator, number);
        }
        if function.validator().is_some() {
            self.parameter_annotations(&function.parameters);
        }
    }

    /// A function whose name is bound only when its declaration runs, because a decorator makes its value.
    pub(super) fn decorated_function(&mut self, function: &Function<'s>, end: u32) {
        let number = self.add_function(function, function.span.start);
        self.decorators(function, number);
        self.function_body(function, number);
        if let Some(name) = function.name {
            self.declare(name, VariableKind::Local, end);
        }
    }

    fn custom_decorator(&mut self, decorator: &Decorator<'s>) {
        let name = decorator.name;
        if self.find(name.text).is_none() && self.signatures.get(name.text).is_none() {
            let error = Diagnostic::error(
                code::UNKNOWN_DECORATOR,
                "NameError",
                format!("undefined decorator '@{}'", name.text),
                name.span,
            );
            let visible = self.scopes.iter().rev().flat_map(|scope| scope.names());
            let candidates: Vec<&str> = DECORATOR_NAMES.into_iter().chain(visible).collect();
            self.diagnostics.push(match did_you_mean(name.text, candidates) {
                Some(near) => error.with_hint(format!("did you mean '@{near}'?")),
                None => error.with_hint(format!(
                    "a decorator is a function that gets a function and returns one: fn {}(f) {{ … }}",
                    name.text
                )),
            });
            return;
        }
        self.use_name(name.text, name.span);
        self.arguments(decorator.arguments.as_deref().unwrap_or_default());
    }

    /// The place where a memoized function keeps its results: a variable without a name that only it captures.
    fn memory(&mut self, function: &Function<'s>, decorator: &Decorator<'s>, number: usize) {
        if function.is_generator {
            let error = Diagnostic::error(
                code::MISPLACED_DECORATOR,
                "TypeError",
                "a generator cannot be memoized: its Stream can be read only once",
                decorator.span,
            );
            self.diagnostics.push(error.with_hint("memoize a function that collects the items into a List"));
        }
        let limit = self.memory_limit(decorator);
        let variable = self.variables.len();
        self.variables.push(Variable {
            name: String::new(),
            declared: decorator.span,
            kind: VariableKind::Local,
            function: self.function(),
            is_top_level: false,
            ready_at: 0,
            is_captured: true,
            is_captured_early: false,
            is_reassigned: false,
            is_static: false,
            uses: 1,
            reads: Vec::new(),
            storage: Storage::Register,
        });
        self.functions[number].captures.push(variable);
        self.memories.insert(number, MemoryFacts { variable, limit });
    }

    /// `max: n` of `@memoize(max: n)`; 0 where there is no limit. It must be a plain number, because the function exists
    /// before anything runs.
    fn memory_limit(&mut self, decorator: &Decorator<'s>) -> i32 {
        match decorator.arguments.as_deref().unwrap_or_default() {
            [] => 0,
            [Argument::Named { name, value }] if name.text == "max" => match value.kind {
                ExpressionKind::Int(limit) if limit >= 1 => i32::try_from(limit).unwrap_or(0),
                ExpressionKind::Int(_) | ExpressionKind::Unary { operator: UnaryOperator::Negate, .. } => {
                    self.refuse_arguments(decorator, "max must be at least 1");
                    0
                }
                _ => {
                    self.refuse_arguments(
                        decorator,
                        "max must be a number that is written here, as in max: 1000",
                    );
                    0
                }
            },
            _ => {
                let message = format!("@{} takes no arguments but max: n", decorator.name.text);
                self.refuse_arguments(decorator, &message);
                0
            }
        }
    }

    fn refuse_arguments(&mut self, decorator: &Decorator<'s>, message: &str) {
        self.diagnostics.push(Diagnostic::error(
            code::DECORATOR_ARGUMENTS,
            "ArityError",
            message,
            decorator.span,
        ));
    }

    /// Reports decorators at a method of a trait that it cannot have.
    pub(super) fn check_trait_decorators(&mut self, method: &Function<'s>, required: bool) {
        let wrong =
            method.decorators.iter().find(|decorator| required || decorator.kind() == DecoratorKind::Custom);
        let Some(decorator) = wrong else { return };
        let (message, hint) = match required {
            true => ("a method without a body cannot be decorated", "decorate the method in each impl"),
            false => (
                "a default method of a trait cannot be decorated with a function",
                "decorate the method in an impl, or call the function in its body",
            ),
        };
        let error = Diagnostic::error(code::MISPLACED_DECORATOR, "TypeError", message, decorator.span);
        self.diagnostics.push(error.with_hint(hint));
    }
}
