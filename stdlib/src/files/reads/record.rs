//! Reads as records of a script.

use super::batch::{Batch, Letters};
use biovm_vm::Value;
use biovm_vm::value::{Class, Record, Sequence, Shape, Str};
use bytes::Bytes;
use std::sync::Arc;

/// The fields of a read, in order.
pub fn field_names(has_quality: bool) -> &'static [&'static str] {
    let names: &[&str] = &["id", "description", "seq", "length", "quality"];
    if has_quality { names } else { &names[..4] }
}

/// The shape of the records.
pub fn shape(has_quality: bool) -> Arc<Shape> {
    Shape::of(Class::Record, field_names(has_quality).iter().map(|name| Str::from(*name)))
}

/// How a record holds its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// As a window, which keeps the batch alive: for tables, which keep it anyway.
    Window,
    /// As a copy, unless the read is most of its batch: for streams, so that keeping one read does not keep its
    /// neighbours.
    Copy,
}

/// The sequence of a read.
pub fn sequence(batch: &Batch, position: usize, letters: &[u8], hold: Hold) -> Value {
    match batch.letters() {
        Letters::Sequence(alphabet) => {
            let letters = match hold {
                Hold::Copy if batch.is_wasteful_to_hold(letters) => Bytes::copy_from_slice(letters),
                _ => batch.sequence_window(position),
            };
            Value::Sequence(Sequence::from_valid(alphabet, letters))
        }
        Letters::Text => Value::text(String::from_utf8_lossy(letters).into_owned()),
    }
}

/// A new record of a read.
pub fn record(shape: &Arc<Shape>, batch: &Batch, position: usize, hold: Hold) -> Option<Record> {
    let read = batch.get(position)?;
    let mut values = Vec::with_capacity(shape.len());
    values.push(Value::text(read.id));
    values.push(Value::text(read.description));
    values.push(sequence(batch, position, read.sequence, hold));
    values.push(Value::from(read.sequence.len()));
    if shape.len() > values.len() {
        values.push(Value::text(read.quality));
    }
    Some(Record::with_shape(shape.clone(), values))
}

/// Makes one record after the other, in the memory of an earlier one where the script has let go of it.
pub struct RecordMaker {
    shape: Arc<Shape>,
    /// A loop lets go of a record only when it has the next one, so there are two to take turns.
    earlier: [Option<Record>; 2],
    turn: usize,
}

impl RecordMaker {
    /// A maker of records with or without the field `quality`.
    pub fn new(has_quality: bool) -> RecordMaker {
        RecordMaker { shape: shape(has_quality), earlier: [None, None], turn: 0 }
    }

    /// The record of a read of the batch.
    pub fn make(&mut self, batch: &Batch, position: usize) -> Option<Value> {
        // The last one is free where a callback has returned, the one before it where a loop goes on.
        let last = self.turn;
        let turn = if self.is_free(last) { last } else { 1 - last };
        self.turn = turn;
        let slot = &mut self.earlier[turn];
        match slot {
            Some(record) if record.is_unique() && record.values().len() == self.shape.len() => {
                refill(record, batch, position)?;
            }
            _ => *slot = Some(record(&self.shape, batch, position, Hold::Copy)?),
        }
        slot.clone().map(Value::Record)
    }

    fn is_free(&self, turn: usize) -> bool {
        self.earlier[turn].as_ref().is_none_or(Record::is_unique)
    }
}

fn refill(record: &mut Record, batch: &Batch, position: usize) -> Option<()> {
    let read = batch.get(position)?;
    let [id, description, seq, length, rest @ ..] = record.values_mut() else { return None };
    set_text(id, read.id);
    set_text(description, read.description);
    *seq = sequence(batch, position, read.sequence, Hold::Copy);
    *length = Value::from(read.sequence.len());
    if let [quality] = rest {
        set_text(quality, read.quality);
    }
    Some(())
}

/// Sets a text, in place where nobody else has it.
fn set_text(slot: &mut Value, text: &str) {
    match slot {
        Value::Str(old) => old.replace(text),
        _ => *slot = Value::text(text),
    }
}
