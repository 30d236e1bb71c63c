//! `with`: names that are fields of a record, where the record has them.
//!
//! The record is a variable without a name: a copy, so that assignments to its fields change nothing outside. Each use of
//! a name looks whether the record has such a field, and goes on with what the name means otherwise.

use super::Lowering;
use super::builder::{LATER, Label, count};
use super::control::RaisedKind;
use crate::ast::{AssignOperator, Block, Expression, Target};
use crate::resolve::{OtherMeaning, Storage, VariableId, VariableKind, WithName};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{Register, ShortInteger};
use biovm_bytecode::program::Constant;

/// What reading a name does that means nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is an error.
    Raises,
    /// It gives nil.
    IsNil,
}

impl Lowering<'_> {
    /// `with record { … }`
    pub(super) fn with(&mut self, record: &Expression<'_>, body: &Block<'_>, span: Span) {
        let mark = self.body.mark();
        let source = self.temporary(record);
        self.body.span = record.span;
        self.body.emit(Instruction::CheckDestructure { source, form: ShortInteger(3) });
        if let Some(variable) = self.variable_at(Span::at(span.start)) {
            self.adopt(variable, source);
        }
        self.block(body, None);
        self.body.release(mark);
    }

    /// `destination = name`
    pub(super) fn load_in_with(&mut self, number: usize, destination: Register, absent: Absent) {
        let facts = self.with_name(number);
        let end = self.body.label();
        for &record in &facts.records {
            self.where_field_is(record, &facts.name, end, |lowering, object| {
                let span = lowering.body.span;
                let field = lowering.field_site(&facts.name, span);
                lowering.body.emit(Instruction::GetField { destination, object, field });
            });
        }
        match &facts.otherwise {
            OtherMeaning::Variable(variable) => self.load(*variable, destination),
            OtherMeaning::Builtin => self.builtin_into(&facts.name, self.body.span, destination),
            OtherMeaning::Nothing(near) => match absent {
                Absent::Raises => self.raise_undefined(&facts, near.as_deref()),
                Absent::IsNil => self.body.emit(Instruction::LoadNil { destination }),
            },
        }
        self.body.place(end);
    }

    /// `name = value`, which loses its value.
    pub(super) fn store_in_with(&mut self, number: usize, value: Register) {
        let facts = self.with_name(number);
        let end = self.body.label();
        for &record in &facts.records {
            self.where_field_is(record, &facts.name, end, |lowering, _| {
                let span = lowering.body.span;
                let field = lowering.field_site(&facts.name, span);
                if let Some(object) = lowering.register_of(record) {
                    return lowering.body.emit(Instruction::SetField { object, field, value });
                }
                let object = lowering.body.allocate();
                lowering.take_variable(record, object);
                lowering.body.emit(Instruction::SetField { object, field, value });
                lowering.store(record, object);
            });
        }
        let name = &facts.name;
        match &facts.otherwise {
            OtherMeaning::Variable(variable)
                if self.resolution.variables[*variable].kind == VariableKind::Const =>
            {
                let message = format!("cannot reassign const binding '{name}'");
                self.raise(RaisedKind::TypeError, &message, self.body.span);
            }
            OtherMeaning::Variable(variable) => self.store(*variable, value),
            OtherMeaning::Builtin => {
                let message = format!("cannot assign to builtin '{name}'");
                self.raise(RaisedKind::TypeError, &message, self.body.span);
            }
            OtherMeaning::Nothing(near) => self.raise_undefined(&facts, near.as_deref()),
        }
        self.body.place(end);
    }

    /// An assignment to a name that may be a field.
    pub(super) fn assign_in_with(
        &mut self,
        number: usize,
        target: &Target<'_>,
        operator: AssignOperator,
        operator_span: Span,
        value: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        let name = target.name.span;
        match operator {
            AssignOperator::Plain => {
                let new = self.temporary(value);
                self.body.span = name;
                self.store_in_with(number, new);
            }
            AssignOperator::Compound(operator) => {
                let current = self.body.allocate();
                self.body.span = name;
                self.load_in_with(number, current, Absent::Raises);
                let left = super::operator::Side::Register(current);
                self.binary_into(current, operator, operator_span, left, value);
                self.body.span = name;
                self.store_in_with(number, current);
            }
            AssignOperator::IfNil => {
                let current = self.body.allocate();
                self.body.span = name;
                self.load_in_with(number, current, Absent::Raises);
                let end = self.body.label();
                self.body.emit_jump(Instruction::JumpIfNotNil { condition: current, target: LATER }, end);
                self.into(value, current);
                self.body.span = name;
                self.store_in_with(number, current);
                self.body.place(end);
            }
        }
        self.body.release(mark);
    }

    fn with_name(&self, number: usize) -> WithName {
        self.resolution.with_names[number].clone()
    }

    /// Code that runs only where the record has a field of that name, and then goes on at `end`. It gets a register that
    /// holds the record.
    fn where_field_is(
        &mut self,
        record: VariableId,
        name: &str,
        end: Label,
        inside: impl FnOnce(&mut Self, Register),
    ) {
        let mark = self.body.mark();
        let next = self.body.label();
        let source = match self.register_of(record) {
            Some(register) if self.storage(record) == Storage::Register => register,
            _ => {
                let register = self.body.allocate();
                self.load(record, register);
                register
            }
        };
        let key = self.name(name);
        let shape = self.shape(vec![key], self.body.span);
        let destination = self.body.allocate();
        self.body.emit(Instruction::MatchFields { destination, source, shape });
        self.body.emit_jump(Instruction::JumpIfFalse { condition: destination, target: LATER }, next);
        inside(self, source);
        self.body.emit_jump(Instruction::Jump { target: LATER }, end);
        self.body.place(next);
        self.body.release(mark);
    }

    /// Raises the error of a name that is neither a field nor anything else.
    fn raise_undefined(&mut self, facts: &WithName, near: Option<&str>) {
        let mark = self.body.mark();
        let start = self.body.allocate();
        self.load_constant(Constant::Str(facts.name.clone()), start);
        for &record in &facts.records {
            let register = self.body.allocate();
            self.load(record, register);
        }
        if let Some(near) = near {
            let register = self.body.allocate();
            self.load_constant(Constant::Str(near.to_owned()), register);
        }
        let number = 1 + facts.records.len() + usize::from(near.is_some());
        self.body.emit(Instruction::RaiseUndefined { start, count: count(number) });
        self.body.release(mark);
    }
}
