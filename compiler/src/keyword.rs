//! Words that are keywords only in some places.
//!
//! Both the layout pass and the parser must come to the same conclusion, so the rules are here. Each looks
//! at `rest`, the tokens from the word on.

use crate::token::{Lexeme, Token};

/// A statement that begins with a contextual keyword.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StatementKeyword {
    Assert,
    Defer,
    From,
    Guard,
    Parallel,
    Pipeline,
    Stage,
    Type,
    Unless,
    With,
}

/// The token at `index`, or the end.
pub(crate) fn at<'s>(rest: &[Lexeme<'s>], index: usize) -> Token<'s> {
    rest.get(index).map_or(Token::End, |lexeme| lexeme.token)
}

/// The keyword that a statement begins with, if its first word is meant as one.
pub(crate) fn statement_keyword(rest: &[Lexeme<'_>]) -> Option<StatementKeyword> {
    let Token::Identifier(word) = at(rest, 0) else { return None };
    let next = at(rest, 1);
    match word {
        "assert" if !is_assignment(next) && next != Token::Dot => Some(StatementKeyword::Assert),
        "defer" if begins_operand(rest) => Some(StatementKeyword::Defer),
        "guard" if begins_operand(rest) => Some(StatementKeyword::Guard),
        "unless" if begins_operand(rest) => Some(StatementKeyword::Unless),
        "from" if matches!(next, Token::Text { .. }) && at(rest, 2) == Token::Import => {
            Some(StatementKeyword::From)
        }
        "parallel" if next == Token::For => Some(StatementKeyword::Parallel),
        "pipeline" if is_label(next) && opens_body(rest) => Some(StatementKeyword::Pipeline),
        "stage" if is_label(next) && at(rest, 2) == Token::Arrow => Some(StatementKeyword::Stage),
        "type" if matches!(next, Token::Identifier(_)) && at(rest, 2) == Token::Equal => {
            Some(StatementKeyword::Type)
        }
        "with" if next == Token::LeftBrace || is_literal(next) || matches!(next, Token::Identifier(_)) => {
            Some(StatementKeyword::With)
        }
        // A call of a function `with` is not followed by a brace.
        "with" if next == Token::LeftParen && brace_follows_parentheses(rest) => Some(StatementKeyword::With),
        _ => None,
    }
}

/// Whether the parentheses that begin at token 1 end before a `{`.
fn brace_follows_parentheses(rest: &[Lexeme<'_>]) -> bool {
    let mut depth = 0_usize;
    for (index, lexeme) in rest.iter().enumerate().skip(1) {
        match lexeme.token {
            Token::LeftParen => depth += 1,
            Token::RightParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at(rest, index + 1) == Token::LeftBrace;
        }
    }
    false
}

fn is_label(token: Token<'_>) -> bool {
    matches!(token, Token::Identifier(_) | Token::Text { .. })
}

fn is_literal(token: Token<'_>) -> bool {
    matches!(
        token,
        Token::Int(_)
            | Token::Float(_)
            | Token::Text { .. }
            | Token::FormatStart
            | Token::Sequence(..)
            | Token::Regex(_)
            | Token::True
            | Token::False
            | Token::Nil
    )
}

/// Whether `pipeline name` is followed by parameters or a body.
fn opens_body(rest: &[Lexeme<'_>]) -> bool {
    let body = rest.iter().skip(2).find(|lexeme| lexeme.token != Token::Newline);
    match body.map(|lexeme| lexeme.token) {
        Some(Token::LeftParen) => at(rest, 2) == Token::LeftParen,
        Some(Token::LeftBrace) => true,
        _ => false,
    }
}

/// Whether the token behind the word begins an expression and could not continue one.
fn begins_operand(rest: &[Lexeme<'_>]) -> bool {
    match at(rest, 1) {
        Token::Not => at(rest, 2) != Token::In,
        token => {
            is_literal(token)
                || matches!(
                    token,
                    Token::Identifier(_)
                        | Token::LeftParen
                        | Token::LeftBrace
                        | Token::HashBrace
                        | Token::Bang
                        | Token::Tilde
                        | Token::If
                        | Token::Match
                        | Token::Try
                        | Token::Fn
                        | Token::Async
                        | Token::Await
                )
        }
    }
}

/// Whether the token assigns.
pub(crate) fn is_assignment(token: Token<'_>) -> bool {
    matches!(
        token,
        Token::Equal
            | Token::PlusEqual
            | Token::MinusEqual
            | Token::StarEqual
            | Token::SlashEqual
            | Token::PercentEqual
            | Token::QuestionEqual
    )
}

/// Whether `end`, at the start of a statement of a `do` block, closes it.
pub(crate) fn is_end(rest: &[Lexeme<'_>]) -> bool {
    at(rest, 0) == Token::Identifier("end")
        && matches!(
            at(rest, 1),
            Token::Newline
                | Token::End
                | Token::Semicolon
                | Token::RightParen
                | Token::RightBracket
                | Token::RightBrace
                | Token::ValueEnd
                | Token::Comma
                | Token::Dot
                | Token::QuestionDot
                | Token::Pipe
                | Token::Tap
                | Token::QuestionQuestion
        )
}

/// Whether `retry`, where an operand may begin, is followed by `( … ) {`.
pub(crate) fn is_retry(rest: &[Lexeme<'_>]) -> bool {
    // a number and a delay are a few tokens; without a limit, nested calls would cost quadratic time
    let near = &rest[..rest.len().min(2000)];
    at(near, 0) == Token::Identifier("retry")
        && at(near, 1) == Token::LeftParen
        && closing_bracket(near, 1).is_some_and(|close| at(near, close + 1) == Token::LeftBrace)
}

/// The index of the bracket that closes the one at `open`.
pub(crate) fn closing_bracket(rest: &[Lexeme<'_>], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, lexeme) in rest.iter().enumerate().skip(open) {
        match lexeme.token {
            Token::LeftParen
            | Token::LeftBracket
            | Token::LeftBrace
            | Token::HashBrace
            | Token::ValueStart => depth += 1,
            Token::RightParen | Token::RightBracket | Token::RightBrace | Token::ValueEnd => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}
