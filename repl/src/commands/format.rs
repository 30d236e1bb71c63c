//! `biovm fmt`.

use crate::command_line::Format;
use crate::failure::Failure;
use crate::source::{self, STANDARD_INPUT};
use crate::{pipeline, terminal, whole_file};
use biovm_vm::{Error, ErrorKind};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Formats scripts; reports those that cannot be, and goes on with the others.
pub fn format(options: &Format, color: bool) -> u8 {
    let mut code = 0;
    for path in &options.paths {
        let found = match scripts(path) {
            Ok(found) => found,
            Err(failure) => {
                code = code.max(failure.report(color));
                continue;
            }
        };
        for script in found {
            match format_one(&script, options.check) {
                Ok(Outcome::Done) => {}
                Ok(Outcome::WouldChange) => code = code.max(1),
                Err(failure) => code = code.max(failure.report(color)),
            }
        }
    }
    code
}

enum Outcome {
    Done,
    /// Only with `--check`.
    WouldChange,
}

fn format_one(path: &Path, only_check: bool) -> Result<Outcome, Failure> {
    let source = source::read_script(path)?;
    let formatted = pipeline::format(&source)?;
    let is_formatted = formatted == source.text();
    if only_check {
        if is_formatted {
            return Ok(Outcome::Done);
        }
        terminal::write_output(&format!("{}\n", source::display_name(path)))?;
        return Ok(Outcome::WouldChange);
    }
    if path == Path::new(STANDARD_INPUT) {
        terminal::write_output(&formatted)?;
    } else if !is_formatted {
        replace(path, &formatted).map_err(|error| cannot("write", path, &error))?;
    }
    Ok(Outcome::Done)
}

/// Replaces the text of a script. A link stays one, and a file that may not be written is left alone.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let permissions = path.metadata()?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    whole_file::write(&path, text.as_bytes(), Some(permissions))
}

/// The file; or, of a folder, all scripts in it and in the folders below it, sorted.
fn scripts(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if path == Path::new(STANDARD_INPUT) || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut scripts = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: io::Error| cannot("read", &folder, &error);
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // A link to a folder is not followed: it may lead back here.
            let kind = entry.file_type().map_err(failed)?;
            let path = entry.path();
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if kind.is_dir() && !is_hidden {
                folders.push(path);
            } else if path.extension() == Some(OsStr::new("bl")) && path.is_file() {
                scripts.push(path);
            }
        }
    }
    scripts.sort();
    Ok(scripts)
}

fn cannot(action: &str, path: &Path, error: &io::Error) -> Failure {
    Error::new(ErrorKind::Io, format!("cannot {action} {}: {error}", path.display())).into()
}
