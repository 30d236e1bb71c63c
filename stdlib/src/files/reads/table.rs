//! All reads of a file, as a table.

use super::batch::{Batch, Letters, ReadView};
use super::record::{self, Hold};
use crate::general::table::{Column, Table};
use biovm_bytecode::Type;
use biovm_vm::value::{Alphabet, ForeignValue, Record, ShapeRef, Str};
use biovm_vm::{Error, Machine, Value, display};
use std::any::Any;
use std::sync::Arc;

/// The reads of a file. Slices and selections share its buffers.
#[derive(Clone)]
pub struct ReadTable {
    reads: Arc<Reads>,
    rows: Rows,
    shape: ShapeRef,
}

/// The buffers, as they came from the file.
struct Reads {
    batches: Vec<Batch>,
    /// The number of reads before each batch.
    firsts: Vec<usize>,
    has_quality: bool,
}

/// Which reads of the buffers belong to the table, in which order.
#[derive(Clone)]
enum Rows {
    Every { start: usize, step: isize, count: usize },
    Picked(Arc<Vec<usize>>),
}

impl Rows {
    fn len(&self) -> usize {
        match self {
            Rows::Every { count, .. } => *count,
            Rows::Picked(rows) => rows.len(),
        }
    }

    fn get(&self, position: usize) -> Option<usize> {
        match self {
            Rows::Every { start, step, count } => {
                (position < *count).then(|| start.wrapping_add_signed(step.wrapping_mul(position as isize)))
            }
            Rows::Picked(rows) => rows.get(position).copied(),
        }
    }
}

impl ReadTable {
    /// A table of all reads of these batches.
    pub fn new(batches: Vec<Batch>, has_quality: bool) -> ReadTable {
        let mut count = 0;
        let firsts = batches
            .iter()
            .map(|batch| {
                count += batch.len();
                count - batch.len()
            })
            .collect();
        ReadTable {
            reads: Arc::new(Reads { batches, firsts, has_quality }),
            rows: Rows::Every { start: 0, step: 1, count },
            shape: record::shape(has_quality),
        }
    }

    /// The number of reads.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the columns.
    pub fn columns(&self) -> &'static [&'static str] {
        record::field_names(self.reads.has_quality)
    }

    /// The batch of a row, and the row's position in it.
    fn locate(&self, row: usize) -> Option<(&Batch, usize)> {
        let read = self.rows.get(row)?;
        let batch = self.reads.firsts.partition_point(|first| *first <= read).checked_sub(1)?;
        Some((self.reads.batches.get(batch)?, read - self.reads.firsts[batch]))
    }

    /// A read by its row, without making a record.
    pub fn view(&self, row: usize) -> Option<ReadView<'_>> {
        let (batch, position) = self.locate(row)?;
        batch.get(position)
    }

    /// All reads in order, without making records.
    pub fn views(&self) -> impl Iterator<Item = ReadView<'_>> {
        (0..self.len()).filter_map(|row| self.view(row))
    }

    /// A row as a record.
    pub fn record(&self, row: usize) -> Option<Record> {
        let (batch, position) = self.locate(row)?;
        record::record(&self.shape, batch, position, Hold::Window)
    }

    /// All rows as records.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        (0..self.len()).filter_map(|row| self.record(row))
    }

    /// A column as a list of values.
    pub fn column(&self, name: &str) -> Option<Vec<Value>> {
        let column = self.columns().iter().position(|column| *column == name)?;
        Some((0..self.len()).filter_map(|row| self.cell(row, column)).collect())
    }

    fn cell(&self, row: usize, column: usize) -> Option<Value> {
        let (batch, position) = self.locate(row)?;
        let read = batch.get(position)?;
        Some(match column {
            0 => Value::text(read.id),
            1 => Value::text(read.description),
            2 => record::sequence(batch, position, read.sequence, Hold::Window),
            3 => Value::from(read.sequence.len()),
            _ => Value::text(read.quality),
        })
    }

    /// Whether all sequences are DNA or RNA.
    pub fn is_nucleotides(&self) -> bool {
        let nucleotides = |letters| matches!(letters, Letters::Sequence(Alphabet::Dna | Alphabet::Rna));
        self.reads.batches.iter().all(|batch| nucleotides(batch.letters()))
    }

    /// The same rows as an ordinary table, whose columns can be changed.
    fn to_table(&self) -> Table {
        let columns = self.columns().iter().enumerate().map(|(column, _)| {
            Column::from_values((0..self.len()).filter_map(|row| self.cell(row, column)).collect())
        });
        Table::new(self.columns().iter().map(|name| Str::from(*name)).collect(), columns.collect())
    }

    fn with_rows(&self, rows: Rows) -> Value {
        Value::foreign(ReadTable { reads: self.reads.clone(), rows, shape: self.shape.clone() })
    }
}

