//! Files.
//!
//! In a sandbox a path is first made canonical, so that neither links nor `..` hide where it leads, and then opened from
//! the granted folder, which has been open since the sandbox began. The system resolves the rest *below* that folder
//! (`openat2` where it has that), so that a link which somebody puts in its way in the meantime leads nowhere else.
//! A hard link is the file itself and cannot be told from it.

use super::{Gate, Sandbox, denied, unnamed};
use crate::error::Error;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Seek};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a file is not to be had.
#[derive(Debug)]
pub enum Refusal {
    /// The sandbox does not allow it. Says nothing about whether there is such a file.
    Denied(Error),
    /// The system refuses.
    Failed(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::Failed(error)
    }
}

impl Refusal {
    /// The error of the language; `explain` makes one of what the system says.
    pub fn into_error(self, explain: impl FnOnce(&io::Error) -> Error) -> Error {
        match self {
            Refusal::Denied(error) => error,
            Refusal::Failed(error) => explain(&error),
        }
    }

    /// Whether there is no such file.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Refusal::Failed(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// A granted folder, or a single file in it.
pub(super) struct Area {
    /// The canonical path of the folder.
    root: PathBuf,
    folder: Arc<Dir>,
    only: Option<OsString>,
}

impl Area {
    /// A folder, or a file. What is to be written need not exist yet if its folder does.
    pub(super) fn new(path: &Path, is_written: bool) -> io::Result<Area> {
        if !is_written {
            fs::metadata(path)?;
        }
        let real = real_path(path).ok_or(io::ErrorKind::InvalidInput)?;
        let (root, only) = match real.file_name() {
            Some(name) if !real.is_dir() => {
                (real.parent().unwrap_or(&real).to_path_buf(), Some(name.to_owned()))
            }
            _ => (real, None),
        };
        let folder = Arc::new(Dir::open_ambient_dir(&root, ambient_authority())?);
        Ok(Area { root, folder, only })
    }

    /// The path within the folder, where the area covers it. It must be canonical.
    fn cover<'p>(&self, real: &'p Path) -> Option<&'p Path> {
        let inside = real.strip_prefix(&self.root).ok()?;
        let covered = self.only.as_ref().is_none_or(|only| inside == Path::new(only));
        covered.then_some(if inside.as_os_str().is_empty() { Path::new(".") } else { inside })
    }
}

/// Where a path leads, whether something is there or not. `None` where nobody can tell.
fn real_path(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let mut missing = Vec::new();
    for ancestor in path.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            return Some(missing.iter().rev().fold(real, |real, name| real.join(name)));
        }
        match ancestor.components().next_back()? {
            Component::Normal(name) => missing.push(name),
            // What `..` leads to, nobody knows where the folder before it does not exist.
            _ => return None,
        }
    }
    None
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Access {
    Read,
    Write,
}

/// The folder that a path is allowed by, and the path within it.
fn authorise(sandbox: &Sandbox, path: &Path, access: Access) -> Result<(Arc<Dir>, PathBuf), Refusal> {
    let (areas, verb, flag) = match access {
        Access::Read => (&sandbox.read, "reading", "--allow-read"),
        Access::Write => (&sandbox.write, "writing", "--allow-write"),
    };
    if let Some(real) = real_path(path)
        && let Some(found) =
            areas.iter().find_map(|area| Some((area.folder.clone(), area.cover(&real)?.to_path_buf())))
    {
        return Ok(found);
    }
    let written = std::path::absolute(path).unwrap_or_default();
    let hint = match areas.iter().any(|area| area.cover(&written).is_some()) {
        true => format!("a link or '..' leads outside of what {flag} grants"),
        false => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            format!("{flag}={} allows it", folder.unwrap_or(Path::new(".")).display())
        }
    };
    Err(Refusal::Denied(denied(&format!("{verb} {}", path.display()), hint)))
}

impl Gate {
    /// Opens a file to read it.
    pub fn read_file(&self, path: &Path) -> Result<File, Refusal> {
        let Some(sandbox) = &self.sandbox else { return Ok(File::open(path)?) };
        let (folder, inside) = authorise(sandbox, path, Access::Read)?;
        Ok(folder.open(inside)?.into_std())
    }

