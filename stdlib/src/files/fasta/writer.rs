//! Writing FASTA.

use crate::biology::arguments;
use crate::files::reads::{self, Written};
use biovm_vm::{Call, Error, Value};

/// Letters a line.
const WIDTH: usize = 80;

/// `write_fasta(sequences, path, options)`
pub fn write_fasta(call: &mut Call) -> Result<Value, Error> {
    let width = match arguments::size_option(call, "width")? {
        Some(0) => usize::MAX,
        width => width.unwrap_or(WIDTH),
    };
    reads::write_each(call, |read, text| {
        format(read, width, text);
        Ok(())
    })
}

fn format(read: &Written, width: usize, text: &mut Vec<u8>) {
    text.push(b'>');
    text.extend_from_slice(read.id.as_bytes());
    if !read.description.is_empty() {
        text.push(b' ');
        text.extend_from_slice(read.description.as_bytes());
    }
    text.push(b'\n');
    for line in read.sequence.chunks(width) {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
}
