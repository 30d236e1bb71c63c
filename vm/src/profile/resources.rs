//! What the process uses, as the system counts it, and what it has read.

use super::data::Input;
use cpu_time::{ProcessTime, ThreadTime};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What was used up to some moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resources {
    /// The time that all threads of the process were computing.
    pub process: Duration,
    /// The time that this thread was.
    pub thread: Duration,
}

impl Resources {
    /// What this process and this thread have used so far.
    pub fn now() -> Resources {
        Resources {
            process: ProcessTime::try_now().map_or(Duration::ZERO, |time| time.as_duration()),
            thread: ThreadTime::try_now().map_or(Duration::ZERO, |time| time.as_duration()),
        }
    }

    /// What was used since an earlier moment, asked for on the same thread.
    pub fn since(&self, earlier: &Resources) -> Resources {
        Resources {
            process: self.process.saturating_sub(earlier.process),
            thread: self.thread.saturating_sub(earlier.thread),
        }
    }
}

/// Counts what is read from files, by all threads.
#[derive(Debug, Default)]
pub struct InputMeter {
    bytes: AtomicU64,
    records: AtomicU64,
}

impl InputMeter {
    /// So many bytes of a file were read, as they are in the file.
    pub fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// So many records were read.
    pub fn add_records(&self, records: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    /// What was read so far.
    pub fn read(&self) -> Input {
        Input { bytes: self.bytes.load(Ordering::Relaxed), records: self.records.load(Ordering::Relaxed) }
    }
}
