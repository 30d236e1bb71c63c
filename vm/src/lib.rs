//! Values, and the register machine that runs a compiled BioLang program.
//!
//! In reading order:
//!
//! * [`value`]: what a register holds
//! * [`compare`], [`operators`], [`access`], [`cast`], [`display`], [`format`]: what the language does with values
//! * [`error`]: errors of the language, with position and call trace
//! * [`mod@native`]: how a builtin is declared and called
//! * [`stream`]: lazy sequences
//! * [`program`]: a verified program, ready to run; [`usage`]: what its functions look at
//! * [`machine`]: frames, the instruction loop, calls, errors on their way up
//! * [`task`]: bodies of async functions, and parallel work
//! * [`random`]: random numbers that can be had again
//! * [`gate`]: the one way to files, network, programs and environment
//! * [`limits`]: what a script may use up
//! * [`process`], [`totals`]: what the system says about the process, and what was read
//! * [`profile`]: where the time of a run goes
//! * [`context`] and [`output`]: what all machines of a process share
//!
//! The unsafe code of the workspace is in [`value`] (the layout of values and their counted pointer) and in
//! [`machine`] (registers and instructions are read unchecked, because the verifier has proved them in range; and the
//! allocator that counts for profiles).

pub mod access;
mod annotation;
pub mod cast;
pub mod compare;
pub mod context;
pub mod display;
pub mod error;
pub mod format;
pub mod gate;
pub mod limits;
pub mod machine;
pub mod native;
pub mod operators;
pub mod output;
pub mod process;
pub mod profile;
pub mod program;
pub mod random;
pub mod stream;
pub mod task;
pub mod totals;
pub mod usage;
pub mod value;

pub use context::Context;
pub use error::{Error, ErrorKind};
pub use machine::Machine;
pub use native::{Call, Native, native, optional, required};
pub use program::LoadedProgram;
pub use value::Value;
