//! The numbers of a collection.

use super::kernels::CompensatedSum;
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, into_items};
use biovm_bytecode::signature::OptionField;
use biovm_vm::limits::memory;
use biovm_vm::native::option;
use biovm_vm::value::ListBody;
use biovm_vm::{Call, Error, ErrorKind, Value};

/// The option of everything that takes missing values for errors.
pub const SKIP_NIL: OptionField = option("skip_nil", BOOL, "leave missing values out");

/// Whether the call asks to leave missing values out.
pub fn skips_nil(call: &Call) -> bool {
    call.option("skip_nil").is_some_and(Value::is_truthy)
}

/// The error for an item that is no number.
#[cold]
pub fn not_a_number(name: &str, item: &Value) -> Error {
    let error = Error::type_error(format!("{name}() requires numbers, got {}", item.type_of()));
    match item {
        Value::Nil => error.with_hint(format!("{name}(xs, {{skip_nil: true}}) leaves missing values out")),
        _ => error,
    }
}

/// The error for a collection without items.
#[cold]
pub fn empty(name: &str) -> Error {
    Error::value_error(format!("{name}() requires at least one number"))
}

/// The numbers of an argument as Floats, of a builtin that has the option `skip_nil`.
pub fn floats(call: &mut Call, position: usize) -> Result<Vec<f64>, Error> {
    let skip = skips_nil(call);
    floats_of(call, position, skip)
}

/// The numbers of an argument as Floats.
pub fn floats_of(call: &mut Call, position: usize, skip_nil: bool) -> Result<Vec<f64>, Error> {
    let name = call.name();
    let source = call.take(position);
    let convert = |item: &Value| match item {
        Value::Nil if skip_nil => None,
        item => Some(item.as_float().ok_or_else(|| not_a_number(name, item))),
    };
    match &source {
        Value::List(list) => match list.as_slice() {
            Some(items) => items.iter().filter_map(convert).collect(),
            // A range takes no memory, its numbers do.
            None => {
                memory::room_for(list.len().saturating_mul(size_of::<f64>()))?;
                list.iter().filter_map(|item| convert(&item)).collect()
            }
        },
        _ => into_items(call.machine(), source)?.iter().filter_map(convert).collect(),
    }
}

/// The exact sum of Ints, the compensated sum of Floats, and the number of both.
#[derive(Default)]
pub struct Total {
    ints: i128,
    floats: CompensatedSum,
    count: usize,
    has_floats: bool,
}

impl Total {
    /// Takes in an item; whether it was a number.
    #[inline]
    fn add(&mut self, item: &Value) -> bool {
        match item {
            // 2⁶³ Ints would have to be added before this could overflow.
            Value::Int(number) => self.ints += i128::from(*number),
            Value::Float(number) => {
                self.floats.add(*number);
                self.has_floats = true;
            }
            _ => return false,
        }
        self.count += 1;
        true
    }

    /// The totals of the argument of a call.
    pub fn of(call: &mut Call, position: usize) -> Result<Total, Error> {
        let skip = skips_nil(call);
        let name = call.name();
        let source = call.take(position);
        let mut total = Total::default();
        let mut add = |item: &Value| match total.add(item) {
            true => Ok(()),
            false if skip && matches!(item, Value::Nil) => Ok(()),
            false => Err(not_a_number(name, item)),
        };
        match &source {
            Value::List(list) => match list.body() {
                ListBody::Values(items) => items.iter().try_for_each(add)?,
                ListBody::Progression { start, step, count } => {
                    let last = i128::from(*start) + i128::from(*step) * (*count as i128 - 1).max(0);
                    total.ints = (i128::from(*start) + last) * *count as i128 / 2;
                    total.count = *count;
                }
            },
            _ => {
                let machine = call.machine();
                let mut walk = Walk::new(machine, source)?;
                while let Some(item) = walk.next(machine)? {
                    add(&item)?;
                }
            }
        }
        Ok(total)
    }

    /// The sum of the numbers among the items.
    pub fn of_items(items: impl IntoIterator<Item = Value>) -> Result<Value, Error> {
        let mut total = Total::default();
        for item in items {
            total.add(&item);
        }
        total.value()
    }

    /// How many numbers there were.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The sum as a Float.
    pub fn float(&self) -> f64 {
        match self.has_floats {
            true => self.ints as f64 + self.floats.total(),
            false => self.ints as f64,
        }
    }

    /// The sum: an Int where all numbers were, else a Float.
    pub fn value(&self) -> Result<Value, Error> {
        if self.has_floats {
            return Ok(Value::Float(self.float()));
        }
        i64::try_from(self.ints)
            .map(Value::Int)
            .map_err(|_| Error::new(ErrorKind::Overflow, "integer overflow in 'sum'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(items: &[Value]) -> Total {
        let mut total = Total::default();
        assert!(items.iter().all(|item| total.add(item)));
        total
    }

    #[test]
    fn sums_of_ints_are_exact() {
        let mut items = vec![Value::Int(i64::MAX), Value::Int(5), Value::Int(-6)];
        assert!(matches!(total(&items).value(), Ok(Value::Int(number)) if number == i64::MAX - 1));
        items.push(Value::Int(2));
        assert_eq!(total(&items).value().unwrap_err().kind(), ErrorKind::Overflow);
        items.push(Value::Float(0.5));
        assert!(matches!(total(&items).value(), Ok(Value::Float(_))));
        assert!(matches!(total(&[]).value(), Ok(Value::Int(0))));
        assert!(!Total::default().add(&Value::Nil));
    }
}
