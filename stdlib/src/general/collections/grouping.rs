//! Distinct items, counts, groups.

use crate::general::common::callback::take_callback;
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, into_items, is_stream, is_table};
use crate::general::streams::lazy;
use biovm_vm::value::{Class, Key, Record, Set, Str, Text, TextMap};
use biovm_vm::{Call, Error, Machine, Native, Value, access, display, native, optional, required};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("unique", unique)
        .section("Collections")
        .parameters(&[required("items", ITEMS), optional("key", FUNCTION)])
        .returns(LIST.or(STREAM))
        .doc("The items without repetitions, first ones kept; with key, those whose key has not occurred. 1 and 1.0 are equal.")
        .example("unique([3, 1, 3, 2, 1])", "[3, 1, 2]"),
    native("frequencies", frequencies)
        .section("Collections")
        .parameters(&[required("items", ITEMS)])
        .returns(RECORD)
        .doc("How often each item occurs, by its text, in the order of first occurrence; for text, of each character.")
        .example(r#"frequencies(["b", "a", "b"])"#, "{b: 2, a: 1}"),
    native("group_by", group_by)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("key", FUNCTION.or(NAMES))])
        .returns(MAP)
        .doc(
            "A Map from the text of each key to its items, in the order of first occurrence. key is a function of the \
             item, or the name of a field or column, or a List of names, whose texts a tab joins. A Table gives Tables; \
             items without the field go under 'nil'.",
        )
        .example("group_by([1, 2, 3, 4], |x| x % 2)", "{1: [1, 3], 0: [2, 4]}"),
    native("scatter_by", group_by)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("f", FUNCTION)])
        .returns(MAP)
        .doc("group_by() with a function as key.")
        .example("scatter_by([1, 2, 3], |x| x > 2)", "{false: [1, 2], true: [3]}"),
    native("jaccard", jaccard)
        .section("Collections")
        .parameters(&[required("a", ITEMS), required("b", ITEMS)])
        .returns(FLOAT)
        .doc("The share, 0 to 1, of the distinct items of both collections that are in both; 0.0 where both are empty.")
        .example("jaccard([1, 2, 3], [2, 3, 4])", "0.5"),
];

