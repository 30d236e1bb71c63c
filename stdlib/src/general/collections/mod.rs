//! Lists and everything else that has items.
//!
//! What gives "a collection" gives a Table for a Table, a lazy Stream for a Stream, text for text, and a List for the
//! rest. Everything else reads a Stream to its end, or until the answer is known.

pub mod build;
pub mod ends;
pub mod folds;
pub mod grouping;
pub mod order;
pub mod pieces;
pub mod search;
pub mod transforms;
