//! Writing FASTQ.

use crate::biology::arguments;
use crate::biology::phred;
use crate::files::reads::{self, Written};
use biovm_vm::{Call, Error, Value};

/// `write_fastq(reads, path, options)`
pub fn write_fastq(call: &mut Call) -> Result<Value, Error> {
    let default = match arguments::size_option(call, "default_quality")? {
        None => None,
        Some(score) if score <= usize::from(phred::HIGHEST) => Some(phred::OFFSET + score as u8),
        Some(score) => {
            return Err(Error::value_error(format!(
                "write_fastq() option 'default_quality' must be 0 to {}, got {score}",
                phred::HIGHEST
            )));
        }
    };
    reads::write_each(call, |read, text| format(read, default, text))
}

fn format(read: &Written, default: Option<u8>, text: &mut Vec<u8>) -> Result<(), String> {
    let length = read.sequence.len();
    text.push(b'@');
    text.extend_from_slice(read.id.as_bytes());
    if !read.description.is_empty() {
        text.push(b' ');
        text.extend_from_slice(read.description.as_bytes());
    }
    text.push(b'\n');
    text.extend_from_slice(read.sequence);
    text.extend_from_slice(b"\n+\n");
    match (&read.quality, default) {
        (Some(quality), _) if quality.len() == length => text.extend_from_slice(quality),
        (Some(quality), _) => {
            return Err(format!("sequence and quality differ in length: {length} and {}", quality.len()));
        }
        (None, Some(letter)) => text.resize(text.len() + length, letter),
        (None, None) => return Err("it has no quality; the option 'default_quality' sets one".to_owned()),
    }
    text.push(b'\n');
    Ok(())
}
