//! Tables from records.

use super::{Column, Table};
use biovm_vm::Value;
use biovm_vm::value::{Record, ShapeRef, Str, TextMap};

/// Collects records into columns. Columns stand in the order of the first record, later new keys behind; cells that a
/// record does not have are nil.
#[derive(Default)]
pub struct Builder {
    columns: TextMap<Vec<Value>>,
    row_count: usize,
    /// The shape of the last record, where its keys are exactly the columns, in order. Records of one origin share it.
    same_shape: Option<ShapeRef>,
}

impl Builder {
    /// Adds a row.
    pub fn push(&mut self, record: &Record) {
        let known = self.same_shape.as_ref().is_some_and(|shape| shape.is(record.shape()));
        if known {
            for (column, value) in self.columns.values_mut().zip(record.values()) {
                column.push(value.clone());
            }
            self.row_count += 1;
            return;
        }
        for (key, value) in record.iter() {
            match self.columns.get_mut(key) {
                Some(column) => column.push(value.clone()),
                None => {
                    let mut column = vec![Value::Nil; self.row_count];
                    column.push(value.clone());
                    self.columns.insert(key.clone(), column);
                }
            }
        }
        self.row_count += 1;
        for column in self.columns.values_mut() {
            column.resize(self.row_count, Value::Nil);
        }
        let fits = self.columns.len() == record.len() && self.columns.keys().eq(record.keys());
        self.same_shape = fits.then(|| record.shape().clone());
    }

    /// The table.
    pub fn finish(self) -> Table {
        let (names, columns): (Vec<Str>, Vec<Vec<Value>>) = self.columns.into_iter().unzip();
        let mut table = Table::new(names, columns.into_iter().map(Column::from_values).collect());
        // Records without any key are rows all the same.
        table.row_count = self.row_count;
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(entries: &[(&str, i64)]) -> Record {
        Record::from_entries(entries.iter().map(|(key, value)| (Str::from(*key), Value::Int(*value))))
    }

    #[test]
    fn later_keys_come_last_and_missing_cells_are_nil() {
        let mut builder = Builder::default();
        builder.push(&record(&[("b", 1), ("a", 2)]));
        builder.push(&record(&[("b", 3), ("a", 4)]));
        builder.push(&record(&[("c", 5), ("a", 6)]));
        builder.push(&record(&[("b", 7), ("a", 8)]));
        let table = builder.finish();
        let names: Vec<_> = table.names().map(Str::as_str).collect();
        assert_eq!((names, table.row_count()), (vec!["b", "a", "c"], 4));
        let cells = |name: &str| -> Vec<Option<i64>> {
            table.column(name).unwrap().iter().map(|cell| cell.as_integral()).collect()
        };
        assert_eq!(cells("b"), [Some(1), Some(3), None, Some(7)]);
        assert_eq!(cells("a"), [Some(2), Some(4), Some(6), Some(8)]);
        assert_eq!(cells("c"), [None, None, Some(5), None]);
    }
}
