//! What the language does with values: equality and order, operators, parts, casts, text.

mod arithmetic;
mod casting;
mod comparison;
mod foreign_values;
mod formatting;
mod parts;
mod rendering;
mod slices;

use biovm_vm::value::{Alphabet, Class, List, Quality, RangeBounds, Record, Sequence, Set, Shared, Str};
use biovm_vm::{Error, Value, display};
use proptest::prelude::*;

fn int(value: i64) -> Value {
    Value::Int(value)
}

fn float(value: f64) -> Value {
    Value::Float(value)
}

fn text(value: &str) -> Value {
    Value::text(value)
}

fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::list(items.into())
}

fn tuple<const N: usize>(items: [Value; N]) -> Value {
    Value::tuple(items.into())
}

fn set<const N: usize>(items: [Value; N]) -> Value {
    Value::Set(Set::from_iter(items))
}

fn record<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::record(entries)
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut map = Record::empty(Class::Map);
    for (key, value) in entries {
        map.insert(Str::from(key), value);
    }
    Value::Record(map)
}

fn range(start: i64, end: i64) -> Value {
    Value::Range(Shared::new(RangeBounds { start, end, inclusive: false }))
}

fn range_inclusive(start: i64, end: i64) -> Value {
    Value::Range(Shared::new(RangeBounds { start, end, inclusive: true }))
}

fn progression(start: i64, step: i64, count: usize) -> Value {
    Value::List(List::progression(start, step, count))
}

fn sequence(alphabet: Alphabet, letters: &str) -> Value {
    Value::Sequence(Sequence::parse(alphabet, letters.as_bytes()).expect("letters of the alphabet"))
}

fn dna(letters: &str) -> Value {
    sequence(Alphabet::Dna, letters)
}

fn rna(letters: &str) -> Value {
    sequence(Alphabet::Rna, letters)
}

fn protein(letters: &str) -> Value {
    sequence(Alphabet::Protein, letters)
}

fn quality(letters: &str) -> Value {
    Value::Quality(Quality::parse(letters.as_bytes()).expect("quality letters"))
}

fn error(message: &str) -> Value {
    Value::Error(Error::value_error(message))
}

/// A list inside of a list, and so on.
fn nested_lists(depth: usize, innermost: Value) -> Value {
    (0..depth).fold(innermost, |inner, _| Value::list(vec![inner]))
}

/// Result or error as one line, with the type before it: what table tests compare.
fn shown(result: Result<Value, Error>) -> String {
    match result {
        Ok(value) => format!("{} {}", value.type_of(), display::brief_nested(&value)),
        Err(error) => error.to_string(),
    }
}

/// Values without NaN, which compare as they should.
fn any_plain_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Value::Bool),
        (-3..4_i64).prop_map(Value::Int),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter("NaN equals nothing", |value| !value.is_nan()).prop_map(Value::Float),
        (-3..4_i64).prop_map(|value| Value::Float(value as f64)),
        any::<i64>().prop_map(|value| Value::Float(value as f64)),
        "[ACGT]{0,2}".prop_map(Value::from),
        "[ACGT]{0,2}".prop_map(|letters| dna(&letters)),
        "[ACG]{0,2}".prop_map(|letters| rna(&letters)),
        "[ACG]{0,2}".prop_map(|letters| error(&letters)),
        "[!-~]{0,2}".prop_map(|letters| quality(&letters)),
        (-2..3_i64, -2..3_i64).prop_map(|(start, end)| range(start, end)),
        (-2..3_i64, 1..3_i64, 0..4_usize).prop_map(|(start, step, count)| progression(start, step, count)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple),
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| Value::Set(items.into_iter().collect())),
            prop::collection::vec(("[ab]{1,2}", inner), 0..4).prop_map(|entries| {
                Value::Record(Record::from_entries(
                    entries.into_iter().map(|(key, value)| (Str::from(key), value)),
                ))
            }),
        ]
    })
}
