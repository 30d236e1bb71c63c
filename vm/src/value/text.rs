//! Text.

use super::text_hash;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::cmp::Ordering as Order;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};

/// Immutable UTF-8 text. Positions and lengths are in characters, so the number of characters is kept once known.
///
/// One word. Text of up to seven bytes is complete in it: letters, codons and most k-mers cost no memory. Longer text is a
/// counted pointer to a [`Body`] with the bytes behind it. The lowest bit of the word tells which: pointers are even.
/// There is one way only to write a short text, so equal short texts are equal words.
#[repr(transparent)]
pub struct Str(NonNull<Body>);

/// What stands in memory before the bytes of a long text. The count comes first, as in every counted value.
#[repr(C)]
struct Body {
    count: AtomicUsize,
    /// The hash, or zero where nobody has asked for it yet.
    hash: AtomicU64,
    /// The number of characters, or `UNKNOWN`.
    characters: AtomicUsize,
    /// The number of bytes.
    length: usize,
    /// How many bytes there is room for.
    capacity: usize,
}

const UNKNOWN: usize = usize::MAX;
/// Most bytes of a short text: a word, without the byte that has the length.
const MOST_SHORT: usize = 7;
/// Marks a word that is a short text. Its length stands in the next three bits.
const SHORT: u64 = 1;
/// Where the bytes of a short text begin in memory: the byte with the length is the one with the lowest bits.
const SHORT_START: usize = if cfg!(target_endian = "little") { 1 } else { 0 };
/// The highest bit of every byte of a short text: set in none where all characters are ASCII.
const NOT_ASCII: u64 = 0x8080_8080_8080_8000;

const _: () = assert!(size_of::<usize>() == size_of::<u64>(), "values are made of words of 64 bits");

// SAFETY: the bytes do not change while there is more than one holder, and the counts are atomic.
unsafe impl Send for Str {}
// SAFETY: as above.
unsafe impl Sync for Str {}

impl Str {
    /// The word that is a text of so few bytes; `None` where they are too many.
    #[inline(always)]
    pub(super) fn short_word(bytes: &[u8]) -> Option<u64> {
        let length = bytes.len();
        if length > MOST_SHORT {
            return None;
        }
        let at = |position: usize| u64::from(bytes[position]) << (8 * position);
        // In the order of little endian; bytes that are read twice come to the same place.
        let packed = if length >= 4 {
            let four = |from: usize| {
                u64::from(u32::from_le_bytes([
                    bytes[from],
                    bytes[from + 1],
                    bytes[from + 2],
                    bytes[from + 3],
                ]))
            };
            four(0) | four(length - 4) << (8 * (length - 4))
        } else if length > 0 {
            at(0) | at(length / 2) | at(length - 1)
        } else {
            0
        };
        let packed = if cfg!(target_endian = "little") { packed << 8 } else { packed.swap_bytes() };
        Some(packed | (length as u64) << 1 | SHORT)
    }

    /// The text of a word.
    #[inline(always)]
    fn from_word(word: u64) -> Str {
        // The lowest bit is set, so this is not zero.
        let word = NonZeroUsize::new(word as usize | SHORT as usize).unwrap_or(NonZeroUsize::MIN);
        Str(NonNull::without_provenance(word))
    }

    /// The text of one ASCII letter.
    #[inline(always)]
    pub fn from_ascii(letter: u8) -> Str {
        debug_assert!(letter.is_ascii());
        let shift = if cfg!(target_endian = "little") { 8 } else { 56 };
        Str::from_word(u64::from(letter & 0x7f) << shift | 1 << 1 | SHORT)
    }

    /// The word: a short text, or the address of a long one.
    #[inline(always)]
    fn word(&self) -> u64 {
        self.0.addr().get() as u64
    }

    #[inline(always)]
    fn is_short(&self) -> bool {
        self.word() & SHORT != 0
    }

    /// What a long text consists of.
    #[inline(always)]
    fn body(&self) -> Option<&Body> {
        if self.is_short() {
            return None;
        }
        // SAFETY: a word that is no short text is a pointer to a body, which lives as long as it has holders.
        Some(unsafe { self.0.as_ref() })
    }

