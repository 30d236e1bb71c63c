//! What a compiled module offers to those who import it.

use crate::lower::TraitFacts;
use crate::resolve::StructureFacts;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A compiled module.
#[derive(Clone, Debug)]
pub struct Module {
    /// What identifies it.
    pub key: PathBuf,
    /// How messages name it.
    pub name: String,
    /// The global that holds its top level as a function until that has run, and nil from then on.
    pub state: usize,
    /// What it exports, in the order of its text.
    pub exports: Vec<Export>,
    /// The traits and type aliases of its top level, which are no values.
    pub type_names: Vec<String>,
    /// Its traits. Their default methods are functions of the program that the module was compiled into.
    pub(crate) traits: FxHashMap<String, Arc<[TraitFacts]>>,
}

/// A name that a module exports.
#[derive(Clone, Debug)]
pub struct Export {
    /// The name.
    pub name: String,
    /// What declares it.
    pub kind: ExportKind,
    /// Where the importer finds the value.
    pub place: Place,
    /// The place of the module that has declared it: the same one, or one that this module imports.
    pub origin: Place,
    /// The struct or variant whose constructor or value it is.
    pub structure: Option<StructureFacts>,
    /// The variants of the enum that it is.
    pub variants: Vec<StructureFacts>,
}

/// What declares an exported name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// A variable; the importer gets one of its own, which begins with the same value.
    Variable,
    /// A `const`, which the importer must not change either.
    Constant,
    /// A function.
    Function,
}

/// Where an exported value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is a function that captures nothing.
    Function(usize),
    /// It is in a global.
    Global(usize),
}

impl Module {
    /// The export with that name.
    pub fn export(&self, name: &str) -> Option<&Export> {
        self.exports.iter().find(|export| export.name == name)
    }

    /// What a later program of the same session can use of the module: the values, which the machine keeps.
    pub(crate) fn without_code(&self) -> Module {
        Module { traits: FxHashMap::default(), ..self.clone() }
    }
}

/// Whether a name stays in its module.
pub fn is_private(name: &str) -> bool {
    name.starts_with('_')
}
