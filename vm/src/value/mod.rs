//! Values: what a register holds.
//!
//! A value is two words, a tag and a payload. Nil, Bool, Int, Float and builtins are complete in them; everything else
//! is a counted pointer ([`Shared`]). Values never change under another holder: whoever wants to change one asks for
//! `make_mut`, which copies unless it is the only holder.

mod callable;
mod cell;
mod closure;
mod depth;
mod footprint;
mod foreign;
mod formula;
mod key;
mod list;
mod memory;
mod record;
mod regex;
mod sequence;
mod shape;
mod shape_ref;
mod shared;
mod text;
pub(crate) mod text_hash;

pub use self::regex::Regex;
pub use callable::{Arguments, Callable};
pub use cell::Variable;
pub(crate) use cell::lock_variables;
pub use closure::Closure;
pub(crate) use depth::nested;
pub use footprint::Footprint;
pub use foreign::{Foreign, ForeignValue};
pub use formula::Formula;
pub use key::{Key, Set};
pub use list::{List, ListBody};
pub use memory::Memory;
pub use record::Record;
pub use sequence::{Alphabet, Quality, Sequence};
pub use shape::{Class, Shape, Structure};
pub use shape_ref::ShapeRef;
pub use shared::Shared;
pub use text::Str;
pub use text_hash::{Text, TextBuildHasher, TextHasher, TextMap};

use crate::error::Error;
use crate::native::Native;
use biovm_bytecode::Type;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// A value of the language.
///
/// The layout is fixed: a word that holds the tag, then a word of payload. All kinds from [`Value::Str`] on are counted
/// pointers whose count is the first word behind the pointer, except that a short text is complete in its payload, which is
/// odd then. The tags of these kinds, and no others, have bits above the lowest three, so the tags of many values, or-ed
/// together, tell whether any of them may be counted.
#[repr(u64)]
#[derive(Default)]
pub enum Value {
    /// `nil`
    #[default]
    Nil = 0,
    /// `true` and `false`
    Bool(bool) = TAG_BOOL,
    /// A 64-bit signed integer.
    Int(i64) = TAG_INT,
    /// An IEEE double.
    Float(f64) = TAG_FLOAT,
    /// A builtin function.
    Native(&'static Native) = 4,
    /// Text.
    Str(Str) = FIRST_COUNTED,
    /// DNA, RNA or protein.
    Sequence(Sequence),
    /// Phred scores.
    Quality(Quality),
    /// A list.
    List(List),
    /// A tuple.
    Tuple(Shared<Vec<Value>>),
    /// A set, in the order of insertion.
    Set(Set),
    /// A record or map, in the order of insertion.
    Record(Record),
    /// A range of Ints, as written with `..` and `..=`.
    Range(Shared<RangeBounds>),
    /// A function of the script with the variables that it captured.
    Closure(Closure),
    /// A caught error.
    Error(Error),
    /// A captured variable that is assigned to; only in registers and captures, never seen by a script.
    Variable(Variable),
    /// Every other kind: tables, streams, timers …
    Foreign(Foreign),
}

const FIRST_COUNTED: u64 = 8;
const TAG_BOOL: u64 = 1;
const TAG_INT: u64 = 2;
const TAG_FLOAT: u64 = 3;

/// The bounds of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RangeBounds {
    /// The first Int.
    pub start: i64,
    /// The end, as written.
    pub end: i64,
    /// Whether the end belongs to the range.
    pub inclusive: bool,
}

