//! A large stack for the work, and panics turned into reports.
//!
//! A panic is always a defect of biovm. Whoever meets one gets a report that says so, never a bare backtrace.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Values may nest deeply, and so do the calls that compare, print and drop them. The memory is only reserved.
pub const STACK_SIZE: usize = 256 << 20;

/// What a panic said.
#[derive(Debug)]
pub struct Panic(String);

/// The first panic since the last report; the ones that follow from it would only distract.
static FIRST_PANIC: Mutex<Option<String>> = Mutex::new(None);

fn remember(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("unknown reason");
    let mut text = message.to_owned();
    if let Some(place) = info.location() {
        text += &format!("\n  at {}:{}", place.file(), place.line());
    }
    // For whoever follows up the report; the usual variable is often set without a thought.
    if std::env::var_os("BIOVM_BACKTRACE").is_some() {
        text += &format!("\n{}", std::backtrace::Backtrace::force_capture());
    }
    FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
}

fn take_first() -> Panic {
    let first = FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
    Panic(first.unwrap_or_else(|| "unknown reason".to_owned()))
}

/// Starts the work on a thread with a large stack, which hands the outcome to `end`.
pub fn on_large_stack<T: 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    end: impl FnOnce(Result<T, Panic>) + Send + 'static,
) -> Result<(), Panic> {
    panic::set_hook(Box::new(remember));
    let thread = thread::Builder::new().name("main".to_owned()).stack_size(STACK_SIZE);
    match thread.spawn(move || end(catch(work))) {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Panic(format!("cannot start a thread with a stack of {STACK_SIZE} bytes: {error}")))
        }
    }
}

/// Runs the work and catches its panics, so that a session can go on.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    // Whoever continues after a panic gives up what the work has touched.
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| take_first())
}

impl std::fmt::Display for Panic {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "internal error: {}\n  This is a defect of biovm {}, not of the script. \
             Please report it, together with the script.",
            self.0,
            env!("CARGO_PKG_VERSION"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_report() {
        let result = outcome(|| -> u8 { panic!("register 7 is gone") });
        let report = result.map_err(|panic| panic.to_string()).expect_err("a panic");
        assert!(report.starts_with("internal error: register 7 is gone\n  at "), "{report}");
        assert!(report.contains("Please report it"), "{report}");
        assert_eq!(outcome(|| 7).map_err(|panic| panic.to_string()), Ok(7));
    }

    fn outcome<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Panic> {
        // Other tests want to say why they fail.
        let usual = panic::take_hook();
        let (given, taken) = std::sync::mpsc::channel();
        let started = on_large_stack(work, move |outcome| given.send(outcome).expect("the test waits"));
        let outcome = started.and_then(|()| taken.recv().expect("an outcome"));
        panic::set_hook(usual);
        outcome
    }
}
