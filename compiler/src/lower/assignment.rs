//! Assignments, and how they change values in place.

use super::Lowering;
use super::builder::LATER;
use super::part::Root;
use super::with::Absent;
use crate::ast::{Argument, AssignOperator, BinaryOperator, Expression, ExpressionKind, Target, TargetStep};
use crate::resolve::{Binding, Storage, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;

impl Lowering<'_> {
    pub(super) fn assign(
        &mut self,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let first = self.body.code.len();
        match self.binding(target.name.span) {
            Some(Binding::Variable(variable)) => {
                self.assign_to(variable, target, operator, operator_span, value);
            }
            Some(Binding::InWith(number)) if target.steps.is_empty() => {
                return self.assign_in_with(number, target, operator, operator_span, value);
            }
            Some(Binding::InWith(number)) => {
                return self.assign_to_part(Root::InWith(number), target, operator, operator_span, value);
            }
            _ => return,
        }
        self.name_in_reports(first, target.name.span);
    }

    /// An assignment that is refused is the variable's fault, not that of its new value: gives the instructions from
    /// `first` on that move the variable, which the last one stores, the place of its name.
    fn name_in_reports(&mut self, first: usize, name: Span) {
        let Some(variable) = self.body.code[first..].iter().rev().find_map(stored) else { return };
        let instructions = self.body.code[first..].iter().zip(&mut self.body.spans[first..]);
        for (_, span) in instructions.filter(|(instruction, _)| stored(instruction) == Some(variable)) {
            (span.start, span.end) = (name.start, name.end);
        }
    }

    fn assign_to(
        &mut self,
        variable: VariableId,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
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
        if operator != AssignOperator::Plain || !self.update_part_in_place(variable, target, value) {
            self.assign_to_part(Root::Variable(variable), target, operator, operator_span, value);
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
        if !self.optimises {
            return false;
        }
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
            ExpressionKind::Binary { .. } => self.add_to_variable(variable, value),
            _ => false,
        }
    }

    /// `variable = variable + a + b …` as one addition to the variable after the other, each of which can change it in place.
    /// Code that catches an error would see that it was half done, so there must be none.
    fn add_to_variable(&mut self, variable: VariableId, value: &Expression<'_>) -> bool {
        let Some(register) = self.register_of(variable).filter(|_| self.body.guards == 0) else {
            return false;
        };
        let (mut added, mut first) = (Vec::new(), value);
        while let ExpressionKind::Binary { operator, operator_span, left, right } = &first.kind
            && matches!(operator, BinaryOperator::Add | BinaryOperator::Concatenate)
        {
            if self.is_read_in(variable, right.span) || super::effects::may_assign(right) {
                return false;
            }
            added.push((*operator, *operator_span, &**right));
            first = left;
        }
        // Of one addition the result goes to the variable anyway.
        if added.len() < 2 || !self.is_variable(first, variable) {
            return false;
        }
        for (operator, operator_span, right) in added.into_iter().rev() {
            let left = super::operator::Side::Register(register);
            self.binary_into(register, operator, operator_span, left, right);
        }
        true
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

    /// `variable.field = builtin(variable.field, …)` and `variable[index] = builtin(variable[index], …)` for a builtin that can change its first argument in place, where the
    /// variable lives in a register. Returns whether the assignment has that form.
    fn update_part_in_place(
        &mut self,
        variable: VariableId,
        target: &Target<'_>,
        value: &Expression<'_>,
    ) -> bool {
        let (Some(object), [step]) = (self.register_of(variable), target.steps.as_slice()) else {
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
        let is_same_place = match (&first.kind, step) {
            (ExpressionKind::Field { object, name, optional: false }, TargetStep::Field(field)) => {
                name.text == field.text && self.is_variable(object, variable)
            }
            (ExpressionKind::Index { object, index: read }, TargetStep::Index { index, .. }) => {
                self.is_variable(object, variable) && self.is_same_index(read, index)
            }
            _ => false,
        };
        if !is_same_place || self.is_read_in(variable, Span::new(first.span.end, value.span.end)) {
            return false;
        }
        match step {
            TargetStep::Field(field) => self.call_in_place_on(
                callee,
                others,
                None,
                |lowering, holder| {
                    let site = lowering.field_site(field.text, first.span);
                    lowering.body.emit(Instruction::TakeField { destination: holder, object, field: site });
                },
                |lowering, result| {
                    let site = lowering.field_site(field.text, field.span);
                    lowering.body.emit(Instruction::SetField { object, field: site, value: result });
                },
            ),
            TargetStep::Index { index, span } => {
                let place = std::cell::Cell::new(object);
                self.call_in_place_on(
                    callee,
                    others,
                    None,
                    |lowering, holder| {
                        let call = lowering.body.span;
                        place.set(lowering.value(index));
                        lowering.body.span = first.span;
                        let index = place.get();
                        lowering.body.emit(Instruction::TakeIndex { destination: holder, object, index });
                        lowering.body.span = call;
                    },
                    |lowering, result| {
                        lowering.body.span = *span;
                        let index = place.get();
                        lowering.body.emit(Instruction::SetIndex { object, index, value: result });
                    },
                )
            }
        }
    }

    /// Whether both expressions are surely the same index: a variable that lives in a register, or the same literal.
    fn is_same_index(&self, one: &Expression<'_>, other: &Expression<'_>) -> bool {
        match (&one.kind, &other.kind) {
            (ExpressionKind::Name(_), ExpressionKind::Name(_)) => {
                let register = self.is_register_variable(one);
                register.is_some() && register == self.is_register_variable(other)
            }
            (ExpressionKind::Str(one), ExpressionKind::Str(other)) => one == other,
            (ExpressionKind::Int(one), ExpressionKind::Int(other)) => one == other,
            _ => false,
        }
    }
}

/// The variable that an instruction takes or stores, where others may see it: which table it is in, and its number there.
fn stored(instruction: &Instruction) -> Option<(u8, u32)> {
    match *instruction {
        Instruction::TakeGlobal { global, .. } | Instruction::StoreGlobal { global, .. } => {
            Some((0, global.0))
        }
        Instruction::TakeCell { cell, .. } | Instruction::StoreCell { cell, .. } => Some((1, cell.0.into())),
        Instruction::TakeCaptureCell { capture, .. } | Instruction::StoreCaptureCell { capture, .. } => {
            Some((2, capture.0.into()))
        }
        _ => None,
    }
}
