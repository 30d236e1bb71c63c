//! `match`: patterns that may fail.

use super::Lowering;
use super::builder::{LATER, LATER_SHORT, Label};
use crate::ast::{Expression, FieldPattern, MatchArm, Name, Pattern, PatternKind};
use crate::diagnostic::{code, did_you_mean};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::Type;
use biovm_bytecode::operand::{Register, ShortInteger, TypeIndex};

impl Lowering<'_> {
    /// `match subject { … }`: the arms in order; nil where none fits.
    pub(super) fn match_expression(
        &mut self,
        subject: &Expression<'_>,
        arms: &[MatchArm<'_>],
        destination: Register,
    ) {
        let mark = self.body.mark();
        let value = self.temporary(subject);
        let end = self.body.label();
        for arm in arms {
            let mark = self.body.mark();
            let next = self.body.label();
            // Variables come first: those of nested patterns outlive the temporaries that lead to them.
            self.declare_pattern(&arm.pattern);
            self.test(&arm.pattern, value, next);
            if let Some(guard) = &arm.guard {
                self.branch(guard, false, next);
            }
            self.block(&arm.body, Some(destination));
            self.body.emit_jump(Instruction::Jump { target: LATER }, end);
            self.body.place(next);
            self.body.release(mark);
        }
        self.body.emit(Instruction::LoadNil { destination });
        self.body.place(end);
        self.body.release(mark);
    }

    /// Binds the names of the pattern, or goes on at `fail` where the value does not fit.
    fn test(&mut self, pattern: &Pattern<'_>, source: Register, fail: Label) {
        self.body.span = pattern.span;
        match &pattern.kind {
            PatternKind::Wildcard => {}
            PatternKind::Name(_) => self.bind(pattern.span, |lowering, destination| {
                lowering.body.copy(destination, source);
            }),
            PatternKind::Literal(literal) => {
                let mark = self.body.mark();
                let right = self.temporary(literal);
                self.body.emit_compare(
                    Instruction::JumpIfNotEqual { left: source, right, target: LATER_SHORT },
                    Instruction::JumpIfEqual { left: source, right, target: LATER_SHORT },
                    fail,
                );
                self.body.release(mark);
            }
            PatternKind::Range { start, end, inclusive } => {
                let mark = self.body.mark();
                let bounds = self.temporary(start);
                self.temporary(end);
                let flag = self.body.allocate();
                self.body.emit(match inclusive {
                    true => Instruction::LoadTrue { destination: flag },
                    false => Instruction::LoadFalse { destination: flag },
                });
                self.require(fail, |destination| Instruction::MatchRange { destination, source, bounds });
                self.body.release(mark);
            }
            PatternKind::List { elements, rest } => {
                let count = item_count(elements, rest.is_some());
                self.require(fail, |destination| Instruction::MatchList { destination, source, count });
                self.test_items(elements, *rest, source, fail);
            }
            PatternKind::Tuple { elements, rest } => {
                let count = item_count(elements, rest.is_some());
                self.require(fail, |destination| Instruction::MatchTuple { destination, source, count });
                self.test_items(elements, *rest, source, fail);
            }
            PatternKind::Record { fields, rest } => {
                self.test_fields(fields, *rest, source, pattern.span, fail)
            }
            PatternKind::Alternatives(alternatives) => {
                let fits = self.body.label();
                for (index, alternative) in alternatives.iter().enumerate() {
                    if index + 1 == alternatives.len() {
                        self.test(alternative, source, fail);
                        break;
                    }
                    let next = self.body.label();
                    self.test(alternative, source, next);
                    self.body.emit_jump(Instruction::Jump { target: LATER }, fits);
                    self.body.place(next);
                }
                self.body.place(fits);
            }
            PatternKind::Variant { namespace: None, name, arguments: Some(arguments) }
                if Type::from_name(name.text).is_some() =>
            {
                self.test_type(*name, arguments, source, fail);
            }
            PatternKind::Variant { namespace, name, arguments } => {
                self.test_variant(*namespace, *name, arguments.as_deref(), source, fail);
            }
            PatternKind::Struct { name, fields, rest } => match self.pattern_structure(None, *name) {
                Some((facts, _)) if facts.variant_of.is_some() => self.error(
                    code::WRONG_ARGUMENTS,
                    "ArityError",
                    format!("the parts of variant {} have no names in a pattern", facts.name),
                    name.span,
                    Some(format!("write {}(…), with a pattern for each part", facts.name)),
                ),
                Some((_, structure)) => {
                    self.require(fail, |destination| Instruction::MatchStructure {
                        destination,
                        source,
                        structure,
                    });
                    self.test_fields(fields, *rest, source, pattern.span, fail);
                }
                None => self.unknown_variant(*name),
            },
        }
    }

    /// Goes on at `fail` unless the test, whose result goes to the register it is given, holds.
    fn require(&mut self, fail: Label, test: impl FnOnce(Register) -> Instruction) {
        let mark = self.body.mark();
        let condition = self.body.allocate();
        self.body.emit(test(condition));
        self.body.emit_jump(Instruction::JumpIfFalse { condition, target: LATER }, fail);
        self.body.release(mark);
    }

    fn test_items(
        &mut self,
        elements: &[Pattern<'_>],
        rest: Option<Name<'_>>,
        source: Register,
        fail: Label,
    ) {
        for (position, element) in elements.iter().enumerate() {
            if element.kind == PatternKind::Wildcard {
                continue;
            }
            let mark = self.body.mark();
            let part = self.body.allocate();
            let index = ShortInteger(position.min(i16::MAX as usize) as i16);
            self.body.emit(Instruction::GetItemOrNil { destination: part, object: source, index });
            self.test(element, part, fail);
            self.body.release(mark);
        }
        if let Some(rest) = rest {
            let index = ShortInteger(elements.len().min(i16::MAX as usize) as i16);
            self.bind(rest.span, |lowering, destination| {
                lowering.body.emit(Instruction::GetRest { destination, object: source, index });
            });
        }
    }

    fn test_fields(
        &mut self,
        fields: &[FieldPattern<'_>],
        rest: Option<Name<'_>>,
        source: Register,
        span: Span,
        fail: Label,
    ) {
        // A field with a default need not be there.
        let required = fields.iter().filter(|field| field.default.is_none());
        let mut keys: Vec<u32> = required.map(|field| self.name(field.field.text)).collect();
        keys.sort_unstable();
        keys.dedup();
        let shape = self.shape(keys, span);
        self.require(fail, |destination| Instruction::MatchFields { destination, source, shape });
        for field in fields {
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
            self.test(&field.pattern, part, fail);
            self.body.release(mark);
        }
        if let Some(rest) = rest {
            self.bind_other_fields(fields, rest, source);
        }
    }

    /// `Type(p)`: a value of that type that fits `p` as well.
    fn test_type(&mut self, name: Name<'_>, arguments: &[Pattern<'_>], source: Register, fail: Label) {
        let Some(of) = Type::from_name(name.text) else { return };
        let of = TypeIndex(of as u16);
        self.require(fail, |destination| Instruction::MatchType { destination, source, of });
        match arguments {
            [] => {}
            [inner] => self.test(inner, source, fail),
            _ => self.error(
                code::WRONG_ARGUMENTS,
                "ArityError",
                format!("the type pattern {}() takes one pattern, got {}", name.text, arguments.len()),
                name.span,
                None,
            ),
        }
    }

    /// `Variant(p, …)`: that variant, whose fields fit; `Struct(p)`: a value of that struct that fits `p` as well.
    fn test_variant(
        &mut self,
        namespace: Option<Name<'_>>,
        name: Name<'_>,
        arguments: Option<&[Pattern<'_>]>,
        source: Register,
        fail: Label,
    ) {
        let Some((facts, structure)) = self.pattern_structure(namespace, name) else {
            return self.unknown_variant(name);
        };
        self.require(fail, |destination| Instruction::MatchStructure { destination, source, structure });
        let Some(arguments) = arguments else { return };
        if facts.variant_of.is_none() {
            if let [inner] = arguments {
                self.test(inner, source, fail);
            }
            return;
        }
        if arguments.len() != facts.fields.len() {
            let message = format!(
                "variant {} has {} fields, but the pattern has {}",
                facts.name,
                facts.fields.len(),
                arguments.len()
            );
            return self.error(code::WRONG_ARGUMENTS, "ArityError", message, name.span, None);
        }
        self.test_items(arguments, None, source, fail);
    }

    fn unknown_variant(&mut self, name: Name<'_>) {
        let types = Type::ALL.iter().map(|known| known.name());
        let hint = match did_you_mean(name.text, types) {
            Some(near) => format!("did you mean '{near}(…)'?"),
            None => "a name that binds the value begins with a lower-case letter".to_owned(),
        };
        self.error(
            code::UNDEFINED,
            "NameError",
            format!("'{}' is no type and no variant of an enum", name.text),
            name.span,
            Some(hint),
        );
    }
}

fn item_count(elements: &[Pattern<'_>], has_rest: bool) -> ShortInteger {
    let count = elements.len().min(i16::MAX as usize - 1) as i16;
    ShortInteger(if has_rest { -1 - count } else { count })
}
