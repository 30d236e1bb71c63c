//! Patterns: the left side of `let`, loop variables, parameters, `match` arms.

use super::{Expression, Name};
use crate::span::Span;

/// A pattern.
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern<'s> {
    /// What it says.
    pub kind: PatternKind<'s>,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a pattern.
///
/// Outside of `match` only [`Wildcard`](PatternKind::Wildcard), [`Name`](PatternKind::Name),
/// [`List`](PatternKind::List), [`Tuple`](PatternKind::Tuple) and [`Record`](PatternKind::Record) occur.
#[derive(Clone, PartialEq, Debug)]
pub enum PatternKind<'s> {
    /// `_`, and `otherwise` in `match`: anything, bound to nothing.
    Wildcard,
    /// A name that is bound to the value. In `match` it begins with a lower-case letter or `_`.
    Name(&'s str),
    /// A number (a minus is already applied), text, sequence, `true`, `false`, `nil`.
    Literal(Box<Expression<'s>>),
    /// `1..10`, `'a'..='f'`: both ends are literals.
    Range {
        /// Lowest value.
        start: Box<Expression<'s>>,
        /// Highest value, or the one behind it.
        end: Box<Expression<'s>>,
        /// Whether `end` itself matches.
        inclusive: bool,
    },
    /// A capitalised name in `match`: `Red`, `Circle(r)`, `Shape.Circle(r)`, and the type test `Int(n)`.
    Variant {
        /// What stands before `.` or `::`.
        namespace: Option<Name<'s>>,
        /// The variant or type.
        name: Name<'s>,
        /// `None` without parentheses.
        arguments: Option<Vec<Pattern<'s>>>,
    },
    /// `Point {x, y: p}` in `match`.
    Struct {
        /// Name of the struct.
        name: Name<'s>,
        /// The fields that must match.
        fields: Vec<FieldPattern<'s>>,
        /// `...rest`: what is left, as a record.
        rest: Option<Name<'s>>,
    },
    /// `[a, b, ...rest]`.
    List {
        /// What stands before the rest.
        elements: Vec<Pattern<'s>>,
        /// `...rest`: what is left, as a list. The name may be `_`.
        rest: Option<Name<'s>>,
    },
    /// `(a, b, ...rest)`; also `a, b` in `for`.
    Tuple {
        /// What stands before the rest.
        elements: Vec<Pattern<'s>>,
        /// `...rest`: what is left, as a list. The name may be `_`.
        rest: Option<Name<'s>>,
    },
    /// `{a, b: p, c = 5, ...rest}`.
    Record {
        /// The fields.
        fields: Vec<FieldPattern<'s>>,
        /// `...rest`: what is left, as a record. The name may be `_`.
        rest: Option<Name<'s>>,
    },
    /// `p | q`; at least two, only in `match`.
    Alternatives(Vec<Pattern<'s>>),
}

/// One field of a record or struct pattern.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldPattern<'s> {
    /// The field that is read.
    pub field: Name<'s>,
    /// What its value must match. For `{a}` it is the name `a`.
    pub pattern: Pattern<'s>,
    /// `= e`: the value when the field is missing.
    pub default: Option<Expression<'s>>,
}
