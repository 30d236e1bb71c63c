//! Functions of the script as values.

use super::{Shared, Value};
use crate::program::{LoadedFunction, LoadedProgram};
use std::sync::Arc;

/// A function with the variables that it captured.
#[derive(Clone)]
pub struct Closure(Shared<ClosureBody>);

struct ClosureBody {
    program: Arc<LoadedProgram>,
    function: usize,
    captures: Box<[Value]>,
}

impl Closure {
    /// A closure over a function of the program.
    pub fn new(program: Arc<LoadedProgram>, function: usize, captures: Vec<Value>) -> Closure {
        Closure(Shared::new(ClosureBody { program, function, captures: captures.into() }))
    }

    /// The program that the function belongs to.
    pub fn program(&self) -> &Arc<LoadedProgram> {
        &self.0.program
    }

    /// The function.
    pub fn function(&self) -> &LoadedFunction {
        &self.0.program.functions[self.0.function]
    }

    /// The captured variables.
    pub fn captures(&self) -> &[Value] {
        &self.0.captures
    }

    /// Whether both are the same function value. One that captures nothing has no identity but its function's.
    pub fn same(&self, other: &Closure) -> bool {
        let (left, right) = (&*self.0, &*other.0);
        self.0.same(&other.0)
            || left.captures.is_empty()
                && right.captures.is_empty()
                && left.function == right.function
                && Arc::ptr_eq(&left.program, &right.program)
    }
}
