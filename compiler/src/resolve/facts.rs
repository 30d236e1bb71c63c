//! What is known about variables and functions.

use crate::ast::{Function, PatternKind};
use crate::source::SourceText;
use crate::span::Span;

/// A variable of the script, by number.
pub type VariableId = usize;

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub declared: Span,
    /// What declares it.
    pub kind: VariableKind,
    /// The function that it belongs to.
    pub function: usize,
    /// Whether it is declared directly at the top level, so that there is only ever one of it.
    pub is_top_level: bool,
    /// The byte from which on it has its value.
    pub ready_at: u32,
    /// Whether a function other than its own uses it.
    pub is_captured: bool,
    /// Whether a closure captures it before it has its value.
    pub is_captured_early: bool,
    /// Whether it is assigned to after its declaration.
    pub is_reassigned: bool,
    /// Whether it is a declared function that captures nothing.
    pub is_static: bool,
    /// How often it is read.
    pub uses: usize,
    /// Where it is read, in ascending order.
    pub reads: Vec<u32>,
    /// Where it lives; decided at the end.
    pub storage: Storage,
}

/// What declares a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// `let`
    Let,
    /// `const`
    Const,
    /// A parameter of a function.
    Parameter,
    /// A loop, a comprehension, a `catch`, an arm of a `match` …
    Local,
    /// `fn`, with the number of the function.
    Function(usize),
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In a register of its function; closures take copies.
    Register,
    /// In a cell that its function and closures share.
    Cell,
    /// In the table of top-level variables.
    Global(usize),
    /// Nowhere: it is a function that captures nothing.
    Static,
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A variable.
    Variable(VariableId),
    /// A builtin.
    Builtin,
    /// A name inside of `with`, by its number in [`Resolution::with_names`](super::Resolution::with_names).
    InWith(usize),
}

/// A struct, or a variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructureFacts {
    /// Its name.
    pub name: String,
    /// The enum that it is a variant of; `None` for a struct.
    pub variant_of: Option<String>,
    /// Its fields, in order.
    pub fields: Vec<String>,
}

/// How a function is declared.
#[derive(Clone, Debug, Default)]
pub struct DeclaredFunction {
    /// Its name; empty for a lambda.
    pub name: String,
    /// Its parameters, but for one that collects the rest.
    pub parameters: Vec<DeclaredParameter>,
    /// Whether a last parameter collects the rest.
    pub has_rest: bool,
    /// `name(a, b = 2, ...rest)`
    pub signature: String,
}

/// A parameter of a declared function.
#[derive(Clone, Debug)]
pub struct DeclaredParameter {
    /// Its name; empty where a pattern takes the argument apart.
    pub name: String,
    /// Whether a call may leave it out.
    pub has_default: bool,
}

impl DeclaredFunction {
    /// How the function is declared in that text.
    pub(super) fn of(function: &Function<'_>, source: &SourceText) -> DeclaredFunction {
        let name = function.name.map_or("", |name| name.text);
        let has_rest = function.parameters.last().is_some_and(|parameter| parameter.is_rest);
        let fixed = &function.parameters[..function.parameters.len() - usize::from(has_rest)];
        let parameters = fixed.iter().map(|parameter| DeclaredParameter {
            name: match parameter.pattern.kind {
                PatternKind::Name(name) => name.to_owned(),
                _ => String::new(),
            },
            has_default: parameter.default.is_some(),
        });
        let texts = function.parameters.iter().map(|parameter| {
            let rest = if parameter.is_rest { "..." } else { "" };
            let pattern = source.slice(parameter.pattern.span);
            match &parameter.default {
                Some(default) => format!("{rest}{pattern} = {}", source.slice(default.span)),
                None => format!("{rest}{pattern}"),
            }
        });
        let texts = texts.collect::<Vec<_>>().join(", ");
        let signature = if name.is_empty() { format!("|{texts}| …") } else { format!("{name}({texts})") };
        DeclaredFunction { name: name.to_owned(), parameters: parameters.collect(), has_rest, signature }
    }
}

/// What is known about a function.
#[derive(Clone, Debug, Default)]
pub struct FunctionFacts {
    /// The byte at which its closure is made.
    pub made_at: u32,
    /// The variables of enclosing functions that it needs.
    pub captures: Vec<VariableId>,
}

/// Where a memoized function keeps its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryFacts {
    /// The variable that it captures.
    pub variable: VariableId,
    /// How many results it keeps at most; 0 for all.
    pub limit: i32,
}
