//! Everything that a BioLang script can call.
//!
//! A builtin is declared once, in a [`Native`]: name, parameters, documentation, example, function. A module of
//! builtins lists its own in a constant `NATIVES`; [`natives`] gathers them all.
//!
//! * [`general`]: the general standard library: collections, text, mathematics, statistics, tables, streams, time
//! * [`biology`]: sequences, k-mers, quality scores
//! * [`files`]: readers of FASTA and FASTQ, plain and compressed
//! * [`network`]: fetching, downloads, the databases of NCBI
//! * [`progress`]: how far long work is, for people who wait for it

#![forbid(unsafe_code)]

pub mod biology;
pub mod files;
pub mod general;
pub mod network;
pub mod progress;

use biovm_vm::Native;

/// All builtins.
pub fn natives() -> impl Iterator<Item = &'static Native> {
    let families = [general::NATIVES, biology::NATIVES, files::NATIVES, network::NATIVES];
    families.into_iter().flatten().copied().flatten()
}
