//! Where imports look for modules.
//!
//! In this order: the folder of the importing file, the working directory, the entries of `BIOLANG_PATH`, the user's standard
//! library `~/.biolang/stdlib` and packages `~/.biolang/packages`. In each of them the path itself, where it ends in
//! `.bl`, then with `.bl` behind it, then as a folder with a `main.bl`. `std/x` and `pkg/x` look only in the last two.

use biovm_bytecode::codec::is_bytecode;
use biovm_compiler::diagnostic::did_you_mean;
use biovm_compiler::module::{LoadError, Located, ModuleLoader};
use biovm_vm::gate::Gate;
use biovm_vm::gate::files::Refusal;
use std::env;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The variable with further folders, separated as those of `PATH`.
const SEARCH_PATH: &str = "BIOLANG_PATH";
/// The extension of scripts.
const EXTENSION: &str = "bl";
/// How many entries of a folder are looked at for a module of a similar name.
const MOST_ENTRIES: usize = 10_000;

/// Modules in the file system.
pub struct FileModules {
    /// What a script may read, its modules too.
    gate: Gate,
    /// The file of the script, where it comes from one.
    script: Option<PathBuf>,
    /// The entries of the search path.
    search_path: Vec<PathBuf>,
    /// The home directory, where there is one.
    home: Option<PathBuf>,
}

/// A folder in which modules are looked for.
struct Place {
    folder: PathBuf,
    /// How a hint calls it.
    name: String,
}

impl FileModules {
    /// The modules that the script in this file can import; `None` for text that comes from elsewhere.
    pub fn new(script: Option<&Path>, gate: &Gate) -> FileModules {
        let entries = env::var_os(SEARCH_PATH).unwrap_or_default();
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        FileModules {
            gate: gate.clone(),
            script: script.map(Path::to_path_buf),
            search_path: env::split_paths(&entries).filter(|entry| !entry.as_os_str().is_empty()).collect(),
            home: env::var_os(home).filter(|home| !home.is_empty()).map(PathBuf::from),
        }
    }

    /// The folder of the importing file, as reports name it.
    fn folder_of(&self, importer: Option<&Path>) -> Option<PathBuf> {
        match importer {
            Some(module) => module.parent().map(Path::to_path_buf),
            None => self.script.as_deref()?.parent().map(Path::to_path_buf),
        }
    }

    /// A folder below the user's own, as `~/.biolang/stdlib`.
    fn users(&self, name: &str) -> Option<Place> {
        let folder = self.home.as_ref()?.join(".biolang").join(name);
        Some(Place { folder, name: format!("~/.biolang/{name}") })
    }

    /// The folders to look in, the file names to look for, and what is left of the path: `std/x` is `x` in one folder.
    fn places<'p>(&self, path: &'p str, importer: Option<&Path>) -> (Vec<Place>, Vec<PathBuf>, &'p str) {
        if let Some(rest) = path.strip_prefix("std/") {
            return (self.users("stdlib").into_iter().collect(), candidates(rest), rest);
        }
        if let Some(rest) = path.strip_prefix("pkg/") {
            let mut names = candidates(rest);
            names.push(Path::new(rest).join("lib.bl"));
            return (self.users("packages").into_iter().collect(), names, rest);
        }
        let mut places = Vec::new();
        if let Some(folder) = self.folder_of(importer) {
            places.push(Place { folder, name: "the folder of the importing file".to_owned() });
        }
        places.push(Place { folder: PathBuf::new(), name: "the working directory".to_owned() });
        for folder in &self.search_path {
            places.push(Place { folder: folder.clone(), name: folder.display().to_string() });
        }
        places.extend(self.users("stdlib"));
        places.extend(self.users("packages"));
        (places, candidates(path), path)
    }

    /// What to say about a module that is nowhere.
    fn not_found(&self, path: &str, importer: Option<&Path>) -> LoadError {
        let (places, files, rest) = self.places(path, importer);
        if rest.is_empty() {
            return LoadError::NotFound {
                hint: "write the path of a file, as in import \"lib/qc\"".to_owned(),
            };
        }
        let prefix = &path[..path.len() - rest.len()];
        let near = similar_module(rest, &places).map(|near| format!("did you mean '{prefix}{near}'? "));
        let mut folders: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
        if folders.is_empty() {
            folders.push("the home directory, which the environment does not name");
        }
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let looked = format!("looked for {} in {}", files.join(", "), folders.join(", "));
        LoadError::NotFound { hint: near.unwrap_or_default() + &looked }
    }
}

impl ModuleLoader for FileModules {
    fn locate(&self, path: &str, importer: Option<&Path>) -> Result<Located, LoadError> {
        let (places, files, rest) = self.places(path, importer);
        if !rest.is_empty() {
            for place in &places {
                for file in &files {
                    let found = place.folder.join(file);
                    // Whatever else stands there, a folder with that name for instance, is no module.
                    if found.is_file()
                        && let Ok(key) = found.canonicalize()
                    {
                        self.gate.may_read(&found).map_err(|refused| LoadError::Unreadable {
                            message: refused.message().to_owned(),
                            hint: refused.hint().map(str::to_owned),
                        })?;
                        return Ok(Located { file: display(&found, &key), name: short_name(&found), key });
                    }
                }
            }
        }
        Err(self.not_found(path, importer))
    }

