//! Kinds of values that the machine does not know: one trait for all of them.

use super::{Shared, Value};
use crate::error::Error;
use crate::machine::Machine;
use crate::operators::Operator;
use biovm_bytecode::Type;
use std::any::Any;
use std::cmp::Ordering;

// A value without a length is not empty either, so `is_empty` would not say what `len` says.
#[expect(clippy::len_without_is_empty)]
/// A kind of value that lives outside of the machine: a table, a stream, a timer.
pub trait ForeignValue: Any + Send + Sync {
    /// The type, as `typeof` names it.
    fn type_of(&self) -> Type;

    /// The text of the value inside a container.
    fn text(&self) -> String;

    /// The text of the value in `str` and f-strings, where it stands alone.
    fn standalone_text(&self) -> String {
        self.text()
    }

    /// The text that `print` shows.
    fn print(&self) -> String {
        self.standalone_text()
    }

    /// The number of items; `None` where counting means reading.
    fn len(&self) -> Option<usize> {
        None
    }

    /// Whether a condition holds for it.
    fn is_truthy(&self) -> bool {
        self.len() != Some(0)
    }

    /// The field with that name; `None` where there is none.
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    /// The names of the fields, for hints and completion.
    fn field_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// The part at an index; `None` where the kind has no indexes of that type.
    fn index(&self, _index: &Value) -> Option<Result<Value, Error>> {
        None
    }

    /// The part between two positions, by a step; `None` where the kind has no slices. Positions are already resolved:
    /// `count` items from `start`, `step` apart.
    fn slice(&self, _start: usize, _step: isize, _count: usize) -> Option<Value> {
        None
    }

    /// The items at these positions, as a value of the same kind; `None` where the kind cannot be thinned out.
    fn select(&self, _positions: &[usize]) -> Option<Value> {
        None
    }

    /// Whether the value can be iterated.
    fn is_iterable(&self) -> bool {
        false
    }

    /// The item at a position during iteration, which asks for 0, 1, 2 …; `None` at the end. A stream ignores the position.
    fn next(&self, _machine: &mut Machine, _position: usize) -> Result<Option<Value>, Error> {
        Ok(None)
    }

    /// `item in value`; `None` where the kind does not say.
    fn contains(&self, _item: &Value) -> Option<bool> {
        None
    }

    /// Equality with another foreign value. Identity is checked before.
    fn equals(&self, _other: &dyn ForeignValue) -> bool {
        false
    }

    /// A number that equal values have in common; the better it tells others apart, the faster are sets and groups.
    fn hash(&self) -> u64 {
        0
    }

    /// `self operator other`, or `other operator self` where `swapped`; `None` where there is no such operation.
    fn operate(&self, _operator: Operator, _other: &Value, _swapped: bool) -> Option<Result<Value, Error>> {
        None
    }

    /// Order relative to another value; `None` where there is none. A kind that equals the Str of its letters says so
    /// here.
    fn compare(&self, _other: &Value) -> Option<Ordering> {
        None
    }

    /// A copy of the value with the field changed; `None` where fields cannot be set.
    fn with_field(&self, _name: &str, _value: Value) -> Option<Result<Value, Error>> {
        None
    }

    /// The bytes that the value holds on the heap, roughly, without what its values point to.
    fn size(&self) -> usize {
        0
    }

    /// Shows the values that it holds, so that the memory behind them can be counted too.
    fn visit(&self, _visitor: &mut dyn FnMut(&Value)) {}

    /// The value, for those who know its Rust type.
    fn as_any(&self) -> &dyn Any;
}

/// A counted pointer to a foreign value.
#[derive(Clone)]
pub struct Foreign(Shared<Box<dyn ForeignValue>>);

impl Foreign {
    /// Wraps the value.
    pub fn new(value: impl ForeignValue + 'static) -> Foreign {
        Foreign(Shared::new(Box::new(value)))
    }

    /// The value as its Rust type.
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        self.0.as_any().downcast_ref()
    }

    /// Whether both are the same object.
    pub fn same(&self, other: &Foreign) -> bool {
        self.0.same(&other.0)
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether nobody else holds it.
    pub fn is_unique(&self) -> bool {
        self.0.is_unique()
    }
}

impl std::ops::Deref for Foreign {
    type Target = dyn ForeignValue;
    fn deref(&self) -> &dyn ForeignValue {
        &**self.0
    }
}
