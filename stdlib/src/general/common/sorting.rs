//! Sorting: stable, with comparisons that may fail, that call the script, and that may contradict themselves.

use biovm_vm::{Error, Value, compare};
use std::cmp::Ordering;

/// Runs shorter than this are filled up by insertion before merging begins.
const SHORTEST_RUN: usize = 8;

/// The positions `0..count` in sorted order. `before(a, b)` says whether the item at `a` belongs strictly before the one
/// at `b`. A relation that contradicts itself gives some order, never a panic or an endless loop; the first error ends
/// the sort.
///
/// A merge sort that uses the runs it finds: sorted and reversed inputs cost one comparison an item.
pub fn sorted_positions<E>(
    count: usize,
    mut before: impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<Vec<usize>, E> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut runs = Vec::new();
    let mut start = 0;
    while start < count {
        let end = extend_run(&mut order, start, &mut before)?;
        runs.push(start..end);
        start = end;
    }
    let mut merged = Vec::with_capacity(count);
    while runs.len() > 1 {
        let mut longer = Vec::with_capacity(runs.len().div_ceil(2));
        for pair in runs.chunks(2) {
            let from = merged.len();
            match pair {
                [left, right] => {
                    merge(&order[left.clone()], &order[right.clone()], &mut merged, &mut before)?;
                }
                single => single.iter().for_each(|run| merged.extend_from_slice(&order[run.clone()])),
            }
            longer.push(from..merged.len());
        }
        runs = longer;
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
    }
    Ok(order)
}

/// Finds the run that begins at `start`, turns it round where it falls, fills it up where it is short, and returns its
/// end.
fn extend_run<E>(
    order: &mut [usize],
    start: usize,
    before: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<usize, E> {
    let count = order.len();
    let mut end = start + 1;
    if end < count {
        let falls = before(order[end], order[start])?;
        end += 1;
        while end < count && before(order[end], order[end - 1])? == falls {
            end += 1;
        }
        if falls {
            order[start..end].reverse();
        }
    }
    let wanted = count.min(start + SHORTEST_RUN);
    while end < wanted {
        let item = order[end];
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(item, order[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        order[low..=end].rotate_right(1);
        end += 1;
    }
    Ok(end)
}

fn merge<E>(
    left: &[usize],
    right: &[usize],
    merged: &mut Vec<usize>,
    before: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<(), E> {
    let (mut next_left, mut next_right) = (0, 0);
    while next_left < left.len() && next_right < right.len() {
        // Only a right item that is strictly smaller overtakes: equal ones keep their order.
        if before(right[next_right], left[next_left])? {
            merged.push(right[next_right]);
            next_right += 1;
        } else {
            merged.push(left[next_left]);
            next_left += 1;
        }
    }
    merged.extend_from_slice(&left[next_left..]);
    merged.extend_from_slice(&right[next_right..]);
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
pub fn is_before(a: &Value, b: &Value, descending: bool) -> Result<bool, Error> {
    let order = compare::sort_order(a, b)?;
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
pub fn positions_by_keys(keys: &[Value], descending: bool) -> Result<Vec<usize>, Error> {
    sorted_positions(keys.len(), |a, b| is_before(&keys[a], &keys[b], descending))
}

/// Sorts values in the language's order.
pub fn sort_values(mut values: Vec<Value>, descending: bool) -> Result<Vec<Value>, Error> {
    if sort_plain(&mut values) {
        // Equal plain values cannot be told apart, so turning round keeps the sort stable.
        if descending {
            values.reverse();
        }
        return Ok(values);
    }
    let order = positions_by_keys(&values, descending)?;
    Ok(permute(values, &order))
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
    fn plain_values_sort_without_the_machine() {
        let ints = sort_values([3, 1, 2].map(Value::Int).to_vec(), true).unwrap();
        assert!(matches!(ints[..], [Value::Int(3), Value::Int(2), Value::Int(1)]));
        let texts = sort_values(["b", "a"].map(Value::text).to_vec(), false).unwrap();
        assert_eq!(texts[0].as_text(), Some("a"));
    }
}
