//! What the system says about this process: its time and its memory.

use cpu_time::{ProcessTime, ThreadTime};
use std::time::Duration;

/// How long this process and this thread have computed so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct CpuTime {
    /// All threads of the process together.
    pub process: Duration,
    /// This thread.
    pub thread: Duration,
}

impl CpuTime {
    /// Up to now; nothing where the system does not tell.
    pub fn now() -> CpuTime {
        CpuTime {
            process: process_time().unwrap_or_default(),
            thread: ThreadTime::try_now().map_or(Duration::ZERO, |time| time.as_duration()),
        }
    }

    /// Since an earlier moment, asked for on the same thread.
    pub fn since(&self, earlier: &CpuTime) -> CpuTime {
        CpuTime {
            process: self.process.saturating_sub(earlier.process),
            thread: self.thread.saturating_sub(earlier.thread),
        }
    }
}

/// How long all threads of the process have computed so far; `None` where the system does not tell.
pub fn process_time() -> Option<Duration> {
    ProcessTime::try_now().ok().map(|time| time.as_duration())
}

/// How long the programs that the process ran, and that have ended, computed; `None` where the system does not tell.
#[cfg(unix)]
pub fn time_of_children() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Some(Duration::from_micros(u64::try_from(microseconds).ok()?))
}

/// How long the programs that the process ran, and that have ended, computed; `None` where the system does not tell.
#[cfg(not(unix))]
pub fn time_of_children() -> Option<Duration> {
    None
}

/// The memory of the process in bytes, as far as the system tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// What is mapped for data, which is the heap and little else.
    pub data: Option<u64>,
    /// What the process occupies.
    pub resident: Option<u64>,
    /// The most that it has occupied.
    pub peak: Option<u64>,
}

/// The memory of the process now.
pub fn memory() -> Memory {
    // What Linux counts in `getrusage` includes the peak of the process that started this one, so its status is read there.
    #[expect(
        clippy::disallowed_methods,
        reason = "the gate is for scripts; this is about the process itself"
    )]
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = Memory::parse(&status);
    Memory { peak: memory.peak.or_else(peak_of_usage), ..memory }
}

impl Memory {
    /// From lines such as `VmRSS:     1234 kB`.
    fn parse(status: &str) -> Memory {
        let bytes = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
        };
        Memory { data: bytes("VmData"), resident: bytes("VmRSS"), peak: bytes("VmHWM") }
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn peak_of_usage() -> Option<u64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let peak = u64::try_from(getrusage(UsageWho::RUSAGE_SELF).ok()?.max_rss()).ok()?;
    // Apple counts bytes, everybody else kilobytes.
    peak.checked_mul(if cfg!(target_vendor = "apple") { 1 } else { 1024 })
}

#[cfg(not(all(unix, not(target_os = "linux"))))]
fn peak_of_usage() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_status() {
        let status = "Name:\tbiovm\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(
            Memory::parse(status),
            Memory { data: None, resident: Some(1 << 20), peak: Some(2 << 20) }
        );
        assert_eq!(Memory::parse("VmRSS: many kB"), Memory::default());
    }
}
