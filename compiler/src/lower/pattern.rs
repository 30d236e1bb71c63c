//! Taking values apart.

use super::Lowering;
use super::builder::{LATER, Label};
use crate::ast::{FieldPattern, Pattern, PatternKind};
use crate::resolve::Storage;
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{Register, ShortInteger};

/// Where the names stand that a pattern binds.
pub(super) fn names(pattern: &Pattern<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    collect_names(pattern, &mut found);
    found
}

fn collect_names(pattern: &Pattern<'_>, found: &mut Vec<Span>) {
    match &pattern.kind {
        PatternKind::Name(_) => found.push(pattern.span),
        PatternKind::List { elements, rest } | PatternKind::Tuple { elements, rest } => {
            elements.iter().for_each(|element| collect_names(element, found));
            found.extend(rest.map(|rest| rest.span));
        }
        PatternKind::Record { fields, rest } | PatternKind::Struct { fields, rest, .. } => {
            fields.iter().for_each(|field| collect_names(&field.pattern, found));
            found.extend(rest.map(|rest| rest.span));
        }
        PatternKind::Variant { arguments, .. } => {
            arguments.iter().flatten().for_each(|argument| collect_names(argument, found));
        }
        PatternKind::Alternatives(alternatives) => {
            alternatives.iter().for_each(|alternative| collect_names(alternative, found));
        }
        PatternKind::Wildcard | PatternKind::Literal(_) | PatternKind::Range { .. } => {}
    }
}

impl Lowering<'_> {
    /// Makes room for the variables of a pattern.
    pub(super) fn declare_pattern(&mut self, pattern: &Pattern<'_>) {
        for name in names(pattern) {
            if let Some(variable) = self.variable_at(name)
                && !self.is_declared(variable)
            {
                self.declare(variable);
            }
        }
    }

    /// Takes the value apart into the variables of the pattern, which have their places.
    pub(super) fn destructure(&mut self, pattern: &Pattern<'_>, source: Register) {
        self.declare_pattern(pattern);
        self.take_apart(pattern, source);
    }

    fn take_apart(&mut self, pattern: &Pattern<'_>, source: Register) {
        self.body.span = pattern.span;
        match &pattern.kind {
            PatternKind::Wildcard => {}
            PatternKind::Name(_) => self.bind(pattern.span, |lowering, destination| {
                lowering.body.copy(destination, source);
            }),
            PatternKind::List { elements, rest } => {
                self.take_apart_items(elements, rest.map(|rest| rest.span), source, 0)
            }
            PatternKind::Tuple { elements, rest } => {
                self.take_apart_items(elements, rest.map(|rest| rest.span), source, 1);
            }
            PatternKind::Record { fields, rest } => {
                self.body.emit(Instruction::CheckDestructure { source, form: ShortInteger(2) });
                for field in fields {
                    self.take_apart_field(field, source);
                }
                if let Some(rest) = rest {
                    self.bind_other_fields(fields, *rest, source);
                }
            }
            _ => self.not_supported("this pattern", pattern.span),
        }
    }

    /// `...rest` of a record pattern: the fields that the pattern does not name.
    pub(super) fn bind_other_fields(
        &mut self,
        fields: &[FieldPattern<'_>],
        rest: crate::ast::Name<'_>,
        source: Register,
    ) {
        let mut keys: Vec<u32> = fields.iter().map(|field| self.name(field.field.text)).collect();
        keys.sort_unstable();
        keys.dedup();
        let shape = self.shape(keys, rest.span);
        self.bind(rest.span, |lowering, destination| {
            lowering.body.emit(Instruction::GetOtherFields { destination, object: source, shape });
        });
    }

    fn take_apart_items(
        &mut self,
        elements: &[Pattern<'_>],
        rest: Option<Span>,
        source: Register,
        form: i16,
    ) {
        self.body.emit(Instruction::CheckDestructure { source, form: ShortInteger(form) });
        for (position, element) in elements.iter().enumerate() {
            let index = ShortInteger(position.min(i16::MAX as usize) as i16);
            match &element.kind {
                PatternKind::Wildcard => {}
                PatternKind::Name(_) => self.bind(element.span, |lowering, destination| {
                    lowering.body.emit(Instruction::GetItemOrNil { destination, object: source, index });
                }),
                _ => {
                    let mark = self.body.mark();
                    let part = self.body.allocate();
                    self.body.emit(Instruction::GetItemOrNil { destination: part, object: source, index });
                    self.take_apart(element, part);
                    self.body.release(mark);
                }
            }
        }
        if let Some(rest) = rest {
            let index = ShortInteger(elements.len().min(i16::MAX as usize) as i16);
            self.bind(rest, |lowering, destination| {
                lowering.body.emit(Instruction::GetRest { destination, object: source, index });
            });
        }
    }

    fn take_apart_field(&mut self, field: &FieldPattern<'_>, source: Register) {
        let mark = self.body.mark();
        let part = self.body.allocate();
        self.body.span = field.field.span;
        let site = self.field_site(field.field.text, field.field.span);
        self.body.emit(Instruction::GetFieldOrNil { destination: part, object: source, field: site });
        if let Some(default) = &field.default {
            let present = self.body.label();
            self.jump_if_field(source, field, present);
            self.into(default, part);
            self.body.place(present);
        }
        self.take_apart(&field.pattern, part);
        self.body.release(mark);
    }

    /// Goes on at `present` if the record has the field of the pattern, even where its value is nil.
    pub(super) fn jump_if_field(&mut self, source: Register, field: &FieldPattern<'_>, present: Label) {
        let key = self.name(field.field.text);
        let shape = self.shape(vec![key], field.field.span);
        let mark = self.body.mark();
        let condition = self.body.allocate();
        self.body.emit(Instruction::MatchFields { destination: condition, source, shape });
        self.body.emit_jump(Instruction::JumpIfTrue { condition, target: LATER }, present);
        self.body.release(mark);
    }

    /// Lets `load` put a value where the variable that is declared at `name` lives.
    pub(super) fn bind(&mut self, name: Span, load: impl FnOnce(&mut Self, Register)) {
        let Some(variable) = self.variable_at(name) else { return };
        match self.register_of(variable) {
            Some(register) if self.storage(variable) == Storage::Register => load(self, register),
            _ => {
                let mark = self.body.mark();
                let temporary = self.body.allocate();
                load(self, temporary);
                self.store(variable, temporary);
                self.body.release(mark);
            }
        }
    }

    /// Gives the variables of a loop pattern the value that stands in `source`, which belongs to the loop.
    pub(super) fn bind_loop_pattern(&mut self, pattern: &Pattern<'_>, source: Register) {
        match &pattern.kind {
            PatternKind::Name(_) => {
                if let Some(variable) = self.variable_at(pattern.span) {
                    self.adopt(variable, source);
                }
            }
            PatternKind::Wildcard => {}
            _ => self.destructure(pattern, source),
        }
    }
}
