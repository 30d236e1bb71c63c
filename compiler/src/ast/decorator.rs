//! Decorators: what stands before a function and changes it.

use super::{Argument, Function, Name};
use crate::span::Span;

/// `@name` or `@name(arguments)` before a function.
#[derive(Clone, PartialEq, Debug)]
pub struct Decorator<'s> {
    /// The name without `@`.
    pub name: Name<'s>,
    /// `None` without parentheses.
    pub arguments: Option<Vec<Argument<'s>>>,
    /// From `@` to the end.
    pub span: Span,
}

/// What a decorator means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecoratorKind {
    /// `@memoize`, `@memo`, `@cache`: results are remembered by their arguments.
    Memoize,
    /// `@validate`: arguments are checked against the annotations.
    Validate,
    /// `@compile`, `@resources`: without effect.
    Ignored,
    /// A function of the script or a builtin, which is called with the decorated function.
    Custom,
}

/// The decorators of the language, for suggestions.
pub const DECORATOR_NAMES: [&str; 6] = ["memoize", "memo", "cache", "validate", "compile", "resources"];

impl Decorator<'_> {
    /// What it means. The names of the language come first: a function that is called `validate` is no decorator.
    pub fn kind(&self) -> DecoratorKind {
        match self.name.text {
            "memoize" | "memo" | "cache" => DecoratorKind::Memoize,
            "validate" => DecoratorKind::Validate,
            "compile" | "resources" => DecoratorKind::Ignored,
            _ => DecoratorKind::Custom,
        }
    }
}

impl<'s> Function<'s> {
    /// Whether a decorator is a function, so that the name is bound only when the declaration runs.
    pub fn has_custom_decorator(&self) -> bool {
        self.decorators.iter().any(|decorator| decorator.kind() == DecoratorKind::Custom)
    }

    /// The decorator that makes the function itself remember its results: not one above a decorator that may put another
    /// function in its place.
    pub fn memoizer(&self) -> Option<&Decorator<'s>> {
        let below =
            self.decorators.iter().rev().take_while(|decorator| decorator.kind() != DecoratorKind::Custom);
        below.into_iter().find(|decorator| decorator.kind() == DecoratorKind::Memoize)
    }

    /// The decorator because of which the function checks its arguments, wherever it stands.
    pub fn validator(&self) -> Option<&Decorator<'s>> {
        self.decorators.iter().find(|decorator| decorator.kind() == DecoratorKind::Validate)
    }

    /// The decorators that are called with the function that is there, in the order in which that happens.
    pub fn wrappers(&self) -> impl Iterator<Item = &Decorator<'s>> {
        let upward = self.decorators.iter().rev();
        upward
            .skip_while(|decorator| decorator.kind() != DecoratorKind::Custom)
            .filter(|decorator| matches!(decorator.kind(), DecoratorKind::Custom | DecoratorKind::Memoize))
    }
}