    fn read(&self, module: &Located) -> Result<String, LoadError> {
        let file = &module.file;
        let unreadable = |message: String, hint: Option<&str>| LoadError::Unreadable {
            message,
            hint: hint.map(str::to_owned),
        };
        let failed = |error: &io::Error| unreadable(format!("cannot read module {file}: {error}"), None);
        let mut bytes = Vec::new();
        match self.gate.read_file(&module.key) {
            Ok(mut opened) => drop(opened.read_to_end(&mut bytes).map_err(|error| failed(&error))?),
            Err(Refusal::Failed(error)) => return Err(failed(&error)),
            Err(Refusal::Denied(refused)) => {
                return Err(unreadable(refused.message().to_owned(), refused.hint()));
            }
        }
        if is_bytecode(&bytes) {
            let message = format!("module {file} is a compiled program, not a script");
            return Err(unreadable(message, Some("import the script that it was compiled from")));
        }
        String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count();
            let message = format!("module {file} is not UTF-8 text, in line {line}");
            unreadable(message, Some("save it as UTF-8"))
        })
    }

    fn script(&self) -> Option<PathBuf> {
        self.script.as_ref()?.canonicalize().ok()
    }
}

/// How reports name a file: from the working directory, where it lies below that, else as it was found.
fn display(found: &Path, canonical: &Path) -> String {
    let here = env::current_dir().and_then(|here| here.canonicalize()).ok();
    match here.and_then(|here| canonical.strip_prefix(here).ok().map(Path::to_path_buf)) {
        Some(below) => below.display().to_string(),
        None => found
            .components()
            .filter(|part| *part != Component::CurDir)
            .collect::<PathBuf>()
            .display()
            .to_string(),
    }
}

/// The files that a path may mean, in the order in which they are tried.
fn candidates(path: &str) -> Vec<PathBuf> {
    let itself = Path::new(path).extension() == Some(OsStr::new(EXTENSION));
    let mut files: Vec<PathBuf> = itself.then(|| PathBuf::from(path)).into_iter().collect();
    files.push(PathBuf::from(format!("{path}.{EXTENSION}")));
    files.push(Path::new(path).join("main.bl"));
    files
}

/// What messages call a module: `qc` for `lib/qc.bl` and for `lib/qc/main.bl`.
fn short_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default();
    let folder = file.parent().and_then(Path::file_name);
    let name = match folder {
        Some(folder) if stem == "main" || stem == "lib" => folder,
        _ => stem,
    };
    name.to_string_lossy().into_owned()
}

/// A module in the places that was probably meant, written as an import would.
fn similar_module(path: &str, places: &[Place]) -> Option<String> {
    let (folder, wanted) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let wanted = wanted.strip_suffix(".bl").unwrap_or(wanted);
    let mut names = Vec::new();
    for place in places {
        let searched = place.folder.join(folder);
        let searched = if searched.as_os_str().is_empty() { Path::new(".") } else { searched.as_path() };
        let Ok(entries) = std::fs::read_dir(searched) else { continue };
        for entry in entries.take(MOST_ENTRIES).flatten() {
            let file = entry.path();
            let is_module = file.extension() == Some(OsStr::new(EXTENSION)) || file.join("main.bl").is_file();
            let is_script = file.extension() == Some(OsStr::new(EXTENSION)) && !file.is_file();
            if is_module && !is_script {
                names.extend(file.file_stem().and_then(OsStr::to_str).map(str::to_owned));
            }
        }
    }
    names.sort();
    let near = did_you_mean(wanted, names.iter().map(String::as_str))?;
    Some(if folder.is_empty() { near.to_owned() } else { format!("{folder}/{near}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[PathBuf]) -> Vec<String> {
        files.iter().map(|file| file.display().to_string()).collect()
    }

    #[test]
    fn what_a_path_may_mean() {
        assert_eq!(texts(&candidates("lib/qc")), ["lib/qc.bl", "lib/qc/main.bl"]);
        assert_eq!(texts(&candidates("qc.bl")), ["qc.bl", "qc.bl.bl", "qc.bl/main.bl"]);
        assert_eq!(texts(&candidates("v1.2")), ["v1.2.bl", "v1.2/main.bl"]);
    }

    #[test]
    fn names_of_modules() {
        assert_eq!(short_name(Path::new("lib/qc.bl")), "qc");
        assert_eq!(short_name(Path::new("lib/qc/main.bl")), "qc");
        assert_eq!(short_name(Path::new("packages/qc/lib.bl")), "qc");
        assert_eq!(short_name(Path::new("main.bl")), "main");
    }

    #[test]
    fn where_modules_are_looked_for() {
        let modules = FileModules {
            gate: Gate::open(),
            script: Some(PathBuf::from("scripts/run.bl")),
            search_path: vec![PathBuf::from("/shared"), PathBuf::from("/more")],
            home: Some(PathBuf::from("/home/me")),
        };
        let folders = |path: &str, importer: Option<&str>| -> Vec<String> {
            let (places, _, _) = modules.places(path, importer.map(Path::new));
            places.iter().map(|place| place.folder.display().to_string()).collect()
        };
        let users = ["/home/me/.biolang/stdlib", "/home/me/.biolang/packages"];
        assert_eq!(folders("qc", None), ["scripts", "", "/shared", "/more", users[0], users[1]]);
        assert_eq!(folders("qc", Some("/lib/a.bl")), ["/lib", "", "/shared", "/more", users[0], users[1]]);
        assert_eq!(folders("std/qc", None), users[..1]);
        assert_eq!(folders("pkg/qc", None), users[1..]);
        let files = modules.places("pkg/qc", None).1;
        assert_eq!(texts(&files), ["qc.bl", "qc/main.bl", "qc/lib.bl"]);
    }

    #[test]
    fn modules_need_a_name() {
        let modules = FileModules { gate: Gate::open(), script: None, search_path: Vec::new(), home: None };
        for path in ["", "std/", "pkg/"] {
            assert!(matches!(modules.locate(path, None), Err(LoadError::NotFound { .. })), "{path}");
        }
    }
}
