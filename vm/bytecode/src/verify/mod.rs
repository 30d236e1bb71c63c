//! The proof that a program cannot harm the process.
//!
//! The machine reads registers, constants, captures and jump targets unchecked, so files, which are untrusted, must
//! pass here first. What is proved, in one pass over the program:
//!
//! * there is a top level: function 0, without parameters and captures;
//! * every operand of every instruction lies in the table, or the frame, that its kind names;
//! * so do the neighbouring registers that an instruction implies: see [`register_window`];
//! * registers that an instruction works on at the same time differ: see [`different_registers`];
//! * an instruction that does the work of the next one too stands before one that it knows;
//! * jumps and handlers stay in their function, whose last instruction never falls through;
//! * a new closure finds what it captures, and a function that captures is never called without its closure;
//! * tables refer to names that exist, record shapes have different keys, biological literals the letters of
//!   their type;
//! * positions, where there are some, lie in the source text, between characters.
//!
//! What is not proved are the kinds of the values in registers: an instruction that wants a cell, or the state of a
//! loop, must look at what it finds.

mod aliases;
mod error;
mod function;
mod tables;
mod window;

pub use aliases::different_registers;
pub use error::{Place, VerifyError};
pub use window::register_window;

use crate::program::{CaptureSource, Function, Program};

/// Proves that the program cannot harm the process.
pub fn verify(program: &Program) -> Result<(), VerifyError> {
    tables::verify_tables(program)?;
    if program.functions.is_empty() {
        return Err(VerifyError::in_program("it has no functions".to_owned()));
    }
    let closure_needs: Vec<_> = program.functions.iter().map(ClosureNeeds::of).collect();
    for number in 0..program.functions.len() {
        function::verify_function(program, number, &closure_needs)?;
    }
    Ok(())
}

/// What a function must have so that it can make a closure of another: taken once for each function, since many
/// instructions may make closures of the same one.
struct ClosureNeeds {
    /// How many registers it must have.
    registers: usize,
    /// How many captures it must have.
    captures: usize,
}

impl ClosureNeeds {
    fn of(function: &Function) -> ClosureNeeds {
        let mut needs = ClosureNeeds { registers: 0, captures: 0 };
        for source in &function.captures {
            match source {
                CaptureSource::Register(register) => {
                    needs.registers = needs.registers.max(register.index() + 1);
                }
                CaptureSource::Capture(index) => {
                    needs.captures = needs.captures.max(usize::from(*index) + 1);
                }
            }
        }
        needs
    }
}
