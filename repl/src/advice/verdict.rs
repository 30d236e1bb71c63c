//! What a run was bound by.

use super::cost;
use crate::units;
use biovm_vm::profile::data::ratio;
use biovm_vm::profile::{Input, Profile, WaitKind};
use std::time::Duration;

/// From this share of waiting on the time goes into waiting.
const MOSTLY: f64 = 0.5;

/// A run that holds less than this is not bound by memory.
const MUCH_MEMORY: u64 = 64 << 20;

/// What holds this much of its input, or more, grows with it.
const GROWS_WITH_INPUT: f64 = 0.7;

/// A peak as high as this is worth a word without any input.
const HUGE: u64 = 2 << 30;

/// What a run was bound by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// By nothing that matters.
    TooShort,
    /// By computing.
    Cpu,
    /// By waiting.
    Io,
    /// By what it holds.
    Memory,
}

impl Bound {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Bound::TooShort => "too_short",
            Bound::Cpu => "cpu",
            Bound::Io => "io",
            Bound::Memory => "memory",
        }
    }

    /// The verdict in words.
    pub fn text(self) -> &'static str {
        match self {
            Bound::TooShort => "too short to matter",
            Bound::Cpu => "CPU-bound",
            Bound::Io => "I/O-bound",
            Bound::Memory => "memory-bound",
        }
    }
}

/// The verdict and why.
pub struct Verdict {
    /// The verdict.
    pub bound: Bound,
    /// What it rests on.
    pub evidence: Vec<String>,
}

impl Verdict {
    /// The verdict on a profile.
    pub fn of(profile: &Profile) -> Verdict {
        let waiting = ratio(profile.waiting_outside().saturating_sub(read_ahead(profile)), profile.wall);
        let bound = match () {
            () if is_bound_by_memory(profile) => Bound::Memory,
            () if profile.wall < cost::TOO_SHORT => Bound::TooShort,
            () if waiting >= MOSTLY => Bound::Io,
            () => Bound::Cpu,
        };
        Verdict { bound, evidence: evidence(profile) }
    }
}

fn is_bound_by_memory(profile: &Profile) -> bool {
    let Some(peak) = profile.peak_memory else { return false };
    let input = profile.input.bytes;
    peak >= HUGE || peak >= MUCH_MEMORY && input > 0 && peak as f64 >= GROWS_WITH_INPUT * input as f64
}

/// How long the script waited for files while a thread that reads ahead was computing: taking records apart, or decompressing.
fn read_ahead(profile: &Profile) -> Duration {
    let disk = profile.waits.iter().filter(|row| row.kind == WaitKind::Disk).map(|row| row.time).sum();
    profile.cpu.saturating_sub(profile.main_cpu).min(disk)
}

fn evidence(profile: &Profile) -> Vec<String> {
    let mut evidence = vec![format!(
        "{} wall, {} CPU: {:.2} cores on average",
        units::time(profile.wall),
        units::time(profile.cpu),
        ratio(profile.cpu, profile.wall),
    )];
    let waits: Vec<String> = profile
        .waits
        .iter()
        .filter(|row| ratio(row.time, profile.wall) >= 0.01)
        .map(|row| format!("{} {}", row.kind.name(), units::share(row.time, profile.wall)))
        .collect();
    if !waits.is_empty() {
        let all = units::share(profile.waiting(), profile.wall);
        evidence.push(format!("{all} of the time was waiting: {}", waits.join(", ")));
    }
    let read_ahead = read_ahead(profile);
    if ratio(read_ahead, profile.wall) >= 0.01 {
        let share = units::share(read_ahead, profile.wall);
        evidence.push(format!("{share} of it was computing: the thread that reads ahead takes files apart"));
    }
    if let Some(peak) = profile.peak_memory {
        let mut text = format!("peak memory {}", units::size(peak));
        if profile.input != Input::default() {
            text += &format!(" for {} of input", units::size(profile.input.bytes));
        }
        if let Some(allocation) = profile.allocation {
            text += &format!(", {} allocated in all", units::size(allocation.bytes));
        }
        evidence.push(text);
    }
    evidence
}
