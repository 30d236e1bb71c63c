//! FASTA: sequences with a name.

mod alphabet;
mod builtins;
mod reader;
mod writer;

pub use alphabet::AlphabetChoice;
pub use builtins::NATIVES;
pub use reader::FastaReader;
