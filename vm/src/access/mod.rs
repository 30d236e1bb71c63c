//! The parts of values: indexes, slices, fields, membership, length, items.

mod assign;
mod items;
mod member;
mod slice;
mod suggestion;

pub use assign::{set_field, set_index};
pub use items::{is_iterable, item, item_from, length};
pub use member::contains;
pub use slice::{Selection, slice};
pub use suggestion::did_you_mean;

use crate::error::Error;
use crate::value::{Record, Str, Value};
pub(crate) use suggestion::with_suggestion;

/// `object[index]`
pub fn index(object: &Value, index: &Value) -> Result<Value, Error> {
    match (object, index) {
        (Value::List(list), Value::Int(position @ 0..)) => {
            list.get(*position as usize).ok_or_else(|| Error::index_error(*position, list.len()))
        }
        (Value::Record(record), key) if !record.is_variant() => match key.as_text() {
            Some(text) => find_key(record, key).cloned().ok_or_else(|| missing_key(record, text)),
            None => Err(cannot_index(object, index)),
        },
        (Value::Error(_), Value::Str(name)) => field(object, name),
        (Value::Foreign(foreign), index) => index_foreign(object, &**foreign, index),
        (Value::Nil | Value::Bool(_) | Value::Int(_) | Value::Float(_), _) => {
            Err(cannot_index(object, index))
        }
        (_, Value::Range(range)) => slice::by_range(object, range),
        _ => {
            let item = |length| position(object, index, length);
            match object {
                Value::List(list) => Ok(list.get(item(list.len())?).unwrap_or_default()),
                Value::Tuple(items) => Ok(items[item(items.len())?].clone()),
                Value::Str(text) => {
                    let position = item(text.char_count())?;
                    Ok(Value::text(text.char_at(position).unwrap_or_default()))
                }
                Value::Error(error) => self::index(&Value::text(error.message()), index),
                Value::Sequence(sequence) => {
                    let position = item(sequence.len())?;
                    Ok(Value::Sequence(sequence.window(position..position + 1)))
                }
                Value::Quality(quality) => {
                    let score = quality.score(item(quality.len())?).unwrap_or_default();
                    Ok(Value::Int(i64::from(score)))
                }
                Value::Range(range) => Ok(Value::Int(range.start.wrapping_add(item(range.len())? as i64))),
                _ => Err(cannot_index(object, index)),
            }
        }
    }
}

/// The value of a key.
#[inline]
pub fn find_key<'r>(record: &'r Record, key: &Value) -> Option<&'r Value> {
    match key {
        Value::Str(key) => record.get_text(key),
        key => record.get(key.as_text()?),
    }
}

/// `object[index]`, or nil where `object` is a Record or Map that does not have the key.
pub fn index_or_nil(object: &Value, index: &Value) -> Result<Value, Error> {
    match (object.as_record(), index.as_text()) {
        (Some(record), Some(_)) => Ok(find_key(record, index).cloned().unwrap_or_default()),
        _ => self::index(object, index),
    }
}

fn index_foreign(
    object: &Value,
    foreign: &dyn crate::value::ForeignValue,
    index: &Value,
) -> Result<Value, Error> {
    if let Value::Range(range) = index {
        return slice::by_range(object, range);
    }
    let whole = match (index, index.as_integral()) {
        (Value::Float(_), Some(whole)) => &Value::Int(whole),
        _ => index,
    };
    match foreign.index(whole) {
        Some(result) => result,
        None => match index.as_text() {
            Some(name) if !foreign.field_names().is_empty() => field(object, name),
            _ => Err(cannot_index(object, index)),
        },
    }
}

#[cold]
fn cannot_index(object: &Value, index: &Value) -> Error {
    Error::type_error(format!("cannot index {} with {}", object.type_of(), index.type_of()))
}

#[cold]
fn missing_key(record: &Record, key: &str) -> Error {
    with_suggestion(Error::name_error(format!("key '{key}' not found")), key, record.keys().map(Str::as_str))
}

/// The position that an index means, from 0; negative indexes count from the end.
fn position(object: &Value, index: &Value, length: usize) -> Result<usize, Error> {
    let written = integral(object, index)?;
    let position = if written < 0 { i128::from(written) + length as i128 } else { i128::from(written) };
    match usize::try_from(position) {
        Ok(position) if position < length => Ok(position),
        _ => Err(Error::index_error(written, length)),
    }
}

/// The Int that indexes or bounds a part of the object.
fn integral(object: &Value, index: &Value) -> Result<i64, Error> {
    match index {
        Value::Int(index) => Ok(*index),
        Value::Float(_) => index.as_integral().ok_or_else(|| {
            let written = crate::display::brief(index);
            Error::type_error(format!("{} index requires Int, got Float {written}", object.type_of()))
                .with_hint("use // for integer division")
        }),
        _ => Err(cannot_index(object, index)),
    }
}