impl RangeBounds {
    /// The number of Ints in the range.
    pub fn len(&self) -> usize {
        let distance = i128::from(self.end) - i128::from(self.start) + i128::from(self.inclusive);
        usize::try_from(distance.max(0)).unwrap_or(usize::MAX)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Value {
    #[inline(always)]
    fn tag(&self) -> u64 {
        // SAFETY: `repr(u64)` puts the discriminant into the first word.
        unsafe { *std::ptr::from_ref(self).cast::<u64>() }
    }

    /// Whether the value is a counted pointer, so that copying and dropping it is work.
    #[inline(always)]
    pub fn is_counted(&self) -> bool {
        if self.tag() < FIRST_COUNTED {
            return false;
        }
        // Two branches, of which numbers take one, are less than computing both conditions.
        std::hint::cold_path();
        // SAFETY: the payload of every kind from Str on is initialised. Pointers are even, short texts are odd.
        unsafe { *std::ptr::from_ref(self).cast::<u64>().add(1) & 1 == 0 }
    }

    /// Writes a value over one that is not counted, or whose count is given up, word by word: a processor that is asked
    /// for sixteen bytes right after they were stored as twice eight has to wait for them.
    ///
    /// # Safety
    /// `slot` is valid for writing.
    #[inline(always)]
    pub(crate) unsafe fn write_words(slot: *mut Value, value: Value) {
        let value = std::mem::ManuallyDrop::new(value);
        let words = std::ptr::from_ref(&*value).cast::<std::mem::MaybeUninit<u64>>();
        let slot = slot.cast::<std::mem::MaybeUninit<u64>>();
        // SAFETY: a value is two words; the payload of Nil is not initialised, hence `MaybeUninit`.
        unsafe {
            slot.write(words.read());
            slot.add(1).write(words.add(1).read());
        }
    }

    /// Moves a value from one slot over another one that is not counted, word by word as [`Value::write_words`] does, and leaves
    /// nil.
    ///
    /// # Safety
    /// Both slots are valid.
    #[inline(always)]
    pub(crate) unsafe fn move_words(slot: *mut Value, from: *mut Value) {
        let (words, slot) = (from.cast::<u64>(), slot.cast::<u64>());
        // SAFETY: by the caller; the payload of nil is not initialised. Volatile reads are not joined into one of sixteen bytes.
        unsafe {
            let tag = words.read_volatile();
            let payload = words.add(1).cast::<std::mem::MaybeUninit<u64>>().read_volatile();
            words.write(Value::NIL_TAG);
            slot.write(tag);
            slot.add(1).cast::<std::mem::MaybeUninit<u64>>().write(payload);
        }
    }

    /// Both words of a counted value, to give up its count later. The second one is a pointer and stays one.
    ///
    /// # Safety
    /// `slot` holds a counted value, which is written over without being dropped.
    #[inline(always)]
    pub(crate) unsafe fn words(slot: *const Value) -> (u64, *const ()) {
        let slot = slot.cast::<u64>();
        // SAFETY: by the caller; both words of a counted value are initialised.
        unsafe { (slot.read(), slot.add(1).cast::<*const ()>().read()) }
    }

    /// Gives up the count of a value that was overwritten, given as the second of its words. True where this was the last
    /// holder: then nothing is given up, and the value of these words is still to be dropped.
    ///
    /// # Safety
    /// The word comes from [`Value::words`] or is that of a short text. Unless this is true, the words are not used again.
    #[inline(always)]
    pub(crate) unsafe fn release_words(payload: *const ()) -> bool {
        // Short texts are odd.
        if payload.addr() & 1 != 0 {
            return false;
        }
        // SAFETY: the second word of every counted value is a pointer to a body, which begins with its count.
        let count = unsafe { &*payload.cast::<AtomicUsize>() };
        if count.load(Ordering::Acquire) == 1 {
            return true;
        }
        if count.fetch_sub(1, Ordering::Release) != 1 {
            return false;
        }
        // The others have let go in the meantime, so this is the last holder after all, and the only one to see the count.
        fence(Ordering::Acquire);
        count.store(1, Ordering::Relaxed);
        true
    }

    /// The tag of a nil.
    pub(crate) const NIL_TAG: u64 = 0;

    /// The tag of the value in a slot.
    ///
    /// # Safety
    /// `slot` is valid for reading.
    #[inline(always)]
    pub(crate) unsafe fn tag_at(slot: *const Value) -> u64 {
        // SAFETY: by the caller; the first word is the tag.
        unsafe { slot.cast::<u64>().read() }
    }

    /// Whether any of the tags that were or-ed together is that of a kind that is counted; a short text has such a tag, too.
    #[inline(always)]
    pub(crate) fn some_counted(tags: u64) -> bool {
        tags >= FIRST_COUNTED
    }

    /// Takes the value out of a slot, as its two words, and leaves nil.
    ///
    /// # Safety
    /// `slot` is valid; the words are put into a value once.
    #[inline(always)]
    pub(crate) unsafe fn take_parts(slot: *mut Value) -> (u64, std::mem::MaybeUninit<u64>) {
        let words = slot.cast::<u64>();
        // SAFETY: by the caller; the payload of nil is not initialised.
        unsafe {
            let parts = (words.read(), words.add(1).cast::<std::mem::MaybeUninit<u64>>().read());
            words.write(Value::NIL_TAG);
            parts
        }
    }

    /// Writes a value, given as its two words, over one that is not counted.
    ///
    /// # Safety
    /// `slot` is valid for writing, and the words come from [`Value::take_parts`].
    #[inline(always)]
    pub(crate) unsafe fn write_parts(slot: *mut Value, tag: u64, payload: std::mem::MaybeUninit<u64>) {
        let words = slot.cast::<u64>();
        // SAFETY: by the caller.
        unsafe {
            words.write(tag);
            words.add(1).cast::<std::mem::MaybeUninit<u64>>().write(payload);
        }
    }

    /// The value of these two words.
    ///
    /// # Safety
    /// The words come from [`Value::take_parts`], and are used once.
    #[inline(always)]
    pub(crate) unsafe fn from_parts(tag: u64, payload: std::mem::MaybeUninit<u64>) -> Value {
        let mut value = Value::Nil;
        // SAFETY: by the caller; nil needs no drop.
        unsafe { Value::write_parts(&raw mut value, tag, payload) };
        value
    }

    /// The counted value of these words.
    ///
    /// # Safety
    /// The words come from [`Value::words`], and are used once.
    #[inline(always)]
    pub(crate) unsafe fn from_words(tag: u64, payload: *const ()) -> Value {
        let mut value = Value::Nil;
        let slot = std::ptr::from_mut(&mut value).cast::<u64>();
        // SAFETY: by the caller; nil needs no drop.
        unsafe {
            slot.write(tag);
            slot.add(1).cast::<*const ()>().write(payload);
        }
        value
    }

    /// Writes an Int as [`Value::write_words`] does.
    ///
    /// # Safety
    /// `slot` is valid for writing.
    #[inline(always)]
    pub(crate) unsafe fn write_int(slot: *mut Value, value: i64) {
        // SAFETY: by the caller; the layout is that of `Value::Int`.
        unsafe {
            slot.cast::<u64>().write(TAG_INT);
            slot.cast::<i64>().add(1).write(value);
        }
    }

    /// Writes a Float as [`Value::write_words`] does.
    ///
    /// # Safety
    /// `slot` is valid for writing.
    #[inline(always)]
    pub(crate) unsafe fn write_float(slot: *mut Value, value: f64) {
        // SAFETY: by the caller; the layout is that of `Value::Float`.
        unsafe {
            slot.cast::<u64>().write(TAG_FLOAT);
            slot.cast::<f64>().add(1).write(value);
        }
    }

    /// Writes a Bool as [`Value::write_words`] does.
    ///
    /// # Safety
    /// `slot` is valid for writing.
    #[inline(always)]
    pub(crate) unsafe fn write_bool(slot: *mut Value, value: bool) {
        // SAFETY: by the caller; the layout is that of `Value::Bool`, whose byte comes first in its word.
        unsafe {
            slot.cast::<u64>().write(TAG_BOOL);
            slot.cast::<u64>().add(1).write(u64::from(value).to_le());
        }
    }

    /// A Str.
    pub fn text(text: impl Into<Str>) -> Value {
        Value::Str(text.into())
    }

    /// A List.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(List::from(items))
    }

    /// A Tuple.
    pub fn tuple(items: Vec<Value>) -> Value {
        Value::Tuple(Shared::new(items))
    }

    /// A Record with these entries; later ones win.
    pub fn record<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
        Value::Record(Record::from_entries(entries.into_iter().map(|(key, value)| (Str::from(key), value))))
    }

