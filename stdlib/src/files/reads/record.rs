//! Reads as records of a script.

use super::batch::{Batch, Letters, text};
use biovm_vm::Value;
use biovm_vm::usage::fields_read;
use biovm_vm::value::{Class, Record, Sequence, Shape, ShapeRef, Str};
use bytes::Bytes;

/// The fields of a read, in order.
pub fn field_names(has_quality: bool) -> &'static [&'static str] {
    let names: &[&str] = &["id", "description", "seq", "length", "quality"];
    if has_quality { names } else { &names[..4] }
}

/// The shape of the records.
pub fn shape(has_quality: bool) -> ShapeRef {
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
pub fn record(shape: &ShapeRef, batch: &Batch, position: usize, hold: Hold) -> Option<Record> {
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

/// The fields of a record that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    id: bool,
    description: bool,
    sequence: bool,
    quality: bool,
}

impl Wanted {
    /// Every field.
    pub const ALL: Wanted = Wanted { id: true, description: true, sequence: true, quality: true };

    /// Those that a callback can see, which gets the record as its first argument.
    pub fn by(callback: &Value) -> Wanted {
        let Value::Closure(closure) = callback else { return Wanted::ALL };
        match fields_read(closure.program(), closure.function_number()) {
            None => Wanted::ALL,
            Some(fields) => {
                let reads = |name| fields.contains(&name);
                Wanted {
                    id: reads("id"),
                    description: reads("description"),
                    sequence: reads("seq"),
                    quality: reads("quality"),
                }
            }
        }
    }
}

/// Makes one record after the other, in the memory of an earlier one where the script has let go of it.
pub struct RecordMaker {
    shape: ShapeRef,
    /// A loop lets go of a record only when it has the next one, so there are two to take turns.
    earlier: [Option<Record>; 2],
    turn: usize,
    wanted: Wanted,
}

impl RecordMaker {
    /// A maker of records with or without the field `quality`. Fields that are not wanted hold anything.
    pub fn new(has_quality: bool, wanted: Wanted) -> RecordMaker {
        RecordMaker { shape: shape(has_quality), earlier: [None, None], turn: 0, wanted }
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
                refill(record, batch, position, self.wanted)?;
            }
            _ => *slot = Some(record(&self.shape, batch, position, Hold::Copy)?),
        }
        slot.clone().map(Value::Record)
    }

    fn is_free(&self, turn: usize) -> bool {
        self.earlier[turn].as_ref().is_none_or(Record::is_unique)
    }
}

fn refill(record: &mut Record, batch: &Batch, position: usize, wanted: Wanted) -> Option<()> {
    let read = batch.parts(position)?;
    let [id, description, seq, length, rest @ ..] = record.values_mut() else { return None };
    if wanted.id {
        set_text(id, read.id);
    }
    if wanted.description {
        set_text(description, read.description);
    }
    if wanted.sequence {
        *seq = sequence(batch, position, read.sequence, Hold::Copy);
    }
    *length = Value::from(read.sequence.len());
    if let [quality] = rest
        && wanted.quality
    {
        set_text(quality, read.quality);
    }
    Some(())
}

/// Sets a text, in place where nobody else has it.
fn set_text(slot: &mut Value, part: &[u8]) {
    match slot {
        Value::Str(old) => old.replace(text(part)),
        _ => *slot = Value::text(text(part)),
    }
}
