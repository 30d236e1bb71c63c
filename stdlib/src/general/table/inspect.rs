//! What a table holds.

use super::build::take_table;
use super::{Column, Table, record_of};
use crate::general::common::types::*;
use crate::general::common::walk::{into_items, is_table};
use crate::general::statistics::kernels;
use biovm_bytecode::Type;
use biovm_vm::native::{option, options_parameter};
use biovm_vm::{Call, Error, Native, Value, access, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("col", col)
        .aliases(&["col_values"])
        .section("Tables")
        .parameters(&[required("t", ROWS), required("name", STR)])
        .returns(LIST)
        .doc(
            "A column as a List; a column that the Table does not have is a NameError. Of a list of records, the values \
             of those that have the field.",
        )
        .example(r#"col(to_table({a: [1, 2]}), "a")"#, "[1, 2]"),
    native("nrow", nrow)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .returns(INT)
        .doc("The number of rows of a Table, or of records in a list.")
        .example("nrow(to_table({a: [1, 2]}))", "2"),
    native("ncol", ncol)
        .aliases(&["ncols"])
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .returns(INT)
        .doc("The number of columns.")
        .example("ncol(to_table({a: [1, 2]}))", "1"),
    native("colnames", colnames)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .returns(LIST)
        .doc("The names of the columns, in order.")
        .example("colnames(to_table({b: [1], a: [2]}))", "[b, a]"),
    native("columns", columns)
        .section("Tables")
        .parameters(&[required("x", ROWS.or(RECORD))])
        .returns(LIST)
        .doc("The names of the columns of a Table, or the keys of a Record, in order.")
        .example("columns({b: 1, a: 2})", "[b, a]"),
    native("table_schema", table_schema)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .returns(RECORD)
        .doc("{columns, types, nrow, ncol}; a column's type is that of its first cell that is not nil, else Nil.")
        .example("table_schema(to_table({a: [nil, 2]})).types", "[Int]"),
    native("table_col_types", table_col_types)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .returns(RECORD)
        .doc("The type of each column's cells, nil aside: Int, Float, Str …, Mixed, or Nil where all are nil.")
        .example(r#"table_col_types(to_table({a: [1, nil], b: [1, "x"]}))"#, "{a: Int, b: Mixed}"),
    native("describe", describe)
        .section("Tables")
        .parameters(&[required("t", ROWS), options_parameter()])
        .options(&[option("full", BOOL, "also median, q25 and q75")])
        .returns(TABLE.or(RECORD))
        .doc(
            "A Table of one row for each column: column, dtype, count, null_count, mean, std (by n - 1), min, max; nil \
             where there are no numbers. Of a list of numbers, its summary().",
        )
        .example(r#"describe(to_table({a: [1, 3]})).mean"#, "[2.0]"),
];

fn col(call: &mut Call) -> Result<Value, Error> {
    let name = call.text(1)?.to_owned();
    let source = call.take(0);
    if is_table(&source) {
        // Whatever kind of table it is, its fields are its columns; but `columns` and the like are not.
        return match &source {
            Value::Foreign(foreign) => match foreign.downcast::<Table>() {
                Some(table) => Ok(table.require(&name)?.to_list()),
                None => access::field(&source, &name),
            },
            _ => Ok(Value::Nil),
        };
    }
    let mut values = Vec::new();
    for row in into_items(call.machine(), source)? {
        match record_of(&row) {
            Some(record) => values.extend(record.get(&name).cloned()),
            None => return Err(Error::type_error(format!("col() requires records, got {}", row.type_of()))),
        }
    }
    Ok(Value::list(values))
}

fn nrow(call: &mut Call) -> Result<Value, Error> {
    Ok(match access::length(call.argument(0)) {
        Some(length) => Value::from(length),
        None => Value::from(take_table(call, 0)?.row_count()),
    })
}

fn ncol(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(take_table(call, 0)?.columns().len()))
}

fn colnames(call: &mut Call) -> Result<Value, Error> {
    Ok(take_table(call, 0)?.name_list())
}

fn columns(call: &mut Call) -> Result<Value, Error> {
    match call.argument(0) {
        Value::Record(record) => Ok(Value::list(record.keys().cloned().map(Value::Str).collect())),
        _ => colnames(call),
    }
}

fn table_schema(call: &mut Call) -> Result<Value, Error> {
    let table = take_table(call, 0)?;
    let first_type =
        |column: &Column| column.iter().map(|cell| cell.type_of()).find(|found| *found != Type::Nil);
    let types =
        table.columns().iter().map(|column| Value::from(first_type(column).unwrap_or(Type::Nil).name()));
    Ok(Value::record([
        ("columns", table.name_list()),
        ("types", Value::list(types.collect())),
        ("nrow", Value::from(table.row_count())),
        ("ncol", Value::from(table.columns().len())),
    ]))
}

/// The type that all cells but nil have: nothing where they differ, Nil where there are none.
pub fn cell_type(column: &Column) -> Option<Type> {
    let mut types = column.iter().map(|cell| cell.type_of()).filter(|found| *found != Type::Nil);
    let first = types.next().unwrap_or(Type::Nil);
    types.all(|other| other == first).then_some(first)
}

fn table_col_types(call: &mut Call) -> Result<Value, Error> {
    let table = take_table(call, 0)?;
    let types = table.columns().iter().map(|column| cell_type(column).map_or("Mixed", Type::name));
    let names = table.names().map(|name| name.as_str());
    Ok(Value::record(names.zip(types.map(Value::from))))
}

/// The numbers of a column.
pub fn numbers(column: &Column) -> Vec<f64> {
    column.iter().filter_map(|cell| cell.as_float()).collect()
}

fn describe(call: &mut Call) -> Result<Value, Error> {
    let full = call.option("full").is_some_and(Value::is_truthy);
    if let Value::List(list) = call.argument(0)
        && !matches!(list.get(0), None | Some(Value::Record(_)))
    {
        return crate::general::statistics::summary::summarise_items(call);
    }
    let table = take_table(call, 0)?;
    let mut rows = super::Builder::default();
    for (name, column) in table.names().zip(table.columns()) {
        let dtype = match cell_type(column) {
            Some(Type::Nil) => "str".to_owned(),
            Some(found) => found.name().to_lowercase(),
            None => "mixed".to_owned(),
        };
        let mut numbers = numbers(column);
        let nulls = column.iter().filter(|cell| matches!(cell, Value::Nil)).count();
        let float = |number: Option<f64>| number.map_or(Value::Nil, Value::Float);
        let mut entries = vec![
            ("column", Value::Str(name.clone())),
            ("dtype", Value::from(dtype)),
            ("count", Value::from(column.len())),
            ("null_count", Value::from(nulls)),
            ("mean", float(kernels::mean(&numbers))),
        ];
        if full {
            numbers.sort_by(f64::total_cmp);
            let quantile = |q| float(kernels::quantile_of_sorted(&numbers, q));
            entries.extend([("median", quantile(0.5)), ("q25", quantile(0.25)), ("q75", quantile(0.75))]);
        }
        entries.extend([
            ("std", float(kernels::variance(&numbers, 1).map(f64::sqrt))),
            ("min", float(numbers.iter().copied().reduce(f64::min))),
            ("max", float(numbers.iter().copied().reduce(f64::max))),
        ]);
        if let Value::Record(row) = Value::record(entries) {
            rows.push(&row);
        }
    }
    Ok(Value::foreign(rows.finish()))
}
