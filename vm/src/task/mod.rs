//! Bodies of async functions, and work on several cores.
//!
//! * [`future`]: what an async function gives, and how its body runs
//! * [`executor`]: the threads that run bodies
//! * [`parallel`]: a function applied to many items at the same time
//! * [`helpers`]: the threads that help with that
//! * [`depth`]: how deep they call each other
//! * [`budget`]: how many threads compute at the same time, in the whole process

pub mod budget;
mod depth;
pub(crate) mod executor;
mod future;
pub(crate) mod helpers;
pub mod parallel;

pub use future::{Future, Settled, start_in_turn};
