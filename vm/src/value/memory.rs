//! What a memoized function remembers: the results that it has given, by their arguments.

use super::{ForeignValue, Key, Value};
use crate::compare;
use biovm_bytecode::Type;
use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHasher};
use std::any::Any;
use std::collections::BTreeMap;
use std::hash::Hasher;

/// The results of a function, by the lists of arguments that gave them. All threads that share it use the same results.
pub struct Memory {
    /// Keeps so many results, those that were asked for last; all of them where it is zero.
    limit: usize,
    results: Mutex<Results>,
}

#[derive(Default)]
struct Results {
    by_hash: FxHashMap<u64, Vec<Entry>>,
    count: usize,
    /// Counts the uses, where there is a limit.
    clock: u64,
    /// The hash of the entry that was used at that time, where there is a limit.
    by_age: BTreeMap<u64, u64>,
}

struct Entry {
    arguments: Vec<Value>,
    result: Value,
    used: u64,
}

impl Memory {
    /// A memory without results that keeps the last `limit` of them, or all where that is zero.
    pub fn new(limit: usize) -> Memory {
        Memory { limit, results: Mutex::default() }
    }

    /// The result for these arguments, where there is one.
    pub fn get(&self, arguments: &[Value]) -> Option<Value> {
        let hash = hash(arguments);
        let results = &mut *self.results.lock();
        let entry = results.by_hash.get_mut(&hash)?.iter_mut().find(|entry| entry.is_for(arguments))?;
        if self.limit > 0 {
            results.clock += 1;
            results.by_age.remove(&entry.used);
            results.by_age.insert(results.clock, hash);
            entry.used = results.clock;
        }
        Some(entry.result.clone())
    }

    /// Keeps a result; not a Stream, which can be read only once. Of two for the same arguments, which recursion can bring about, the later one stays.
    pub fn set(&self, arguments: Vec<Value>, result: Value) {
        if result.type_of() == Type::Stream {
            return;
        }
        let hash = hash(&arguments);
        // Dropped only when the lock is gone: what is dropped may be anything.
        let _forgotten: Option<Entry>;
        let results = &mut *self.results.lock();
        if let Some(entry) = results
            .by_hash
            .get_mut(&hash)
            .and_then(|entries| entries.iter_mut().find(|entry| entry.is_for(&arguments)))
        {
            let earlier = std::mem::replace(&mut entry.result, result);
            _forgotten = Some(Entry { arguments, result: earlier, used: 0 });
            return;
        }
        if self.limit > 0 {
            results.clock += 1;
            results.by_age.insert(results.clock, hash);
        }
        let used = results.clock;
        results.by_hash.entry(hash).or_default().push(Entry { arguments, result, used });
        results.count += 1;
        _forgotten =
            if self.limit > 0 && results.count > self.limit { results.forget_oldest() } else { None };
    }
}

impl Results {
    fn forget_oldest(&mut self) -> Option<Entry> {
        let (used, hash) = self.by_age.pop_first()?;
        let entries = self.by_hash.get_mut(&hash)?;
        let position = entries.iter().position(|entry| entry.used == used)?;
        let entry = entries.swap_remove(position);
        if entries.is_empty() {
            self.by_hash.remove(&hash);
        }
        self.count -= 1;
        Some(entry)
    }
}

impl Entry {
    fn is_for(&self, arguments: &[Value]) -> bool {
        let same = |left: &Value, right: &Value| Key(left.clone()) == Key(right.clone());
        self.arguments.len() == arguments.len()
            && self.arguments.iter().zip(arguments).all(|(left, right)| same(left, right))
    }
}

/// Tells a sequence from a Str of its letters at any depth, which equality does not.
fn hash(arguments: &[Value]) -> u64 {
    let mut state = FxHasher::default();
    state.write_usize(arguments.len());
    arguments.iter().for_each(|argument| compare::hash(argument, &mut state));
    state.finish()
}

/// No script ever sees one: it hides among the captures of its function.
impl ForeignValue for Memory {
    fn type_of(&self) -> Type {
        Type::Nil
    }

    fn text(&self) -> String {
        "<memory>".to_owned()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: Option<Value>) -> Option<i64> {
        value.and_then(|value| value.as_integral())
    }

    #[test]
    fn equal_arguments_have_one_result() {
        let memory = Memory::new(0);
        memory.set(vec![Value::Int(1), Value::text("a")], Value::Int(7));
        assert_eq!(number(memory.get(&[Value::Float(1.0), Value::text("a")])), Some(7));
        assert_eq!(number(memory.get(&[Value::Int(1)])), None);
        assert_eq!(number(memory.get(&[Value::text("a"), Value::Int(1)])), None);
        memory.set(vec![Value::Int(1), Value::text("a")], Value::Int(8));
        assert_eq!(number(memory.get(&[Value::Int(1), Value::text("a")])), Some(8));
        memory.set(vec![], Value::Nil);
        assert!(matches!(memory.get(&[]), Some(Value::Nil)));
    }

    #[test]
    fn a_sequence_is_not_its_letters_at_any_depth() {
        use crate::value::{Alphabet, Sequence};
        let sequence = || Value::Sequence(Sequence::parse(Alphabet::Dna, b"ACGT").expect("letters of DNA"));
        let nested = |inner: Value| vec![Value::list(vec![inner])];
        let memory = Memory::new(0);
        memory.set(vec![sequence()], Value::Int(1));
        memory.set(nested(sequence()), Value::Int(2));
        assert_eq!(number(memory.get(&[Value::text("ACGT")])), None);
        assert_eq!(number(memory.get(&nested(Value::text("ACGT")))), None);
        assert_eq!(number(memory.get(&nested(sequence()))), Some(2));
    }

    #[test]
    fn a_limit_forgets_what_was_used_least_recently() {
        let memory = Memory::new(2);
        let known = |key: i64| memory.get(&[Value::Int(key)]).is_some();
        memory.set(vec![Value::Int(1)], Value::Nil);
        memory.set(vec![Value::Int(2)], Value::Nil);
        assert!(known(1));
        memory.set(vec![Value::Int(3)], Value::Nil);
        assert!(!known(2));
        assert!(known(1) && known(3));
        memory.set(vec![Value::Int(4)], Value::Nil);
        assert!(!known(1) && known(3) && known(4));
        assert_eq!(memory.results.lock().count, 2);
        assert_eq!(memory.results.lock().by_age.len(), 2);
    }
}
