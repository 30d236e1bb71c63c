//! Comparators that only compare: `|a, b| a.score - b.score`, and what else takes parts of its arguments, compares and
//! branches.
//!
//! A sort calls its comparator twenty million times for a million items. Where the code of the function can do nothing but
//! look at its arguments, it becomes a tree of decisions about parts of both, and the parts are taken out of each item
//! once. Whatever is not plain (an overflow, a missing field, a type that has operators of its own) gives no answer, and
//! the sort calls the function, which then raises the error or finds the result.

use super::Machine;
use crate::error::Error;
use crate::value::{Closure, ListBody, Str, Value};
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use std::cmp::Ordering;

/// A function of the script of two arguments that only compares.
pub struct Comparator {
    /// The ways from an argument to a part that is compared.
    paths: Vec<Vec<Step>>,
    constants: Vec<Value>,
    /// The decisions; the first is where to begin.
    nodes: Vec<Node>,
}

#[derive(Clone, PartialEq)]
enum Step {
    Field(Str),
    Item(usize),
}

/// What is compared.
#[derive(Clone, Copy, PartialEq)]
enum Operand {
    /// A part of the first argument, by its path.
    First(usize),
    /// A part of the second.
    Second(usize),
    Constant(usize),
}

#[derive(Clone, Copy)]
enum Test {
    Equal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

enum Node {
    /// Go on at one of two nodes.
    Branch { test: Test, left: Operand, right: Operand, holds: usize, fails: usize },
    /// The result is a difference.
    Difference { left: Operand, right: Operand },
    /// The result is a comparison, or its opposite.
    Order { test: Test, left: Operand, right: Operand, wanted: bool },
    /// The result says this whatever the arguments are.
    Known(bool),
}

/// What is known of a register.
#[derive(Clone, Copy)]
enum Symbol {
    Unknown,
    Operand(Operand),
    Difference(Operand, Operand),
    Order(Test, Operand, Operand, bool),
}

/// A part of an item as comparators see it.
#[derive(Clone, Copy)]
enum Plain<'v> {
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(&'v Str),
}

impl<'v> Plain<'v> {
    #[inline(always)]
    fn of(value: &'v Value) -> Option<Plain<'v>> {
        match value {
            Value::Int(value) => Some(Plain::Int(*value)),
            Value::Float(value) => Some(Plain::Float(*value)),
            Value::Bool(value) => Some(Plain::Bool(*value)),
            Value::Str(text) => Some(Plain::Text(text)),
            _ => None,
        }
    }
}

/// More decisions than this are not worth it.
const MOST_NODES: usize = 64;

/// Follows the code of a function.
struct Reader<'f> {
    closure: &'f Closure,
    comparator: Comparator,
}

impl Reader<'_> {
    /// The node for the code from an instruction on. All jumps go forward, so this ends.
    fn node(&mut self, mut next: usize, mut registers: Vec<Symbol>) -> Option<usize> {
        let function = self.closure.function();
        loop {
            let instruction = *function.code.get(next)?;
            next += 1;
            match instruction {
                Instruction::Move { destination, source } | Instruction::Take { destination, source } => {
                    registers[destination.index()] = registers[source.index()];
                }
                Instruction::LoadTrue { destination } => {
                    registers[destination.index()] = self.constant(Value::Bool(true));
                }
                Instruction::LoadFalse { destination } => {
                    registers[destination.index()] = self.constant(Value::Bool(false));
                }
                Instruction::LoadInteger { destination, value } => {
                    registers[destination.index()] = self.constant(Value::Int(i64::from(value.0)));
                }
                Instruction::LoadConstant { destination, constant } => {
                    let value = self.closure.program().constants.get(constant.index())?.clone();
                    registers[destination.index()] = self.constant(value);
                }
                Instruction::GetField { destination, object, field } => {
                    let name = function.field_names.get(field.index())?.clone();
                    registers[destination.index()] =
                        self.part(registers[object.index()], Step::Field(name))?;
                }
                Instruction::GetIndex { destination, object, index }
                | Instruction::GetIndexThrough { destination, object, index } => {
                    let Symbol::Operand(Operand::Constant(index)) = registers[index.index()] else {
                        return None;
                    };
                    let Value::Int(index) = self.comparator.constants[index] else { return None };
                    let step = Step::Item(usize::try_from(index).ok()?);
                    registers[destination.index()] = self.part(registers[object.index()], step)?;
                }
                Instruction::Subtract { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Difference(left, right);
                }
                Instruction::Equal { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Order(Test::Equal, left, right, true);
                }
                Instruction::NotEqual { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Order(Test::Equal, left, right, false);
                }
                Instruction::Less { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Order(Test::Less, left, right, true);
                }
                Instruction::LessEqual { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Order(Test::LessEqual, left, right, true);
                }
                Instruction::Greater { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Order(Test::Greater, left, right, true);
                }
                Instruction::GreaterEqual { destination, left, right } => {
                    let (left, right) = operands(&registers, left, right)?;
                    registers[destination.index()] = Symbol::Order(Test::GreaterEqual, left, right, true);
                }
                Instruction::Jump { target } => next += usize::try_from(target.0).ok()?,
                Instruction::Return { source } => {
                    let node = self.result(registers[source.index()])?;
                    return self.add(node);
                }
                _ => {
                    let (test, left, right, wanted, distance) = branch(&instruction, &registers)?;
                    let target = next + usize::try_from(distance).ok()?;
                    // Room for it first: the first node is where an evaluation begins.
                    let node = self.add(Node::Known(false))?;
                    let jumps = self.node(target, registers.clone())?;
                    let goes_on = self.node(next, registers)?;
                    let (holds, fails) = if wanted { (jumps, goes_on) } else { (goes_on, jumps) };
                    self.comparator.nodes[node] = Node::Branch { test, left, right, holds, fails };
                    return Some(node);
                }
            }
        }
    }