impl ForeignValue for ReadTable {
    fn type_of(&self) -> Type {
        Type::Table
    }

    fn text(&self) -> String {
        format!("<table {}x{}>", self.len(), self.columns().len())
    }

    fn standalone_text(&self) -> String {
        let mut text = String::new();
        display::write_table(&mut text, self.columns(), ReadTable::len(self), |row, column| {
            self.cell(row, column).map_or_else(String::new, |cell| display::brief_nested(&cell))
        });
        text
    }

    fn len(&self) -> Option<usize> {
        Some(ReadTable::len(self))
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "columns" => Some(Value::list(self.columns().iter().map(|name| Value::text(*name)).collect())),
            "num_rows" => Some(ReadTable::len(self).into()),
            "num_cols" => Some(self.columns().len().into()),
            _ => self.column(name).map(Value::list),
        }
    }

    fn field_names(&self) -> Vec<String> {
        let names = self.columns().iter().chain(&["columns", "num_rows", "num_cols"]);
        names.map(|name| (*name).to_owned()).collect()
    }

    fn index(&self, index: &Value) -> Option<Result<Value, Error>> {
        if let Some(name) = index.as_text() {
            let missing = || Error::name_error(format!("no column '{name}' on Table"));
            return Some(self.column(name).map(Value::list).ok_or_else(missing));
        }
        let index = index.as_integral()?;
        let length = ReadTable::len(self);
        let row = if index < 0 { index.checked_add_unsigned(length as u64) } else { Some(index) };
        let record = row.and_then(|row| self.record(usize::try_from(row).ok()?));
        Some(record.map(Value::Record).ok_or_else(|| Error::index_error(index, length)))
    }

    fn slice(&self, start: usize, step: isize, count: usize) -> Option<Value> {
        let rows = match &self.rows {
            Rows::Every { start: own_start, step: own_step, .. } => Rows::Every {
                start: own_start.wrapping_add_signed(own_step.wrapping_mul(start as isize)),
                step: own_step.wrapping_mul(step),
                count,
            },
            picked => Rows::Picked(Arc::new(
                (0..count)
                    .filter_map(|item| {
                        picked.get(start.wrapping_add_signed(step.wrapping_mul(item as isize)))
                    })
                    .collect(),
            )),
        };
        Some(self.with_rows(rows))
    }

    fn select(&self, positions: &[usize]) -> Option<Value> {
        let rows = positions.iter().filter_map(|position| self.rows.get(*position)).collect();
        Some(self.with_rows(Rows::Picked(Arc::new(rows))))
    }

    fn is_iterable(&self) -> bool {
        true
    }

    fn next(&self, _machine: &mut Machine, position: usize) -> Result<Option<Value>, Error> {
        Ok(self.record(position).map(Value::Record))
    }

    fn contains(&self, item: &Value) -> Option<bool> {
        item.as_text().map(|name| self.columns().contains(&name))
    }

    fn equals(&self, other: &dyn ForeignValue) -> bool {
        let Some(other) = other.as_any().downcast_ref::<ReadTable>() else { return false };
        self.columns() == other.columns()
            && ReadTable::len(self) == ReadTable::len(other)
            && self.views().eq(other.views())
    }

    fn with_field(&self, name: &str, value: Value) -> Option<Result<Value, Error>> {
        self.to_table().with_field(name, value)
    }

    fn size(&self) -> usize {
        self.reads.batches.iter().map(Batch::size).sum()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
