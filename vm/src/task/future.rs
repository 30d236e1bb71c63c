//! Futures: the results of async functions.
//!
//! A body starts at the call, on another thread, with a machine of its own: a *task*. Where it has to wait it leaves its
//! thread, so any number can wait. Whoever waits for a task that could run, and cannot leave its own thread, runs it.

use super::depth::{self, Origin};
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::machine::{Machine, Start, Step};
use crate::value::{ForeignValue, Value};
use async_task::Runnable;
use biovm_bytecode::Type;
use futures_lite::FutureExt;
use futures_lite::future::yield_now;
use parking_lot::Mutex;
use std::any::Any;
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Poll, Waker};

/// The result of an async function, now or later.
#[derive(Clone)]
pub struct Future(Arc<Task>);

/// A body that runs, or waits.
pub(crate) struct Task {
    context: Arc<Context>,
    number: u64,
    state: Mutex<State>,
    /// What runs the body up to where it waits; `None` while it waits or runs.
    ready: Mutex<Option<Runnable>>,
    /// Whether it is not to begin before it is its turn.
    is_held: AtomicBool,
    /// Stops the body when it is dropped.
    handle: Mutex<Option<async_task::Task<()>>>,
    /// Whether anybody has asked for the result.
    is_awaited: AtomicBool,
    /// Asks the machine to stop.
    cancelled: Arc<AtomicBool>,
    /// How many natives wait on the native stack of the thread that runs it.
    depth: AtomicUsize,
    pub(super) origin: Origin,
    /// Who comes after it.
    line: Mutex<Option<Arc<Line>>>,
}

/// Tasks that begin one after the other, as earlier ones end.
struct Line {
    held: Mutex<VecDeque<Arc<Task>>>,
    /// Whether those that have not begun are dropped when one fails.
    stops_at_failure: bool,
}

impl Line {
    /// A task has ended, so the next one begins.
    fn advance(&self, has_failed: bool) {
        if has_failed && self.stops_at_failure {
            let dropped = std::mem::take(&mut *self.held.lock());
            for task in dropped {
                task.cancel(Error::new(
                    ErrorKind::Parallel,
                    "it has not begun, because another one has failed",
                ));
            }
            return;
        }
        loop {
            let next = self.held.lock().pop_front();
            match next {
                // It may have been cancelled before.
                Some(task) if !task.release() => {}
                _ => return,
            }
        }
    }
}

/// Starts tasks that are held, `limit` of them at a time, in their order. With `stops_at_failure` those that have not begun
/// when one fails never do.
pub fn start_in_turn(tasks: Vec<Future>, limit: usize, stops_at_failure: bool) {
    let line = Arc::new(Line { held: Mutex::default(), stops_at_failure });
    for future in &tasks {
        *future.0.line.lock() = Some(Arc::clone(&line));
    }
    line.held.lock().extend(tasks.into_iter().map(|future| future.0));
    for _ in 0..limit {
        line.advance(false);
    }
}

enum State {
    /// Who is to be woken at its end.
    Unfinished(Vec<Waker>),
    Finished(Result<Value, Error>),
}

impl Task {
    /// Whether there is a result.
    pub(super) fn has_ended(&self) -> bool {
        matches!(*self.state.lock(), State::Finished(_))
    }

    /// Runs the body up to where it waits, if it can go on and nobody else runs it.
    pub(super) fn run(&self, depth: usize) -> bool {
        let runnable = self.ready.lock().take();
        match runnable {
            Some(runnable) => {
                self.depth.store(depth, Ordering::Relaxed);
                runnable.run();
                true
            }
            None => false,
        }
    }

    /// Lets the body begin, where it was held; returns whether it was.
    fn release(self: &Arc<Self>) -> bool {
        let is_held = self.is_held.load(Ordering::Relaxed) && self.is_held.swap(false, Ordering::AcqRel);
        if is_held {
            self.context.executor.push(Arc::clone(self));
        }
        is_held
    }

    fn schedule(self: Arc<Self>, runnable: Runnable) {
        *self.ready.lock() = Some(runnable);
        let executor = Arc::clone(&self.context.executor);
        executor.push(self);
    }

    /// Keeps the result and wakes those who wait for it, unless there is a result.
    fn finish(&self, result: Result<Value, Error>) {
        let has_failed = result.is_err();
        let wakers = {
            let mut state = self.state.lock();
            match &mut *state {
                State::Unfinished(wakers) => {
                    let wakers = std::mem::take(wakers);
                    *state = State::Finished(result);
                    wakers
                }
                State::Finished(_) => return,
            }
        };
        wakers.into_iter().for_each(Waker::wake);
        let line = self.line.lock().take();
        if let Some(line) = line {
            line.advance(has_failed);
        }
        self.context.executor.forget(self.number);
    }

    /// The result of a Future; any other value is its own result. A Future that this task has made ends with it.
    async fn resolve(&self, value: Value) -> Result<Value, Error> {
        let Some(future) = Future::of(&value) else { return Ok(value) };
        let _dependent = (future.0.number > self.number).then(|| CancelOnDrop(future));
        future.settled().await
    }

