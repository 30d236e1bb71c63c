//! Expressions.

use super::{BinaryOperator, Block, Function, LogicalOperator, Name, Pattern, UnaryOperator};
use crate::span::Span;
use std::borrow::Cow;

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expression<'s> {
    /// What it says.
    pub kind: ExpressionKind<'s>,
    /// Where it stands; of a grouped expression, with the parentheses.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, PartialEq, Debug)]
pub enum ExpressionKind<'s> {
    // --- literals -------------------------------------------------------------------------------
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// `42`, `0xFF`, and `-9223372036854775808`
    Int(i64),
    /// `2.5`, `1e3`
    Float(f64),
    /// Any text without interpolation; escapes and indentation are resolved.
    Str(Cow<'s, str>),
    /// `f"…"`
    Interpolated(Vec<TextPart<'s>>),
    /// `dna"…"` and its like.
    Sequence {
        /// Which alphabet.
        kind: SequenceKind,
        /// The letters, upper-case; of `qual"…"` the characters as written (score + 33).
        letters: Cow<'s, str>,
    },
    /// `/pattern/flags`
    Regex {
        /// The pattern; `\/` is already `/`.
        pattern: Cow<'s, str>,
        /// Any of `i g m s`.
        flags: &'s str,
    },

    // --- names and collections ------------------------------------------------------------------
    /// A variable, function, builtin, type.
    Name(&'s str),
    /// `[a, ...b]`
    List(Vec<Item<'s>>),
    /// `#{a, ...b}`
    Set(Vec<Item<'s>>),
    /// `(a, ...b)`, `(a,)`, `()`
    Tuple(Vec<Item<'s>>),
    /// `{a: 1, "b": 2, [c]: 3, d, ...e}`
    Record(Vec<Entry<'s>>),
    /// `Point { x: 1 }`
    StructLiteral {
        /// The struct: a name, or a field of a module.
        constructor: Box<Expression<'s>>,
        /// The fields.
        fields: Vec<(Name<'s>, Expression<'s>)>,
    },
    /// `[e for p in xs if c]`
    ListComprehension {
        /// Evaluated for each round.
        element: Box<Expression<'s>>,
        /// Outermost first; at least one.
        clauses: Vec<ForClause<'s>>,
    },
    /// `{k: v for p in xs if c}`
    MapComprehension {
        /// The key, an expression. A text is that text.
        key: Box<Expression<'s>>,
        /// The value.
        value: Box<Expression<'s>>,
        /// Outermost first; at least one.
        clauses: Vec<ForClause<'s>>,
    },

    // --- operators ------------------------------------------------------------------------------
    /// `-x`, `!x`, `not x`
    Unary {
        /// Which.
        operator: UnaryOperator,
        /// Where it stands.
        operator_span: Span,
        /// The operand.
        operand: Box<Expression<'s>>,
    },
    /// `await x`
    Await(Box<Expression<'s>>),
    /// `a + b`, `a == b`, `a not in b` …
    Binary {
        /// Which.
        operator: BinaryOperator,
        /// Where it stands.
        operator_span: Span,
        /// Evaluated first.
        left: Box<Expression<'s>>,
        /// Evaluated second.
        right: Box<Expression<'s>>,
    },
    /// `a && b`, `a || b`, `a ?? b`
    Logical {
        /// Which.
        operator: LogicalOperator,
        /// Where it stands.
        operator_span: Span,
        /// Always evaluated.
        left: Box<Expression<'s>>,
        /// Evaluated only when it matters.
        right: Box<Expression<'s>>,
    },
    /// `a < b <= c`, `a == b == c`: each neighbouring pair must hold, each operand is evaluated once.
    Chain {
        /// The leftmost operand.
        first: Box<Expression<'s>>,
        /// Operator, its place, right operand; at least two.
        rest: Vec<(BinaryOperator, Span, Expression<'s>)>,
    },
    /// `a..b`, `a..=b`
    Range {
        /// First value.
        start: Box<Expression<'s>>,
        /// Last value, or the one behind it.
        end: Box<Expression<'s>>,
        /// Whether `end` belongs to the range.
        inclusive: bool,
        /// Where `..` stands.
        operator_span: Span,
    },
    /// `e as Int`
    Cast {
        /// What is converted.
        value: Box<Expression<'s>>,
        /// Into what.
        type_name: Name<'s>,
    },
    /// `~ a + b`, `y ~ a + b` as `~ y ~ a + b`: kept unevaluated.
    Formula {
        /// What stands between the two `~`, if there are two.
        response: Option<Box<Expression<'s>>>,
        /// What stands behind the last `~`.
        terms: Box<Expression<'s>>,
    },

    // --- calls and access -----------------------------------------------------------------------
    /// `f(a, b)`
    Call {
        /// What is called.
        callee: Box<Expression<'s>>,
        /// With what.
        arguments: Vec<Argument<'s>>,
    },
    /// `x.f(a, b)`, `x?.f(a)`
    MethodCall {
        /// What stands before the point.
        receiver: Box<Expression<'s>>,
        /// The name behind it.
        name: Name<'s>,
        /// With what.
        arguments: Vec<Argument<'s>>,
        /// Whether it was `?.`.
        optional: bool,
    },
    /// `x.f`, `x?.f`
    Field {
        /// What stands before the point.
        object: Box<Expression<'s>>,
        /// The name behind it; any word.
        name: Name<'s>,
        /// Whether it was `?.`.
        optional: bool,
    },
    /// `pair.0`
    Position {
        /// What stands before the point.
        object: Box<Expression<'s>>,
        /// Counted from 0.
        index: u32,
        /// Where the number stands.
        index_span: Span,
        /// Whether it was `?.`.
        optional: bool,
    },
    /// `x[i]`
    Index {
        /// What stands before the bracket.
        object: Box<Expression<'s>>,
        /// What stands inside; a range written in place is a [`Slice`](ExpressionKind::Slice).
        index: Box<Expression<'s>>,
    },
    /// `x[a:b:s]`, `x[a..b]`, `x[a..=b]`; ends may be missing.
    Slice {
        /// What stands before the bracket.
        object: Box<Expression<'s>>,
        /// Before the first `:` or the `..`.
        start: Option<Box<Expression<'s>>>,
        /// Behind it.
        end: Option<Box<Expression<'s>>>,
        /// Behind the second `:`.
        step: Option<Box<Expression<'s>>>,
        /// Whether it was written with `..` or `..=`.
        range_form: bool,
        /// Whether it was `..=`.
        inclusive: bool,
    },
    /// `left |> target`
    Pipe {
        /// What flows in.
        left: Box<Expression<'s>>,
        /// A call that takes it as first argument, or a function that is called with it.
        target: Box<Expression<'s>>,
        /// Where `|>` stands.
        operator_span: Span,
    },
    /// `left |>> target`: as a pipe, but the value is that of `left`.
    Tap {
        /// What flows in, and on.
        left: Box<Expression<'s>>,
        /// As in a pipe.
        target: Box<Expression<'s>>,
        /// Where `|>>` stands.
        operator_span: Span,
    },
    /// `left |> into name`
    PipeInto {
        /// The value, also of the whole.
        left: Box<Expression<'s>>,
        /// The variable it is bound to, in the scope around.
        name: Name<'s>,
    },
    /// `left |> then name -> body`
    PipeThen {
        /// The value.
        left: Box<Expression<'s>>,
        /// The variable it is bound to within `body`.
        name: Name<'s>,
        /// The value of the whole.
        body: Box<Expression<'s>>,
    },

    // --- blocks and control ---------------------------------------------------------------------
    /// `{ … }`
    Block(Block<'s>),
    /// A lambda, `fn(x) { … }` or `do … end`.
    Function(Box<Function<'s>>),
    /// `if`, `if … then`, `x if c else y`.
    If {
        /// `if`, then each `else if`; at least one.
        branches: Vec<Branch<'s>>,
        /// `else`
        otherwise: Option<Block<'s>>,
    },
    /// `match e { … }`
    Match {
        /// What is looked at.
        subject: Box<Expression<'s>>,
        /// Tried in order.
        arms: Vec<MatchArm<'s>>,
    },
    /// `given { … }`
    Given {
        /// Tried in order.
        arms: Vec<GivenArm<'s>>,
    },
    /// `try { … } catch e { … }`
    Try {
        /// What may fail.
        body: Box<Block<'s>>,
        /// Name of the error in the handler; without one it is called `error`. May be `_`.
        error: Option<Name<'s>>,
        /// What then happens.
        handler: Box<Block<'s>>,
    },
    /// `retry(n, delay: ms) { … }`
    Retry {
        /// How often at most.
        attempts: Box<Expression<'s>>,
        /// Milliseconds between two attempts.
        delay: Option<Box<Expression<'s>>>,
        /// What may fail.
        body: Block<'s>,
    },
}

/// The alphabet of a sequence literal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SequenceKind {
    /// `dna"…"`
    Dna,
    /// `rna"…"`
    Rna,
    /// `protein"…"`
    Protein,
    /// `qual"…"`
    Quality,
}

impl SequenceKind {
    /// The name of the type.
    pub const fn type_name(self) -> &'static str {
        match self {
            SequenceKind::Dna => "DNA",
            SequenceKind::Rna => "RNA",
            SequenceKind::Protein => "Protein",
            SequenceKind::Quality => "Quality",
        }
    }

    /// What stands before the quotes.
    pub const fn prefix(self) -> &'static str {
        match self {
            SequenceKind::Dna => "dna",
            SequenceKind::Rna => "rna",
            SequenceKind::Protein => "protein",
            SequenceKind::Quality => "qual",
        }
    }
}

/// A piece of an f-string.
#[derive(Clone, PartialEq, Debug)]
pub enum TextPart<'s> {
    /// Text between the braces; escapes and indentation are resolved.
    Text(Cow<'s, str>),
    /// `{expression:spec}`
    Value {
        /// What is inserted.
        expression: Expression<'s>,
        /// How.
        spec: Option<FormatSpec<'s>>,
    },
}

/// What stands behind `:` in an f-string's braces.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FormatSpec<'s> {
    /// As written.
    pub text: &'s str,
    /// Where.
    pub span: Span,
}

/// An element of a list, set or tuple.
#[derive(Clone, PartialEq, Debug)]
pub enum Item<'s> {
    /// One value.
    Value(Expression<'s>),
    /// `...e`: all elements of `e`.
    Spread(Expression<'s>),
}

/// An entry of a record.
#[derive(Clone, PartialEq, Debug)]
pub enum Entry<'s> {
    /// `name: e`
    Named {
        /// The key; any word.
        key: Name<'s>,
        /// The value.
        value: Expression<'s>,
    },
    /// `"any text": e`
    Text {
        /// The key, escapes resolved.
        key: Cow<'s, str>,
        /// Where the text stands.
        key_span: Span,
        /// The value.
        value: Expression<'s>,
    },
    /// `[k]: e`
    Computed {
        /// The key.
        key: Expression<'s>,
        /// The value.
        value: Expression<'s>,
    },
    /// `name` for `name: name`
    Shorthand(Name<'s>),
    /// `...e`: all entries of `e`.
    Spread(Expression<'s>),
}

/// An argument of a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Argument<'s> {
    /// `e`
    Positional(Expression<'s>),
    /// `name: e`, `name = e`, `"name" = e`
    Named {
        /// The parameter; any word.
        name: Name<'s>,
        /// The value.
        value: Expression<'s>,
    },
    /// `...e`: a list of positionals or a record of named ones.
    Spread(Expression<'s>),
    /// `.a.b` for `|r| r.a.b`
    FieldShorthand {
        /// The fields from left to right; at least one.
        path: Vec<Name<'s>>,
        /// All of it, with the first point.
        span: Span,
    },
}

/// `for p in e if c` of a comprehension.
#[derive(Clone, PartialEq, Debug)]
pub struct ForClause<'s> {
    /// The loop variable.
    pub pattern: Pattern<'s>,
    /// What is iterated.
    pub iterable: Expression<'s>,
    /// `if c`
    pub condition: Option<Expression<'s>>,
}

/// Condition and body of an `if` or `else if`.
#[derive(Clone, PartialEq, Debug)]
pub struct Branch<'s> {
    /// The condition.
    pub condition: Expression<'s>,
    /// What happens when it holds.
    pub body: Block<'s>,
}

/// An arm of `match`.
#[derive(Clone, PartialEq, Debug)]
pub struct MatchArm<'s> {
    /// What the value must look like.
    pub pattern: Pattern<'s>,
    /// `if c`
    pub guard: Option<Expression<'s>>,
    /// The value of the arm.
    pub body: Block<'s>,
}

/// An arm of `given`.
#[derive(Clone, PartialEq, Debug)]
pub struct GivenArm<'s> {
    /// `None` for `otherwise`.
    pub condition: Option<Expression<'s>>,
    /// The value of the arm.
    pub body: Block<'s>,
}
