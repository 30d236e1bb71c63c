//! Files that grow over several runs: what a download has so far is kept beside its place until it is complete.

use super::files::Target;
use same_file::Handle;
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};

/// What is kept of an earlier run is a line of this length at the most.
const LONGEST_NOTE: u64 = 16 * 1024;

/// A file that has not taken its place yet, and a note about where its content comes from. Both stay when this is dropped, for the
/// next run; nobody else gets them meanwhile.
pub struct Partial {
    file: File,
    beside: Target,
    note: Target,
    target: Target,
    /// Whether it is in its place, or gone.
    is_settled: bool,
}

impl Target {
    /// What an earlier run has left of this file, or an empty beginning; `None` where somebody else is writing it.
    pub fn resume(self) -> io::Result<Option<Partial>> {
        let name = self.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let beside = self.sibling(format!(".{}.partial", OsStr::display(&name)));
        let note = self.sibling(format!(".{}.partial.note", OsStr::display(&name)));
        // Whoever held the lock may have put the file into its place since it was opened, so what is locked is looked at again.
        for _ in 0..10 {
            let file = beside.open_or_create()?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let held = Handle::from_file(file.try_clone()?)?;
            if beside.reopen().and_then(Handle::from_file).is_ok_and(|found| found == held) {
                return Ok(Some(Partial { file, beside, note, target: self, is_settled: false }));
            }
        }
        Ok(None)
    }
}

impl Partial {
    /// The file, to be read and written.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// What [`Partial::set_note`] has noted; empty where nothing has been.
    pub fn note(&self) -> String {
        let mut text = String::new();
        let read = self.note.reopen().and_then(|file| file.take(LONGEST_NOTE).read_to_string(&mut text));
        if read.is_ok() { text } else { String::new() }
    }

    /// Notes something about the content for the next run.
    pub fn set_note(&self, text: &str) -> io::Result<()> {
        let mut file = self.note.open_or_create()?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())
    }

    /// Throws away what there is.
    pub fn discard(mut self) -> io::Result<()> {
        self.is_settled = true;
        let _ = self.note.remove();
        self.beside.remove()
    }

    /// Puts the file, which is complete, into its place.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_data()?;
        self.beside.rename(&self.target)?;
        self.is_settled = true;
        let _ = self.note.remove();
        Ok(())
    }
}

impl Drop for Partial {
    /// What has not even begun leaves nothing behind.
    fn drop(&mut self) {
        if !self.is_settled && self.file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
            let _ = self.note.remove();
            let _ = self.beside.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::gate::{Gate, Grants};
    use std::fs;
    use std::io::Write;

    #[test]
    fn what_is_left_is_found_again_by_one_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let grants = Grants { write: vec![folder.path().to_owned()], ..Grants::default() };
        for (number, gate) in [Gate::open(), Gate::sandbox(&grants).expect("a gate")].into_iter().enumerate()
        {
            let path = folder.path().join(format!("reads{number}.fq"));
            let resume = || gate.target(&path).expect("granted").resume().expect("a file");
            let first = resume().expect("nobody else");
            assert!(resume().is_none());
            first.file().write_all(b"half").expect("written");
            first.set_note("from there").expect("noted");
            drop(first);
            assert!(!path.exists());

            let second = resume().expect("nobody else");
            assert_eq!(
                (second.note().as_str(), second.file().metadata().expect("a file").len()),
                ("from there", 4)
            );
            second.finish().expect("in its place");
            assert_eq!(fs::read(&path).expect("a file"), b"half");

            let third = resume().expect("nobody else");
            assert_eq!((third.note().as_str(), third.file().metadata().expect("a file").len()), ("", 0));
            drop(third);
            resume().expect("nobody else").discard().expect("gone");
            let left = fs::read_dir(folder.path()).expect("a folder").count();
            assert_eq!(left, number + 1);
        }
    }
}
