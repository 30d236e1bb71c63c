//! Between JSON and values.

use biovm_vm::limits::memory;
use biovm_vm::value::{Record, Str};
use biovm_vm::{Error, Value};
use serde_json::{Map, Number, Value as Json};

/// Values nested deeper are not written.
const DEEPEST: usize = 100;

/// The value. Whole numbers that no Int can hold become Floats.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::text(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(value).collect()),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, item)| (Str::from(key.as_str()), value(item)));
            Value::Record(Record::from_entries(entries))
        }
    }
}

/// JSON of a value; a `TypeError` where JSON knows nothing like it.
pub fn json(value: &Value) -> Result<Json, Error> {
    json_within(value, DEEPEST)
}

fn json_within(value: &Value, depth: usize) -> Result<Json, Error> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Error::value_error(format!(
            "more than {DEEPEST} values in each other cannot be sent as JSON"
        )));
    };
    let array = |items: &mut dyn Iterator<Item = Value>| {
        items.map(|item| json_within(&item, depth)).collect::<Result<Vec<_>, _>>().map(Json::Array)
    };
    Ok(match value {
        Value::Nil => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Number::from_f64(*number).map(Json::Number).ok_or_else(|| {
            Error::value_error(format!("{number} cannot be sent as JSON, which knows finite numbers only"))
        })?,
        Value::List(list) => {
            memory::room_for(list.len().saturating_mul(size_of::<Json>()))?;
            array(&mut list.iter())?
        }
        Value::Tuple(items) => array(&mut items.iter().cloned())?,
        Value::Sequence(sequence) => Json::from(sequence.as_str()),
        Value::Record(record) => {
            let mut entries = Map::new();
            for (key, item) in record.iter() {
                entries.insert(key.as_str().to_owned(), json_within(item, depth)?);
            }
            Json::Object(entries)
        }
        other => match other.as_text() {
            Some(text) => Json::from(text),
            None => return Err(Error::type_error(format!("{} cannot be sent as JSON", other.type_of()))),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let text = r#"{"b":[1,-2.5,"ü",null,true,{}],"a":{"x":9223372036854775807}}"#;
        let parsed: Json = serde_json::from_str(text).expect("JSON");
        assert_eq!(json(&value(&parsed)).expect("JSON").to_string(), text);
    }

    #[test]
    fn what_json_does_not_know_is_an_error() {
        assert!(json(&Value::Float(f64::NAN)).is_err());
        let mut deep = Value::Nil;
        for _ in 0..200 {
            deep = Value::list(vec![deep]);
        }
        assert!(json(&deep).is_err());
    }
}
