//! Futures: the results of async functions.
//!
//! A body starts at the call, on a pool of threads that are meant to wait: for the network, for files, for other
//! futures. Where all of them are busy it is queued, and whoever awaits a queued body runs it at once, so bodies that
//! await each other cannot block the pool.

use crate::context::Context;
use crate::error::Error;
use crate::machine::{Machine, Resumed, Suspended};
use crate::value::{ForeignValue, Value};
use biovm_bytecode::Type;
use parking_lot::{Condvar, Mutex};
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long somebody waits before looking whether the user wants to stop.
const PATIENCE: Duration = Duration::from_millis(20);

/// The result of an async function, now or later.
pub struct Future(Arc<Task>);

struct Task {
    context: Arc<Context>,
    state: Mutex<State>,
    finished: Condvar,
    /// Whether anybody has asked for the result.
    is_awaited: AtomicBool,
}

enum State {
    Queued(Box<Body>),
    Running,
    Finished(Result<Value, Error>),
}

/// A body that has not begun, with the machine that is to run it.
struct Body {
    machine: Machine,
    suspended: Suspended,
}

/// Starts a suspended function on another thread.
pub(crate) fn start(machine: Machine, suspended: Suspended) -> Value {
    let task = Arc::new(Task {
        context: machine.context().clone(),
        state: Mutex::new(State::Queued(Box::new(Body { machine, suspended }))),
        finished: Condvar::new(),
        is_awaited: AtomicBool::new(false),
    });
    let queued = task.clone();
    blocking::unblock(move || queued.run()).detach();
    Value::foreign(Future(task))
}

impl Task {
    /// Runs the body, unless somebody else has begun to.
    fn run(&self) {
        let body = {
            let mut state = self.state.lock();
            match std::mem::replace(&mut *state, State::Running) {
                State::Queued(body) => body,
                other => {
                    *state = other;
                    return;
                }
            }
        };
        // A panic is a defect, but not one that those who wait for the result should wait for.
        let mut result =
            Err(Error::type_error("the body of an async function has panicked: a defect of biovm"));
        let run = std::panic::AssertUnwindSafe(|| result = body.run());
        let _ = std::panic::catch_unwind(run);
        *self.state.lock() = State::Finished(result);
        self.finished.notify_all();
    }
}

impl Body {
    fn run(mut self) -> Result<Value, Error> {
        match self.machine.resume(&mut self.suspended)? {
            Resumed::Returned(value) | Resumed::Yielded(value) => Ok(value),
        }
    }
}

impl Future {
    /// The future that a value is, if it is one.
    pub fn of(value: &Value) -> Option<&Future> {
        match value {
            Value::Foreign(foreign) => foreign.downcast(),
            _ => None,
        }
    }

    /// Whether there is a result.
    pub fn is_finished(&self) -> bool {
        matches!(*self.0.state.lock(), State::Finished(_))
    }

    /// Waits until there is a result; an error where the user wants to stop.
    pub fn settle(&self, machine: &Machine) -> Result<(), Error> {
        self.0.is_awaited.store(true, Ordering::Relaxed);
        if matches!(*self.0.state.lock(), State::Queued(_)) {
            self.0.run();
        }
        self.wait_for(machine)
    }

    /// Waits for a body that has begun, or that a thread of the pool will begin.
    fn wait_for(&self, machine: &Machine) -> Result<(), Error> {
        let mut state = self.0.state.lock();
        while !matches!(*state, State::Finished(_)) {
            self.0.finished.wait_for(&mut state, PATIENCE);
            machine.check_interrupt()?;
        }
        Ok(())
    }

    /// The result, or the error that the body has raised, once there is one.
    pub fn wait(&self, machine: &Machine) -> Result<Value, Error> {
        self.settle(machine)?;
        match &*self.0.state.lock() {
            State::Finished(result) => result.clone(),
            _ => Ok(Value::Nil),
        }
    }
}

impl Drop for Task {
    /// Runs when neither a future nor the pool holds the task any more.
    fn drop(&mut self) {
        if !self.is_awaited.load(Ordering::Relaxed)
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