    /// Ends the task with an error, unless it has ended. What waits is dropped at once; what runs is when it looks around.
    pub(super) fn cancel(&self, error: Error) {
        // From here on it does not begin, if it has not.
        let has_begun = !self.is_held.swap(false, Ordering::AcqRel);
        let handle = self.handle.lock().take();
        self.finish(Err(error));
        // Only now, as a body that sees this ends with an error of its own, which must not become the result.
        self.cancelled.store(true, Ordering::Relaxed);
        // A body that waits goes to the queue once more, and whoever takes it from there drops it. That is not done here, as
        // the body may end others of its kind in turn.
        drop(handle);
        if !has_begun {
            // It has never been in the queue.
            let runnable = self.ready.lock().take();
            drop(runnable);
        }
    }
}

/// Ends a task where nobody waits for it any more.
struct CancelOnDrop<'f>(&'f Future);

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        self.0.cancel(Error::new(ErrorKind::Parallel, "who has started it does not wait for it any more"));
    }
}

/// Runs a body to its end, and finishes its task.
async fn run(task: Arc<Task>, mut machine: Box<Machine>, start: Start) {
    let native_depth = || task.depth.load(Ordering::Relaxed);
    let is_call = matches!(start, Start::Call(_));
    let work = async {
        task.origin.check(task.context.max_depth)?;
        let mut step = machine.begin(start, native_depth());
        loop {
            let result = match step {
                Step::Ended(Ok(value)) if is_call => return task.resolve(value).await,
                Step::Ended(result) => return result,
                Step::Waits(future) => Some(future.await),
                Step::GivesWay => {
                    yield_now().await;
                    None
                }
            };
            step = machine.go_on(result, native_depth());
        }
    };
    // A panic is a defect, but not one that those who wait for the result should wait for.
    let result = depth::within(&task, AssertUnwindSafe(work).catch_unwind()).await.unwrap_or_else(|_| {
        Err(Error::type_error("the body of an async function has panicked: a defect of biovm"))
    });
    drop(machine);
    if let Some(handle) = task.handle.lock().take() {
        handle.detach();
    }
    task.finish(result);
}

impl Future {
    /// Starts a task.
    pub(crate) fn start(machine: Machine, start: Start, cancelled: Arc<AtomicBool>, is_held: bool) -> Future {
        let context = machine.context().clone();
        let executor = context.executor.clone();
        let (number, origin) = (executor.number(), Origin::new(context.max_depth));
        let task = Arc::new(Task {
            context,
            number,
            state: Mutex::new(State::Unfinished(Vec::new())),
            ready: Mutex::new(None),
            is_held: AtomicBool::new(is_held),
            handle: Mutex::new(None),
            is_awaited: AtomicBool::new(false),
            cancelled,
            depth: AtomicUsize::new(0),
            origin,
            line: Mutex::new(None),
        });
        executor.keep(number, task.clone());
        let body = run(task.clone(), Box::new(machine), start);
        let weak = Arc::downgrade(&task);
        let schedule = move |runnable| {
            if let Some(task) = weak.upgrade() {
                task.schedule(runnable);
            }
        };
        let (runnable, handle) = async_task::spawn(body, schedule);
        *task.handle.lock() = Some(handle);
        match is_held {
            true => *task.ready.lock() = Some(runnable),
            false => task.clone().schedule(runnable),
        }
        Future(task)
    }

    /// The future that a value is, if it is one.
    pub fn of(value: &Value) -> Option<&Future> {
        match value {
            Value::Foreign(foreign) => foreign.downcast(),
            _ => None,
        }
    }

    /// Whether there is a result.
    pub fn is_finished(&self) -> bool {
        self.0.has_ended()
    }

    /// The result, or the error that the body has raised, if there is one.
    pub fn result(&self) -> Option<Result<Value, Error>> {
        match &*self.0.state.lock() {
            State::Finished(result) => Some(result.clone()),
            State::Unfinished(_) => None,
        }
    }

    /// The result, or the error that the body has raised, once there is one; for [`crate::Call::wait_for`].
    pub fn settled(&self) -> Settled {
        self.0.is_awaited.store(true, Ordering::Relaxed);
        Settled(Arc::clone(&self.0))
    }

    /// Ends the body with an error, unless it has ended.
    pub fn cancel(&self, error: Error) {
        self.0.cancel(error);
    }

    /// Runs the body up to where it waits, if it can go on and nobody else runs it.
    pub(crate) fn run(&self, depth: usize) -> bool {
        self.0.run(depth)
    }
}

/// See [`Future::settled`].
pub struct Settled(Arc<Task>);

impl std::future::Future for Settled {
    type Output = Result<Value, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<Result<Value, Error>> {
        match &mut *self.0.state.lock() {
            State::Finished(result) => Poll::Ready(result.clone()),
            State::Unfinished(wakers) => {
                if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                    wakers.push(context.waker().clone());
                }
                Poll::Pending
            }
        }
    }
}

impl Drop for Task {
    /// Runs when neither a future nor the executor holds the task any more.
    fn drop(&mut self) {
        if !self.is_awaited.load(Ordering::Relaxed)
            && !self.cancelled.load(Ordering::Relaxed)
            && let State::Finished(Err(error)) = self.state.get_mut()
        {
            self.context.lost_errors.lock().push(error.clone());
        }
    }
}

impl ForeignValue for Future {
    fn type_of(&self) -> Type {
        Type::Future
    }

    fn text(&self) -> String {
        "<future>".to_owned()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
