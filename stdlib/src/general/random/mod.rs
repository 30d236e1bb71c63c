//! Random numbers. All draw from the machine's generator, so one seed decides about all of them.

pub mod numbers;
pub mod sampling;
