//! Values as members of sets and keys of hash tables.

use super::{Alphabet, Shared, Value};
use crate::compare;
use indexmap::{Equivalent, IndexSet};
use rustc_hash::FxBuildHasher;
use std::hash::{Hash, Hasher};

/// A value that is compared and hashed as the language does it: `1` and `1.0` are one key, a sequence and a Str of the
/// same letters are two.
#[derive(Clone, Debug)]
pub struct Key(pub Value);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        compare::same_member(&self.0, &other.0)
    }
}

// NaN is unequal to itself, so two of them are two members; hash tables only need that this never panics.
impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        compare::hash(&self.0, state);
    }
}

/// Letters to look for, of a sequence or of a Str.
struct Letters<'a>(Option<Alphabet>, &'a [u8]);

impl Hash for Letters<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        compare::hash_letters(self.0, self.1, state);
    }
}

impl Equivalent<Key> for Letters<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        match &key.0 {
            Value::Sequence(sequence) => self.0 == Some(sequence.alphabet()) && self.1 == sequence.letters(),
            other => self.0.is_none() && other.as_text().is_some_and(|text| text.as_bytes() == self.1),
        }
    }
}

/// A set of values, in the order of insertion.
#[derive(Clone)]
pub struct Set(Shared<IndexSet<Key, FxBuildHasher>>);

impl Set {
    /// The members, in the order of insertion.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.0.iter().map(|key| &key.0)
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member at a position.
    pub fn get(&self, position: usize) -> Option<&Value> {
        self.0.get_index(position).map(|key| &key.0)
    }

    /// Whether the value is a member.
    pub fn contains(&self, value: &Value) -> bool {
        self.0.contains(&Key(value.clone()))
    }

    /// Whether some member `==` the value: as [`Set::contains`], but a Str finds a sequence of its letters and the other
    /// way round.
    pub fn contains_equal(&self, value: &Value) -> bool {
        let letters = |alphabet, letters| self.0.contains(&Letters(alphabet, letters));
        self.contains(value)
            || match value {
                Value::Str(text) => [Alphabet::Dna, Alphabet::Rna, Alphabet::Protein]
                    .into_iter()
                    .any(|alphabet| letters(Some(alphabet), text.as_bytes())),
                Value::Sequence(sequence) => letters(None, sequence.letters()),
                _ => false,
            }
    }

    /// Adds a member, unless it is one already.
    pub fn insert(&mut self, value: Value) {
        self.0.make_mut().insert(Key(value));
    }

    /// Removes a member; the order of the others stays.
    pub fn remove(&mut self, value: &Value) {
        self.0.make_mut().shift_remove(&Key(value.clone()));
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether both are the same object in memory; a quick way to equality.
    pub fn same(&self, other: &Set) -> bool {
        self.0.same(&other.0)
    }
}

impl FromIterator<Value> for Set {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Set {
        Set(Shared::new(values.into_iter().map(Key).collect()))
    }
}
