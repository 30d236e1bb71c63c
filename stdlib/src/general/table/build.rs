//! Tables from other values, and back.

use super::Table;
use crate::general::common::types::*;
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("to_table", to_table)
        .aliases(&["table", "from_records"])
        .section("Tables")
        .parameters(&[required("x", ROWS.or(RECORD))])
        .returns(TABLE)
        .doc(
            "A Table of a list or stream of records, or of a record of lists. Columns stand in the order of the first \
             record, later keys behind; missing cells are nil. Ints among Floats become Floats.",
        )
        .example(
            r#"to_table([{id: "a", gc: 0.5}, {id: "b", gc: 0.25}])"#,
            "Table: 2 rows x 2 cols\n id | gc  \n ---+-----\n a  | 0.5 \n b  | 0.25\n",
        ),
    native("to_records", to_records)
        .aliases(&["from_table"])
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .returns(LIST)
        .doc("The rows of a Table as a List of records.")
        .example("to_records(to_table({a: [1, 2]}))[1]", "{a: 2}"),
];

fn to_table(call: &mut Call) -> Result<Value, Error> {
    let name = call.name();
    match call.take(0) {
        Value::Foreign(foreign) if foreign.downcast::<Table>().is_some() => Ok(Value::Foreign(foreign)),
        source => Table::from_value(call.machine(), name, source).map(Value::foreign),
    }
}

fn to_records(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    crate::general::common::walk::into_items(call.machine(), source).map(Value::list)
}

/// Takes a table, or what can be read as one, out of a call.
pub fn take_table(call: &mut Call, position: usize) -> Result<Table, Error> {
    let name = call.name();
    let source = call.take(position);
    Table::from_value(call.machine(), name, source)
}
