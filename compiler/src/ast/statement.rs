//! Statements.

use super::{AssignOperator, Block, Expression, Function, Name, Parameter, Pattern, Type};
use crate::span::Span;

/// A statement.
#[derive(Clone, PartialEq, Debug)]
pub struct Statement<'s> {
    /// What it says.
    pub kind: StatementKind<'s>,
    /// Where it stands, without the separator.
    pub span: Span,
}

/// The forms of a statement.
#[derive(Clone, PartialEq, Debug)]
pub enum StatementKind<'s> {
    /// An expression for its value or its effect.
    Expression(Expression<'s>),
    /// `let p: T = e`
    Let {
        /// What is bound.
        pattern: Pattern<'s>,
        /// `: T`
        annotation: Option<Type<'s>>,
        /// The value.
        value: Expression<'s>,
        /// The `##` lines before it.
        doc: Option<String>,
    },
    /// `const K: T = e`
    Const {
        /// What is bound.
        name: Name<'s>,
        /// `: T`
        annotation: Option<Type<'s>>,
        /// The value.
        value: Expression<'s>,
        /// The `##` lines before it.
        doc: Option<String>,
    },
    /// `x = e`, `x[i].f += e`
    Assign {
        /// What is assigned to.
        target: Target<'s>,
        /// How.
        operator: AssignOperator,
        /// Where the operator stands.
        operator_span: Span,
        /// The right side.
        value: Expression<'s>,
    },
    /// `fn f(…) { … }`; the name is always there.
    Function(Box<Function<'s>>),
    /// `struct Point { x: Int, y: Int = 5 }`
    Struct {
        /// Name of the type.
        name: Name<'s>,
        /// Its fields in order.
        fields: Vec<StructField<'s>>,
        /// The `##` lines before it.
        doc: Option<String>,
    },
    /// `enum Shape { Circle(r), Unit }`
    Enum {
        /// Name of the type.
        name: Name<'s>,
        /// Its variants in order.
        variants: Vec<EnumVariant<'s>>,
        /// The `##` lines before it.
        doc: Option<String>,
    },
    /// `trait Area { fn area(self) }`
    Trait {
        /// Name of the trait.
        name: Name<'s>,
        /// Its methods.
        methods: Vec<TraitMethod<'s>>,
        /// The `##` lines before it.
        doc: Option<String>,
    },
    /// `impl Point { … }`, `impl Area for Point { … }`
    Impl {
        /// The trait before `for`.
        trait_name: Option<Name<'s>>,
        /// The type.
        type_name: Name<'s>,
        /// The methods; each has a name.
        methods: Vec<Function<'s>>,
    },
    /// `type Name = T`
    TypeAlias {
        /// The new name.
        name: Name<'s>,
        /// What it stands for.
        aliased: Type<'s>,
    },
    /// `import "path"`, `import "path" as m`
    Import {
        /// The path as written.
        path: Label<'s>,
        /// `as m`
        alias: Option<Name<'s>>,
    },
    /// `from "path" import a, b as c`
    FromImport {
        /// The path as written.
        path: Label<'s>,
        /// What is imported; at least one.
        names: Vec<ImportedName<'s>>,
    },
    /// `for p in e when c { … } else { … }`, `parallel for p in e { … }`
    For {
        /// The loop variable. `for a, b in …` is a tuple pattern.
        pattern: Pattern<'s>,
        /// What is iterated.
        iterable: Expression<'s>,
        /// `when c`
        condition: Option<Expression<'s>>,
        /// The body.
        body: Block<'s>,
        /// `else { … }`: runs when the loop was not left by `break`.
        otherwise: Option<Block<'s>>,
        /// Whether it was `parallel for`; then there is neither condition nor `otherwise`.
        parallel: bool,
    },
    /// `while c { … }`
    While {
        /// Tested before each round.
        condition: Expression<'s>,
        /// The body.
        body: Block<'s>,
    },
    /// `unless c { … } else { … }`
    Unless {
        /// The condition.
        condition: Expression<'s>,
        /// Runs when it is falsy.
        body: Block<'s>,
        /// Runs when it is truthy.
        otherwise: Option<Block<'s>>,
    },
    /// `guard c else { … }`
    Guard {
        /// The condition.
        condition: Expression<'s>,
        /// Runs when it is falsy, and must leave the scope.
        otherwise: Block<'s>,
    },
    /// `with e { … }`
    With {
        /// The record whose fields become variables.
        record: Expression<'s>,
        /// The body.
        body: Block<'s>,
    },
    /// `pipeline name { … }`, `pipeline name(p) { … }`
    Pipeline {
        /// A name that is bound, or a text that is not.
        label: Label<'s>,
        /// Whether the label is a name, which is bound.
        binds: bool,
        /// `None` without parentheses: then it runs at once.
        parameters: Option<Vec<Parameter<'s>>>,
        /// The body.
        body: Block<'s>,
        /// The `##` lines before it.
        doc: Option<String>,
    },
    /// `stage name -> e`
    Stage {
        /// The name that is bound; a text is bound only if it is an identifier.
        label: Label<'s>,
        /// Whether the label is bound.
        binds: bool,
        /// What is evaluated.
        value: Expression<'s>,
    },
    /// `defer e`
    Defer(Expression<'s>),
    /// `assert c, message`
    Assert {
        /// What must hold. Its span gives the default message.
        condition: Expression<'s>,
        /// The text of the failure.
        message: Option<Expression<'s>>,
    },
    /// `return e`
    Return(Option<Expression<'s>>),
    /// `break`; always inside a loop of the same function.
    Break,
    /// `continue`; always inside a loop of the same function.
    Continue,
    /// `yield e`; always inside a `fn*`.
    Yield(Expression<'s>),
}

/// The left side of an assignment: a variable, then fields and indexes.
#[derive(Clone, PartialEq, Debug)]
pub struct Target<'s> {
    /// The variable.
    pub name: Name<'s>,
    /// What follows it, from left to right; often nothing.
    pub steps: Vec<TargetStep<'s>>,
    /// All of it.
    pub span: Span,
}

/// One step into an assigned value.
#[derive(Clone, PartialEq, Debug)]
pub enum TargetStep<'s> {
    /// `.name`
    Field(Name<'s>),
    /// `[e]`
    Index {
        /// The index.
        index: Expression<'s>,
        /// With the brackets.
        span: Span,
    },
}

/// A name or a text that labels something: a module path, a pipeline, a stage.
#[derive(Clone, PartialEq, Debug)]
pub struct Label<'s> {
    /// The text, escapes resolved.
    pub text: std::borrow::Cow<'s, str>,
    /// With the quotes.
    pub span: Span,
}

/// A field of a struct.
#[derive(Clone, PartialEq, Debug)]
pub struct StructField<'s> {
    /// Its name; any word.
    pub name: Name<'s>,
    /// `: T`
    pub annotation: Option<Type<'s>>,
    /// `= e`
    pub default: Option<Expression<'s>>,
}

/// A variant of an enum.
#[derive(Clone, PartialEq, Debug)]
pub struct EnumVariant<'s> {
    /// Its name.
    pub name: Name<'s>,
    /// The names of its fields; `None` without parentheses.
    pub fields: Option<Vec<Name<'s>>>,
}

/// A method of a trait.
#[derive(Clone, PartialEq, Debug)]
pub struct TraitMethod<'s> {
    /// Signature and default body. Without a body its block is empty.
    pub function: Function<'s>,
    /// Whether there is no default body, so that each impl must bring its own.
    pub required: bool,
}

/// One name of `from "path" import a, b as c`.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportedName<'s> {
    /// Its name in the module.
    pub name: Name<'s>,
    /// `as c`
    pub alias: Option<Name<'s>>,
}
