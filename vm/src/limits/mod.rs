//! What a script may use up: steps, time, memory.
//!
//! * [`Limits`]: the limits of a script, shared by all machines that run it
//! * [`memory`]: how much memory the process holds, and whether there is room for more
//! * [`watch`]: the thread that looks at clock and memory
//!
//! A *step* is a jump back or a call of one of the script's functions: what machines count anyway, see
//! `Machine::poll`. Machines lease steps from the common stock, so all threads together take no more than there are, and a
//! script that runs on one machine is stopped at the same step each time. Work within a builtin takes no steps, but the
//! functions that it calls back do.
//!
//! Time and memory are looked at by a thread of their own. Where a limit is exceeded it asks all machines to stop, as
//! Ctrl-C does; the reason makes the difference. None of this costs a script without limits anything.

pub mod memory;
pub mod watch;

use crate::error::{Error, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

/// Steps between two looks at the interrupt flag.
const POLL_INTERVAL: u32 = 10_000;

/// The same where memory is limited: each step may double what a script holds.
const CAREFUL_POLL_INTERVAL: u32 = 32;

/// A lease is no more than this part of the steps that are left, so that machines which run at the same time all get some
/// of the last ones.
const LEASED_PART: u64 = 16;

/// How much a script may use. Nothing is limited by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Steps of all machines together.
    pub steps: Option<u64>,
    /// Time on the clock; looked at by [`watch`].
    pub time: Option<Duration>,
    /// Bytes of memory that the process holds; looked at by [`watch`].
    pub memory: Option<usize>,
}

/// The limits of a script, and what is left of them.
#[derive(Debug, Default)]
pub struct Limits {
    quota: Quota,
    steps_left: AtomicU64,
    /// Which of the limits that [`watch`] looks at has been exceeded: a [`Watched`] as a number, or 0.
    exceeded: AtomicU8,
    /// Whether a machine has seen that.
    is_noticed: AtomicBool,
}

/// A limit that [`watch`] looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Watched {
    Time = 1,
    Memory = 2,
}

impl Limits {
    /// These limits.
    pub fn new(quota: Quota) -> Limits {
        let limits = Limits { quota, ..Limits::default() };
        limits.renew();
        limits
    }

    /// How much a script may use in all.
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Begins anew, for the next entry of a session.
    pub fn renew(&self) {
        self.steps_left.store(self.quota.steps.unwrap_or(u64::MAX), Ordering::Relaxed);
        self.exceeded.store(0, Ordering::Relaxed);
        self.is_noticed.store(false, Ordering::Relaxed);
    }

    /// How far a machine that has leased nothing counts down: with a limit, its first step asks for a lease.
    pub(crate) fn first_countdown(&self) -> u32 {
        if self.quota.steps.is_some() { 1 } else { self.interval() }
    }

    fn interval(&self) -> u32 {
        if self.quota.memory.is_some() { CAREFUL_POLL_INTERVAL } else { POLL_INTERVAL }
    }

    /// Steps for a machine, from 1; the one that it is taking is the first of them.
    pub(crate) fn lease(&self) -> Result<u32, Error> {
        if self.quota.steps.is_none() {
            return Ok(self.interval());
        }
        let share = |left: u64| (left / LEASED_PART).clamp(1, self.interval().into()).min(left);
        let lease = self
            .steps_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left - share(left)));
        match lease.map(share) {
            Ok(0) | Err(_) => Err(self.out_of_steps()),
            Ok(steps) => Ok(u32::try_from(steps).unwrap_or(POLL_INTERVAL)),
        }
    }

    /// Takes back what is left of a lease.
    pub(crate) fn give_back(&self, steps: u32) {
        if self.quota.steps.is_some() {
            self.steps_left.fetch_add(steps.into(), Ordering::Relaxed);
        }
    }

    #[cold]
    fn out_of_steps(&self) -> Error {
        let steps = self.quota.steps.unwrap_or_default();
        let plural = if steps == 1 { "" } else { "s" };
        Error::new(ErrorKind::Limit, format!("the script took more than {steps} step{plural}"))
            .with_hint("does the loop or recursion end? --max-steps sets the limit")
    }

    /// Why machines are asked to stop, where a limit is the reason.
    #[cold]
    pub(crate) fn reason(&self) -> Option<Error> {
        let error = self.exceeded_error()?;
        self.is_noticed.store(true, Ordering::Relaxed);
        Some(error)
    }

    fn exceeded_error(&self) -> Option<Error> {
        let exceeded = self.exceeded.load(Ordering::Relaxed);
        if exceeded == Watched::Time as u8 {
            let time = self.quota.time.unwrap_or_default();
            let message = format!("the script ran longer than {}", humantime::format_duration(time));
            return Some(Error::new(ErrorKind::Limit, message).with_hint("--timeout sets the limit"));
        }
        (exceeded == Watched::Memory as u8).then(|| memory::exceeded(self.quota.memory.unwrap_or_default()))
    }

    fn exceed(&self, limit: Watched) {
        self.exceeded.store(limit as u8, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(steps: u64) -> Limits {
        Limits::new(Quota { steps: Some(steps), ..Quota::default() })
    }

    /// All steps that leases give.
    fn lease_all(limits: &Limits) -> Vec<u32> {
        std::iter::from_fn(|| limits.lease().ok()).collect()
    }

    #[test]
    fn leases_add_up_to_the_limit() {
        for steps in [0, 1, 15, 16, 17, 1_000, 1_234_567] {
            let limits = limited(steps);
            let leases = lease_all(&limits);
            assert_eq!(leases.iter().map(|lease| u64::from(*lease)).sum::<u64>(), steps);
            assert!(leases.iter().all(|lease| (1..=POLL_INTERVAL).contains(lease)));
            limits.renew();
            assert_eq!(lease_all(&limits), leases);
        }
    }

    #[test]
    fn what_is_given_back_can_be_leased_again() {
        let limits = limited(100);
        lease_all(&limits);
        limits.give_back(7);
        assert_eq!(lease_all(&limits).len(), 7);
    }

    #[test]
    fn without_a_limit_steps_never_end() {
        let limits = Limits::default();
        assert_eq!((limits.first_countdown(), limits.lease().ok()), (POLL_INTERVAL, Some(POLL_INTERVAL)));
        limits.give_back(u32::MAX);
        assert_eq!(limits.lease().ok(), Some(POLL_INTERVAL));
    }

    #[test]
    fn a_reason_says_what_was_exceeded() {
        let limits = Limits::new(Quota { time: Some(Duration::from_millis(1500)), ..Quota::default() });
        assert!(limits.reason().is_none());
        limits.exceed(Watched::Time);
        let text = limits.reason().map(|error| error.to_string());
        assert_eq!(text.as_deref(), Some("LimitError: the script ran longer than 1s 500ms"));
    }
}
