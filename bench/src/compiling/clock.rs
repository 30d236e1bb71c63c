//! The time that work takes of a processor, so that what else the computer does is not measured. Where the system does
//! not tell, it is the time on the wall.

use std::fs;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// How many of these a second the system counts for processes that have ended.
const TICKS: u64 = 100;

/// What this thread has used so far; only differences mean something.
pub fn of_this_thread() -> Duration {
    // The kernel brings its account up to date when the thread offers its place.
    thread::yield_now();
    let account = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let used = account.as_deref().and_then(|text| text.split(' ').next()).and_then(|word| word.parse().ok());
    used.map_or_else(on_the_wall, Duration::from_nanos)
}

/// What processes started by this one have used, in steps of a hundredth of a second; only those that have ended count.
pub fn of_ended_processes() -> Duration {
    let account = fs::read_to_string("/proc/self/stat").ok();
    // The name of the program is in parentheses and may have blanks.
    let fields = account.as_deref().and_then(|text| text.rsplit_once(')'));
    let ticks = fields.and_then(|(_, fields)| {
        let mut fields = fields.split_whitespace().skip(13);
        let mut next = || fields.next()?.parse::<u64>().ok();
        Some(next()? + next()?)
    });
    ticks.map_or_else(on_the_wall, |ticks| Duration::from_millis(ticks * 1000 / TICKS))
}

fn on_the_wall() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
