//! The sections of the program's tables: texts, constants, shapes, call sites, annotations and documentation.
//!
//! A writer writes nothing for an empty table, so that its section is left out.

use super::error::FormatError;
use super::reader::Reader;
use super::writer::Writer;
use crate::program::{Annotation, AnnotationForm, Argument, CallSite, Constant, Documentation, Structure};
use crate::types::Type;

const INT: u8 = 0;
const FLOAT: u8 = 1;
const STR: u8 = 2;
const SEQUENCE: u8 = 3;
const REGEX: u8 = 4;
const FORMULA: u8 = 5;

pub(super) fn write_texts(writer: &mut Writer, texts: &[String]) {
    write_table(writer, texts, |writer, text| writer.text(text));
}

pub(super) fn read_texts(reader: &mut Reader<'_>) -> Result<Vec<String>, FormatError> {
    reader.list(1, Reader::text)
}

pub(super) fn write_constants(writer: &mut Writer, constants: &[Constant]) {
    write_table(writer, constants, |writer, constant| match constant {
        Constant::Int(value) => {
            writer.byte(INT);
            writer.signed(*value);
        }
        Constant::Float(value) => {
            writer.byte(FLOAT);
            writer.raw(&value.to_bits().to_le_bytes());
        }
        Constant::Str(text) => {
            writer.byte(STR);
            writer.text(text);
        }
        Constant::Sequence(of, letters) => {
            writer.byte(SEQUENCE);
            writer.number(*of as u64);
            writer.text(letters);
        }
        Constant::Regex(pattern, flags) => {
            writer.byte(REGEX);
            writer.text(pattern);
            writer.text(flags);
        }
        Constant::Formula(response, terms) => {
            writer.byte(FORMULA);
            writer.list(response.as_slice(), |writer, response| writer.text(response));
            writer.list(terms, |writer, term| writer.text(term));
        }
    });
}

pub(super) fn read_constants(reader: &mut Reader<'_>) -> Result<Vec<Constant>, FormatError> {
    reader.list(2, |reader| {
        Ok(match reader.byte()? {
            INT => Constant::Int(reader.signed()?),
            FLOAT => Constant::Float(f64::from_bits(u64::from_le_bytes(reader.array()?))),
            STR => Constant::Str(reader.text()?),
            SEQUENCE => {
                let of = read_type(reader)?;
                Constant::Sequence(of, reader.text()?)
            }
            REGEX => Constant::Regex(reader.text()?, reader.text()?),
            FORMULA => {
                let mut response = reader.list(1, Reader::text)?;
                if response.len() > 1 {
                    return Err(reader.malformed("a formula has several responses".to_owned()));
                }
                Constant::Formula(response.pop(), reader.list(1, Reader::text)?)
            }
            other => return Err(reader.malformed(format!("there is no kind of constant number {other}"))),
        })
    })
}

pub(super) fn write_shapes(writer: &mut Writer, shapes: &[Vec<u32>]) {
    write_table(writer, shapes, |writer, keys| write_numbers(writer, keys));
}

pub(super) fn read_shapes(reader: &mut Reader<'_>) -> Result<Vec<Vec<u32>>, FormatError> {
    reader.list(1, read_numbers)
}

pub(super) fn write_call_sites(writer: &mut Writer, sites: &[CallSite]) {
    write_table(writer, sites, |writer, site| {
        writer.number(site.method.map_or(0, |name| u64::from(name) + 1));
        writer.list(&site.arguments, |writer, argument| {
            writer.number(match argument {
                Argument::Positional => 0,
                Argument::Spread => 1,
                Argument::Named(name) => u64::from(*name) + 2,
            });
        });
    });
}

pub(super) fn read_call_sites(reader: &mut Reader<'_>) -> Result<Vec<CallSite>, FormatError> {
    reader.list(2, |reader| {
        let method = match reader.number()? {
            0 => None,
            number => Some(reader.fit(number - 1)?),
        };
        let arguments = reader.list(1, |reader| {
            Ok(match reader.number()? {
                0 => Argument::Positional,
                1 => Argument::Spread,
                number => Argument::Named(reader.fit(number - 2)?),
            })
        })?;
        Ok(CallSite { method, arguments })
    })
}