    /// Whether the file may be read: an error where it may not.
    pub fn may_read(&self, path: &Path) -> Result<(), Error> {
        let Some(sandbox) = &self.sandbox else { return Ok(()) };
        match authorise(sandbox, path, Access::Read) {
            Err(Refusal::Denied(error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// The names in a folder, to propose one of them; none where there is nothing to see.
    pub fn names_in(&self, folder: &Path, most: usize) -> Vec<String> {
        let text = |name: OsString| name.into_string().ok();
        let Some(sandbox) = &self.sandbox else {
            let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
            return entries.take(most).filter_map(|entry| text(entry.ok()?.file_name())).collect();
        };
        let Ok((granted, inside)) = authorise(sandbox, folder, Access::Read) else { return Vec::new() };
        let Ok(entries) = granted.read_dir(inside) else { return Vec::new() };
        entries.take(most).filter_map(|entry| text(entry.ok()?.file_name())).collect()
    }

    /// Makes a folder, and those above it, where they are missing.
    pub fn create_folders(&self, path: &Path) -> Result<(), Refusal> {
        let Some(sandbox) = &self.sandbox else { return Ok(fs::create_dir_all(path)?) };
        let (folder, inside) = authorise(sandbox, path, Access::Write)?;
        Ok(folder.create_dir_all(inside)?)
    }

    /// A place where a file may be written.
    pub fn target(&self, path: &Path) -> Result<Target, Refusal> {
        let Some(sandbox) = &self.sandbox else {
            // What a link points to is replaced, not the link.
            let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
            return Ok(Target { folder: None, path });
        };
        let (folder, path) = authorise(sandbox, path, Access::Write)?;
        Ok(Target { folder: Some(folder), path })
    }
}

/// What is at a place already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupant {
    /// Nothing.
    Nobody,
    /// A file, which can be replaced.
    File,
    /// A folder.
    Folder,
    /// A device or pipe, which can only be written to.
    Device,
}

/// A place where a file may be written.
#[derive(Clone)]
pub struct Target {
    /// The granted folder; `None` without a sandbox.
    folder: Option<Arc<Dir>>,
    /// In the folder.
    path: PathBuf,
}

impl Target {
    /// What is there.
    pub fn occupant(&self) -> Occupant {
        let kind = match &self.folder {
            None => fs::metadata(&self.path).map(|found| (found.is_dir(), found.is_file())),
            Some(folder) => folder.metadata(&self.path).map(|found| (found.is_dir(), found.is_file())),
        };
        match kind {
            Err(_) => Occupant::Nobody,
            Ok((true, _)) => Occupant::Folder,
            Ok((_, true)) => Occupant::File,
            Ok(_) => Occupant::Device,
        }
    }

    /// Opens what is there, to write to it.
    pub fn open(&self) -> io::Result<File> {
        match &self.folder {
            None => File::options().write(true).open(&self.path),
            Some(folder) => {
                folder.open_with(&self.path, OpenOptions::new().write(true)).map(cap_std::fs::File::into_std)
            }
        }
    }

    /// A new file in the same folder, that can take the place.
    pub fn begin(self) -> io::Result<(File, Unfinished)> {
        let (file, stage) = match unnamed::create(&self) {
            Ok(file) => (file.try_clone()?, Stage::Unnamed(file)),
            // Not every file system knows them. What else is wrong shows here too.
            Err(_) => {
                let beside = self.beside()?;
                (beside.create_new()?, Stage::Beside(beside))
            }
        };
        self.keep_permissions(&file);
        Ok((file, Unfinished { stage, target: self }))
    }

    /// A name in the same folder that nobody else uses.
    fn beside(&self) -> io::Result<Target> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let name = self.path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Ok(self.sibling(format!(".{}.{}-{number}.part", OsStr::display(name), std::process::id())))
    }

    /// The folder of the place: opened in a sandbox, else its path.
    pub(super) fn parent(&self) -> io::Result<Result<Dir, PathBuf>> {
        let path = self.path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match &self.folder {
            None => Ok(Err(path.to_path_buf())),
            Some(folder) => folder.open_dir(path).map(Ok),
        }
    }

    /// Gives a new file the permissions of the one that it replaces. Best effort: not every file system knows them.
    fn keep_permissions(&self, file: &File) {
        let existing = match &self.folder {
            None => fs::metadata(&self.path).map(|existing| existing.permissions()),
            Some(folder) => {
                folder.metadata(&self.path).and_then(|existing| existing.permissions().into_std(file))
            }
        };
        if let Ok(existing) = existing {
            let _ = file.set_permissions(existing);
        }
    }

    /// Its name.
    pub(super) fn file_name(&self) -> Option<OsString> {
        self.path.file_name().map(OsStr::to_owned)
    }

    /// Another place in the same folder.
    pub(super) fn sibling(&self, name: String) -> Target {
        Target { folder: self.folder.clone(), path: self.path.with_file_name(name) }
    }

    /// Opens what is there, or makes a new file, to read and write it.
    pub(super) fn open_or_create(&self) -> io::Result<File> {
        match &self.folder {
            None => File::options().read(true).write(true).create(true).truncate(false).open(&self.path),
            Some(folder) => {
                let options = OpenOptions::new().read(true).write(true).create(true).clone();
                folder.open_with(&self.path, &options).map(cap_std::fs::File::into_std)
            }
        }
    }

    /// Opens what is there, to read it: only for what a builtin has written itself.
    pub(super) fn reopen(&self) -> io::Result<File> {
        match &self.folder {
            None => File::open(&self.path),
            Some(folder) => folder.open(&self.path).map(cap_std::fs::File::into_std),
        }
    }

    fn create_new(&self) -> io::Result<File> {
        match &self.folder {
            None => File::options().write(true).create_new(true).open(&self.path),
            Some(folder) => {
                let options = OpenOptions::new().write(true).create_new(true).clone();
                folder.open_with(&self.path, &options).map(cap_std::fs::File::into_std)
            }
        }
    }

    pub(super) fn rename(&self, target: &Target) -> io::Result<()> {
        match (&self.folder, &target.folder) {
            (Some(from), Some(to)) => from.rename(&self.path, to, &target.path),
            _ => fs::rename(&self.path, &target.path),
        }
    }

    pub(super) fn remove(&self) -> io::Result<()> {
        match &self.folder {
            None => fs::remove_file(&self.path),
            Some(folder) => folder.remove_file(&self.path),
        }
    }
}

/// A file that has not taken its place yet. It is removed where it never does.
pub struct Unfinished {
    stage: Stage,
    target: Target,
}

enum Stage {
    /// It has no name, so it is gone with its last handle.
    Unnamed(File),
    /// It is there.
    Beside(Target),
    InPlace,
}

impl Unfinished {
    /// Puts the file, which is complete, into its place.
    pub fn finish(mut self) -> io::Result<()> {
        if let Stage::Unnamed(file) = &self.stage {
            if self.target.occupant() == Occupant::Nobody && unnamed::link(file, &self.target).is_ok() {
                self.stage = Stage::InPlace;
                return Ok(());
            }
            // A name cannot be given to a file and taken from another in one go, but a file can be renamed.
            let beside = self.target.beside()?;
            unnamed::link(file, &beside).or_else(|_| self.copy(file, &beside))?;
            self.stage = Stage::Beside(beside);
        }
        if let Stage::Beside(beside) = &self.stage {
            beside.rename(&self.target)?;
        }
        self.stage = Stage::InPlace;
        Ok(())
    }

    /// Copies a file that cannot get a name.
    fn copy(&self, mut file: &File, beside: &Target) -> io::Result<()> {
        file.rewind()?;
        let mut named = beside.create_new()?;
        self.target.keep_permissions(&named);
        let copied = io::copy(&mut file, &mut named);
        if copied.is_err() {
            let _ = beside.remove();
        }
        copied.map(|_| ())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Stage::Beside(beside) = &self.stage {
            let _ = beside.remove();
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::gate::Grants;
    use std::io::Write;
    use std::os::unix::fs::symlink;

    /// A folder `granted/sub`, which may be read and written, and a folder `private` with a file `reads.fa` in each.
    fn surroundings() -> (tempfile::TempDir, Gate) {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["granted/sub", "private"] {
            let place = folder.path().join(name);
            fs::create_dir_all(&place).expect("a folder");
            fs::write(place.join("reads.fa"), "letters").expect("a file");
        }
        let granted = vec![folder.path().join("granted")];
        let grants = Grants { read: granted.clone(), write: granted, ..Grants::default() };
        (folder, Gate::sandbox(&grants).expect("a gate"))
    }

    /// Somebody puts a link in the place of a folder after it was checked.
    fn swap(folder: &Path) {
        fs::rename(folder.join("granted/sub"), folder.join("granted/moved")).expect("a rename");
        symlink("../private", folder.join("granted/sub")).expect("a link");
    }

    #[test]
    fn a_link_that_comes_after_the_check_leads_nowhere() {
        let (folder, gate) = surroundings();
        let path = folder.path().join("granted/sub/new.fa");
        let target = gate.target(&path).expect("granted");
        swap(folder.path());
        assert!(target.begin().is_err());
        assert!(matches!(gate.target(&path), Err(Refusal::Denied(_))));

        let (folder, gate) = surroundings();
        let target = gate.target(&folder.path().join("granted/sub/reads.fa")).expect("granted");
        let (mut file, unfinished) = target.begin().expect("a file");
        swap(folder.path());
        file.write_all(b"changed").expect("written");
        assert!(unfinished.finish().is_err());
        assert_eq!(fs::read(folder.path().join("private/reads.fa")).expect("a file"), b"letters");
    }

    #[test]
    fn a_granted_folder_stays_the_same_folder() {
        let (folder, gate) = surroundings();
        let (granted, other) = (folder.path().join("granted"), folder.path().join("other"));
        fs::rename(&granted, &other).expect("a rename");
        symlink("private", &granted).expect("a link");
        assert!(matches!(gate.read_file(&granted.join("reads.fa")), Err(Refusal::Denied(_))));
    }

    #[test]
    fn names_are_seen_where_reading_is_granted() {
        let (folder, gate) = surroundings();
        assert_eq!(gate.names_in(&folder.path().join("granted"), 10), ["sub"]);
        assert!(gate.names_in(&folder.path().join("private"), 10).is_empty());
        assert_eq!(Gate::open().names_in(&folder.path().join("private"), 10), ["reads.fa"]);
    }

    #[test]
    fn a_file_without_a_name_can_be_copied_to_one() {
        let (folder, gate) = surroundings();
        for gate in [gate, Gate::open()] {
            let path = folder.path().join("granted/sub/reads.fa");
            let (mut file, mut unfinished) = gate.target(&path).expect("granted").begin().expect("a file");
            file.write_all(b"changed").expect("written");
            let beside = unfinished.target.beside().expect("a name");
            unfinished.copy(&file, &beside).expect("copied");
            unfinished.stage = Stage::Beside(beside);
            unfinished.finish().expect("in its place");
            assert_eq!(fs::read(&path).expect("a file"), b"changed");
            assert_eq!(gate.names_in(path.parent().expect("a folder"), 10), ["reads.fa"]);
        }
    }

    /// So on most file systems; on the others there is one more name until the end.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_that_is_not_finished_has_no_name() {
        let (folder, gate) = surroundings();
        for (number, gate) in [gate, Gate::open()].into_iter().enumerate() {
            let place = folder.path().join("granted/sub");
            let path = place.join(format!("new{number}.fa"));
            let target = gate.target(&path).expect("granted");
            if unnamed::create(&target).is_err() {
                continue;
            }
            let before = gate.names_in(&place, 10).len();
            let (mut file, unfinished) = target.begin().expect("a file");
            file.write_all(b"letters").expect("written");
            assert_eq!(gate.names_in(&place, 10).len(), before);
            unfinished.finish().expect("in its place");
            assert_eq!(fs::read(&path).expect("a file"), b"letters");
            assert_eq!(gate.names_in(&place, 10).len(), before + 1);
        }
    }

    #[test]
    fn what_replaces_a_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, gate) = surroundings();
        for gate in [gate, Gate::open()] {
            let path = folder.path().join("granted/sub/reads.fa");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
            let (_, unfinished) = gate.target(&path).expect("granted").begin().expect("a file");
            unfinished.finish().expect("in its place");
            assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
        }
    }
}
