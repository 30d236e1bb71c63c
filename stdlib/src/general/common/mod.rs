//! What several modules of builtins share.

pub mod callback;
pub mod select;
pub mod sorting;
pub mod types;
pub mod walk;
