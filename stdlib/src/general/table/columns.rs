//! Verbs on columns.

use super::build::take_table;
use super::{Column, Table};
use crate::general::collections::transforms::map_items;
use crate::general::common::callback::check_arity;
use crate::general::common::types::*;
use biovm_vm::limits::memory::vector_for;
use biovm_vm::value::Str;
use biovm_vm::{Call, Error, Machine, Native, Value, native, optional, required};
use std::sync::Arc;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("select", select)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .rest(NAMES)
        .returns(TABLE)
        .doc("The Table with these columns, in this order; names or Lists of names. A repeated name is a ValueError.")
        .example(r#"select(to_table({a: [1], b: [2], c: [3]}), "c", "a") |> colnames()"#, "[c, a]"),
    native("drop_cols", drop_cols)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .rest(NAMES)
        .returns(TABLE)
        .doc("The Table without these columns; names that it does not have are ignored.")
        .example(r#"drop_cols(to_table({a: [1], b: [2]}), "a") |> colnames()"#, "[b]"),
    native("rename", rename)
        .section("Tables")
        .parameters(&[required("t", ROWS), required("old", STR.or(RECORD)), optional("new", STR)])
        .returns(TABLE)
        .doc("The Table with a column renamed, or with several: {old: new}. A name that is taken is a ValueError.")
        .example(r#"rename(to_table({a: [1], b: [2]}), "a", "x") |> colnames()"#, "[x, b]"),
    native("mutate", mutate)
        .section("Tables")
        .parameters(&[required("t", ROWS), required("name", STR.or(RECORD)), optional("values", ANY)])
        .returns(TABLE)
        .doc(
            "The Table with a column set: to f(row) for each row, to the values of a List, or to one value for all rows. \
             {name: f, …} sets several, of which later ones see earlier ones. New columns come last.",
        )
        .example(r#"mutate(to_table({a: [1, 2]}), "b", |r| r.a * 10).b"#, "[10, 20]"),
    native("with_columns", mutate)
        .section("Tables")
        .parameters(&[required("t", ROWS), required("columns", RECORD)])
        .returns(TABLE)
        .doc("The Table with the columns of a record set: {name: List, …}, as mutate() sets them.")
        .example("with_columns(to_table({a: [1, 2]}), {b: [3, 4]}).b", "[3, 4]"),
    native("fill_null", fill_null)
        .section("Tables")
        .parameters(&[required("x", ROWS), required("value", ANY)])
        .returns(TABLE.or(LIST))
        .doc("The Table, or List, with nil replaced by a value; a Record gives the value for each column.")
        .example("fill_null([1, nil, 3], 0)", "[1, 0, 3]"),
];

/// The names among the arguments from `from` on: texts, and the texts in lists.
pub fn names_from(call: &Call, from: usize) -> Result<Vec<Str>, Error> {
    let mut names = Vec::new();
    for position in from..call.len() {
        names.extend(crate::general::collections::grouping::names(call, position)?);
    }
    Ok(names)
}

fn select(call: &mut Call) -> Result<Value, Error> {
    let names = names_from(call, 1)?;
    let table = take_table(call, 0)?;
    let mut columns = Vec::with_capacity(names.len());
    for (position, name) in names.iter().enumerate() {
        if names[..position].contains(name) {
            return Err(Error::value_error(format!("select() got column '{}' twice", name.as_str())));
        }
        columns.push(table.require(name)?.clone());
    }
    Ok(Value::foreign(Table::of(names, columns)))
}

/// The columns for which the function gives a name, under that name.
fn renamed(table: &Table, name_of: impl Fn(&Str) -> Option<Str>) -> Table {
    let kept = table
        .names()
        .zip(table.columns())
        .filter_map(|(name, column)| Some((name_of(name)?, column.clone())));
    let (names, columns): (Vec<Str>, Vec<Arc<Column>>) = kept.unzip();
    Table::of(names, columns)
}

fn drop_cols(call: &mut Call) -> Result<Value, Error> {
    let dropped = names_from(call, 1)?;
    let table = take_table(call, 0)?;
    Ok(Value::foreign(renamed(&table, |name| (!dropped.contains(name)).then(|| name.clone()))))
}

fn rename(call: &mut Call) -> Result<Value, Error> {
    let renames: Vec<(Str, Str)> = match (call.argument(1), call.argument(2)) {
        (Value::Str(old), Value::Str(new)) => vec![(old.clone(), new.clone())],
        (Value::Record(renames), Value::Nil) => {
            let rename = |(old, new): (&Str, &Value)| match new {
                Value::Str(new) => Ok((old.clone(), new.clone())),
                other => {
                    Err(Error::type_error(format!("rename() requires names as Str, got {}", other.type_of())))
                }
            };
            renames.iter().map(rename).collect::<Result<_, _>>()?
        }
        _ => {
            return Err(Error::type_error("rename() requires an old and a new name, or a record {old: new}"));
        }
    };
    let table = take_table(call, 0)?;
    for (old, _) in &renames {
        table.require(old)?;
    }
    let new_name =
        |name: &Str| renames.iter().find(|(old, _)| old == name).map_or(name, |(_, new)| new).clone();
    let mut names: Vec<Str> = table.names().map(new_name).collect();
    names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::value_error(format!("rename() would make two columns '{}'", pair[0].as_str())));
    }
    Ok(Value::foreign(renamed(&table, |name| Some(new_name(name)))))
}

fn mutate(call: &mut Call) -> Result<Value, Error> {
    let settings: Vec<(Str, Value)> = match call.take(1) {
        Value::Record(settings) => {
            settings.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        Value::Str(name) => vec![(name, call.take(2))],
        other => {
            return Err(Error::type_error(format!(
                "mutate() requires Str or Record, got {}",
                other.type_of()
            )));
        }
    };
    for (_, value) in settings.iter().filter(|(_, value)| value.is_function()) {
        check_arity(call, value, 1)?;
    }
    let mut table = take_table(call, 0)?;
    for (name, value) in settings {
        let column = column_of(call.machine(), &table, &name, value)?;
        table = table.with_column(name, column);
    }
    Ok(Value::foreign(table))
}

/// The column that a value means for a table: the results of a function, the items of a list, the value in each row.
fn column_of(machine: &mut Machine, table: &Table, name: &str, value: Value) -> Result<Column, Error> {
    match value {
        function if function.is_function() => {
            map_items(machine, Value::foreign(table.clone()), &function).map(Column::from_values)
        }
        Value::List(values) => {
            table.check_length(name, &values)?;
            Ok(Column::from_values(values.into_vec()))
        }
        single => Ok(Column::from_values(vec![single; table.row_count()])),
    }
}

fn fill_null(call: &mut Call) -> Result<Value, Error> {
    let value = call.take(1);
    let filled = |cell: Value, value: &Value| if matches!(cell, Value::Nil) { value.clone() } else { cell };
    if let Value::List(list) = call.argument(0)
        && !list.iter().any(|item| matches!(item, Value::Record(_)))
    {
        let mut items = vector_for(list.len())?;
        items.extend(list.iter().map(|item| filled(item, &value)));
        return Ok(Value::list(items));
    }
    let table = take_table(call, 0)?;
    let mut columns = Vec::with_capacity(table.columns().len());
    for (name, column) in table.names().zip(table.columns()) {
        let value = match &value {
            Value::Record(values) => values.get(name),
            single => Some(single),
        };
        columns.push(match value {
            Some(value) => {
                Arc::new(Column::from_values(column.iter().map(|cell| filled(cell, value)).collect()))
            }
            None => column.clone(),
        });
    }
    Ok(Value::foreign(Table::of(table.names().cloned().collect(), columns)))
}