    fn add(&mut self, node: Node) -> Option<usize> {
        let nodes = &mut self.comparator.nodes;
        nodes.push(node);
        (nodes.len() <= MOST_NODES).then(|| nodes.len() - 1)
    }

    fn constant(&mut self, value: Value) -> Symbol {
        self.comparator.constants.push(value);
        Symbol::Operand(Operand::Constant(self.comparator.constants.len() - 1))
    }

    /// A part of what a register holds.
    fn part(&mut self, object: Symbol, step: Step) -> Option<Symbol> {
        let (path, is_first) = match object {
            Symbol::Operand(Operand::First(path)) => (path, true),
            Symbol::Operand(Operand::Second(path)) => (path, false),
            _ => return None,
        };
        let paths = &mut self.comparator.paths;
        let mut longer = paths[path].clone();
        longer.push(step);
        let path = paths.iter().position(|known| *known == longer).unwrap_or_else(|| {
            paths.push(longer);
            paths.len() - 1
        });
        Some(Symbol::Operand(if is_first { Operand::First(path) } else { Operand::Second(path) }))
    }

    fn result(&self, result: Symbol) -> Option<Node> {
        match result {
            Symbol::Difference(left, right) => Some(Node::Difference { left, right }),
            Symbol::Order(test, left, right, wanted) => Some(Node::Order { test, left, right, wanted }),
            Symbol::Operand(Operand::Constant(constant)) => match self.comparator.constants[constant] {
                Value::Int(result) => Some(Node::Known(result < 0)),
                Value::Float(result) => Some(Node::Known(result < 0.0)),
                Value::Bool(result) => Some(Node::Known(result)),
                _ => None,
            },
            _ => None,
        }
    }
}

fn operands(registers: &[Symbol], left: Register, right: Register) -> Option<(Operand, Operand)> {
    match (registers[left.index()], registers[right.index()]) {
        (Symbol::Operand(left), Symbol::Operand(right)) => Some((left, right)),
        _ => None,
    }
}

/// What a jump depends on, whether it jumps where that holds or where it does not, and how far.
fn branch(instruction: &Instruction, registers: &[Symbol]) -> Option<(Test, Operand, Operand, bool, i64)> {
    let condition = |condition: Register, jumps_if: bool, distance: i32| match registers[condition.index()] {
        Symbol::Order(test, left, right, wanted) => {
            Some((test, left, right, wanted == jumps_if, i64::from(distance)))
        }
        _ => None,
    };
    let (test, left, right, wanted, distance) = match *instruction {
        Instruction::JumpIfTrue { condition: register, target } => {
            return condition(register, true, target.0);
        }
        Instruction::JumpIfFalse { condition: register, target } => {
            return condition(register, false, target.0);
        }
        Instruction::JumpIfEqual { left, right, target } => (Test::Equal, left, right, true, target),
        Instruction::JumpIfNotEqual { left, right, target } => (Test::Equal, left, right, false, target),
        Instruction::JumpIfLess { left, right, target } => (Test::Less, left, right, true, target),
        Instruction::JumpUnlessLess { left, right, target } => (Test::Less, left, right, false, target),
        Instruction::JumpIfLessEqual { left, right, target } => (Test::LessEqual, left, right, true, target),
        Instruction::JumpUnlessLessEqual { left, right, target } => {
            (Test::LessEqual, left, right, false, target)
        }
        Instruction::JumpIfGreater { left, right, target } => (Test::Greater, left, right, true, target),
        Instruction::JumpUnlessGreater { left, right, target } => (Test::Greater, left, right, false, target),
        Instruction::JumpIfGreaterEqual { left, right, target } => {
            (Test::GreaterEqual, left, right, true, target)
        }
        Instruction::JumpUnlessGreaterEqual { left, right, target } => {
            (Test::GreaterEqual, left, right, false, target)
        }
        _ => return None,
    };
    let (left, right) = operands(registers, left, right)?;
    Some((test, left, right, wanted, i64::from(distance.0)))
}

