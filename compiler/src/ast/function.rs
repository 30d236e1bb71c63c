//! Functions, in all their spellings.

use super::{Block, Decorator, Expression, Name, Pattern, Type};
use crate::span::Span;

/// A function: `fn` statement, lambda, `fn(x) { … }` as a value, `do … end` block, trait or impl method.
#[derive(Clone, PartialEq, Debug)]
pub struct Function<'s> {
    /// `None` for functions that are written as a value.
    pub name: Option<Name<'s>>,
    /// Which spelling it was.
    pub form: FunctionForm,
    /// What it takes.
    pub parameters: Vec<Parameter<'s>>,
    /// What it does. An expression body is a block of one expression statement.
    pub body: Block<'s>,
    /// `async fn`, `async |x| …`.
    pub is_async: bool,
    /// `fn*`.
    pub is_generator: bool,
    /// Top one first; they apply from the bottom up.
    pub decorators: Vec<Decorator<'s>>,
    /// The `##` lines before it.
    pub doc: Option<String>,
    /// `where e`: must hold before the body runs.
    pub where_clause: Option<Expression<'s>>,
    /// `-> (lo: Int, hi: Int)`; empty without.
    pub named_returns: Vec<NamedReturn<'s>>,
    /// `-> T`.
    pub return_type: Option<Type<'s>>,
    /// From `fn`, `|` or `do` (from `async`, if it is there) to the end of the body.
    pub span: Span,
}

/// The spelling of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FunctionForm {
    /// `fn f(x) { … }` as a statement, in a trait or in an impl.
    Statement,
    /// `|x| x + 1`
    Lambda,
    /// `fn(x) { … }` as a value.
    Anonymous,
    /// `do |x| … end`
    DoBlock,
}

/// One parameter.
#[derive(Clone, PartialEq, Debug)]
pub struct Parameter<'s> {
    /// A name; in lambdas also a pattern.
    pub pattern: Pattern<'s>,
    /// `...rest`.
    pub is_rest: bool,
    /// `: T`.
    pub annotation: Option<Type<'s>>,
    /// `= e` (or a literal behind `:`).
    pub default: Option<Expression<'s>>,
    /// All of it.
    pub span: Span,
}

/// One of the names in `-> (lo: Int, hi: Int)`.
#[derive(Clone, PartialEq, Debug)]
pub struct NamedReturn<'s> {
    /// The field of the resulting record.
    pub name: Name<'s>,
    /// Its type.
    pub annotation: Type<'s>,
}
