//! Equality, order and hashing of values.
//!
//! Lists, tuples and records are walked with a list of what is still to do, so their nesting is limited by memory only.
//! Sets and foreign values come back here through their own code, and are compared by identity below a great depth.

use crate::error::Error;
use crate::value::{Alphabet, Class, List, ListBody, Record, Set, Shared, Value, nested, text_hash};
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// `left == right`
#[inline]
pub fn equal(left: &Value, right: &Value) -> bool {
    equal_leaves::<false>(left, right).unwrap_or_else(|| equal_containers::<false>(left, right))
}

/// Whether a set takes both for the same member: as `==`, except that letters never equal a Str, however deep inside.
pub(crate) fn same_member(left: &Value, right: &Value) -> bool {
    equal_leaves::<true>(left, right).unwrap_or_else(|| equal_containers::<true>(left, right))
}

/// Equality of two values that have no parts, or that differ in kind; `None` for two containers of the same kind.
#[inline]
fn equal_leaves<const MEMBERS: bool>(left: &Value, right: &Value) -> Option<bool> {
    let equal = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            order_int_float(*int, *float) == Some(Ordering::Equal)
        }
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::Str(_) | Value::Error(_), Value::Str(_) | Value::Error(_)) => {
            left.as_text() == right.as_text()
        }
        (Value::Sequence(left), Value::Sequence(right)) => {
            left.same(right) || left.alphabet() == right.alphabet() && left.letters() == right.letters()
        }
        (Value::Sequence(sequence), text) | (text, Value::Sequence(sequence)) => {
            !MEMBERS && text.as_text().is_some_and(|text| text.as_bytes() == sequence.letters())
        }
        (Value::Quality(left), Value::Quality(right)) => {
            left.same(right) || left.letters() == right.letters()
        }
        (Value::Range(left), Value::Range(right)) => **left == **right,
        (Value::Native(left), Value::Native(right)) => std::ptr::eq(*left, *right),
        (Value::Closure(left), Value::Closure(right)) => left.same(right),
        (Value::List(left), Value::List(right)) if left.same(right) => true,
        (Value::Tuple(left), Value::Tuple(right)) if left.same(right) => true,
        (Value::Record(left), Value::Record(right)) if left.same(right) => true,
        (Value::Set(left), Value::Set(right)) if left.same(right) => true,
        (Value::Foreign(left), Value::Foreign(right)) if left.same(right) => true,
        (Value::List(_), Value::List(_))
        | (Value::Tuple(_), Value::Tuple(_))
        | (Value::Record(_), Value::Record(_))
        | (Value::Set(_), Value::Set(_))
        | (Value::Foreign(_), Value::Foreign(_)) => return None,
        (Value::Foreign(foreign), text @ Value::Str(_)) | (text @ Value::Str(_), Value::Foreign(foreign)) => {
            !MEMBERS && foreign.compare(text) == Some(Ordering::Equal)
        }
        _ => false,
    };
    Some(equal)
}

/// Pairs that are still to be compared.
type Pending<'a> = Vec<(&'a Value, &'a Value)>;

fn equal_containers<const MEMBERS: bool>(left: &Value, right: &Value) -> bool {
    let mut pending = vec![(left, right)];
    while let Some(pair) = pending.pop() {
        let equal_so_far = match pair {
            (Value::List(left), Value::List(right)) => equal_lists::<MEMBERS>(left, right, &mut pending),
            (Value::Tuple(left), Value::Tuple(right)) => equal_items::<MEMBERS>(left, right, &mut pending),
            (Value::Record(left), Value::Record(right)) => {
                equal_records::<MEMBERS>(left, right, &mut pending)
            }
            (Value::Set(left), Value::Set(right)) => equal_sets(left, right),
            (Value::Foreign(left), Value::Foreign(right)) => {
                nested(|| left.equals(&**right)).unwrap_or(false)
            }
            _ => false,
        };
        if !equal_so_far {
            return false;
        }
    }
    true
}