/// `object.name`
pub fn field(object: &Value, name: &str) -> Result<Value, Error> {
    match find_field(object, name)? {
        Some(value) => Ok(value),
        None => Err(missing_field(object, name)),
    }
}

/// `object?.name`: nil where `object` is nil or has no such field.
pub fn field_or_nil(object: &Value, name: &str) -> Result<Value, Error> {
    match object {
        Value::Nil => Ok(Value::Nil),
        _ => Ok(find_field(object, name)?.unwrap_or_default()),
    }
}

/// The field; `None` where a value with fields does not have this one.
fn find_field(object: &Value, name: &str) -> Result<Option<Value>, Error> {
    match object {
        Value::Record(record) if !record.is_variant() => Ok(record.get(name).cloned()),
        Value::Foreign(foreign) => match foreign.field(name) {
            None if foreign.field_names().is_empty() => Err(no_fields(object)),
            found => Ok(found),
        },
        Value::Quality(quality) => Ok(match name {
            "scores" => {
                Some(Value::list(quality.scores().map(|score| Value::Int(i64::from(score))).collect()))
            }
            "length" => Some(Value::from(quality.len())),
            "mean" => Some(Value::Float(quality.mean())),
            "min" => Some(quality.scores().min().map_or(Value::Nil, |score| Value::Int(i64::from(score)))),
            _ => None,
        }),
        Value::Error(error) => Ok(error_field(error, name)),
        Value::List(list) => tuple_field(object, name, |position| list.get(position)),
        Value::Tuple(items) => tuple_field(object, name, |position| items.get(position).cloned()),
        _ => Err(no_fields(object)),
    }
}

/// `pair.0`
fn tuple_field(
    object: &Value,
    name: &str,
    get: impl Fn(usize) -> Option<Value>,
) -> Result<Option<Value>, Error> {
    if !name.bytes().all(|letter| letter.is_ascii_digit()) {
        return Err(no_fields(object));
    }
    Ok(name.parse().ok().and_then(get))
}

const ERROR_FIELDS: [&str; 8] = ["kind", "message", "value", "line", "column", "file", "stack", "hint"];
const QUALITY_FIELDS: [&str; 4] = ["scores", "length", "mean", "min"];

fn error_field(error: &Error, name: &str) -> Option<Value> {
    let or_nil = |value: Option<Value>| Some(value.unwrap_or_default());
    let position = error.position();
    match name {
        "kind" => Some(Value::text(error.kind().name())),
        "message" => Some(Value::text(error.message())),
        "value" => Some(error.value().clone()),
        "line" => or_nil(position.map(|position| Value::from(position.line))),
        "column" => or_nil(position.map(|position| Value::from(position.column))),
        "file" => or_nil(position.map(|position| Value::text(position.file.as_str()))),
        "hint" => or_nil(error.hint().map(Value::text)),
        "stack" => Some(Value::list(error.trace().iter().rev().map(trace_record).collect())),
        _ => None,
    }
}

fn trace_record(frame: &crate::error::TraceFrame) -> Value {
    let (file, line) = match &frame.place {
        Some((file, line)) => (Value::text(file.as_str()), Value::from(*line)),
        None => (Value::Nil, Value::Nil),
    };
    Value::record([("function", Value::text(frame.function.as_str())), ("file", file), ("line", line)])
}

#[cold]
fn no_fields(object: &Value) -> Error {
    let error = Error::type_error(format!("cannot access field on {}", object.type_of()));
    match object {
        Value::Record(record) if record.is_variant() => {
            error.with_hint("match takes the parts of a variant out")
        }
        _ => error,
    }
}

#[cold]
fn missing_field(object: &Value, name: &str) -> Error {
    let no_field = |of: &str| Error::name_error(format!("no field '{name}' on {of}"));
    match object {
        Value::Record(record) => with_suggestion(no_field("record"), name, record.keys().map(Str::as_str)),
        Value::Error(_) => with_suggestion(no_field("Error"), name, ERROR_FIELDS),
        Value::Quality(_) => with_suggestion(no_field("Quality"), name, QUALITY_FIELDS),
        Value::Foreign(foreign) => {
            let names = foreign.field_names();
            let error = match foreign.type_of() {
                biovm_bytecode::Type::Table => Error::name_error(format!("no column '{name}' on Table")),
                biovm_bytecode::Type::Record => no_field("record"),
                of => no_field(of.name()),
            };
            with_suggestion(error, name, names.iter().map(String::as_str))
        }
        _ => match (name.parse(), length(object)) {
            (Ok(position), Some(length)) => Error::index_error(position, length),
            _ => no_fields(object),
        },
    }
}
