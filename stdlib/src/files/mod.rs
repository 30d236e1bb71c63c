//! Readers and writers of files that biology keeps its data in.
//!
//! What a file goes through, from left to right:
//!
//! * [`input`]: opening, decompressing, and reading in blocks
//! * [`fastq`] and [`fasta`]: from blocks to batches of reads
//! * [`reads`]: batches; reading ahead on another thread; reads as a stream, as a table, as records of a script
//! * [`output`]: files that appear whole or not at all

pub mod fasta;
pub mod fastq;
pub mod input;
pub mod output;
pub mod reads;

use biovm_vm::Native;

/// The builtins of this family, a list a module.
pub const NATIVES: &[&[Native]] = &[fastq::NATIVES, fasta::NATIVES];
