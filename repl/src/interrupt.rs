//! What ends a script from outside: Ctrl-C, and its limits.

use crate::failure::Failure;
use crate::terminal;
use biovm_vm::limits::watch::{self, Watch};
use biovm_vm::{Context, Error};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The exit code of an interrupted script.
pub const EXIT_CODE: u8 = 130;

/// How long a script may take to stop by itself. One that waits for input or for a reader of its output never does.
const GRACE: Duration = Duration::from_millis(200);

/// What Ctrl-C does. While there is none, it ends the process.
static ACTION: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// Set once the main thread listens to Ctrl-C, which it begins to do while the work begins: before, Ctrl-C ends the process.
static LISTENS: OnceLock<()> = OnceLock::new();

/// What is still to be said where the process ends in the middle of a script.
static LAST_WORDS: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// Sets what is still to be said where the process ends because the script does not.
pub fn set_last_words(say: impl Fn() + Send + Sync + 'static) {
    // A process runs one script.
    let _ = LAST_WORDS.set(Box::new(say));
}

/// Waits until Ctrl-C does what it is to do. Most scripts are not worth the wait.
pub fn wait_until_heard() {
    LISTENS.wait();
}

fn say_last_words() {
    if let Some(say) = LAST_WORDS.get() {
        say();
    }
}

fn interrupted() {
    match ACTION.get() {
        Some(action) => action(),
        None => std::process::exit(EXIT_CODE.into()),
    }
}

/// Waits for Ctrl-C as long as the process lives. The main thread has nothing else to do, and to start one more would take a
/// tenth of the time that a small script takes.
pub fn watch() -> ! {
    // Without a handler Ctrl-C ends the process at once, which is not bad either.
    #[cfg(unix)]
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT]) {
        let _ = LISTENS.set(());
        signals.forever().for_each(|_| interrupted());
    }
    #[cfg(not(unix))]
    let _ = ctrlc::set_handler(interrupted);
    let _ = LISTENS.set(());
    loop {
        std::thread::park();
    }
}

/// Lets Ctrl-C stop the script whose machines look at `flag`; the process ends at the latest after [`GRACE`].
pub fn stop_script(flag: &Arc<AtomicBool>) {
    let flag = Arc::clone(flag);
    let stop = move || {
        flag.store(true, Ordering::Relaxed);
        std::thread::sleep(GRACE);
        say_last_words();
        std::process::exit(EXIT_CODE.into());
    };
    // A process runs one script, or one session.
    let _ = ACTION.set(Box::new(stop));
}

/// Lets Ctrl-C do this, and then end the process.
pub fn before_the_end(action: impl Fn() + Send + Sync + 'static) {
    let end = move || {
        action();
        std::process::exit(EXIT_CODE.into());
    };
    let _ = ACTION.set(Box::new(end));
    wait_until_heard();
}

/// Watches over the limits of a script that begins now. Where it does not end by itself, the process does, with a report that
/// knows no position.
pub fn watch_limits(context: &Arc<Context>, color: bool) -> Result<Option<Watch>, Error> {
    let surroundings = Arc::clone(context);
    watch::start(context, move |error| {
        // What was printed so far, if anybody reads it: the script may be waiting for just that.
        let (written, is_written) = std::sync::mpsc::channel();
        std::thread::spawn(move || written.send(surroundings.output.finish()));
        let _ = is_written.recv_timeout(GRACE);
        let code = Failure::Error(error).report(color);
        say_last_words();
        std::process::exit(code.into());
    })
}

/// What a session and its Ctrl-C handler know of each other.
#[derive(Clone, Default)]
pub struct SessionState {
    /// Whether an entry is running.
    running: Arc<AtomicBool>,
    /// Whether somebody is asked for a line.
    typing: Arc<AtomicBool>,
    /// Whether Ctrl-C came since somebody was asked last: while an entry was running, or just before.
    requested: Arc<AtomicBool>,
    /// Whether Ctrl-C came while a line was being typed.
    cancelled: Arc<AtomicBool>,
}

impl SessionState {
    /// Lets Ctrl-C interrupt the running entry, whose machines look at `flag`. A second Ctrl-C ends a process whose
    /// entry did not heed the first. Where somebody is typing (`prompt`) it cancels the line, and between the entries that a line has
    /// brought it interrupts the next. Between entries that come from a pipe it ends the session.
    pub fn stop_entries(&self, flag: &Arc<AtomicBool>, prompt: Option<&'static str>) {
        let (state, flag) = (self.clone(), Arc::clone(flag));
        let stop = move || match prompt {
            Some(prompt) if state.typing.load(Ordering::SeqCst) => {
                state.cancelled.store(true, Ordering::Relaxed);
                // Only terminals without line editing come here; they have dropped the line already.
                let _ = terminal::write_output(&format!("\n{prompt}"));
            }
            None if !state.running.load(Ordering::SeqCst) => std::process::exit(EXIT_CODE.into()),
            _ => {
                if state.requested.swap(true, Ordering::SeqCst) {
                    std::process::exit(EXIT_CODE.into());
                }
                flag.store(true, Ordering::SeqCst);
            }
        };
        let _ = ACTION.set(Box::new(stop));
        wait_until_heard();
    }

    /// Runs an entry, whose machines look at `flag`.
    pub fn while_running<T>(&self, flag: &AtomicBool, entry: impl FnOnce() -> T) -> T {
        self.running.store(true, Ordering::SeqCst);
        // What an exceeded limit has left there is over. The handler sets its own mark first, so no Ctrl-C gets lost.
        flag.store(false, Ordering::SeqCst);
        if self.is_requested() {
            flag.store(true, Ordering::SeqCst);
        }
        let result = entry();
        self.running.store(false, Ordering::SeqCst);
        result
    }

    /// Asks somebody for a line.
    pub fn while_typing<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.typing.store(true, Ordering::SeqCst);
        self.forget_request();
        let result = ask();
        self.typing.store(false, Ordering::SeqCst);
        result
    }

    /// Whether Ctrl-C came since somebody was asked last.
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Forgets a Ctrl-C that came too late for the entry before.
    pub fn forget_request(&self) {
        self.requested.store(false, Ordering::SeqCst);
    }

    /// Whether Ctrl-C came while a line was being typed, since the last time it was asked.
    pub fn take_cancelled(&self) -> bool {
        self.cancelled.swap(false, Ordering::Relaxed)
    }
}
