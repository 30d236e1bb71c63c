//! Child processes.

use super::{Gate, denied};
use crate::error::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// A program that may be run.
pub(super) struct Program {
    /// As it was granted.
    word: String,
    /// Where it was found when the sandbox began.
    file: Option<PathBuf>,
}

impl Program {
    pub(super) fn new(word: &str) -> Program {
        Program { word: word.to_owned(), file: find(word) }
    }
}

/// The file that a word means, by the search path where the word is no path. A link at its end is not followed: the
/// programs of one file that is called by many names are not the same.
fn find(word: &str) -> Option<PathBuf> {
    let found = which::which(word).ok()?;
    let folder = found.parent()?.canonicalize().ok()?;
    Some(folder.join(found.file_name()?))
}

impl Gate {
    /// The program to run for a word, by name or path. What is run must be what this gives. A program that runs may do
    /// everything: what is granted to the script does not limit it.
    pub fn program(&self, word: &str) -> Result<PathBuf, Error> {
        let Some(sandbox) = &self.sandbox else { return Ok(PathBuf::from(word)) };
        let refused = || denied(&format!("running '{word}'"), format!("--allow-run={word} allows it"));
        if word.is_empty() {
            return Err(refused());
        }
        if let Some(file) = find(word)
            && sandbox.programs.iter().any(|granted| granted.file.as_deref() == Some(Path::new(&file)))
        {
            return Ok(file);
        }
        if sandbox.programs.iter().any(|granted| granted.file.is_none() && granted.word == word) {
            return Err(Error::new(ErrorKind::Io, format!("there is no program '{word}'")));
        }
        Err(refused())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    fn gate(programs: &[&str]) -> Gate {
        let run = programs.iter().map(|program| (*program).to_owned()).collect();
        Gate::sandbox(&Grants { run, ..Grants::default() }).expect("a gate")
    }

    #[test]
    fn a_granted_program_is_found_by_name_and_path() {
        let by_name = gate(&["sh"]);
        let file = by_name.program("sh").expect("granted");
        assert!(file.is_absolute());
        let path = file.to_str().expect("text");
        assert_eq!(by_name.program(path).ok(), Some(file.clone()));
        assert_eq!(gate(&[path]).program("sh").ok(), Some(file));
    }

    #[test]
    fn nothing_else_is_run() {
        let gate = gate(&["sh", "no-such-program"]);
        for word in ["ls", "", "./sh", "../sh", "sh -c", "/no/such/sh"] {
            assert!(gate.program(word).is_err(), "{word}");
        }
        let error = gate.program("ls").expect_err("a denial");
        assert_eq!(error.to_string(), "IOError: the sandbox does not allow running 'ls'");
        assert_eq!(error.hint(), Some("--allow-run=ls allows it"));
        let missing = gate.program("no-such-program").expect_err("nothing to run");
        assert_eq!(missing.to_string(), "IOError: there is no program 'no-such-program'");
    }

    #[test]
    fn another_program_behind_the_same_name_is_not_the_granted_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let other = folder.path().join("sh");
        std::os::unix::fs::symlink("/bin/sh", &other).expect("a link");
        let word = other.to_str().expect("text");
        assert!(gate(&["sh"]).program(word).is_err());
        assert!(gate(&[word]).program(word).is_ok());
        assert!(gate(&[word]).program("sh").is_err());
    }
}
