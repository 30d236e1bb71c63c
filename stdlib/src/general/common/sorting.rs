//! Sorting: stable, with comparisons that may fail, that call the script, and that may contradict themselves.

use biovm_vm::{Error, Machine, Value};
use std::cmp::Ordering;

/// Runs shorter than this are filled up by insertion before merging begins.
const SHORTEST_RUN: usize = 8;

/// Sorts, keeping equal items in order. `before(a, b)` says whether `a` belongs strictly before `b`. A relation that
/// contradicts itself gives some order, never a panic or an endless loop; the first error ends the sort.
///
/// A merge sort that uses the runs it finds: sorted and reversed inputs cost one comparison an item. Items move, so that
/// those compared next lie close together.
pub fn merge_sort<T: Default, E>(
    mut items: Vec<T>,
    mut before: impl FnMut(&T, &T) -> Result<bool, E>,
) -> Result<Vec<T>, E> {
    let count = items.len();
    let mut runs = Vec::new();
    let mut start = 0;
    while start < count {
        let end = extend_run(&mut items, start, &mut before)?;
        runs.push(start..end);
        start = end;
    }
    let mut merged = Vec::with_capacity(if runs.len() > 1 { count } else { 0 });
    while runs.len() > 1 {
        let mut longer = Vec::with_capacity(runs.len().div_ceil(2));
        for pair in runs.chunks(2) {
            let from = merged.len();
            let end = pair.last().map_or(0, |run| run.end);
            let middle = pair.first().map_or(0, |run| run.end);
            let (left, right) = items[..end].split_at_mut(middle);
            merge(&mut left[pair[0].start..], right, &mut merged, &mut before)?;
            longer.push(from..merged.len());
        }
        runs = longer;
        std::mem::swap(&mut items, &mut merged);
        merged.clear();
    }
    Ok(items)
}

