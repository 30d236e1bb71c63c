//! What the process uses, as the system counts it.

use cpu_time::{ProcessTime, ThreadTime};
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
