//! From one type to another.

use super::common::select::as_pair;
use super::common::types::*;
use super::common::walk::{into_items, into_list};
use super::table::Table;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::value::Set;
use biovm_vm::{Call, Error, Machine, Native, Value, cast, display, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("int", int)
        .section("Conversion")
        .parameters(&[required("x", ANY)])
        .returns(INT)
        .doc(
            "The value as Int. Floats are truncated toward zero, true is 1; text may be decimal, 0x, 0b or 0o, with _ \
             between digits. What cannot be converted is a TypeError.",
        )
        .example(r#"int("0x1F")"#, "31")
        .direct(|value| as_int(value).map(Value::Int))
        .pure(),
    native("float", float)
        .section("Conversion")
        .parameters(&[required("x", ANY)])
        .returns(FLOAT)
        .doc("The value as Float; text may have an exponent, or be nan or inf. What cannot be converted is a TypeError.")
        .example(r#"float("1e-3")"#, "0.001")
        .direct(|value| as_number(value).map(Value::Float))
        .pure(),
    native("str", str)
        .aliases(&["to_string"])
        .section("Conversion")
        .parameters(&[required("x", ANY)])
        .returns(STR)
        .doc("The value as text, as f-strings show it; a sequence gives its letters.")
        .example("str([1, 2.0])", "[1, 2.0]")
        .pure(),
    native("bool", bool)
        .section("Conversion")
        .parameters(&[required("x", ANY)])
        .returns(BOOL)
        .doc("Whether a condition holds for the value: nil, false, zero and everything empty are false.")
        .example("bool([])", "false")
        .direct(|value| Some(Value::Bool(value.is_truthy())))
        .pure(),
    native("to_int", to_int)
        .section("Conversion")
        .parameters(&[required("x", ANY), optional("default", ANY)])
        .returns(ANY)
        .doc("The value as Int, as int() converts it, or the default where it cannot be converted.")
        .example(r#"to_int("n/a", 0)"#, "0")
        .pure(),
    native("to_float", to_float)
        .section("Conversion")
        .parameters(&[required("x", ANY), optional("default", ANY)])
        .returns(ANY)
        .doc("The value as Float, as float() converts it, or the default where it cannot be converted.")
        .example(r#"to_float("0.5")"#, "0.5")
        .pure(),
    native("into", into)
        .section("Conversion")
        .parameters(&[required("x", ANY), required("type", STR)])
        .returns(ANY)
        .doc(
            "The value as another type: List, Set, Tuple, Table, Record, Str, Int, Float or Bool, in any case. A Record \
             becomes a list of [key, value], a single value a list of one. Unknown types are a ValueError.",
        )
        .example(r#"into(1..=3, "list")"#, "[1, 2, 3]"),
];

fn cannot_convert(value: &Value, target: Type) -> Error {
    let shown = match value {
        Value::Str(text) => format!("'{}'", text.as_str()),
        Value::Float(number) => format!("{number:?}"),
        value => value.type_of().to_string(),
    };
    Error::type_error(format!("cannot convert {shown} to {target}"))
}

/// The value as Int, where it can be one.
fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Float(number) => truncated(*number),
        value => parse_int(value.as_text()?.trim()),
    }
}

fn truncated(number: f64) -> Option<i64> {
    // The bounds are exact as Floats; NaN lies outside.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number.trunc());
    fits.then_some(number as i64)
}

/// An Int as people write it; a decimal number is truncated.
fn parse_int(text: &str) -> Option<i64> {
    let is_decimal = || text.contains(['.', 'e', 'E']);
    cast::parse_int(text).or_else(|| if is_decimal() { truncated(cast::parse_float(text)?) } else { None })
}

/// The value as Float, where it can be one.
fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        value => cast::parse_float(value.as_text()?.trim()),
    }
}

fn int(call: &mut Call) -> Result<Value, Error> {
    let value = call.argument(0);
    as_int(value).map(Value::Int).ok_or_else(|| cannot_convert(value, Type::Int))
}

fn float(call: &mut Call) -> Result<Value, Error> {
    let value = call.argument(0);
    as_number(value).map(Value::Float).ok_or_else(|| cannot_convert(value, Type::Float))
}

fn to_int(call: &mut Call) -> Result<Value, Error> {
    Ok(as_int(call.argument(0)).map_or_else(|| call.argument(1).clone(), Value::Int))
}

fn to_float(call: &mut Call) -> Result<Value, Error> {
    Ok(as_number(call.argument(0)).map_or_else(|| call.argument(1).clone(), Value::Float))
}

fn str(call: &mut Call) -> Result<Value, Error> {
    Ok(match call.take(0) {
        text @ Value::Str(_) => text,
        value => Value::from(display::text(&value)?),
    })
}

fn bool(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(call.argument(0).is_truthy()))
}

