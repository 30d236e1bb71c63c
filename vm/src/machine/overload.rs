//! Operators that `impl` gives to structs and enums.
//!
//! The instruction loop knows nothing of them. An operator that no rule of the language covers raises a `TypeError`, as
//! for any other operands; on its way up, before anybody looks for a handler, this module sees whether the left operand
//! has a method for the operator, and if so finishes the instruction with what that returns. Only what has a meaning
//! without the method (`==`, `in`, sets, `++`) must ask first, and does so by the flags of [`Overloads`].

use super::Machine;
use super::frame::Frame;
use crate::error::{Error, ErrorKind};
use crate::value::{Class, List, Record, Set, Structure, Value};
use crate::{access, compare, operators};
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use std::cmp::Ordering;

/// Which operators some `impl` has given a meaning that replaces one of the language.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Overloads {
    /// `eq`
    pub(super) equality: bool,
    /// `concat`
    pub(super) joining: bool,
    /// Whether any type has got a method: it may stand for an operator.
    pub(super) any: bool,
}

impl Overloads {
    /// Notes that a type got a method.
    pub(super) fn note(&mut self, method: &str) {
        self.any = true;
        self.equality |= method == "eq";
        self.joining |= method == "concat";
    }
}

/// Sends an instruction to [`Machine::overloaded`]; nobody else sees it.
#[cold]
pub(super) fn ask() -> Error {
    Error::type_error("")
}

/// Whether an `eq` could have a say in how the value compares.
pub(super) fn has_parts(value: &Value) -> bool {
    matches!(value, Value::Record(_) | Value::List(_) | Value::Tuple(_) | Value::Set(_))
}

/// The struct or variant that a value belongs to.
pub(super) fn structure(value: &Value) -> Option<&'static Structure> {
    match value {
        Value::Record(record) => match record.shape().class() {
            Class::Structure(structure) => Some(structure),
            Class::Record | Class::Map => None,
        },
        _ => None,
    }
}

/// What an instruction computes, as far as methods can replace it.
enum Operation {
    /// The operator of that method.
    Method(&'static str),
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, `<=`, `>`, `>=`
    Order(Comparison),
    /// `left in right`
    Contains,
    /// The Set of the values in the list `left`.
    Set,
}

#[derive(Clone, Copy)]
enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// What happens with the result.
enum Outcome {
    /// It goes to a register.
    Store(Register),
    /// It decides about a jump, which is taken where the result is the Bool.
    Jump(i32, bool),
}

impl Machine {
    /// Finishes the instruction that has just failed by a method of its operands, where they have one: `Ok`. Else gives
    /// the error back, or the one that the method has raised.
    #[cold]
    pub(super) fn overloaded(&mut self, error: Error) -> Result<(), Error> {
        if error.kind() != ErrorKind::Type || error.has_origin() {
            return Err(error);
        }
        let Some(frame) = self.frames.last().copied() else { return Err(error) };
        let instruction = frame.function().code[frame.current()];
        let Some((operation, left, right, outcome)) = self.operation(&frame, instruction) else {
            return Err(error);
        };
        // The machine may have taken the operand out of its variable; the method must find that as it was.
        self.undo_update(&frame);
        let saved = std::mem::replace(&mut self.top, frame.end());
        let result = self.operate(&operation, &left, &right, error);
        self.top = saved;
        match (result, outcome) {
            (Ok(result), Outcome::Store(destination)) => {
                self.stack[frame.base + destination.index()] = result;
                Ok(())
            }
            (Ok(result), Outcome::Jump(target, wanted)) => {
                if result.is_truthy() == wanted {
                    self.poll()?;
                    if let Some(frame) = self.frames.last_mut() {
                        // SAFETY: the verifier has proved that the jump stays in its function.
                        frame.next = unsafe { frame.next.offset(target as isize) };
                    }
                }
                Ok(())
            }
            (Err(error), _) => {
                self.put_back(&frame, instruction, left);
                Err(error)
            }
        }
    }

    /// Gives the instruction its left operand again, which unwinding then takes from there.
    fn put_back(&mut self, frame: &Frame, instruction: Instruction, operand: Value) {
        if let Instruction::Add { left, .. } | Instruction::Concatenate { left, .. } = instruction {
            self.stack[frame.base + left.index()] = operand;
        }
    }

