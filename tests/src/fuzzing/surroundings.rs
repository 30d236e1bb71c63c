//! What a program that nobody has written may do: no files, no standard input, no waiting, little depth, few steps.

use biovm_vm::limits::{Limits, Quota, memory};
use biovm_vm::output::Output;
use biovm_vm::{Context, Native};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{io, thread};

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

/// More steps than this tell nothing new.
const STEPS: u64 = 500;

/// A list that is added to itself doubles with each step. So much may come on top of what the fuzzer itself has taken: to touch
/// memory for the first time takes most of the time of such programs.
const MOST_MEMORY: usize = 2 << 20;

/// The memory of the fuzzer is asked for once in so many programs.
const MEASURED: u64 = 256;

/// How often somebody looks whether a program still runs that ran at the look before: a builtin may work on for long, or for
/// ever, without a step.
const TICK: Duration = Duration::from_millis(10);

/// The number of the program that runs now.
static PROGRAM: AtomicU64 = AtomicU64::new(0);

/// The surroundings of all such programs: builtins that only compute, output that goes nowhere, few steps.
pub fn context() -> &'static Arc<Context> {
    static CONTEXT: OnceLock<Arc<Context>> = OnceLock::new();
    CONTEXT.get_or_init(|| {
        let output = Output::new(io::sink(), false);
        let mut context = Context::new(biovm_stdlib::natives().filter(is_harmless), output);
        context.max_depth = 200;
        context.limits = Limits::new(Quota { steps: Some(STEPS), ..Quota::default() });
        let interrupted = Arc::clone(&context.interrupted);
        thread::spawn(move || interrupt_long_ones(&interrupted));
        Arc::new(context)
    })
}

/// The surroundings for the next program, which has all its steps.
pub fn begin() -> Arc<Context> {
    let context = context();
    if PROGRAM.fetch_add(1, Ordering::Relaxed).is_multiple_of(MEASURED) {
        memory::set_limit(memory::resident().map(|resident| resident + MOST_MEMORY));
    }
    context.interrupted.store(false, Ordering::Relaxed);
    context.limits.renew();
    context.clone()
}

/// One thread for all programs, which nobody has to wake: a fuzzer runs thousands a second.
fn interrupt_long_ones(interrupted: &AtomicBool) {
    let mut before = 0;
    loop {
        thread::sleep(TICK);
        let now = PROGRAM.load(Ordering::Relaxed);
        if now == before {
            interrupted.store(true, Ordering::Relaxed);
        }
        before = now;
    }
}

/// The names of the builtins that such programs may call.
pub fn natives() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: Vec<_> = context().natives.keys().copied().collect();
        names.sort_unstable();
        names
    })
}
