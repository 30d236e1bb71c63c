//! Groups, and what becomes of them.

use super::build::take_table;
use super::inspect::numbers;
use super::{Builder, Column, Table, record_of};
use crate::general::collections::grouping::{ByText, GroupKey, entry_of};
use crate::general::common::callback::take_callback;
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, into_items, is_table};
use crate::general::math::rounding::int_or_float;
use crate::general::statistics::kernels;
use crate::general::statistics::numbers::Total;
use crate::general::statistics::summary::extremes;
use biovm_vm::native::{option, options_parameter};
use biovm_vm::value::Key;
use biovm_vm::{Call, Error, Native, Value, access, display, native, optional, required};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("summarize", summarize)
        .aliases(&["summarise"])
        .section("Tables")
        .parameters(&[required("groups", RECORD), required("f", FUNCTION)])
        .returns(TABLE)
        .doc("A Table with a row f(key, rows) for each group of group_by(), in their order; f must return a Record.")
        .example(
            r#"to_table({k: ["a", "b", "a"], n: [1, 2, 3]}) |> group_by("k") |> summarize(|k, rows| {k: k, n: sum(rows.n)})"#,
            "Table: 2 rows x 2 cols\n k | n\n --+--\n a | 4\n b | 2\n",
        ),
    native("group_stats", group_stats)
        .section("Tables")
        .parameters(&[required("groups", RECORD), required("col", STR), required("agg", STR)])
        .returns(LIST)
        .doc(
            "{key, value} of each group: mean, median, sum, count, stdev, min or max of a column, nil left out. An \
             unknown statistic is a ValueError.",
        )
        .example(
            r#"group_stats(group_by(to_table({k: ["a", "b"], n: [1, 2]}), "k"), "n", "sum")[0]"#,
            "{key: a, value: 1}",
        ),
    native("group_apply", group_apply)
        .section("Tables")
        .parameters(&[required("t", ROWS), required("col", STR), required("f", FUNCTION)])
        .returns(LIST)
        .doc("The results of f(key, rows) for each group of rows with one value in a column; rows is a List of records.")
        .example(r#"group_apply(to_table({k: ["a", "b", "a"]}), "k", |k, rows| len(rows))"#, "[2, 1]"),
    native("count_by", count_by)
        .section("Tables")
        .parameters(&[required("x", ITEMS), optional("field", FUNCTION.or(NAMES)), options_parameter()])
        .options(&[option("typed", BOOL, "keep the keys' types instead of giving their texts")])
        .returns(LIST)
        .doc(
            "{key, count} of each value of a field or column, or of a function of the item, most frequent first; of \
             a collection without a field, of each item.",
        )
        .example(r#"count_by(["b", "a", "b"])[0]"#, "{key: b, count: 2}"),
    native("value_counts", value_counts)
        .section("Tables")
        .parameters(&[required("t", ROWS), optional("col", STR)])
        .returns(TABLE)
        .doc("A Table value, count of the values of a column, or of the items of a List, most frequent first.")
        .example(r#"value_counts(["b", "a", "b"]).count"#, "[2, 1]"),
    native("uniq_count", uniq_count)
        .section("Collections")
        .parameters(&[required("items", ITEMS)])
        .returns(LIST)
        .doc("{value, count} of each distinct item, most frequent first.")
        .example("uniq_count([3, 1, 3])[0]", "{value: 3, count: 2}"),
];

fn summarize(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 1, 2)?;
    let Value::Record(groups) = call.take(0) else { return Ok(Value::Nil) };
    let machine = call.machine();
    let mut rows = Builder::default();
    for (key, group) in groups.iter() {
        let row = machine.call(&function, [Value::Str(key.clone()), group.clone()])?;
        match record_of(&row) {
            Some(row) => rows.push(&row),
            None => {
                let got = row.type_of();
                return Err(Error::type_error(format!(
                    "summarize() callback must return a Record, got {got}"
                )));
            }
        }
    }
    Ok(Value::foreign(rows.finish()))
}

fn group_stats(call: &mut Call) -> Result<Value, Error> {
    let (column, statistic) = (call.text(1)?.to_owned(), call.text(2)?.to_owned());
    let Value::Record(groups) = call.take(0) else { return Ok(Value::Nil) };
    let mut results = Vec::with_capacity(groups.len());
    for (key, group) in groups.iter() {
        let table = Table::from_value(call.machine(), "group_stats", group.clone())?;
        let value = aggregate(table.require(&column)?, &statistic)?;
        results.push(Value::record([("key", Value::Str(key.clone())), ("value", value)]));
    }
    Ok(Value::list(results))
}

/// A statistic of a column, with nil left out.
fn aggregate(column: &Column, statistic: &str) -> Result<Value, Error> {
    let present = column.iter().filter(|cell| !matches!(cell, Value::Nil)).count();
    let mut cells = numbers(column);
    if statistic != "count" && cells.len() < present {
        let other = column.iter().find(|cell| cell.as_float().is_none() && !matches!(cell, Value::Nil));
        let got = other.unwrap_or_default().type_of();
        return Err(Error::type_error(format!("group_stats() requires numbers, got {got}")));
    }
    let float = |number: Option<f64>| Value::Float(number.unwrap_or(f64::NAN));
    Ok(match statistic {
        "count" => Value::from(present),
        "sum" => match Total::of_items(column.iter())? {
            Value::Float(sum) => int_or_float(sum),
            sum => sum,
        },
        "mean" => float(kernels::mean(&cells)),
        "median" => float(kernels::median(&mut cells)),
        "stdev" | "sd" => float(kernels::variance(&cells, 1).map(f64::sqrt)),
        "min" => extremes(column).0,
        "max" => extremes(column).1,
        _ => {
            return Err(Error::value_error(format!("group_stats() has no statistic '{statistic}'"))
                .with_hint("its statistics are mean, median, sum, count, stdev, min, max"));
        }
    })
}

fn group_apply(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 2, 2)?;
    let name = call.text(1)?.to_owned();
    let source = call.take(0);
    let machine = call.machine();
    if is_table(&source) {
        access::field(&source, &name)?;
    }
    let mut groups: ByText<Vec<Value>> = ByText::default();
    for row in into_items(machine, source)? {
        let key = access::field_or_nil(&row, &name)?;
        entry_of(&mut groups, &key)?.push(row);
    }
    let results =
        groups.into_iter().map(|(key, rows)| machine.call(&function, [Value::Str(key), Value::list(rows)]));
    results.collect::<Result<Vec<_>, _>>().map(Value::list)
}

