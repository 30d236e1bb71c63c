//! The text of values.
//!
//! A value that stands alone (in `str`, in an f-string, as an argument of `print`) may read differently from one inside a
//! container: `ATG` and `[DNA(ATG)]`, a table and `[{a: 1}, {a: 2}]`.

mod room;
mod table;

pub use table::write_table;

use crate::error::Error;
use crate::limits::memory;
use crate::value::{Alphabet, Class, List, ListBody, Record, Set, Str, Value, Variable, nested};
use biovm_bytecode::Type;
use room::Room;
use std::fmt::Write;

/// The text of values in messages and cells of tables ends after so many bytes.
const BRIEF: usize = 1000;

/// The rendering of `str` and of f-strings; a `LimitError` where there is no memory for it: a small value may have a long text,
/// such as a range, or a list that holds another one many times.
pub fn text(value: &Value) -> Result<String, Error> {
    let mut output = String::new();
    write_text(&mut output, value)?;
    Ok(output)
}

/// The beginning of the text, which is all of it for most values; for messages. One text or sequence is not cut.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Sequence(sequence) => sequence.as_str().to_owned(),
        Value::Quality(quality) => quality.as_str().to_owned(),
        Value::Foreign(foreign) => nested(|| foreign.standalone_text()).unwrap_or_else(|| "…".to_owned()),
        _ => brief_nested(value),
    }
}

/// The beginning of the rendering inside a container; for cells of tables.
pub fn brief_nested(value: &Value) -> String {
    let mut output = String::new();
    if write_within(&mut output, value, &mut Room::of(BRIEF)).is_err() {
        output.push('…');
    }
    output
}

/// Appends the text of a value that stands alone.
pub fn write_text(output: &mut String, value: &Value) -> Result<(), Error> {
    match value {
        Value::Sequence(sequence) => write_long(output, sequence.as_str())?,
        Value::Quality(quality) => write_long(output, quality.as_str())?,
        Value::List(list) => match uniform_records(list) {
            Some(records) => write_records(output, &records),
            None => write_nested(output, value)?,
        },
        Value::Foreign(foreign) => write_foreign(output, || foreign.standalone_text()),
        _ => write_nested(output, value)?,
    }
    Ok(())
}

/// Appends the rendering of an argument of `print`.
pub fn write_print(output: &mut String, value: &Value) -> Result<(), Error> {
    match value {
        Value::Foreign(foreign) => {
            write_foreign(output, || foreign.print());
            Ok(())
        }
        _ => write_text(output, value),
    }
}

/// The rendering of everything inside a container.
pub fn nested_text(value: &Value) -> Result<String, Error> {
    let mut output = String::new();
    write_nested(&mut output, value)?;
    Ok(output)
}

/// Appends the text of a value that is inside a container.
pub fn write_nested(output: &mut String, value: &Value) -> Result<(), Error> {
    write_within(output, value, &mut Room::of_process())
}

fn write_within(output: &mut String, value: &Value, room: &mut Room) -> Result<(), Error> {
    // The containers that are open; kept here and not on the native stack, so that any nesting can be written.
    let mut open: Vec<Container> = Vec::new();
    let mut next = Some(value);
    loop {
        if let Some(value) = next.take() {
            open.extend(write_beginning(output, value, room)?);
        }
        let Some(container) = open.last_mut() else { return Ok(()) };
        match container.item() {
            Some((key, item)) => {
                room.check(output)?;
                if container.written > 0 {
                    output.push_str(", ");
                }
                container.written += 1;
                if let Some(key) = key {
                    output.push_str(key);
                    output.push_str(": ");
                }
                next = Some(item);
            }
            None => {
                output.push_str(container.end);
                open.pop();
            }
        }
    }
}

/// A container that is being written.
struct Container<'a> {
    parts: Parts<'a>,
    written: usize,
    end: &'static str,
}

