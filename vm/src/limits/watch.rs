//! The thread that looks at clock and memory while a script runs.

use super::{Limits, Watched, memory};
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often memory is looked at. A thread fills some 10 MB in that time.
const SAMPLE: Duration = Duration::from_millis(4);

/// The same once a limit is exceeded, until the script has ended.
const HURRY: Duration = Duration::from_millis(1);

/// How long a script may take to notice that it is to stop. What waits for input, or for a reader of the output, never
/// does.
const GRACE: Duration = Duration::from_millis(500);

/// How long it may take from there to its end: much memory takes its time to be freed.
const LONG_GRACE: Duration = Duration::from_secs(20);

/// By how much memory may exceed its limit before the process has to end: a quarter of the limit, and at least this.
const LEAST_EXCESS: usize = 64 << 20;

/// A script is being watched, until this is dropped.
pub struct Watch {
    /// Closed by the drop, which wakes the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Watches over the limits of a script that begins now; `None` where there is nothing to watch. `give_up` is to end the
/// process: it is called if the script does not end by itself, with the error that says why.
pub fn start(
    context: &Arc<Context>,
    give_up: impl FnOnce(Error) + Send + 'static,
) -> Result<Option<Watch>, Error> {
    let quota = context.limits.quota();
    memory::set_limit(quota.memory);
    if quota.time.is_none() && quota.memory.is_none() {
        return Ok(None);
    }
    let (stop, stopped) = mpsc::channel();
    let watcher = Watcher {
        context: Arc::clone(context),
        deadline: quota.time.and_then(|time| Instant::now().checked_add(time)),
        memory: quota.memory,
        stopped,
    };
    let work = move || {
        if let Some(error) = watcher.work() {
            give_up(error);
        }
    };
    let thread = thread::Builder::new().name("biovm limits".to_owned()).spawn(work).map_err(|error| {
        // Without the thread there would be no limits.
        Error::new(ErrorKind::Io, format!("cannot start the thread that watches over limits: {error}"))
    })?;
    Ok(Some(Watch { stop: Some(stop), thread: Some(thread) }))
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Watcher {
    context: Arc<Context>,
    deadline: Option<Instant>,
    memory: Option<usize>,
    /// Tells that the script has ended.
    stopped: Receiver<()>,
}

impl Watcher {
    /// The reason why the process has to end, if it has to.
    fn work(&self) -> Option<Error> {
        let exceeded = self.wait_for_excess()?;
        self.limits().exceed(exceeded);
        self.context.interrupted.store(true, Ordering::Relaxed);
        if self.ends_by_itself() { None } else { self.limits().exceeded_error() }
    }

    fn limits(&self) -> &Limits {
        &self.context.limits
    }

    /// Waits, and says whether the script is still running then.
    fn runs_for(&self, time: Duration) -> bool {
        self.stopped.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
    }

    /// The limit that the script exceeds; `None` where it has ended.
    fn wait_for_excess(&self) -> Option<Watched> {
        loop {
            let rest = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if rest.is_some_and(|rest| rest.is_zero()) {
                return Some(Watched::Time);
            }
            if self.memory.is_some() && self.excess() > 0 {
                return Some(Watched::Memory);
            }
            let pause = if self.memory.is_some() { SAMPLE } else { Duration::MAX };
            if !self.runs_for(pause.min(rest.unwrap_or(Duration::MAX))) {
                return None;
            }
        }
    }

    /// By how much the memory exceeds its limit.
    fn excess(&self) -> usize {
        let held = memory::resident().unwrap_or(0);
        self.memory.map_or(0, |limit| held.saturating_sub(limit))
    }

    /// Whether the script, which was asked to stop, does so in time.
    fn ends_by_itself(&self) -> bool {
        // A builtin that fills memory without looking around must not fill all of it.
        let most = self.memory.map_or(usize::MAX, |limit| (limit / 4).max(LEAST_EXCESS));
        let asked = Instant::now();
        while self.runs_for(HURRY) {
            // Another thread may not have noticed yet.
            let noticed = self.limits().is_noticed.load(Ordering::Relaxed);
            let (grace, most) = if noticed { (LONG_GRACE, most.saturating_mul(2)) } else { (GRACE, most) };
            if asked.elapsed() > grace || self.excess() > most {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Quota;
    use crate::output::Output;

    fn context(quota: Quota) -> Arc<Context> {
        let mut context = Context::new([], Output::new(std::io::sink(), false));
        context.limits = Limits::new(quota);
        Arc::new(context)
    }

    fn timed(time: Duration) -> Arc<Context> {
        context(Quota { time: Some(time), ..Quota::default() })
    }

    #[test]
    fn what_ends_in_time_is_left_alone() {
        let context = timed(Duration::from_secs(3600));
        let watch = start(&context, |_| panic!("there is time")).expect("a thread");
        drop(watch);
        assert!(!context.interrupted.load(Ordering::Relaxed));
        assert!(start(&self::context(Quota::default()), |_| ()).expect("no thread").is_none());
    }

    #[test]
    fn what_does_not_look_around_is_given_up() {
        let context = timed(Duration::from_millis(5));
        let (send, given_up) = mpsc::channel();
        let _watch = start(&context, move |error| send.send(error.to_string()).expect("a listener"));
        let said = given_up.recv_timeout(Duration::from_secs(60)).expect("an error");
        assert_eq!(said, "LimitError: the script ran longer than 5ms");
        assert!(context.interrupted.load(Ordering::Relaxed));
    }
}
