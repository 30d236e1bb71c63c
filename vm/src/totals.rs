//! How much a script has read, for whoever wants to know at the end.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts what all machines of a script read from files together.
#[derive(Debug, Default)]
pub struct Totals {
    records: AtomicU64,
    bytes: AtomicU64,
}

impl Totals {
    /// Counts records that the script got.
    pub fn add_records(&self, count: usize) {
        self.records.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// Counts bytes that were read.
    pub fn add_bytes(&self, count: usize) {
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// The records of files, such as reads.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// The bytes of files as they are on the disk, compressed or not.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
