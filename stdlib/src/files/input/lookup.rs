//! Finding a file, and saying well that there is none.

use crate::biology::distances;
use biovm_vm::gate::Gate;
use biovm_vm::gate::files::Refusal;
use biovm_vm::{Error, ErrorKind};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Names that differ by more are not worth proposing.
const MOST_DIFFERENCES: usize = 2;
/// A directory with more files is not searched for similar names.
const MOST_FILES: usize = 10_000;

/// Opens a file by its path, or below the directory that `BIOLANG_DATA_DIR` names, where the gate lets it be read.
pub fn open(gate: &Gate, path: &str) -> Result<File, Error> {
    let found = gate.read_file(Path::new(path)).or_else(|refusal| match &refusal {
        // Perhaps the data may be read, but not the working directory.
        Refusal::Denied(_) => in_data_directory(gate, path).and_then(Result::ok).ok_or(refusal),
        _ if refusal.is_not_found() => in_data_directory(gate, path).unwrap_or(Err(refusal)),
        _ => Err(refusal),
    });
    let file = found.map_err(|refusal| refusal.into_error(|error| explain(gate, path, error)))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            Err(Error::new(ErrorKind::Io, format!("cannot read {path}: it is a directory")))
        }
        _ => Ok(file),
    }
}

fn in_data_directory(gate: &Gate, path: &str) -> Option<Result<File, Refusal>> {
    if Path::new(path).is_absolute() {
        return None;
    }
    let directory = PathBuf::from(gate.setting("BIOLANG_DATA_DIR")?);
    Some(gate.read_file(&directory.join(path)))
}

fn explain(gate: &Gate, path: &str, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            let missing = Error::new(ErrorKind::Io, format!("file not found: {path}"));
            match similar(gate, Path::new(path)) {
                Some(name) => missing.with_hint(format!("did you mean '{name}'?")),
                None => missing,
            }
        }
        io::ErrorKind::PermissionDenied => Error::new(ErrorKind::Io, format!("no permission to read {path}")),
        _ => Error::new(ErrorKind::Io, format!("cannot read {path}: {error}")),
    }
}

/// A file in the same directory with nearly the same name.
fn similar(gate: &Gate, path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let names = gate.names_in(parent.unwrap_or(Path::new(".")), MOST_FILES).into_iter();
    let distance = |name: &String| {
        // `reads.fq` for `reads.fq.gz` is the commonest slip.
        let bare = |name: &str| name.strip_suffix(".gz").unwrap_or(name).to_ascii_lowercase();
        distances::edit(bare(name).as_bytes(), bare(wanted).as_bytes())
    };
    let (_, name) = names
        .map(|name| (distance(&name), name))
        .filter(|(distance, _)| *distance <= MOST_DIFFERENCES && *distance < wanted.len() / 2)
        .min()?;
    Some(parent.map_or(name.clone(), |parent| parent.join(&name).display().to_string()))
}
