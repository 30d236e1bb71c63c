//! Where the time of a run goes.
//!
//! * [`data`]: what a profiled run has found, as plain data
//! * `clock`: the time, told by a thread of its own
//! * `allocation`: which allocations are charged to what
//! * `tree`: the call tree
//! * `record`: what was written down
//! * `recorder`: what each machine writes down while it runs; the loop that does so is in [`crate::machine`]
//! * `summary`: from what was written down to the data

pub(crate) mod allocation;
pub(crate) mod clock;
pub mod data;
pub(crate) mod record;
pub(crate) mod recorder;
pub(crate) mod summary;
pub(crate) mod tree;

pub use data::{
    Allocation, FunctionKind, FunctionRow, Input, LineRow, OpcodeRow, PairRow, Place, Profile, Section,
    SiteRow, Source, StackRow, StageRow, WaitKind, WaitRow, WorkerRow,
};

pub(crate) use record::Record;
