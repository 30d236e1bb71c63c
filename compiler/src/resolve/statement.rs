//! Names in statements.

use super::pipeline::bound_name;
use super::scope::pattern_names;
use super::{Resolver, VariableKind};
use crate::ast::{
    Block, Expression, ExpressionKind, Function, PatternKind, Statement, StatementKind, TargetStep,
};
use crate::diagnostic::{Diagnostic, code};

impl<'s> Resolver<'_, 's> {
    /// The statements of a block whose scope is open, and which starts at that byte.
    pub(super) fn statements(&mut self, statements: &[Statement<'s>], start: u32) {
        self.note_declarations(statements);
        // Functions are bound before the first statement runs, so that they can call each other.
        for statement in statements {
            if let StatementKind::Function(function) = &statement.kind {
                self.declare_function(function, start);
            }
        }
        for statement in statements {
            self.declare_structures(statement, start);
            self.declare_pipeline(statement, start);
        }
        for statement in statements {
            self.statement(statement);
        }
        self.warn_about_unreachable(statements);
    }

    pub(super) fn block(&mut self, block: &Block<'s>) {
        self.open_scope();
        self.statements(&block.statements, block.span.start);
        self.close_scope();
    }

    fn declare_function(&mut self, function: &Function<'s>, made_at: u32) {
        let Some(name) = function.name.filter(|_| !function.has_custom_decorator()) else { return };
        let number = self.add_function(function, made_at);
        let variable = self.declare(name, VariableKind::Function(number), made_at);
        let facts = &mut self.variables[variable];
        facts.is_static = !(facts.is_reassigned || self.in_session && facts.is_top_level);
    }

    /// The value that variables begin with.
    fn initialiser(&mut self, names: impl IntoIterator<Item = &'s str>, value: &Expression<'s>) {
        // A lambda calls itself by its name. Lambdas that are arguments run before there is the variable, so they mean what else
        // has the name, as the rest of the value does: `let mean = reads |> map(|r| mean(r.scores))`.
        if !matches!(value.kind, ExpressionKind::Function(_)) {
            for name in names {
                let has_other = self.declared(name).is_some() || self.signatures.get(name).is_some();
                if let Some(scope) = self.scopes.last_mut().filter(|_| has_other) {
                    scope.forget_pending(name);
                }
            }
        }
        self.expression(value);
    }

    fn statement(&mut self, statement: &Statement<'s>) {
        let end = statement.span.end;
        match &statement.kind {
            StatementKind::Expression(value) => self.expression(value),
            StatementKind::Let { pattern, annotation, value, .. } => {
                self.note_annotation(annotation.as_ref());
                let outer = match &pattern.kind {
                    PatternKind::Name(name) if self.find_in_current_scope(name).is_none() => self
                        .declared_with_place(name)
                        // In a `with` the name that is read may be a field.
                        .filter(|&(_, place)| self.records_inside(Some(place)).is_empty())
                        .filter(|&(outer, _)| self.variables[outer].function == self.function())
                        // What a parameter or loop variable was before, nobody can ask for behind the body anyway.
                        .filter(|&(outer, _)| !self.belongs_to_this_body(name, outer))
                        .map(|(outer, _)| (*name, outer, self.variables[outer].uses)),
                    _ => None,
                };
                let mut names = Vec::new();
                pattern_names(pattern, &mut names);
                self.initialiser(names.into_iter().map(|(name, _)| name), value);
                if let Some((name, outer, uses)) = outer
                    && self.variables[outer].uses > uses
                {
                    let declared = self.variables[outer].declared;
                    let line = self.source.position(declared.start).line;
                    self.diagnostics.push(
                        Diagnostic::warning(
                            code::LOST_UPDATE,
                            format!(
                                "'{name}' declared here shadows the outer '{name}' (line {line}); \
                                 write '{name} = …' to update it"
                            ),
                            pattern.span,
                        )
                        .with_secondary(declared, "the outer one, which keeps its value"),
                    );
                }
                self.declare_pattern(pattern, VariableKind::Let, end);
            }
            StatementKind::Const { name, annotation, value, .. } => {
                self.note_annotation(annotation.as_ref());
                self.initialiser([name.text], value);
                self.declare(*name, VariableKind::Const, end);
            }
            StatementKind::Assign { target, operator, operator_span, value } => {
                self.expression(value);
                for step in &target.steps {
                    if let TargetStep::Index { index, .. } = step {
                        self.expression(index);
                    }
                }
                if *operator == crate::ast::AssignOperator::IfNil
                    && target.steps.is_empty()
                    && self.find(target.name.text).is_none()
                {
                    let records = self.records_inside(None);
                    if !records.is_empty() {
                        // The new variable begins as the field, where there is one.
                        self.bind_in_with(target.name.text, *operator_span, records, None, false);
                    }
                    self.declare(target.name, VariableKind::Let, end);
                    return;
                }
                self.assign_name(target.name.text, target.name.span);
            }
            StatementKind::Function(function) if function.has_custom_decorator() => {
                self.decorated_function(function, end);
            }
            StatementKind::Function(function) => {
                if let Some(&number) = self.function_numbers.get(&function.span.start) {
                    self.decorators(function, number);
                    self.function_body(function, number);
                }
            }
            // Its body is a function, called for each item.
            StatementKind::For { parallel: true, pattern, iterable, body, .. } => {
                self.expression(iterable);
                let number = self.functions.len();
                self.functions
                    .push(super::FunctionFacts { made_at: iterable.span.end, captures: Vec::new() });
                self.function_numbers.insert(statement.span.start, number);
                self.running.push(number);
                self.in_parallel(|resolver| {
                    resolver.open_scope();
                    resolver.declare_pattern(pattern, VariableKind::Local, body.span.start);
                    resolver.block(body);
                    resolver.close_scope();
                });
                self.running.pop();
            }
            StatementKind::For { pattern, iterable, condition, body, otherwise, .. } => {
                self.expression(iterable);
                self.open_scope();
                self.declare_pattern(pattern, VariableKind::Local, body.span.start);
                if let Some(condition) = condition {
                    self.expression(condition);
                }
                self.block(body);
                self.close_scope();
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
            }
            StatementKind::While { condition, body } => {
                self.expression(condition);
                self.block(body);
            }
            StatementKind::Unless { condition, body, otherwise } => {
                self.expression(condition);
                self.block(body);
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
            }
            StatementKind::Guard { condition, otherwise } => {
                self.expression(condition);
                self.block(otherwise);
                self.check_guard(statement.span, otherwise);
            }
            StatementKind::Assert { condition, message } => {
                self.expression(condition);
                message.iter().for_each(|message| self.expression(message));
            }
            StatementKind::Return(value) => value.iter().for_each(|value| self.expression(value)),
            StatementKind::Yield(value) => self.expression(value),
            // Runs later, so it is a function over the variables that it names.
            StatementKind::Defer(value) => {
                let number = self.functions.len();
                let made_at = statement.span.start;
                self.functions.push(super::FunctionFacts { made_at, captures: Vec::new() });
                self.function_numbers.insert(made_at, number);
                self.running.push(number);
                self.open_scope();
                self.expression(value);
                self.close_scope();
                self.running.pop();
            }
            StatementKind::Stage { label, binds, value } => {
                self.expression(value);
                if let Some(name) = bound_name(label, *binds) {
                    self.declare(name, VariableKind::Let, end);
                    self.mark_used(name);
                }
            }
            StatementKind::Pipeline { label, binds, parameters, body, .. } => {
                self.pipeline(statement, label, *binds, parameters.as_deref(), body);
            }
            StatementKind::Struct { name, fields, .. } => self.struct_fields(*name, fields),
            StatementKind::Enum { .. } => {}
            StatementKind::Trait { name, methods, .. } => {
                self.local_types.push(name.text);
                self.trait_methods(methods, statement.span.start);
            }
            StatementKind::Impl { type_name, methods, .. } => {
                self.bind_structure(type_name.text, type_name.span);
                self.methods(methods, statement.span.start);
            }
            StatementKind::Import { path, alias: None } => self.import_all(path, end),
            StatementKind::Import { path, alias: Some(alias) } => self.import_as(path, *alias, end),
            StatementKind::FromImport { path, names } => self.import_names(path, names, end),
            StatementKind::With { record, body } => {
                self.expression(record);
                self.with_body(statement.span.start, body);
            }
            StatementKind::TypeAlias { name, aliased } => {
                self.local_types.push(name.text);
                self.note_annotation(Some(aliased));
            }
            StatementKind::Break | StatementKind::Continue => {}
        }
    }
}
