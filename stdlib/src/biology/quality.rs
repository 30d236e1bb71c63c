//! Quality scores.

use super::arguments;
use super::letters;
use super::phred;
use biovm_bytecode::signature::Default;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, options_parameter, with_default};
use biovm_vm::{Call, Error, Native, Value, native, required};
use std::borrow::Cow;

const SECTION: &str = "Quality scores";
/// What the functions take: scores, Phred+33 text, a list of scores, or a read with a field `quality`.
pub const SCORES: TypeSet = TypeSet::of(&[Type::Quality, Type::Str, Type::List, Type::Record, Type::Map]);
const PARAMETERS: &[biovm_bytecode::signature::Parameter] = &[required("quality", SCORES)];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("mean_phred", mean_phred)
        .section(SECTION)
        .parameters(&[required("quality", SCORES), options_parameter()])
        .options(&[option(
            "method",
            TypeSet::one(Type::Str),
            "\"arithmetic\" mean of the scores (default), or \"probability\": the score of the mean error, as long-read tools report it",
        )])
        .returns(TypeSet::one(Type::Float))
        .doc("The mean Phred score of scores, Phred+33 text, a list of scores or a FASTQ record; 0.0 of none.")
        .example("mean_phred(qual\"IIII!5\")", "30.0")
        .pure(),
    native("min_phred", min_phred)
        .section(SECTION)
        .parameters(PARAMETERS)
        .returns(TypeSet::one(Type::Int))
        .doc("The lowest Phred score; 0 of none.")
        .example("min_phred(qual\"IIII!5\")", "0")
        .pure(),
    native("error_rate", error_rate)
        .section(SECTION)
        .parameters(PARAMETERS)
        .returns(TypeSet::one(Type::Float))
        .doc("The mean probability that a base is wrong, 10^(-Q/10), 0.0 to 1.0; 0.0 of none.")
        .example("error_rate(qual\"5\")", "0.01")
        .pure(),
    native("expected_errors", expected_errors)
        .section(SECTION)
        .parameters(PARAMETERS)
        .returns(TypeSet::one(Type::Float))
        .doc("The expected number of wrong bases: the sum of 10^(-Q/10).")
        .example("expected_errors(qual\"+\")", "0.1")
        .pure(),
    native("parse_qual", parse_qual)
        .section(SECTION)
        .parameters(&[required("quality", SCORES.and(Type::Nil))])
        .returns(TypeSet::one(Type::List))
        .doc("The Phred scores of Phred+33 text, of a Quality, or of a FASTQ record; none of nil.")
        .example("parse_qual(\"I5!\")", "[40, 20, 0]")
        .pure(),
    native("quality_to_str", quality_to_str)
        .section(SECTION)
        .parameters(&[required("quality", SCORES), with_default("offset", TypeSet::NUMBER, Default::Int(33))])
        .returns(TypeSet::one(Type::Str))
        .doc("Phred scores as text, each score plus the offset as a character.")
        .example("quality_to_str([40, 20, 0])", "I5!")
        .pure(),
];

/// The Phred+33 text of an argument.
pub fn scores<'a>(call: &'a Call<'_>, position: usize) -> Result<Cow<'a, [u8]>, Error> {
    scores_of(call.argument(position), call.name())
}

/// The Phred+33 text of scores, text, a list of scores or a read. `name` is the builtin, for messages.
pub fn scores_of<'a>(value: &'a Value, name: &str) -> Result<Cow<'a, [u8]>, Error> {
    match value {
        Value::Quality(quality) => Ok(quality.letters().into()),
        Value::Str(text) => {
            let text = text.as_bytes();
            if letters::is_quality(text) {
                return Ok(text.into());
            }
            let position = text.iter().position(|letter| !letter.is_ascii_graphic()).unwrap_or_default();
            let letter = String::from_utf8_lossy(&text[position..]).chars().next().unwrap_or_default();
            Err(Error::type_error(format!(
                "{name}() requires Phred+33 text, '!' to '~', found {letter:?} at position {position}"
            )))
        }
        Value::List(list) => list
            .iter()
            .enumerate()
            .map(|(position, item)| match item.as_integral() {
                Some(score @ 0..=93) => Ok(phred::OFFSET + score as u8),
                _ => Err(Error::type_error(format!(
                    "{name}() requires scores from 0 to {}, found {} at position {position}",
                    phred::HIGHEST,
                    biovm_vm::display::brief(&item)
                ))),
            })
            .collect::<Result<Vec<u8>, Error>>()
            .map(Cow::Owned),
        Value::Record(record) => match record.get("quality") {
            Some(field @ (Value::Quality(_) | Value::Str(_) | Value::List(_))) => scores_of(field, name),
            Some(other) => Err(Error::type_error(format!(
                "{name}() requires a quality of Quality or Str, got {}",
                other.type_of()
            ))),
            None => Err(Error::type_error(format!("{name}() requires a record with the field 'quality'"))),
        },
        other => Err(Error::type_error(format!("{name}() requires {SCORES}, got {}", other.type_of()))),
    }
}

fn mean_phred(call: &mut Call) -> Result<Value, Error> {
    let scores = scores(call, 0)?;
    let by_probability = match call.is_nil(1) {
        true => false,
        false => arguments::choice(call, "method", &[("arithmetic", false), ("probability", true)], false)?,
    };
    Ok(Value::Float(if by_probability { phred::mean_by_probability(&scores) } else { phred::mean(&scores) }))
}

fn min_phred(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Int(phred::lowest(&scores(call, 0)?).into()))
}

fn error_rate(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(phred::error_rate(&scores(call, 0)?)))
}

fn expected_errors(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(phred::expected_errors(&scores(call, 0)?)))
}

fn parse_qual(call: &mut Call) -> Result<Value, Error> {
    let nothing = match call.argument(0) {
        Value::Nil => true,
        Value::Record(record) => matches!(record.get("quality"), None | Some(Value::Nil)),
        _ => false,
    };
    if nothing {
        return Ok(Value::list(Vec::new()));
    }
    let scores = scores(call, 0)?;
    Ok(Value::list(scores.iter().map(|letter| Value::Int((letter - phred::OFFSET).into())).collect()))
}

fn quality_to_str(call: &mut Call) -> Result<Value, Error> {
    let offset = call.integer(1)?;
    let scores = scores(call, 0)?;
    let highest = scores.iter().max().map_or(0, |letter| i64::from(letter - phred::OFFSET));
    if offset < 33 || offset.saturating_add(highest) > 126 {
        return Err(Error::value_error(format!(
            "quality_to_str() cannot write score {highest} with offset {offset}: characters are 33 to 126"
        )));
    }
    let text: String =
        scores.iter().map(|letter| char::from(letter - phred::OFFSET + offset as u8)).collect();
    Ok(Value::text(text))
}