fn equal_items<'a, const MEMBERS: bool>(
    left: &'a [Value],
    right: &'a [Value],
    pending: &mut Pending<'a>,
) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| equal_or_later::<MEMBERS>(left, right, pending))
}

fn equal_or_later<'a, const MEMBERS: bool>(
    left: &'a Value,
    right: &'a Value,
    pending: &mut Pending<'a>,
) -> bool {
    equal_leaves::<MEMBERS>(left, right).unwrap_or_else(|| {
        pending.push((left, right));
        true
    })
}

fn equal_lists<'a, const MEMBERS: bool>(left: &'a List, right: &'a List, pending: &mut Pending<'a>) -> bool {
    use ListBody::{Progression, Values};
    match (left.body(), right.body()) {
        (Values(left), Values(right)) => equal_items::<MEMBERS>(left, right, pending),
        (
            Progression { start, step, count },
            Progression { start: other_start, step: other_step, count: other_count },
        ) => {
            count == other_count
                && (*count == 0 || start == other_start)
                && (*count <= 1 || step == other_step)
        }
        (Progression { .. }, Values(values)) => equal_progression(left, values),
        (Values(values), Progression { .. }) => equal_progression(right, values),
    }
}

fn equal_progression(progression: &List, values: &[Value]) -> bool {
    progression.len() == values.len()
        && progression.iter().zip(values).all(|(left, right)| equal(&left, right))
}

fn equal_records<'a, const MEMBERS: bool>(
    left: &'a Record,
    right: &'a Record,
    pending: &mut Pending<'a>,
) -> bool {
    if left.shape().is(right.shape()) {
        return equal_items::<MEMBERS>(left.values(), right.values(), pending);
    }
    // A struct equals only its own kind; records and maps equal each other.
    let kind = |record: &Record| match record.shape().class() {
        Class::Structure(structure) => Some(structure),
        Class::Record | Class::Map => None,
    };
    kind(left) == kind(right)
        && left.len() == right.len()
        && left.iter().all(|(key, value)| {
            right.get(key).is_some_and(|other| equal_or_later::<MEMBERS>(value, other, pending))
        })
}

fn equal_sets(left: &Set, right: &Set) -> bool {
    left.len() == right.len() && nested(|| left.iter().all(|member| right.contains(member))).unwrap_or(false)
}

/// The order of an Int and a Float, without rounding; `None` for NaN.
fn order_int_float(int: i64, float: f64) -> Option<Ordering> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        None
    } else if float >= BEYOND {
        Some(Ordering::Less)
    } else if float < -BEYOND {
        Some(Ordering::Greater)
    } else {
        let whole = float.trunc();
        int.cmp(&(whole as i64)).then_with(|| 0.0_f64.total_cmp(&(float - whole + 0.0))).into()
    }
}

/// The order that `<` and its kin see; `None` where one side is nil or NaN, so that every comparison is false.
pub fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, Error> {
    compare(left, right, Purpose::Operator)
}

/// The total order that sorting uses: nil last, NaN just before.
pub fn sort_order(left: &Value, right: &Value) -> Result<Ordering, Error> {
    // Sorting leaves no pair without an order.
    Ok(compare(left, right, Purpose::Sorting)?.unwrap_or(Ordering::Equal))
}

#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Operator,
    Sorting,
}

/// What is known of two values before their parts are looked at.
enum Step {
    Known(Option<Ordering>),
    Open(Level),
}

/// Two values whose items are being compared, one by one.
struct Level {
    left: Items,
    right: Items,
    position: usize,
    /// The order where all items are equal.
    tie: Ordering,
}

enum Items {
    List(List),
    Tuple(Shared<Vec<Value>>),
    /// The first item of a list, which is compared with a number.
    First(List),
    Number(Value),
}

