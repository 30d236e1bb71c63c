//! Sequences, k-mers and quality scores.
//!
//! Positions are 0-based and ranges half-open, everywhere. Wherever a function takes a sequence it takes text of its
//! letters too, in either case; a function that returns a sequence returns the kind that it was given.
//!
//! * [`letters`]: the alphabets: validation, complements, what an ambiguity code stands for
//! * [`arguments`]: how a builtin gets at the letters of an argument
//! * [`counting`]: the kernels that count letters
//! * [`genetic_code`]: codons to amino acids
//! * [`distances`]: the kernels behind `hamming_distance` and `edit_distance`
//! * [`phred`]: the kernels behind the quality functions
//! * [`packed_kmers`]: counting k-mers, two bits a letter
//!
//! The other modules declare the builtins.

pub mod arguments;
mod bases_above;
mod composition;
mod constructors;
pub mod counting;
mod distance;
pub mod distances;
pub mod genetic_code;
mod kmer_counts;
mod kmers;
pub mod letters;
mod orfs;
pub mod packed_kmers;
pub mod phred;
mod quality;
mod search;
mod strand;
mod translation;
mod trimming;

use biovm_vm::Native;

pub(crate) use quality::scores_of as quality_text;

/// The builtins of this family, a list a module.
pub const NATIVES: &[&[Native]] = &[
    constructors::NATIVES,
    composition::NATIVES,
    strand::NATIVES,
    translation::NATIVES,
    orfs::NATIVES,
    search::NATIVES,
    distance::NATIVES,
    kmers::NATIVES,
    kmer_counts::NATIVES,
    quality::NATIVES,
    bases_above::NATIVES,
    trimming::NATIVES,
];
