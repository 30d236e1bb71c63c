//! Statements and blocks.

use super::Lowering;
use super::builder::LATER;
use super::control::RaisedKind;
use crate::ast::{Block, Expression, ExpressionKind, Label, PatternKind, Statement, StatementKind};
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::{Storage, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::{Region, RegionKind};

impl Lowering<'_> {
    /// A block in a scope of its own; its value goes to `result`.
    pub(super) fn block(&mut self, block: &Block<'_>, result: Option<Register>) {
        let mark = self.body.mark();
        self.statements(&block.statements, result);
        self.body.release(mark);
    }

    /// The statements of a scope; the value of the last one goes to `result`, nil if it has none.
    pub(super) fn statements(&mut self, statements: &[Statement<'_>], result: Option<Register>) {
        self.declare_cells(statements);
        self.hoist_functions(statements);
        self.hoist_structures(statements);
        self.hoist_pipelines(statements);
        for (index, statement) in statements.iter().enumerate() {
            let is_last = index + 1 == statements.len();
            self.statement(statement, result.filter(|_| is_last));
        }
        if let (Some(result), None) = (result, statements.last()) {
            self.body.emit(Instruction::LoadNil { destination: result });
        }
    }

    /// Makes the cells of the block's own variables: functions may capture them before their `let` runs.
    fn declare_cells(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            let variables: Vec<VariableId> = match &statement.kind {
                StatementKind::Let { pattern, .. } => super::pattern::names(pattern)
                    .into_iter()
                    .filter_map(|name| self.variable_at(name))
                    .collect(),
                StatementKind::Const { name, .. } => self.variable_at(name.span).into_iter().collect(),
                StatementKind::Function(function) if function.has_custom_decorator() => {
                    function.name.and_then(|name| self.variable_at(name.span)).into_iter().collect()
                }
                StatementKind::Pipeline { label, .. } | StatementKind::Stage { label, .. } => {
                    self.variable_at(label.span).into_iter().collect()
                }
                StatementKind::Import { path, .. } | StatementKind::FromImport { path, .. } => {
                    self.imported_variables(path)
                }
                _ => continue,
            };
            for variable in variables {
                if self.storage(variable) == Storage::Cell && !self.is_declared_here(variable) {
                    self.body.span = self.resolution.variables[variable].declared;
                    self.declare(variable);
                }
            }
        }
    }

    pub(super) fn is_declared_here(&self, variable: VariableId) -> bool {
        self.is_declared(variable) || self.body.captures.contains_key(&variable)
    }

    fn statement(&mut self, statement: &Statement<'_>, result: Option<Register>) {
        let outer = std::mem::replace(&mut self.body.statement_start, statement.span.start);
        self.statement_into(statement, result);
        self.body.statement_start = outer;
    }

    fn statement_into(&mut self, statement: &Statement<'_>, result: Option<Register>) {
        self.body.span = statement.span;
        if let StatementKind::Expression(value)
        | StatementKind::Let { value, .. }
        | StatementKind::Assign { value, .. } = &statement.kind
        {
            self.declare_piped_names(value);
        }
        if let StatementKind::Expression(expression) = &statement.kind {
            return match result {
                Some(result) => self.into(expression, result),
                None => self.effect(expression),
            };
        }
        if let (StatementKind::Stage { label, value, .. }, Some(result)) = (&statement.kind, result) {
            return self.stage_region(label, |lowering| lowering.stage(label.span, value, result));
        }
        self.plain_statement(statement);
        if let Some(result) = result {
            self.body.emit(Instruction::LoadNil { destination: result });
        }
    }

    /// A statement that has no value.
    fn plain_statement(&mut self, statement: &Statement<'_>) {
        match &statement.kind {
            StatementKind::Expression(expression) => self.effect(expression),
            StatementKind::Let { pattern, value, annotation, .. } => match &pattern.kind {
                PatternKind::Name(_) => {
                    self.check_annotation(annotation.as_ref(), value);
                    self.declare_with_value(pattern.span, value);
                }
                _ => {
                    let mark = self.body.mark();
                    // The variables stay when the temporary is gone, so they come first.
                    self.declare_pattern(pattern);
                    let kept = self.body.mark();
                    let source = self.value(value);
                    self.body.span = pattern.span;
                    self.destructure(pattern, source);
                    self.body.release(kept.max(mark));
                }
            },
            StatementKind::Const { name, value, annotation, .. } => {
                self.check_annotation(annotation.as_ref(), value);
                self.declare_with_value(name.span, value);
            }
            StatementKind::Assign { target, operator, operator_span, value } => {
                self.assign(target, *operator, *operator_span, value);
            }
            StatementKind::Function(function) if function.has_custom_decorator() => {
                self.decorated_function(function);
            }
            // Made when the block began.
            StatementKind::Function(_) | StatementKind::Pipeline { parameters: Some(_), .. } => {}
            StatementKind::For { parallel: true, pattern, iterable, body, .. } => {
                self.parallel_for(pattern, iterable, body, statement.span);
            }
            StatementKind::For { pattern, iterable, condition, body, otherwise, .. } => {
                self.for_loop(pattern, iterable, condition.as_ref(), body, otherwise.as_ref());
            }
            StatementKind::While { condition, body } => self.while_loop(condition, body),
            StatementKind::Unless { condition, body, otherwise } => {
                let (end, other) = (self.body.label(), self.body.label());
                self.branch(condition, true, other);
                self.block(body, None);
                if otherwise.is_some() {
                    self.body.emit_jump(Instruction::Jump { target: LATER }, end);
                }
                self.body.place(other);
                if let Some(otherwise) = otherwise {
                    self.block(otherwise, None);
                }
                self.body.place(end);
            }
            StatementKind::Guard { condition, otherwise } => {
                let holds = self.body.label();
                self.branch(condition, true, holds);
                self.block(otherwise, None);
                self.raise(RaisedKind::TypeError, "guard body must not fall through", statement.span);
                self.body.place(holds);
            }
            StatementKind::Assert { condition, message } => self.assert(condition, message.as_ref()),
            StatementKind::Return(_) if self.body.is_parallel_loop => {
                self.leaves_parallel_loop("return", statement.span);
            }
            StatementKind::Return(value) => {
                let mark = self.body.mark();
                match value {
                    Some(value) => {
                        let source = self.temporary(value);
                        self.emit_return(source);
                    }
                    None if self.body.deferred.is_some() || self.body.memoized.is_some() => {
                        let source = self.body.allocate();
                        self.body.emit(Instruction::LoadNil { destination: source });
                        self.emit_return(source);
                    }
                    None => self.body.emit(Instruction::ReturnNil {}),
                }
                self.body.release(mark);
            }
            StatementKind::Break => {
                if let Some(innermost) = self.body.loops.last() {
                    let label = innermost.break_label;
                    self.body.emit_jump(Instruction::Jump { target: LATER }, label);
                }
            }
            StatementKind::Continue => {
                if let Some(innermost) = self.body.loops.last() {
                    let label = innermost.continue_label;
                    self.body.emit_jump(Instruction::Jump { target: LATER }, label);
                }
            }
            // Annotations are not enforced, so an alias has nothing to do at run time.
            StatementKind::TypeAlias { .. } => {}
            // Made when the block began.
            StatementKind::Struct { .. } | StatementKind::Enum { .. } | StatementKind::Trait { .. } => {}
            StatementKind::Impl { trait_name, type_name, methods } => {
                self.implementation(*trait_name, *type_name, methods);
            }
            StatementKind::Import { path, .. } | StatementKind::FromImport { path, .. } => self.import(path),
            StatementKind::With { record, body } => self.with(record, body, statement.span),
            StatementKind::Pipeline { label, body, doc, .. } => {
                self.run_pipeline(statement, label, body, doc.as_deref().unwrap_or_default());
            }
            StatementKind::Stage { label, value, .. } => {
                self.stage_region(label, |lowering| match lowering.variable_at(label.span) {
                    Some(_) => lowering.declare_with_value(label.span, value),
                    None => lowering.effect(value),
                })
            }
            StatementKind::Defer(value) => self.defer(value, statement.span),
            StatementKind::Yield(_) if self.body.is_parallel_loop => {
                self.leaves_parallel_loop("yield", statement.span);
            }
            StatementKind::Yield(value) => {
                let mark = self.body.mark();
                let source = self.temporary(value);
                self.body.span = statement.span;
                self.body.emit(Instruction::Yield { source });
                self.body.release(mark);
            }
        }
    }

    /// Lowers the value of a stage, and notes where its code stands.
    fn stage_region(&mut self, label: &Label<'_>, lower: impl FnOnce(&mut Self)) {
        let start = self.body.position();
        lower(self);
        let (end, name) = (self.body.position(), self.name(&label.text));
        self.body.regions.push(Region { start, end, kind: RegionKind::Stage { name } });
    }

    /// `stage name -> value` where the value is wanted too.
    fn stage(&mut self, name: Span, value: &Expression<'_>, result: Register) {
        if self.variable_at(name).is_none() {
            return self.into(value, result);
        }
        self.declare_with_value(name, value);
        if let Some(variable) = self.variable_at(name) {
            self.load(variable, result);
        }
    }

    /// Warns where a literal contradicts its annotation, which nothing enforces when the script runs.
    pub(super) fn check_annotation(
        &mut self,
        annotation: Option<&crate::ast::Type<'_>>,
        value: &Expression<'_>,
    ) {
        use biovm_bytecode::Type;
        let Some(annotation) = annotation else { return };
        let crate::ast::TypeKind::Name { name, .. } = &annotation.kind else { return };
        let literal = match &value.kind {
            ExpressionKind::Bool(_) => Type::Bool,
            ExpressionKind::Int(_) => Type::Int,
            ExpressionKind::Float(_) => Type::Float,
            ExpressionKind::Str(_) | ExpressionKind::Interpolated(_) => Type::Str,
            ExpressionKind::Sequence { kind, .. } => match Type::from_name(kind.type_name()) {
                Some(of) => of,
                None => return,
            },
            ExpressionKind::List(_) => Type::List,
            ExpressionKind::Record(_) => Type::Record,
            ExpressionKind::Set(_) => Type::Set,
            ExpressionKind::Tuple(_) => Type::Tuple,
            ExpressionKind::Nil => Type::Nil,
            _ => return,
        };
        // What is no type by name may be an alias, a struct, or `Any`.
        let Some(declared) = Type::from_name(name.text) else { return };
        let widens = declared == Type::Float && literal == Type::Int
            || declared == Type::Map && literal == Type::Record;
        if declared != literal && !widens {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::CONTRADICTED_ANNOTATION,
                    format!("the value is {literal}, but it is declared as {declared}"),
                    value.span,
                )
                .with_secondary(annotation.span, "declared here"),
            );
        }
    }

    /// `let name = value`
    pub(super) fn declare_with_value(&mut self, name: Span, value: &Expression<'_>) {
        let Some(variable) = self.variable_at(name) else { return self.effect(value) };
        if self.storage(variable) == Storage::Register && !self.is_declared(variable) {
            let register = self.body.allocate();
            self.into(value, register);
            self.body.locations.insert(variable, super::builder::Location::Register(register));
            self.body.depths.insert(variable, self.body.loop_depth);
            // What the value needed in between is free again; the variable stays.
            return;
        }
        self.set_variable(variable, value);
    }

    /// `variable = value`
    pub(super) fn set_variable(&mut self, variable: VariableId, value: &Expression<'_>) {
        if let Some(register) = self.register_of(variable)
            && self.is_written_once(value)
        {
            return self.into(value, register);
        }
        let mark = self.body.mark();
        let temporary = self.temporary(value);
        if !self.is_declared_here(variable) {
            self.declare(variable);
        }
        self.store(variable, temporary);
        self.body.release(mark);
    }
}
