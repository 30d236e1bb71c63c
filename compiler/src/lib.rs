//! The BioLang compiler: source text to a bytecode program.
//!
//! A script goes through the modules in this order:
//!
//! 1. [`source`] holds the text and knows its lines;
//! 2. [`lexer`] splits it into [`token`]s; newlines are tokens, comments are kept aside;
//! 3. [`layout`] removes the newlines that separate nothing;
//! 4. [`parser`] builds the syntax tree of [`ast`];
//! 5. what is wrong becomes a list of [`diagnostic`]s, which [`diagnostic::render`] turns into a report.
//!
//! [`dump`] shows what each stage made of a script; [`format`] lays out its text.
//!
//! ```
//! use biovm_compiler::{parse, dump, source::SourceText};
//!
//! let source = SourceText::new("example.bl", "xs |> mean() * 100");
//! let program = parse(&source).expect("no errors");
//! assert_eq!(dump::compact(&program), "(* (|> xs (call mean)) 100)");
//! ```
#![forbid(unsafe_code)]

pub mod span;

pub mod source;

pub mod token;

pub mod lexer;

pub mod layout;

pub mod ast;

pub mod parser;

pub mod diagnostic;

pub mod dump;

pub mod format;

pub mod resolve;

pub mod lower;

pub mod module;

mod failure;

mod keyword;

use diagnostic::Diagnostic;
use source::SourceText;
use std::sync::Arc;

/// Parses a script. The errors, if there are any, are sorted by place; there are at most
/// [`diagnostic::MAX_ERRORS`] of them.
pub fn parse(source: &SourceText) -> Result<ast::Program<'_>, Vec<Diagnostic>> {
    let parsed = parse_partially(source);
    if parsed.diagnostics.is_empty() { Ok(parsed.program) } else { Err(parsed.diagnostics) }
}

/// Parses as much of a script as can be read. The tree is whole only if there are no diagnostics.
pub fn parse_partially(source: &SourceText) -> parser::Parsed<'_> {
    let lexed = lexer::lex(source.text());
    let tokens = layout::remove_insignificant_newlines(lexed.tokens);
    let mut parsed = parser::parse(source.text(), &tokens, &lexed.comments);
    if lexed.diagnostics.iter().any(|error| error.code == diagnostic::code::UNTERMINATED_STRING) {
        // a quote is missing, so the parser has read strings as code and code as strings
        parsed.diagnostics.clear();
    }
    parsed.ends_early = lexed.unterminated || (lexed.diagnostics.is_empty() && parsed.ends_early);
    parsed.diagnostics.extend(lexed.diagnostics);
    parsed.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    parsed.diagnostics.truncate(diagnostic::MAX_ERRORS);
    parsed
}

/// The tokens of a script, with all newlines, and its comments.
pub fn tokens(source: &SourceText) -> lexer::Lexed<'_> {
    lexer::lex(source.text())
}

/// A compiled script.
pub struct Compiled {
    /// The program, which verifies.
    pub program: biovm_bytecode::Program,
    /// What the compiler noticed; nothing that would stop the script.
    pub warnings: Vec<Diagnostic>,
    /// The modules that are part of the program, and those of [`Options::modules`]: what the next entry of a session
    /// gets.
    pub modules: Vec<Arc<module::Module>>,
    /// The structs and variants that variables of the top level make, by their names: those of the script and, in a session, of the entries before.
    pub structures: Vec<(String, resolve::StructureFacts)>,
}

/// What the compiler needs to know besides the script.
#[derive(Clone, Default)]
pub struct Options {
    /// The builtins that the script may call.
    pub signatures: resolve::Signatures,
    /// In an interactive session: the names of the variables that earlier entries have made, in the order of their
    /// numbers. [`biovm_bytecode::Program::globals`] of the compiled entry is the list for the next one.
    pub session: Option<resolve::SessionNames>,
    /// In an interactive session: the modules that earlier entries have compiled.
    pub modules: Vec<Arc<module::Module>>,
    /// Finds what the script imports; without it there are no modules.
    pub loader: Option<Arc<dyn module::ModuleLoader>>,
    /// In an interactive session: the structs and variants that these variables make, which patterns may name.
    pub session_structures: Vec<(String, resolve::StructureFacts)>,
    /// Whether to leave out all optimisations; see [`lower::Unit::optimises`]. Only tests want that.
    pub unoptimised: bool,
}

/// Compiles a script with all that it imports. The errors are those of modules before those of the script, each sorted by
/// place; there are at most [`diagnostic::MAX_ERRORS`] of them.
pub fn compile(source: &SourceText, options: &Options) -> Result<Compiled, Vec<Diagnostic>> {
    module::compile(source, options)
}

/// Whether more text could complete what was typed so far: a bracket, a string or a `do` block is open, the
/// last token wants something behind it, or a header has no body yet.
pub fn is_incomplete(text: &str) -> bool {
    let mut text = text.to_string();
    text.push('\n');
    let source = SourceText::new("", text);
    parse_partially(&source).ends_early
}
