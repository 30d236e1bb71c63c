//! How much memory values take.

use super::{ListBody, RangeBounds, Shared, Value};
use rustc_hash::FxHashSet;

/// What a counted value has in memory before its content.
const COUNT: usize = WORD;
const WORD: usize = size_of::<usize>();
/// A member of a set: the value, its hash, and its place in the table.
const MEMBER: usize = size_of::<Value>() + 2 * WORD;

/// Counts the memory of values. What several of them share is counted once, for the first one.
///
/// Counted is what stands on the heap for the values themselves. Not counted are the code of functions, the keys that records
/// of one shape have in common, what allocators add, and what streams have read ahead. Sequences count with their letters,
/// also where these are a window of something longer.
#[derive(Default)]
pub struct Footprint {
    /// Where something stands that is counted already.
    seen: FxHashSet<usize>,
}

impl Footprint {
    /// The bytes on the heap that the value takes, apart from what was counted before.
    pub fn add(&mut self, value: &Value) -> usize {
        let mut bytes = 0;
        // Values may nest more deeply than the native stack is.
        let mut waiting = vec![value.clone()];
        while let Some(value) = waiting.pop() {
            bytes += self.own(&value, &mut |part| {
                if part.is_counted() {
                    waiting.push(part.clone());
                }
            });
        }
        bytes
    }

    /// The bytes of the value alone; its parts are given to the visitor.
    fn own(&mut self, value: &Value, visitor: &mut dyn FnMut(&Value)) -> usize {
        let mut is_new = |address: usize| self.seen.insert(address);
        match value {
            Value::Nil | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Native(_) => 0,
            Value::Str(text) => text.allocation().map_or(0, |(at, size)| if is_new(at) { size } else { 0 }),
            Value::Sequence(sequence) => {
                let body = if is_new(sequence.address()) { COUNT + 5 * WORD } else { 0 };
                body + letters(sequence.letters(), &mut is_new)
            }
            Value::Quality(quality) => {
                let body = if is_new(quality.address()) { COUNT + 4 * WORD } else { 0 };
                body + letters(quality.letters(), &mut is_new)
            }
            Value::List(list) if is_new(list.address()) => {
                let items = match list.body() {
                    ListBody::Values(values) => {
                        values.iter().for_each(visitor);
                        values.capacity() * size_of::<Value>()
                    }
                    ListBody::Progression { .. } => 0,
                };
                COUNT + size_of::<ListBody>() + items
            }
            Value::Tuple(items) if is_new(items.address()) => {
                items.iter().for_each(visitor);
                COUNT + size_of::<Vec<Value>>() + items.capacity() * size_of::<Value>()
            }
            Value::Set(set) if is_new(set.address()) => {
                set.iter().for_each(visitor);
                COUNT + 8 * WORD + set.len() * MEMBER
            }
            Value::Record(record) if is_new(record.address()) => {
                record.values().iter().for_each(visitor);
                COUNT + 4 * WORD + size_of_val(record.values())
            }
            Value::Range(range) if is_new(Shared::address(range)) => COUNT + size_of::<RangeBounds>(),
            Value::Closure(closure) if is_new(closure.address()) => {
                closure.captures().iter().for_each(visitor);
                COUNT + 4 * WORD + size_of_val(closure.captures())
            }
            Value::Error(error) => error.message().len(),
            Value::Variable(variable) if is_new(variable.address()) => {
                visitor(&variable.get());
                COUNT + 4 * WORD
            }
            Value::Foreign(foreign) if is_new(foreign.address()) => {
                foreign.visit(visitor);
                COUNT + size_of_val(&**foreign) + foreign.size()
            }
            // Counted before.
            _ => 0,
        }
    }
}

fn letters(letters: &[u8], is_new: &mut impl FnMut(usize) -> bool) -> usize {
    if letters.is_empty() || !is_new(letters.as_ptr().addr()) { 0 } else { letters.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(value: &Value) -> usize {
        Footprint::default().add(value)
    }

    #[test]
    fn what_fits_into_a_register_takes_nothing() {
        for value in [Value::Nil, Value::Int(7), Value::text("ACGTACG")] {
            assert_eq!(size(&value), 0);
        }
    }

    #[test]
    fn content_is_counted() {
        let long = size(&Value::text("x".repeat(1000)));
        assert!((1000..1100).contains(&long), "{long}");
        let list = size(&Value::list((0..100).map(Value::Int).collect()));
        assert!((1600..1700).contains(&list), "{list}");
        let texts = size(&Value::list((0..10).map(|n| Value::text(format!("{n:0>100}"))).collect()));
        assert!((1000..2500).contains(&texts), "{texts}");
    }

    #[test]
    fn what_is_shared_is_counted_once() {
        let text = Value::text("x".repeat(1000));
        let list = Value::list(vec![text.clone(), text.clone()]);
        assert!(size(&list) < 1300, "{}", size(&list));
        let mut footprint = Footprint::default();
        assert!(footprint.add(&text) > 1000);
        assert!(footprint.add(&list) < 200);
        assert_eq!(footprint.add(&list), 0);
    }

    #[test]
    fn depth_does_not_matter() {
        let mut value = Value::Nil;
        for _ in 0..10_000 {
            value = Value::list(vec![value]);
        }
        assert!(size(&value) > 10_000 * 16);
    }
}
