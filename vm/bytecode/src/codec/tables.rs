//! The sections of the program's tables: texts, constants, shapes and call sites.
//!
//! A writer writes nothing for an empty table, so that its section is left out.

use super::error::FormatError;
use super::reader::Reader;
use super::writer::Writer;
use crate::program::{Argument, CallSite, Constant, Structure};
use crate::types::Type;

const INT: u8 = 0;
const FLOAT: u8 = 1;
const STR: u8 = 2;
const SEQUENCE: u8 = 3;
const REGEX: u8 = 4;

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
    });
}

pub(super) fn read_constants(reader: &mut Reader<'_>) -> Result<Vec<Constant>, FormatError> {
    reader.list(2, |reader| {
        Ok(match reader.byte()? {
            INT => Constant::Int(reader.signed()?),
            FLOAT => Constant::Float(f64::from_bits(u64::from_le_bytes(reader.array()?))),
            STR => Constant::Str(reader.text()?),
            SEQUENCE => {
                let number: usize = reader.narrow()?;
                let Some(of) = Type::ALL.get(number) else {
                    return Err(reader.malformed(format!("there is no type number {number}")));
                };
                Constant::Sequence(*of, reader.text()?)
            }
            REGEX => Constant::Regex(reader.text()?, reader.text()?),
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