    /// What an instruction computes, from what, and what becomes of it.
    fn operation(
        &self,
        frame: &Frame,
        instruction: Instruction,
    ) -> Option<(Operation, Value, Value, Outcome)> {
        use Comparison::{Greater, GreaterEqual, Less, LessEqual};
        use Instruction as I;
        use Operation::{Equal, Method, NotEqual, Order};
        use Outcome::{Jump, Store};
        let register = |register: Register| self.stack[frame.base + register.index()].clone();
        let constants = &frame.program().program.constants;
        macro_rules! of {
            ($operation:expr, $left:expr, $right:expr, $outcome:expr) => {
                ($operation, register($left), register($right), $outcome)
            };
        }
        macro_rules! short {
            ($operation:expr, $left:expr, $value:expr, $outcome:expr) => {
                ($operation, register($left), Value::Int(i64::from($value.0)), $outcome)
            };
        }
        macro_rules! constant {
            ($operation:expr, $left:expr, $constant:expr, $outcome:expr) => {
                ($operation, register($left), constants[$constant.index()].clone(), $outcome)
            };
        }
        Some(match instruction {
            I::Add { destination, left, right } => of!(Method("add"), left, right, Store(destination)),
            I::Subtract { destination, left, right } => of!(Method("sub"), left, right, Store(destination)),
            I::Multiply { destination, left, right } => of!(Method("mul"), left, right, Store(destination)),
            I::Divide { destination, left, right } => of!(Method("div"), left, right, Store(destination)),
            I::Modulo { destination, left, right } => of!(Method("mod_"), left, right, Store(destination)),
            I::Power { destination, left, right } => of!(Method("pow"), left, right, Store(destination)),
            I::BitAnd { destination, left, right } => of!(Method("bit_and"), left, right, Store(destination)),
            I::BitXor { destination, left, right } => of!(Method("bit_xor"), left, right, Store(destination)),
            I::ShiftLeft { destination, left, right } => of!(Method("shl"), left, right, Store(destination)),
            I::ShiftRight { destination, left, right } => of!(Method("shr"), left, right, Store(destination)),
            I::Concatenate { destination, left, right } => {
                of!(Method("concat"), left, right, Store(destination))
            }
            I::AddInteger { destination, left, value } => {
                short!(Method("add"), left, value, Store(destination))
            }
            I::SubtractInteger { destination, left, value } => {
                short!(Method("sub"), left, value, Store(destination))
            }
            I::MultiplyInteger { destination, left, value } => {
                short!(Method("mul"), left, value, Store(destination))
            }
            I::ModuloInteger { destination, left, value } => {
                short!(Method("mod_"), left, value, Store(destination))
            }
            I::AddConstant { destination, left, constant } => {
                constant!(Method("add"), left, constant, Store(destination))
            }
            I::SubtractConstant { destination, left, constant } => {
                constant!(Method("sub"), left, constant, Store(destination))
            }
            I::MultiplyConstant { destination, left, constant } => {
                constant!(Method("mul"), left, constant, Store(destination))
            }
            I::DivideConstant { destination, left, constant } => {
                constant!(Method("div"), left, constant, Store(destination))
            }
            I::ModuloConstant { destination, left, constant } => {
                constant!(Method("mod_"), left, constant, Store(destination))
            }

            I::Equal { destination, left, right } => of!(Equal, left, right, Store(destination)),
            I::NotEqual { destination, left, right } => of!(NotEqual, left, right, Store(destination)),
            I::JumpIfEqual { left, right, target } => of!(Equal, left, right, Jump(target.0.into(), true)),
            I::JumpIfNotEqual { left, right, target } => {
                of!(Equal, left, right, Jump(target.0.into(), false))
            }
            I::JumpIfEqualInteger { left, value, target } => {
                short!(Equal, left, value, Jump(target.0.into(), true))
            }
            I::JumpIfNotEqualInteger { left, value, target } => {
                short!(Equal, left, value, Jump(target.0.into(), false))
            }
            I::JumpIfEqualConstant { left, constant, target } => {
                constant!(Equal, left, constant, Jump(target.0.into(), true))
            }
            I::JumpIfNotEqualConstant { left, constant, target } => {
                constant!(Equal, left, constant, Jump(target.0.into(), false))
            }
            I::JumpIfEqualNil { left, target } => (Equal, register(left), Value::Nil, Jump(target.0, true)),
            I::JumpIfNotEqualNil { left, target } => {
                (Equal, register(left), Value::Nil, Jump(target.0, false))
            }
            I::JumpIfLessConstant { left, constant, target } => {
                constant!(Order(Less), left, constant, Jump(target.0.into(), true))
            }
            I::JumpUnlessLessConstant { left, constant, target } => {
                constant!(Order(Less), left, constant, Jump(target.0.into(), false))
            }
            I::JumpIfLessEqualConstant { left, constant, target } => {
                constant!(Order(LessEqual), left, constant, Jump(target.0.into(), true))
            }
            I::JumpUnlessLessEqualConstant { left, constant, target } => {
                constant!(Order(LessEqual), left, constant, Jump(target.0.into(), false))
            }
            I::JumpIfGreaterConstant { left, constant, target } => {
                constant!(Order(Greater), left, constant, Jump(target.0.into(), true))
            }
            I::JumpUnlessGreaterConstant { left, constant, target } => {
                constant!(Order(Greater), left, constant, Jump(target.0.into(), false))
            }
            I::JumpIfGreaterEqualConstant { left, constant, target } => {
                constant!(Order(GreaterEqual), left, constant, Jump(target.0.into(), true))
            }
            I::JumpUnlessGreaterEqualConstant { left, constant, target } => {
                constant!(Order(GreaterEqual), left, constant, Jump(target.0.into(), false))
            }
            I::Contains { destination, left, right } => {
                of!(Operation::Contains, left, right, Store(destination))
            }
            I::NewSet { destination, start, count } => {
                let items = (0..count.0).map(|offset| register(start.offset(offset))).collect();
                (Operation::Set, Value::list(items), Value::Nil, Store(destination))
            }
            I::ListToSet { destination, source } => {
                (Operation::Set, register(source), Value::Nil, Store(destination))
            }

            I::Less { destination, left, right } => of!(Order(Less), left, right, Store(destination)),
            I::LessEqual { destination, left, right } => {
                of!(Order(LessEqual), left, right, Store(destination))
            }
            I::Greater { destination, left, right } => of!(Order(Greater), left, right, Store(destination)),
            I::GreaterEqual { destination, left, right } => {
                of!(Order(GreaterEqual), left, right, Store(destination))
            }
            I::JumpIfLess { left, right, target } => {
                of!(Order(Less), left, right, Jump(target.0.into(), true))
            }
            I::JumpUnlessLess { left, right, target } => {
                of!(Order(Less), left, right, Jump(target.0.into(), false))
            }
            I::JumpIfLessEqual { left, right, target } => {
                of!(Order(LessEqual), left, right, Jump(target.0.into(), true))
            }
            I::JumpUnlessLessEqual { left, right, target } => {
                of!(Order(LessEqual), left, right, Jump(target.0.into(), false))
            }
            I::JumpIfGreater { left, right, target } => {
                of!(Order(Greater), left, right, Jump(target.0.into(), true))
            }
            I::JumpUnlessGreater { left, right, target } => {
                of!(Order(Greater), left, right, Jump(target.0.into(), false))
            }
            I::JumpIfGreaterEqual { left, right, target } => {
                of!(Order(GreaterEqual), left, right, Jump(target.0.into(), true))
            }
            I::JumpUnlessGreaterEqual { left, right, target } => {
                of!(Order(GreaterEqual), left, right, Jump(target.0.into(), false))
            }
            I::JumpIfLessInteger { left, value, target } => {
                short!(Order(Less), left, value, Jump(target.0.into(), true))
            }
            I::JumpIfLessEqualInteger { left, value, target } => {
                short!(Order(LessEqual), left, value, Jump(target.0.into(), true))
            }
            I::JumpIfGreaterInteger { left, value, target } => {
                short!(Order(Greater), left, value, Jump(target.0.into(), true))
            }
            I::JumpIfGreaterEqualInteger { left, value, target } => {
                short!(Order(GreaterEqual), left, value, Jump(target.0.into(), true))
            }
            I::JumpUnlessLessInteger { left, value, target } => {
                short!(Order(Less), left, value, Jump(target.0.into(), false))
            }
            I::JumpUnlessLessEqualInteger { left, value, target } => {
                short!(Order(LessEqual), left, value, Jump(target.0.into(), false))
            }
            I::JumpUnlessGreaterInteger { left, value, target } => {
                short!(Order(Greater), left, value, Jump(target.0.into(), false))
            }
            I::JumpUnlessGreaterEqualInteger { left, value, target } => {
                short!(Order(GreaterEqual), left, value, Jump(target.0.into(), false))
            }
            _ => return None,
        })
    }

