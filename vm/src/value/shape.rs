//! Shapes: the keys of a record, apart from its values.
//!
//! Records that were built by the same keys in the same order share one shape, so the machine finds a field by one
//! comparison of shapes and one load. A record with very many keys, as counting makes them, has a shape of its own.

use super::{ShapeRef, Str, Text, TextBuildHasher};
use biovm_bytecode::Type;
use indexmap::IndexSet;
use parking_lot::Mutex;
use rustc_hash::FxBuildHasher;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What kind of record a shape describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A record literal.
    Record,
    /// What comprehensions and grouping builtins make.
    Map,
    /// A struct of the script, or a variant of an enum.
    Structure(&'static Structure),
}

/// A struct, or a variant of an enum. Lives as long as the process: a script declares few.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Structure {
    /// Its name.
    pub name: String,
    /// The enum that it is a variant of; `None` for a struct.
    pub variant_of: Option<String>,
    /// The fields that it declares, in order.
    pub fields: Vec<String>,
}

impl Structure {
    /// The structure of that description; the same one for the same description.
    pub fn intern(name: &str, variant_of: Option<&str>, fields: &[&str]) -> &'static Structure {
        static KNOWN: Mutex<HashSet<&'static Structure, FxBuildHasher>> =
            Mutex::new(HashSet::with_hasher(FxBuildHasher));
        let wanted = Structure {
            name: name.to_owned(),
            variant_of: variant_of.map(str::to_owned),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        };
        let mut known = KNOWN.lock();
        if let Some(structure) = known.get(&wanted) {
            return structure;
        }
        let structure: &'static Structure = Box::leak(Box::new(wanted));
        known.insert(structure);
        structure
    }

    /// `Point`, `Shape::Circle`
    pub fn full_name(&self) -> String {
        match &self.variant_of {
            Some(owner) => format!("{owner}::{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Class {
    /// The type, as `typeof` names it.
    pub fn type_of(self) -> Type {
        match self {
            Class::Record => Type::Record,
            Class::Map => Type::Map,
            Class::Structure(structure) if structure.variant_of.is_some() => Type::Enum,
            Class::Structure(_) => Type::Record,
        }
    }

    /// Whether values of the class are variants of an enum.
    #[inline]
    pub fn is_variant(self) -> bool {
        matches!(self, Class::Structure(structure) if structure.variant_of.is_some())
    }

    /// The shape without keys.
    pub fn empty(self) -> ShapeRef {
        static RECORD: OnceLock<ShapeRef> = OnceLock::new();
        static MAP: OnceLock<ShapeRef> = OnceLock::new();
        // By address: there is one for each description.
        static STRUCTURES: Mutex<HashMap<usize, ShapeRef, FxBuildHasher>> =
            Mutex::new(HashMap::with_hasher(FxBuildHasher));
        let new = || ShapeRef::new(Shape::new(self, IndexSet::default(), true));
        match self {
            Class::Record => RECORD.get_or_init(new).clone(),
            Class::Map => MAP.get_or_init(new).clone(),
            Class::Structure(structure) => {
                let address = std::ptr::from_ref(structure).addr();
                STRUCTURES.lock().entry(address).or_insert_with(new).clone()
            }
        }
    }
}

/// More keys than this are not worth sharing.
const MOST_SHARED_KEYS: usize = 48;
/// More successors than this mean that the keys are data, not field names.
const MOST_SUCCESSORS: usize = 256;

/// The keys of a record, in order.
pub struct Shape {
    class: Class,
    keys: IndexSet<Str, TextBuildHasher>,
    /// Whether other records may have this very shape. Shared shapes live as long as the process.
    shared: bool,
    successors: Mutex<HashMap<Str, ShapeRef, TextBuildHasher>>,
}

impl Shape {
    fn new(class: Class, keys: IndexSet<Str, TextBuildHasher>, shared: bool) -> Shape {
        Shape { class, keys, shared, successors: Mutex::default() }
    }

    /// The kind of record.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Str> + ExactSizeIterator {
        self.keys.iter()
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key at a position.
    pub fn key(&self, position: usize) -> Option<&Str> {
        self.keys.get_index(position)
    }

    /// The position of a key.
    #[inline]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.keys.get_index_of(&Text(key))
    }

    /// The position of a key whose hash may be known.
    #[inline]
    pub fn position_of(&self, key: &Str) -> Option<usize> {
        self.keys.get_index_of(key)
    }

    /// Whether a field's position may be remembered for this shape.
    #[inline]
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// The shape with one more key at the end, which `this` does not have yet.
    pub fn with(this: &mut ShapeRef, key: Str) {
        if this.shared && this.len() < MOST_SHARED_KEYS {
            let mut successors = this.successors.lock();
            if let Some(next) = successors.get(&key) {
                let next = next.clone();
                drop(successors);
                *this = next;
                return;
            }
            if successors.len() < MOST_SUCCESSORS {
                let mut keys = this.keys.clone();
                keys.insert(key.clone());
                let next = ShapeRef::new(Shape::new(this.class, keys, true));
                successors.insert(key, next.clone());
                drop(successors);
                *this = next;
                return;
            }
        }
        if let Some(own) = this.get_mut() {
            own.keys.insert(key);
            return;
        }
        let mut keys = this.keys.clone();
        keys.insert(key);
        *this = ShapeRef::new(Shape::new(this.class, keys, false));
    }

    /// The shared shape with exactly these keys, or one of its own where they are many.
    pub fn of(class: Class, keys: impl IntoIterator<Item = Str>) -> ShapeRef {
        let mut shape = class.empty();
        for key in keys {
            if shape.position_of(&key).is_none() {
                Shape::with(&mut shape, key);
            }
        }
        shape
    }
}
