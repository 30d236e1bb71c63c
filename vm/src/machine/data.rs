//! What instructions do with data that is not worth a place in the loop.

use super::{Machine, item};
use crate::error::{Error, ErrorKind};
use crate::limits::memory;
use crate::value::{Class, Memory, RangeBounds, Record, Shape, Shared, Str, Value, Variable};
use crate::{access, operators};

/// The variable in a cell register.
pub(super) fn variable(value: &Value) -> Result<&Variable, Error> {
    match value {
        Value::Variable(variable) => Ok(variable),
        _ => Err(damaged()),
    }
}

/// The memory among the captures of a memoized function.
pub(super) fn memory(value: &Value) -> Result<&Memory, Error> {
    match value {
        Value::Foreign(foreign) => foreign.downcast().ok_or_else(damaged),
        _ => Err(damaged()),
    }
}

/// The arguments that a memory knows a result by.
pub(super) fn remembered(key: &Value) -> Result<&[Value], Error> {
    match key {
        Value::Tuple(arguments) => Ok(arguments),
        _ => Err(damaged()),
    }
}

/// What no compiler produces, and the verifier does not look for because it can do no harm.
#[cold]
pub(super) fn damaged() -> Error {
    Error::new(ErrorKind::Format, "the program is damaged: an instruction found a value of the wrong kind")
}

#[cold]
pub(super) fn not_iterable(value: &Value) -> Error {
    Error::type_error(format!("cannot iterate over {}", value.type_of()))
}

/// The bounds of a counted loop.
#[inline]
pub(super) fn count_bounds(first: &Value, last: &Value) -> Result<(i64, i64), Error> {
    match (first, last) {
        (Value::Int(first), Value::Int(last)) => Ok((*first, *last)),
        _ => Ok((bound(first)?, bound(last)?)),
    }
}

fn bound(value: &Value) -> Result<i64, Error> {
    value.as_integral().ok_or_else(|| match value {
        Value::Float(number) => Error::type_error(format!("a range requires Int, got Float {number:?}"))
            .with_hint("use // for integer division"),
        other => Error::type_error(format!("a range requires Int, got {}", other.type_of())),
    })
}

/// `left..right` and `left..=right`
pub(super) fn range(left: &Value, right: &Value, inclusive: bool) -> Result<Value, Error> {
    let (start, end) = count_bounds(left, right)?;
    Ok(Value::Range(Shared::new(RangeBounds { start, end, inclusive })))
}

/// The key and value of the entry at a position.
pub(super) fn entry(record: &Record, position: usize) -> Option<(Value, Value)> {
    let key = record.shape().key(position)?;
    Some((Value::Str(key.clone()), record.values().get(position)?.clone()))
}

/// The two parts of an item of a loop over pairs; what is missing is nil.
pub(super) fn pair(value: &Value) -> Result<(Value, Value), Error> {
    check_destructure(value, 1)?;
    Ok((item_or_nil(value, 0), item_or_nil(value, 1)))
}

impl Machine {
    /// The error of a name inside of `with` that is neither a field nor anything else. The name comes first; what may have
    /// been meant is among the others, and among the builtins.
    #[cold]
    pub(super) fn undefined(&self, names: &[Value]) -> Error {
        let Some((Value::Str(name), others)) = names.split_first() else { return damaged() };
        let mut candidates: Vec<&str> = Vec::new();
        for other in others {
            match other {
                Value::Record(record) => candidates.extend(record.shape().keys().map(Str::as_str)),
                other => candidates.extend(other.as_text()),
            }
        }
        let mut builtins: Vec<&str> = self.context().natives.keys().copied().collect();
        builtins.sort_unstable();
        candidates.extend(builtins);
        let error = Error::name_error(format!("undefined variable '{}'", name.as_str()));
        access::with_suggestion(error, name, candidates)
    }
}

/// All items of a value, for `[...value]`.
pub(super) fn collect(machine: &mut Machine, source: Value) -> Result<Vec<Value>, Error> {
    if !access::is_iterable(&source) {
        return Err(Error::type_error(format!("cannot spread {} into a list", source.type_of())));
    }
    memory::room_for(access::length(&source).unwrap_or(0).saturating_mul(size_of::<Value>()))?;
    let (mut items, mut cursor) = (Vec::new(), 0);
    while let Some(found) = item(machine, &source, &mut cursor)? {
        items.push(found);
    }
    Ok(items)
}

/// A key of a record, from any value.
pub(super) fn key_text(value: &Value) -> Result<Str, Error> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        other => crate::display::text(other).map(Str::from),
    }
}

/// `{...source}`
pub(super) fn merge(record: &mut Value, source: &Value) -> Result<(), Error> {
    match (record, source) {
        (Value::Record(record), Value::Record(source)) if !source.is_variant() => {
            for (key, value) in source.iter() {
                record.insert(key.clone(), value.clone());
            }
            Ok(())
        }
        (Value::Record(_), other) => {
            Err(Error::type_error(format!("cannot spread {} into a record", other.type_of())))
        }
        _ => Err(damaged()),
    }
}

