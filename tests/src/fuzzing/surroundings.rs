//! What a program that nobody has written may do: no files, no standard input, no waiting, little depth, few steps.

use biovm_vm::output::Output;
use biovm_vm::{Context, Native};
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

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

/// The surroundings of all such programs: builtins that only compute, and output that goes nowhere.
///
/// They are interrupted from the beginning, and notice it when they look: the machine does so every 10,000 jumps and calls,
/// builtins that work long do so as often as they do at other times. So the same program always ends at the same place,
/// and no clock is needed.
pub fn context() -> Arc<Context> {
    static CONTEXT: OnceLock<Arc<Context>> = OnceLock::new();
    let make = || {
        let output = Output::new(io::sink(), false);
        let mut context = Context::new(biovm_stdlib::natives().filter(is_harmless), output);
        context.max_depth = 200;
        context.interrupted = Arc::new(AtomicBool::new(true));
        Arc::new(context)
    };
    CONTEXT.get_or_init(make).clone()
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
