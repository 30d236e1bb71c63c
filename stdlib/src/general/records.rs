//! Records and maps.

use super::common::callback::take_callback;
use super::common::types::*;
use super::common::walk::is_table;
use super::table::Table;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::value::{Record, Str};
use biovm_vm::{Call, Error, Native, Value, access, display, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("keys", keys)
        .section("Records")
        .parameters(&[required("record", KEYED)])
        .returns(LIST)
        .doc("The keys of a Record or Map, or the column names of a Table, in order.")
        .example("keys({b: 1, a: 2})", "[b, a]"),
    native("values", values)
        .section("Records")
        .parameters(&[required("record", KEYED)])
        .returns(LIST)
        .doc("The values of a Record or Map, or the columns of a Table as Lists, in order.")
        .example("values({b: 1, a: 2})", "[1, 2]"),
    native("entries", entries)
        .section("Records")
        .parameters(&[required("record", RECORD)])
        .returns(LIST)
        .doc("The [key, value] pairs of a Record or Map, in order.")
        .example("entries({b: 1, a: 2})", "[[b, 1], [a, 2]]")
        .pure(),
    native("has_key", has_key)
        .section("Records")
        .parameters(&[required("record", KEYED), required("key", STR)])
        .returns(BOOL)
        .doc("Whether the Record or Map has the key, or the Table the column.")
        .example(r#"has_key({a: nil}, "a")"#, "true")
        .pure(),
    native("get", get)
        .section("Records")
        .parameters(&[
            required("x", KEYED.or(TypeSet::of(&[Type::List, Type::Tuple, Type::Str, Type::Range]))),
            required("key", STR.or(NUMBER)),
            optional("default", ANY),
        ])
        .returns(ANY)
        .doc("x[key], or the default where there is no such key, column or position.")
        .example(r#"get({a: 1}, "b", 0)"#, "0")
        .pure(),
    native("merge", merge)
        .in_place()
        .section("Records")
        .parameters(&[required("a", RECORD), required("b", RECORD)])
        .rest(RECORD)
        .returns(RECORD)
        .doc("One record of all entries, of the type of the first; later values win, new keys come last.")
        .example("merge({a: 1, b: 2}, {b: 3, c: 4})", "{a: 1, b: 3, c: 4}")
        .pure(),
    native("set_key", set_key)
        .in_place()
        .section("Records")
        .parameters(&[required("record", RECORD), required("key", STR), required("value", ANY)])
        .returns(RECORD)
        .doc("The record with the key set to the value; a new key comes last.")
        .example(r#"set_key({a: 1}, "b", 2)"#, "{a: 1, b: 2}")
        .pure(),
    native("remove_key", remove_key)
        .section("Records")
        .parameters(&[required("record", RECORD), required("key", STR)])
        .returns(RECORD)
        .doc("The record without the key; unchanged where it has none.")
        .example(r#"remove_key({a: 1, b: 2}, "a")"#, "{b: 2}")
        .pure(),
    native("map_values", map_values)
        .section("Records")
        .parameters(&[required("record", RECORD), required("f", FUNCTION)])
        .returns(RECORD)
        .doc("The record with each value replaced by f(value).")
        .example("map_values({a: 1, b: 2}, |v| v * 10)", "{a: 10, b: 20}"),
    native("map_keys", map_keys)
        .section("Records")
        .parameters(&[required("record", RECORD), required("f", FUNCTION)])
        .returns(RECORD)
        .doc("The record with each key replaced by the text of f(key); where keys collide the last value wins.")
        .example("map_keys({a: 1, b: 2}, upper)", "{A: 1, B: 2}"),
];

/// What has named parts.
const KEYED: TypeSet = RECORD.or(TABLE);

/// The `[key, value]` pairs of a record.
pub fn pairs(record: &Record) -> Value {
    let pair = |(key, value): (&Str, &Value)| Value::list(vec![Value::Str(key.clone()), value.clone()]);
    Value::list(record.iter().map(pair).collect())
}

/// Takes a record out of the call; the signature has made sure that it is one.
fn take_record(call: &mut Call, position: usize) -> Result<Record, Error> {
    match call.take(position) {
        Value::Record(record) => Ok(record),
        other => {
            Err(Error::type_error(format!("{}() requires Record, got {}", call.name(), other.type_of())))
        }
    }
}

fn keys(call: &mut Call) -> Result<Value, Error> {
    let value = call.take(0);
    if is_table(&value) {
        let name = call.name();
        let table = Table::from_value(call.machine(), name, value)?;
        return Ok(table.name_list());
    }
    match value {
        Value::Record(record) => Ok(Value::list(record.keys().map(|key| Value::Str(key.clone())).collect())),
        _ => Ok(Value::Nil),
    }
}

fn values(call: &mut Call) -> Result<Value, Error> {
    let value = call.take(0);
    if is_table(&value) {
        let name = call.name();
        let table = Table::from_value(call.machine(), name, value)?;
        return Ok(Value::list(table.columns().iter().map(|column| column.to_list()).collect()));
    }
    match value {
        Value::Record(record) => Ok(Value::list(record.values().to_vec())),
        _ => Ok(Value::Nil),
    }
}

fn entries(call: &mut Call) -> Result<Value, Error> {
    Ok(pairs(&take_record(call, 0)?))
}

fn has_key(call: &mut Call) -> Result<Value, Error> {
    access::contains(call.argument(0), call.argument(1)).map(Value::Bool)
}

fn get(call: &mut Call) -> Result<Value, Error> {
    use biovm_vm::ErrorKind::{IndexOutOfBounds, Name};
    if let Some(value) = call.value_of_key(0, 1) {
        return Ok(value.clone());
    }
    // Asked first: the error for a missing key looks for similar ones, which takes long in a large map.
    if let (Value::Record(record), key @ (Value::Str(_) | Value::Error(_))) =
        (call.argument(0), call.argument(1))
    {
        return Ok(match access::find_key(record, key) {
            Some(value) => value.clone(),
            None => call.take(2),
        });
    }
    match access::index(call.argument(0), call.argument(1)) {
        Err(error) if matches!(error.kind(), Name | IndexOutOfBounds) => Ok(call.take(2)),
        result => result,
    }
}

fn merge(call: &mut Call) -> Result<Value, Error> {
    let mut merged = take_record(call, 0)?;
    for position in 1..call.len() {
        for (key, value) in take_record(call, position)?.iter() {
            merged.insert(key.clone(), value.clone());
        }
    }
    Ok(Value::Record(merged))
}

fn set_key(call: &mut Call) -> Result<Value, Error> {
    let key = match call.argument(1) {
        Value::Str(key) => key.clone(),
        _ => Str::from(call.text(1)?),
    };
    let value = call.take(2);
    let mut record = take_record(call, 0)?;
    record.insert(key, value);
    Ok(Value::Record(record))
}

fn remove_key(call: &mut Call) -> Result<Value, Error> {
    let record = take_record(call, 0)?;
    let key = call.text(1)?;
    if record.get(key).is_none() {
        return Ok(Value::Record(record));
    }
    Ok(Value::Record(record.without(|candidate| candidate == key)))
}

fn map_values(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let mut record = take_record(call, 0)?;
    let machine = call.machine();
    for value in record.values_mut() {
        *value = machine.call(&function, [value.take()])?;
    }
    Ok(Value::Record(record))
}

fn map_keys(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 1)?;
    let record = take_record(call, 0)?;
    let machine = call.machine();
    let mut renamed = Record::empty(record.shape().class());
    for (key, value) in record.iter() {
        let key = machine.call(&function, [Value::Str(key.clone())])?;
        renamed.insert(Str::from(display::text(&key)?), value.clone());
    }
    Ok(Value::Record(renamed))
}
