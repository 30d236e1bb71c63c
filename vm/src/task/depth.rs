//! How deep async functions call each other.
//!
//! A call of an async function takes no native stack and no place in the list of frames, so nothing else ends a recursion without end
//! before the memory does.

use super::future::Task;
use crate::error::{Error, ErrorKind};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Weak};

/// So many tasks may have begun one inside the other, as long as none of them has ended. Together they take some 200 MB.
const MOST: usize = 100_000;

thread_local! {
    /// The task whose body this thread runs.
    static CURRENT: RefCell<Weak<Task>> = const { RefCell::new(Weak::new()) };
}

/// What a task comes from.
pub(super) struct Origin {
    /// The task that has called the function.
    caller: Weak<Task>,
    /// How many callers there are up to the outermost one. Those that have ended may count too.
    depth: usize,
}

impl Origin {
    /// That of a task which begins now, on this thread. `limit` is how deep calls of any kind may be nested.
    pub(super) fn new(limit: usize) -> Origin {
        let caller = CURRENT.with_borrow(Weak::clone);
        let mut depth = caller.upgrade().map_or(0, |caller| caller.origin.depth + 1);
        if depth > limit.min(MOST) {
            depth = callers(&caller);
        }
        Origin { caller, depth }
    }

    /// An error, where the recursion has gone further than the limit.
    pub(super) fn check(&self, limit: usize) -> Result<(), Error> {
        let limit = limit.min(MOST);
        if self.depth <= limit {
            return Ok(());
        }
        let message = format!("async functions call each other more than {limit} deep");
        Err(Error::new(ErrorKind::Recursion, message)
            .with_hint("check that the recursion ends, or use a loop"))
    }
}

/// How many tasks have not ended, from this one on outwards. Functions that begin their successor and end have none.
fn callers(first: &Weak<Task>) -> usize {
    let mut count = 0;
    let mut next = first.upgrade();
    while let Some(task) = next.filter(|task| !task.has_ended()) {
        count += 1;
        next = task.origin.caller.upgrade();
    }
    count
}

/// Does work of the task, which may run that of others meanwhile.
pub(super) async fn within<T>(task: &Arc<Task>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        let before = CURRENT.replace(Arc::downgrade(task));
        let progress = work.as_mut().poll(context);
        CURRENT.set(before);
        progress
    })
    .await
}