    /// A foreign value.
    pub fn foreign(value: impl ForeignValue + 'static) -> Value {
        Value::Foreign(Foreign::new(value))
    }

    /// The type, as `typeof` names it.
    pub fn type_of(&self) -> Type {
        match self {
            Value::Nil => Type::Nil,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Float(_) => Type::Float,
            Value::Native(_) | Value::Closure(_) => Type::Function,
            Value::Str(_) => Type::Str,
            Value::Sequence(sequence) => sequence.alphabet().type_of(),
            Value::Quality(_) => Type::Quality,
            Value::List(_) => Type::List,
            Value::Tuple(_) => Type::Tuple,
            Value::Set(_) => Type::Set,
            Value::Record(record) => record.shape().class().type_of(),
            Value::Range(_) => Type::Range,
            Value::Error(_) => Type::Error,
            // Never visible; the machine reads through it.
            Value::Variable(_) => Type::Nil,
            Value::Foreign(foreign) => foreign.type_of(),
        }
    }

    /// Whether a condition holds for it: nil, false, zero and everything empty are false.
    #[inline]
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::Bool(value) => *value,
            Value::Nil => false,
            _ => self.is_truthy_slow(),
        }
    }

    fn is_truthy_slow(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Sequence(sequence) => !sequence.is_empty(),
            Value::Quality(quality) => !quality.is_empty(),
            Value::List(list) => !list.is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::Set(set) => !set.is_empty(),
            Value::Record(record) => !record.is_empty() || record.is_variant(),
            Value::Range(range) => !range.is_empty(),
            Value::Native(_) | Value::Closure(_) | Value::Error(_) | Value::Variable(_) => true,
            Value::Foreign(foreign) => foreign.is_truthy(),
        }
    }

    /// Whether it can be called.
    pub fn is_function(&self) -> bool {
        match self {
            Value::Native(_) | Value::Closure(_) => true,
            Value::Foreign(foreign) => foreign.as_callable().is_some(),
            _ => false,
        }
    }

    /// The Record or Map. A variant of an enum is none, though it is kept like one.
    #[inline]
    pub fn as_record(&self) -> Option<&Record> {
        match self {
            Value::Record(record) if !record.is_variant() => Some(record),
            _ => None,
        }
    }

    /// The text of a Str, or of an Error, which acts as its message.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text.as_str()),
            Value::Error(error) => Some(error.message()),
            _ => None,
        }
    }

    /// The Int, also of a Float without a fraction whose magnitude is below 2⁵³.
    pub fn as_integral(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            Value::Float(value) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => {
                Some(*value as i64)
            }
            _ => None,
        }
    }

    /// The number as a Float.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Value::Int(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// Takes the value and leaves nil.
    #[inline(always)]
    pub fn take(&mut self) -> Value {
        std::mem::replace(self, Value::Nil)
    }
}

