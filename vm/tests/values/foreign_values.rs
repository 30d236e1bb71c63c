//! Values of kinds that the machine does not know.

use super::*;
use biovm_bytecode::Type;
use biovm_vm::access::{contains, field, field_or_nil, index, set_field, set_index, slice};
use biovm_vm::compare::{equal, hash, order};
use biovm_vm::operators::{self, Operator};
use biovm_vm::value::ForeignValue;
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hasher};

/// A k-mer: letters with a kind of their own.
struct Kmer(String);

impl ForeignValue for Kmer {
    fn type_of(&self) -> Type {
        Type::Kmer
    }
    fn text(&self) -> String {
        format!("Kmer({})", self.0)
    }
    fn print(&self) -> String {
        self.0.clone()
    }
    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }
    fn field(&self, name: &str) -> Option<Value> {
        (name == "letters").then(|| Value::from(self.0.as_str()))
    }
    fn field_names(&self) -> Vec<String> {
        vec!["letters".into()]
    }
    fn index(&self, index: &Value) -> Option<Result<Value, Error>> {
        let Value::Int(position) = index else { return None };
        let letter = self.0.chars().nth(*position as usize);
        Some(
            letter
                .map(|letter| Value::from(letter.to_string()))
                .ok_or_else(|| Error::index_error(*position, self.0.len())),
        )
    }
    fn slice(&self, start: usize, step: isize, count: usize) -> Option<Value> {
        let letters =
            (0..count).filter_map(|item| self.0.chars().nth(start.wrapping_add_signed(step * item as isize)));
        Some(Value::foreign(Kmer(letters.collect())))
    }
    fn contains(&self, item: &Value) -> Option<bool> {
        item.as_text().map(|item| self.0.contains(item))
    }
    fn equals(&self, other: &dyn ForeignValue) -> bool {
        other.as_any().downcast_ref::<Kmer>().is_some_and(|other| self.0 == other.0)
    }
    fn hash(&self) -> u64 {
        self.0.bytes().map(u64::from).sum()
    }
    fn compare(&self, other: &Value) -> Option<Ordering> {
        match other {
            Value::Foreign(other) => other.downcast::<Kmer>().map(|other| self.0.cmp(&other.0)),
            other => other.as_text().map(|other| self.0.as_str().cmp(other)),
        }
    }
    fn operate(&self, operator: Operator, other: &Value, swapped: bool) -> Option<Result<Value, Error>> {
        let (Operator::Add, Value::Str(other)) = (operator, other) else { return None };
        let letters = if swapped {
            format!("{}{}", other.as_str(), self.0)
        } else {
            format!("{}{}", self.0, other.as_str())
        };
        Some(Ok(kmer(&letters)))
    }
    fn with_field(&self, name: &str, value: Value) -> Option<Result<Value, Error>> {
        (name == "letters").then(|| Ok(kmer(value.as_text().unwrap_or_default())))
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn kmer(letters: &str) -> Value {
    Value::foreign(Kmer(letters.into()))
}

/// A struct with one field, which may hold another one.
struct Node(Value);

impl ForeignValue for Node {
    fn type_of(&self) -> Type {
        Type::Record
    }
    fn text(&self) -> String {
        format!("Node({})", display::brief_nested(&self.0))
    }
    fn equals(&self, other: &dyn ForeignValue) -> bool {
        other.as_any().downcast_ref::<Node>().is_some_and(|other| equal(&self.0, &other.0))
    }
    fn hash(&self) -> u64 {
        hash_of(&self.0)
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn hash_of(value: &Value) -> u64 {
    let mut state = DefaultHasher::new();
    hash(value, &mut state);
    state.finish()
}

#[test]
fn comparisons() {
    assert!(equal(&kmer("ATG"), &kmer("ATG")));
    assert!(equal(&kmer("ATG"), &text("ATG")) && equal(&text("ATG"), &kmer("ATG")));
    assert!(!equal(&kmer("ATG"), &dna("ATG")) && !equal(&kmer("ATG"), &int(1)));
    assert_eq!(hash_of(&kmer("ATG")), hash_of(&kmer("ATG")));
    assert_eq!(order(&text("C"), &kmer("ATG")).ok().flatten(), Some(Ordering::Greater));
    assert_eq!(order(&kmer("A"), &kmer("ATG")).ok().flatten(), Some(Ordering::Less));
    let outcome = order(&kmer("A"), &int(1)).err().map(|error| error.to_string());
    assert_eq!(outcome.as_deref(), Some("TypeError: cannot compare Kmer and Int"));
    let Value::Set(members) = set([kmer("A"), text("A"), kmer("A")]) else { unreachable!() };
    assert_eq!(members.len(), 2);
}

#[test]
fn parts() {
    let value = kmer("ATG");
    let cases = [
        (index(&value, &int(1)), "Str T"),
        (index(&value, &float(2.0)), "Str G"),
        (index(&value, &int(9)), "IndexOutOfBounds: index 9 out of bounds (len 3)"),
        (index(&value, &range(1, 3)), "Kmer Kmer(TG)"),
        (index(&value, &text("letters")), "Str ATG"),
        (index(&value, &Value::Nil), "TypeError: cannot index Kmer with Nil"),
        (slice(&value, &Value::Nil, &Value::Nil, &int(-1)), "Kmer Kmer(GTA)"),
        (field(&value, "letters"), "Str ATG"),
        (field(&value, "leters"), "NameError: no field 'leters' on Kmer"),
        (field_or_nil(&value, "leters"), "Nil nil"),
        (contains(&value, &text("TG")).map(Value::from), "Bool true"),
        (contains(&value, &int(1)).map(Value::from), "TypeError: 'in' not supported for Kmer"),
        (operators::add(&value, &text("C")), "Kmer Kmer(ATGC)"),
        (operators::add(&text("C"), &value), "Kmer Kmer(CATG)"),
        (operators::subtract(&value, &value), "TypeError: cannot apply '-' to Kmer and Kmer"),
    ];
    for (outcome, expected) in cases {
        assert_eq!(shown(outcome), expected);
    }
    let mut changed = value.clone();
    assert!(set_field(&mut changed, "letters", text("CC")).is_ok());
    assert_eq!(shown(Ok(changed.clone())), "Kmer Kmer(CC)");
    assert!(set_index(&mut changed, &text("letters"), text("GG")).is_ok());
    assert_eq!(shown(Ok(changed.clone())), "Kmer Kmer(GG)");
    let outcome = set_index(&mut changed, &int(0), Value::Nil).map(|()| Value::Nil);
    assert_eq!(shown(outcome), "TypeError: cannot assign to an index of Kmer");
    assert_eq!(shown(Ok(value)), "Kmer Kmer(ATG)");
}

#[test]
fn texts() {
    let mut output = String::new();
    display::write_print(&mut output, &kmer("ATG")).expect("room for a short text");
    assert_eq!(output, "ATG");
    assert_eq!(display::brief(&list([kmer("ATG")])), "[Kmer(ATG)]");
}

#[test]
fn a_long_chain_does_not_use_up_the_stack() {
    let chain = || (0..20_000).fold(Value::Nil, |next, _| Value::foreign(Node(list([next]))));
    let (one, other) = (chain(), chain());
    let _ = equal(&one, &other);
    assert_eq!(hash_of(&one), hash_of(&other));
    assert!(display::brief(&one).contains('…'));
}