    /// The result of an operation, by a method where there is one; `error` where nothing gives one.
    fn operate(
        &mut self,
        operation: &Operation,
        left: &Value,
        right: &Value,
        error: Error,
    ) -> Result<Value, Error> {
        match *operation {
            Operation::Method(name) => match self.operator_method(left, name) {
                Some(method) => self.call(&method, [left.clone(), right.clone()]),
                None if name == "concat" => operators::concatenate(left, right),
                None => Err(with_advice(error, left, name)),
            },
            Operation::Equal => self.equal(left, right).map(Value::Bool),
            Operation::NotEqual => self.equal(left, right).map(|equal| Value::Bool(!equal)),
            Operation::Contains => self.contains(right, left).map(Value::Bool),
            Operation::Set => match left {
                Value::List(list) => self.distinct(list).map(Value::Set),
                _ => Err(error),
            },
            Operation::Order(comparison) => {
                let found = match comparison {
                    Comparison::Less => self.is_less(left, right)?,
                    Comparison::Greater => self.is_greater(left, right)?,
                    Comparison::LessEqual => self.is_greater(left, right)?.map(|greater| !greater),
                    Comparison::GreaterEqual => self.is_less(left, right)?.map(|less| !less),
                };
                found.map(Value::Bool).ok_or_else(|| with_advice(error, left, "lt"))
            }
        }
    }

