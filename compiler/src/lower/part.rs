//! Assignments to a part of a value: an item, a field, or a part of one.

use super::Lowering;
use super::builder::LATER;
use super::with::Absent;
use crate::ast::{AssignOperator, BinaryOperator, Expression, Target, TargetStep};
use crate::resolve::VariableId;
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;

/// Whose value an assignment changes.
#[derive(Clone, Copy)]
pub(super) enum Root {
    /// That of a variable.
    Variable(VariableId),
    /// That of a name inside of `with`.
    InWith(usize),
}

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
    /// `a[i].f = value`, and the same with an operator.
    pub(super) fn assign_to_part(
        &mut self,
        root: Root,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        match operator {
            AssignOperator::IfNil => self.assign_part_if_nil(root, target, value),
            AssignOperator::Compound(operator) => {
                self.assign_part(root, target, Some((operator, operator_span)), value);
            }
            AssignOperator::Plain => self.assign_part(root, target, None, value),
        }
    }

    /// The register of a variable that lives in one.
    fn register_of_root(&self, root: Root) -> Option<Register> {
        match root {
            Root::Variable(variable) => self.register_of(variable),
            Root::InWith(_) => None,
        }
    }

    /// `a[i].f = value` or, with an operator, `a[i].f += value`: the parts are read from the outside in, changed, and put
    /// back from the inside out.
    fn assign_part(
        &mut self,
        root: Root,
        target: &Target<'_>,
        operator: Option<(BinaryOperator, Span)>,
        value: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        // The indexes are computed after the value, though they stand before it: no read in it is the last one.
        self.body.loop_depth += 1;
        let new = self.temporary(value);
        self.body.loop_depth -= 1;
        // Taking the only part on the way finds out whether there is one, and nothing has to be put back where there is none.
        let reads = !self.optimises
            || operator.is_some()
            || target.steps.len() > 2
            || self.register_of_root(root).is_none();
        let path = self.open_path(root, target, false, reads);
        if let Some((operator, operator_span)) = operator {
            let part = self.body.allocate();
            let (last, index, innermost) = path.end(target);
            // The value that has the part is read again before it changes.
            if target.steps.len() > 1 {
                self.fuse_with_next_read(innermost);
            }
            self.read_step(last, index, innermost, part);
            self.body.span = operator_span;
            self.emit_binary(operator, new, part, new);
        }
        self.close_path(root, target, &path, new);
        self.body.release(mark);
    }

    /// `a[i].f ?= value`: the value is computed only where the part is nil, or a record does not have it.
    fn assign_part_if_nil(&mut self, root: Root, target: &Target<'_>, value: &Expression<'_>) {
        let mark = self.body.mark();
        let path = self.open_path(root, target, true, true);
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
        let path = self.reopen_path(root, target, path);
        self.close_path(root, target, &path, new);
        self.body.place(end);
        self.body.release(mark);
    }

    /// Computes the indexes of a target and reads the values on the way to its last part. Indexes are kept where code runs
    /// before the part is written: it may assign to a variable that is an index.
    /// Where the values are not read, registers are set aside for them.
    fn open_path(&mut self, root: Root, target: &Target<'_>, keeps_indexes: bool, reads: bool) -> Path {
        // Each stays where it is until the others are known, so no read is the last one.
        self.body.loop_depth += 1;
        let indexes = target
            .steps
            .iter()
            .map(|step| match step {
                TargetStep::Index { index, .. } if keeps_indexes => Some(self.temporary(index)),
                TargetStep::Index { index, .. } => Some(self.value(index)),
                TargetStep::Field(_) => None,
            })
            .collect();
        self.body.loop_depth -= 1;
        self.walk_path(root, target, indexes, reads)
    }

    /// Reads the values on the way again, with the indexes that are known.
    fn reopen_path(&mut self, root: Root, target: &Target<'_>, path: Path) -> Path {
        self.walk_path(root, target, path.indexes, true)
    }

    fn walk_path(
        &mut self,
        root: Root,
        target: &Target<'_>,
        indexes: Vec<Option<Register>>,
        reads: bool,
    ) -> Path {
        // One step of a plain assignment needs nothing but the outermost value: it is changed in place.
        let outermost = match self.register_of_root(root) {
            Some(register) => register,
            None => {
                let register = self.body.allocate();
                self.body.span = target.name.span;
                match root {
                    Root::Variable(variable) => self.load(variable, register),
                    Root::InWith(number) => self.load_in_with(number, register, Absent::Raises),
                }
                register
            }
        };
        let mut holders = vec![outermost];
        for (step, index) in target.steps.iter().zip(&indexes).take(target.steps.len() - 1) {
            let part = self.body.allocate();
            let holder = holders[holders.len() - 1];
            if reads {
                self.read_step(step, *index, holder, part);
            }
            holders.push(part);
        }
        Path { indexes, holders }
    }

    /// Puts the new last part and everything around it back, from the inside out.
    fn close_path(&mut self, root: Root, target: &Target<'_>, path: &Path, new: Register) {
        let is_local = self.register_of_root(root).is_some();
        self.body.span = target.span;
        // Each part is taken out of what holds it right before the last one changes, so that all change in place. If that
        // fails, the machine puts them back.
        if let (false, Root::Variable(variable)) = (is_local, root) {
            self.take_variable(variable, path.holders[0]);
        }
        for (position, pair) in path.holders.windows(2).enumerate() {
            self.take_step(&target.steps[position], path.indexes[position], pair[0], pair[1]);
        }
        let mut changed = new;
        for (position, holder) in path.holders.iter().enumerate().rev() {
            self.write_step(&target.steps[position], path.indexes[position], *holder, changed);
            changed = *holder;
        }
        match root {
            Root::Variable(variable) if !is_local => self.store(variable, path.holders[0]),
            Root::Variable(_) => {}
            Root::InWith(number) => self.store_in_with(number, path.holders[0]),
        }
    }

    /// `destination = part of the object`
    fn read_step(
        &mut self,
        step: &TargetStep<'_>,
        index: Option<Register>,
        object: Register,
        destination: Register,
    ) {
        self.part(step, index, object, destination, false);
    }

    /// The same, but takes the part out, where that is possible.
    fn take_step(
        &mut self,
        step: &TargetStep<'_>,
        index: Option<Register>,
        object: Register,
        destination: Register,
    ) {
        self.part(step, index, object, destination, true);
    }

    fn part(
        &mut self,
        step: &TargetStep<'_>,
        index: Option<Register>,
        object: Register,
        destination: Register,
        takes: bool,
    ) {
        match (step, index) {
            (TargetStep::Field(name), _) => {
                self.body.span = name.span;
                let field = self.field_site(name.text, name.span);
                self.body.emit(match takes {
                    true => Instruction::TakeField { destination, object, field },
                    false => Instruction::GetField { destination, object, field },
                });
            }
            (TargetStep::Index { span, .. }, Some(index)) => {
                self.body.span = *span;
                self.body.emit(match takes {
                    true => Instruction::TakeIndex { destination, object, index },
                    false => Instruction::GetIndex { destination, object, index },
                });
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
