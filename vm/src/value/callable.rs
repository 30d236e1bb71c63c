//! Functions that builtins make: native code with values that it holds.

use super::{Foreign, ForeignValue, Str, Value};
use crate::error::Error;
use crate::machine::Machine;
use biovm_bytecode::Type;
use std::any::Any;

/// The arguments of a call, as it gives them.
#[derive(Clone, Default)]
pub struct Arguments {
    /// Those by position.
    pub positional: Vec<Value>,
    /// Those by name, in order.
    pub named: Vec<(Str, Value)>,
}

impl From<Vec<Value>> for Arguments {
    fn from(positional: Vec<Value>) -> Arguments {
        Arguments { positional, named: Vec::new() }
    }
}

type Code = dyn Fn(&mut Machine, Arguments) -> Result<Value, Error> + Send + Sync;

/// A function that a builtin has made, such as `compose(f, g)`. It can be called like any other.
pub struct Callable {
    name: String,
    signature: String,
    doc: String,
    arity: (usize, Option<usize>),
    code: Box<Code>,
}

impl Callable {
    /// A function of that name. Its code gets the arguments unchecked.
    pub fn new(
        name: impl Into<String>,
        code: impl Fn(&mut Machine, Arguments) -> Result<Value, Error> + Send + Sync + 'static,
    ) -> Callable {
        let name = name.into();
        let signature = format!("{name}(...arguments)");
        Callable { name, signature, doc: String::new(), arity: (0, None), code: Box::new(code) }
    }

    /// How it reads in help, and what it does.
    pub fn with_help(mut self, signature: impl Into<String>, doc: impl Into<String>) -> Callable {
        self.signature = signature.into();
        self.doc = doc.into();
        self
    }

    /// How many arguments it takes by position: the least and, where there is a limit, the most.
    pub fn with_arity(mut self, least: usize, most: Option<usize>) -> Callable {
        self.arity = (least, most);
        self
    }

    /// The function value of it.
    pub fn into_value(self) -> Value {
        Value::foreign(self)
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it reads in help.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// What it does.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// How many arguments it takes by position.
    pub fn arity(&self) -> (usize, Option<usize>) {
        self.arity
    }

    /// Runs it. The machine does this, which sees to the stack and to how deep calls nest.
    pub(crate) fn run(&self, machine: &mut Machine, arguments: Arguments) -> Result<Value, Error> {
        (self.code)(machine, arguments)
    }
}

impl ForeignValue for Callable {
    fn type_of(&self) -> Type {
        Type::Function
    }

    fn text(&self) -> String {
        format!("<fn {}>", self.name)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Foreign {
    /// The value as a function that can be called.
    pub fn as_callable(&self) -> Option<&Callable> {
        self.downcast()
    }
}
