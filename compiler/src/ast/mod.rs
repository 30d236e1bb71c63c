//! The syntax tree: what a script says, before anybody asks what it means.
//!
//! The tree stays close to the text. Pipes, method calls, comprehensions and comparison chains are nodes
//! of their own; taking them apart is the business of lowering. Only the spelling is gone: `if c then x`,
//! `x if c else y` and `if c { x } else { y }` are one node, and so are the four ways to write a function.
//!
//! Names and most literal text borrow from the source, hence the lifetime `'s`.
//!
//! The parser bounds the height of the tree, so recursion over it is safe: see
//! [`crate::parser::MAX_NESTING`] and [`crate::parser::MAX_CHAIN`].

mod decorator;
mod expression;
mod function;
mod operator;
mod pattern;
mod statement;
mod types;
mod visit;

pub use decorator::{DECORATOR_NAMES, Decorator, DecoratorKind};
pub use expression::{
    Argument, Branch, Entry, Expression, ExpressionKind, ForClause, FormatSpec, GivenArm, Item, MatchArm,
    SequenceKind, TextPart,
};
pub use function::{Function, FunctionForm, NamedReturn, Parameter};
pub use operator::{AssignOperator, BinaryOperator, LogicalOperator, UnaryOperator};
pub use pattern::{FieldPattern, Pattern, PatternKind};
pub use statement::{
    EnumVariant, ImportedName, Label, Statement, StatementKind, StructField, Target, TargetStep, TraitMethod,
};
pub use types::{Type, TypeKind};
pub use visit::{Visitor, each_statement};

use crate::span::Span;

/// A whole source text.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Program<'s> {
    /// What it says, in order.
    pub statements: Vec<Statement<'s>>,
    /// The whole text.
    pub span: Span,
}

/// Statements with a scope of their own.
///
/// Bodies that are written without braces (`then x`, `|v| v + 1`, `=> "many"`) are a block of one statement.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Block<'s> {
    /// The statements; the value of the last one, if it is an expression, is the value of the block.
    pub statements: Vec<Statement<'s>>,
    /// With the braces, if there are any.
    pub span: Span,
}

/// A word of the source: the name of a variable, field, argument, type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Name<'s> {
    /// The word.
    pub text: &'s str,
    /// Where it stands.
    pub span: Span,
}
