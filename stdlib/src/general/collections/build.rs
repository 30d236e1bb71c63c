//! Longer and shorter lists, repetition, conversion to lists.

use crate::general::common::types::*;
use crate::general::common::walk::{into_list, is_table};
use crate::general::table::Table;
use biovm_vm::limits::memory;
use biovm_vm::limits::memory::vector_for;
use biovm_vm::value::{List, Sequence};
use biovm_vm::{Call, Error, Native, Value, native, operators, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("push", push)
        .in_place()
        .aliases(&["append"])
        .section("Collections")
        .parameters(&[required("list", LIST), required("value", ANY)])
        .returns(LIST)
        .doc("The list with the value as its last item; in place, and so in constant time, where nobody else holds it.")
        .example("push([1, 2], 3)", "[1, 2, 3]")
        .pure(),
    native("pop", pop)
        .in_place()
        .section("Collections")
        .parameters(&[required("list", LIST)])
        .returns(LIST)
        .doc("The list without its last item; an empty list stays empty.")
        .example("pop([1, 2, 3])", "[1, 2]")
        .pure(),
    native("concat", concat)
        .section("Collections")
        .parameters(&[required("a", ITEMS), required("b", ITEMS)])
        .rest(ITEMS)
        .returns(ANY)
        .doc("The Lists, texts, sequences or Tables, one behind the other. Tables must have the same columns, in any order.")
        .example("concat([1], [2, 3], [4])", "[1, 2, 3, 4]")
        .pure(),
    native("repeat", repeat)
        .aliases(&["str_repeat"])
        .section("Collections")
        .parameters(&[required("x", TEXTUAL.or(LIST)), required("n", NUMBER)])
        .returns(ANY)
        .doc("The text, sequence or List n times over; empty where n is 0 or less.")
        .example(r#"repeat("ab", 3)"#, "ababab")
        .pure(),
    native("chars", chars)
        .section("Text")
        .parameters(&[required("text", TEXTUAL)])
        .returns(LIST)
        .doc("The characters of a text, or the letters of a sequence, each as a Str.")
        .example(r#"chars("héy")"#, "[h, é, y]")
        .pure(),
    native("to_list", to_list)
        .section("Collections")
        .parameters(&[required("items", ITEMS)])
        .returns(LIST)
        .doc("The items as a List; a Record gives its [key, value] pairs.")
        .example("to_list({a: 1, b: 2})", "[[a, 1], [b, 2]]"),
];

fn push(call: &mut Call) -> Result<Value, Error> {
    // Before the list is touched: a range becomes a list of its items here.
    if let Value::List(list) = call.argument(0)
        && list.as_slice().is_none()
    {
        drop(vector_for(list.len().saturating_add(1))?);
    }
    let item = call.take(1);
    match call.take(0) {
        Value::List(mut list) => {
            list.make_mut().push(item);
            Ok(Value::List(list))
        }
        other => Err(Error::type_error(format!("{}() requires List, got {}", call.name(), other.type_of()))),
    }
}

fn pop(call: &mut Call) -> Result<Value, Error> {
    match call.take(0) {
        Value::List(mut list) => {
            list.make_mut().pop();
            Ok(Value::List(list))
        }
        other => Err(Error::type_error(format!("pop() requires List, got {}", other.type_of()))),
    }
}

fn concat(call: &mut Call) -> Result<Value, Error> {
    let mut parts: Vec<Value> = (0..call.len()).map(|position| call.take(position)).collect();
    let name = call.name();
    if parts.iter().all(is_table) {
        let machine = call.machine();
        let tables = parts.into_iter().map(|part| Table::from_value(machine, name, part));
        let tables = tables.collect::<Result<Vec<_>, _>>()?;
        return Table::stack(&tables).map(Value::foreign);
    }
    let mut rest = parts.split_off(1).into_iter();
    let Some(mut joined) = parts.pop() else { return Ok(Value::Nil) };
    for part in &mut rest {
        joined = match (joined, part) {
            (Value::List(mut list), Value::List(more)) => {
                memory::room_for(more.len() * size_of::<Value>())?;
                list.make_mut().extend(more.into_vec());
                Value::List(list)
            }
            (Value::Str(mut text), Value::Str(more)) => {
                memory::room_for(more.len())?;
                text.push_str(&more);
                Value::Str(text)
            }
            (joined, part) => operators::concatenate(&joined, &part)?,
        };
    }
    Ok(joined)
}

/// Repetition makes no more than this many bytes: a script that asks for more has made a mistake.
const MOST_BYTES: usize = 1 << 30;

fn repeat(call: &mut Call) -> Result<Value, Error> {
    let count = usize::try_from(call.integer(1)?.max(0)).unwrap_or(usize::MAX);
    let limit = |bytes: usize| match bytes.checked_mul(count) {
        Some(bytes) if bytes <= MOST_BYTES => memory::room_for(bytes),
        _ => {
            Err(Error::value_error(format!("repeat() of {count} copies would take more than 1 GB of memory")))
        }
    };
    match call.argument(0) {
        Value::Sequence(sequence) => {
            limit(sequence.len())?;
            Ok(Value::Sequence(Sequence::from_valid(
                sequence.alphabet(),
                sequence.letters().repeat(count).into(),
            )))
        }
        Value::List(list) => {
            limit(list.len() * size_of::<Value>())?;
            // Any number of copies of nothing is nothing, but takes its time.
            let copies = std::iter::repeat_n(list, if list.is_empty() { 0 } else { count });
            Ok(Value::list(copies.flat_map(List::iter).collect()))
        }
        _ => {
            let text = call.text(0)?;
            limit(text.len())?;
            Ok(Value::from(text.repeat(count)))
        }
    }
}

fn chars(call: &mut Call) -> Result<Value, Error> {
    let letters = |text: &str| {
        let mut buffer = [0; 4];
        Value::list(text.chars().map(|letter| Value::from(&*letter.encode_utf8(&mut buffer))).collect())
    };
    Ok(match call.argument(0) {
        Value::Sequence(sequence) => letters(sequence.as_str()),
        _ => letters(call.text(0)?),
    })
}

fn to_list(call: &mut Call) -> Result<Value, Error> {
    match call.take(0) {
        Value::Record(record) => Ok(crate::general::records::pairs(&record)),
        source => into_list(call.machine(), source).map(Value::List),
    }
}
