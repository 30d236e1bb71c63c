//! Statement lists, and how they go on after an error.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, statement};
use crate::ast::{Block, Statement, StatementKind};
use crate::diagnostic::{Diagnostic, code};
use crate::keyword;
use crate::layout;
use crate::token::Token;

/// What ends a list of statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Until {
    /// The end of the text.
    End,
    /// `}`
    Brace,
    /// The word `end` of a `do` block.
    EndWord,
    /// The bracket around a lambda without braces, or the comma behind it.
    Closer,
}

impl Until {
    fn is_here(self, reader: &mut Reader<'_, '_, '_>) -> bool {
        match (self, reader.token()) {
            (_, Token::End) => true,
            (Until::End, _) => false,
            (_, Token::RightBrace) => true,
            (Until::EndWord, Token::Identifier("end")) => keyword::is_end(reader.rest()),
            (Until::EndWord, Token::RightParen | Token::RightBracket | Token::ValueEnd) => true,
            (Until::Closer, token) => {
                matches!(token, Token::RightParen | Token::RightBracket | Token::ValueEnd | Token::Comma)
            }
            _ => false,
        }
    }
}

/// Statements up to, not including, what ends them. Errors are reported.
pub(super) fn statements<'s>(reader: &mut Reader<'_, 's, '_>, until: Until) -> Vec<Statement<'s>> {
    let mut statements = Vec::new();
    loop {
        while matches!(reader.token(), Token::Newline | Token::Semicolon) {
            reader.skip();
        }
        if until.is_here(reader) || reader.state().stopped {
            return statements;
        }
        let start = *reader.cursor().inner();
        let failure = match reader.within(Surroundings::Block, statement::statement) {
            Ok(statement) => {
                statements.push(statement);
                if matches!(reader.token(), Token::Newline | Token::Semicolon) || until.is_here(reader) {
                    continue;
                }
                missing_separator(reader)
            }
            Err(failure) => failure,
        };
        reader.report(failure);
        resynchronise(reader, start, until);
    }
}

/// The error for two statements on one line.
fn missing_separator(reader: &mut Reader<'_, '_, '_>) -> crate::failure::Failure {
    let mut failure = reader.unexpected("newline or ';'");
    if let Some(diagnostic) = &mut failure.diagnostic {
        diagnostic.code = code::MISSING_SEPARATOR;
    }
    failure
}

/// Skips what is left of the statement that began at token `start`, so that the next one can be read.
fn resynchronise(reader: &mut Reader<'_, '_, '_>, start: usize, until: Until) {
    let here = *reader.cursor().inner();
    let tokens = reader.full_slice();
    // brackets that the statement has opened; their newlines are none of ours
    let mut open: Vec<Token<'_>> = Vec::new();
    let mut index = start;
    while let Some(lexeme) = tokens.get(index) {
        match lexeme.token {
            Token::LeftParen | Token::LeftBracket | Token::ValueStart => open.push(Token::LeftParen),
            Token::LeftBrace | Token::HashBrace => open.push(Token::LeftBrace),
            Token::RightParen | Token::RightBracket | Token::ValueEnd => {
                if open.last() == Some(&Token::LeftParen) {
                    open.pop();
                } else if open.is_empty() && index >= here && until == Until::Closer {
                    break;
                }
            }
            Token::RightBrace => match open.iter().rposition(|&bracket| bracket == Token::LeftBrace) {
                Some(brace) => open.truncate(brace),
                None if until == Until::End => {}
                None if index >= here => break,
                None => {}
            },
            Token::Semicolon if open.is_empty() && index >= here => break,
            Token::Newline if index >= here => {
                let in_braces = open.contains(&Token::LeftBrace);
                if open.is_empty() || (!in_braces && layout::is_certain_statement(&tokens[index + 1..])) {
                    break;
                }
            }
            _ => {}
        }
        index += 1;
    }
    for _ in here..index {
        reader.skip();
    }
}

/// `{ … }` as the body of something.
pub(super) fn braces<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    if reader.token() != Token::LeftBrace {
        return Err(reader.unexpected("'{'"));
    }
    reader.nested(|reader| {
        let open = reader.take();
        let statements = statements(reader, Until::Brace);
        let close = reader.close(Token::RightBrace, open)?;
        Ok(Block { statements, span: open.join(close) })
    })
}

/// `{ … }` or a single statement.
pub(super) fn braces_or_simple<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    if reader.token() == Token::LeftBrace && !super::collection::is_record(reader.rest(), false) {
        return braces(reader);
    }
    simple(reader)
}

/// A single statement as a block: assignment, `let`, `return`, `break`, `continue` or an expression.
pub(super) fn simple<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    let statement = reader.nested(statement::simple)?;
    Ok(Block { span: statement.span, statements: vec![statement] })
}

/// A block that consists of an expression.
pub(super) fn of_expression<'s>(expression: crate::ast::Expression<'s>) -> Block<'s> {
    let span = expression.span;
    let statement = Statement { span, kind: StatementKind::Expression(expression) };
    Block { statements: vec![statement], span }
}

/// `end` of a `do` block that was opened at `open`.
pub(super) fn end_word(reader: &mut Reader<'_, '_, '_>, open: crate::span::Span) -> Rule<crate::span::Span> {
    if reader.token() == Token::Identifier("end") {
        return Ok(reader.take());
    }
    let mut failure = reader.unexpected("'end'");
    if let Some(diagnostic) = failure.diagnostic.take() {
        let diagnostic: Diagnostic = diagnostic.with_secondary(open, "this 'do' is not closed");
        failure.diagnostic = Some(Box::new(diagnostic));
    }
    Err(failure)
}
