//! The `biovm` command. In the order in which a run passes through:
//!
//! * [`command_line`]: what can be asked for, and its help
//! * [`restrictions`]: the options that limit a script, and those of the sandbox
//! * [`worker_counts`]: numbers of threads
//! * [`isolation`]: a thread with a large stack for the work, and panics turned into reports
//! * [`commands`]: one module for each command
//! * [`source`]: script files, read with care
//! * [`modules`]: where imports look for them
//! * [`whole_file`]: files that appear whole or not at all
//! * [`pipeline`]: source text to a running program; the one place that knows compiler, builtins and machine
//! * [`profile`]: how profiles are shown
//! * [`advice`]: what they mean, and what to do about it
//! * [`interrupt`]: what Ctrl-C does; the main thread waits for it
//! * [`units`]: times, sizes, shares and counts for people
//! * [`measure`]: time on the clock and of the processor, and memory
//! * [`statistics`]: times that were measured several times
//! * [`failure`] and [`report`]: what went wrong, for people, and the exit code
//! * [`terminal`]: colours, and output that nobody may be reading
//! * [`repl`]: the interactive session

#![forbid(unsafe_code)]

use biovm_vm::machine::allocator::CountingAllocator;

mod advice;
mod command_line;
mod commands;
mod failure;
mod interrupt;
mod isolation;
mod measure;
mod modules;
mod pipeline;
mod profile;
mod repl;
mod report;
mod restrictions;
mod source;
mod statistics;
mod terminal;
mod units;
mod whole_file;
mod worker_counts;

/// Counts what scripts allocate while they are profiled.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() {
    match command_line::parse(std::env::args_os()) {
        Ok(command_line) => commands::execute(command_line),
        Err(error) => std::process::exit(command_line::refuse(&error).into()),
    }
}
