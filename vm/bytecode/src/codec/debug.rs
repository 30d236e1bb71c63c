//! The section of source texts and positions.

use super::error::FormatError;
use super::reader::{Reader, unzigzag};
use super::writer::{Writer, zigzag};
use crate::program::{DebugInfo, Function, Source, SourceSpan};

pub(super) fn write_debug(writer: &mut Writer, info: &DebugInfo, functions: &[Function]) {
    writer.list(&info.sources, |writer, source| {
        writer.text(&source.name);
        writer.text(&source.text);
    });
    for function in functions {
        let mut before = SourceSpan::default();
        writer.list(&function.spans, |writer, span| {
            write_span(writer, before, *span);
            before = *span;
        });
    }
}

/// Reads the section; the spans go into the functions, which come before it in the file.
pub(super) fn read_debug(
    reader: &mut Reader<'_>,
    functions: &mut [Function],
) -> Result<DebugInfo, FormatError> {
    let sources = reader.list(2, |reader| Ok(Source { name: reader.text()?, text: reader.text()? }))?;
    for function in functions {
        let mut before = SourceSpan::default();
        function.spans = reader.list(2, |reader| {
            before = read_span(reader, before)?;
            Ok(before)
        })?;
    }
    Ok(DebugInfo { sources })
}

fn write_span(writer: &mut Writer, before: SourceSpan, span: SourceSpan) {
    let distance = i64::from(span.start) - i64::from(before.start);
    let changed = span.source != before.source;
    writer.number(zigzag(distance) << 1 | u64::from(changed));
    if changed {
        writer.number(u64::from(span.source));
    }
    // Wrapping, so that even a span that ends before it starts, which the verifier refuses, comes back as it was.
    writer.number(u64::from(span.end.wrapping_sub(span.start)));
}

fn read_span(reader: &mut Reader<'_>, before: SourceSpan) -> Result<SourceSpan, FormatError> {
    let number = reader.number()?;
    let source = if number & 1 == 1 { reader.narrow()? } else { before.source };
    // Half of a number is at most 2⁶², so its distance cannot overflow the sum.
    let start = i64::from(before.start) + unzigzag(number >> 1);
    let Ok(start) = u32::try_from(start) else {
        return Err(reader.malformed("a position lies outside the source".to_owned()));
    };
    let length: u32 = reader.narrow()?;
    Ok(SourceSpan { source, start, end: start.wrapping_add(length) })
}
