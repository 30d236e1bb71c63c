//! A function applied to many items on several cores.
//!
//! Work begins on the thread that asks for it. What the first items cost decides whether more threads are worth their
//! start, and how many items make a chunk: large enough that handing it out costs nothing, small enough that all are
//! busy to the end. Threads take chunks from a common queue and steal them from each other.

use super::helpers::NATIVE_LIMIT;
use crate::error::{Error, ErrorKind};
use crate::machine::Machine;
use crate::profile::{Record, WorkerRow};
use crate::random::Branch;
use crossbeam_deque::{Injector, Steal, Stealer, Worker};
use crossbeam_utils::sync::WaitGroup;
use parking_lot::Mutex;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Less work than this is not worth a second thread.
const WORTH_A_THREAD: Duration = Duration::from_micros(400);

/// How much work a chunk should be: at the end, threads wait for each other's last one.
const CHUNK: Duration = Duration::from_micros(200);

/// What an item costs is known when this has been spent: the first ones meet cold caches.
const MEASURED: Duration = Duration::from_micros(20);

/// How the caller wants the work to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// At most so many threads; `None` for as many as the process may use.
    pub workers: Option<usize>,
    /// So many items at a time; `None` to find out.
    pub chunk: Option<usize>,
}

/// The numbers that a thread works on at a time.
pub struct Numbers<'s> {
    range: Range<usize>,
    /// The one that is worked on.
    current: usize,
    limit: &'s AtomicUsize,
    branch: Branch,
}

impl Numbers<'_> {
    /// The next number, for this machine to work on.
    #[inline]
    pub fn next(&mut self, machine: &mut Machine) -> Option<usize> {
        let number = self.range.next().filter(|number| *number < self.limit.load(Ordering::Relaxed))?;
        // Each item has random numbers of its own, so that they do not depend on who does the work.
        machine.begin_item(self.branch, number);
        self.current = number;
        Some(number)
    }
}

/// The results of `work` for the numbers from 0, in order; or the error of the lowest number that has one.
///
/// `work` runs on machines that may read all variables that exist already, and assign to none of them.
pub fn map<T: Send + 'static>(
    machine: &mut Machine,
    count: usize,
    plan: Plan,
    work: impl Fn(&mut Machine, usize) -> Result<T, Error> + Send + Sync + 'static,
) -> Result<Vec<T>, Error> {
    map_chunks(machine, count, plan, move |machine, numbers, results| {
        while let Some(number) = numbers.next(machine) {
            results.push(work(machine, number)?);
        }
        Ok(())
    })
}

/// The same for work that prepares something for many numbers: it adds the result of each of the [`Numbers`] to the list, in order,
/// up to the first error.
pub fn map_chunks<T: Send + 'static>(
    machine: &mut Machine,
    count: usize,
    plan: Plan,
    work: impl Fn(&mut Machine, &mut Numbers<'_>, &mut Vec<T>) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<Vec<T>, Error> {
    let branch = machine.random().branch();
    let random = machine.set_random(None);
    let mut section = machine.begin_section();
    let mut workers = Vec::new();
    let results = machine.as_parallel(|machine| {
        let context = machine.context().clone();
        let threads = plan.workers.unwrap_or(usize::MAX).min(context.budget.workers());
        let mut results = Vec::with_capacity(count);
        let started = Instant::now();
        let limit = AtomicUsize::new(count);
        while results.len() < count {
            if !results.is_empty() {
                let spent = started.elapsed();
                let each = spent.as_secs_f64() / results.len() as f64;
                let rest = count - results.len();
                if threads > 1 && spent >= MEASURED && each * rest as f64 > WORTH_A_THREAD.as_secs_f64() {
                    let chunk = plan.chunk.unwrap_or_else(|| {
                        let fair = (rest / (threads * 4)).max(1);
                        (((CHUNK.as_secs_f64() / each.max(1e-9)) as usize).max(1)).min(fair)
                    });
                    let grant = context.budget.take((threads - 1).min(rest.div_ceil(chunk) - 1));
                    if grant.threads > 0 {
                        machine.spread_section(&mut section);
                        let jobs = Jobs::new(results.len()..count, chunk, grant.threads, branch, work);
                        workers = spread(machine, jobs, count, &mut results)?;
                        return Ok(results);
                    }
                }
            }
            // As many again as there are: who measures more often measures mostly clocks.
            let start = results.len();
            let end = count.min((start * 2).max(1));
            let mut numbers = Numbers { range: start..end, current: start, limit: &limit, branch };
            work(machine, &mut numbers, &mut results)?;
        }
        Ok(results)
    });
    machine.end_section(section, count, workers);
    machine.set_random(random);
    results
}

