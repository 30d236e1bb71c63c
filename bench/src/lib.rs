//! The machine against native Rust.
//!
//! * [`cases`]: what is measured: a script, its native twin, and the size of both
//! * [`script`]: compiling a script once and running it often
//! * [`native`]: the same work written by hand
//! * [`reads`]: made-up reads, the same ones in every run
//! * [`compiling`]: how fast scripts are compiled
//! * [`rounds`]: the command line of programs that print a table
//! * [`peers`]: the same programs in other languages
//!
//! `benches/` measures every case with Criterion; the binary `ratios` measures them side by side and prints a table.

#![forbid(unsafe_code)]

pub mod cases;
pub mod compiling;
pub mod native;
pub mod peers;
pub mod reads;
pub mod rounds;
pub mod script;

pub use cases::{CASES, Case, Size};
