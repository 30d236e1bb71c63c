//! Changing a part of a value.

use super::{no_fields, position};
use crate::error::Error;
use crate::value::{Str, Value};

/// `object[index] = value`: changes `object` in place where it is the only holder, else replaces it by a changed copy.
pub fn set_index(object: &mut Value, index: &Value, value: Value) -> Result<(), Error> {
    match object {
        Value::List(list) => {
            let length = list.len();
            let position = match index {
                Value::Int(position @ 0..) if (*position as usize) < length => *position as usize,
                Value::Int(_) | Value::Float(_) => self::position(&Value::List(list.clone()), index, length)?,
                _ => return Err(cannot_set_index(object, index)),
            };
            list.make_mut()[position] = value;
            Ok(())
        }
        Value::Record(record) if !record.is_variant() => {
            let key = match index {
                Value::Str(key) => key.clone(),
                Value::Error(error) => Str::from(error.message()),
                _ => return Err(cannot_set_index(object, index)),
            };
            record.insert(key, value);
            Ok(())
        }
        Value::Foreign(_) => match index.as_text() {
            Some(name) => set_field(object, name, value),
            None => Err(cannot_set_index(object, index)),
        },
        _ => Err(cannot_set_index(object, index)),
    }
}

#[cold]
fn cannot_set_index(object: &Value, index: &Value) -> Error {
    let of = object.type_of();
    match object {
        _ if matches!(object, Value::List(_)) || object.as_record().is_some() => {
            Error::type_error(format!("cannot index {of} with {}", index.type_of()))
        }
        _ => Error::type_error(format!("cannot assign to an index of {of}"))
            .with_hint("items of List, Record and Map can be assigned"),
    }
}

/// `object.name = value`: as [`set_index`].
pub fn set_field(object: &mut Value, name: &str, value: Value) -> Result<(), Error> {
    match object {
        Value::Record(record) if !record.is_variant() => match record.shape().position(name) {
            Some(position) => record.values_mut()[position] = value,
            None => record.insert(Str::from(name), value),
        },
        Value::Foreign(foreign) => match foreign.with_field(name, value) {
            Some(changed) => *object = changed?,
            None => return Err(cannot_set_field(object, name)),
        },
        Value::List(list) => match name.parse::<usize>() {
            Ok(position) if position < list.len() => list.make_mut()[position] = value,
            Ok(position) => return Err(Error::index_error(position as i64, list.len())),
            Err(_) => return Err(no_fields(object)),
        },
        _ => return Err(cannot_set_field(object, name)),
    }
    Ok(())
}

#[cold]
fn cannot_set_field(object: &Value, name: &str) -> Error {
    Error::type_error(format!("cannot set field '{name}' on {}", object.type_of()))
}