impl Clone for Value {
    #[inline(always)]
    fn clone(&self) -> Value {
        if self.is_counted() {
            // SAFETY: the second word of every counted value is a pointer to a body, which begins with its count.
            // The count stays above zero while `self` exists.
            let count = unsafe { &**std::ptr::from_ref(self).cast::<*const AtomicUsize>().add(1) };
            count.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: the bits of an uncounted value may be copied; those of a counted one stand for the count just added.
        unsafe { std::ptr::read(self) }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}({})", self.type_of(), crate::display::brief(self))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Value {
        Value::Int(value as i64)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Float(value)
    }
}

impl From<Str> for Value {
    fn from(value: Str) -> Value {
        Value::Str(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::text(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_two_words() {
        assert_eq!(size_of::<Value>(), 16);
        for value in [Value::Nil, Value::Bool(true), Value::Int(-1), Value::Float(0.5)] {
            assert!(!value.is_counted());
        }
        assert!(Value::text("long enough").is_counted());
        assert!(!Value::text("").is_counted());
        assert!(!Value::text("seven b").is_counted());
        assert!(Value::text("eight by").is_counted());
        assert!(Value::list(vec![]).is_counted());
        assert!(Value::record([("a", Value::Nil)]).is_counted());
    }

    #[test]
    fn clones_share_and_count() {
        let first = Value::list(vec![Value::text("shared text")]);
        let second = first.clone();
        let (Value::List(mut a), Value::List(b)) = (first, second) else { unreachable!() };
        a.make_mut().push(Value::Int(1));
        assert_eq!((a.len(), b.len()), (2, 1));
    }
}