/// The positions `0..count` in sorted order; as [`merge_sort`].
pub fn sorted_positions<E>(
    count: usize,
    mut before: impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<Vec<usize>, E> {
    merge_sort((0..count).collect(), |a, b| before(*a, *b))
}

/// Finds the run that begins at `start`, turns it round where it falls, fills it up where it is short, and returns its
/// end.
fn extend_run<T, E>(
    items: &mut [T],
    start: usize,
    before: &mut impl FnMut(&T, &T) -> Result<bool, E>,
) -> Result<usize, E> {
    let count = items.len();
    let mut end = start + 1;
    if end < count {
        let falls = before(&items[end], &items[start])?;
        end += 1;
        while end < count && before(&items[end], &items[end - 1])? == falls {
            end += 1;
        }
        if falls {
            items[start..end].reverse();
        }
    }
    let wanted = count.min(start + SHORTEST_RUN);
    while end < wanted {
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(&items[end], &items[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        items[low..=end].rotate_right(1);
        end += 1;
    }
    Ok(end)
}

/// Moves two runs behind each other into one.
fn merge<T: Default, E>(
    left: &mut [T],
    right: &mut [T],
    merged: &mut Vec<T>,
    before: &mut impl FnMut(&T, &T) -> Result<bool, E>,
) -> Result<(), E> {
    let (mut next_left, mut next_right) = (0, 0);
    while next_left < left.len() && next_right < right.len() {
        // Only a right item that is strictly smaller overtakes: equal ones keep their order.
        if before(&right[next_right], &left[next_left])? {
            merged.push(std::mem::take(&mut right[next_right]));
            next_right += 1;
        } else {
            merged.push(std::mem::take(&mut left[next_left]));
            next_left += 1;
        }
    }
    merged.extend(left[next_left..].iter_mut().map(std::mem::take));
    merged.extend(right[next_right..].iter_mut().map(std::mem::take));
    Ok(())
}

/// Whether a value stays at the end whichever way the others are sorted.
fn is_last(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::Float(number) => number.is_nan(),
        _ => false,
    }
}

/// Whether `a` belongs strictly before `b` in the language's order, or in its reverse. nil is last, NaN just before it,
/// both ways.
pub fn is_before(machine: &mut Machine, a: &Value, b: &Value, descending: bool) -> Result<bool, Error> {
    let order = machine.sort_order(a, b)?;
    Ok(order == if descending && !is_last(a) && !is_last(b) { Ordering::Greater } else { Ordering::Less })
}

/// What a comparator's result says: whether its first argument belongs strictly before the second.
pub fn comparator_says_before(result: &Value) -> Option<bool> {
    match result {
        Value::Int(number) => Some(*number < 0),
        Value::Float(number) => Some(*number < 0.0),
        Value::Bool(first) => Some(*first),
        _ => None,
    }
}

/// The positions of the keys in the language's order, or in its reverse.
pub fn positions_by_keys(
    machine: &mut Machine,
    keys: Vec<Value>,
    descending: bool,
) -> Result<Vec<usize>, Error> {
    let ints = keys.iter().map(|key| if let Value::Int(number) = key { Some(*number) } else { None });
    if let Some(ints) = ints.collect::<Option<Vec<i64>>>() {
        return Ok(positions_of(&ints, |a, b| if descending { b.cmp(a) } else { a.cmp(b) }));
    }
    let floats = keys.iter().map(|key| match key {
        Value::Float(number) if !number.is_nan() => Some(*number),
        _ => None,
    });
    if let Some(floats) = floats.collect::<Option<Vec<f64>>>() {
        let order = |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal);
        return Ok(positions_of(&floats, |a, b| if descending { order(b, a) } else { order(a, b) }));
    }
    let keyed = keys.into_iter().enumerate().map(|(position, key)| (key, position)).collect();
    let sorted = merge_sort(keyed, |(a, _), (b, _)| is_before(machine, a, b, descending))?;
    Ok(sorted.into_iter().map(|(_, position)| position).collect())
}

/// The positions of plain keys in a total order, equal ones in their old order.
fn positions_of<T: Copy>(keys: &[T], order: impl Fn(&T, &T) -> Ordering) -> Vec<usize> {
    let mut keyed: Vec<(T, usize)> = keys.iter().copied().zip(0..).collect();
    keyed.sort_unstable_by(|(a, first), (b, second)| order(a, b).then(first.cmp(second)));
    keyed.into_iter().map(|(_, position)| position).collect()
}

/// Sorts values in the language's order.
pub fn sort_values(
    machine: &mut Machine,
    mut values: Vec<Value>,
    descending: bool,
) -> Result<Vec<Value>, Error> {
    if sort_plain(&mut values) {
        // Equal plain values cannot be told apart, so turning round keeps the sort stable.
        if descending {
            values.reverse();
        }
        return Ok(values);
    }
    merge_sort(values, |a, b| is_before(machine, a, b, descending))
}

/// Sorts values that are all Int, all text, or all Float without NaN and zeros; others are left alone.
fn sort_plain(values: &mut [Value]) -> bool {
    let all = |is_plain: fn(&Value) -> bool| values.iter().all(is_plain);
    match values.first() {
        Some(Value::Int(_)) if all(|value| matches!(value, Value::Int(_))) => {
            values.sort_unstable_by_key(|value| match value {
                Value::Int(number) => *number,
                _ => 0,
            });
            true
        }
        // 0.0 and -0.0 are equal and yet look different; NaN has a place of its own.
        Some(Value::Float(_))
            if all(|value| matches!(value, Value::Float(x) if !x.is_nan() && *x != 0.0)) =>
        {
            values.sort_unstable_by(|a, b| match (a, b) {
                (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
                _ => Ordering::Equal,
            });
            true
        }
        Some(Value::Str(_)) if all(|value| matches!(value, Value::Str(_))) => {
            values.sort_unstable_by(|a, b| match (a, b) {
                (Value::Str(a), Value::Str(b)) => a.as_str().cmp(b.as_str()),
                _ => Ordering::Equal,
            });
            true
        }
        _ => false,
    }
}

/// The values in the order of their positions, each of which occurs once.
pub fn permute(mut values: Vec<Value>, order: &[usize]) -> Vec<Value> {
    order.iter().map(|&position| values[position].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn machine() -> Machine {
        let output = biovm_vm::output::Output::new(std::io::sink(), false);
        Machine::new(std::sync::Arc::new(biovm_vm::Context::new([], output)))
    }

    fn sorted<T: Clone>(items: &[T], mut before: impl FnMut(&T, &T) -> bool) -> Vec<T> {
        let order = sorted_positions(items.len(), |a, b| Ok::<_, ()>(before(&items[a], &items[b])));
        order.unwrap().into_iter().map(|position| items[position].clone()).collect()
    }

    proptest! {
        #[test]
        fn agrees_with_std_and_is_stable(keys in prop::collection::vec(0_u8..20, 0..300)) {
            let items: Vec<(u8, usize)> = keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            prop_assert_eq!(sorted(&items, |a, b| a.0 < b.0), expected);
        }

        #[test]
        fn survives_contradictions(answers in prop::collection::vec(any::<bool>(), 1..64), count in 0_usize..200) {
            let mut next = 0;
            let mut order = sorted_positions(count, |_, _| {
                next = (next + 1) % answers.len();
                Ok::<_, ()>(answers[next])
            })
            .unwrap();
            order.sort_unstable();
            prop_assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn sorted_input_costs_one_comparison_an_item() {
        for input in [(0..1000).collect::<Vec<_>>(), (0..1000).rev().collect()] {
            let mut comparisons = 0;
            let output = sorted(&input, |a, b| {
                comparisons += 1;
                a < b
            });
            assert!(output.is_sorted());
            assert_eq!(comparisons, 999);
        }
    }

    #[test]
    fn first_error_ends_the_sort() {
        let mut comparisons = 0;
        let result = sorted_positions(100, |_, _| {
            comparisons += 1;
            if comparisons == 5 { Err("stop") } else { Ok(comparisons % 2 == 0) }
        });
        assert_eq!((result, comparisons), (Err("stop"), 5));
    }

    #[test]
    fn comparator_results() {
        let says = |value: Value| comparator_says_before(&value);
        assert_eq!(says(Value::Int(-1)), Some(true));
        assert_eq!(says(Value::Float(-0.25)), Some(true));
        assert_eq!(says(Value::Float(f64::NAN)), Some(false));
        assert_eq!(says(Value::Bool(true)), Some(true));
        assert_eq!(says(Value::text("a")), None);
    }

    #[test]
    fn keys_of_every_kind() {
        let mut machine = machine();
        let mut order =
            |keys: Vec<Value>, descending| positions_by_keys(&mut machine, keys, descending).unwrap();
        assert_eq!(order([2, 1, 2, 0].map(Value::Int).to_vec(), false), [3, 1, 0, 2]);
        assert_eq!(order([2, 1, 2, 0].map(Value::Int).to_vec(), true), [0, 2, 1, 3]);
        assert_eq!(order([0.0, -0.0, -1.0].map(Value::Float).to_vec(), false), [2, 0, 1]);
        let mixed = vec![Value::Nil, Value::Float(f64::NAN), Value::Int(1), Value::Float(0.5)];
        assert_eq!(order(mixed.clone(), false), [3, 2, 1, 0]);
        assert_eq!(order(mixed, true), [2, 3, 1, 0]);
    }

    #[test]
    fn plain_values_sort_quickly() {
        let mut machine = machine();
        let ints = sort_values(&mut machine, [3, 1, 2].map(Value::Int).to_vec(), true).unwrap();
        assert!(matches!(ints[..], [Value::Int(3), Value::Int(2), Value::Int(1)]));
        let texts = sort_values(&mut machine, ["b", "a"].map(Value::text).to_vec(), false).unwrap();
        assert_eq!(texts[0].as_text(), Some("a"));
    }
}
