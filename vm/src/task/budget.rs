//! How many threads compute at the same time, in the whole process.

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::thread;

/// The threads that parallel work may use. Work inside of parallel work finds them taken and runs where it is, so
/// nesting neither waits nor starts more threads than there are cores.
#[derive(Default)]
pub struct Budget {
    /// 0 until somebody wants to know: asking the system for the cores reads several files, and most scripts need one.
    workers: AtomicUsize,
    /// The threads that help at the moment, apart from those that asked for help, and less those that wait: below zero where
    /// the one that asked waits, and nobody helps.
    helping: Arc<AtomicIsize>,
}

/// Threads that are granted until this is dropped.
pub struct Grant {
    helping: Arc<AtomicIsize>,
    /// How many.
    pub threads: usize,
}

impl Budget {
    /// The number of threads that may compute at the same time; unless set, one a core that the process may use.
    pub fn workers(&self) -> usize {
        match self.workers.load(Ordering::Relaxed) {
            0 => {
                let cores = thread::available_parallelism().map_or(1, usize::from);
                // Whoever has set it meanwhile is right.
                let set = self.workers.compare_exchange(0, cores, Ordering::Relaxed, Ordering::Relaxed);
                set.map_or_else(|set| set, |_| cores)
            }
            workers => workers,
        }
    }

    /// Sets it, at least 1, and returns what it was.
    pub fn set_workers(&self, workers: usize) -> usize {
        let before = self.workers();
        self.workers.store(workers.max(1), Ordering::Relaxed);
        before
    }

    /// Asks for up to `wanted` threads to help the one that asks.
    pub fn take(&self, wanted: usize) -> Grant {
        let mut helping = self.helping.load(Ordering::Relaxed);
        loop {
            let busy = usize::try_from(1 + helping).unwrap_or(0);
            let threads = wanted.min(self.workers().saturating_sub(busy));
            match self.helping.compare_exchange_weak(
                helping,
                helping + threads as isize,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Grant { helping: self.helping.clone(), threads },
                Err(changed) => helping = changed,
            }
        }
    }

    /// Counts a thread that begins to compute without having asked.
    pub(crate) fn occupy(&self) {
        self.helping.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a thread that has stopped to compute: it waits, or was counted by [`Budget::occupy`].
    pub(crate) fn leave(&self) {
        self.helping.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Grant {
    fn drop(&mut self) {
        self.helping.fetch_sub(self.threads as isize, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_shared_out() {
        let budget = Budget::default();
        budget.set_workers(4);
        let first = budget.take(2);
        let second = budget.take(5);
        assert_eq!((first.threads, second.threads), (2, 1));
        assert_eq!(budget.take(1).threads, 0);
        drop(first);
        assert_eq!(budget.take(5).threads, 2);
        // Nobody is sent home when there are fewer workers than there were.
        budget.set_workers(0);
        assert_eq!((budget.workers(), budget.take(1).threads), (1, 0));
    }
}
