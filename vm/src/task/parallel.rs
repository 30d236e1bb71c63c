//! A function applied to many items on several cores.
//!
//! Work begins on the thread that asks for it. What the first items cost decides whether more threads are worth their
//! start, and how many items make a chunk: large enough that handing it out costs nothing, small enough that all are
//! busy to the end. Threads take chunks from a common queue and steal them from each other.

use crate::error::{Error, ErrorKind};
use crate::machine::Machine;
use crate::profile::{Record, WorkerRow};
use crate::random::Branch;
use crossbeam_deque::{Injector, Steal, Stealer, Worker};
use parking_lot::Mutex;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Less work than this is not worth a second thread.
const WORTH_A_THREAD: Duration = Duration::from_micros(400);

/// How much work a chunk should be.
const CHUNK: Duration = Duration::from_millis(1);

/// The native stack of a helping thread: reserved, not used.
const STACK_SIZE: usize = 32 << 20;

/// How deep natives may nest on it; each may use some 16 KiB.
const NATIVE_LIMIT: usize = STACK_SIZE / 2 / (16 << 10);

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
        machine.set_random(Some(self.branch.item(number)));
        self.current = number;
        Some(number)
    }
}

/// The results of `work` for the numbers from 0, in order; or the error of the lowest number that has one.
///
/// `work` runs on machines that may read all variables that exist already, and assign to none of them.
pub fn map<T: Send>(
    machine: &mut Machine,
    count: usize,
    plan: Plan,
    work: &(impl Fn(&mut Machine, usize) -> Result<T, Error> + Sync),
) -> Result<Vec<T>, Error> {
    map_chunks(machine, count, plan, &|machine: &mut Machine, numbers: &mut Numbers, results: &mut Vec<T>| {
        while let Some(number) = numbers.next(machine) {
            results.push(work(machine, number)?);
        }
        Ok(())
    })
}

/// The same for work that prepares something for many numbers: it adds the result of each of the [`Numbers`] to the list, in order,
/// up to the first error.
pub fn map_chunks<T: Send>(
    machine: &mut Machine,
    count: usize,
    plan: Plan,
    work: &(impl Fn(&mut Machine, &mut Numbers<'_>, &mut Vec<T>) -> Result<(), Error> + Sync),
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
                if threads > 1 && each * rest as f64 > WORTH_A_THREAD.as_secs_f64() {
                    let chunk = plan.chunk.unwrap_or_else(|| {
                        let fair = (rest / (threads * 4)).max(1);
                        (((CHUNK.as_secs_f64() / each.max(1e-9)) as usize).max(1)).min(fair)
                    });
                    let grant = context.budget.take((threads - 1).min(rest.div_ceil(chunk) - 1));
                    if grant.threads > 0 {
                        machine.spread_section(&mut section);
                        workers = spread(machine, grant.threads, chunk, &mut results, (count, branch), work)?;
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

/// The work on the remaining numbers, with helping threads.
fn spread<T: Send>(
    machine: &mut Machine,
    helpers: usize,
    chunk: usize,
    results: &mut Vec<T>,
    (count, branch): (usize, Branch),
    work: &(impl Fn(&mut Machine, &mut Numbers<'_>, &mut Vec<T>) -> Result<(), Error> + Sync),
) -> Result<Vec<Worked>, Error> {
    let queue = Injector::new();
    let mut start = results.len();
    while start < count {
        let end = count.min(start.saturating_add(chunk));
        queue.push(start..end);
        start = end;
    }
    let locals: Vec<Worker<Range<usize>>> = (0..=helpers).map(|_| Worker::new_fifo()).collect();
    let stealers: Vec<Stealer<Range<usize>>> = locals.iter().map(Worker::stealer).collect();
    let shared = Shared {
        queue,
        stealers,
        done: Mutex::new(Vec::new()),
        failure: Mutex::new(None),
        limit: AtomicUsize::new(count),
        branch,
        worked: Mutex::new(Vec::new()),
    };
    let began = machine.recorded_time();
    let mut done = None;
    thread::scope(|scope| {
        let mut locals = locals.into_iter();
        let own = locals.next();
        for local in locals {
            let mut machine = machine.fork();
            machine.set_native_limit(NATIVE_LIMIT);
            let shared = &shared;
            let builder = thread::Builder::new().name("biovm worker".to_owned()).stack_size(STACK_SIZE);
            let helper = builder.spawn_scoped(scope, move || {
                let row = shared.run(&mut machine, &local, true, work);
                if let Some(record) = machine.take_record() {
                    shared.worked.lock().push((row, Some(record)));
                }
            });
            if helper.is_err() {
                // The system has no thread left: the others do the work.
                break;
            }
        }
        if let Some(local) = own {
            let row = shared.run(machine, &local, false, work);
            machine.end_work(false);
            done = machine.recorded_time();
            shared.worked.lock().insert(0, (row, None));
        }
    });
    machine.waited_for_workers(done);
    let mut worked = shared.worked.into_inner();
    let ended = machine.recorded_time();
    for (row, _) in &mut worked {
        let whole = ended.unwrap_or(0).saturating_sub(began.unwrap_or(0));
        row.idle = Duration::from_nanos(whole).saturating_sub(row.busy);
    }
    if let Some((_, mut error, is_helper)) = shared.failure.into_inner() {
        if is_helper {
            machine.add_callers(&mut error);
        }
        return Err(error);
    }
    let mut done = shared.done.into_inner();
    done.sort_unstable_by_key(|(start, _)| *start);
    results.extend(done.into_iter().flat_map(|(_, chunk)| chunk));
    Ok(worked)
}

/// What a thread did.
type Worked = (WorkerRow, Option<Record>);

/// What the threads of one call share.
struct Shared<T> {
    queue: Injector<Range<usize>>,
    stealers: Vec<Stealer<Range<usize>>>,
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

impl<T: Send> Shared<T> {
    /// Works until no chunk is left.
    fn run(
        &self,
        machine: &mut Machine,
        local: &Worker<Range<usize>>,
        is_helper: bool,
        work: &(impl Fn(&mut Machine, &mut Numbers<'_>, &mut Vec<T>) -> Result<(), Error> + Sync),
    ) -> WorkerRow {
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
            if let Err(error) = work(machine, &mut numbers, &mut results) {
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
