//! Opening files, decompressing them, and reading them in blocks.

mod block;
mod compression;
mod gzip;
mod lines;
mod lookup;
mod meter;
mod remote;
mod sniff;

pub use block::Block;
pub use compression::{Input, open};
pub use lines::Lines;
pub use meter::Meter;
pub use remote::shown;
pub use sniff::{Format, sniff};
