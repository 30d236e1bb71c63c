//! Mathematics on single numbers.

pub mod extremes;
pub mod functions;
pub mod integers;
pub mod rounding;
