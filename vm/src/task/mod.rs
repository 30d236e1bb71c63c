//! Bodies of async functions, and work on several cores.
//!
//! * [`future`]: what an async function gives, and how its body runs
//! * [`parallel`]: a function applied to many items at the same time
//! * [`budget`]: how many threads compute at the same time, in the whole process

pub mod budget;
mod future;
pub mod parallel;

pub use future::Future;
pub(crate) use future::start;
