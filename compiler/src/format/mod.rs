//! The formatter: one layout for every script.
//!
//! 1. [`script`] puts tokens, comments and line ends of the text side by side;
//! 2. the printers (`statement`, `expression` and so on) walk over the syntax tree, take the tokens in their order, and
//!    build a [`document`]: text with places where a line may end;
//! 3. [`render`] decides which of these places are taken;
//! 4. [`faithful`] compares the result with the script. One that means something else is never given out.
//!
//! A few decisions are those of the author: whether a block stays on one line, whether the elements of a list have a
//! line each, whether a pipe goes over several lines, and where there are empty lines. All else follows from the tree and
//! the width of a line.

mod block;
mod collection;
mod control;
mod declaration;
mod document;
mod expression;
mod faithful;
mod function;
mod list;
mod operator;
mod pattern;
mod postfix;
mod printer;
mod render;
mod script;
mod statement;

use crate::diagnostic::Diagnostic;
use crate::source::SourceText;
use crate::{lexer, parse};
use printer::Printer;
use script::Script;
use std::borrow::Cow;

/// Blanks for each level of indentation.
pub const INDENTATION: usize = 2;

/// How many characters a line has, if what stands in it can be broken.
pub const LINE_WIDTH: usize = 100;

/// How often a result is formatted again until it does not change any more. A line break that the first round had to
/// take can be one that the second round finds kept on purpose, and what is around it may then be laid out anew.
const MOST_ROUNDS: usize = 8;

/// Why a script has not been formatted.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// It has errors.
    Errors(Vec<Diagnostic>),
    /// The result would have been another script; that is a defect of the formatter. Where, in words.
    Defect(String),
}

/// The formatted text of a script.
pub fn format(source: &SourceText) -> Result<String, Refusal> {
    // errors have their places in the text as it is
    parse(source).map_err(Refusal::Errors)?;
    let original = SourceText::new(source.name(), without_carriage_returns(source.text()));
    let mut formatted = SourceText::new(source.name(), once(&original)?);
    for _ in 1..MOST_ROUNDS {
        let again = once(&formatted)?;
        if again == formatted.text() {
            break;
        }
        formatted = SourceText::new(source.name(), again);
    }
    match faithful::difference(&original, &formatted) {
        None => Ok(formatted.text().to_owned()),
        Some(place) => Err(Refusal::Defect(place)),
    }
}

/// One round of formatting.
fn once(source: &SourceText) -> Result<String, Refusal> {
    let program = parse(source).map_err(|_| Refusal::Defect("in its second round".to_owned()))?;
    let script = Script::new(source.text(), lexer::lex(source.text()));
    let mut printer = Printer::new(&script);
    let document = printer.program(&program.statements);
    if !printer.is_done() {
        let position = source.position(printer.offset());
        return Err(Refusal::Defect(format!("near {position}")));
    }
    Ok(render::render(&document))
}

/// The text with `\n` at the end of each line. That changes no value: in literals too, every line end is a `\n`.
fn without_carriage_returns(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}
