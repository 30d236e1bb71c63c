//! Where modules come from: the compiler asks, somebody else looks at the file system.

use std::path::{Path, PathBuf};

/// Finds and reads the modules that a script imports.
pub trait ModuleLoader: Send + Sync {
    /// The module that `path` means, as an import writes it, in the module with the key `importer`, or in the script
    /// itself.
    fn locate(&self, path: &str, importer: Option<&Path>) -> Result<Located, LoadError>;

    /// The text of a module.
    fn read(&self, module: &Located) -> Result<String, LoadError>;

    /// The key of the script itself, where it can be imported: a module must not.
    fn script(&self) -> Option<PathBuf>;
}

/// A module that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// What identifies it, however an import writes its path: the canonical path.
    pub key: PathBuf,
    /// How reports name its file.
    pub file: String,
    /// How its names are told apart from those of other modules: the last part of the path, without extension.
    pub name: String,
}

/// Why there is no module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// Nothing has that name.
    NotFound {
        /// Where it was looked for, and what may have been meant.
        hint: String,
    },
    /// There is something, but no script.
    Unreadable {
        /// What is wrong with it.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}
