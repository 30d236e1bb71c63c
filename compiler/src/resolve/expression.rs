//! Names in expressions and functions.

use super::{DeclaredFunction, FunctionFacts, Resolver, Use, VariableKind};
use crate::ast::{
    Argument, Block, Entry, Expression, ExpressionKind, ForClause, Function, Item, Name, Parameter, Pattern,
    TextPart,
};
use crate::span::Span;

impl<'s> Resolver<'_, 's> {
    pub(super) fn expression(&mut self, expression: &Expression<'s>) {
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Regex { .. } => {}
            ExpressionKind::Interpolated(parts) => {
                for part in parts {
                    if let TextPart::Value { expression, .. } = part {
                        self.expression(expression);
                    }
                }
            }
            ExpressionKind::Name(name) => self.use_name(name, expression.span),
            ExpressionKind::List(items) | ExpressionKind::Set(items) | ExpressionKind::Tuple(items) => {
                for item in items {
                    match item {
                        Item::Value(value) | Item::Spread(value) => self.expression(value),
                    }
                }
            }
            ExpressionKind::Record(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Named { value, .. } | Entry::Text { value, .. } | Entry::Spread(value) => {
                            self.expression(value);
                        }
                        Entry::Computed { key, value } => {
                            self.expression(key);
                            self.expression(value);
                        }
                        Entry::Shorthand(name) => self.use_name(name.text, name.span),
                    }
                }
            }
            ExpressionKind::StructLiteral { constructor, fields } => {
                self.expression(constructor);
                fields.iter().for_each(|(_, value)| self.expression(value));
            }
            ExpressionKind::ListComprehension { element, clauses } => {
                self.clauses(clauses, |resolver| resolver.expression(element));
            }
            ExpressionKind::MapComprehension { key, value, clauses } => {
                self.clauses(clauses, |resolver| {
                    resolver.expression(key);
                    resolver.expression(value);
                });
            }
            ExpressionKind::Unary { operand, .. } => self.expression(operand),
            ExpressionKind::Await(operand) => self.expression(operand),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Chain { first, rest } => {
                self.expression(first);
                rest.iter().for_each(|(_, _, operand)| self.expression(operand));
            }
            ExpressionKind::Range { start, end, .. } => {
                self.expression(start);
                self.expression(end);
            }
            ExpressionKind::Cast { value, .. } => self.expression(value),
            // A formula is not evaluated: its names are columns.
            ExpressionKind::Formula { .. } => {}
            ExpressionKind::Call { callee, arguments } => {
                match callee.kind {
                    ExpressionKind::Name("error") if self.is_unnamed_error() => {
                        self.bindings.insert(callee.span.start, super::Binding::Builtin);
                    }
                    ExpressionKind::Name(name) => self.use_name_as(name, callee.span, Use::Callee),
                    _ => self.expression(callee),
                }
                match Self::callee_name(callee) {
                    Some(name) if self.calls_in_parallel(callee.span, name) => {
                        self.parallel_arguments(arguments);
                    }
                    _ => self.arguments(arguments),
                }
            }
            ExpressionKind::MethodCall { receiver, name, arguments, .. } => {
                self.expression(receiver);
                // A method may be a field, so a name that is not in scope is no error.
                // Nor is it a field of a `with` around it: those are values to read.
                match self.find(name.text) {
                    Some(variable) => self.use_variable(variable, name.span),
                    None if self.signatures.get(name.text).is_some() => {
                        self.bindings.insert(name.span.start, super::Binding::Builtin);
                    }
                    None => {}
                }
                match self.calls_in_parallel(name.span, name.text) {
                    true => self.parallel_arguments(arguments),
                    false => self.arguments(arguments),
                }
            }
            ExpressionKind::Field { object, .. } | ExpressionKind::Position { object, .. } => {
                self.expression(object);
            }
            ExpressionKind::Index { object, index } => {
                self.expression(object);
                self.expression(index);
            }
            ExpressionKind::Slice { object, start, end, step, .. } => {
                self.expression(object);
                [start, end, step].into_iter().flatten().for_each(|bound| self.expression(bound));
            }
            ExpressionKind::Pipe { left, target, .. } | ExpressionKind::Tap { left, target, .. } => {
                self.expression(left);
                // In `v |> o.m(a)` the method is a field of `o`, never a function in scope.
                match &target.kind {
                    ExpressionKind::MethodCall { receiver, arguments, .. } => {
                        self.expression(receiver);
                        self.arguments(arguments);
                    }
                    ExpressionKind::Name(name) => self.use_name_as(name, target.span, Use::Callee),
                    _ => self.expression(target),
                }
            }
            ExpressionKind::PipeInto { left, name } => {
                self.expression(left);
                self.declare(*name, VariableKind::Let, expression.span.end);
            }
            ExpressionKind::PipeThen { left, name, body } => {
                self.expression(left);
                self.open_scope();
                self.declare(*name, VariableKind::Local, body.span.start);
                self.expression(body);
                self.close_scope();
            }
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::Function(function) => {
                let number = self.add_function(function, function.span.start);
                self.function_body(function, number);
            }
            ExpressionKind::If { branches, otherwise } => {
                for branch in branches {
                    self.expression(&branch.condition);
                    self.block(&branch.body);
                }
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
            }
            ExpressionKind::Match { subject, arms } => {
                self.expression(subject);
                for arm in arms {
                    self.open_scope();
                    self.declare_pattern(&arm.pattern, VariableKind::Local, arm.pattern.span.end);
                    if let Some(guard) = &arm.guard {
                        self.expression(guard);
                    }
                    self.block(&arm.body);
                    self.close_scope();
                }
            }
            ExpressionKind::Given { arms } => {
                for arm in arms {
                    arm.condition.iter().for_each(|condition| self.expression(condition));
                    self.block(&arm.body);
                }
            }
            ExpressionKind::Try { body, error, handler } => {
                self.block(body);
                self.open_scope();
                // Without a name the error is called `error`; the builtin of that name stays callable.
                let name = error.unwrap_or(Name { text: "error", span: Span::at(handler.span.start) });
                self.declare(name, VariableKind::Local, handler.span.start);
                self.block(handler);
                self.close_scope();
            }
            ExpressionKind::Retry { attempts, delay, body } => {
                self.expression(attempts);
                delay.iter().for_each(|delay| self.expression(delay));
                self.block(body);
            }
        }
    }

    /// Whether `error` means the error of a `catch` without a name. Only its value does: a call means the builtin.
    fn is_unnamed_error(&mut self) -> bool {
        self.find("error").is_some_and(|variable| self.variables[variable].declared.is_empty())
    }

    pub(super) fn arguments(&mut self, arguments: &[Argument<'s>]) {
        for argument in arguments {
            match argument {
                Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value) => {
                    self.expression(value);
                }
                Argument::FieldShorthand { .. } => {}
            }
        }
    }

    /// The clauses of a comprehension, each in the scope of those before, and what stands inside.
    fn clauses(&mut self, clauses: &[ForClause<'s>], inside: impl FnOnce(&mut Self)) {
        for clause in clauses {
            self.expression(&clause.iterable);
            self.open_scope();
            self.declare_pattern(&clause.pattern, VariableKind::Local, clause.pattern.span.end);
            if let Some(condition) = &clause.condition {
                self.expression(condition);
            }
        }
        inside(self);
        clauses.iter().for_each(|_| self.close_scope());
    }

    /// Numbers a function whose closure is made at that byte.
    pub(super) fn add_function(&mut self, function: &Function<'s>, made_at: u32) -> usize {
        let number = self.functions.len();
        self.functions.push(FunctionFacts { made_at, captures: Vec::new() });
        self.function_numbers.insert(function.span.start, number);
        self.declared_functions.insert(number, DeclaredFunction::of(function, self.source));
        number
    }

    /// The parameters and the body of a function.
    pub(super) fn function_body(&mut self, function: &Function<'s>, number: usize) {
        self.note_return_annotations(function);
        let code = |resolver: &mut Self| {
            resolver.code(&function.parameters, function.where_clause.as_ref(), &function.body, number);
        };
        match function.is_async {
            true => self.in_parallel(code),
            false => code(self),
        }
    }

    /// The code of a function, in whatever form it is written.
    pub(super) fn code(
        &mut self,
        parameters: &[Parameter<'s>],
        where_clause: Option<&Expression<'s>>,
        body: &Block<'s>,
        number: usize,
    ) {
        self.check_repeated_parameters(parameters);
        self.note_parameter_annotations(parameters);
        self.running.push(number);
        self.open_scope();
        let start = body.span.start;
        for parameter in parameters {
            if let Some(default) = &parameter.default {
                self.expression(default);
            }
            self.declare_parameter(&parameter.pattern, start);
        }
        if let Some(condition) = where_clause {
            self.expression(condition);
        }
        self.block(body);
        self.close_scope();
        self.running.pop();
    }

    fn declare_parameter(&mut self, pattern: &Pattern<'s>, ready_at: u32) {
        // A closure in a default is made before the body starts, but after its own parameters have their values.
        self.declare_pattern(pattern, VariableKind::Parameter, pattern.span.start.min(ready_at));
    }
}
