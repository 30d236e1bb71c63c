//! Assignments, and how they change values in place.

use super::Lowering;
use super::builder::LATER;
use super::with::Absent;
use crate::ast::{Argument, AssignOperator, BinaryOperator, Expression, ExpressionKind, Target, TargetStep};
use crate::resolve::{Binding, Storage, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;

/// Whose value an assignment changes.
#[derive(Clone, Copy)]
enum Root {
    /// That of a variable.
    Variable(VariableId),
    /// That of a name inside of `with`.
    InWith(usize),
}

impl Lowering<'_> {
    pub(super) fn assign(
        &mut self,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let root = match self.binding(target.name.span) {
            Some(Binding::Variable(variable)) => Root::Variable(variable),
            Some(Binding::InWith(number)) => Root::InWith(number),
            _ => return,
        };
        let variable = match root {
            Root::Variable(variable) => variable,
            Root::InWith(number) if target.steps.is_empty() => {
                return self.assign_in_with(number, target, operator, operator_span, value);
            }
            Root::InWith(_) => return self.assign_part(root, target, operator, operator_span, value),
        };
        if target.steps.is_empty() {
            match operator {
                AssignOperator::Plain => {
                    if !self.update_in_place(variable, value) {
                        self.set_variable(variable, value);
                    }
                }
                AssignOperator::Compound(operator) => self.update(variable, operator, operator_span, value),
                AssignOperator::IfNil => {
                    if let Some(Binding::InWith(number)) = self.binding(operator_span) {
                        return self.declare_from_field(variable, number, target, value);
                    }
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
            self.assign_part(root, target, operator, operator_span, value);
        }
    }

    /// `name ?= value` inside of `with`, where that declares a variable: it begins as the field of that name.
    fn declare_from_field(
        &mut self,
        variable: VariableId,
        number: usize,
        target: &Target<'_>,
        value: &Expression<'_>,
    ) {
        if !self.is_declared_here(variable) {
            self.declare(variable);
        }
        let mark = self.body.mark();
        let current = self.body.allocate();
        self.body.span = target.name.span;
        self.load_in_with(number, current, Absent::IsNil);
        let end = self.body.label();
        self.body.emit_jump(Instruction::JumpIfNotNil { condition: current, target: LATER }, end);
        self.into(value, current);
        self.body.place(end);
        self.store(variable, current);
        self.body.release(mark);
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
        variable: Root,
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
        let register = match variable {
            Root::Variable(variable) => self.register_of(variable),
            Root::InWith(_) => None,
        };
        let is_local = register.is_some();
        // Only one step and a plain assignment need nothing but the outermost value: it is changed in place.
        let root = match register {
            Some(register) => register,
            None => {
                let register = self.body.allocate();
                self.body.span = target.name.span;
                match variable {
                    Root::Variable(variable) => self.load(variable, register),
                    Root::InWith(number) => self.load_in_with(number, register, Absent::Raises),
                }
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
            if let (0, false, Root::Variable(variable)) = (position, is_local, variable) {
                // Taken out of its variable right before it changes, so that it changes in place. If that fails, the
                // machine puts it back.
                self.take_variable(variable, root);
            }
            self.write_step(&target.steps[position], indexes[position], *holder, changed);
            changed = *holder;
        }
        match variable {
            Root::Variable(variable) if !is_local => self.store(variable, root),
            Root::Variable(_) => {}
            Root::InWith(number) => self.store_in_with(number, root),
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
