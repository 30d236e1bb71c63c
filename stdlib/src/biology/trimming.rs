//! Trimming reads by their quality.

use super::arguments;
use super::phred;
use super::quality;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter};
use biovm_vm::value::{Quality, Record, Str};
use biovm_vm::{Call, Error, Native, Value, native, required};

const TRIMMED: TypeSet = TypeSet::of(&[Type::Quality, Type::Str, Type::Record, Type::Map]);

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("trim_quality", trim_quality)
    .section("Quality scores")
    .parameters(&[required("quality", TRIMMED), required("threshold", TypeSet::NUMBER), options_parameter()])
    .options(&[
        option("method", TypeSet::one(Type::Str), "\"bwa\": running sum from the 3' end, as BWA and cutadapt (default), or \"window\""),
        option("window", TypeSet::NUMBER, "the number of bases of a window (default 4)"),
    ])
    .returns(TRIMMED)
    .doc("Scores, Phred+33 text or a FASTQ record without its low-quality 3' end; of a record seq, quality and length.")
    .example("trim_quality(\"IIIIIIII!!!!\", 20)", "IIIIIIII")
    .pure()];

fn trim_quality(call: &mut Call) -> Result<Value, Error> {
    let threshold = call.float(1)?;
    if !threshold.is_finite() {
        return Err(call.wrong_argument(1, "a finite number"));
    }
    // Scores are whole, so only whole thresholds make a difference.
    let threshold = threshold.ceil() as i64;
    let by_window = arguments::choice(call, "method", &[("bwa", false), ("window", true)], false)?;
    let window = arguments::size_option(call, "window")?.unwrap_or(4);
    let scores = quality::scores(call, 0)?;
    let keep = match by_window {
        true => phred::keep_by_window(&scores, threshold, window),
        false => phred::keep_by_running_sum(&scores, threshold),
    };
    let length = scores.len();
    match call.take(0) {
        Value::Record(record) => trim_record(record, keep, length),
        value => shorten(&value, keep),
    }
}

fn trim_record(mut record: Record, keep: usize, length: usize) -> Result<Value, Error> {
    for name in ["seq", "quality"] {
        let Some(field) = record.get(name) else { continue };
        let own_length = match field {
            Value::Sequence(sequence) => sequence.len(),
            Value::Str(text) => text.len(),
            _ => length,
        };
        if own_length != length {
            return Err(Error::value_error(format!(
                "trim_quality() requires as many scores as letters, got {length} and {own_length}"
            )));
        }
        let shorter = shorten(field, keep)?;
        record.insert(Str::from(name), shorter);
    }
    if record.get("length").is_some() {
        record.insert(Str::from("length"), keep.into());
    }
    Ok(Value::Record(record))
}

/// The first `keep` letters or scores.
fn shorten(value: &Value, keep: usize) -> Result<Value, Error> {
    Ok(match value {
        Value::Sequence(sequence) => Value::Sequence(sequence.window(0..keep)),
        Value::Quality(scores) => Value::Quality(Quality::window(scores, 0..keep)),
        Value::Str(text) => Value::text(text.get(..keep).unwrap_or_default()),
        Value::List(list) => Value::list(list.iter().take(keep).collect()),
        other => return Err(Error::type_error(format!("trim_quality() cannot shorten {}", other.type_of()))),
    })
}
