//! Assignments, and how they change values in place.

use super::Lowering;
use super::builder::LATER;
use crate::ast::{Argument, AssignOperator, BinaryOperator, Expression, ExpressionKind, Target, TargetStep};
use crate::resolve::{Storage, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;

/// The way from a variable to the part that is assigned to.
struct Path {
    /// The index of each step that has one.
    indexes: Vec<Option<Register>>,
    /// The variable's value and those behind it, without the last part.
    holders: Vec<Register>,
}

impl Path {
    /// The last step, its index, and the value that has the part.
    fn end<'a, 'text>(
        &self,
        target: &'a Target<'text>,
    ) -> (&'a TargetStep<'text>, Option<Register>, Register) {
        let last = target.steps.len() - 1;
        (&target.steps[last], self.indexes[last], self.holders[last])
    }
}

impl Lowering<'_> {
    pub(super) fn assign(
        &mut self,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let Some(variable) = self.variable_at(target.name.span) else { return };
        let first = self.body.code.len();
        self.assign_to(variable, target, operator, operator_span, value);
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
        match operator {
            AssignOperator::IfNil => self.assign_part_if_nil(variable, target, value),
            AssignOperator::Compound(operator) => {
                self.assign_part(variable, target, Some((operator, operator_span)), value);
            }
            AssignOperator::Plain => {
                if !self.update_field_in_place(variable, target, value) {
                    self.assign_part(variable, target, None, value);
                }
            }
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

    /// `a[i].f = value` or, with an operator, `a[i].f += value`: the parts are read from the outside in, changed, and put
    /// back from the inside out.
    fn assign_part(
        &mut self,
        variable: VariableId,
        target: &Target<'_>,
        operator: Option<(BinaryOperator, Span)>,
        value: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        // The indexes are computed after the value, though they stand before it: no read in it is the last one.
        self.body.loop_depth += 1;
        let new = self.temporary(value);
        self.body.loop_depth -= 1;
        let path = self.open_path(variable, target, false);
        if let Some((operator, operator_span)) = operator {
            let part = self.body.allocate();
            let (last, index, innermost) = path.end(target);
            self.read_step(last, index, innermost, part);
            self.body.span = operator_span;
            self.emit_binary(operator, new, part, new);
        }
        self.close_path(variable, target, &path, new);
        self.body.release(mark);
    }

    /// `a[i].f ?= value`: the value is computed only where the part is nil, or a record does not have it.
    fn assign_part_if_nil(&mut self, variable: VariableId, target: &Target<'_>, value: &Expression<'_>) {
        let mark = self.body.mark();
        let path = self.open_path(variable, target, true);
        let part = self.body.allocate();
        let (last, index, innermost) = path.end(target);
        match (last, index) {
            (TargetStep::Index { span, .. }, Some(index)) => {
                self.body.span = *span;
                self.body.emit(Instruction::GetIndexOrNil { destination: part, object: innermost, index });
            }
            (TargetStep::Index { .. }, None) => {}
            (TargetStep::Field(name), _) => {
                self.body.span = name.span;
                let field = self.field_site(name.text, name.span);
                self.body.emit(Instruction::GetFieldOrNil { destination: part, object: innermost, field });
            }
        }
        let end = self.body.label();
        self.body.emit_jump(Instruction::JumpIfNotNil { condition: part, target: LATER }, end);
        // What the value's code does to the variable must not be lost, so the way to the part is gone again.
        let new = self.temporary(value);
        let path = self.reopen_path(variable, target, path);
        self.close_path(variable, target, &path, new);
        self.body.place(end);
        self.body.release(mark);
    }

    /// Computes the indexes of a target and reads the values on the way to its last part. Indexes are kept where code runs
    /// before the part is written: it may assign to a variable that is an index.
    fn open_path(&mut self, variable: VariableId, target: &Target<'_>, keeps_indexes: bool) -> Path {
        let indexes = target
            .steps
            .iter()
            .map(|step| match step {
                TargetStep::Index { index, .. } if keeps_indexes => Some(self.temporary(index)),
                TargetStep::Index { index, .. } => Some(self.value(index)),
                TargetStep::Field(_) => None,
            })
            .collect();
        self.walk_path(variable, target, indexes)
    }

    /// Reads the values on the way again, with the indexes that are known.
    fn reopen_path(&mut self, variable: VariableId, target: &Target<'_>, path: Path) -> Path {
        self.walk_path(variable, target, path.indexes)
    }

    fn walk_path(
        &mut self,
        variable: VariableId,
        target: &Target<'_>,
        indexes: Vec<Option<Register>>,
    ) -> Path {
        // One step of a plain assignment needs nothing but the outermost value: it is changed in place.
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
        Path { indexes, holders }
    }

    /// Puts the new last part and everything around it back, from the inside out.
    fn close_path(&mut self, variable: VariableId, target: &Target<'_>, path: &Path, new: Register) {
        let is_local = self.register_of(variable).is_some();
        self.body.span = target.span;
        let mut changed = new;
        for (position, holder) in path.holders.iter().enumerate().rev() {
            if position == 0 && !is_local {
                // Taken out of its variable right before it changes, so that it changes in place. If that fails, the
                // machine puts it back.
                self.take_variable(variable, *holder);
            }
            self.write_step(&target.steps[position], path.indexes[position], *holder, changed);
            changed = *holder;
        }
        if !is_local {
            self.store(variable, path.holders[0]);
        }
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
