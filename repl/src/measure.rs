//! What a piece of work takes: time on the clock, time of the processor, memory.

use crate::units;
use biovm_vm::limits::memory;
use biovm_vm::process;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a piece of work took.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Time on the clock.
    pub wall: Duration,
    /// Time of the processor, of all threads together and of the programs that they ran; `None` where the system does not tell.
    pub cpu: Option<Duration>,
    /// The most bytes that the process held; `None` where the system does not tell.
    pub peak_memory: Option<usize>,
}

/// Measures a piece of work.
#[derive(Clone, Copy)]
pub struct Measurement {
    started: Instant,
    cpu: Option<Duration>,
}

impl Measurement {
    /// Begins.
    pub fn start() -> Measurement {
        Measurement { cpu: cpu_time(), started: Instant::now() }
    }

    /// What has been used since the beginning.
    pub fn finish(&self) -> Usage {
        let wall = self.started.elapsed();
        let cpu = self.cpu.zip(cpu_time()).map(|(before, after)| after.saturating_sub(before));
        Usage { wall, cpu, peak_memory: peak_since_forgotten() }
    }
}

impl Usage {
    /// `CPU: 0.640s  Peak memory: 45.2 MB`; empty where the system tells neither.
    pub fn cpu_and_memory(&self) -> String {
        let cpu = self.cpu.map(|time| format!("CPU: {:.3}s", time.as_secs_f64()));
        let memory = self.peak_memory.map(|bytes| format!("Peak memory: {}", memory::size(bytes)));
        cpu.into_iter().chain(memory).collect::<Vec<_>>().join("  ")
    }

    /// The line of `--stats`.
    pub fn line(&self, records: u64, bytes: u64) -> String {
        let mut parts = vec![format!("Wall: {:.3}s", self.wall.as_secs_f64())];
        parts.push(self.cpu_and_memory());
        if records > 0 {
            parts.push(format!("Records: {}", units::count(records)));
        }
        if bytes > 0 {
            parts.push(format!("Read: {}", memory::size(usize::try_from(bytes).unwrap_or(usize::MAX))));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("  ")
    }

    /// The line of `--stats=json`.
    pub fn json(&self, records: u64, bytes: u64) -> String {
        json!({
            "wall_seconds": self.wall.as_secs_f64(),
            "cpu_seconds": self.cpu.map(|time| time.as_secs_f64()),
            "peak_memory_bytes": self.peak_memory,
            "records": records,
            "bytes_read": bytes,
        })
        .to_string()
    }
}

/// The peak before it was forgotten last.
static EARLIER_PEAK: AtomicUsize = AtomicUsize::new(0);

/// The most bytes that the process has held since its start.
pub fn peak_memory() -> Option<usize> {
    peak_since_forgotten().map(|peak| peak.max(EARLIER_PEAK.load(Ordering::Relaxed)))
}

/// Lets the peak begin anew at what the process holds now. Where the system cannot, it stays what it was.
pub fn forget_peak() {
    let before = peak_since_forgotten().unwrap_or(0);
    // Linux: see proc_pid_clear_refs(5).
    if cfg!(target_os = "linux") && std::fs::write("/proc/self/clear_refs", "5").is_ok() {
        EARLIER_PEAK.fetch_max(before, Ordering::Relaxed);
    }
}

fn cpu_time() -> Option<Duration> {
    Some(process::process_time()? + process::time_of_children().unwrap_or_default())
}

fn peak_since_forgotten() -> Option<usize> {
    process::memory().peak.and_then(|bytes| usize::try_from(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let usage = Usage {
            wall: Duration::from_millis(1234),
            cpu: Some(Duration::from_millis(2001)),
            peak_memory: Some(3 << 29),
        };
        assert_eq!(usage.cpu_and_memory(), "CPU: 2.001s  Peak memory: 1.5 GB");
        assert_eq!(usage.line(0, 0), "Wall: 1.234s  CPU: 2.001s  Peak memory: 1.5 GB");
        assert_eq!(
            usage.line(12_000, 1 << 20),
            "Wall: 1.234s  CPU: 2.001s  Peak memory: 1.5 GB  Records: 12,000  Read: 1 MB"
        );
        let unknown = Usage { cpu: None, peak_memory: None, ..usage };
        assert_eq!(unknown.line(0, 0), "Wall: 1.234s");
        assert_eq!(unknown.cpu_and_memory(), "");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn work_is_measured() {
        let measurement = Measurement::start();
        let block = vec![1_u8; 64 << 20];
        let mut sum = 0_u64;
        while measurement.finish().cpu.is_some_and(|time| time < Duration::from_millis(20)) {
            sum += block.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        }
        let usage = measurement.finish();
        assert!(sum == 0 || usage.cpu >= Some(Duration::from_millis(20)), "{usage:?}");
        assert!(usage.wall > Duration::ZERO);
        assert!(usage.peak_memory.is_some_and(|peak| peak >= 64 << 20), "{usage:?}");
        // Linux counts pages for each processor, and its sum may be some of them lower the next time.
        let counters = 1 << 20;
        assert!(peak_memory().map(|peak| peak + counters) >= usage.peak_memory, "{usage:?}");
    }
}
