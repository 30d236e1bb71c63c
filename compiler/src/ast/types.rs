//! Type annotations.

use super::Name;
use crate::span::Span;

/// A type as written behind `:` or `->`.
#[derive(Clone, PartialEq, Debug)]
pub struct Type<'s> {
    /// What is written.
    pub kind: TypeKind<'s>,
    /// Where.
    pub span: Span,
}

/// The forms of a type annotation.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind<'s> {
    /// `Int`, `List<Int>`.
    Name {
        /// Name of the type.
        name: Name<'s>,
        /// What stands between `<` and `>`.
        arguments: Vec<Type<'s>>,
    },
    /// `T?`: a `T` or nil.
    Optional(Box<Type<'s>>),
    /// `A | B`; at least two.
    Union(Vec<Type<'s>>),
}
