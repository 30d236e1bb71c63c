//! Expressions.

use super::Lowering;
use super::builder::LATER;
use super::operator::Side;
use super::with::Absent;
use crate::ast::{BinaryOperator, Expression, ExpressionKind, SequenceKind};
use crate::diagnostic::code;
use crate::resolve::Binding;
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::Type;
use biovm_bytecode::operand::{Integer, Register, ShortInteger, TypeIndex};
use biovm_bytecode::program::Constant;

impl Lowering<'_> {
    /// The register that has the value of the expression: that of a variable, or a new temporary.
    pub(super) fn value(&mut self, expression: &Expression<'_>) -> Register {
        match self.is_register_variable(expression) {
            Some(register) => register,
            None => self.temporary(expression),
        }
    }

    /// The register that has a value of which only a part is wanted. A variable that lives elsewhere is loaded into the
    /// destination, where the part then replaces it: a temporary would hold on to the whole, and an update of the variable
    /// would have to copy it.
    pub(super) fn object(&mut self, expression: &Expression<'_>, destination: Register) -> Register {
        match expression.kind {
            ExpressionKind::Name(_) if self.is_register_variable(expression).is_none() => {
                self.into(expression, destination);
                destination
            }
            _ => self.value(expression),
        }
    }

    /// A new temporary with the value of the expression.
    pub(super) fn temporary(&mut self, expression: &Expression<'_>) -> Register {
        let register = self.body.allocate();
        self.into(expression, register);
        register
    }

    /// Computes the expression for what it does.
    pub(super) fn effect(&mut self, expression: &Expression<'_>) {
        match &expression.kind {
            ExpressionKind::If { branches, otherwise } => {
                self.conditional(branches, otherwise.as_ref(), None)
            }
            ExpressionKind::Block(block) => self.block(block, None),
            ExpressionKind::Try { body, error, handler } => {
                self.try_catch(body, error.map(|name| name.span), handler, None);
            }
            _ => {
                let mark = self.body.mark();
                self.temporary(expression);
                self.body.release(mark);
            }
        }
    }

    /// Whether lowering the expression into a register writes that register once, when everything has been read.
    pub(super) fn is_written_once(&self, expression: &Expression<'_>) -> bool {
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Name(_)
            | ExpressionKind::Unary { .. }
            | ExpressionKind::Range { .. }
            | ExpressionKind::Function(_) => true,
            ExpressionKind::Binary { operator, .. } => {
                !matches!(operator, BinaryOperator::In | BinaryOperator::NotIn)
            }
            // Others are loaded into the destination first; see `object`.
            ExpressionKind::Index { object, .. } | ExpressionKind::Field { object, optional: false, .. } => {
                !matches!(object.kind, ExpressionKind::Name(_)) || self.is_register_variable(object).is_some()
            }
            _ => false,
        }
    }

    /// `destination = expression`
    pub(super) fn into(&mut self, expression: &Expression<'_>, destination: Register) {
        let outer = std::mem::replace(&mut self.body.span, expression.span);
        self.expression(expression, destination);
        self.body.span = outer;
    }

    fn expression(&mut self, expression: &Expression<'_>, destination: Register) {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Nil => self.body.emit(Instruction::LoadNil { destination }),
            ExpressionKind::Bool(true) => self.body.emit(Instruction::LoadTrue { destination }),
            ExpressionKind::Bool(false) => self.body.emit(Instruction::LoadFalse { destination }),
            ExpressionKind::Int(value) => self.load_integer(*value, destination),
            ExpressionKind::Float(value) => self.load_constant(Constant::Float(*value), destination),
            ExpressionKind::Str(text) => self.load_constant(Constant::Str(text.to_string()), destination),
            ExpressionKind::Sequence { kind, letters } => {
                let of = match kind {
                    SequenceKind::Dna => Type::Dna,
                    SequenceKind::Rna => Type::Rna,
                    SequenceKind::Protein => Type::Protein,
                    SequenceKind::Quality => Type::Quality,
                };
                self.load_constant(Constant::Sequence(of, letters.to_string()), destination);
            }
            ExpressionKind::Regex { pattern, flags } => self.regex(pattern, flags, destination, span),
            ExpressionKind::Interpolated(parts) => self.interpolated(parts, destination),
            ExpressionKind::Name(name) => self.name_into(name, span, destination),
            ExpressionKind::List(items) => self.list(items, destination),
            ExpressionKind::Set(items) => self.set(items, destination),
            ExpressionKind::Tuple(items) => self.tuple(items, destination),
            ExpressionKind::Record(entries) => self.record(entries, destination),
            ExpressionKind::StructLiteral { constructor, fields } => {
                self.struct_literal(constructor, fields, destination, constructor.span);
            }
            ExpressionKind::ListComprehension { element, clauses } => {
                self.list_comprehension(element, clauses, destination);
            }
            ExpressionKind::MapComprehension { key, value, clauses } => {
                self.map_comprehension(key, value, clauses, destination);
            }
            ExpressionKind::Unary { .. } | ExpressionKind::Binary { .. }
                if self.fold(expression, destination) => {}
            ExpressionKind::Unary { operator, operator_span, operand } => {
                self.unary(destination, *operator, *operator_span, operand);
            }
            ExpressionKind::Await(operand) => {
                let mark = self.body.mark();
                let source = self.value(operand);
                self.body.span = span;
                self.body.emit(Instruction::Await { destination, source });
                self.body.release(mark);
            }
            ExpressionKind::Binary { operator, operator_span, left, right } => {
                self.binary_into(destination, *operator, *operator_span, Side::Expression(left), right);
            }
            ExpressionKind::Logical { operator, left, right, .. } => {
                self.logical(destination, *operator, left, right);
            }
            ExpressionKind::Chain { first, rest } => self.chain(destination, first, rest),
            ExpressionKind::Range { start, end, inclusive, operator_span } => {
                let mark = self.body.mark();
                let left = self.left_operand(start, end);
                let right = self.value(end);
                self.body.span = *operator_span;
                self.body.emit(match inclusive {
                    true => Instruction::NewInclusiveRange { destination, left, right },
                    false => Instruction::NewRange { destination, left, right },
                });
                self.body.release(mark);
            }
            ExpressionKind::Cast { value, type_name } => {
                let mark = self.body.mark();
                let source = self.value(value);
                self.body.span = type_name.span;
                match Type::from_name(type_name.text) {
                    // Tables belong to the standard library.
                    Some(Type::Table) => {
                        if let Some(signature) = self.signatures.get("to_table") {
                            let base = self.body.allocate();
                            let copy = self.body.allocate();
                            let to = TypeIndex(Type::Table as u16);
                            self.body.emit(Instruction::Cast { destination: copy, source, to });
                            let native = self.native(signature.name, span);
                            let count = super::builder::count(1);
                            self.body.emit(Instruction::CallNative { base, count, native });
                            self.body.take(destination, base);
                        }
                    }
                    Some(to) => {
                        self.body.emit(Instruction::Cast { destination, source, to: TypeIndex(to as u16) });
                    }
                    None => self.error(
                        code::UNKNOWN_TYPE,
                        "NameError",
                        format!("unknown type '{}'", type_name.text),
                        type_name.span,
                        Some(
                            "types are Int, Float, Str, Bool, List, Set, Tuple, DNA, RNA, Protein …"
                                .to_owned(),
                        ),
                    ),
                }
                self.body.release(mark);
            }
            ExpressionKind::Formula { response, terms } => {
                let formula = self.formula(response.as_deref(), terms);
                self.load_constant(formula, destination);
            }
            ExpressionKind::Call { .. } | ExpressionKind::Pipe { .. }
                if self.inline_pipeline(expression, destination) => {}
            ExpressionKind::Call { callee, arguments } => self.call(callee, None, arguments, destination),
            ExpressionKind::MethodCall { receiver, name, arguments, optional } => {
                self.method_call(receiver, *name, arguments, *optional, destination);
            }
            ExpressionKind::Field { object, name, optional } => {
                let mark = self.body.mark();
                let holder = self.object(object, destination);
                self.body.span = name.span;
                let field = self.field_site(name.text, name.span);
                if !optional {
                    self.read_through(object, holder);
                }
                let object = holder;
                self.body.emit(match optional {
                    true => Instruction::GetFieldOrNil { destination, object, field },
                    false => Instruction::GetField { destination, object, field },
                });
                self.body.release(mark);
            }
            ExpressionKind::Position { object, index, optional, .. } => {
                let mark = self.body.mark();
                let object = self.temporary(object);
                let end = self.body.label();
                if *optional {
                    self.body.emit_jump(Instruction::JumpIfNil { condition: object, target: LATER }, end);
                }
                let position = self.body.allocate();
                let value = Integer(i32::try_from(*index).unwrap_or(i32::MAX));
                self.body.emit(Instruction::LoadInteger { destination: position, value });
                self.body.emit(Instruction::GetIndex { destination: object, object, index: position });
                self.body.place(end);
                self.body.take(destination, object);
                self.body.release(mark);
            }
            ExpressionKind::Index { object, index } => {
                let mark = self.body.mark();
                let object_register = match self.is_register_variable(object) {
                    Some(_) if super::effects::may_assign(index) => self.temporary(object),
                    // The index is still to be computed, and may read what the destination holds.
                    None if self.body.is_top(destination) => self.object(object, destination),
                    _ => self.value(object),
                };
                let index_register = self.value(index);
                self.body.span = index.span;
                self.read_through(object, object_register);
                self.body.emit(Instruction::GetIndex {
                    destination,
                    object: object_register,
                    index: index_register,
                });
                self.body.release(mark);
            }
            ExpressionKind::Slice { object, start, end, step, range_form: _, inclusive } => {
                let mark = self.body.mark();
                let object = self.temporary(object);
                let bounds = self.body.allocate();
                self.optional(start.as_deref(), bounds);
                let end_register = self.body.allocate();
                self.optional(end.as_deref(), end_register);
                let step_register = self.body.allocate();
                self.optional(step.as_deref(), step_register);
                if *inclusive && end.is_some() {
                    self.inclusive_end(end_register);
                }
                self.body.span = span;
                self.body.emit(Instruction::Slice { destination, object, bounds });
                self.body.release(mark);
            }
            ExpressionKind::Pipe { left, target, .. } => self.pipe(left, target, destination),
            ExpressionKind::Tap { left, target, .. } => {
                let mark = self.body.mark();
                let value = self.temporary(left);
                let result = self.body.allocate();
                self.pipe_register(value, target, result);
                self.body.take(destination, value);
                self.body.release(mark);
            }
            ExpressionKind::PipeInto { left, name } => {
                self.into(left, destination);
                if let Some(variable) = self.variable_at(name.span) {
                    if self.storage(variable) == crate::resolve::Storage::Register
                        && !self.is_declared(variable)
                    {
                        return self.not_supported("|> into inside of another expression", name.span);
                    }
                    let mark = self.body.mark();
                    let copy = self.body.allocate();
                    self.body.copy(copy, destination);
                    self.store(variable, copy);
                    self.body.release(mark);
                }
            }
            ExpressionKind::PipeThen { left, name, body } => {
                let mark = self.body.mark();
                let value = self.temporary(left);
                if let Some(variable) = self.variable_at(name.span) {
                    self.adopt(variable, value);
                }
                self.into(body, destination);
                self.body.release(mark);
            }
            ExpressionKind::Block(block) => self.block(block, Some(destination)),
            ExpressionKind::Function(function) => {
                let number = self.function(function);
                self.closure(number, destination, span);
            }
            ExpressionKind::If { branches, otherwise } => {
                self.conditional(branches, otherwise.as_ref(), Some(destination));
            }
            ExpressionKind::Match { subject, arms } => self.match_expression(subject, arms, destination),
            ExpressionKind::Given { arms } => {
                let end = self.body.label();
                for arm in arms {
                    let next = self.body.label();
                    if let Some(condition) = &arm.condition {
                        self.branch(condition, false, next);
                    }
                    self.block(&arm.body, Some(destination));
                    self.body.emit_jump(Instruction::Jump { target: LATER }, end);
                    self.body.place(next);
                }
                self.body.emit(Instruction::LoadNil { destination });
                self.body.place(end);
            }
            ExpressionKind::Try { body, error, handler } => {
                self.try_catch(body, error.map(|name| name.span), handler, Some(destination));
            }
            ExpressionKind::Retry { attempts, delay, body } => {
                self.retry(attempts, delay.as_deref(), body, destination);
            }
        }
    }

    /// `destination = value`
    pub(super) fn load_integer(&mut self, value: i64, destination: Register) {
        match i32::try_from(value) {
            Ok(value) => self.body.emit(Instruction::LoadInteger { destination, value: Integer(value) }),
            Err(_) => self.load_constant(Constant::Int(value), destination),
        }
    }

    pub(super) fn load_constant(&mut self, constant: Constant, destination: Register) {
        let constant = self.constant(constant);
        self.body.emit(Instruction::LoadConstant { destination, constant });
    }

    /// The expression, or nil where there is none.
    fn optional(&mut self, expression: Option<&Expression<'_>>, destination: Register) {
        match expression {
            Some(expression) => self.into(expression, destination),
            None => self.body.emit(Instruction::LoadNil { destination }),
        }
    }

    /// Turns the last position of `a..=b` into the end of a slice: one further, or nothing at all for the last one, -1.
    fn inclusive_end(&mut self, end: Register) {
        let (last, done) = (self.body.label(), self.body.label());
        let value = ShortInteger(-1);
        let target = super::builder::LATER_SHORT;
        self.body.emit_compare(
            Instruction::JumpIfEqualInteger { left: end, value, target },
            Instruction::JumpIfNotEqualInteger { left: end, value, target },
            last,
        );
        self.body.emit(Instruction::AddInteger { destination: end, left: end, value: ShortInteger(1) });
        self.body.emit_jump(Instruction::Jump { target: LATER }, done);
        self.body.place(last);
        self.body.emit(Instruction::LoadNil { destination: end });
        self.body.place(done);
    }

    fn name_into(&mut self, name: &str, span: Span, destination: Register) {
        match self.binding(span) {
            Some(Binding::Variable(variable)) => self.load(variable, destination),
            Some(Binding::Builtin) => self.builtin_into(name, span, destination),
            Some(Binding::InWith(number)) => self.load_in_with(number, destination, Absent::Raises),
            None => self.body.emit(Instruction::LoadNil { destination }),
        }
    }

    /// `destination = builtin`
    pub(super) fn builtin_into(&mut self, name: &str, span: Span, destination: Register) {
        let Some(signature) = self.signatures.get(name) else { return };
        // What takes no arguments and never changes, such as the arguments of the script, reads as a value.
        if signature.is_constant {
            return self.native_call(signature, None, &[], destination, span);
        }
        let native = self.native(signature.name, span);
        self.body.emit(Instruction::LoadNative { destination, native });
    }

    /// Makes room for the names that `|> into name` binds along the pipes of a statement.
    pub(super) fn declare_piped_names(&mut self, expression: &Expression<'_>) {
        match &expression.kind {
            ExpressionKind::Pipe { left, .. } | ExpressionKind::Tap { left, .. } => {
                self.declare_piped_names(left)
            }
            ExpressionKind::PipeInto { left, name } => {
                self.declare_piped_names(left);
                if let Some(variable) = self.variable_at(name.span)
                    && !self.is_declared(variable)
                {
                    self.declare(variable);
                }
            }
            _ => {}
        }
    }
}

impl Lowering<'_> {
    /// Where the value whose part is read next was itself just read from a list, both are done at once: the value between
    /// them, which nothing else reads, gets no second holder.
    fn read_through(&mut self, object: &Expression<'_>, register: Register) {
        if let ExpressionKind::Index { .. } = object.kind {
            self.fuse_with_next_read(register);
        }
    }

    /// The same, where it is known that nothing else reads the register.
    pub(super) fn fuse_with_next_read(&mut self, register: Register) {
        if self.optimises
            && let Some(last) = self.body.code.last_mut()
            && let Instruction::GetIndex { destination, object, index } = *last
            && destination == register
        {
            *last = Instruction::GetIndexThrough { destination, object, index };
        }
    }
}