impl Items {
    fn get(&self, position: usize) -> Option<Value> {
        match self {
            Items::List(list) => list.get(position),
            Items::Tuple(items) => items.get(position).cloned(),
            Items::First(list) if position == 0 => list.get(0),
            Items::Number(number) if position == 0 => Some(number.clone()),
            Items::First(_) | Items::Number(_) => None,
        }
    }
}

fn compare(left: &Value, right: &Value, purpose: Purpose) -> Result<Option<Ordering>, Error> {
    let mut levels: Vec<Level> = Vec::new();
    let mut step = compare_heads(left, right, purpose)?;
    loop {
        match step {
            Step::Known(Some(Ordering::Equal)) => {}
            Step::Known(decided) => return Ok(decided),
            Step::Open(level) => levels.push(level),
        }
        step = loop {
            let Some(level) = levels.last_mut() else { return Ok(Some(Ordering::Equal)) };
            match (level.left.get(level.position), level.right.get(level.position)) {
                (Some(left), Some(right)) => {
                    level.position += 1;
                    break compare_heads(&left, &right, purpose)?;
                }
                (None, Some(_)) => return Ok(Some(Ordering::Less)),
                (Some(_), None) => return Ok(Some(Ordering::Greater)),
                (None, None) if level.tie != Ordering::Equal => return Ok(Some(level.tie)),
                (None, None) => drop(levels.pop()),
            }
        };
    }
}

fn compare_heads(left: &Value, right: &Value, purpose: Purpose) -> Result<Step, Error> {
    let sorting = purpose == Purpose::Sorting;
    let known = |order: Ordering| Ok(Step::Known(Some(order)));
    let open = |left, right, tie| Ok(Step::Open(Level { left, right, position: 0, tie }));
    // When sorting, `1` comes just before all lists that begin with 1: else `[1, 2]` and `[1, 3]` would both equal it.
    let tie = if sorting { Ordering::Less } else { Ordering::Equal };
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => known(left.cmp(right)),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let order = order_numbers(left, right);
            Ok(Step::Known(match order {
                None if sorting => Some(is_nan(left).cmp(&is_nan(right))),
                order => order,
            }))
        }
        (Value::Nil, _) | (_, Value::Nil) => {
            let is_nil = |value| matches!(value, &Value::Nil);
            Ok(Step::Known(sorting.then(|| is_nil(left).cmp(&is_nil(right)))))
        }
        (Value::Bool(left), Value::Bool(right)) => known(left.cmp(right)),
        (Value::Str(left), Value::Str(right)) => known(left.cmp(right)),
        (Value::Str(_) | Value::Error(_), Value::Str(_) | Value::Error(_)) => {
            known(left.as_text().cmp(&right.as_text()))
        }
        (Value::Sequence(left), Value::Sequence(right)) if left.alphabet() == right.alphabet() => {
            known(left.letters().cmp(right.letters()))
        }
        (Value::Sequence(sequence), Value::Str(text)) => known(sequence.letters().cmp(text.as_bytes())),
        (Value::Str(text), Value::Sequence(sequence)) => known(text.as_bytes().cmp(sequence.letters())),
        (Value::List(left), Value::List(right)) => {
            open(Items::List(left.clone()), Items::List(right.clone()), Ordering::Equal)
        }
        (Value::Tuple(left), Value::Tuple(right)) => {
            open(Items::Tuple(left.clone()), Items::Tuple(right.clone()), Ordering::Equal)
        }
        (Value::List(list), Value::Int(_) | Value::Float(_)) if !list.is_empty() => {
            open(Items::First(list.clone()), Items::Number(right.clone()), tie.reverse())
        }
        (Value::Int(_) | Value::Float(_), Value::List(list)) if !list.is_empty() => {
            open(Items::Number(left.clone()), Items::First(list.clone()), tie)
        }
        _ => match order_foreign(left, right) {
            Some(order) => known(order),
            None => {
                Err(Error::type_error(format!("cannot compare {} and {}", left.type_of(), right.type_of())))
            }
        },
    }
}

