//! Walking over the items of a collection.

use biovm_bytecode::Type;
use biovm_vm::limits::memory::vector_for;
use biovm_vm::machine::Items;
use biovm_vm::value::{List, ListBody};
use biovm_vm::{Error, Machine, Value, access};

/// After this many items a walk looks whether the user wants to stop.
const ITEMS_BETWEEN_LOOKS: u32 = 4096;

/// The items of a collection, one after the other. Items of a list that nobody else holds are moved out of it, so
/// that a callback may change them in place; other collections are read where they are.
pub struct Walk {
    source: Source,
    until_look: u32,
}

enum Source {
    Owned(std::vec::IntoIter<Value>),
    /// A value that the machine knows, and how far it has been read.
    Known(Value, usize),
    Foreign(Items),
}

impl Walk {
    /// Starts to walk; a `TypeError` where the value has no items, a `StreamError` at the first item of a stream that
    /// has been consumed.
    pub fn new(machine: &mut Machine, source: Value) -> Result<Walk, Error> {
        let source = match source {
            Value::List(list) if list.is_unique() && list.as_slice().is_some() => {
                Source::Owned(list.into_vec().into_iter())
            }
            source @ Value::Foreign(_) => Source::Foreign(machine.iterate(source)?),
            source if access::is_iterable(&source) => Source::Known(source, 0),
            source => return Err(Error::type_error(format!("cannot iterate over {}", source.type_of()))),
        };
        Ok(Walk { source, until_look: ITEMS_BETWEEN_LOOKS })
    }

    /// The next item.
    #[inline]
    pub fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        self.until_look -= 1;
        if self.until_look == 0 {
            self.until_look = ITEMS_BETWEEN_LOOKS;
            machine.check_interrupt()?;
        }
        match &mut self.source {
            Source::Owned(items) => Ok(items.next()),
            Source::Known(source, cursor) => Ok(access::item_from(source, cursor)),
            Source::Foreign(items) => items.next(machine),
        }
    }
}

/// All items; a stream is drained.
pub fn into_items(machine: &mut Machine, source: Value) -> Result<Vec<Value>, Error> {
    let source = match source {
        Value::List(list) => {
            if list.as_slice().is_none() {
                drop(vector_for(list.len())?);
            }
            return Ok(list.into_vec());
        }
        Value::Tuple(items) => return Ok(items.into_content()),
        Value::Set(set) => return Ok(set.iter().cloned().collect()),
        source => source,
    };
    let mut items = vector_for(access::length(&source).unwrap_or(0))?;
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        items.push(item);
    }
    Ok(items)
}

/// All items as a list; a range stays without its items in memory.
pub fn into_list(machine: &mut Machine, source: Value) -> Result<List, Error> {
    match source {
        Value::List(list) => Ok(list),
        Value::Range(bounds) if i64::try_from(bounds.len()).is_ok() => {
            Ok(List::progression(bounds.start, 1, bounds.len()))
        }
        source => into_items(machine, source).map(List::from),
    }
}

/// Whether the value is a stream, which can be read only once.
pub fn is_stream(value: &Value) -> bool {
    matches!(value, Value::Foreign(foreign) if foreign.type_of() == Type::Stream)
}

/// Whether the value is a collection of rows with named columns.
pub fn is_table(value: &Value) -> bool {
    matches!(value, Value::Foreign(foreign) if foreign.type_of() == Type::Table)
}

/// The first item, the distance and the number of a list that stands for them without holding them.
pub fn progression(list: &List) -> Option<(i64, i64, usize)> {
    match list.body() {
        ListBody::Progression { start, step, count } => Some((*start, *step, *count)),
        ListBody::Values(_) => None,
    }
}