    /// The text.
    #[inline(always)]
    pub fn as_str(&self) -> &str {
        // SAFETY: only whole texts are ever written there.
        unsafe { std::str::from_utf8_unchecked(self.bytes()) }
    }

    /// The bytes of the text.
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        let word = self.word();
        let (start, length) = if word & SHORT != 0 {
            let start = std::ptr::from_ref(self).cast::<u8>().wrapping_add(SHORT_START);
            (start, (word >> 1 & 7) as usize)
        } else {
            // SAFETY: the pointer of a long text; the bytes begin right behind the body.
            unsafe { (self.0.as_ptr().add(1).cast::<u8>().cast_const(), (*self.0.as_ptr()).length) }
        };
        // SAFETY: so many bytes begin there, in this word or behind the body, and do not change while `self` is borrowed.
        unsafe { std::slice::from_raw_parts(start, length) }
    }

    /// The number of bytes.
    #[inline(always)]
    pub fn byte_count(&self) -> usize {
        match self.body() {
            None => (self.word() >> 1 & 7) as usize,
            Some(body) => body.length,
        }
    }

    /// The number of characters.
    #[inline]
    pub fn char_count(&self) -> usize {
        match self.body() {
            None if self.word() & NOT_ASCII == 0 => (self.word() >> 1 & 7) as usize,
            None => self.as_str().chars().count(),
            Some(body) => match body.characters.load(Ordering::Relaxed) {
                UNKNOWN => self.count_characters(body),
                known => known,
            },
        }
    }

    #[inline(never)]
    fn count_characters(&self, body: &Body) -> usize {
        let count = self.as_str().chars().count();
        body.characters.store(count, Ordering::Relaxed);
        count
    }

    /// Whether every character is one byte, so that character positions are byte positions.
    #[inline]
    pub fn is_single_byte(&self) -> bool {
        self.char_count() == self.byte_count()
    }

    /// The character at a position.
    #[inline]
    pub fn char_at(&self, position: usize) -> Option<Str> {
        if self.is_single_byte() {
            return self.bytes().get(position).map(|letter| Str::from_ascii(*letter));
        }
        let (start, found) = self.as_str().char_indices().nth(position)?;
        self.as_str().get(start..start + found.len_utf8()).map(Str::from)
    }

    /// The letter at a position, where it is known that all characters are single bytes.
    #[inline(always)]
    pub(crate) fn ascii_at(&self, position: usize) -> Option<u8> {
        let is_ascii = match self.body() {
            None => self.word() & NOT_ASCII == 0,
            Some(body) => body.characters.load(Ordering::Relaxed) == body.length,
        };
        if is_ascii { self.bytes().get(position).copied() } else { None }
    }

    /// The letters from `start` to `end`, where that is a short text and it is known that all characters are single bytes.
    #[inline(always)]
    pub(crate) fn short_slice(&self, start: usize, end: usize) -> Option<Str> {
        let is_ascii = match self.body() {
            None => self.word() & NOT_ASCII == 0,
            Some(body) => body.characters.load(Ordering::Relaxed) == body.length,
        };
        if !is_ascii {
            return None;
        }
        Str::short_word(self.bytes().get(start..end)?).map(Str::from_word)
    }

    /// The bytes from `start` to `end` of a text of single bytes, where there are so many.
    #[inline]
    pub fn ascii_slice(&self, start: usize, end: usize) -> Option<Str> {
        if !self.is_single_byte() {
            return None;
        }
        let bytes = self.bytes().get(start..end)?;
        if let Some(word) = Str::short_word(bytes) {
            return Some(Str::from_word(word));
        }
        let part = Str::from(self.as_str().get(start..end)?);
        if let Some(body) = part.body() {
            body.characters.store(body.length, Ordering::Relaxed);
        }
        Some(part)
    }

    /// The hash that tables of text use.
    #[inline]
    pub fn text_hash(&self) -> u64 {
        match self.body() {
            None => text_hash::hash_short(self.word()),
            Some(body) => match body.hash.load(Ordering::Relaxed) {
                0 => self.find_hash(body),
                known => known,
            },
        }
    }

    #[inline(never)]
    fn find_hash(&self, body: &Body) -> u64 {
        let hash = text_hash::hash_long(self.bytes());
        body.hash.store(hash, Ordering::Relaxed);
        hash
    }

    /// Adds text at the end; in place where nobody else holds this one.
    pub fn push_str(&mut self, more: &str) {
        let (old, added) = (self.byte_count(), more.len());
        if added == 0 {
            return;
        }
        let length = old.saturating_add(added);
        if length <= MOST_SHORT || self.is_short() || !self.is_unique() {
            *self = Str::joined(self.as_str(), more);
            return;
        }
        // SAFETY: a long text with this holder only, and `&mut self` keeps it so. Where the body moves, its pointer moves
        // along at once. `more` lies elsewhere: a borrow of these bytes would be a borrow of `self`, or another holder.
        unsafe {
            let mut body = self.0.as_ptr();
            if (*body).capacity < length {
                let capacity = Body::rounded(length.max((*body).capacity.saturating_mul(2)));
                let (from, to) = (Body::layout((*body).capacity), Body::layout(capacity));
                let moved = realloc(body.cast::<u8>(), from, to.size()).cast::<Body>();
                let Some(moved) = NonNull::new(moved) else { handle_alloc_error(to) };
                self.0 = moved;
                body = moved.as_ptr();
                (*body).capacity = capacity;
            }
            std::ptr::copy_nonoverlapping(more.as_ptr(), body.add(1).cast::<u8>().add(old), added);
            (*body).length = length;
            *(*body).hash.get_mut() = 0;
            *(*body).characters.get_mut() = UNKNOWN;
        }
    }

    /// Replaces the text; in its memory where that has room and nobody else holds it.
    pub fn replace(&mut self, text: &str) {
        let fits = text.len() > MOST_SHORT
            && self.is_unique()
            && self.body().is_some_and(|body| body.capacity >= text.len());
        if !fits {
            *self = Str::from(text);
            return;
        }
        let body = self.0.as_ptr();
        // SAFETY: as in `push_str`; there is room.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), body.add(1).cast::<u8>(), text.len());
            (*body).length = text.len();
            *(*body).hash.get_mut() = 0;
            *(*body).characters.get_mut() = UNKNOWN;
        }
    }

    /// Both texts, one behind the other.
    pub fn joined(left: &str, right: &str) -> Str {
        let length = left.len().saturating_add(right.len());
        if length <= MOST_SHORT {
            let mut bytes = [0; MOST_SHORT];
            bytes[..left.len()].copy_from_slice(left.as_bytes());
            bytes[left.len()..length].copy_from_slice(right.as_bytes());
            if let Some(word) = Str::short_word(&bytes[..length]) {
                return Str::from_word(word);
            }
        }
        Str::long(left, right)
    }

    /// A text with a body.
    fn long(left: &str, right: &str) -> Str {
        let length = left.len().saturating_add(right.len());
        let capacity = Body::rounded(length);
        let layout = Body::layout(capacity);
        // SAFETY: the layout is not empty; the memory is written before it is read, and has room for both.
        unsafe {
            let Some(body) = NonNull::new(alloc(layout).cast::<Body>()) else { handle_alloc_error(layout) };
            body.write(Body {
                count: AtomicUsize::new(1),
                hash: AtomicU64::new(0),
                characters: AtomicUsize::new(UNKNOWN),
                length,
                capacity,
            });
            let bytes = body.as_ptr().add(1).cast::<u8>();
            std::ptr::copy_nonoverlapping(left.as_ptr(), bytes, left.len());
            std::ptr::copy_nonoverlapping(right.as_ptr(), bytes.add(left.len()), right.len());
            Str(body)
        }
    }

    /// Where a long text stands in memory, and how many bytes it takes there; `None` for a text that is complete in its word.
    pub(super) fn allocation(&self) -> Option<(usize, usize)> {
        self.body().map(|body| (std::ptr::from_ref(body).addr(), size_of::<Body>() + body.capacity))
    }

    /// Whether nobody else holds the text.
    #[inline]
    pub fn is_unique(&self) -> bool {
        self.body().is_none_or(|body| body.count.load(Ordering::Acquire) == 1)
    }

    /// Whether both are of the same length and long; if not, they are equal only where they are [`Str::same`].
    #[inline(always)]
    pub(crate) fn is_long_as(&self, other: &Str) -> bool {
        match (self.body(), other.body()) {
            (Some(body), Some(other)) => body.length == other.length,
            _ => false,
        }
    }

    /// Whether both are the same text, or the same object in memory; a quick way to equality.
    #[inline(always)]
    pub fn same(&self, other: &Str) -> bool {
        self.word() == other.word()
    }
}

