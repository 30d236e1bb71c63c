//! Annotations that are checked when a call runs: the arguments of functions under `@validate`.

use crate::error::Error;
use crate::program::LoadedProgram;
use crate::value::{Class, Value};
use biovm_bytecode::Type;
use biovm_bytecode::program::AnnotationForm;

/// An error unless the value is what the annotation demands. The verifier has seen to it that annotations consist of
/// earlier ones, so following them ends.
pub(crate) fn check(
    program: &LoadedProgram,
    annotation: usize,
    value: &Value,
    function: &str,
    parameter: &str,
) -> Result<(), Error> {
    match accepts(program, annotation, value) {
        true => Ok(()),
        false => Err(refusal(program, annotation, value, function, parameter)),
    }
}

fn accepts(program: &LoadedProgram, annotation: usize, value: &Value) -> bool {
    let fits = |part: &u32, value: &Value| accepts(program, *part as usize, value);
    match &program.annotations[annotation].form {
        AnnotationForm::Any => true,
        AnnotationForm::Number => matches!(value, Value::Int(_) | Value::Float(_)),
        AnnotationForm::Type(of) => is_of(*of, value),
        AnnotationForm::Structure(name) => {
            owner(value).is_some_and(|owner| owner == program.names[*name as usize].as_str())
        }
        AnnotationForm::Optional(part) => matches!(value, Value::Nil) || fits(part, value),
        AnnotationForm::Union(parts) => parts.iter().any(|part| fits(part, value)),
        AnnotationForm::Items(of, part) => is_of(*of, value) && unfit_item(program, *part, value).is_none(),
        AnnotationForm::Tuple(parts) => match value {
            Value::Tuple(items) => {
                items.len() == parts.len()
                    && parts.iter().zip(items.iter()).all(|(part, item)| fits(part, item))
            }
            _ => false,
        },
    }
}

/// Whether a value may stand where a type is declared: its own; an Int for a Float; a Map for a Record and the other way
/// round; a caught error, which acts as its message, for a Str.
fn is_of(of: Type, value: &Value) -> bool {
    let is_record = |of| matches!(of, Type::Record | Type::Map);
    match (of, value.type_of()) {
        (of, found) if of == found => true,
        (Type::Float, Type::Int) | (Type::Str, Type::Error) => true,
        (of, found) => is_record(of) && is_record(found),
    }
}

/// The position or key of the first item that the annotation does not accept, and the item.
fn unfit_item(program: &LoadedProgram, annotation: u32, value: &Value) -> Option<(String, Value)> {
    let accepted = |item: &Value| accepts(program, annotation as usize, item);
    let place = |(position, item): (usize, Value)| (position.to_string(), item);
    match value {
        Value::List(list) => list.iter().enumerate().find(|(_, item)| !accepted(item)).map(place),
        Value::Tuple(items) => items.iter().cloned().enumerate().find(|(_, item)| !accepted(item)).map(place),
        Value::Set(set) => set.iter().cloned().enumerate().find(|(_, item)| !accepted(item)).map(place),
        Value::Record(record) => {
            let mut entries = record.iter().map(|(key, value)| (key.as_str().to_owned(), value.clone()));
            entries.find(|(_, item)| !accepted(item))
        }
        _ => None,
    }
}

#[cold]
fn refusal(
    program: &LoadedProgram,
    annotation: usize,
    value: &Value,
    function: &str,
    parameter: &str,
) -> Error {
    let wanted = &program.annotations[annotation];
    let got = name_of(value);
    let error = Error::type_error(format!(
        "{function}() parameter '{parameter}' expected {}, got {got}",
        wanted.text
    ));
    match &wanted.form {
        AnnotationForm::Items(of, part) if is_of(*of, value) => match unfit_item(program, *part, value) {
            Some((place, item)) => {
                let (wanted, got) = (&program.annotations[*part as usize].text, name_of(&item));
                error.with_hint(format!("its item {place} is {got}, not {wanted}"))
            }
            None => error,
        },
        _ => error,
    }
}

/// The struct or enum of a value.
fn owner(value: &Value) -> Option<&'static str> {
    match value {
        Value::Record(record) => match record.shape().class() {
            Class::Structure(structure) => {
                Some(structure.variant_of.as_deref().unwrap_or(structure.name.as_str()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The type of a value, or the name of its struct or enum.
fn name_of(value: &Value) -> &'static str {
    owner(value).unwrap_or(value.type_of().name())
}
