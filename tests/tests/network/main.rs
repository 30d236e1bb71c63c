//! Fetching, against servers on this computer that do all that servers do.

mod databases;
mod downloads;
mod endpoints;
mod fetching;
mod reading;
mod restrictions;
mod support;
mod trouble;
