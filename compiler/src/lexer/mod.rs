//! From text to tokens.
//!
//! One parser reads the whole text and decides by the first character what comes; it goes on after an
//! error, so one run reports several. All newlines are kept: [`crate::layout`] decides which of them count.
//! F-strings are flat: their text and their values are tokens in one row, and a stack of
//! open f-strings (`interpolation`) says where the reader is.

mod decode;
mod interpolation;
mod literal;
mod number;
mod sign;
mod text;

pub use decode::decode;

use crate::ast::SequenceKind;
use crate::diagnostic::{Diagnostic, code};
use crate::failure::{Failure, diagnostics};
use crate::span::Span;
use crate::token::{Comment, Lexeme, Token};
use chumsky::Parser;
use chumsky::extra;
use chumsky::input::InputRef;
use chumsky::inspector::SimpleState;
use chumsky::primitive::custom;

/// What the lexer found.
#[derive(Clone, Debug, Default)]
pub struct Lexed<'s> {
    /// The tokens, with all newlines.
    pub tokens: Vec<Lexeme<'s>>,
    /// The comments, in order.
    pub comments: Vec<Comment>,
    /// The errors, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the text ends within a string that could go on.
    pub unterminated: bool,
}

/// What the lexer knows while it reads.
#[derive(Default)]
pub(crate) struct State<'s> {
    tokens: Vec<Lexeme<'s>>,
    comments: Vec<Comment>,
    /// Open f-strings, the outermost first.
    interpolations: Vec<interpolation::Interpolation<'s>>,
    unterminated: bool,
}

pub(crate) type Extra<'s> = extra::Full<Failure, SimpleState<State<'s>>, ()>;
pub(crate) type Reader<'s, 'p> = InputRef<'s, 'p, &'s str, Extra<'s>>;

/// Splits a text into tokens. Never fails: what has no meaning becomes an error and [`Token::Invalid`].
pub fn lex(source: &str) -> Lexed<'_> {
    if u32::try_from(source.len()).is_err() {
        let error = Diagnostic::error(
            code::SOURCE_TOO_LARGE,
            "SyntaxError",
            "the source text is larger than 4 GB",
            Span::at(0),
        );
        return Lexed { diagnostics: vec![error], ..Lexed::default() };
    }
    let mut state = SimpleState(State::default());
    // four characters a token is what scripts have
    state.tokens.reserve(source.len() / 4);
    let (_, failures) = custom(read_all).parse_with_state(source, &mut state).into_output_errors();
    let State { tokens, comments, unterminated, .. } = state.0;
    Lexed { tokens, comments, diagnostics: diagnostics(failures).collect(), unterminated }
}

/// Reads up to the end. Errors are emitted, never returned.
fn read_all<'s>(reader: &mut Reader<'s, '_>) -> Result<(), Failure> {
    if reader.peek() == Some('\u{feff}') {
        reader.skip();
    }
    while let Some(first) = reader.peek() {
        match first {
            ' ' | '\t' => reader.skip(),
            '\n' | '\r' => newline(reader),
            'a'..='z' | 'A'..='Z' | '_' => word(reader),
            '0'..='9' => number::number(reader),
            '"' | '\'' => text::text(reader),
            '#' => comment_or_set(reader),
            '/' if !ends_operand(reader) => literal::regex_or_sign(reader),
            _ => {
                if !interpolation::value_character(reader, first) {
                    sign::sign(reader, first);
                }
            }
        }
    }
    interpolation::end_of_text(reader);
    Ok(())
}

/// The byte offset of the next character.
fn offset(reader: &Reader<'_, '_>) -> u32 {
    *reader.cursor().inner() as u32
}

/// Adds a token that began at `start` and ends here.
fn push<'s>(reader: &mut Reader<'s, '_>, token: Token<'s>, start: u32) {
    let span = Span::new(start, offset(reader));
    reader.state().tokens.push(Lexeme { token, span });
}

/// Reports an error; reading goes on.
fn report(reader: &mut Reader<'_, '_>, diagnostic: Diagnostic) {
    reader.emit(diagnostic.into());
}

/// The token before the next character.
fn previous<'s>(reader: &mut Reader<'s, '_>) -> Token<'s> {
    reader.state().tokens.last().map_or(Token::Newline, |lexeme| lexeme.token)
}

/// Whether the text so far may end with an operand.
fn ends_operand(reader: &mut Reader<'_, '_>) -> bool {
    previous(reader).ends_operand()
}

/// The text from `start` up to here.
fn since<'s>(reader: &mut Reader<'s, '_>, start: u32) -> &'s str {
    let end = offset(reader);
    reader.full_slice().get(start as usize..end as usize).unwrap_or("")
}

/// Takes the next character if it is `wanted`.
fn eat(reader: &mut Reader<'_, '_>, wanted: char) -> bool {
    let found = reader.peek() == Some(wanted);
    if found {
        reader.skip();
    }
    found
}

/// Takes characters as long as they are `wanted`.
fn skip_while(reader: &mut Reader<'_, '_>, wanted: impl Fn(char) -> bool) {
    while reader.peek().is_some_and(&wanted) {
        reader.skip();
    }
}

fn is_word_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// A character as a message shows it between single quotes: itself, or its code if one could not see it.
fn shown(character: char) -> String {
    match character {
        '\\' | '\'' | '"' => character.to_string(),
        _ => character.escape_debug().to_string(),
    }
}

fn newline(reader: &mut Reader<'_, '_>) {
    let start = offset(reader);
    if eat(reader, '\r') {
        eat(reader, '\n');
    } else {
        reader.skip();
    }
    interpolation::end_of_line(reader);
    push(reader, Token::Newline, start);
}

/// `#{` opens a set, any other `#` begins a comment.
fn comment_or_set(reader: &mut Reader<'_, '_>) {
    let start = offset(reader);
    reader.skip();
    if eat(reader, '{') {
        interpolation::open_bracket(reader);
        push(reader, Token::HashBrace, start);
        return;
    }
    let is_doc = reader.peek() == Some('#');
    skip_while(reader, |character| character != '\n' && character != '\r');
    let owns_line = matches!(previous(reader), Token::Newline);
    let span = Span::new(start, offset(reader));
    reader.state().comments.push(Comment { span, is_doc, owns_line });
}

/// A name, a reserved word, or the prefix of a literal.
fn word(reader: &mut Reader<'_, '_>) {
    let start = offset(reader);
    skip_while(reader, is_word_character);
    let word = since(reader, start);
    // behind a point every word is a name, and may be one of these letters
    let is_field = matches!(previous(reader), Token::Dot | Token::QuestionDot);
    if let (Some(quote @ ('"' | '\'')), false) = (reader.peek(), is_field) {
        match word {
            "f" => return interpolation::start(reader, start),
            "r" => return text::raw_text(reader, start),
            "dna" if quote == '"' => return literal::sequence(reader, SequenceKind::Dna, start),
            "rna" if quote == '"' => return literal::sequence(reader, SequenceKind::Rna, start),
            "protein" if quote == '"' => return literal::sequence(reader, SequenceKind::Protein, start),
            "qual" if quote == '"' => return literal::sequence(reader, SequenceKind::Quality, start),
            _ => {}
        }
    }
    let token = match Token::reserved(word) {
        Some(keyword) if !is_field => keyword,
        _ => Token::Identifier(word),
    };
    push(reader, token, start);
}