/// The work on the remaining numbers up to `count`, with helping threads.
fn spread<T: Send + 'static>(
    machine: &mut Machine,
    jobs: Jobs<T, impl Work<T>>,
    count: usize,
    results: &mut Vec<T>,
) -> Result<Vec<Worked>, Error> {
    let Jobs { mut locals, shared } = jobs;
    let began = machine.recorded_time();
    let everybody = WaitGroup::new();
    let own = locals.pop();
    for local in locals {
        let mut machine = machine.fork();
        machine.set_native_limit(NATIVE_LIMIT);
        let (shared, end) = (Arc::clone(&shared), everybody.clone());
        machine.context().clone().helpers.begin(Box::new(move || {
            let row = shared.run(&mut machine, &local, true);
            if let Some(record) = machine.take_record() {
                shared.worked.lock().push((row, Some(record)));
            }
            // Whoever waits for the end is the only one again that holds the items.
            drop((machine, local, shared));
            drop(end);
        }));
    }
    let mut done = None;
    if let Some(local) = own {
        let row = shared.run(machine, &local, false);
        machine.end_work(false);
        done = machine.recorded_time();
        shared.worked.lock().insert(0, (row, None));
    }
    everybody.wait();
    machine.waited_for_workers(done);
    let mut worked = std::mem::take(&mut *shared.worked.lock());
    let ended = machine.recorded_time();
    for (row, _) in &mut worked {
        let whole = ended.unwrap_or(0).saturating_sub(began.unwrap_or(0));
        row.idle = Duration::from_nanos(whole).saturating_sub(row.busy);
    }
    if let Some((_, mut error, is_helper)) = shared.failure.lock().take() {
        if is_helper {
            machine.add_callers(&mut error);
        }
        return Err(error);
    }
    let mut chunks = std::mem::take(&mut *shared.done.lock());
    chunks.sort_unstable_by_key(|(start, _)| *start);
    for (_, mut chunk) in chunks {
        results.append(&mut chunk);
    }
    // A thread that panics takes its chunk along.
    assert!(results.len() == count, "a worker has ended before its work");
    Ok(worked)
}

/// What a thread did.
type Worked = (WorkerRow, Option<Record>);

/// What is to be done for some numbers.
trait Work<T>:
    Fn(&mut Machine, &mut Numbers<'_>, &mut Vec<T>) -> Result<(), Error> + Send + Sync + 'static
{
}

impl<T, W> Work<T> for W where
    W: Fn(&mut Machine, &mut Numbers<'_>, &mut Vec<T>) -> Result<(), Error> + Send + Sync + 'static
{
}

/// The chunks of a call, and the queues of the threads that are to work on them.
struct Jobs<T, W> {
    locals: Vec<Worker<Range<usize>>>,
    shared: Arc<Shared<T, W>>,
}

/// What the threads of one call share.
struct Shared<T, W> {
    queue: Injector<Range<usize>>,
    stealers: Vec<Stealer<Range<usize>>>,
    work: W,
    /// The results of finished chunks, with the number of their first.
    done: Mutex<Vec<(usize, Vec<T>)>>,
    /// The error of the lowest number so far, and whether a helping thread has raised it.
    failure: Mutex<Option<(usize, Error, bool)>>,
    /// Work from this number on is not wanted any more.
    limit: AtomicUsize,
    branch: Branch,
    /// What the threads did, where a profile is wanted; the first is the one that asked for it.
    worked: Mutex<Vec<Worked>>,
}

impl<T: Send, W: Work<T>> Jobs<T, W> {
    fn new(numbers: Range<usize>, chunk: usize, helpers: usize, branch: Branch, work: W) -> Jobs<T, W> {
        let queue = Injector::new();
        let Range { mut start, end: count } = numbers;
        while start < count {
            let end = count.min(start.saturating_add(chunk));
            queue.push(start..end);
            start = end;
        }
        let locals: Vec<Worker<Range<usize>>> = (0..=helpers).map(|_| Worker::new_fifo()).collect();
        let stealers = locals.iter().map(Worker::stealer).collect();
        let shared = Arc::new(Shared {
            queue,
            stealers,
            work,
            done: Mutex::new(Vec::new()),
            failure: Mutex::new(None),
            limit: AtomicUsize::new(count),
            branch,
            worked: Mutex::new(Vec::new()),
        });
        Jobs { locals, shared }
    }
}

impl<T: Send, W: Work<T>> Shared<T, W> {
    /// Works until no chunk is left.
    fn run(&self, machine: &mut Machine, local: &Worker<Range<usize>>, is_helper: bool) -> WorkerRow {
        let mut row = WorkerRow::default();
        while let Some((chunk, is_stolen)) = self.next(local) {
            let before = machine.recorded_time();
            if before.is_some() {
                if is_helper {
                    machine.begin_work();
                }
                row.chunks += 1;
                row.stolen += u64::from(is_stolen);
                row.items += chunk.len() as u64;
            }
            let start = chunk.start;
            let mut results = Vec::with_capacity(chunk.len());
            let mut numbers =
                Numbers { range: chunk, current: start, limit: &self.limit, branch: self.branch };
            if let Err(error) = (self.work)(machine, &mut numbers, &mut results) {
                self.fail(numbers.current, error, is_helper);
            }
            self.done.lock().push((start, results));
            if let Some(before) = before {
                if is_helper {
                    machine.end_work(true);
                }
                let now = machine.recorded_time().unwrap_or(before);
                row.busy += Duration::from_nanos(now.saturating_sub(before));
            }
        }
        row
    }

    /// The next chunk: from the thread's own queue, the common one, or another thread's; and whether it is another thread's.
    fn next(&self, local: &Worker<Range<usize>>) -> Option<(Range<usize>, bool)> {
        if let Some(chunk) = local.pop() {
            return Some((chunk, false));
        }
        loop {
            match self.queue.steal_batch_and_pop(local) {
                Steal::Success(chunk) => return Some((chunk, false)),
                Steal::Retry => continue,
                Steal::Empty => {}
            }
            match self.stealers.iter().map(Stealer::steal).collect() {
                Steal::Success(chunk) => return Some((chunk, true)),
                Steal::Empty => return None,
                Steal::Retry => {}
            }
        }
    }

    fn fail(&self, number: usize, error: Error, is_helper: bool) {
        // Who wants to stop the script does not wait for lower numbers.
        let must_stop = matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Limit);
        let number = if must_stop { 0 } else { number };
        self.limit.fetch_min(number, Ordering::Relaxed);
        let mut failure = self.failure.lock();
        if failure.as_ref().is_none_or(|(lowest, ..)| number < *lowest) {
            *failure = Some((number, error, is_helper));
        }
    }
}
