//! Statements and blocks.

use super::Lowering;
use super::builder::LATER;
use super::expression::RaisedKind;
use crate::ast::{
    Argument, AssignOperator, BinaryOperator, Block, Expression, ExpressionKind, PatternKind, Statement,
    StatementKind, Target, TargetStep,
};
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::{Storage, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;

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
            let names = match &statement.kind {
                StatementKind::Let { pattern, .. } => super::pattern::names(pattern),
                StatementKind::Const { name, .. } => vec![name.span],
                _ => continue,
            };
            for name in names {
                if let Some(variable) = self.variable_at(name)
                    && self.storage(variable) == Storage::Cell
                    && !self.is_declared_here(variable)
                {
                    self.body.span = name;
                    self.declare(variable);
                }
            }
        }
    }

    fn is_declared_here(&self, variable: VariableId) -> bool {
        self.is_declared(variable) || self.body.captures.contains_key(&variable)
    }

    fn statement(&mut self, statement: &Statement<'_>, result: Option<Register>) {
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
            // Made when the block began.
            StatementKind::Function(_) => {}
            StatementKind::For { parallel: true, .. } => self.not_supported("parallel for", statement.span),
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
            StatementKind::Return(value) => {
                let mark = self.body.mark();
                match value {
                    Some(value) => {
                        let source = self.temporary(value);
                        self.emit_return(source);
                    }
                    None => {
                        if let Some(list) = self.body.deferred {
                            self.body.emit(Instruction::RunDeferred { list });
                        }
                        self.body.emit(Instruction::ReturnNil {});
                    }
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
            StatementKind::Import { .. } | StatementKind::FromImport { .. } => {
                self.not_supported("an import", statement.span);
            }
            StatementKind::With { .. } => self.not_supported("with", statement.span),
            StatementKind::Pipeline { .. } => self.not_supported("a pipeline", statement.span),
            StatementKind::Stage { label, binds, value } => match binds {
                true => self.declare_with_value(label.span, value),
                false => self.effect(value),
            },
            StatementKind::Defer(value) => self.defer(value, statement.span),
            StatementKind::Yield(_) => self.not_supported("yield", statement.span),
        }
    }

    /// Warns where a literal contradicts its annotation, which nothing enforces when the script runs.
    fn check_annotation(&mut self, annotation: Option<&crate::ast::Type<'_>>, value: &Expression<'_>) {
        use biovm_bytecode::Type;
        let Some(annotation) = annotation else { return };
        let crate::ast::TypeKind::Name { name, .. } = &annotation.kind else { return };
        let literal = match &value.kind {
            ExpressionKind::Bool(_) => Type::Bool,
            ExpressionKind::Int(_) => Type::Int,
            ExpressionKind::Float(_) => Type::Float,
            ExpressionKind::Str(_) | ExpressionKind::Interpolated(_) => Type::Str,
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
            // What the value needed in between is free again; the variable stays.
            return;
        }
        self.set_variable(variable, value);
    }

    /// `variable = value`
    fn set_variable(&mut self, variable: VariableId, value: &Expression<'_>) {
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

    fn assign(
        &mut self,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let Some(variable) = self.variable_at(target.name.span) else { return };
        if target.steps.is_empty() {
            match operator {
                AssignOperator::Plain => {
                    if !self.update_in_place(variable, value) {
                        self.set_variable(variable, value);
                    }
                }
                AssignOperator::Compound(operator) => self.update(variable, operator, operator_span, value),
                AssignOperator::IfNil => {
                    let mark = self.body.mark();
                    if self.storage(variable) == Storage::Register && !self.is_declared(variable) {
                        // This assignment declares it.
                        return self.declare_with_value(target.name.span, value);
                    }
                    let current = self.body.allocate();
                    self.load(variable, current);
                    let end = self.body.label();
                    self.body.emit_jump(Instruction::JumpIfNotNil { condition: current, target: LATER }, end);
                    self.into(value, current);
                    self.store(variable, current);
                    self.body.place(end);
                    self.body.release(mark);
                }
            }
            return;
        }
        if operator != AssignOperator::Plain || !self.update_field_in_place(variable, target, value) {
            self.assign_part(variable, target, operator, operator_span, value);
        }
    }

    /// `variable op= value`
    fn update(
        &mut self,
        variable: VariableId,
        operator: BinaryOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        if let Some(register) = self.register_of(variable) {
            self.binary_into(
                register,
                operator,
                operator_span,
                super::operator::Side::Register(register),
                value,
            );
        } else {
            let current = self.body.allocate();
            self.load(variable, current);
            self.binary_into(
                current,
                operator,
                operator_span,
                super::operator::Side::Register(current),
                value,
            );
            self.store(variable, current);
        }
        self.body.release(mark);
    }

    /// `variable = builtin(variable, …)` and `variable = variable + …`, where the value need not be copied. Returns
    /// whether the assignment has one of these forms.
    fn update_in_place(&mut self, variable: VariableId, value: &Expression<'_>) -> bool {
        match &value.kind {
            ExpressionKind::Call { callee, arguments } => {
                self.call_in_place(variable, callee, None, arguments)
            }
            ExpressionKind::Pipe { left, target, .. } => match &target.kind {
                ExpressionKind::Call { callee, arguments } => {
                    self.call_in_place(variable, callee, Some(left), arguments)
                }
                _ => false,
            },
            ExpressionKind::Binary {
                operator: operator @ (BinaryOperator::Add | BinaryOperator::Concatenate),
                operator_span,
                left,
                right,
            } if self.register_of(variable).is_none()
                && self.is_variable(left, variable)
                && Self::is_plain_operand(right)
                && !self.is_read_in(variable, right.span) =>
            {
                let mark = self.body.mark();
                let operand = self.value(right);
                let current = self.body.allocate();
                self.take_variable(variable, current);
                self.body.span = *operator_span;
                self.body.emit(match operator {
                    BinaryOperator::Add => {
                        Instruction::Add { destination: current, left: current, right: operand }
                    }
                    _ => Instruction::Concatenate { destination: current, left: current, right: operand },
                });
                self.store(variable, current);
                self.body.release(mark);
                true
            }
            _ => false,
        }
    }

    /// Whether the expression is just the variable.
    pub(super) fn is_variable(&self, expression: &Expression<'_>, variable: VariableId) -> bool {
        matches!(expression.kind, ExpressionKind::Name(_))
            && self.variable_at(expression.span) == Some(variable)
    }

    /// Whether the variable is read somewhere in the span.
    pub(super) fn is_read_in(&self, variable: VariableId, span: Span) -> bool {
        let reads = &self.resolution.variables[variable].reads;
        let first = reads.partition_point(|&read| read < span.start);
        reads.get(first).is_some_and(|&read| read < span.end)
    }

    /// Whether computing the expression runs no code that could look at variables.
    fn is_plain_operand(expression: &Expression<'_>) -> bool {
        match &expression.kind {
            ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Name(_) => true,
            ExpressionKind::Field { object, .. } => Self::is_plain_operand(object),
            ExpressionKind::List(items) => items.iter().all(|item| match item {
                crate::ast::Item::Value(value) => Self::is_plain_operand(value),
                crate::ast::Item::Spread(_) => false,
            }),
            _ => false,
        }
    }

    /// `a[i].f = value`: the parts are read from the outside in, changed, and put back from the inside out.
    fn assign_part(
        &mut self,
        variable: VariableId,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        // The indexes are computed after the value, though they stand before it: no read in it is the last one.
        self.body.loop_depth += 1;
        let new = self.temporary(value);
        self.body.loop_depth -= 1;
        let indexes: Vec<Option<Register>> = target
            .steps
            .iter()
            .map(|step| match step {
                TargetStep::Index { index, .. } => Some(self.value(index)),
                TargetStep::Field(_) => None,
            })
            .collect();
        let is_local = self.register_of(variable).is_some();
        // Only one step and a plain assignment need nothing but the outermost value: it is changed in place.
        let root = match self.register_of(variable) {
            Some(register) => register,
            None => {
                let register = self.body.allocate();
                self.load(variable, register);
                register
            }
        };
        let mut holders = vec![root];
        for (step, index) in target.steps.iter().zip(&indexes).take(target.steps.len() - 1) {
            let part = self.body.allocate();
            let holder = holders[holders.len() - 1];
            self.read_step(step, *index, holder, part);
            holders.push(part);
        }
        let (last, last_index) = (&target.steps[target.steps.len() - 1], indexes[indexes.len() - 1]);
        let innermost = holders[holders.len() - 1];
        if operator != AssignOperator::Plain {
            let part = self.body.allocate();
            self.read_step(last, last_index, innermost, part);
            match operator {
                AssignOperator::Compound(operator) => {
                    self.body.span = operator_span;
                    self.emit_binary(operator, new, part, new);
                }
                _ => {
                    let missing = self.body.label();
                    self.body.emit_jump(Instruction::JumpIfNil { condition: part, target: LATER }, missing);
                    self.body.copy(new, part);
                    self.body.place(missing);
                }
            }
        }
        self.body.span = target.span;
        let mut changed = new;
        for (position, holder) in holders.iter().enumerate().rev() {
            if position == 0 && !is_local {
                // Taken out of its variable right before it changes, so that it changes in place. If that fails, the
                // machine puts it back.
                self.take_variable(variable, root);
            }
            self.write_step(&target.steps[position], indexes[position], *holder, changed);
            changed = *holder;
        }
        if !is_local {
            self.store(variable, root);
        }
        self.body.release(mark);
    }

    /// `variable.field = builtin(variable.field, …)` for a builtin that can change its first argument in place, where the
    /// variable lives in a register. Returns whether the assignment has that form.
    fn update_field_in_place(
        &mut self,
        variable: VariableId,
        target: &Target<'_>,
        value: &Expression<'_>,
    ) -> bool {
        let (Some(object), [TargetStep::Field(field)]) =
            (self.register_of(variable), target.steps.as_slice())
        else {
            return false;
        };
        let (callee, first, others) = match &value.kind {
            ExpressionKind::Call { callee, arguments } => match arguments.split_first() {
                Some((Argument::Positional(first), others)) => (callee, first, others),
                _ => return false,
            },
            ExpressionKind::Pipe { left, target, .. } => match &target.kind {
                ExpressionKind::Call { callee, arguments } => (callee, &**left, arguments.as_slice()),
                _ => return false,
            },
            _ => return false,
        };
        let is_same_place = match &first.kind {
            ExpressionKind::Field { object, name, optional: false } => {
                name.text == field.text && self.is_variable(object, variable)
            }
            _ => false,
        };
        if !is_same_place || self.is_read_in(variable, Span::new(first.span.end, value.span.end)) {
            return false;
        }
        self.call_in_place_on(
            callee,
            others,
            |lowering, holder| {
                let site = lowering.field_site(field.text, first.span);
                lowering.body.emit(Instruction::TakeField { destination: holder, object, field: site });
            },
            |lowering, result| {
                let site = lowering.field_site(field.text, field.span);
                lowering.body.emit(Instruction::SetField { object, field: site, value: result });
            },
        )
    }

    fn read_step(
        &mut self,
        step: &TargetStep<'_>,
        index: Option<Register>,
        object: Register,
        destination: Register,
    ) {
        match (step, index) {
            (TargetStep::Field(name), _) => {
                self.body.span = name.span;
                let field = self.field_site(name.text, name.span);
                self.body.emit(Instruction::GetField { destination, object, field });
            }
            (TargetStep::Index { span, .. }, Some(index)) => {
                self.body.span = *span;
                self.body.emit(Instruction::GetIndex { destination, object, index });
            }
            (TargetStep::Index { .. }, None) => {}
        }
    }

    fn write_step(
        &mut self,
        step: &TargetStep<'_>,
        index: Option<Register>,
        object: Register,
        value: Register,
    ) {
        match (step, index) {
            (TargetStep::Field(name), _) => {
                self.body.span = name.span;
                let field = self.field_site(name.text, name.span);
                self.body.emit(Instruction::SetField { object, field, value });
            }
            (TargetStep::Index { span, .. }, Some(index)) => {
                self.body.span = *span;
                self.body.emit(Instruction::SetIndex { object, index, value });
            }
            (TargetStep::Index { .. }, None) => {}
        }
    }
}
