//! Length, and the items of a value that is iterated.

use crate::value::{Class, Record, Shape, ShapeRef, Str, Value};
use std::sync::OnceLock;

/// The number of items, where the value has a length.
pub fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Str(text) => Some(text.char_count()),
        Value::Error(error) => Some(error.message().chars().count()),
        Value::Sequence(sequence) => Some(sequence.len()),
        Value::Quality(quality) => Some(quality.len()),
        Value::List(list) => Some(list.len()),
        Value::Tuple(items) => Some(items.len()),
        Value::Set(set) => Some(set.len()),
        Value::Record(record) if !record.is_variant() => Some(record.len()),
        Value::Range(range) => Some(range.len()),
        Value::Foreign(foreign) => foreign.len(),
        _ => None,
    }
}

/// Whether `for` can iterate the value.
pub fn is_iterable(value: &Value) -> bool {
    match value {
        Value::Str(_)
        | Value::Sequence(_)
        | Value::Quality(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Set(_)
        | Value::Range(_) => true,
        Value::Record(record) => !record.is_variant(),
        Value::Foreign(foreign) => foreign.is_iterable(),
        _ => false,
    }
}

/// The item at a position (from 0) of a value that is iterated: `None` at the end. Foreign values are not handled here:
/// iterating them needs the machine. Text beyond ASCII is searched from its beginning; [`item_from`] is not.
pub fn item(value: &Value, position: usize) -> Option<Value> {
    match value {
        Value::List(list) => list.get(position),
        Value::Range(range) => {
            (position < range.len()).then(|| Value::Int(range.start.wrapping_add(position as i64)))
        }
        Value::Str(text) => text.char_at(position).map(Value::Str),
        Value::Sequence(sequence) => {
            sequence.letters().get(position).map(|&letter| Value::Str(Str::from_ascii(letter)))
        }
        Value::Quality(quality) => quality.score(position).map(|score| Value::Int(i64::from(score))),
        Value::Tuple(items) => items.get(position).cloned(),
        Value::Set(set) => set.get(position).cloned(),
        Value::Record(record) => entry(record, position),
        _ => None,
    }
}

/// The next item of a value that is iterated, and moves the cursor, which begins at 0, behind it. What the cursor counts
/// is up to the kind of value: for text it is bytes, so that going through it takes linear time.
pub fn item_from(value: &Value, cursor: &mut usize) -> Option<Value> {
    let Value::Str(text) = value else {
        let item = item(value, *cursor)?;
        *cursor += 1;
        return Some(item);
    };
    let first = text.get(*cursor..)?.chars().next()?;
    *cursor += first.len_utf8();
    Some(Value::Str(Str::from(first)))
}

fn entry(record: &Record, position: usize) -> Option<Value> {
    static SHAPE: OnceLock<ShapeRef> = OnceLock::new();
    let key = record.shape().key(position)?;
    let value = record.values().get(position)?;
    let shape = SHAPE.get_or_init(|| Shape::of(Class::Record, ["key", "value"].map(Str::from)));
    Some(Value::Record(Record::with_shape(shape.clone(), vec![Value::Str(key.clone()), value.clone()])))
}