enum Parts<'a> {
    Items(&'a [Value]),
    Members(&'a Set),
    Entries(&'a Record),
}

impl<'a> Container<'a> {
    fn item(&self) -> Option<(Option<&'a Str>, &'a Value)> {
        match self.parts {
            Parts::Items(items) => Some((None, items.get(self.written)?)),
            Parts::Members(set) => Some((None, set.get(self.written)?)),
            Parts::Entries(record) => {
                Some((record.shape().key(self.written), record.values().get(self.written)?))
            }
        }
    }
}

/// Appends a value without parts, or the beginning of one whose parts are to follow.
fn write_beginning<'a>(
    output: &mut String,
    value: &'a Value,
    room: &mut Room,
) -> Result<Option<Container<'a>>, Error> {
    let mut begin = |start, parts, end| {
        output.push_str(start);
        Ok(Some(Container { parts, written: 0, end }))
    };
    match value {
        Value::List(list) => match list.body() {
            ListBody::Values(items) => return begin("[", Parts::Items(items), "]"),
            ListBody::Progression { .. } => write_progression(output, list, room)?,
        },
        Value::Tuple(items) => {
            return begin("(", Parts::Items(items), if items.len() == 1 { ",)" } else { ")" });
        }
        Value::Set(set) => return begin("#{", Parts::Members(set), "}"),
        Value::Record(record) => match record.shape().class() {
            Class::Structure(structure) => {
                output.push_str(&structure.full_name());
                match structure.variant_of {
                    // A variant without fields is just its name.
                    Some(_) if record.is_empty() => {}
                    Some(_) => {
                        output.push('(');
                        let parts = Parts::Items(record.values());
                        return Ok(Some(Container { parts, written: 0, end: ")" }));
                    }
                    None => {
                        output.push_str(" {");
                        let parts = Parts::Entries(record);
                        return Ok(Some(Container { parts, written: 0, end: "}" }));
                    }
                }
            }
            _ => return begin("{", Parts::Entries(record), "}"),
        },
        Value::Nil => output.push_str("nil"),
        Value::Bool(value) => output.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => write_int(output, *value),
        Value::Float(value) => write_float(output, *value),
        Value::Str(text) => write_long(output, text)?,
        Value::Sequence(sequence) => {
            let name = match sequence.alphabet() {
                Alphabet::Dna => "DNA(",
                Alphabet::Rna => "RNA(",
                Alphabet::Protein => "Protein(",
            };
            output.push_str(name);
            write_long(output, sequence.as_str())?;
            output.push(')');
        }
        Value::Quality(quality) => {
            output.push_str("Quality(");
            write_long(output, quality.as_str())?;
            output.push(')');
        }
        Value::Range(range) => {
            write_int(output, range.start);
            output.push_str(if range.inclusive { "..=" } else { ".." });
            write_int(output, range.end);
        }
        Value::Native(native) => output.extend(["<builtin ", native.signature.name, ">"]),
        Value::Closure(closure) => match closure.function() {
            function if function.is_lambda() => output.push_str("<fn anonymous>"),
            function => output.extend(["<fn ", function.name.as_str(), ">"]),
        },
        Value::Error(error) => write_long(output, error.message())?,
        Value::Variable(variable) => write_variable(output, variable, room)?,
        Value::Foreign(foreign) => write_foreign(output, || foreign.text()),
    }
    Ok(None)
}

/// Appends a text that may be long.
fn write_long(output: &mut String, text: &str) -> Result<(), Error> {
    memory::room_for(text.len())?;
    output.push_str(text);
    Ok(())
}

/// A variable may hold what holds it.
fn write_variable(output: &mut String, variable: &Variable, room: &mut Room) -> Result<(), Error> {
    let written = nested(|| write_within(output, &variable.get(), room));
    written.unwrap_or_else(|| {
        output.push('…');
        Ok(())
    })
}

/// Foreign values may hold others and come back here by their own code.
fn write_foreign(output: &mut String, text: impl FnOnce() -> String) {
    match nested(text) {
        Some(text) => output.push_str(&text),
        None => output.push('…'),
    }
}

fn write_progression(output: &mut String, list: &List, room: &mut Room) -> Result<(), Error> {
    output.push('[');
    for (position, item) in list.iter().enumerate() {
        room.check(output)?;
        if position > 0 {
            output.push_str(", ");
        }
        if let Value::Int(item) = item {
            write_int(output, item);
        }
    }
    output.push(']');
    Ok(())
}

fn write_int(output: &mut String, value: i64) {
    // Writing to a String cannot fail.
    let _ = write!(output, "{value}");
}

/// A Float, as the language writes it.
pub fn write_float(output: &mut String, value: f64) {
    let magnitude = value.abs();
    // Writing to a String cannot fail.
    let _ = if value.is_nan() {
        output.write_str("NaN")
    } else if value.is_infinite() {
        output.write_str(if value > 0.0 { "inf" } else { "-inf" })
    } else if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        write!(output, "{value:e}")
    } else if value.fract() == 0.0 {
        write!(output, "{value}.0")
    } else {
        write!(output, "{value}")
    };
}

/// The records of a list of at least two that have the same keys, in whatever order.
fn uniform_records(list: &List) -> Option<Vec<&Record>> {
    let [Value::Record(first), rest @ ..] = list.as_slice()? else { return None };
    if rest.is_empty() {
        return None;
    }
    let mut records = vec![first];
    for value in rest {
        let Value::Record(record) = value else { return None };
        if record.shape().class().type_of() == Type::Enum {
            return None;
        }
        let uniform = record.shape().is(first.shape())
            || record.len() == first.len() && first.keys().all(|key| record.get(key).is_some());
        if !uniform {
            return None;
        }
        records.push(record);
    }
    Some(records)
}

fn write_records(output: &mut String, records: &[&Record]) {
    let keys = records.first().map(|first| first.keys().map(Str::as_str).collect());
    let columns: Vec<&str> = keys.unwrap_or_default();
    write_table(output, &columns, records.len(), |row, column| {
        records[row].get(columns[column]).map(brief_nested).unwrap_or_default()
    });
}