fn unique(call: &mut Call) -> Result<Value, Error> {
    let key = match call.is_nil(1) {
        true => None,
        false => Some(take_callback(call, 1, 1)?),
    };
    let source = call.take(0);
    let machine = call.machine();
    let mut seen: FxHashSet<Key> = FxHashSet::default();
    // Values whose `==` is a method of the script have no hash that would fit it.
    let mut compared: Vec<Value> = Vec::new();
    let mut is_new = move |machine: &mut Machine, item: &Value| {
        let key = match &key {
            Some(function) => machine.call(function, [item.clone()])?,
            None => item.clone(),
        };
        if !machine.overloads_equality(&key) {
            return Ok::<_, Error>(seen.insert(Key(key)));
        }
        for known in &compared {
            if machine.equal(known, &key)? {
                return Ok(false);
            }
        }
        compared.push(key);
        Ok(true)
    };
    if is_stream(&source) {
        return lazy::stage(machine, "unique", source, move |walk, machine| {
            while let Some(item) = walk.next(machine)? {
                if is_new(machine, &item)? {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        });
    }
    let mut kept = Vec::new();
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        if is_new(machine, &item)? {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

/// Values by text, in the order of first occurrence.
pub type ByText<T> = TextMap<T>;

/// The entry of a value's text. Looks before it copies the text: most values have occurred before.
pub fn entry_of<'a, T: Default>(map: &'a mut ByText<T>, value: &Value) -> Result<&'a mut T, Error> {
    let position = match value {
        Value::Str(text) => match map.get_index_of(text) {
            Some(position) => position,
            None => map.insert_full(text.clone(), T::default()).0,
        },
        value => {
            let text = display::text(value)?;
            match map.get_index_of(&Text(&text)) {
                Some(position) => position,
                None => map.insert_full(Str::from(text), T::default()).0,
            }
        }
    };
    Ok(&mut map[position])
}

/// The counts as a record.
fn count_record(counts: ByText<i64>) -> Value {
    Value::Record(Record::from_entries(counts.into_iter().map(|(key, count)| (key, Value::Int(count)))))
}

fn frequencies(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let text = match &source {
        Value::Sequence(sequence) => Some(sequence.as_str()),
        source => source.as_text(),
    };
    if let Some(text) = text {
        return Ok(count_record(letter_frequencies(text)));
    }
    let machine = call.machine();
    let mut counts = ByText::default();
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        *entry_of(&mut counts, &item)? += 1;
    }
    Ok(count_record(counts))
}

fn letter_frequencies(text: &str) -> ByText<i64> {
    let mut counts: IndexMap<char, i64, FxBuildHasher> = IndexMap::default();
    for letter in text.chars() {
        *counts.entry(letter).or_default() += 1;
    }
    counts.into_iter().map(|(letter, count)| (Str::from(letter), count)).collect()
}

/// How items are grouped.
pub enum GroupKey {
    /// By the result of a function of the item.
    Function(Value),
    /// By fields or columns.
    Names(Vec<Str>),
}

impl GroupKey {
    /// Reads the argument of a call.
    pub fn from_call(call: &mut Call, position: usize) -> Result<GroupKey, Error> {
        Ok(match call.argument(position) {
            Value::Str(_) | Value::List(_) => GroupKey::Names(names(call, position)?),
            _ => GroupKey::Function(take_callback(call, position, 1)?),
        })
    }

    /// The key of an item; an item without a field has nil there.
    pub fn of(&self, machine: &mut Machine, item: &Value) -> Result<Value, Error> {
        let field = |name: &Str| access::field_or_nil(item, name);
        match self {
            GroupKey::Function(function) => machine.call(function, [item.clone()]),
            GroupKey::Names(names) => match names.as_slice() {
                [name] => field(name),
                names => {
                    let texts = names.iter().map(|name| display::text(&field(name)?));
                    Ok(Value::from(texts.collect::<Result<Vec<_>, Error>>()?.join("\t")))
                }
            },
        }
    }
}

/// A name, or the names in a list.
pub fn names(call: &Call, position: usize) -> Result<Vec<Str>, Error> {
    match call.argument(position) {
        Value::Str(name) => Ok(vec![name.clone()]),
        Value::List(list) => {
            let name = |item: Value| match item {
                Value::Str(name) => Ok(name),
                other => {
                    let (builtin, got) = (call.name(), other.type_of());
                    Err(Error::type_error(format!("{builtin}() requires names as Str, got {got}")))
                }
            };
            list.iter().map(name).collect()
        }
        _ => Err(call.wrong_argument(position, "Str or List")),
    }
}

fn group_by(call: &mut Call) -> Result<Value, Error> {
    let key = GroupKey::from_call(call, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_table(&source) {
        return group_rows(machine, &source, &key);
    }
    let mut groups: ByText<Vec<Value>> = ByText::default();
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        let key = key.of(machine, &item)?;
        entry_of(&mut groups, &key)?.push(item);
    }
    Ok(map_of(groups.into_iter().map(|(key, items)| (key, Value::list(items)))))
}

/// A Map of these entries, whose keys are distinct.
fn map_of(entries: impl Iterator<Item = (Str, Value)>) -> Value {
    let mut map = Record::empty(Class::Map);
    for (key, value) in entries {
        map.insert(key, value);
    }
    Value::Record(map)
}

/// The rows of a table by key, as tables.
fn group_rows(machine: &mut Machine, table: &Value, key: &GroupKey) -> Result<Value, Error> {
    let mut groups: ByText<Vec<usize>> = ByText::default();
    match key {
        GroupKey::Names(names) => {
            let columns = names
                .iter()
                .map(|name| access::field(table, name).and_then(|column| into_items(machine, column)));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            for row in 0..columns.first().map_or(0, Vec::len) {
                match columns.as_slice() {
                    [column] => entry_of(&mut groups, &column[row])?.push(row),
                    columns => {
                        let texts: Result<Vec<String>, Error> =
                            columns.iter().map(|column| display::text(&column[row])).collect();
                        entry_of(&mut groups, &Value::from(texts?.join("\t")))?.push(row);
                    }
                }
            }
        }
        GroupKey::Function(_) => {
            let mut walk = Walk::new(machine, table.clone())?;
            let mut row = 0;
            while let Some(item) = walk.next(machine)? {
                let key = key.of(machine, &item)?;
                entry_of(&mut groups, &key)?.push(row);
                row += 1;
            }
        }
    }
    let mut parts = Vec::with_capacity(groups.len());
    for (key, rows) in groups {
        parts.push((key, crate::general::common::select::at_positions(machine, table.clone(), &rows)?));
    }
    Ok(map_of(parts.into_iter()))
}

fn jaccard(call: &mut Call) -> Result<Value, Error> {
    let (a, b) = (call.take(0), call.take(1));
    let machine = call.machine();
    let a: Set = into_items(machine, a)?.into_iter().collect();
    let b: Set = into_items(machine, b)?.into_iter().collect();
    let shared = a.iter().filter(|item| b.contains(item)).count();
    let all = a.len() + b.len() - shared;
    Ok(Value::Float(if all == 0 { 0.0 } else { shared as f64 / all as f64 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_in_order() {
        let counts = letter_frequencies("banaña");
        let counts: Vec<_> = counts.iter().map(|(key, count)| (key.as_str(), *count)).collect();
        assert_eq!(counts, [("b", 1), ("a", 3), ("n", 1), ("ñ", 1)]);
    }

    #[test]
    fn texts_share_an_entry() {
        let mut counts: ByText<i64> = ByText::default();
        for text in ["b", "a", "b"] {
            *entry_of(&mut counts, &Value::text(text)).expect("room for a short text") += 1;
        }
        assert_eq!(counts.values().copied().collect::<Vec<_>>(), [2, 1]);
    }
}
