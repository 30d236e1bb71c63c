//! The interpreters that are compared.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An interpreter that runs.
#[derive(Clone, Debug)]
pub struct Language {
    /// What the table calls it.
    pub name: &'static str,
    /// What it says of its version.
    pub version: String,
    executable: PathBuf,
    /// What it is told before the file.
    options: &'static [&'static str],
    folder: &'static str,
    extension: &'static str,
}

/// The one that the others are divided by.
pub const REFERENCE: &str = "lua5.4";
/// Ours.
pub const OURS: &str = "biovm";

impl Language {
    /// `biovm` itself; an error says that the executable does not run.
    pub fn ours(executable: &Path) -> Result<Language, String> {
        let version = first_line(executable, &["--version"]).ok_or_else(|| {
            format!("{} does not run; build it: cargo build --release", executable.display())
        })?;
        let executable = executable.to_path_buf();
        Ok(Language { name: OURS, version, executable, options: &["run"], folder: "biovm", extension: "bl" })
    }

    /// The others that this computer has, and the names of those that it does not have.
    pub fn others() -> (Vec<Language>, Vec<&'static str>) {
        let known =
            [("lua5.4", lua as fn() -> Option<Language>), ("luajit -joff", luajit), ("python3", python)];
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for (name, find) in known {
            match find() {
                Some(language) => found.push(language),
                None => missing.push(name),
            }
        }
        (found, missing)
    }

    /// The file of a program, below the folder of all of them.
    pub fn file(&self, programs: &Path, name: &str) -> PathBuf {
        programs.join(self.folder).join(name).with_extension(self.extension)
    }

    /// What runs this file.
    pub fn command(&self, file: &Path) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(self.options).arg(file).stdin(Stdio::null());
        command
    }
}

fn lua() -> Option<Language> {
    let version = first_line(Path::new("lua5.4"), &["-v"])?;
    Some(Language {
        name: REFERENCE,
        version,
        executable: "lua5.4".into(),
        options: &[],
        folder: "lua",
        extension: "lua",
    })
}

fn luajit() -> Option<Language> {
    let version = first_line(Path::new("luajit"), &["-v"])?;
    Some(Language {
        name: "luajit -joff",
        version,
        executable: "luajit".into(),
        options: &["-joff"],
        folder: "lua",
        extension: "lua",
    })
}

fn python() -> Option<Language> {
    let version = first_line(Path::new("python3"), &["--version"])?;
    // What is found by name may be a script that takes its time to find the interpreter.
    let executable = first_line(Path::new("python3"), &["-c", "import sys; print(sys.executable)"])?;
    Some(Language {
        name: "python3",
        version,
        executable: executable.into(),
        options: &[],
        folder: "python",
        extension: "py",
    })
}

/// The first line that a command prints, if it runs.
pub fn first_line(executable: &Path, options: &[&str]) -> Option<String> {
    let output = Command::new(executable).args(options).stdin(Stdio::null()).output().ok()?;
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let line = String::from_utf8_lossy(&text).lines().next()?.trim().to_owned();
    output.status.success().then_some(line)
}
