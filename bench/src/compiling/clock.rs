//! The time that work takes of a processor, so that what else the computer does is not measured. Where the system does
//! not tell, it is the time on the wall.

use std::fs;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// What this thread has used so far; only differences mean something.
pub fn of_this_thread() -> Duration {
    // The kernel brings its account up to date when the thread offers its place.
    thread::yield_now();
    let account = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let used = account.as_deref().and_then(|text| text.split(' ').next()).and_then(|word| word.parse().ok());
    used.map_or_else(on_the_wall, Duration::from_nanos)
}

/// What processes started by this one have used, of the system's time too; only those that have ended count.
#[cfg(unix)]
pub fn of_ended_processes() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;
    let duration = |time: TimeVal| {
        let part = |value: i64| u64::try_from(value).unwrap_or(0);
        Duration::from_secs(part(time.tv_sec())) + Duration::from_micros(part(time.tv_usec()))
    };
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .map_or_else(|_| on_the_wall(), |usage| duration(usage.user_time()) + duration(usage.system_time()))
}

/// The time on the wall, as the system does not tell what ended processes have used.
#[cfg(not(unix))]
pub fn of_ended_processes() -> Duration {
    on_the_wall()
}

fn on_the_wall() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
