//! Why a program is refused.

use crate::disassemble::instruction_text;
use crate::program::Program;
use std::fmt;

/// Why a program is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub problem: String,
}

/// A place in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The tables that all functions share.
    Program,
    /// A function, apart from its code.
    Function {
        /// Its number.
        number: usize,
        /// Its name, empty for a lambda.
        name: String,
    },
    /// An instruction.
    Instruction {
        /// The number of the function.
        function: usize,
        /// The name of the function, empty for a lambda.
        name: String,
        /// The number of the instruction in the function.
        number: usize,
        /// The instruction, as the listing shows it.
        text: String,
    },
}

impl VerifyError {
    pub(super) fn in_program(problem: String) -> VerifyError {
        VerifyError { place: Place::Program, problem }
    }

    pub(super) fn in_function(program: &Program, number: usize, problem: String) -> VerifyError {
        let name = program.functions[number].name.clone();
        VerifyError { place: Place::Function { number, name }, problem }
    }

    pub(super) fn in_instruction(
        program: &Program,
        function: usize,
        number: usize,
        problem: String,
    ) -> VerifyError {
        let code = &program.functions[function];
        let text = instruction_text(program, code, number, &code.code[number]);
        VerifyError { place: Place::Instruction { function, name: code.name.clone(), number, text }, problem }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("invalid program: ")?;
        match &self.place {
            Place::Program => {}
            Place::Function { number, name } => {
                write_function(formatter, *number, name)?;
                formatter.write_str(": ")?;
            }
            Place::Instruction { function, name, number, text } => {
                write_function(formatter, *function, name)?;
                write!(formatter, ", instruction {number} `{text}`: ")?;
            }
        }
        formatter.write_str(&self.problem)
    }
}

fn write_function(formatter: &mut fmt::Formatter<'_>, number: usize, name: &str) -> fmt::Result {
    write!(formatter, "function {number}")?;
    if name.is_empty() { Ok(()) } else { write!(formatter, " `{}`", name.escape_debug()) }
}

impl std::error::Error for VerifyError {}
