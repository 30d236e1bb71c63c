//! Membership and positions.

use crate::general::common::types::*;
use crate::general::common::walk::{Walk, is_stream};
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("contains", contains)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("x", ANY)])
        .returns(BOOL)
        .doc(
            "Whether x is an item of a collection, a part of a text or sequence, a key of a Record, or a column of a \
             Table; a Stream is read until x is found.",
        )
        .example("contains([1, 2, 3], 2)", "true"),
    native("index_of", index_of)
        .section("Collections")
        .parameters(&[required("x", ITEMS), required("y", ANY)])
        .returns(INT)
        .doc("The position, from 0, of the first item equal to y, or of the part y of a text or sequence; -1 if absent.")
        .example(r#"index_of("GATTACA", "TTA")"#, "2"),
];

fn contains(call: &mut Call) -> Result<Value, Error> {
    if is_stream(call.argument(0)) {
        return Ok(Value::Bool(position(call)?.is_some()));
    }
    let (items, item) = (call.take(0), call.take(1));
    call.machine().contains(&items, &item).map(Value::Bool)
}

fn index_of(call: &mut Call) -> Result<Value, Error> {
    let part = match call.argument(1) {
        Value::Sequence(sequence) => Some(sequence.as_str()),
        value => value.as_text(),
    };
    let found = match (call.argument(0), part) {
        (Value::Str(text), Some(part)) => text.find(part).map(|bytes| text[..bytes].chars().count()),
        (Value::Sequence(sequence), Some(part)) => {
            memchr::memmem::find(sequence.letters(), part.to_ascii_uppercase().as_bytes())
        }
        (Value::Str(_) | Value::Sequence(_), None) => return Err(call.wrong_argument(1, "Str")),
        _ => position(call)?,
    };
    Ok(found.map_or(Value::Int(-1), Value::from))
}

/// The position of the first item equal to the second argument.
fn position(call: &mut Call) -> Result<Option<usize>, Error> {
    let wanted = call.take(1);
    let source = call.take(0);
    let machine = call.machine();
    let mut walk = Walk::new(machine, source)?;
    let mut position = 0;
    while let Some(item) = walk.next(machine)? {
        if machine.equal(&item, &wanted)? {
            return Ok(Some(position));
        }
        position += 1;
    }
    Ok(None)
}
