//! Many statistics at once.

use super::kernels;
use crate::general::common::types::*;
use crate::general::common::walk::{into_items, is_table};
use crate::general::table::build::take_table;
use crate::general::table::inspect::{cell_type, numbers};
use crate::general::table::{Builder, Column};
use biovm_bytecode::Type;
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("summary", summary)
    .section("Statistics")
    .parameters(&[required("x", NUMBERS.or(TABLE))])
    .returns(RECORD.or(TABLE))
    .doc(
        "Of a collection {count, min, max, mean, median, sd} of its numbers, {count, numeric: 0} where there are none; \
         of a Table a Table column, type, count, min, max, mean, a row for each column.",
    )
    .example("summary([1, 2, 3])", "{count: 3, min: 1, max: 3, mean: 2.0, median: 2.0, sd: 1.0}")];

fn summary(call: &mut Call) -> Result<Value, Error> {
    if is_table(call.argument(0)) {
        return summarise_table(call);
    }
    summarise_items(call)
}

/// The summary of the numbers among the items of the first argument.
pub fn summarise_items(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let items = into_items(call.machine(), source)?;
    let column =
        Column::from_values(items.iter().filter(|item| item.as_float().is_some()).cloned().collect());
    if column.is_empty() {
        return Ok(Value::record([("count", Value::from(items.len())), ("numeric", Value::Int(0))]));
    }
    let numbers = numbers(&column);
    let float = |number: Option<f64>| Value::Float(number.unwrap_or(0.0));
    let (least, most) = extremes(&column);
    Ok(Value::record([
        ("count", Value::from(numbers.len())),
        ("min", least),
        ("max", most),
        ("mean", float(kernels::mean(&numbers))),
        ("median", float(kernels::median(&mut numbers.clone()))),
        ("sd", float(kernels::variance(&numbers, 1).map(f64::sqrt))),
    ]))
}

/// The smallest and the largest number of a column, as they stand there; NaN where one is NaN.
pub fn extremes(column: &Column) -> (Value, Value) {
    let mut extremes: Option<(Value, Value)> = None;
    for cell in column.iter() {
        let Some(number) = cell.as_float() else { continue };
        if number.is_nan() {
            return (cell.clone(), cell);
        }
        let (least, most) = extremes.get_or_insert_with(|| (cell.clone(), cell.clone()));
        if least.as_float().is_some_and(|least| number < least) {
            *least = cell;
        } else if most.as_float().is_some_and(|most| number > most) {
            *most = cell;
        }
    }
    extremes.unwrap_or_default()
}

fn summarise_table(call: &mut Call) -> Result<Value, Error> {
    let table = take_table(call, 0)?;
    let mut rows = Builder::default();
    for (name, column) in table.names().zip(table.columns()) {
        let kind = cell_type(column);
        let numeric = matches!(kind, Some(Type::Int | Type::Float));
        let (least, most) = if numeric { extremes(column) } else { (Value::Nil, Value::Nil) };
        let mean = if numeric { kernels::mean(&numbers(column)) } else { None };
        let present = column.iter().filter(|cell| !matches!(cell, Value::Nil)).count();
        let row = Value::record([
            ("column", Value::Str(name.clone())),
            (
                "type",
                Value::from(match kind {
                    Some(Type::Nil) => "nil",
                    Some(found) => found.name(),
                    None => "mixed",
                }),
            ),
            ("count", Value::from(present)),
            ("min", least),
            ("max", most),
            ("mean", mean.map_or(Value::Nil, Value::Float)),
        ]);
        if let Value::Record(row) = row {
            rows.push(&row);
        }
    }
    Ok(Value::foreign(rows.finish()))
}
