//! Work on several cores, and waiting for several things at once.
//!
//! * [`cores`]: `par_map` and its kin, which apply a function to many items
//! * [`futures`]: the results of async functions
//! * [`workers`]: how many threads work

pub mod cores;
pub mod futures;
pub mod workers;