    /// The method of a struct or enum that stands for an operator.
    fn operator_method(&self, value: &Value, name: &str) -> Option<Value> {
        structure(value)?;
        self.method(value, name).cloned()
    }

    fn test(&mut self, method: &Value, left: &Value, right: &Value) -> Result<Option<bool>, Error> {
        Ok(Some(self.call(method, [left.clone(), right.clone()])?.is_truthy()))
    }

    /// `left < right` by the methods of a struct; `None` where it has none.
    fn is_less(&mut self, left: &Value, right: &Value) -> Result<Option<bool>, Error> {
        if let Some(method) = self.operator_method(left, "lt") {
            return self.test(&method, left, right);
        }
        match self.operator_method(left, "gt") {
            Some(method) => self.test(&method, right, left),
            None => Ok(None),
        }
    }

    /// `left > right` by the methods of a struct; `None` where it has none.
    fn is_greater(&mut self, left: &Value, right: &Value) -> Result<Option<bool>, Error> {
        if let Some(method) = self.operator_method(left, "gt") {
            return self.test(&method, left, right);
        }
        match self.operator_method(left, "lt") {
            Some(method) => self.test(&method, right, left),
            None => Ok(None),
        }
    }

    /// The order in which sorting puts two values: as [`compare::sort_order`], or by the `lt` or `gt` of a struct.
    pub fn sort_order(&mut self, left: &Value, right: &Value) -> Result<Ordering, Error> {
        match compare::sort_order(left, right) {
            Err(error) => match self.is_less(left, right)? {
                None => Err(with_advice(error, left, "lt")),
                Some(true) => Ok(Ordering::Less),
                Some(false) => match self.is_less(right, left)? {
                    Some(true) => Ok(Ordering::Greater),
                    _ => Ok(Ordering::Equal),
                },
            },
            order => order,
        }
    }

