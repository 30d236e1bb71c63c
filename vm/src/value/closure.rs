//! Functions of the script as values.

use super::{Shared, Value, Variable};
use crate::program::{LoadedFunction, LoadedProgram};

use rustc_hash::FxHashMap;
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

    /// The number of the function in its program.
    #[inline(always)]
    pub fn function_number(&self) -> usize {
        self.0.function
    }

    /// The captured variables.
    pub fn captures(&self) -> &[Value] {
        &self.0.captures
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// The same function over copies of the variables that it shares with others, as they are now; and so on for the
    /// functions that it captured.
    pub fn detached(&self) -> Closure {
        self.detached_with(&mut FxHashMap::default(), MOST_NESTED)
    }

    fn detached_with(&self, known: &mut FxHashMap<usize, Variable>, depth: usize) -> Closure {
        if self.captures().is_empty() || depth == 0 {
            return self.clone();
        }
        let captures = self.captures().iter().map(|value| detached(value, known, depth - 1)).collect();
        Closure::new(self.program().clone(), self.0.function, captures)
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

/// How deep functions that captured functions are copied: the copy uses the native stack.
const MOST_NESTED: usize = 200;

fn detached(value: &Value, known: &mut FxHashMap<usize, Variable>, depth: usize) -> Value {
    match value {
        Value::Closure(closure) => Value::Closure(closure.detached_with(known, depth)),
        Value::Variable(variable) => {
            if let Some(copy) = known.get(&variable.address()) {
                return Value::Variable(copy.clone());
            }
            // Known before its content is copied: a function may have captured itself.
            let copy = Variable::new(Value::Nil, variable.owner());
            known.insert(variable.address(), copy.clone());
            copy.set(detached(&variable.get(), known, depth));
            Value::Variable(copy)
        }
        other => other.clone(),
    }
}
