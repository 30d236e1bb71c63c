//! Slices, by the rules of Python.

use super::integral;
use crate::error::Error;
use crate::value::{List, ListBody, Quality, RangeBounds, Sequence, Shared, Str, Value};
use bytes::Bytes;

/// What a slice takes from so many items: `count` of them from `start`, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The position of the first item.
    pub start: usize,
    /// The distance from one item to the next; never 0.
    pub step: i64,
    /// The number of items.
    pub count: usize,
}

impl Selection {
    /// Resolves the bounds of a slice: those left out, those counted from the end and those outside. `None` for a step
    /// of 0.
    pub fn resolve(start: Option<i64>, end: Option<i64>, step: i64, length: usize) -> Option<Selection> {
        let length = length as i128;
        // The bounds for steps down lie one lower: -1 is before the first item.
        let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let clamp = |bound: i64| {
            let bound = i128::from(bound);
            (if bound < 0 { bound + length } else { bound }).clamp(low, high)
        };
        let first = start.map_or(if step > 0 { low } else { high }, clamp);
        let stop = end.map_or(if step > 0 { high } else { low }, clamp);
        let distance = if step > 0 { stop - first } else { first - stop };
        let stride = i128::from(step.unsigned_abs());
        if stride == 0 {
            return None;
        }
        let count = if distance > 0 { (distance - 1) / stride + 1 } else { 0 };
        let start = if count > 0 { usize::try_from(first).unwrap_or_default() } else { 0 };
        Some(Selection { start, step, count: usize::try_from(count).unwrap_or(usize::MAX) })
    }

    /// The positions of the items.
    pub fn positions(self) -> impl ExactSizeIterator<Item = usize> {
        let mut position = self.start;
        (0..self.count).map(move |_| {
            let here = position;
            position = position.wrapping_add_signed(self.step as isize);
            here
        })
    }

    /// The positions where they follow each other without a gap.
    pub fn contiguous(self) -> Option<std::ops::Range<usize>> {
        (self.step == 1 || self.count <= 1).then(|| self.start..self.start + self.count)
    }
}

/// `object[start:end:step]`; nil for a bound that is left out.
pub fn slice(object: &Value, start: &Value, end: &Value, step: &Value) -> Result<Value, Error> {
    let bound = |bound: &Value| match bound {
        Value::Nil => Ok(None),
        Value::Int(_) | Value::Float(_) => integral(object, bound).map(Some),
        _ => Err(Error::type_error(format!(
            "slice of {} requires Int, got {}",
            object.type_of(),
            bound.type_of()
        ))),
    };
    select(object, bound(start)?, bound(end)?, bound(step)?.unwrap_or(1))
}

/// `object[a..b]`
pub(super) fn by_range(object: &Value, range: &RangeBounds) -> Result<Value, Error> {
    let end = match (range.inclusive, range.end) {
        (false, end) => Some(end),
        // One behind the last item is the end, which a negative number cannot say.
        (true, -1) => None,
        (true, end) => end.checked_add(1),
    };
    select(object, Some(range.start), end, 1)
}

fn select(object: &Value, start: Option<i64>, end: Option<i64>, step: i64) -> Result<Value, Error> {
    let resolve = |length| {
        Selection::resolve(start, end, step, length)
            .ok_or_else(|| Error::value_error("slice step cannot be zero"))
    };
    match object {
        Value::List(list) => Ok(Value::List(slice_list(list, resolve(list.len())?))),
        Value::Tuple(items) => {
            let selection = resolve(items.len())?;
            Ok(Value::Tuple(Shared::new(
                selection.positions().map(|position| items[position].clone()).collect(),
            )))
        }
        Value::Str(text) => Ok(Value::Str(slice_text(text, resolve(text.char_count())?))),
        Value::Error(error) => select(&Value::text(error.message()), start, end, step),
        Value::Sequence(sequence) => {
            let selection = resolve(sequence.len())?;
            Ok(Value::Sequence(match selection.contiguous() {
                Some(range) => sequence.window(range),
                None => Sequence::from_valid(sequence.alphabet(), pick(sequence.letters(), selection)),
            }))
        }
        Value::Quality(quality) => {
            let selection = resolve(quality.len())?;
            Ok(Value::Quality(match selection.contiguous() {
                Some(range) => quality.window(range),
                None => Quality::from_valid(pick(quality.letters(), selection)),
            }))
        }
        Value::Range(range) => Ok(slice_range(range, resolve(range.len())?)),
        Value::Foreign(foreign) => {
            let cannot = || Error::type_error(format!("cannot slice {}", object.type_of()));
            let selection = resolve(foreign.len().ok_or_else(cannot)?)?;
            let step = isize::try_from(selection.step).unwrap_or(isize::MAX);
            foreign.slice(selection.start, step, selection.count).ok_or_else(cannot)
        }
        _ => Err(Error::type_error(format!("cannot slice {}", object.type_of()))),
    }
}

fn pick(letters: &[u8], selection: Selection) -> Bytes {
    selection.positions().map(|position| letters[position]).collect()
}

fn slice_list(list: &List, selection: Selection) -> List {
    if selection.contiguous() == Some(0..list.len()) {
        return list.clone();
    }
    match list.body() {
        ListBody::Values(values) => match selection.contiguous() {
            Some(range) => List::from(values[range].to_vec()),
            None => selection.positions().map(|position| values[position].clone()).collect(),
        },
        ListBody::Progression { start, step, .. } => progression(*start, *step, selection),
    }
}

/// A part of the Ints `start`, `start + step` …
fn progression(start: i64, step: i64, selection: Selection) -> List {
    let first = i128::from(start) + i128::from(step) * selection.start as i128;
    // The step of a single item does not matter, and need not fit.
    let distance = if selection.count > 1 { step.wrapping_mul(selection.step) } else { 1 };
    List::progression(first as i64, distance, selection.count)
}

fn slice_range(range: &RangeBounds, selection: Selection) -> Value {
    if selection.step != 1 {
        return Value::List(progression(range.start, 1, selection));
    }
    let start = i128::from(range.start) + selection.start as i128;
    let end = start + selection.count as i128;
    Value::Range(Shared::new(match i64::try_from(end) {
        Ok(end) => RangeBounds { start: start as i64, end, inclusive: false },
        Err(_) => RangeBounds { start: start as i64, end: i64::MAX, inclusive: true },
    }))
}

fn slice_text(text: &Str, selection: Selection) -> Str {
    if selection.contiguous() == Some(0..text.char_count()) {
        return text.clone();
    }
    match (selection.contiguous(), text.is_single_byte()) {
        (Some(range), true) => text.ascii_slice(range.start, range.end).unwrap_or_default(),
        (Some(range), false) => {
            let rest = skip_characters(text, range.start);
            let tail = skip_characters(rest, range.len());
            Str::from(&rest[..rest.len() - tail.len()])
        }
        (None, true) => {
            let bytes = text.as_bytes();
            let picked: String = selection.positions().map(|position| char::from(bytes[position])).collect();
            Str::from(picked)
        }
        (None, false) => {
            let characters: Vec<char> = text.chars().collect();
            let picked: String = selection.positions().map(|position| characters[position]).collect();
            Str::from(picked)
        }
    }
}

/// The text behind so many characters.
fn skip_characters(text: &str, count: usize) -> &str {
    let mut characters = text.chars();
    if let Some(last) = count.checked_sub(1) {
        characters.nth(last);
    }
    characters.as_str()
}
