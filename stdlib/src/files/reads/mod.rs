//! Reads: records of FASTA and FASTQ files, on their way from a parser to a script.

mod ahead;
mod batch;
mod fault;
mod options;
mod pairs;
mod record;
mod stream;
mod table;
mod writing;

pub use ahead::{ReadAhead, Source};
pub use batch::{Batch, BatchBuilder, Letters, OpenRead, ReadView};
pub use fault::{Fault, Faults, OnError, shown, shown_letter};
pub use options::{AS, LIMIT, Mode, ON_ERROR, ReadOptions, callback, open_as, result_option};
pub use pairs::{PairStream, for_each_pair};
pub use record::RecordMaker;
pub use stream::{ReadStream, for_each};
pub use table::ReadTable;
pub use writing::{COMPRESS, LEVEL, READS, Written, write_each};
