//! What the fuzz targets do with an input, so that the saved corpus can go the same way as an ordinary test.
//!
//! * [`front_end`]: any bytes as a script, from lexer to bytecode file and back
//! * [`bytecode`]: any bytes as a bytecode file, decoded, verified and run
//! * [`readers`]: any bytes as a file of reads, plain or compressed
//! * [`mutation`]: programs that are nearly like others, for `bytecode`
//! * [`surroundings`]: what a program that nobody has written may do while it runs
//! * [`seeds`]: where fuzzing begins: every script of the repository, as text and compiled, and small files of reads
//!
//! A function here panics where biovm has a defect; a fuzzer, or a test, notices that.

pub mod bytecode;
pub mod front_end;
pub mod mutation;
pub mod readers;
pub mod seeds;
pub mod surroundings;

/// What a target does with an input.
pub type Check = fn(&[u8]);

/// The targets, by the names that they have in `fuzz/`.
pub const TARGETS: [(&str, Check); 3] =
    [("front_end", front_end::check), ("bytecode", bytecode::check), ("readers", readers::check)];
