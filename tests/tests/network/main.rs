//! Fetching, against servers on this computer that do all that servers do.

mod databases;
mod downloads;
mod fetching;
mod restrictions;
mod support;
mod trouble;
