//! The threads that run the bodies of async functions.
//!
//! Tasks that can go on stand in a queue. As many threads work on it as the process has workers, the thread that runs the
//! script being one of them. A thread that blocks in a task is replaced by another, so tasks that wait for each other
//! always come to an end. Threads that find nothing to do end after a while.

use super::budget::Budget;
use super::future::Task;
use crate::error::{Error, ErrorKind};
use parking_lot::{Condvar, Mutex};
use rustc_hash::FxHashMap;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How long a thread waits for work.
const IDLE: Duration = Duration::from_millis(250);

/// The native stack of a thread: reserved, not used.
const STACK_SIZE: usize = 4 << 20;

/// The most threads that may block at the same time.
const MOST_BLOCKED: usize = 2_000;

thread_local! {
    /// Whether this thread works on a queue.
    static IS_RUNNER: Cell<bool> = const { Cell::new(false) };
}

/// Runs tasks.
pub(crate) struct Executor {
    budget: Arc<Budget>,
    pool: Mutex<Pool>,
    work: Condvar,
    /// The tasks that have not ended, by their numbers.
    live: Mutex<FxHashMap<u64, Arc<Task>>>,
}

#[derive(Default)]
struct Pool {
    /// Tasks that can go on. Somebody else may have run them since.
    queue: VecDeque<Arc<Task>>,
    /// The threads that work on the queue and do not block.
    running: usize,
    /// The threads of the queue that block in a task.
    blocked: usize,
    /// Other threads that run the script, and block.
    absent: usize,
    /// The threads that wait for work.
    idle: usize,
    /// How many of those that waited have been called, count as running, and do not know it yet.
    called: usize,
    next_number: u64,
}

impl Executor {
    pub(crate) fn new(budget: Arc<Budget>) -> Arc<Executor> {
        Arc::new(Executor { budget, pool: Mutex::default(), work: Condvar::new(), live: Mutex::default() })
    }

    /// A number for a new task.
    pub(super) fn number(&self) -> u64 {
        let mut pool = self.pool.lock();
        pool.next_number += 1;
        pool.next_number
    }

    /// Keeps a task until it has ended.
    pub(super) fn keep(&self, number: u64, task: Arc<Task>) {
        self.live.lock().insert(number, task);
    }

    /// Forgets a task that has ended.
    pub(super) fn forget(&self, number: u64) {
        let forgotten = self.live.lock().remove(&number);
        drop(forgotten);
    }

    /// Ends all tasks with an error: those that wait at once, the others when they look around.
    pub(crate) fn cancel_all(&self, error: &Error) {
        let live: Vec<_> = self.live.lock().drain().map(|(_, task)| task).collect();
        for task in live {
            task.cancel(error.clone());
        }
    }

    /// Adds a task that can go on.
    pub(super) fn push(self: &Arc<Self>, task: Arc<Task>) {
        let mut pool = self.pool.lock();
        pool.queue.push_back(task);
        self.engage(&mut pool);
    }

    /// Whether tasks stand in the queue.
    pub(crate) fn has_work(&self) -> bool {
        !self.pool.lock().queue.is_empty()
    }

    /// How many threads may work on the queue.
    fn most(&self, pool: &Pool) -> usize {
        (self.budget.workers() - 1 + pool.absent).max(1)
    }

    /// Finds a thread for the queue, where there is work for one more.
    fn engage(self: &Arc<Self>, pool: &mut Pool) {
        if pool.queue.len() <= pool.called || pool.running >= self.most(pool) {
            return;
        }
        pool.running += 1;
        self.budget.occupy();
        if pool.idle > 0 {
            pool.idle -= 1;
            pool.called += 1;
            self.work.notify_one();
            return;
        }
        let executor = Arc::clone(self);
        let builder = thread::Builder::new().name("biovm task".to_owned()).stack_size(STACK_SIZE);
        if builder.spawn(move || executor.run()).is_err() {
            // The system has no thread left. Who waits for a task tries again now and then.
            self.stop_running(pool);
        }
    }

    fn stop_running(&self, pool: &mut Pool) {
        pool.running -= 1;
        self.budget.leave();
    }

    /// What each thread does.
    fn run(self: Arc<Self>) {
        IS_RUNNER.set(true);
        while let Some(task) = self.next() {
            task.run(0);
        }
    }

    /// The next task; `None` where the thread is to end.
    fn next(&self) -> Option<Arc<Task>> {
        let mut pool = self.pool.lock();
        loop {
            if pool.running > self.most(&pool) {
                // Others have come back that blocked.
                self.stop_running(&mut pool);
                return None;
            }
            if let Some(task) = pool.queue.pop_front() {
                return Some(task);
            }
            self.stop_running(&mut pool);
            pool.idle += 1;
            let waited = self.work.wait_for(&mut pool, IDLE);
            if pool.called > 0 {
                pool.called -= 1;
                continue;
            }
            pool.idle -= 1;
            if waited.timed_out() {
                return None;
            }
            pool.running += 1;
            self.budget.occupy();
        }
    }
}

/// The time in which a thread that runs the script blocks: another one may compute instead.
pub(crate) struct Absence {
    executor: Arc<Executor>,
}

impl Absence {
    /// This thread blocks from now on; an error where too many do.
    pub(crate) fn begin(executor: &Arc<Executor>) -> Result<Absence, Error> {
        let mut pool = executor.pool.lock();
        if IS_RUNNER.get() {
            if pool.blocked >= MOST_BLOCKED {
                let message = format!("more than {MOST_BLOCKED} async functions wait inside of callbacks");
                return Err(Error::new(ErrorKind::Parallel, message).with_hint(
                    "wait in the body itself, for example with await_all(): that costs no thread",
                ));
            }
            pool.running -= 1;
            pool.blocked += 1;
        } else {
            pool.absent += 1;
        }
        executor.budget.leave();
        executor.engage(&mut pool);
        drop(pool);
        Ok(Absence { executor: Arc::clone(executor) })
    }

    /// Sees to it that somebody works.
    pub(crate) fn look_around(&self) {
        let mut pool = self.executor.pool.lock();
        self.executor.engage(&mut pool);
    }
}

impl Drop for Absence {
    fn drop(&mut self) {
        let mut pool = self.executor.pool.lock();
        if IS_RUNNER.get() {
            pool.running += 1;
            pool.blocked -= 1;
        } else {
            pool.absent -= 1;
        }
        self.executor.budget.occupy();
    }
}
