//! The file format of compiled programs.
//!
//! A file is a header, sections, and a checksum. Whole numbers of the header are little-endian; everywhere else
//! a *number* is an unsigned LEB128 varint, a *signed number* the varint of its zig-zag form (0, -1, 1, -2 …),
//! a *text* the number of its bytes and then the bytes, which are UTF-8, and a *list* the number of its items
//! and then the items.
//!
//! | Offset | Bytes | Content |
//! |---|---|---|
//! | 0 | 6 | [`MAGIC`]: `BIOVM` and a zero |
//! | 6 | 2 | [`FORMAT_VERSION`] |
//! | 8 | 4 | fingerprint of the instruction table and the types: names and operands, in order |
//! | 12 | 8 | length of the whole file |
//! | 20 | … | the sections |
//! | end - 4 | 4 | CRC-32 of everything before it |
//!
//! A section is an id byte, the length of its content as a number, and the content. Sections come in the order of
//! their ids, each at most once; one whose table is empty is left out. A reader skips a section that it does not
//! know where the id has its high bit set, and refuses the file otherwise.
//!
//! | Id | Section | Content |
//! |---|---|---|
//! | 1 | names | a list of texts |
//! | 2 | constants | a list; each a tag byte and: 0 Int, a signed number; 1 Float, its 8 bytes; 2 Str, a text; 3 biological literal, the number of the type and a text; 4 Regex, two texts; 5 Formula, a list of no or one text and a list of texts |
//! | 3 | shapes | a list of lists of numbers: names |
//! | 4 | natives | a list of texts |
//! | 5 | globals | a list of texts |
//! | 6 | call sites | a list; each the method as 0 (none) or name + 1, then a list of arguments: 0 positional, 1 spread, or name + 2 |
//! | 7 | functions | a list; see below |
//! | 8 | debug | a list of sources (name and text), then for each function a list of spans; left out where stripped |
//! | 9 | structures | a list; each its name, the enum that it is a variant of as 0 (none) or name + 1, and a list of field names |
//! | 10 | annotations | a list; each a text, a tag byte and: 0 Any, nothing; 1 Num, nothing; 2 a type, its number; 3 a struct or enum, its name; 4 optional, an annotation; 5 union, a list of annotations; 6 items, the number of a type and an annotation; 7 Tuple, a list of annotations |
//! | 11 | documentation | a list; each a name, a signature and a doc comment, three texts |
//!
//! A function is its name (a text); its parameters, a list of numbers: twice the name, plus 1 with a default;
//! whether it has a rest parameter, a byte; its number of registers; its captures, a list of numbers: twice the
//! register, or twice the capture plus 1; its handlers, a list of four numbers each: start, end, target, register;
//! its field names, a list of numbers; its doc comment and its signature, two texts; and its code, a list of
//! instructions. An instruction is its opcode byte and its operands in the order of the instruction table: jumps
//! and literal integers are signed numbers, all others numbers.
//!
//! A span is a number and a length. The number is twice the zig-zag form of the start's distance from the start
//! of the span before it, and plus 1 where the source changes; the new source then follows, before the length.
//! Each function begins anew at source 0, byte 0.

mod debug;
mod error;
mod functions;
mod reader;
mod tables;
mod writer;

pub use error::FormatError;

use crate::instruction::Opcode;
use crate::program::Program;
use crate::types::Type;
use reader::Reader;
use std::sync::OnceLock;
use writer::Writer;

/// The bytes that a bytecode file begins with.
pub const MAGIC: [u8; 6] = *b"BIOVM\0";

/// The version of the layout that this biovm writes and reads. It grows with the layout and with the meaning of
/// an instruction; a change of names or operands of instructions is noticed without it, by the fingerprint.
pub const FORMAT_VERSION: u16 = 3;

/// Magic, version, fingerprint, length.
const HEADER_LENGTH: usize = 6 + 2 + 4 + 8;
const CHECKSUM_LENGTH: usize = 4;
/// Sections that have this bit may be skipped by a reader that does not know them.
const IGNORABLE: u8 = 0x80;

