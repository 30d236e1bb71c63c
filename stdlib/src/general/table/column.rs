//! The columns of tables.

use biovm_vm::value::List;
use biovm_vm::{Value, compare};
use std::hash::Hasher;
use std::sync::OnceLock;

/// A column: Ints, Floats, or any values. Made once, never changed, shared by the tables that have it.
pub struct Column {
    data: Data,
    /// The column as a list, once somebody has asked: `t.x[i]` in a loop must not make it again and again.
    list: OnceLock<List>,
}

enum Data {
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Values(List),
}

/// Ints up to this magnitude are exact as Floats.
const EXACT: i64 = 1 << 53;

impl Column {
    fn new(data: Data) -> Column {
        Column { data, list: OnceLock::new() }
    }

    /// A column of Ints.
    pub fn ints(numbers: Vec<i64>) -> Column {
        Column::new(Data::Ints(numbers))
    }

    /// A column of Floats.
    pub fn floats(numbers: Vec<f64>) -> Column {
        Column::new(Data::Floats(numbers))
    }

    /// A column of any values. Where Ints and Floats mix, Ints become Floats, unless one would lose digits.
    pub fn from_values(mut values: Vec<Value>) -> Column {
        let (mut ints, mut floats, mut others, mut exact) = (0, 0, 0, true);
        for value in &values {
            match value {
                Value::Int(number) => {
                    ints += 1;
                    exact = exact && number.abs_diff(0) <= EXACT as u64;
                }
                Value::Float(_) => floats += 1,
                Value::Nil => {}
                _ => others += 1,
            }
        }
        if ints == values.len() && ints > 0 {
            let number = |value: &Value| if let Value::Int(number) = value { *number } else { 0 };
            return Column::ints(values.iter().map(number).collect());
        }
        if others == 0 && floats > 0 && exact {
            if ints + floats == values.len() {
                return Column::floats(
                    values.iter().map(|value| value.as_float().unwrap_or(f64::NAN)).collect(),
                );
            }
            for value in &mut values {
                if let Value::Int(number) = value {
                    *value = Value::Float(*number as f64);
                }
            }
        }
        Column::new(Data::Values(List::from(values)))
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Ints(numbers) => numbers.len(),
            Data::Floats(numbers) => numbers.len(),
            Data::Values(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of a row; nil where there is no such row.
    pub fn get(&self, row: usize) -> Value {
        match &self.data {
            Data::Ints(numbers) => numbers.get(row).map_or(Value::Nil, |&number| Value::Int(number)),
            Data::Floats(numbers) => numbers.get(row).map_or(Value::Nil, |&number| Value::Float(number)),
            Data::Values(values) => values.get(row).unwrap_or_default(),
        }
    }

    /// The cells, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Value> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The column as a list, without a copy where it is one already.
    pub fn to_list(&self) -> Value {
        Value::List(match &self.data {
            Data::Values(values) => values.clone(),
            _ => self.list.get_or_init(|| self.iter().collect()).clone(),
        })
    }

    /// The cells of these rows, which exist.
    pub fn select(&self, rows: impl Iterator<Item = usize>) -> Column {
        match &self.data {
            Data::Ints(numbers) => Column::ints(rows.map(|row| numbers[row]).collect()),
            Data::Floats(numbers) => Column::floats(rows.map(|row| numbers[row]).collect()),
            Data::Values(values) => {
                Column::new(Data::Values(rows.map(|row| values.get(row).unwrap_or_default()).collect()))
            }
        }
    }

    /// Whether both columns have equal cells.
    pub fn equals(&self, other: &Column) -> bool {
        self.len() == other.len()
            && match (&self.data, &other.data) {
                (Data::Ints(left), Data::Ints(right)) => left == right,
                (Data::Floats(left), Data::Floats(right)) => left == right,
                _ => self.iter().zip(other.iter()).all(|(left, right)| compare::equal(&left, &right)),
            }
    }

    /// Hashes the cells so that equal columns hash alike.
    pub fn hash_into(&self, state: &mut impl Hasher) {
        self.iter().for_each(|cell| compare::hash(&cell, state));
    }

    /// The bytes that packed numbers take.
    pub fn size(&self) -> usize {
        match &self.data {
            Data::Ints(_) | Data::Floats(_) => self.len() * 8,
            Data::Values(_) => 0,
        }
    }

    /// Shows the lists that the column holds.
    pub fn visit(&self, visitor: &mut dyn FnMut(&Value)) {
        let list = match &self.data {
            Data::Values(values) => Some(values),
            _ => self.list.get(),
        };
        if let Some(list) = list {
            visitor(&Value::List(list.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_packed() {
        assert!(matches!(Column::from_values(vec![Value::Int(1)]).data, Data::Ints(_)));
        let mixed = Column::from_values(vec![Value::Int(1), Value::Float(0.5)]);
        assert!(matches!(&mixed.data, Data::Floats(numbers) if numbers[..] == [1.0, 0.5]));
        let with_nil = Column::from_values(vec![Value::Int(1), Value::Nil, Value::Float(0.5)]);
        assert!(matches!(with_nil.get(0), Value::Float(1.0)));
        assert!(matches!(with_nil.get(1), Value::Nil));
        let exact = Column::from_values(vec![Value::Int(i64::MAX), Value::Float(0.5)]);
        assert!(matches!(exact.get(0), Value::Int(i64::MAX)));
        assert!(matches!(Column::from_values(vec![]).data, Data::Values(_)));
    }

    #[test]
    fn lists_are_made_once() {
        let column = Column::ints(vec![1, 2]);
        let (Value::List(first), Value::List(second)) = (column.to_list(), column.to_list()) else {
            unreachable!()
        };
        assert!(first.same(&second));
    }
}
