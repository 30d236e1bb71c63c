//! The time of a profile: what all machines that take part in one share.

use super::record::{PAIRS, Record};
use super::tree::ROOT;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How often the time is told.
const PERIOD: Duration = Duration::from_micros(200);

/// The same at the beginning, because short runs would have few parts.
const SHORT_PERIOD: Duration = Duration::from_micros(50);

/// How long the beginning is, in nanoseconds.
const BEGINNING: u64 = 10_000_000;

/// The clock of a profile. A thread of its own tells the time now and then, so that machines need not ask the system.
pub(crate) struct Clock {
    start: Instant,
    /// The time that was told last, in nanoseconds since the start.
    told: AtomicU64,
    stopped: AtomicBool,
    /// What the machines of tasks have recorded that have ended, in one: there may be millions.
    ended: Mutex<Option<Record>>,
    /// Counts of pairs of instructions that no machine adds to just now. Ten thousand tasks that wait need none.
    spare: Mutex<Vec<Box<[u64]>>>,
    /// Sites by address, all empty, that no machine uses just now.
    spare_sites: Mutex<Vec<KnownSites>>,
}

/// Addresses of instructions, each where its lower bits say, and the sites there.
pub(crate) type KnownSites = Box<[(usize, u32)]>;

/// The most sites that are found by the address of their instruction alone.
pub(crate) const KNOWN_SITES: usize = 512;

impl Clock {
    /// Starts a clock. It runs until the last machine lets go of it.
    pub(crate) fn start() -> Arc<Clock> {
        let clock = Arc::new(Clock {
            start: Instant::now(),
            told: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            ended: Mutex::default(),
            spare: Mutex::default(),
            spare_sites: Mutex::default(),
        });
        let weak = Arc::downgrade(&clock);
        let tell = move || {
            while let Some(clock) = weak.upgrade() {
                if clock.stopped.load(Ordering::Relaxed) {
                    break;
                }
                let now = clock.now();
                clock.told.store(now, Ordering::Relaxed);
                drop(clock);
                thread::sleep(if now < BEGINNING { SHORT_PERIOD } else { PERIOD });
            }
        };
        // Without a thread there are the times of builtins and of beginnings, which the machines take themselves.
        drop(thread::Builder::new().name("biovm profile".to_owned()).stack_size(64 << 10).spawn(tell));
        clock
    }

    /// Nanoseconds since the start.
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The time that was told last.
    #[inline(always)]
    pub(crate) fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    /// Tells the time no more.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Lends a machine counts to add to.
    pub(crate) fn lend_pairs(&self) -> Box<[u64]> {
        let spare = self.spare.lock().pop();
        spare.unwrap_or_else(|| {
            let mut pairs = Vec::with_capacity(PAIRS);
            // Written, so that the memory is there when the clock runs.
            pairs.extend((0..PAIRS).map(|_| std::hint::black_box(0)));
            pairs.into_boxed_slice()
        })
    }

    /// Takes counts back.
    pub(crate) fn take_back_pairs(&self, pairs: Box<[u64]>) {
        if !pairs.is_empty() {
            self.spare.lock().push(pairs);
        }
    }

    /// Lends a machine room for the sites that it knows.
    pub(crate) fn lend_sites(&self) -> KnownSites {
        let spare = self.spare_sites.lock().pop();
        spare.unwrap_or_else(|| vec![(0, 0); KNOWN_SITES].into_boxed_slice())
    }

    /// Takes that room back.
    pub(crate) fn take_back_sites(&self, mut sites: KnownSites) {
        if !sites.is_empty() {
            sites.fill((0, 0));
            self.spare_sites.lock().push(sites);
        }
    }

    /// The sums of all counts that were given back.
    pub(crate) fn sum_pairs(&self) -> Box<[u64]> {
        let mut sum = self.lend_pairs();
        for pairs in self.spare.lock().drain(..) {
            for (sum, count) in sum.iter_mut().zip(&pairs) {
                *sum += count;
            }
        }
        sum
    }

    /// Keeps what a task has recorded.
    pub(crate) fn keep(&self, record: Record) {
        let mut ended = self.ended.lock();
        match &mut *ended {
            Some(sum) => sum.merge(record, ROOT, 1.0),
            None => *ended = Some(record),
        }
    }

    /// What tasks have recorded that have ended.
    pub(crate) fn take_ended(&self) -> Option<Record> {
        self.ended.lock().take()
    }
}
