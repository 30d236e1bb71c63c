//! Files that have no name until they are complete. A process that is killed leaves nothing of them behind.
//!
//! Linux has them on most of its file systems. Where there are none, what a file is called until then is up to the caller.

use super::files::Target;
use std::fs::File;
use std::io;

/// A file without a name, to be read and written, on the file system of the target.
#[cfg(target_os = "linux")]
pub(super) fn create(target: &Target) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o666);
    let file = match target.parent()? {
        Ok(folder) => openat(folder, ".", flags, mode)?,
        Err(folder) => openat(CWD, folder, flags, mode)?,
    };
    let file = File::from(file);
    // It gets its name by this path. Surroundings without it are rare, and it is better to know at once.
    std::fs::metadata(path_of(&file))?;
    Ok(file)
}

/// Gives the file the name of the target, which must be free.
#[cfg(target_os = "linux")]
pub(super) fn link(file: &File, target: &Target) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let (path, flags) = (path_of(file), AtFlags::SYMLINK_FOLLOW);
    match target.parent()? {
        Ok(folder) => linkat(CWD, path, folder, name, flags)?,
        Err(folder) => linkat(CWD, path, CWD, folder.join(name), flags)?,
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn path_of(file: &File) -> String {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// No file: this system knows none without a name.
#[cfg(not(target_os = "linux"))]
pub(super) fn create(_target: &Target) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Never called, as there are no such files.
#[cfg(not(target_os = "linux"))]
pub(super) fn link(_file: &File, _target: &Target) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
