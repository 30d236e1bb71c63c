//! How a builtin is declared: the one source for arity and type errors, named arguments, help, completion,
//! the compiler's checks and the reference pages of the book.

use crate::types::{Type, TypeSet};
use std::fmt;

/// The value of a parameter that a call leaves out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// The call must give it.
    Required,
    /// `nil`, which the builtin understands as "not given".
    Nil,
    /// A Bool.
    Bool(bool),
    /// An Int.
    Int(i64),
    /// A Float.
    Float(f64),
    /// A Str.
    Text(&'static str),
}

/// A parameter of a builtin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, which named arguments may use.
    pub name: &'static str,
    /// The types that it accepts. A parameter with the default `nil` accepts nil too.
    pub types: TypeSet,
    /// What it is when left out.
    pub default: Default,
}

/// An entry that the options record of a builtin may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptionField {
    /// Its key.
    pub name: &'static str,
    /// The types of its value.
    pub types: TypeSet,
    /// What it does, in one line.
    pub doc: &'static str,
}

/// The declaration of a builtin.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// The name that scripts call.
    pub name: &'static str,
    /// Other names of the same builtin.
    pub aliases: &'static [&'static str],
    /// The section of the reference that lists it.
    pub section: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// The types of any further arguments; `None` where there may be none. Further arguments follow the parameters.
    pub rest: Option<TypeSet>,
    /// The entries of its options record. Where there are some, the last parameter is that record, named arguments
    /// that are no parameter go into it, and an unknown entry is an error.
    pub options: &'static [OptionField],
    /// The types of its result.
    pub result: TypeSet,
    /// What it does, in one line.
    pub doc: &'static str,
    /// A call, as a script writes it; empty where an example would need a file or a clock.
    pub example: &'static str,
    /// What `println` of the example shows.
    pub example_output: &'static str,
    /// Whether two calls with equal arguments are equal and nobody could tell whether it ran.
    pub pure: bool,
    /// Whether it changes its first argument in place where nobody else holds it. Such a builtin touches the argument
    /// only when nothing can fail any more, so that `x = builtin(x, …)` never loses the value of `x`.
    pub in_place: bool,
    /// Whether it calls its callbacks on several threads at once: they may not assign to variables that they capture.
    pub parallel: bool,
    /// Whether its bare name reads as its value: a builtin without parameters whose result never changes.
    pub is_constant: bool,
    /// Whether calls with one argument have a shorter way, which leaves the argument where it is.
    pub is_direct: bool,
}

impl Signature {
    /// The number of arguments that a call must give.
    pub fn required(&self) -> usize {
        self.parameters.iter().filter(|parameter| parameter.default == Default::Required).count()
    }

    /// The number of arguments that a call may give by position; `None` where there is no limit.
    pub fn most(&self) -> Option<usize> {
        self.rest.is_none().then_some(self.parameters.len())
    }

    /// The position of the parameter with that name.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }

    /// The option with that key.
    pub fn option(&self, name: &str) -> Option<&OptionField> {
        self.options.iter().find(|option| option.name == name)
    }

    /// `2 arguments`, `1 to 3 arguments`, `at least 1 argument`: for arity errors and help.
    pub fn arity_text(&self) -> String {
        let required = self.required();
        match self.most() {
            None => format!("at least {required}"),
            Some(most) if most == required => format!("{required}"),
            Some(most) => format!("{required} to {most}"),
        }
    }
}

/// `slice(x: List or Str, start: Int, end: Int = nil) -> List`.
impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}(", self.name)?;
        for (index, parameter) in self.parameters.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            // That nil stands for "left out" shows in the default.
            let types = match parameter.default {
                Default::Nil if parameter.types != TypeSet::ANY => parameter.types.without(Type::Nil),
                _ => parameter.types,
            };
            write!(formatter, "{}: {types}", parameter.name)?;
            match parameter.default {
                Default::Required => {}
                Default::Nil => formatter.write_str(" = nil")?,
                Default::Bool(value) => write!(formatter, " = {value}")?,
                Default::Int(value) => write!(formatter, " = {value}")?,
                Default::Float(value) => write!(formatter, " = {value:?}")?,
                Default::Text(value) => write!(formatter, " = {value:?}")?,
            }
        }
        if let Some(types) = self.rest {
            let comma = if self.parameters.is_empty() { "" } else { ", " };
            write!(formatter, "{comma}...values: {types}")?;
        }
        write!(formatter, ") -> {}", self.result)
    }
}
