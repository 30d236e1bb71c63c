//! Hashes of text. They are kept with long texts, so every table that has text as keys uses the same ones.
//!
//! The hashes of two runs differ: nobody can prepare keys that all fall into one place.

use super::Str;
use indexmap::{Equivalent, IndexMap};
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Values by text, in the order of insertion.
pub type TextMap<T> = IndexMap<Str, T, TextBuildHasher>;

/// Takes the hash of a text as it is: it is spread well already.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextBuildHasher;

/// See [`TextBuildHasher`].
#[derive(Debug, Default)]
pub struct TextHasher(u64);

impl BuildHasher for TextBuildHasher {
    type Hasher = TextHasher;
    #[inline]
    fn build_hasher(&self) -> TextHasher {
        TextHasher(0)
    }
}

impl Hasher for TextHasher {
    #[inline]
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    /// No text comes here.
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = fold(self.0 ^ u64::from(*byte), ODD);
        }
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// Text to look for in a table whose keys are [`Str`].
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a str);

impl Hash for Text<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(hash(self.0.as_bytes()));
    }
}

impl Equivalent<Str> for Text<'_> {
    #[inline]
    fn equivalent(&self, key: &Str) -> bool {
        self.0 == key.as_str()
    }
}

/// Any odd number with many bits.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Both halves of the product, so that every bit of the factors has a say in every bit of the result.
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ ((product >> 64) as u64)
}

/// The secret of this process, drawn when it is first asked for.
#[inline]
fn seed() -> u64 {
    static SEED: AtomicU64 = AtomicU64::new(0);

    #[cold]
    fn draw() -> u64 {
        let drawn = std::collections::hash_map::RandomState::new().hash_one(ODD) | 1;
        match SEED.compare_exchange(0, drawn, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => drawn,
            Err(earlier) => earlier,
        }
    }

    match SEED.load(Ordering::Relaxed) {
        0 => draw(),
        seed => seed,
    }
}

/// The hash of a text with these bytes.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    match Str::short_word(bytes) {
        Some(word) => hash_short(word),
        None => hash_long(bytes),
    }
}

/// The hash of a short text, which is complete in the word.
#[inline]
pub(super) fn hash_short(word: u64) -> u64 {
    fold(word ^ seed(), ODD)
}

/// The hash of a long text; never zero.
pub(super) fn hash_long(bytes: &[u8]) -> u64 {
    use foldhash::SharedSeed;
    use foldhash::fast::SeedableRandomState;
    static SHARED: LazyLock<SharedSeed> = LazyLock::new(|| SharedSeed::from_u64(seed()));
    let mut hasher = SeedableRandomState::with_seed(seed(), &SHARED).build_hasher();
    hasher.write(bytes);
    hasher.finish().max(1)
}
