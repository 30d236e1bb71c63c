//! Structs, enums, traits, methods.

use super::Lowering;
use super::builder::LATER;
use super::call::Callee;
use crate::ast::{
    EnumVariant, Expression, Function, Name, Statement, StatementKind, StructField, TraitMethod,
};
use crate::diagnostic::code;
use crate::resolve::{Storage, StructureFacts};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::Type;
use biovm_bytecode::operand::{Register, StructureIndex};
use biovm_bytecode::program::{Argument as ArgumentForm, CallSite, Constant, Parameter, Structure};

/// A method of a trait.
#[derive(Clone, Debug)]
pub struct TraitFacts {
    name: String,
    /// The number of the function with the default body; `None` where every `impl` must give one.
    default: Option<usize>,
}

impl Lowering<'_> {
    /// Makes the constructors and values that the block's structs and enums declare, before its first statement runs.
    pub(super) fn hoist_structures(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.body.span = statement.span;
            match &statement.kind {
                StatementKind::Struct { name, fields, doc } => {
                    for field in fields {
                        if let Some(default) = &field.default {
                            self.check_annotation(field.annotation.as_ref(), default);
                        }
                    }
                    let fields: Vec<_> = fields.iter().map(Field::of).collect();
                    self.constructor(*name, &fields, statement.span, doc.as_deref());
                }
                StatementKind::Enum { name, variants, doc } => {
                    self.enumeration(*name, variants, statement.span, doc.as_deref())
                }
                StatementKind::Trait { name, methods, .. } => self.note_trait(*name, methods),
                _ => {}
            }
        }
    }

    /// The number of a struct or variant in the program.
    fn structure(&mut self, facts: &StructureFacts, span: Span) -> StructureIndex {
        let structure = Structure {
            name: self.name(&facts.name),
            variant_of: facts.variant_of.as_deref().map(|owner| self.name(owner)),
            fields: facts.fields.iter().map(|field| self.name(field)).collect(),
        };
        let known = &mut self.program.structures;
        let index = *self.structures.entry(structure).or_insert_with_key(|structure| {
            known.push(structure.clone());
            known.len() - 1
        });
        StructureIndex(self.narrow(index, "structs and variants", span))
    }

    /// The structure that is declared or meant at a name.
    fn structure_at(&self, name: Span) -> Option<StructureFacts> {
        let variable = self.variable_at(name)?;
        self.resolution.structures.get(&variable).cloned()
    }

    /// The structure that a pattern means: by its own name, or as a member of the enum or module that
    /// stands before it.
    fn structure_of_pattern(
        &mut self,
        namespace: Option<Name<'_>>,
        name: Name<'_>,
    ) -> Option<StructureFacts> {
        let Some(namespace) = namespace else { return self.structure_at(name.span) };
        self.member(self.variable_at(namespace.span)?, name.text).cloned()
    }

    /// The function that makes values of a struct or variant from its fields.
    fn constructor(&mut self, name: Name<'_>, fields: &[Field<'_, '_>], span: Span, doc: Option<&str>) {
        let Some(facts) = self.structure_at(name.span) else { return };
        let Some(&number) = self.resolution.function_numbers.get(&name.span.start) else { return };
        let structure = self.structure(&facts, span);
        self.build(number, |lowering| {
            lowering.body.span = span;
            let start = lowering.body.allocate();
            for _ in fields.iter().skip(1) {
                lowering.body.allocate();
            }
            for (field, position) in fields.iter().zip(0..) {
                let register = start.offset(position);
                if let Some(default) = field.default {
                    let given = lowering.body.label();
                    lowering
                        .body
                        .emit_jump(Instruction::JumpIfGiven { parameter: register, target: LATER }, given);
                    lowering.into(default, register);
                    lowering.body.place(given);
                }
                if let Some(variable) = lowering.variable_at(field.name.span) {
                    lowering.adopt(variable, register);
                }
            }
            lowering.body.emit(Instruction::NewStructure { destination: start, structure, start });
            lowering.body.emit(Instruction::Return { source: start });
        });
        let parameters = fields
            .iter()
            .map(|field| Parameter { name: self.name(field.name.text), has_default: field.default.is_some() })
            .collect();
        let texts: Vec<String> = fields
            .iter()
            .map(|field| match field.default {
                Some(default) => format!("{} = {}", field.name.text, self.source.slice(default.span)),
                None => field.name.text.to_owned(),
            })
            .collect();
        let function = &mut self.program.functions[number];
        function.name =
            facts.variant_of.map_or_else(|| facts.name.clone(), |owner| format!("{owner}::{}", facts.name));
        function.parameters = parameters;
        function.doc = doc.unwrap_or_default().to_owned();
        function.signature = format!("{}({})", name.text, texts.join(", "));
        if let Some(variable) = self.variable_at(name.span)
            && self.storage(variable) != Storage::Static
        {
            if !self.is_declared(variable) {
                self.declare(variable);
            }
            let mark = self.body.mark();
            let temporary = self.body.allocate();
            self.closure(number, temporary, span);
            self.store(variable, temporary);
            self.body.release(mark);
        }
    }

    /// The variants of an enum, and the record that holds them under their names.
    fn enumeration(&mut self, name: Name<'_>, variants: &[EnumVariant<'_>], span: Span, doc: Option<&str>) {
        for variant in variants {
            if let Some(fields) = &variant.fields {
                let fields: Vec<_> = fields.iter().map(|name| Field { name: *name, default: None }).collect();
                self.constructor(variant.name, &fields, span, doc);
                continue;
            }
            let (Some(variable), Some(facts)) =
                (self.variable_at(variant.name.span), self.structure_at(variant.name.span))
            else {
                continue;
            };
            if !self.is_declared(variable) {
                self.declare(variable);
            }
            let structure = self.structure(&facts, span);
            let mark = self.body.mark();
            let temporary = self.body.allocate();
            self.body.emit(Instruction::NewStructure { destination: temporary, structure, start: temporary });
            self.store(variable, temporary);
            self.body.release(mark);
        }
        let Some(namespace) = self.variable_at(name.span) else { return };
        if !self.is_declared(namespace) {
            self.declare(namespace);
        }
        let mark = self.body.mark();
        let record = self.body.allocate();
        let keys: Vec<u32> = variants.iter().map(|variant| self.name(variant.name.text)).collect();
        let mut start = None;
        for variant in variants {
            let register = self.body.allocate();
            start = start.or(Some(register));
            if let Some(variable) = self.variable_at(variant.name.span) {
                self.load(variable, register);
            }
        }
        let shape = self.shape(keys, span);
        let start = start.unwrap_or(record);
        self.body.emit(Instruction::NewRecord { destination: record, shape, start });
        self.store(namespace, record);
        self.body.release(mark);
    }

    /// `Name { field: value }`: a call of the constructor with named arguments.
    pub(super) fn struct_literal(
        &mut self,
        constructor: &Expression<'_>,
        fields: &[(Name<'_>, Expression<'_>)],
        destination: Register,
        span: Span,
    ) {
        let mark = self.body.mark();
        if let Some((facts, positions)) = self.known_fields(constructor, fields) {
            let start = self.body.allocate();
            for _ in 1..fields.len() {
                self.body.allocate();
            }
            for ((_, value), position) in fields.iter().zip(positions) {
                self.into(value, start.offset(position as u16));
            }
            self.body.span = span;
            let structure = self.structure(&facts, span);
            self.body.emit(Instruction::NewStructure { destination, structure, start });
            return self.body.release(mark);
        }
        let base = self.temporary(constructor);
        let mut arguments = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            self.temporary(value);
            arguments.push(ArgumentForm::Named(self.name(name.text)));
        }
        self.body.span = span;
        let site = self.call_site(CallSite { method: None, arguments }, span);
        self.body.emit(Instruction::CallWith { base, site });
        self.body.take(destination, base);
        self.body.release(mark);
    }

    /// The struct that a literal makes, and the position of each of its fields there, where the literal gives each field once:
    /// the constructor would do nothing but put them together.
    fn known_fields(
        &self,
        constructor: &Expression<'_>,
        fields: &[(Name<'_>, Expression<'_>)],
    ) -> Option<(StructureFacts, Vec<usize>)> {
        if !self.optimises || !matches!(self.callee(constructor), Callee::Function(_)) {
            return None;
        }
        let facts = self.structure_at(constructor.span)?;
        if facts.fields.len() != fields.len() || fields.is_empty() {
            return None;
        }
        let mut positions = Vec::with_capacity(fields.len());
        for (name, _) in fields {
            let position = facts.fields.iter().position(|field| field == name.text)?;
            if positions.contains(&position) {
                return None;
            }
            positions.push(position);
        }
        Some((facts, positions))
    }

    fn note_trait(&mut self, name: Name<'_>, methods: &[TraitMethod<'_>]) {
        let facts = methods
            .iter()
            .map(|method| TraitFacts {
                name: method.function.name.map_or_else(String::new, |name| name.text.to_owned()),
                default: (!method.required).then(|| self.function(&method.function)),
            })
            .collect();
        self.traits.insert(name.text.to_owned(), facts);
    }

    /// `impl Trait for Type { … }`
    pub(super) fn implementation(
        &mut self,
        trait_name: Option<Name<'_>>,
        type_name: Name<'_>,
        methods: &[Function<'_>],
    ) {
        let Some(owner) = self.owner_of_methods(type_name) else {
            let message = format!("there is no type or struct '{}'", type_name.text);
            return self.error(code::UNKNOWN_TYPE, "NameError", message, type_name.span, None);
        };
        let mut given = Vec::new();
        for method in methods {
            let number = self.function(method);
            let Some(name) = method.name else { continue };
            given.push(name.text.to_owned());
            self.define_method(&owner, name.text, number, name.span, Some(method));
        }
        let Some(trait_name) = trait_name else { return };
        let Some(facts) = self.traits.get(trait_name.text) else {
            let message = format!("there is no trait '{}'", trait_name.text);
            return self.error(code::UNDEFINED, "NameError", message, trait_name.span, None);
        };
        let missing: Vec<(String, Option<usize>)> = facts
            .iter()
            .filter(|method| !given.contains(&method.name))
            .map(|method| (method.name.clone(), method.default))
            .collect();
        for (name, default) in missing {
            match default {
                Some(number) => self.define_method(&owner, &name, number, trait_name.span, None),
                None => {
                    let message = format!(
                        "impl {} for {}: missing required method '{name}'",
                        trait_name.text, type_name.text
                    );
                    self.error(code::MISSING_METHOD, "TypeError", message, trait_name.span, None);
                }
            }
        }
    }

    /// The type, struct or enum that `impl` means, by the name under which the machine knows it; an import may have given
    /// it another.
    fn owner_of_methods(&self, name: Name<'_>) -> Option<String> {
        let declared = self.variable_at(name.span).and_then(|variable| {
            let own = self.resolution.structures.get(&variable);
            let facts = own.or_else(|| self.resolution.namespaces.get(&variable)?.first())?;
            Some(facts.variant_of.clone().unwrap_or_else(|| facts.name.clone()))
        });
        declared.or_else(|| Type::from_name(name.text).map(|_| name.text.to_owned()))
    }

    fn define_method(
        &mut self,
        type_name: &str,
        name: &str,
        number: usize,
        span: Span,
        decorated: Option<&Function<'_>>,
    ) {
        let mark = self.body.mark();
        let owner = self.body.allocate();
        self.load_constant(Constant::Str(type_name.to_owned()), owner);
        let method = self.body.allocate();
        self.body.span = span;
        self.closure(number, method, span);
        if let Some(decorated) = decorated {
            self.decorate(decorated, method);
        }
        self.body.span = span;
        let name = self.field_site(name, span);
        self.body.emit(Instruction::DefineMethod { owner, method, name });
        self.body.release(mark);
    }

    /// The structure of a pattern and its number; reports a name that means none.
    pub(super) fn pattern_structure(
        &mut self,
        namespace: Option<Name<'_>>,
        name: Name<'_>,
    ) -> Option<(StructureFacts, StructureIndex)> {
        let facts = self.structure_of_pattern(namespace, name)?;
        let index = self.structure(&facts, name.span);
        Some((facts, index))
    }
}

/// A field of a struct or variant.
struct Field<'e, 's> {
    name: Name<'s>,
    default: Option<&'e Expression<'s>>,
}

impl<'e, 's> Field<'e, 's> {
    fn of(field: &'e StructField<'s>) -> Field<'e, 's> {
        Field { name: field.name, default: field.default.as_ref() }
    }
}