pub(super) fn write_structures(writer: &mut Writer, structures: &[Structure]) {
    write_table(writer, structures, |writer, structure| {
        writer.number(u64::from(structure.name));
        writer.number(structure.variant_of.map_or(0, |name| u64::from(name) + 1));
        write_numbers(writer, &structure.fields);
    });
}

pub(super) fn read_structures(reader: &mut Reader<'_>) -> Result<Vec<Structure>, FormatError> {
    reader.list(3, |reader| {
        let name = reader.narrow()?;
        let variant_of = match reader.number()? {
            0 => None,
            number => Some(reader.fit(number - 1)?),
        };
        Ok(Structure { name, variant_of, fields: read_numbers(reader)? })
    })
}

const ANY: u8 = 0;
const NUMBER: u8 = 1;
const TYPE: u8 = 2;
const STRUCTURE: u8 = 3;
const OPTIONAL: u8 = 4;
const UNION: u8 = 5;
const ITEMS: u8 = 6;
const TUPLE: u8 = 7;

pub(super) fn write_annotations(writer: &mut Writer, annotations: &[Annotation]) {
    write_table(writer, annotations, |writer, annotation| {
        writer.text(&annotation.text);
        match &annotation.form {
            AnnotationForm::Any => writer.byte(ANY),
            AnnotationForm::Number => writer.byte(NUMBER),
            AnnotationForm::Type(of) => {
                writer.byte(TYPE);
                writer.number(*of as u64);
            }
            AnnotationForm::Structure(name) => {
                writer.byte(STRUCTURE);
                writer.number(u64::from(*name));
            }
            AnnotationForm::Optional(inner) => {
                writer.byte(OPTIONAL);
                writer.number(u64::from(*inner));
            }
            AnnotationForm::Union(members) => {
                writer.byte(UNION);
                write_numbers(writer, members);
            }
            AnnotationForm::Items(of, item) => {
                writer.byte(ITEMS);
                writer.number(*of as u64);
                writer.number(u64::from(*item));
            }
            AnnotationForm::Tuple(items) => {
                writer.byte(TUPLE);
                write_numbers(writer, items);
            }
        }
    });
}

pub(super) fn read_annotations(reader: &mut Reader<'_>) -> Result<Vec<Annotation>, FormatError> {
    reader.list(2, |reader| {
        let text = reader.text()?;
        let form = match reader.byte()? {
            ANY => AnnotationForm::Any,
            NUMBER => AnnotationForm::Number,
            TYPE => AnnotationForm::Type(read_type(reader)?),
            STRUCTURE => AnnotationForm::Structure(reader.narrow()?),
            OPTIONAL => AnnotationForm::Optional(reader.narrow()?),
            UNION => AnnotationForm::Union(read_numbers(reader)?),
            ITEMS => AnnotationForm::Items(read_type(reader)?, reader.narrow()?),
            TUPLE => AnnotationForm::Tuple(read_numbers(reader)?),
            other => return Err(reader.malformed(format!("there is no kind of annotation number {other}"))),
        };
        Ok(Annotation { text, form })
    })
}

pub(super) fn write_documentation(writer: &mut Writer, documentation: &[Documentation]) {
    write_table(writer, documentation, |writer, Documentation { name, signature, text }| {
        [name, signature, text].into_iter().for_each(|part| writer.text(part));
    });
}

pub(super) fn read_documentation(reader: &mut Reader<'_>) -> Result<Vec<Documentation>, FormatError> {
    reader.list(3, |reader| {
        Ok(Documentation { name: reader.text()?, signature: reader.text()?, text: reader.text()? })
    })
}

fn read_type(reader: &mut Reader<'_>) -> Result<Type, FormatError> {
    let number: usize = reader.narrow()?;
    match Type::ALL.get(number) {
        Some(of) => Ok(*of),
        None => Err(reader.malformed(format!("there is no type number {number}"))),
    }
}

pub(super) fn write_numbers(writer: &mut Writer, numbers: &[u32]) {
    writer.list(numbers, |writer, number| writer.number(u64::from(*number)));
}

pub(super) fn read_numbers(reader: &mut Reader<'_>) -> Result<Vec<u32>, FormatError> {
    reader.list(1, Reader::narrow)
}

fn write_table<T>(writer: &mut Writer, items: &[T], write: impl FnMut(&mut Writer, &T)) {
    if !items.is_empty() {
        writer.list(items, write);
    }
}
