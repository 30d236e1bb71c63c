//! Threads that help with parallel work. They are kept for a while when the work is done: a system may take milliseconds to
//! start a thread on another core, and a tenth of one to wake it there.

use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How long a thread waits for work.
const IDLE: Duration = Duration::from_millis(250);

/// The native stack of a helping thread: reserved, not used.
const STACK_SIZE: usize = 32 << 20;

/// How deep natives may nest on it; each may use some 16 KiB.
pub(super) const NATIVE_LIMIT: usize = STACK_SIZE / 2 / (16 << 10);

/// What a thread is to do.
pub(super) type Job = Box<dyn FnOnce() + Send>;

/// The helping threads of a process.
#[derive(Default)]
pub(crate) struct Helpers {
    pool: Mutex<Pool>,
    work: Condvar,
}

#[derive(Default)]
struct Pool {
    /// Each job here has a thread that waited and has been called.
    jobs: VecDeque<Job>,
    /// The threads that wait and have not been called.
    idle: usize,
}

impl Helpers {
    /// Gives a job to a thread that waits, or to a new one. Where the system has no thread left, nobody does it.
    pub(super) fn begin(self: &Arc<Self>, job: Job) {
        let mut pool = self.pool.lock();
        if pool.idle > 0 {
            pool.idle -= 1;
            pool.jobs.push_back(job);
            self.work.notify_one();
            return;
        }
        drop(pool);
        let helpers = Arc::clone(self);
        let builder = thread::Builder::new().name("biovm worker".to_owned()).stack_size(STACK_SIZE);
        // A job that is not done is dropped, and who waits for it learns of that.
        let _ = builder.spawn(move || helpers.work_on(job));
    }

    /// What each thread does.
    fn work_on(&self, first: Job) {
        let mut next = Some(first);
        while let Some(job) = next {
            job();
            next = self.next();
        }
    }

    /// The next job; `None` where the thread is to end.
    fn next(&self) -> Option<Job> {
        let mut pool = self.pool.lock();
        pool.idle += 1;
        loop {
            let waited = self.work.wait_for(&mut pool, IDLE);
            // Whoever comes first takes a job: there is one for each thread that was called.
            if let Some(job) = pool.jobs.pop_front() {
                return Some(job);
            }
            if waited.timed_out() {
                pool.idle -= 1;
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn threads_are_used_again_and_end_when_nobody_needs_them() {
        let helpers = Arc::new(Helpers::default());
        let (sender, receiver) = mpsc::channel();
        let mut threads = Vec::new();
        for _ in 0..20 {
            let sender = sender.clone();
            helpers.begin(Box::new(move || sender.send(thread::current().id()).expect("somebody listens")));
            threads.push(receiver.recv().expect("the job was done"));
            // The thread says so before it waits for more.
            while helpers.pool.lock().idle == 0 {
                thread::yield_now();
            }
        }
        assert!(threads.iter().all(|thread| *thread == threads[0]), "{threads:?}");
        while Arc::strong_count(&helpers) > 1 {
            thread::sleep(IDLE / 10);
        }
        assert_eq!(helpers.pool.lock().idle, 0);
    }

    #[test]
    fn as_many_threads_as_jobs_at_the_same_time() {
        let helpers = Arc::new(Helpers::default());
        let barrier = Arc::new(std::sync::Barrier::new(4));
        for _ in 0..10 {
            for _ in 0..3 {
                let barrier = Arc::clone(&barrier);
                helpers.begin(Box::new(move || {
                    barrier.wait();
                }));
            }
            barrier.wait();
        }
    }
}