fn into(call: &mut Call) -> Result<Value, Error> {
    let target = call.text(1)?.to_ascii_lowercase();
    let value = call.take(0);
    let machine = call.machine();
    match target.as_str() {
        "list" => match value {
            Value::Record(record) => Ok(super::records::pairs(&record)),
            value if has_items(&value) => into_list(machine, value).map(Value::List),
            value => Ok(Value::list(vec![value])),
        },
        "tuple" => list_of(machine, value).map(Value::tuple),
        "set" => Ok(Value::Set(list_of(machine, value)?.into_iter().collect::<Set>())),
        "record" => into_record(machine, value),
        "table" => into_table(machine, value),
        "str" => display::text(&value).map(Value::from),
        "int" => as_int(&value).map(Value::Int).ok_or_else(|| cannot_convert(&value, Type::Int)),
        "float" => as_number(&value).map(Value::Float).ok_or_else(|| cannot_convert(&value, Type::Float)),
        "bool" => Ok(Value::Bool(value.is_truthy())),
        _ => Err(Error::value_error(format!("into() cannot convert to '{target}'"))
            .with_hint("the types are List, Set, Tuple, Table, Record, Str, Int, Float and Bool")),
    }
}

/// Whether the value is a container. Text and sequences count as single values here.
fn has_items(value: &Value) -> bool {
    const CONTAINERS: TypeSet = TypeSet::COLLECTION.or(TypeSet::RECORD);
    CONTAINERS.contains(value.type_of())
}

fn list_of(machine: &mut Machine, value: Value) -> Result<Vec<Value>, Error> {
    if has_items(&value) { into_items(machine, value) } else { Ok(vec![value]) }
}

/// A record from another one, or from `[key, value]` pairs.
fn into_record(machine: &mut Machine, value: Value) -> Result<Value, Error> {
    use biovm_vm::value::{Class, Record, Str};
    match value {
        Value::Record(record) => Ok(Value::Record(record.into_class(Class::Record))),
        value if has_items(&value) => {
            let mut record = Record::empty(Class::Record);
            for item in into_items(machine, value)? {
                let Some([key, value]) = as_pair(&item) else {
                    return Err(Error::type_error("into() requires [key, value] pairs to make a Record"));
                };
                record.insert(Str::from(display::text(&key)?), value);
            }
            Ok(Value::Record(record))
        }
        value => Err(cannot_convert(&value, Type::Record)),
    }
}

fn into_table(machine: &mut Machine, value: Value) -> Result<Value, Error> {
    if matches!(value, Value::Record(_)) || super::common::walk::is_table(&value) {
        return Ok(Value::foreign(Table::from_value(machine, "into", value)?));
    }
    let items = list_of(machine, value)?;
    if items.iter().all(|item| matches!(item, Value::Record(_))) {
        return Ok(Value::foreign(Table::from_value(machine, "into", Value::list(items))?));
    }
    Ok(Value::foreign(Table::new(vec!["value".into()], vec![super::table::Column::from_values(items)])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_to_int() {
        let cases = [
            ("42", Some(42)),
            (" -7 ", Some(-7)),
            ("+1_000", Some(1000)),
            ("0x1f", Some(31)),
            ("-0b101", Some(-5)),
            ("0o17", Some(15)),
            ("4.7", Some(4)),
            ("-4.7", Some(-4)),
            ("1e3", Some(1000)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("-9223372036854775809", None),
            ("1e30", None),
            ("", None),
            ("-", None),
            ("+-1", None),
            ("0x", None),
            ("0x-1", None),
            ("1__0", None),
            ("_1", None),
            ("nan", None),
            ("inf", None),
            ("12abc", None),
        ];
        for (text, expected) in cases {
            assert_eq!(as_int(&Value::text(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_to_int() {
        assert_eq!(as_int(&Value::Float(-2.9)), Some(-2));
        assert_eq!(as_int(&Value::Float(f64::NAN)), None);
        assert_eq!(as_int(&Value::Float(9.3e18)), None);
        assert_eq!(as_int(&Value::Bool(true)), Some(1));
        assert_eq!(as_int(&Value::Nil), None);
    }

    #[test]
    fn text_to_float() {
        let float = |text: &str| as_number(&Value::text(text));
        assert_eq!(float(" 1.5e3 "), Some(1500.0));
        assert_eq!(float("-inf"), Some(f64::NEG_INFINITY));
        assert!(float("NaN").is_some_and(f64::is_nan));
        assert_eq!(float("abc"), None);
        assert_eq!(float(""), None);
    }
}
