//! What a program that nobody has written may do: no files, no standard input, no waiting, little depth, little time.

use biovm_vm::output::Output;
use biovm_vm::{Context, Native};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program runs before it is interrupted.
const TIME: Duration = Duration::from_millis(300);

/// Sections of the reference whose builtins only compute. One that is not listed here is not available, so that a new
/// builtin which reaches outside is not called by accident.
const SECTIONS: [&str; 18] = [
    "Collections",
    "Conversion",
    "Core",
    "Errors",
    "Functions",
    "K-mers",
    "Math",
    "Quality scores",
    "Records",
    "Regular expressions",
    "Sequences",
    "Sets",
    "Statistics",
    "Streams",
    "Tables",
    "Text",
    "Time",
    "Type tests",
];

/// Builtins of those sections that wait, or write where a person would see it.
const REFUSED: [&str; 4] = ["sleep", "debug", "eprint", "eprintln"];

fn is_harmless(native: &&'static Native) -> bool {
    SECTIONS.contains(&native.signature.section) && !REFUSED.contains(&native.signature.name)
}

/// A context whose builtins only compute and whose output goes nowhere.
pub fn context() -> Context {
    let output = Output::new(io::sink(), false);
    let mut context = Context::new(biovm_stdlib::natives().filter(is_harmless), output);
    context.max_depth = 2_000;
    context
}

/// Sets the flag when a program has run long enough; until then drop the watch.
pub fn watch(interrupted: &Arc<AtomicBool>) -> Watch {
    let until = Instant::now() + TIME;
    Watchdog::get().set(Some((until, Arc::clone(interrupted))));
    Watch(())
}

/// A program is being watched.
pub struct Watch(());

impl Drop for Watch {
    fn drop(&mut self) {
        Watchdog::get().set(None);
    }
}

/// One thread for all programs: a fuzzer runs thousands a second.
struct Watchdog {
    watched: Mutex<Option<(Instant, Arc<AtomicBool>)>>,
    changed: Condvar,
}

impl Watchdog {
    fn get() -> &'static Watchdog {
        static WATCHDOG: OnceLock<&Watchdog> = OnceLock::new();
        WATCHDOG.get_or_init(|| {
            let watchdog: &Watchdog =
                Box::leak(Box::new(Watchdog { watched: Mutex::default(), changed: Condvar::new() }));
            thread::spawn(|| watchdog.work());
            watchdog
        })
    }

    fn set(&self, watched: Option<(Instant, Arc<AtomicBool>)>) {
        *self.watched.lock().unwrap_or_else(PoisonError::into_inner) = watched;
        self.changed.notify_one();
    }

    fn work(&self) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            let wait = match watched.take_if(|(until, _)| *until <= now) {
                Some((_, interrupted)) => {
                    interrupted.store(true, Ordering::Relaxed);
                    continue;
                }
                None => watched.as_ref().map_or(Duration::MAX, |(until, _)| *until - now),
            };
            watched = match self.changed.wait_timeout(watched, wait.min(Duration::from_secs(3600))) {
                Ok((watched, _)) => watched,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
