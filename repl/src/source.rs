//! Script files, read with care: what cannot be a script is refused with a reason and a hint.

use biovm_bytecode::codec::is_bytecode;
use biovm_compiler::diagnostic::did_you_mean;
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

/// The name of standard input on the command line.
pub const STANDARD_INPUT: &str = "-";

/// How many entries of a directory are looked at for a file of a similar name.
const MOST_ENTRIES: usize = 10_000;

/// The bytes of a file, or of standard input for `-`.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    if path == Path::new(STANDARD_INPUT) {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Error::new(ErrorKind::Io, format!("cannot read standard input: {error}")))?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

/// The script in a file, or on standard input for `-`.
pub fn read_script(path: &Path) -> Result<SourceText, Error> {
    to_script(path, read_bytes(path)?)
}

/// The script in a file that somebody names who may be kept in a sandbox.
pub fn read_allowed_script(path: &Path, gate: &Gate) -> Result<SourceText, Error> {
    if path == Path::new(STANDARD_INPUT) {
        return read_script(path);
    }
    gate.may_read(path)?;
    let mut bytes = Vec::new();
    let read = gate.read_file(path).and_then(|mut file| Ok(file.read_to_end(&mut bytes)?));
    read.map_err(|refusal| refusal.into_error(|error| unreadable(path, error)))?;
    to_script(path, bytes)
}

/// The script that these bytes of a file are.
pub fn to_script(path: &Path, bytes: Vec<u8>) -> Result<SourceText, Error> {
    let name = display_name(path);
    if is_bytecode(&bytes) {
        return Err(Error::new(ErrorKind::Format, format!("{name} is a compiled program, not a script"))
            .with_hint(format!("run it with: biovm exec {name}")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => match sequence_format(&text) {
            Some((format, reader)) => {
                Err(Error::new(ErrorKind::Format, format!("{name} is {format}, not a script"))
                    .with_hint(format!("read it in a script: {reader}({:?})", path.display().to_string())))
            }
            None => Ok(SourceText::new(name, text)),
        },
        Err(error) => Err(not_text(&name, &error)),
    }
}

/// How messages name a file.
pub fn display_name(path: &Path) -> String {
    if path == Path::new(STANDARD_INPUT) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// The format of a text that holds sequences and cannot be a script, and the builtin that reads it.
fn sequence_format(text: &str) -> Option<(&'static str, &'static str)> {
    // No script begins with a comparison.
    if text.starts_with('>') {
        return Some(("FASTA", "read_fasta"));
    }
    // Scripts may begin with a decorator, but are not as regular as records.
    let mut lines = text.lines();
    let [name, sequence, separator, quality] = [lines.next()?, lines.next()?, lines.next()?, lines.next()?];
    let is_record = name.starts_with('@') && separator.starts_with('+') && sequence.len() == quality.len();
    is_record.then_some(("FASTQ", "read_fastq"))
}

fn not_text(name: &str, error: &std::string::FromUtf8Error) -> Error {
    let bytes = error.as_bytes();
    let offset = error.utf8_error().valid_up_to();
    let byte = bytes.get(offset).copied().unwrap_or(0);
    let line = 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count();
    let message =
        format!("{name} is not UTF-8 text: byte 0x{byte:02X} at byte offset {offset}, in line {line}");
    let error = Error::new(ErrorKind::Format, message);
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => error.with_hint("it looks like UTF-16; save it as UTF-8"),
        [0x1f, 0x8b, ..] => error.with_hint("it looks compressed with gzip; scripts are plain text"),
        _ => error.with_hint("save the script as UTF-8"),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let name = display_name(path);
    if path.is_dir() {
        return Error::new(ErrorKind::Io, format!("{name} is a directory, not a file"));
    }
    match error.kind() {
        io::ErrorKind::NotFound => {
            let missing = Error::new(ErrorKind::Io, format!("file not found: {name}"));
            match similar_file(path) {
                Some(similar) => missing.with_hint(format!("did you mean '{similar}'?")),
                None => missing,
            }
        }
        _ => Error::new(ErrorKind::Io, format!("cannot read {name}: {error}")),
    }
}

/// A file of the same directory that was probably meant: the name with another extension, or misspelt.
fn similar_file(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let entries = std::fs::read_dir(directory.unwrap_or(Path::new("."))).ok()?;
    let mut names: Vec<String> = entries
        .take(MOST_ENTRIES)
        .flatten()
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let is_program =
        |name: &str| matches!(Path::new(name).extension().and_then(OsStr::to_str), Some("bl" | "blc"));
    let stem = |name: &str| Path::new(name).file_stem().map(OsStr::to_os_string);
    let same_stem = names.iter().find(|name| is_program(name) && stem(name) == stem(wanted));
    let lower_case = || names.iter().find(|name| name.eq_ignore_ascii_case(wanted));
    let found = same_stem.or_else(lower_case).map(String::as_str);
    let found = found.or_else(|| did_you_mean(wanted, names.iter().map(String::as_str)))?;
    Some(path.with_file_name(found).display().to_string())
}
