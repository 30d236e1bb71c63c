//! Why a file is not a program.

use super::FORMAT_VERSION;
use std::fmt;

/// Why a file cannot be read as a compiled program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// The file does not begin like a bytecode file.
    NotBytecode {
        /// Whether it begins like text.
        looks_like_source: bool,
    },
    /// The file has another format version.
    Version {
        /// The version of the file.
        found: u16,
    },
    /// The file was written by a biovm with another instruction table.
    OtherInstructions,
    /// The file ends too early.
    Truncated {
        /// The length that it should have, in bytes.
        expected: u64,
        /// The length that it has.
        found: u64,
    },
    /// The file goes on after its end.
    TooLong {
        /// The length that it should have, in bytes.
        expected: u64,
        /// The length that it has.
        found: u64,
    },
    /// The content does not have the checksum that was written with it.
    Checksum,
    /// The file has a section that this biovm does not know and that may not be ignored.
    UnknownSection {
        /// The id of the section.
        id: u8,
        /// Where it begins, in bytes.
        offset: usize,
    },
    /// A section does not follow the format, although the checksum is right.
    Malformed {
        /// The name of the section.
        section: &'static str,
        /// Where reading stopped, in bytes from the beginning of the file.
        offset: usize,
        /// What is wrong there.
        problem: String,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::NotBytecode { looks_like_source: false } => {
                formatter.write_str("not a biovm bytecode file")
            }
            FormatError::NotBytecode { looks_like_source: true } => formatter
                .write_str("not a biovm bytecode file; it looks like source text, which `biovm run` takes"),
            FormatError::Version { found } => write!(
                formatter,
                "the file has format version {found}, while this biovm reads {FORMAT_VERSION}; \
                 compile the script again with this biovm"
            ),
            FormatError::OtherInstructions => formatter.write_str(
                "the file was compiled by a biovm with other instructions; \
                 compile the script again with this biovm",
            ),
            FormatError::Truncated { expected, found } => {
                write!(formatter, "the file is truncated: it has {found} of {expected} bytes")
            }
            FormatError::TooLong { expected, found } => {
                write!(formatter, "the file is damaged: it has {found} bytes and should have {expected}")
            }
            FormatError::Checksum => {
                formatter.write_str("checksum mismatch: the file is damaged; compile the script again")
            }
            FormatError::UnknownSection { id, offset } => write!(
                formatter,
                "the file has a section of the unknown kind {id} at byte offset {offset}; \
                 compile the script again with this biovm"
            ),
            FormatError::Malformed { section, offset, problem } => {
                write!(formatter, "malformed section `{section}` at byte offset {offset}: {problem}")
            }
        }
    }
}

impl std::error::Error for FormatError {}
