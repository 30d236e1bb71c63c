//! Tables: named columns of equal length.

pub mod build;
pub mod builder;
pub mod column;
pub mod columns;
pub mod groups;
pub mod inspect;
pub mod rows;

pub use builder::Builder;
pub use column::Column;

use crate::general::common::walk::Walk;
use biovm_bytecode::Type;
use biovm_vm::value::{Class, ForeignValue, List, Record, Shape, ShapeRef, Str};
use biovm_vm::{Error, Machine, Value, access, display};
use rustc_hash::FxHasher;
use std::any::Any;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A table. Copies share their columns.
#[derive(Clone)]
pub struct Table {
    /// The column names, as the shape of a row's record.
    shape: ShapeRef,
    columns: Vec<Arc<Column>>,
    row_count: usize,
}

impl Table {
    /// A table of columns with distinct names and equal lengths.
    pub fn new(names: Vec<Str>, columns: Vec<Column>) -> Table {
        Table::of(names, columns.into_iter().map(Arc::new).collect())
    }

    /// A table of columns that other tables may have too.
    fn of(names: Vec<Str>, columns: Vec<Arc<Column>>) -> Table {
        let row_count = columns.first().map_or(0, |column| column.len());
        let shape = Shape::of(Class::Record, names);
        debug_assert_eq!(shape.len(), columns.len(), "column names are distinct");
        debug_assert!(columns.iter().all(|column| column.len() == row_count), "columns have equal lengths");
        Table { shape, columns, row_count }
    }

    /// The table that a value is: a table of any kind, a list or stream of records, or a record of lists. `name` is
    /// that of the builtin, for messages.
    pub fn from_value(machine: &mut Machine, name: &str, value: Value) -> Result<Table, Error> {
        match &value {
            Value::Foreign(foreign) => {
                if let Some(table) = foreign.downcast::<Table>() {
                    return Ok(table.clone());
                }
            }
            Value::Record(record) => return Table::from_lists(machine, name, record),
            _ => {}
        }
        let mut builder = Builder::default();
        let mut walk = Walk::new(machine, value)?;
        while let Some(row) = walk.next(machine)? {
            let row = record_of(&row).ok_or_else(|| {
                Error::type_error(format!("{name}() requires records, got {}", row.type_of()))
            })?;
            builder.push(&row);
        }
        Ok(builder.finish())
    }

    /// A table with a column for each entry; shorter columns are filled up with nil.
    fn from_lists(machine: &mut Machine, name: &str, record: &Record) -> Result<Table, Error> {
        let mut columns = Vec::with_capacity(record.len());
        for (key, value) in record.iter() {
            if !access::is_iterable(value) || matches!(value, Value::Str(_) | Value::Record(_)) {
                let got = value.type_of();
                return Err(Error::type_error(format!(
                    "{name}() requires a List for column '{}', got {got}",
                    key.as_str()
                )));
            }
            columns.push(crate::general::common::walk::into_items(machine, value.clone())?);
        }
        let row_count = columns.iter().map(Vec::len).max().unwrap_or(0);
        let fill = |mut values: Vec<Value>| {
            values.resize(row_count, Value::Nil);
            Column::from_values(values)
        };
        Ok(Table::new(record.keys().cloned().collect(), columns.into_iter().map(fill).collect()))
    }

