//! Finding the cases and what is expected of them.

use crate::expectation;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The extensions of the files that say something about the script of the same name.
const EXPECTATIONS: [&str; 7] = ["out", "err", "code", "args", "flags", "env", "in"];

/// A script and what is expected of it.
#[derive(Debug)]
pub struct Case {
    /// Where the script is, from the root of all cases, without extension: `language/03-values/slices`.
    pub name: String,
    /// The folder of the script, in which it runs.
    pub folder: PathBuf,
    /// The script's name in its folder.
    pub script: String,
    /// What it must write to standard output.
    pub output: String,
    /// What it must write to standard error; see [`expectation::matches`].
    pub messages: String,
    /// The exit code.
    pub code: i32,
    /// The arguments of the script.
    pub arguments: Vec<String>,
    /// Options of the command.
    pub flags: Vec<String>,
    /// Environment variables that it runs with, besides the usual ones.
    pub environment: Vec<(String, String)>,
    /// Its standard input.
    pub input: Vec<u8>,
    /// Neither output nor messages are expected: somebody forgot to write them down.
    pub is_bare: bool,
}

impl Case {
    /// The file beside the script that has this extension.
    pub fn beside(&self, extension: &str) -> PathBuf {
        self.folder.join(&self.script).with_extension(extension)
    }
}

/// The folders with cases.
const FOLDERS: [&str; 3] = ["language", "builtins", "command"];

/// In folders of this name are scripts for others to import.
const MODULES: &str = "modules";

/// All cases below a folder, sorted by name, and the expectations without a script.
pub fn find(root: &Path) -> io::Result<(Vec<Case>, Vec<PathBuf>)> {
    let mut files = BTreeSet::new();
    for folder in FOLDERS {
        walk(&root.join(folder), &mut files)?;
    }
    let mut cases = Vec::new();
    let mut orphans = Vec::new();
    for path in &files {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if extension == "bl" {
            cases.push(read(root, path)?);
        } else if EXPECTATIONS.contains(&extension) && !files.contains(&path.with_extension("bl")) {
            orphans.push(path.clone());
        }
    }
    Ok((cases, orphans))
}

fn walk(folder: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != MODULES) {
                walk(&path, files)?;
            }
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

fn read(root: &Path, script: &Path) -> io::Result<Case> {
    let beside = |extension: &str| match fs::read(script.with_extension(extension)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let text = |extension: &str| -> io::Result<Option<String>> {
        let invalid = |_| {
            let path = script.with_extension(extension);
            io::Error::new(io::ErrorKind::InvalidData, format!("{} is not UTF-8 text", path.display()))
        };
        beside(extension)?.map(|bytes| String::from_utf8(bytes).map_err(invalid)).transpose()
    };

    let output = text("out")?;
    let messages = text("err")?;
    let is_bare = output.is_none() && messages.is_none();
    let messages = messages.unwrap_or_default();
    let code = match text("code")? {
        None => i32::from(expectation::is_failure(&messages)),
        Some(code) => code.trim().parse().map_err(|_| {
            let path = script.with_extension("code");
            io::Error::new(io::ErrorKind::InvalidData, format!("{} holds no exit code", path.display()))
        })?,
    };
    let mut environment = Vec::new();
    for line in text("env")?.unwrap_or_default().lines() {
        let Some((variable, value)) = line.split_once('=') else {
            let path = script.with_extension("env");
            let problem = format!("{}: '{line}' is not NAME=value", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        };
        environment.push((variable.to_owned(), value.to_owned()));
    }
    let words = |text: Option<String>| text.unwrap_or_default().lines().map(String::from).collect();
    let name = script.strip_prefix(root).unwrap_or(script).with_extension("");
    Ok(Case {
        name: name.to_string_lossy().replace('\\', "/"),
        folder: script.parent().unwrap_or(root).to_path_buf(),
        script: script.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        output: output.unwrap_or_default(),
        messages,
        code,
        arguments: words(text("args")?),
        flags: words(text("flags")?),
        environment,
        input: beside("in")?.unwrap_or_default(),
        is_bare,
    })
}
