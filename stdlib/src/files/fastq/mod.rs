//! FASTQ: reads with a quality for each base.
//!
//! noodles parses the records that look as they should, which is nearly all of them. Whatever it rejects goes through
//! [`careful`], which accepts what other tools accept and says exactly what is wrong with the rest.

mod builtins;
mod careful;
mod pairs;
mod reader;
mod writer;

pub use builtins::NATIVES;
pub use pairs::PairReader;
pub use reader::{FastqReader, wrong_format};
