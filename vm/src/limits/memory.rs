//! The memory that the process holds.
//!
//! What counts is the resident set, the memory that the process really occupies and that schedulers and the system look
//! at: values, stacks of threads, and what the allocator keeps. Large amounts are asked for before they are allocated, see
//! [`room_for`]; everything else is noticed by [`super::watch`].

use crate::error::{Error, ErrorKind};
use crate::value::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Smaller amounts are not asked for.
const LARGE: usize = 1 << 20;

/// Smaller amounts are not reserved to see whether they can be.
const HUGE: usize = 1 << 30;

/// The limit of the process, which has one memory however many scripts it runs.
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Limits the memory of the process from now on; `None` for no limit.
pub fn set_limit(bytes: Option<usize>) {
    LIMIT.store(bytes.unwrap_or(usize::MAX), Ordering::Relaxed);
}

/// The bytes that the process holds; `None` where the system does not tell.
pub fn resident() -> Option<usize> {
    memory_stats::memory_stats().map(|stats| stats.physical_mem)
}

/// An error where allocating that many bytes would exceed the limit, or no system has them: a process whose allocation fails
/// is aborted. To be asked wherever a script can make something large out of something small in one go, such as a range.
#[inline]
pub fn room_for(bytes: usize) -> Result<(), Error> {
    within_limit(bytes)?;
    if bytes < HUGE {
        return Ok(());
    }
    let reserved = Vec::<u8>::new().try_reserve_exact(bytes);
    reserved.map_err(|_| Error::value_error(format!("no memory for {}", size(bytes))))
}

/// An empty vector with room for so many values, which are to become a List; an error where there is no memory for them.
pub fn vector_for(count: usize) -> Result<Vec<Value>, Error> {
    within_limit(count.saturating_mul(size_of::<Value>()))?;
    let mut items = Vec::new();
    items.try_reserve_exact(count).map_err(|_| {
        Error::value_error(format!("cannot make a list of {count} items: no memory for it"))
            .with_hint("a loop or a stream over the range needs no list")
    })?;
    Ok(items)
}

/// A `LimitError` where allocating that many bytes would exceed the limit.
#[inline]
pub fn within_limit(bytes: usize) -> Result<(), Error> {
    if bytes < LARGE { Ok(()) } else { large_within_limit(bytes) }
}

#[inline(never)]
fn large_within_limit(bytes: usize) -> Result<(), Error> {
    let limit = LIMIT.load(Ordering::Relaxed);
    if limit == usize::MAX || resident().unwrap_or(0).saturating_add(bytes) <= limit {
        return Ok(());
    }
    Err(exceeded(limit))
}

/// The error that says so.
#[cold]
pub(super) fn exceeded(limit: usize) -> Error {
    Error::new(ErrorKind::Limit, format!("the script needs more than {} of memory", size(limit)))
        .with_hint("--max-memory sets the limit")
}

/// A number of bytes as people write it, in powers of 1024.
pub fn size(bytes: usize) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"];
    let mut amount = bytes as f64;
    let mut unit = 0;
    while amount >= 1024.0 {
        amount /= 1024.0;
        unit += 1;
    }
    let rounded = (amount * 10.0).round() / 10.0;
    format!("{rounded} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(1023), "1023 bytes");
        assert_eq!(size(64 << 20), "64 MB");
        assert_eq!(size(3 << 29), "1.5 GB");
        assert_eq!(size(usize::MAX), "16 EB");
    }

    #[test]
    #[cfg_attr(miri, ignore = "asks the system")]
    fn the_process_holds_some_memory() {
        let before = resident().expect("the system tells");
        let block = vec![1u8; 64 << 20];
        let after = resident().expect("the system tells");
        assert!(after >= before + (48 << 20), "{before} {after} {}", block[block.len() / 2]);
    }
}