impl Body {
    /// Allocators hand out 16 bytes at a time and keep a word of them, so the rest is free to be used.
    fn rounded(capacity: usize) -> usize {
        let size = size_of::<Body>().saturating_add(capacity).saturating_add(size_of::<usize>());
        (size.checked_next_multiple_of(16).unwrap_or(usize::MAX) - size_of::<usize>()) - size_of::<Body>()
    }

    fn layout(capacity: usize) -> Layout {
        let size = size_of::<Body>().saturating_add(capacity);
        match Layout::from_size_align(size, align_of::<Body>()) {
            Ok(layout) => layout,
            Err(_) => panic!("a text of {capacity} bytes is larger than memory can be"),
        }
    }
}

impl Clone for Str {
    #[inline(always)]
    fn clone(&self) -> Str {
        if let Some(body) = self.body() {
            body.count.fetch_add(1, Ordering::Relaxed);
        }
        Str(self.0)
    }
}

impl Drop for Str {
    #[inline(always)]
    fn drop(&mut self) {
        let Some(body) = self.body() else { return };
        if body.count.load(Ordering::Acquire) != 1 {
            if body.count.fetch_sub(1, Ordering::Release) != 1 {
                return;
            }
            fence(Ordering::Acquire);
        }
        // SAFETY: this was the last holder; the memory came from `alloc` with this layout, and a body needs no drop.
        unsafe { dealloc(self.0.as_ptr().cast::<u8>(), Body::layout(body.capacity)) };
    }
}

