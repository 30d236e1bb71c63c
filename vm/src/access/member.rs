//! `in`

use crate::compare::equal;
use crate::error::Error;
use crate::value::{ListBody, Value};

/// `item in container`
pub fn contains(container: &Value, item: &Value) -> Result<bool, Error> {
    match container {
        Value::List(list) => Ok(match list.body() {
            ListBody::Values(values) => values.iter().any(|value| equal(value, item)),
            ListBody::Progression { start, step, count } => {
                whole(item).is_some_and(|item| is_term(item, *start, *step, *count))
            }
        }),
        Value::Tuple(items) => Ok(items.iter().any(|value| equal(value, item))),
        Value::Set(set) => Ok(set.contains_equal(item)),
        Value::Record(record) if !record.is_variant() => {
            Ok(item.as_text().is_some_and(|key| record.get(key).is_some()))
        }
        Value::Range(range) => Ok(whole(item).is_some_and(|item| is_term(item, range.start, 1, range.len()))),
        Value::Quality(quality) => {
            Ok(quality.scores().any(|score| equal(&Value::Int(i64::from(score)), item)))
        }
        Value::Str(_) | Value::Error(_) => {
            let text = container.as_text().unwrap_or_default();
            match item {
                Value::Sequence(sequence) => Ok(text.contains(sequence.as_str())),
                _ => {
                    item.as_text().map(|part| text.contains(part)).ok_or_else(|| wrong_item(container, item))
                }
            }
        }
        Value::Sequence(sequence) => match item {
            Value::Sequence(part) if part.alphabet() == sequence.alphabet() => {
                Ok(sequence.as_str().contains(part.as_str()))
            }
            _ => item
                .as_text()
                .map(|part| sequence.as_str().contains(part))
                .ok_or_else(|| wrong_item(container, item)),
        },
        Value::Foreign(foreign) => foreign.contains(item).ok_or_else(|| not_supported(container)),
        _ => Err(not_supported(container)),
    }
}

/// The Int that equals the number exactly.
fn whole(item: &Value) -> Option<i64> {
    match item {
        Value::Int(item) => Some(*item),
        Value::Float(item) => {
            let whole = Value::Int(*item as i64);
            equal(&whole, &Value::Float(*item)).then_some(*item as i64)
        }
        _ => None,
    }
}

/// Whether the Int is among `start`, `start + step` … `count` of them.
fn is_term(item: i64, start: i64, step: i64, count: usize) -> bool {
    let distance = i128::from(item) - i128::from(start);
    let step = i128::from(step);
    distance % step == 0 && (0..count as i128).contains(&(distance / step))
}

#[cold]
fn not_supported(container: &Value) -> Error {
    Error::type_error(format!("'in' not supported for {}", container.type_of()))
}

#[cold]
fn wrong_item(container: &Value, item: &Value) -> Error {
    Error::type_error(format!("'in' not supported for {} in {}", item.type_of(), container.type_of()))
}
