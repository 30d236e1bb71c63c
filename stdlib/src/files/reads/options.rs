//! What the builtins that read files have in common: options, and the ways to hand out records.

use super::ahead::Source;
use super::fault::OnError;
use super::stream::{Batches, ReadStream, for_each};
use super::table::ReadTable;
use crate::biology::arguments;
use biovm_bytecode::signature::OptionField;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::option;
use biovm_vm::stream::Stream;
use biovm_vm::{Call, Error, Value};

/// The option that says what to do about faulty records.
pub const ON_ERROR: OptionField = option(
    "on_error",
    TypeSet::one(Type::Str),
    "what to do about a malformed record: \"raise\" (default), \"skip\" it and report how many, or \"stop\" before it",
);
/// The option that ends reading early.
pub const LIMIT: OptionField = option("limit", TypeSet::NUMBER, "read at most this many records");
/// The option that chooses the kind of result.
pub const AS: OptionField =
    option("as", TypeSet::one(Type::Str), "the kind of result: \"table\", \"list\" or \"stream\"");

/// Options that all readers have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What to do about faulty records.
    pub on_error: OnError,
    /// The most records to read.
    pub limit: Option<u64>,
}

impl ReadOptions {
    /// The options of a call.
    pub fn of(call: &Call) -> Result<ReadOptions, Error> {
        let choices = [("raise", OnError::Raise), ("skip", OnError::Skip), ("stop", OnError::Stop)];
        Ok(ReadOptions {
            on_error: arguments::choice(call, "on_error", &choices, OnError::Raise)?,
            limit: arguments::size_option(call, "limit")?.map(|limit| limit as u64),
        })
    }
}

/// How records are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All at once, as a table.
    Table,
    /// All at once, as a list of records.
    List,
    /// One after the other.
    Stream,
}

/// The mode that the option `as` names.
pub fn result_option(call: &Call, default: Mode) -> Result<Mode, Error> {
    let choices = [("table", Mode::Table), ("list", Mode::List), ("stream", Mode::Stream)];
    arguments::choice(call, "as", &choices, default)
}

/// The records of a source, which comes from the file `name`. `label` is what `println` shows of a stream.
pub fn open_as(
    call: &mut Call,
    label: &str,
    name: &str,
    source: impl Source,
    mode: Mode,
) -> Result<Value, Error> {
    let machine = call.machine();
    if mode == Mode::Stream {
        return Ok(Stream::value(label, ReadStream::start(machine, name, source)?));
    }
    let has_quality = source.has_quality();
    let mut reading = Batches::start(machine, name, source)?;
    let mut batches = Vec::new();
    while let Some(batch) = reading.next_batch(machine)? {
        batches.push(batch);
    }
    let table = ReadTable::new(batches, has_quality);
    Ok(match mode {
        Mode::List => Value::list(table.records().map(Value::Record).collect()),
        _ => Value::foreign(table),
    })
}

/// Calls the function with each record of a source; the result is their number.
pub fn callback(call: &mut Call, name: &str, source: impl Source, function: &Value) -> Result<Value, Error> {
    for_each(call.machine(), name, source, function).map(|count| Value::Int(count as i64))
}