impl Default for Str {
    fn default() -> Str {
        Str::from_word(SHORT)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str::from(text.as_str())
    }
}

impl From<&str> for Str {
    #[inline]
    fn from(text: &str) -> Str {
        match Str::short_word(text.as_bytes()) {
            Some(word) => Str::from_word(word),
            None => Str::long(text, ""),
        }
    }
}

impl From<char> for Str {
    #[inline]
    fn from(character: char) -> Str {
        Str::from(&*character.encode_utf8(&mut [0; 4]))
    }
}

impl std::ops::Deref for Str {
    type Target = str;
    #[inline(always)]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Str) -> bool {
        self.same(other) || self.is_long_as(other) && self.bytes() == other.bytes()
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    #[inline]
    fn partial_cmp(&self, other: &Str) -> Option<Order> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    /// The order of their characters, which is that of their bytes.
    #[inline]
    fn cmp(&self, other: &Str) -> Order {
        if self.is_short() && other.is_short() {
            // The first byte to the top; what is missing is zero, and where that makes no difference the length does.
            let order = |word: u64| match cfg!(target_endian = "little") {
                true => ((word >> 8).swap_bytes(), word & 0xf),
                false => (word & !0xff, word & 0xf),
            };
            return order(self.word()).cmp(&order(other.word()));
        }
        self.bytes().cmp(other.bytes())
    }
}

impl std::hash::Hash for Str {
    #[inline]
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.text_hash());
    }
}

impl std::fmt::Debug for Str {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self.as_str(), formatter)
    }
}

#[cfg(test)]
mod tests;