fn order_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Float(right)) => order_int_float(*left, *right),
        (Value::Float(left), Value::Int(right)) => order_int_float(*right, *left).map(Ordering::reverse),
        _ => left.as_float().partial_cmp(&right.as_float()),
    }
}

fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Float(value) if value.is_nan())
}

fn order_foreign(left: &Value, right: &Value) -> Option<Ordering> {
    nested(|| match (left, right) {
        (Value::Foreign(left), right) => left.compare(right),
        (left, Value::Foreign(right)) => right.compare(left).map(Ordering::reverse),
        _ => None,
    })?
}

/// Hashes a value so that equal values hash alike. A sequence and a Str of the same letters are equal and still hash
/// differently; [`crate::value::Key`] takes them for two.
pub fn hash<H: Hasher>(value: &Value, state: &mut H) {
    hash_parts(value, state, 0);
}

/// Hashes letters as the sequence or, without an alphabet, as the Str of these letters.
pub(crate) fn hash_letters<H: Hasher>(alphabet: Option<Alphabet>, letters: &[u8], state: &mut H) {
    state.write_u8(match alphabet {
        None => return hash_text(text_hash::hash(letters), state),
        Some(Alphabet::Dna) => 2,
        Some(Alphabet::Rna) => 3,
        Some(Alphabet::Protein) => 4,
    });
    letters.hash(state);
}

fn hash_text<H: Hasher>(hash: u64, state: &mut H) {
    state.write_u8(1);
    state.write_u64(hash);
}

/// What is nested more deeply than this makes no difference to the hash.
const HASHED_DEPTH: usize = 64;

fn hash_parts<H: Hasher>(value: &Value, state: &mut H, depth: usize) {
    if depth > HASHED_DEPTH {
        return;
    }
    match value {
        Value::Nil | Value::Variable(_) => state.write_u8(0),
        Value::Bool(value) => value.hash(state),
        Value::Int(value) => state.write_i64(*value),
        Value::Float(value) => match order_int_float(*value as i64, *value) {
            Some(Ordering::Equal) => state.write_i64(*value as i64),
            _ => state.write_u64(value.to_bits()),
        },
        Value::Str(text) => hash_text(text.text_hash(), state),
        Value::Error(error) => hash_letters(None, error.message().as_bytes(), state),
        Value::Sequence(sequence) => hash_letters(Some(sequence.alphabet()), sequence.letters(), state),
        Value::Quality(quality) => quality.letters().hash(state),
        Value::List(list) => {
            state.write_usize(list.len());
            match list.as_slice() {
                Some(items) => items.iter().for_each(|item| hash_parts(item, state, depth + 1)),
                None => list.iter().for_each(|item| hash_parts(&item, state, depth + 1)),
            }
        }
        Value::Tuple(items) => {
            state.write_u8(5);
            state.write_usize(items.len());
            items.iter().for_each(|item| hash_parts(item, state, depth + 1));
        }
        Value::Set(set) => {
            state.write_u64(unordered(set.iter(), |member, state| hash_parts(member, state, depth + 1)))
        }
        Value::Record(record) => state.write_u64(unordered(record.iter(), |(key, value), state| {
            key.hash(state);
            hash_parts(value, state, depth + 1);
        })),
        Value::Range(range) => range.hash(state),
        Value::Native(native) => std::ptr::hash(*native, state),
        Value::Closure(closure) => std::ptr::hash(closure.function(), state),
        Value::Foreign(foreign) => {
            foreign.type_of().hash(state);
            state.write_u64(nested(|| foreign.hash()).unwrap_or_default());
        }
    }
}

/// The sum of the hashes of all parts, which does not depend on their order.
fn unordered<T>(parts: impl Iterator<Item = T>, hash: impl Fn(T, &mut FxHasher)) -> u64 {
    parts.fold(6, |sum: u64, part| {
        let mut state = FxHasher::default();
        hash(part, &mut state);
        sum.wrapping_add(state.finish())
    })
}