/// How often each value occurs, most frequent first, equally frequent ones in the order of first occurrence.
type Counts = Vec<(Value, i64)>;

fn by_frequency(mut counts: Counts) -> Counts {
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn count_typed(values: impl IntoIterator<Item = Value>) -> Counts {
    let mut counts: IndexMap<Key, i64, FxBuildHasher> = IndexMap::default();
    for value in values {
        *counts.entry(Key(value)).or_default() += 1;
    }
    by_frequency(counts.into_iter().map(|(key, count)| (key.0, count)).collect())
}

fn count_texts(values: impl IntoIterator<Item = Value>) -> Result<Counts, Error> {
    let mut counts: ByText<i64> = ByText::default();
    for value in values {
        *entry_of(&mut counts, &value)? += 1;
    }
    Ok(by_frequency(counts.into_iter().map(|(key, count)| (Value::Str(key), count)).collect()))
}

fn count_records(counts: Counts, key: &'static str) -> Value {
    let record = |(value, count)| Value::record([(key, value), ("count", Value::Int(count))]);
    Value::list(counts.into_iter().map(record).collect())
}

fn count_by(call: &mut Call) -> Result<Value, Error> {
    let typed = call.option("typed").is_some_and(Value::is_truthy);
    let key = if call.is_nil(1) { None } else { Some(GroupKey::from_call(call, 1)?) };
    let source = call.take(0);
    let machine = call.machine();
    if is_table(&source)
        && let Some(GroupKey::Names(names)) = &key
    {
        names.iter().try_for_each(|name| access::field(&source, name).map(drop))?;
    }
    let mut values = Vec::new();
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        values.push(match &key {
            Some(key) => key.of(machine, &item)?,
            None => item,
        });
    }
    let counts = if typed { count_typed(values) } else { count_texts(values)? };
    Ok(count_records(counts, "key"))
}

fn value_counts(call: &mut Call) -> Result<Value, Error> {
    let values = match call.argument(1) {
        Value::Nil => {
            let source = call.take(0);
            into_items(call.machine(), source)?
        }
        name => {
            let name = display::text(name)?;
            take_table(call, 0)?.require(&name)?.iter().collect()
        }
    };
    let (values, counts): (Vec<Value>, Vec<i64>) = count_typed(values).into_iter().unzip();
    let columns = vec![Column::from_values(values), Column::ints(counts)];
    Ok(Value::foreign(Table::new(vec!["value".into(), "count".into()], columns)))
}

fn uniq_count(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let items = into_items(call.machine(), source)?;
    Ok(count_records(count_typed(items), "value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_keep_the_order_of_first_occurrence() {
        let counts = count_texts(["c", "a", "b", "a", "b"].map(Value::text)).expect("room for short texts");
        let counts: Vec<_> = counts.iter().map(|(value, count)| (value.as_text().unwrap(), *count)).collect();
        assert_eq!(counts, [("a", 2), ("b", 2), ("c", 1)]);
    }

    #[test]
    fn statistics_of_a_column() {
        let column = Column::from_values(vec![Value::Int(1), Value::Nil, Value::Int(4)]);
        assert!(matches!(aggregate(&column, "sum"), Ok(Value::Int(5))));
        assert!(matches!(aggregate(&column, "mean"), Ok(Value::Float(2.5))));
        assert!(matches!(aggregate(&column, "count"), Ok(Value::Int(2))));
        assert!(matches!(aggregate(&column, "max"), Ok(Value::Int(4))));
        assert!(aggregate(&column, "total").is_err());
        assert!(aggregate(&Column::from_values(vec![Value::text("x")]), "sum").is_err());
    }
}