    /// Whether `==` of the value calls a method.
    pub fn overloads_equality(&self, value: &Value) -> bool {
        self.overloads.equality && structure(value).is_some() && self.method(value, "eq").is_some()
    }

    /// `left == right`: as [`compare::equal`], but values of structs with an `eq` are compared by it, also inside of
    /// lists, tuples, records and sets.
    pub fn equal(&mut self, left: &Value, right: &Value) -> Result<bool, Error> {
        if !self.overloads.equality || !has_parts(left) && !has_parts(right) {
            return Ok(compare::equal(left, right));
        }
        let mut pending = vec![(left.clone(), right.clone())];
        while let Some((left, right)) = pending.pop() {
            let (first, second) =
                if self.overloads_equality(&left) { (&left, &right) } else { (&right, &left) };
            if let Some(method) = self.operator_method(first, "eq") {
                if !self.call(&method, [first.clone(), second.clone()])?.is_truthy() {
                    return Ok(false);
                }
                continue;
            }
            let equal_so_far = match (&left, &right) {
                (Value::List(left), Value::List(right)) if left.as_slice().is_some() => {
                    push_pairs(left.iter(), right.iter(), &mut pending)
                }
                (Value::Tuple(left), Value::Tuple(right)) => {
                    push_pairs(left.iter().cloned(), right.iter().cloned(), &mut pending)
                }
                (Value::Record(left), Value::Record(right)) => push_fields(left, right, &mut pending),
                (Value::Set(left), Value::Set(right)) => self.equal_sets(left, right)?,
                (left, right) => compare::equal(left, right),
            };
            if !equal_so_far {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_sets(&mut self, left: &Set, right: &Set) -> Result<bool, Error> {
        if left.len() != right.len() {
            return Ok(false);
        }
        for member in left.iter() {
            if !self.is_among(right.iter(), member)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_among<'v>(
        &mut self,
        values: impl Iterator<Item = &'v Value>,
        wanted: &Value,
    ) -> Result<bool, Error> {
        for value in values {
            if self.equal(value, wanted)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `item in container`, by the `eq` of structs where they have one.
    pub fn contains(&mut self, container: &Value, item: &Value) -> Result<bool, Error> {
        match container {
            _ if !self.overloads.equality => access::contains(container, item),
            Value::List(list) => match list.as_slice() {
                Some(values) => self.is_among(values.iter(), item),
                None => access::contains(container, item),
            },
            Value::Tuple(items) => self.is_among(items.iter(), item),
            Value::Set(set) if !set.contains_equal(item) => self.is_among(set.iter(), item),
            _ => access::contains(container, item),
        }
    }

    /// The values without those that equal an earlier one.
    fn distinct(&mut self, values: &List) -> Result<Set, Error> {
        let mut set: Set = std::iter::empty().collect();
        for value in values.iter() {
            if !self.overloads_equality(&value) || !self.is_among(set.iter(), &value)? {
                set.insert(value);
            }
        }
        Ok(set)
    }
}

fn push_pairs(
    left: impl ExactSizeIterator<Item = Value>,
    right: impl ExactSizeIterator<Item = Value>,
    pending: &mut Vec<(Value, Value)>,
) -> bool {
    let same_length = left.len() == right.len();
    if same_length {
        pending.extend(left.zip(right));
    }
    same_length
}

fn push_fields(left: &Record, right: &Record, pending: &mut Vec<(Value, Value)>) -> bool {
    let kind = |record: &Record| match record.shape().class() {
        Class::Structure(structure) => Some(structure),
        Class::Record | Class::Map => None,
    };
    kind(left) == kind(right)
        && left.len() == right.len()
        && left.iter().all(|(key, value)| match right.get(key) {
            Some(other) => {
                pending.push((value.clone(), other.clone()));
                true
            }
            None => false,
        })
}

/// The error of an operator that a struct does not have.
fn with_advice(error: Error, left: &Value, method: &str) -> Error {
    match structure(left) {
        Some(structure) => {
            let owner = structure.variant_of.as_deref().unwrap_or(&structure.name);
            error.with_hint(format!(
                "an operator of {owner} is a method: impl {owner} {{ fn {method}(self, other) {{ … }} }}"
            ))
        }
        None => error,
    }
}
