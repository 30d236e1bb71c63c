//! Finding a file, and saying well that there is none.

use crate::biology::distances;
use biovm_vm::{Error, ErrorKind};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Names that differ by more are not worth proposing.
const MOST_DIFFERENCES: usize = 2;
/// A directory with more files is not searched for similar names.
const MOST_FILES: usize = 10_000;

/// Opens a file by its path, or below the directory that `BIOLANG_DATA_DIR` names.
pub fn open(path: &str) -> Result<File, Error> {
    let found = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && Path::new(path).is_relative() => {
            in_data_directory(path).unwrap_or(Err(error))
        }
        other => other,
    };
    let file = found.map_err(|error| explain(path, &error))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            Err(Error::new(ErrorKind::Io, format!("cannot read {path}: it is a directory")))
        }
        _ => Ok(file),
    }
}

fn in_data_directory(path: &str) -> Option<io::Result<File>> {
    let directory = PathBuf::from(std::env::var_os("BIOLANG_DATA_DIR")?);
    Some(File::open(directory.join(path)))
}

fn explain(path: &str, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            let missing = Error::new(ErrorKind::Io, format!("file not found: {path}"));
            match similar(Path::new(path)) {
                Some(name) => missing.with_hint(format!("did you mean '{name}'?")),
                None => missing,
            }
        }
        io::ErrorKind::PermissionDenied => Error::new(ErrorKind::Io, format!("no permission to read {path}")),
        _ => Error::new(ErrorKind::Io, format!("cannot read {path}: {error}")),
    }
}

/// A file in the same directory with nearly the same name.
fn similar(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let names = parent.unwrap_or(Path::new(".")).read_dir().ok()?.take(MOST_FILES);
    let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
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