    /// The tables one below the other; each has the columns of the first, in any order.
    pub fn stack(tables: &[Table]) -> Result<Table, Error> {
        let Some(first) = tables.first() else { return Ok(Table::new(Vec::new(), Vec::new())) };
        let mut columns = vec![Vec::new(); first.columns.len()];
        for table in tables {
            for (name, cells) in first.names().zip(&mut columns) {
                let column = table.column(name).filter(|_| table.columns.len() == first.columns.len());
                let column =
                    column.ok_or_else(|| {
                        Error::value_error("concat() requires tables with the same columns").with_hint(
                            format!("one has {}, another has {}", first.name_text(), table.name_text()),
                        )
                    })?;
                cells.extend(column.iter());
            }
        }
        Ok(Table::new(
            first.names().cloned().collect(),
            columns.into_iter().map(Column::from_values).collect(),
        ))
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &Str> + ExactSizeIterator {
        self.shape.keys()
    }

    fn name_text(&self) -> String {
        self.names().map(Str::as_str).collect::<Vec<_>>().join(", ")
    }

    /// The names of the columns, as a list.
    pub fn name_list(&self) -> Value {
        Value::list(self.names().cloned().map(Value::Str).collect())
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    /// The number of rows.
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// The column with that name.
    pub fn column(&self, name: &str) -> Option<&Arc<Column>> {
        self.shape.position(name).map(|position| &self.columns[position])
    }

    /// The column with that name, else a `NameError`.
    pub fn require(&self, name: &str) -> Result<&Arc<Column>, Error> {
        self.column(name).ok_or_else(|| self.no_column(name))
    }

    #[cold]
    fn no_column(&self, name: &str) -> Error {
        let error = Error::name_error(format!("no column '{name}' on Table"));
        match access::did_you_mean(name, self.names().map(Str::as_str)) {
            Some(near) => error.with_hint(format!("did you mean '{near}'?")),
            None if self.columns.is_empty() => error,
            None => error.with_hint(format!("its columns are {}", self.name_text())),
        }
    }

    /// A row, as a record.
    pub fn row(&self, row: usize) -> Value {
        let cells = self.columns.iter().map(|column| column.get(row)).collect();
        Value::Record(Record::with_shape(self.shape.clone(), cells))
    }

    /// The table with a column replaced, or a new one at the end. The column is as long as the others.
    pub fn with_column(&self, name: Str, column: Column) -> Table {
        let mut table = self.clone();
        table.row_count = column.len();
        match self.shape.position(&name) {
            Some(position) => table.columns[position] = Arc::new(column),
            None => {
                Shape::with(&mut table.shape, name);
                table.columns.push(Arc::new(column));
            }
        }
        table
    }

    /// These rows, which exist.
    pub fn select_rows(&self, rows: &[usize]) -> Table {
        self.map_columns(rows.len(), |column| column.select(rows.iter().copied()))
    }

    fn map_columns(&self, row_count: usize, of: impl Fn(&Column) -> Column) -> Table {
        let columns = self.columns.iter().map(|column| Arc::new(of(column))).collect();
        Table { shape: self.shape.clone(), columns, row_count }
    }

    fn render(&self) -> String {
        let mut output = String::new();
        let names: Vec<&str> = self.names().map(Str::as_str).collect();
        display::write_table(&mut output, &names, self.row_count, |row, column| {
            display::brief_nested(&self.columns[column].get(row))
        });
        output
    }
}

/// The record that a row is given as: a record, or a struct value.
pub fn record_of(value: &Value) -> Option<Record> {
    match value {
        Value::Record(record) => Some(record.clone()),
        Value::Foreign(foreign) if foreign.type_of() == Type::Record => {
            let entry = |name: String| {
                let value = foreign.field(&name).unwrap_or_default();
                (Str::from(name), value)
            };
            Some(Record::from_entries(foreign.field_names().into_iter().map(entry)))
        }
        _ => None,
    }
}

/// What a table tells about itself besides its columns.
const OWN_FIELDS: [&str; 3] = ["columns", "num_rows", "num_cols"];

impl ForeignValue for Table {
    fn type_of(&self) -> Type {
        Type::Table
    }

    fn text(&self) -> String {
        format!("<table {}x{}>", self.row_count, self.columns.len())
    }

    fn standalone_text(&self) -> String {
        self.render()
    }

    fn len(&self) -> Option<usize> {
        Some(self.row_count)
    }

    fn field(&self, name: &str) -> Option<Value> {
        match (self.column(name), name) {
            (Some(column), _) => Some(column.to_list()),
            (None, "columns") => Some(self.name_list()),
            (None, "num_rows") => Some(Value::from(self.row_count)),
            (None, "num_cols") => Some(Value::from(self.columns.len())),
            _ => None,
        }
    }

    fn field_names(&self) -> Vec<String> {
        self.names().map(Str::as_str).chain(OWN_FIELDS).map(str::to_owned).collect()
    }

    fn index(&self, index: &Value) -> Option<Result<Value, Error>> {
        let Value::Int(written) = index else { return None };
        let position = if *written < 0 { written.saturating_add(self.row_count as i64) } else { *written };
        Some(match usize::try_from(position) {
            Ok(row) if row < self.row_count => Ok(self.row(row)),
            _ => Err(Error::index_error(*written, self.row_count)),
        })
    }

    fn slice(&self, start: usize, step: isize, count: usize) -> Option<Value> {
        let rows =
            || (0..count).map(|position| start.wrapping_add_signed(step.wrapping_mul(position as isize)));
        Some(Value::foreign(self.map_columns(count, |column| column.select(rows()))))
    }

    fn select(&self, positions: &[usize]) -> Option<Value> {
        Some(Value::foreign(self.select_rows(positions)))
    }

    fn is_iterable(&self) -> bool {
        true
    }

    fn next(&self, _machine: &mut Machine, position: usize) -> Result<Option<Value>, Error> {
        Ok((position < self.row_count).then(|| self.row(position)))
    }

    fn contains(&self, item: &Value) -> Option<bool> {
        Some(item.as_text().is_some_and(|name| self.column(name).is_some()))
    }

    fn equals(&self, other: &dyn ForeignValue) -> bool {
        let Some(other) = other.as_any().downcast_ref::<Table>() else { return false };
        self.row_count == other.row_count
            && self.names().eq(other.names())
            && self.columns.iter().zip(&other.columns).all(|(left, right)| left.equals(right))
    }

    fn hash(&self) -> u64 {
        let mut state = FxHasher::default();
        self.names().for_each(|name| name.hash(&mut state));
        self.columns.iter().for_each(|column| column.hash_into(&mut state));
        state.finish()
    }

    fn with_field(&self, name: &str, value: Value) -> Option<Result<Value, Error>> {
        let values = match value {
            Value::List(list) => list,
            other => {
                let got = other.type_of();
                return Some(Err(Error::type_error(format!("a column of a Table requires List, got {got}"))));
            }
        };
        Some(self.check_length(name, &values).map(|()| {
            Value::foreign(self.with_column(Str::from(name), Column::from_values(values.into_vec())))
        }))
    }

    fn size(&self) -> usize {
        self.columns.iter().map(|column| column.size()).sum()
    }

    fn visit(&self, visitor: &mut dyn FnMut(&Value)) {
        self.columns.iter().for_each(|column| column.visit(visitor));
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Table {
    /// Whether a list has a cell for each row. A table without columns takes any list.
    pub fn check_length(&self, name: &str, values: &List) -> Result<(), Error> {
        let (rows, got) = (self.row_count, values.len());
        if rows == got || self.columns.is_empty() {
            return Ok(());
        }
        Err(Error::value_error(format!(
            "column '{name}' requires {rows} values, one for each row, got {got}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new(
            vec!["name".into(), "score".into()],
            vec![
                Column::from_values(vec![Value::text("ana"), Value::text("bo"), Value::text("cy")]),
                Column::from_values(vec![Value::Float(9.5), Value::Nil, Value::Int(3)]),
            ],
        )
    }

    #[test]
    fn layout() {
        let expected = "Table: 3 rows x 2 cols\n name | score\n -----+------\n ana  | 9.5  \n bo   | nil  \n cy   | 3.0  \n";
        assert_eq!(table().print(), expected);
        assert_eq!(table().text(), "<table 3x2>");
    }

    #[test]
    fn rows_and_columns() {
        let table = table();
        assert!(matches!(table.index(&Value::Int(-1)), Some(Ok(Value::Record(row))) if row.len() == 2));
        assert!(matches!(table.index(&Value::Int(3)), Some(Err(_))));
        assert!(table.field("score").is_some());
        assert!(table.field("nothing").is_none());
        let backwards = table.slice(2, -1, 3).unwrap();
        let Value::Foreign(backwards) = backwards else { unreachable!() };
        let first = backwards.downcast::<Table>().unwrap().column("name").unwrap().get(0);
        assert_eq!(first.as_text(), Some("cy"));
        assert!(table.equals(&table.select_rows(&[0, 1, 2])));
        assert!(!table.equals(&table.select_rows(&[0, 2, 1])));
        assert!(table.no_column("scor").hint().is_some_and(|hint| hint.contains("score")));
    }

    #[test]
    fn columns_are_set_by_name() {
        let table = table();
        let longer = table.with_field("n", Value::list(vec![Value::Int(1); 3])).unwrap().unwrap();
        assert!(matches!(longer, Value::Foreign(longer) if longer.field("n").is_some()));
        assert!(table.with_field("n", Value::list(vec![])).unwrap().is_err());
        assert!(table.with_field("n", Value::Int(1)).unwrap().is_err());
    }

    #[test]
    fn tables_stack_by_column_name() {
        let turned = Table::new(
            vec!["score".into(), "name".into()],
            vec![Column::ints(vec![1]), Column::from_values(vec![Value::text("di")])],
        );
        let stacked = Table::stack(&[table(), turned]).unwrap();
        assert_eq!(stacked.row_count(), 4);
        assert_eq!(stacked.column("name").unwrap().get(3).as_text(), Some("di"));
        let other = Table::new(vec!["x".into()], vec![Column::ints(vec![1])]);
        assert!(Table::stack(&[table(), other]).is_err());
    }
}
