//! The section of the functions, and their code.

use super::error::FormatError;
use super::reader::Reader;
use super::tables::{read_numbers, write_numbers};
use super::writer::Writer;
use crate::instruction::{Instruction, Opcode};
use crate::operand::Register;
use crate::program::{CaptureSource, Function, Handler, Inlined, Parameter, Region, RegionKind};

/// The bytes of a function in which everything is empty.
const LEAST_FUNCTION: usize = 12;

pub(super) fn write_functions(writer: &mut Writer, functions: &[Function]) {
    if !functions.is_empty() {
        writer.list(functions, write_function);
    }
}

pub(super) fn read_functions(reader: &mut Reader<'_>) -> Result<Vec<Function>, FormatError> {
    reader.list(LEAST_FUNCTION, read_function)
}

fn write_function(writer: &mut Writer, function: &Function) {
    writer.text(&function.name);
    writer.list(&function.parameters, |writer, parameter| {
        writer.number(u64::from(parameter.name) << 1 | u64::from(parameter.has_default));
    });
    writer.byte(u8::from(function.has_rest));
    writer.number(u64::from(function.register_count));
    writer.list(&function.captures, |writer, capture| {
        writer.number(match capture {
            CaptureSource::Register(register) => u64::from(register.0) << 1,
            CaptureSource::Capture(index) => u64::from(*index) << 1 | 1,
        });
    });
    writer.list(&function.handlers, |writer, handler| {
        for number in [handler.start, handler.end, handler.target, u32::from(handler.register.0)] {
            writer.number(u64::from(number));
        }
    });
    writer.list(&function.inlined, |writer, inlined| {
        for number in [inlined.start, inlined.end, inlined.call] {
            writer.number(u64::from(number));
        }
    });
    writer.list(&function.regions, |writer, region| {
        let numbers = match region.kind {
            RegionKind::Builtin { call, entry } => [0, call, entry],
            RegionKind::Stage { name } => [1, name, 0],
        };
        for number in [region.start, region.end].into_iter().chain(numbers) {
            writer.number(u64::from(number));
        }
    });
    write_numbers(writer, &function.field_sites);
    writer.text(&function.doc);
    writer.text(&function.signature);
    writer.list(&function.code, write_instruction);
}

fn read_function(reader: &mut Reader<'_>) -> Result<Function, FormatError> {
    Ok(Function {
        name: reader.text()?,
        parameters: reader.list(1, |reader| {
            let number = reader.number()?;
            Ok(Parameter { name: reader.fit(number >> 1)?, has_default: number & 1 == 1 })
        })?,
        has_rest: reader.boolean()?,
        register_count: reader.narrow()?,
        captures: reader.list(1, |reader| {
            let number = reader.number()?;
            let index = reader.fit(number >> 1)?;
            Ok(if number & 1 == 0 {
                CaptureSource::Register(Register(index))
            } else {
                CaptureSource::Capture(index)
            })
        })?,
        handlers: reader.list(4, |reader| {
            Ok(Handler {
                start: reader.narrow()?,
                end: reader.narrow()?,
                target: reader.narrow()?,
                register: Register(reader.narrow()?),
            })
        })?,
        inlined: reader.list(3, |reader| {
            Ok(Inlined { start: reader.narrow()?, end: reader.narrow()?, call: reader.narrow()? })
        })?,
        regions: reader.list(5, read_region)?,
        field_sites: read_numbers(reader)?,
        doc: reader.text()?,
        signature: reader.text()?,
        code: reader.list(1, read_instruction)?,
        spans: Vec::new(),
    })
}

fn read_region(reader: &mut Reader<'_>) -> Result<Region, FormatError> {
    let (start, end) = (reader.narrow()?, reader.narrow()?);
    let (kind, first, second) = (reader.number()?, reader.narrow()?, reader.narrow()?);
    let kind = match kind {
        0 => RegionKind::Builtin { call: first, entry: second },
        1 => RegionKind::Stage { name: first },
        _ => return Err(reader.malformed(format!("there is no kind {kind} of regions"))),
    };
    Ok(Region { start, end, kind })
}

fn write_instruction(writer: &mut Writer, instruction: &Instruction) {
    writer.byte(instruction.opcode() as u8);
    instruction.visit_operands(|_, kind, number| {
        if kind.is_signed() {
            writer.signed(number);
        } else {
            writer.number(number.unsigned_abs());
        }
    });
}

fn read_instruction(reader: &mut Reader<'_>) -> Result<Instruction, FormatError> {
    let number = reader.byte()?;
    let Some(opcode) = Opcode::ALL.get(usize::from(number)).copied() else {
        return Err(reader.malformed(format!("there is no instruction number {number}")));
    };
    let mut operands = opcode.operands().iter();
    // `from_operands` knows only "no number": what the reader had to say is kept beside it.
    let mut failure = None;
    let instruction = Instruction::from_operands(opcode, || {
        let (_, kind) = operands.next()?;
        let number = if kind.is_signed() { reader.signed() } else { reader.narrow::<i64>() };
        number.map_err(|error| failure = Some(error)).ok()
    });
    instruction.ok_or_else(|| {
        failure.unwrap_or_else(|| {
            reader.malformed(format!("an operand of {} does not fit its type", opcode.name()))
        })
    })
}