/// The sections, by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Section {
    Names = 1,
    Constants,
    Shapes,
    Natives,
    Globals,
    CallSites,
    Functions,
    Debug,
    Structures,
    Annotations,
    Documentation,
}

impl Section {
    const ALL: [Section; 11] = [
        Section::Names,
        Section::Constants,
        Section::Shapes,
        Section::Natives,
        Section::Globals,
        Section::CallSites,
        Section::Functions,
        Section::Debug,
        Section::Structures,
        Section::Annotations,
        Section::Documentation,
    ];

    fn from_id(id: u8) -> Option<Section> {
        Section::ALL.into_iter().find(|section| *section as u8 == id)
    }

    const fn name(self) -> &'static str {
        match self {
            Section::Names => "names",
            Section::Constants => "constants",
            Section::Shapes => "shapes",
            Section::Natives => "natives",
            Section::Globals => "globals",
            Section::CallSites => "call sites",
            Section::Structures => "structures",
            Section::Annotations => "annotations",
            Section::Documentation => "documentation",
            Section::Functions => "functions",
            Section::Debug => "debug",
        }
    }
}

/// Whether the bytes begin like a bytecode file.
pub fn is_bytecode(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The program as the bytes of a file; `strip` leaves out source text and positions.
pub fn encode(program: &Program, strip: bool) -> Vec<u8> {
    let mut file = Writer::default();
    file.raw(&MAGIC);
    file.raw(&FORMAT_VERSION.to_le_bytes());
    file.raw(&fingerprint().to_le_bytes());
    // The length, once it is known.
    let length_at = file.bytes.len();
    file.raw(&[0; 8]);

    for section in Section::ALL {
        let mut content = Writer::default();
        match section {
            Section::Names => tables::write_texts(&mut content, &program.names),
            Section::Constants => tables::write_constants(&mut content, &program.constants),
            Section::Shapes => tables::write_shapes(&mut content, &program.shapes),
            Section::Natives => tables::write_texts(&mut content, &program.natives),
            Section::Globals => tables::write_texts(&mut content, &program.globals),
            Section::CallSites => tables::write_call_sites(&mut content, &program.call_sites),
            Section::Structures => tables::write_structures(&mut content, &program.structures),
            Section::Annotations => tables::write_annotations(&mut content, &program.annotations),
            Section::Documentation => tables::write_documentation(&mut content, &program.documentation),
            Section::Functions => functions::write_functions(&mut content, &program.functions),
            Section::Debug => match &program.debug {
                Some(info) if !strip => debug::write_debug(&mut content, info, &program.functions),
                _ => {}
            },
        }
        if !content.bytes.is_empty() {
            file.byte(section as u8);
            file.number(content.bytes.len() as u64);
            file.raw(&content.bytes);
        }
    }

    let length = (file.bytes.len() + CHECKSUM_LENGTH) as u64;
    file.bytes[length_at..length_at + 8].copy_from_slice(&length.to_le_bytes());
    let checksum = crc32fast::hash(&file.bytes);
    file.raw(&checksum.to_le_bytes());
    file.bytes
}

/// The program of a file. It is well-formed, but not yet proved harmless: see [`crate::verify`].
pub fn decode(bytes: &[u8]) -> Result<Program, FormatError> {
    let end = check_envelope(bytes)?;
    let mut program = Program::default();
    let mut file = Reader::new(bytes, HEADER_LENGTH, end, "section list");
    let mut last_id = 0;
    while !file.is_at_end() {
        let offset = file.position();
        let id = file.byte()?;
        let length = file.count(1)?;
        let Some(section) = Section::from_id(id) else {
            if id & IGNORABLE == 0 {
                return Err(FormatError::UnknownSection { id, offset });
            }
            file.skip(length)?;
            continue;
        };
        if id <= last_id {
            return Err(file.malformed(format!("the {} section is out of order", section.name())));
        }
        last_id = id;
        let mut content = file.part(length, section.name())?;
        match section {
            Section::Names => program.names = tables::read_texts(&mut content)?,
            Section::Constants => program.constants = tables::read_constants(&mut content)?,
            Section::Shapes => program.shapes = tables::read_shapes(&mut content)?,
            Section::Natives => program.natives = tables::read_texts(&mut content)?,
            Section::Globals => program.globals = tables::read_texts(&mut content)?,
            Section::CallSites => program.call_sites = tables::read_call_sites(&mut content)?,
            Section::Structures => program.structures = tables::read_structures(&mut content)?,
            Section::Annotations => program.annotations = tables::read_annotations(&mut content)?,
            Section::Documentation => program.documentation = tables::read_documentation(&mut content)?,
            Section::Functions => program.functions = functions::read_functions(&mut content)?,
            Section::Debug => program.debug = Some(debug::read_debug(&mut content, &mut program.functions)?),
        }
        if !content.is_at_end() {
            return Err(content.malformed("more bytes than its content needs".to_owned()));
        }
    }
    Ok(program)
}

/// Checks everything around the sections; returns the offset at which they end.
fn check_envelope(bytes: &[u8]) -> Result<usize, FormatError> {
    if !is_bytecode(bytes) {
        return Err(FormatError::NotBytecode { looks_like_source: looks_like_source(bytes) });
    }
    let truncated = |expected: u64| FormatError::Truncated { expected, found: bytes.len() as u64 };
    let short = || truncated((HEADER_LENGTH + CHECKSUM_LENGTH) as u64);
    // The version comes first: only the layout up to it is the same in every version.
    let version = bytes.get(6..8).ok_or_else(short)?;
    let version = u16::from_le_bytes([version[0], version[1]]);
    if version != FORMAT_VERSION {
        return Err(FormatError::Version { found: version });
    }
    if bytes.len() < HEADER_LENGTH + CHECKSUM_LENGTH {
        return Err(short());
    }
    let found_fingerprint = little_endian(&bytes[8..12]);
    let length = little_endian(&bytes[12..20]);
    let found = bytes.len() as u64;
    if found < length {
        return Err(truncated(length));
    }
    if found > length {
        return Err(FormatError::TooLong { expected: length, found });
    }
    let end = bytes.len() - CHECKSUM_LENGTH;
    let (content, checksum) = bytes.split_at(end);
    if u64::from(crc32fast::hash(content)) != little_endian(checksum) {
        return Err(FormatError::Checksum);
    }
    if found_fingerprint != u64::from(fingerprint()) {
        return Err(FormatError::OtherInstructions);
    }
    Ok(end)
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Whether the beginning is text, so that the file is more likely a script than a damaged program.
fn looks_like_source(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(1024)];
    let is_text = match std::str::from_utf8(beginning) {
        Ok(_) => true,
        // The cut may fall inside a character.
        Err(error) => error.error_len().is_none(),
    };
    is_text
        && !beginning.is_empty()
        && !beginning.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// A number that changes with the names and operands of the instructions and with the types: what code refers to
/// by number, so that a file of another build is noticed even where nobody thought of the version.
fn fingerprint() -> u32 {
    static FINGERPRINT: OnceLock<u32> = OnceLock::new();
    *FINGERPRINT.get_or_init(|| {
        let mut hasher = crc32fast::Hasher::new();
        for opcode in Opcode::ALL {
            hasher.update(opcode.name().as_bytes());
            for (name, kind) in opcode.operands() {
                hasher.update(b" ");
                hasher.update(name.as_bytes());
                hasher.update(b":");
                hasher.update(kind.name().as_bytes());
            }
            hasher.update(b"\n");
        }
        for each in Type::ALL {
            hasher.update(each.name().as_bytes());
            hasher.update(b"\n");
        }
        hasher.finalize()
    })
}
