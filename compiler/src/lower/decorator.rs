//! Decorators: functions that remember, functions that check their arguments, functions that others replace.

use super::Lowering;
use super::builder::{LATER, count};
use super::call::Piped;
use crate::ast::{self, DecoratorKind, Expression, ExpressionKind, Parameter};
use crate::resolve::{CheckedForm, CheckedType, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::Type;
use biovm_bytecode::operand::{AnnotationIndex, Capture, Integer, Register, ShortInteger};
use biovm_bytecode::program::{Annotation, AnnotationForm};

/// What a memoized function needs wherever it returns.
#[derive(Clone, Copy)]
pub(super) struct Memoized {
    /// Holds a tuple of the arguments.
    key: Register,
    memory: Capture,
}

impl Lowering<'_> {
    /// A function whose value decorators make, at its place among the statements.
    pub(super) fn decorated_function(&mut self, function: &ast::Function<'_>) {
        let number = self.function(function);
        let Some(variable) = function.name.and_then(|name| self.variable_at(name.span)) else { return };
        if !self.is_declared_here(variable) {
            self.declare(variable);
        }
        let mark = self.body.mark();
        let value = self.body.allocate();
        self.body.span = function.span;
        self.closure(number, value, function.span);
        self.decorate(function, value);
        self.store(variable, value);
        self.body.release(mark);
    }

    /// `value = decorator(value)` for each decorator that is a function, from the bottom up.
    pub(super) fn decorate(&mut self, function: &ast::Function<'_>, value: Register) {
        for decorator in function.wrappers() {
            let mark = self.body.mark();
            let base = self.body.allocate();
            // Above another decorator, the builtin does what is otherwise part of the function.
            let name = match decorator.kind() {
                DecoratorKind::Memoize => "memoize",
                _ => decorator.name.text,
            };
            let callee = Expression { kind: ExpressionKind::Name(name), span: decorator.name.span };
            match (&decorator.arguments, decorator.kind()) {
                (Some(arguments), DecoratorKind::Custom) => {
                    self.call(&callee, None, arguments, base);
                    let argument = self.body.allocate();
                    self.body.take(argument, value);
                    self.body.span = decorator.name.span;
                    self.body.emit(Instruction::Call { base, count: count(1) });
                }
                (arguments, _) => {
                    let arguments = arguments.as_deref().unwrap_or_default();
                    self.call(&callee, Some(Piped::Register(value)), arguments, base);
                }
            }
            self.body.take(value, base);
            self.body.release(mark);
        }
    }

    /// Registers for copies of the arguments of a memoized function: its own may change before it returns.
    pub(super) fn key_registers(&mut self, number: usize, parameters: usize) -> Option<Register> {
        self.resolution.memories.get(&number)?;
        let first = self.body.allocate();
        for _ in 1..parameters {
            self.body.allocate();
        }
        Some(first)
    }

    /// Returns the result that is remembered for the arguments, whose copies are in registers from `key` on; makes all
    /// results that follow be remembered.
    pub(super) fn recall(&mut self, number: usize, key: Option<Register>, parameters: usize) {
        let memory = self.resolution.memories.get(&number).map(|facts| facts.variable);
        let (Some(key), Some(memory)) = (key, memory) else { return };
        let memory = Capture(self.body.captures.get(&memory).copied().unwrap_or_default());
        self.body.emit(Instruction::NewTuple { destination: key, start: key, count: count(parameters) });
        let mark = self.body.mark();
        let known = self.body.allocate();
        self.body.emit(Instruction::Recall { destination: known, key, memory });
        let unknown = self.body.label();
        self.body.emit_jump(Instruction::JumpIfNil { condition: known, target: LATER }, unknown);
        let index = ShortInteger(0);
        self.body.emit(Instruction::GetItemOrNil { destination: known, object: known, index });
        self.body.emit(Instruction::Return { source: known });
        self.body.place(unknown);
        self.body.release(mark);
        self.body.memoized = Some(Memoized { key, memory });
    }

    /// Makes a memoized function remember its result.
    pub(super) fn remember(&mut self, value: Register) {
        if let Some(Memoized { key, memory }) = self.body.memoized {
            self.body.emit(Instruction::Remember { key, value, memory });
        }
    }

    /// The memory of a function whose closure is about to be made, in a register where that finds it.
    pub(super) fn new_memory(&mut self, number: usize) -> Option<VariableId> {
        let facts = self.resolution.memories.get(&number)?;
        let register = self.body.allocate();
        self.body.emit(Instruction::NewMemory { destination: register, limit: Integer(facts.limit) });
        self.body.locations.insert(facts.variable, super::builder::Location::Register(register));
        Some(facts.variable)
    }

    /// Whether an argument is checked against the annotation of its parameter.
    pub(super) fn is_checked(&self, parameter: &Parameter<'_>) -> bool {
        let annotation = parameter.annotation.as_ref();
        annotation.is_some_and(|annotation| self.resolution.annotations.contains_key(&annotation.span.start))
    }

    /// Checks an argument against the annotation of its parameter, where `@validate` demands that.
    pub(super) fn check_argument(&mut self, parameter: &Parameter<'_>, register: Register) {
        let Some(annotation) = &parameter.annotation else { return };
        let Some(checked) = self.resolution.annotations.get(&annotation.span.start) else { return };
        let is_list = match &checked.form {
            CheckedForm::Type(of) | CheckedForm::Items(of, _) => *of == Type::List,
            _ => false,
        };
        let index = match parameter.is_rest && !is_list {
            // What is declared for the rest is meant for each of its items, unless it is the List itself.
            true => {
                let text = format!("List<{}>", checked.text);
                let item = self.annotation(checked, annotation.span);
                let form = AnnotationForm::Items(Type::List, u32::from(item.0));
                self.add_annotation(Annotation { text, form }, annotation.span)
            }
            false => self.annotation(checked, annotation.span),
        };
        self.body.span = parameter.span;
        self.body.emit(Instruction::CheckArgument { parameter: register, annotation: index });
    }

    fn annotation(&mut self, checked: &CheckedType, span: Span) -> AnnotationIndex {
        let form = match &checked.form {
            CheckedForm::Any => AnnotationForm::Any,
            CheckedForm::Number => AnnotationForm::Number,
            CheckedForm::Type(of) => AnnotationForm::Type(*of),
            CheckedForm::Structure(name) => AnnotationForm::Structure(self.name(name)),
            CheckedForm::Optional(inner) => AnnotationForm::Optional(self.annotation(inner, span).0.into()),
            CheckedForm::Union(members) => AnnotationForm::Union(self.annotation_list(members, span)),
            CheckedForm::Items(of, item) => AnnotationForm::Items(*of, self.annotation(item, span).0.into()),
            CheckedForm::Tuple(items) => AnnotationForm::Tuple(self.annotation_list(items, span)),
        };
        self.add_annotation(Annotation { text: checked.text.clone(), form }, span)
    }

    fn annotation_list(&mut self, parts: &[CheckedType], span: Span) -> Vec<u32> {
        parts.iter().map(|part| self.annotation(part, span).0.into()).collect()
    }

    fn add_annotation(&mut self, annotation: Annotation, span: Span) -> AnnotationIndex {
        let known = &mut self.program.annotations;
        let index = known.iter().position(|each| *each == annotation).unwrap_or_else(|| {
            known.push(annotation);
            known.len() - 1
        });
        AnnotationIndex(self.narrow(index, "different annotations", span))
    }
}