/// An empty List with room for as many items as the value has; an error where there is no memory for them.
pub(super) fn list_for(value: &Value) -> Result<Value, Error> {
    let Value::List(list) = value else { return Err(damaged()) };
    memory::vector_for(list.len()).map(Value::list)
}

/// The item at a position while a value is taken apart; nil where there is none.
pub(super) fn item_or_nil(value: &Value, position: i16) -> Value {
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    match value {
        Value::Record(record) => record.values().get(position).cloned().unwrap_or_default(),
        value => access::item(value, position).unwrap_or_default(),
    }
}

/// The items from a position on, while a value is taken apart.
pub(super) fn rest(value: &Value, position: i16) -> Result<Value, Error> {
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    let count = access::length(value).unwrap_or(0).saturating_sub(position);
    memory::room_for(count.saturating_mul(size_of::<Value>()))?;
    Ok(match value {
        Value::Record(record) => Value::list(record.values().iter().skip(position).cloned().collect()),
        value => Value::list((position..).map_while(|position| access::item(value, position)).collect()),
    })
}

/// A record without the keys of a shape.
pub(super) fn other_fields(value: &Value, shape: &Shape) -> Value {
    match value {
        Value::Record(record) => {
            let rest = record.without(|key| shape.position(key).is_some());
            Value::Record(rest.into_class(Class::Record))
        }
        _ => Value::Record(Record::empty(Class::Record)),
    }
}

/// Whether positional patterns accept the value.
fn has_positions(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Tuple(_)) || value.as_record().is_some()
}

/// An error unless the value can be taken apart in the form: 0 as a list, 1 as a tuple, 2 as a record; with 3, unless it
/// has fields for `with`.
pub(super) fn check_destructure(value: &Value, form: i16) -> Result<(), Error> {
    if form == 3 {
        return match value {
            // Only patterns take a variant of an enum apart.
            Value::Record(_) if value.type_of() != biovm_bytecode::Type::Enum => Ok(()),
            _ => Err(Error::type_error(format!("with requires Record, got {}", value.type_of()))),
        };
    }
    let (fits, form) = match form {
        2 => (value.as_record().is_some(), "record"),
        0 => (has_positions(value), "list"),
        _ => (has_positions(value), "tuple"),
    };
    match fits {
        true => Ok(()),
        false => Err(Error::type_error(format!("cannot destructure {} as {form}", value.type_of()))),
    }
}

/// `left = left + right`, in place where nobody else holds what grows. An error leaves `left` as it was.
#[inline(never)]
pub(super) fn add_into(left: &mut Value, right: &Value) -> Result<(), Error> {
    *left = match grows(left, right) {
        true => {
            operators::room_to_join(left, right, true)?;
            operators::add_owned(left.take(), right)?
        }
        false => operators::add(left, right)?,
    };
    Ok(())
}

/// `left = left ++ right`, as [`add_into`].
pub(super) fn concatenate_into(left: &mut Value, right: &Value) -> Result<(), Error> {
    *left = match grows(left, right) {
        true => {
            operators::room_to_join(left, right, true)?;
            operators::concatenate_owned(left.take(), right)?
        }
        false => operators::concatenate(left, right)?,
    };
    Ok(())
}

/// Whether both operators join the two, which cannot fail where there is memory: then `left` may be given away.
fn grows(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Str(_), Value::Str(_)) | (Value::List(_), Value::List(_)) => true,
        (Value::Sequence(left), Value::Sequence(right)) => left.alphabet() == right.alphabet(),
        _ => false,
    }
}

/// Whether a value lies in the range of a pattern. Values that cannot be compared do not.
pub(super) fn is_between(value: &Value, start: &Value, end: &Value, inclusive: bool) -> bool {
    use crate::compare::order;
    let same_kind = |bound: &Value| {
        bound.type_of() == value.type_of() || bound.as_float().is_some() && value.as_float().is_some()
    };
    let is_above = || order(value, start).ok().flatten().is_some_and(std::cmp::Ordering::is_ge);
    let is_below = || match order(value, end).ok().flatten() {
        Some(order) => order.is_lt() || inclusive && order.is_eq(),
        None => false,
    };
    same_kind(start) && same_kind(end) && is_above() && is_below()
}

/// Whether a pattern accepts that many items: exactly `count`, or at least -1 - `count` where that is negative.
pub(super) fn has_count(items: usize, count: i16) -> bool {
    match usize::try_from(count) {
        Ok(count) => items == count,
        Err(_) => items >= usize::try_from(-1 - i32::from(count)).unwrap_or(usize::MAX),
    }
}
