//! Scripts with the output that they must give, and what checks them.
//!
//! A case is a script `name.bl` below `language/`, `builtins/` or `command/`, and beside it what it must do; adding a case is adding two files.
//! `README.md` says how.
//!
//! * [`advice`]: scripts with a known bottleneck, and what a profile must say about them
//! * [`book`]: the examples and links of the book
//! * [`case`]: finding the cases and what is expected of them
//! * [`executable`]: the `biovm` command, built once
//! * [`process`]: running it, with a limit of time
//! * [`expectation`]: whether what a script wrote is what it had to write
//! * [`difference`]: where it is not, for people
//! * [`fuzzing`]: what the fuzz targets check
//! * [`stub`]: a web server that answers as it is told

#![forbid(unsafe_code)]

pub mod advice;
pub mod book;
pub mod case;
pub mod difference;
pub mod executable;
pub mod expectation;
pub mod fuzzing;
pub mod process;
pub mod stub;
