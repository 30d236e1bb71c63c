//! Joining and repeating of texts, sequences and collections. Where the left side has no other holder it grows in
//! place, so that a loop of `s = s + x` takes linear time.

use super::{Operator, add, floats, unsupported};
use crate::error::Error;
use crate::limits::memory;
use crate::value::{List, Sequence, Set, Str, Value};
use bytes::Bytes;

/// An error where there is no memory for both joined. What `left` holds already counts where it cannot grow in place.
#[inline]
pub fn room_to_join(left: &Value, right: &Value, in_place: bool) -> Result<(), Error> {
    let (held, more, size) = match (left, right) {
        (Value::Str(left), Value::Str(right)) => (left.len(), right.len(), 1),
        (Value::Sequence(left), Value::Sequence(right)) => (left.len(), right.len(), 1),
        (Value::List(left), Value::List(right)) => (left.len(), right.len(), size_of::<Value>()),
        _ => return Ok(()),
    };
    // A list that is a range gets its items first.
    let in_place = in_place && !matches!(left, Value::List(list) if list.as_slice().is_none());
    memory::room_for((if in_place { more } else { held.saturating_add(more) }).saturating_mul(size))
}

/// `left + right`, where nobody needs `left` afterwards.
pub fn add_owned(left: Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => Ok(Value::Str(join_text(left, right))),
        (Value::Sequence(left), Value::Sequence(right)) if left.alphabet() == right.alphabet() => {
            Ok(Value::Sequence(left.append(right.letters())))
        }
        (Value::List(left), Value::List(right)) => Ok(Value::List(join_lists(left, right))),
        (Value::Set(left), Value::Set(right)) => Ok(Value::Set(union(left, right))),
        (left @ (Value::Str(_) | Value::Error(_)), right @ (Value::Str(_) | Value::Error(_))) => {
            join_messages(&left, right)
        }
        (left @ (Value::Int(_) | Value::Float(_)), right) if floats(&left, right).is_some() => {
            add(&left, right)
        }
        (left, right) => unsupported(Operator::Add, &left, right),
    }
}

/// `left ++ right`
pub fn concatenate(left: &Value, right: &Value) -> Result<Value, Error> {
    room_to_join(left, right, false)?;
    concatenate_owned(left.clone(), right)
}

/// `left ++ right`, where nobody needs `left` afterwards.
pub fn concatenate_owned(left: Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => Ok(Value::Str(join_text(left, right))),
        (Value::Sequence(left), Value::Sequence(right)) if left.alphabet() == right.alphabet() => {
            Ok(Value::Sequence(left.append(right.letters())))
        }
        (Value::List(left), Value::List(right)) => Ok(Value::List(join_lists(left, right))),
        (Value::Tuple(left), Value::Tuple(right)) => {
            Ok(Value::tuple(left.iter().chain(&**right).cloned().collect()))
        }
        (Value::Record(mut left), Value::Record(right)) if !left.is_variant() && !right.is_variant() => {
            for (key, value) in right.iter() {
                left.insert(key.clone(), value.clone());
            }
            Ok(Value::Record(left))
        }
        (left @ (Value::Str(_) | Value::Error(_)), right @ (Value::Str(_) | Value::Error(_))) => {
            join_messages(&left, right)
        }
        (left, right) => unsupported(Operator::Concatenate, &left, right),
    }
}

fn join_text(mut left: Str, right: &Str) -> Str {
    left.push_str(right);
    left
}

fn join_messages(left: &Value, right: &Value) -> Result<Value, Error> {
    Ok(Value::text([left.as_text().unwrap_or_default(), right.as_text().unwrap_or_default()].concat()))
}

fn join_lists(mut left: List, right: &List) -> List {
    if right.is_empty() {
        return left;
    }
    if !left.is_unique() || left.as_slice().is_none() {
        let mut items = Vec::with_capacity(left.len() + right.len());
        items.extend(left.iter());
        left = List::from(items);
    }
    let items = left.make_mut();
    match right.as_slice() {
        Some(more) => items.extend_from_slice(more),
        None => items.extend(right.iter()),
    }
    left
}

fn union(mut left: Set, right: &Set) -> Set {
    for member in right.iter() {
        if !left.contains(member) {
            left.insert(member.clone());
        }
    }
    left
}

/// No repetition makes more than this.
const MOST_REPEATED_BYTES: u128 = 100_000_000;

/// The text, sequence or list, `count` times.
pub(super) fn repeat(repeated: &Value, count: &Value) -> Result<Value, Error> {
    let times = count.as_integral().ok_or_else(|| {
        Error::type_error(format!(
            "'*' requires Int, got {} {}",
            count.type_of(),
            crate::display::brief(count)
        ))
        .with_hint("use // for integer division")
    })?;
    let Ok(times) = usize::try_from(times) else {
        return Err(Error::value_error(format!("cannot repeat {} {times} times", repeated.type_of())));
    };
    let bytes = match repeated {
        Value::Str(text) => text.len(),
        Value::Error(error) => error.message().len(),
        Value::Sequence(sequence) => sequence.len(),
        Value::List(list) => list.len() * size_of::<Value>(),
        _ => 0,
    };
    if bytes as u128 * times as u128 > MOST_REPEATED_BYTES {
        return Err(Error::value_error(format!(
            "repeating {} {times} times would take more than 100 MB",
            repeated.type_of()
        )));
    }
    memory::room_for(bytes * times)?;
    // What is empty stays empty, however often it is repeated.
    let times = if bytes == 0 { 0 } else { times };
    match repeated {
        Value::Str(text) => Ok(Value::text(text.repeat(times))),
        Value::Error(error) => Ok(Value::text(error.message().repeat(times))),
        Value::Sequence(sequence) => {
            let letters = Bytes::from(sequence.letters().repeat(times));
            Ok(Value::Sequence(Sequence::from_valid(sequence.alphabet(), letters)))
        }
        Value::List(list) => {
            let mut items = Vec::with_capacity(list.len() * times);
            (0..times).for_each(|_| items.extend(list.iter()));
            Ok(Value::list(items))
        }
        _ => unsupported(Operator::Multiply, repeated, count),
    }
}
