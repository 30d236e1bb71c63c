//! Random numbers. All draw from the machine's generator, so one seed decides about all of them.

pub mod numbers;
pub mod sampling;

use biovm_vm::limits::memory;
use biovm_vm::{Error, Value};

/// An error where no memory has room for a list of so many items.
fn check_room(name: &str, count: usize) -> Result<(), Error> {
    memory::within_limit(count.saturating_mul(size_of::<Value>()))?;
    Vec::<Value>::new().try_reserve_exact(count).map_err(|_| {
        Error::value_error(format!("{name}() cannot make a list of {count} items: no memory for it"))
    })
}