impl Comparator {
    /// The function as a comparator, where it only compares.
    pub fn of(function: &Value) -> Option<Comparator> {
        let Value::Closure(closure) = function else { return None };
        let function = closure.function();
        if function.exact_arity != 2 || !function.handlers.is_empty() {
            return None;
        }
        let mut registers = vec![Symbol::Unknown; function.register_count.max(2)];
        registers[0] = Symbol::Operand(Operand::First(0));
        registers[1] = Symbol::Operand(Operand::Second(0));
        let comparator = Comparator { paths: vec![Vec::new()], constants: Vec::new(), nodes: Vec::new() };
        let mut reader = Reader { closure, comparator };
        reader.node(0, registers)?;
        let mut comparator = reader.comparator;
        comparator.keep_used_paths();
        Some(comparator)
    }

    /// Forgets the paths that only lead to others, so that their ends need not be plain.
    fn keep_used_paths(&mut self) {
        let mut used: Vec<usize> = Vec::new();
        for node in &mut self.nodes {
            let (Node::Branch { left, right, .. }
            | Node::Difference { left, right }
            | Node::Order { left, right, .. }) = node
            else {
                continue;
            };
            for operand in [left, right] {
                let (Operand::First(path) | Operand::Second(path)) = operand else { continue };
                *path = used.iter().position(|known| known == path).unwrap_or_else(|| {
                    used.push(*path);
                    used.len() - 1
                });
            }
        }
        self.paths = used.into_iter().map(|path| self.paths[path].clone()).collect();
    }

    /// The comparator for these items. `None` where one of them lacks a part, or has one that is not plain.
    pub fn prepare<'v>(&'v self, items: &'v [Value]) -> Option<Prepared<'v>> {
        let mut parts = Vec::with_capacity(items.len() * self.paths.len());
        for item in items {
            for path in &self.paths {
                parts.push(Plain::of(path.iter().try_fold(item, follow)?)?);
            }
        }
        let constants = self.constants.iter().map(Plain::of).collect::<Option<_>>()?;
        Some(Prepared { comparator: self, parts, constants })
    }
}

#[inline]
fn follow<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (value, step) {
        (Value::Record(record), Step::Field(name)) if !record.is_variant() => record.get_text(name),
        (Value::List(list), Step::Item(position)) => match list.body() {
            ListBody::Values(values) => values.get(*position),
            ListBody::Progression { .. } => None,
        },
        (Value::Tuple(items), Step::Item(position)) => items.get(*position),
        _ => None,
    }
}

/// A comparator with the parts of the items that it compares.
pub struct Prepared<'v> {
    comparator: &'v Comparator,
    parts: Vec<Plain<'v>>,
    constants: Vec<Plain<'v>>,
}

impl Prepared<'_> {
    /// Whether the function says that one item comes strictly before another, given by their positions. `None` where only
    /// a call can tell.
    #[inline]
    pub fn is_before(
        &self,
        machine: &mut Machine,
        first: usize,
        second: usize,
    ) -> Option<Result<bool, Error>> {
        let before = self.decide(first, second)?;
        Some(machine.poll().map(|()| before))
    }

    #[inline]
    fn decide(&self, first: usize, second: usize) -> Option<bool> {
        let width = self.comparator.paths.len();
        let parts = |item: usize| self.parts.get(item * width..(item + 1) * width);
        let (first, second) = (parts(first)?, parts(second)?);
        let get = |operand: Operand| match operand {
            Operand::First(path) => first.get(path).copied(),
            Operand::Second(path) => second.get(path).copied(),
            Operand::Constant(constant) => self.constants.get(constant).copied(),
        };
        let mut node = 0;
        loop {
            match self.comparator.nodes.get(node)? {
                Node::Branch { test, left, right, holds, fails } => {
                    let passes = test.accepts(order(get(*left)?, get(*right)?)?);
                    node = if passes { *holds } else { *fails };
                }
                Node::Difference { left, right } => {
                    return match (get(*left)?, get(*right)?) {
                        (Plain::Int(left), Plain::Int(right)) => Some(left.checked_sub(right)? < 0),
                        (Plain::Float(left), Plain::Float(right)) => Some(left - right < 0.0),
                        _ => None,
                    };
                }
                Node::Order { test, left, right, wanted } => {
                    return Some(test.accepts(order(get(*left)?, get(*right)?)?) == *wanted);
                }
                Node::Known(before) => return Some(*before),
            }
        }
    }
}

impl Test {
    #[inline(always)]
    fn accepts(self, order: Option<Ordering>) -> bool {
        match self {
            Test::Equal => order == Some(Ordering::Equal),
            Test::Less => order.is_some_and(Ordering::is_lt),
            Test::LessEqual => order.is_some_and(Ordering::is_le),
            Test::Greater => order.is_some_and(Ordering::is_gt),
            Test::GreaterEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

/// The order of two numbers of one kind, of two texts, or of two Bools; NaN has none. `None` for everything else.
#[inline(always)]
fn order(left: Plain<'_>, right: Plain<'_>) -> Option<Option<Ordering>> {
    match (left, right) {
        (Plain::Int(left), Plain::Int(right)) => Some(Some(left.cmp(&right))),
        (Plain::Float(left), Plain::Float(right)) => Some(left.partial_cmp(&right)),
        (Plain::Bool(left), Plain::Bool(right)) => Some(Some(left.cmp(&right))),
        (Plain::Text(left), Plain::Text(right)) => Some(Some(left.cmp(right))),
        _ => None,
    }
}
