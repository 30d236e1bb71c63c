//! From tokens to the syntax tree.
//!
//! Chumsky drives the parse: its [`InputRef`](chumsky::input::InputRef) is the place in the tokens, its
//! state carries what the grammar must remember, its error list takes what recovery reports. Operators
//! (`operator`) are a loop with levels, because of the pipe rule; most other rules are functions that look
//! at the next token and decide; small closed ones are combinators.
//!
//! A rule that fails returns an error and leaves the place where it is. Lists of statements
//! (`block`) report it, skip to the next statement, and go on.

mod block;
mod call;
mod collection;
mod control;
mod cursor;
mod declaration;
mod expression;
mod function;
mod header;
mod hint;
mod interpolation;
mod operator;
mod pattern;
mod primary;
mod statement;
mod types;

use crate::ast::Program;
use crate::diagnostic::{Diagnostic, MAX_ERRORS};
use crate::failure::Failure;
use crate::span::Span;
use crate::token::{Comment, Lexeme};
use chumsky::Parser;
use chumsky::inspector::SimpleState;
use chumsky::primitive::custom;
use cursor::Reader;

/// How many levels deep expressions, blocks, patterns and types may be nested.
pub const MAX_NESTING: u32 = 500;

/// How high the tree may grow over all: nesting, and the operators of a chain such as `a + b + c …`, whose
/// tree leans to the left.
pub const MAX_CHAIN: u32 = 1000;

/// What a parse gives: a tree of everything that could be read, and what could not.
#[derive(Clone, Debug, Default)]
pub struct Parsed<'s> {
    /// The tree; whole only if there are no errors.
    pub program: Program<'s>,
    /// The errors, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the first thing that is wrong is that the text ends too early.
    pub ends_early: bool,
}

/// What the grammar must remember.
pub(crate) struct State<'t, 's> {
    source: &'s str,
    comments: &'t [Comment],
    /// Index of the first token of the latest statement that may be an expression.
    statement_start: usize,
    /// Levels that are open here.
    nesting: u32,
    /// Height of the tallest tree that was built since [`operator`] last looked.
    height: u32,
    /// Loops of the current function that are open here.
    loops: Vec<LoopKind>,
    /// Whether the current function is a generator.
    in_generator: bool,
    /// What is around the expression that is being read.
    surroundings: Surroundings,
    /// Number of errors so far.
    errors: usize,
    /// Whether the first error was the end of the text.
    ends_early: bool,
    /// The end of the text has been complained about.
    reported_end: bool,
    /// Nothing more is worth reading.
    stopped: bool,
}

/// A loop, as far as `break` and `continue` are concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LoopKind {
    Ordinary,
    Parallel,
}

/// What is around an expression, as far as it decides how to read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Surroundings {
    /// The braces of a block or record, or the whole text: newlines count.
    Block,
    /// `( )` or `[ ]`: newlines do not count, and a lambda body may be statements.
    Group,
    /// The header of an `if`, `for` and so on: a `{` opens its body.
    Header,
}

/// The result of a rule.
type Rule<T> = Result<T, Failure>;

/// Parses tokens that have gone through [`crate::layout`].
pub fn parse<'s>(source: &'s str, tokens: &[Lexeme<'s>], comments: &[Comment]) -> Parsed<'s> {
    let mut state = SimpleState(State {
        source,
        comments,
        statement_start: 0,
        nesting: 0,
        height: 0,
        loops: Vec::new(),
        in_generator: false,
        surroundings: Surroundings::Block,
        errors: 0,
        ends_early: false,
        reported_end: false,
        stopped: false,
    });
    let (program, failures) = custom(program).parse_with_state(tokens, &mut state).into_output_errors();
    let mut diagnostics: Vec<Diagnostic> = crate::failure::diagnostics(failures).collect();
    diagnostics.truncate(MAX_ERRORS);
    Parsed { program: program.unwrap_or_default(), diagnostics, ends_early: state.ends_early }
}

fn program<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Program<'s>> {
    let statements = block::statements(reader, block::Until::End);
    let end = reader.state().source.len() as u32;
    while reader.next().is_some() {}
    Ok(Program { statements, span: Span::new(0, end) })
}
