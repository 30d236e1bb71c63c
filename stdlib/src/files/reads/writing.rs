//! What the builtins that write reads have in common.

use super::table::ReadTable;
use crate::biology::arguments;
use crate::files::output::{Compress, OutputFile};
use biovm_bytecode::signature::OptionField;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::option;
use biovm_vm::value::Record;
use biovm_vm::{Call, Context, Error, Value};
use std::sync::Arc;

/// What can be written: everything that has records in it, or one record.
pub const READS: TypeSet = TypeSet::COLLECTION.or(TypeSet::RECORD);
/// The option that says how to compress.
pub const COMPRESS: OptionField = option(
    "compress",
    TypeSet::one(Type::Str),
    "\"none\", \"gzip\", \"bgzf\" or \"zstd\"; by default what the path ends in",
);
/// The option that says how well to compress.
pub const LEVEL: OptionField = option(
    "level",
    TypeSet::NUMBER,
    "the level of compression, 0 (fast) to 9 (small), for zstd to 19; default 6, for zstd 3",
);

/// A read that is to be written.
pub struct Written<'a> {
    /// The name.
    pub id: &'a str,
    /// What follows the name; may be empty.
    pub description: &'a str,
    /// The letters.
    pub sequence: &'a [u8],
    /// Phred+33 text, where the read has a quality.
    pub quality: Option<std::borrow::Cow<'a, [u8]>>,
}

/// Writes all reads of the first argument to the path of the second, each as `format` makes it, and returns their number.
/// The options are the third.
pub fn write_each(
    call: &mut Call,
    mut format: impl FnMut(&Written, &mut Vec<u8>) -> Result<(), String>,
) -> Result<Value, Error> {
    let path = call.text(1)?.to_owned();
    let choices = [
        ("none", Compress::None),
        ("gzip", Compress::Gzip),
        ("bgzf", Compress::Bgzf),
        ("zstd", Compress::Zstd),
    ];
    let compress = arguments::choice(call, "compress", &choices, Compress::by_name(&path))?;
    let (usual, highest) = compress.levels();
    let level = arguments::size_option(call, "level")?.map_or(Ok(usual), |level| {
        u32::try_from(level).ok().filter(|level| *level <= highest).ok_or_else(|| {
            Error::value_error(format!(
                "{}() option 'level' must be 0 to {highest}, got {level}",
                call.name()
            ))
        })
    })?;
    let name = call.name();
    let source = call.take(0);
    let machine = call.machine();
    let mut target = match path.as_str() {
        "-" => Target::Standard(machine.context().clone()),
        _ => Target::File(Box::new(OutputFile::create(&machine.context().gate, &path, compress, level)?)),
    };
    let mut text = Vec::new();
    let mut count = 0i64;
    let mut write = |read: &Written| -> Result<(), Error> {
        count += 1;
        text.clear();
        check(read)
            .and_then(|()| format(read, &mut text))
            .map_err(|what| Error::value_error(format!("{name}() cannot write record {count}: {what}")))?;
        target.write(&text)
    };

    if let Value::Record(record) = &source {
        write(&read_of(record, name)?)?;
    } else if let Value::Foreign(foreign) = &source
        && let Some(table) = foreign.downcast::<ReadTable>()
    {
        let has_quality = table.columns().contains(&"quality");
        for view in table.views() {
            let quality = has_quality.then_some(view.quality.as_bytes().into());
            let (id, description, sequence) = (view.id, view.description, view.sequence);
            write(&Written { id, description, sequence, quality })?;
        }
    } else {
        let mut items = machine.iterate(source)?;
        while let Some(item) = items.next(machine)? {
            machine.check_interrupt()?;
            let Value::Record(record) = &item else {
                return Err(Error::type_error(format!("{name}() requires records, got {}", item.type_of())));
            };
            write(&read_of(record, name)?)?;
        }
    }
    target.finish()?;
    Ok(Value::Int(count))
}

enum Target {
    File(Box<OutputFile>),
    Standard(Arc<Context>),
}

impl Target {
    fn write(&mut self, text: &[u8]) -> Result<(), Error> {
        match self {
            Target::File(file) => file.write(text),
            Target::Standard(context) => context.output.write(&String::from_utf8_lossy(text)),
        }
    }

    fn finish(self) -> Result<(), Error> {
        match self {
            Target::File(file) => file.finish(),
            Target::Standard(_) => Ok(()),
        }
    }
}

/// The parts of a record.
fn read_of<'a>(record: &'a Record, name: &str) -> Result<Written<'a>, Error> {
    let text = |key: &str| match record.get(key) {
        None | Some(Value::Nil) => Ok(None),
        Some(value) => value.as_text().map(Some).ok_or_else(|| {
            Error::type_error(format!("{name}() requires '{key}' of Str, got {}", value.type_of()))
        }),
    };
    let missing = |key: &str| Error::type_error(format!("{name}() requires records with the field '{key}'"));
    let id = text("id")?.ok_or_else(|| missing("id"))?;
    let description = text("description")?.unwrap_or_default();
    let sequence = match record.get("seq") {
        Some(Value::Sequence(sequence)) => sequence.letters(),
        Some(Value::Str(text)) => text.as_bytes(),
        Some(other) => {
            let got = other.type_of();
            return Err(Error::type_error(format!(
                "{name}() requires 'seq' of a sequence or Str, got {got}"
            )));
        }
        None => return Err(missing("seq")),
    };
    let quality = match record.get("quality") {
        None | Some(Value::Nil) => None,
        Some(value) => Some(crate::biology::quality_text(value, name)?),
    };
    Ok(Written { id, description, sequence, quality })
}

/// What would not come back from the file as it is.
fn check(read: &Written) -> Result<(), String> {
    let breaks = |text: &str| text.contains(['\n', '\r']);
    if breaks(read.id) || breaks(read.description) {
        return Err("its id or description has a line break".to_owned());
    }
    if let Some(position) = read.sequence.iter().position(|letter| !letter.is_ascii_graphic()) {
        return Err(format!(
            "its sequence has {} at position {position}",
            super::shown_letter(read.sequence, position)
        ));
    }
    Ok(())
}
