//! What the BioLang compiler and the machine agree on.
//!
//! The compiler produces a [`Program`]; the machine runs one. Neither knows the other. In reading order:
//!
//! * [`operand`]: what an instruction may name: registers, constants, jump distances …
//! * [`instruction`]: the one table of instructions; encoding, listing and verification follow from it
//! * [`program`]: functions, constants, shapes, call sites, debug information
//! * [`alphabet`]: the letters of biological literals
//! * [`mod@regex`]: flags and syntax of regular expressions
//! * [`types`] and [`signature`]: the names of types, and how a builtin is declared
//! * [`codec`]: the file format of compiled programs
//! * [`verify`]: the proof that a program cannot harm the process
//! * [`disassemble`]: a readable listing
//! * [`mod@reference`]: the page of the instruction set for the book

#![forbid(unsafe_code)]

pub mod alphabet;
pub mod codec;
pub mod disassemble;
pub mod instruction;
pub mod operand;
pub mod program;
pub mod reference;
pub mod regex;
pub mod signature;
pub mod types;
pub mod verify;

pub use instruction::{Instruction, Opcode};
pub use program::Program;
pub use signature::Signature;
pub use types::{Type, TypeSet};
