//! `value as Type`.

use crate::display;
use crate::error::Error;
use crate::value::{Alphabet, Class, List, Sequence, Set, Value};
use biovm_bytecode::Type;
use bytes::Bytes;

/// The value as another type. Tables are not known to the machine: what can become one stays as it is, and the standard
/// library makes the table of it.
pub fn cast(value: Value, to: Type) -> Result<Value, Error> {
    if value.type_of() == to {
        return Ok(value);
    }
    match to {
        Type::Int => to_int(value),
        Type::Float => to_float(value),
        Type::Str => display::text(&value).map(Value::text),
        Type::Bool => Ok(Value::Bool(value.is_truthy())),
        Type::Dna => to_sequence(value, Alphabet::Dna),
        Type::Rna => to_sequence(value, Alphabet::Rna),
        Type::Protein => to_sequence(value, Alphabet::Protein),
        Type::List => match &value {
            Value::Range(range) => Ok(Value::List(List::progression(range.start, 1, range.len()))),
            _ => Ok(Value::list(items(&value, to)?.unwrap_or_else(|| vec![value]))),
        },
        Type::Tuple => items(&value, to)?.map(Value::tuple).ok_or_else(|| cannot_cast(&value, to)),
        Type::Set => match items(&value, to)? {
            Some(items) => Ok(Value::Set(Set::from_iter(items))),
            None => Err(cannot_cast(&value, to)),
        },
        Type::Record | Type::Map => match value {
            Value::Record(record) if !record.is_variant() => {
                Ok(Value::Record(record.into_class(if to == Type::Map { Class::Map } else { Class::Record })))
            }
            _ => Err(cannot_cast(&value, to)),
        },
        Type::Table if holds_rows(&value) => Ok(value),
        _ => Err(cannot_cast(&value, to)),
    }
}

/// Whether a value can become a table: records one after the other, or a record of columns. Of a stream nobody knows what it
/// will give.
fn holds_rows(value: &Value) -> bool {
    match value {
        Value::List(list) => {
            list.iter().all(|item| item.type_of() == Type::Record || item.type_of() == Type::Map)
        }
        Value::Record(record) if !record.is_variant() => record.values().iter().all(|column| {
            crate::access::is_iterable(column) && !matches!(column, Value::Str(_) | Value::Record(_))
        }),
        _ => value.type_of() == Type::Stream,
    }
}

/// The Int that a literal denotes, with an optional sign; `None` where the text is no literal or does not fit 64 bits.
pub fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        _ => (10, digits),
    };
    let digits = without_separators(digits, base)?;
    if !digits.starts_with(|digit: char| digit.is_digit(base)) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(&digits, base).ok()?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// The Float that a literal denotes, with an optional sign; also `inf` and `nan`.
pub fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit()) {
        let special = ["inf", "infinity", "nan"].iter().any(|name| unsigned.eq_ignore_ascii_case(name));
        return if special { text.parse().ok() } else { None };
    }
    without_separators(text, 10)?.parse().ok()
}

/// The digits without the `_` between them; `None` where a `_` is not between digits.
fn without_separators(digits: &str, base: u32) -> Option<String> {
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_digit(base));
    let between = |(position, _)| {
        is_digit(digits[..position].chars().next_back()) && is_digit(digits[position + 1..].chars().next())
    };
    let misplaced = !digits.match_indices('_').all(between);
    (!misplaced).then(|| digits.replace('_', ""))
}

fn to_int(value: Value) -> Result<Value, Error> {
    match &value {
        Value::Bool(value) => Ok(Value::Int(i64::from(*value))),
        Value::Float(float) => {
            const BEYOND: f64 = 9_223_372_036_854_775_808.0;
            match float.trunc() {
                whole if (-BEYOND..BEYOND).contains(&whole) => Ok(Value::Int(whole as i64)),
                _ => Err(cannot_convert(&display::brief(&value), Type::Int)),
            }
        }
        _ => match value.as_text() {
            Some(text) => {
                parse_int(text).map(Value::Int).ok_or_else(|| cannot_convert(&format!("'{text}'"), Type::Int))
            }
            None => Err(cannot_cast(&value, Type::Int)),
        },
    }
}

fn to_float(value: Value) -> Result<Value, Error> {
    match &value {
        Value::Bool(value) => Ok(Value::Float(f64::from(u8::from(*value)))),
        Value::Int(value) => Ok(Value::Float(*value as f64)),
        _ => match value.as_text() {
            Some(text) => parse_float(text)
                .map(Value::Float)
                .ok_or_else(|| cannot_convert(&format!("'{text}'"), Type::Float)),
            None => Err(cannot_cast(&value, Type::Float)),
        },
    }
}

fn to_sequence(value: Value, alphabet: Alphabet) -> Result<Value, Error> {
    if let Value::Sequence(sequence) = &value {
        let (from, to) = match (sequence.alphabet(), alphabet) {
            (Alphabet::Dna, Alphabet::Rna) => (b'T', b'U'),
            (Alphabet::Rna, Alphabet::Dna) => (b'U', b'T'),
            _ => return Err(cannot_cast(&value, alphabet.type_of())),
        };
        let swap = |&letter: &u8| if letter == from { to } else { letter };
        let letters: Bytes = sequence.letters().iter().map(swap).collect();
        return Ok(Value::Sequence(Sequence::from_valid(alphabet, letters)));
    }
    let to = alphabet.type_of();
    let Some(text) = value.as_text() else { return Err(cannot_cast(&value, to)) };
    Sequence::parse(alphabet, text.as_bytes()).map(Value::Sequence).map_err(|(position, letter)| {
        Error::type_error(format!("invalid character '{letter}' at position {} in {to}", position + 1))
    })
}

/// More Ints than this cannot be meant to be all in memory.
const MOST_ITEMS: usize = 100_000_000;

/// The items of a collection that casts to other collections.
fn items(value: &Value, to: Type) -> Result<Option<Vec<Value>>, Error> {
    Ok(match value {
        Value::List(list) if list.as_slice().is_none() && list.len() > MOST_ITEMS => {
            return Err(too_many(list.len(), to));
        }
        Value::List(list) => Some(list.iter().collect()),
        Value::Tuple(items) => Some(items.to_vec()),
        Value::Set(set) => Some(set.iter().cloned().collect()),
        Value::Range(range) if range.len() > MOST_ITEMS => return Err(too_many(range.len(), to)),
        Value::Range(range) => Some(List::progression(range.start, 1, range.len()).into_vec()),
        _ => None,
    })
}

#[cold]
fn too_many(count: usize, to: Type) -> Error {
    Error::value_error(format!("cannot cast so many items to {to}: {count}, of at most {MOST_ITEMS}"))
}

#[cold]
fn cannot_cast(value: &Value, to: Type) -> Error {
    Error::type_error(format!("cannot cast {} to {to}", value.type_of()))
}

#[cold]
fn cannot_convert(text: &str, to: Type) -> Error {
    let shown: String = text.chars().take(80).collect();
    Error::type_error(format!("cannot convert {shown} to {to}"))
}
