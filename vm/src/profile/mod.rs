//! Where the time of a run goes.
//!
//! * [`data`]: what a profiled run has found, as plain data

pub mod data;

pub use data::{
    Allocation, FunctionKind, FunctionRow, Input, LineRow, OpcodeRow, PairRow, Place, Profile, Section,
    SiteRow, Source, StackRow, StageRow, WaitKind, WaitRow, WorkerRow,
};
