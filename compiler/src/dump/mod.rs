//! Readable text of what lexer and parser made of a script, for `biovm tokens`, `biovm ast` and tests.

mod expression;
mod node;
mod statement;

use crate::ast::Program;
use crate::lexer::lex;
use crate::source::SourceText;
use crate::token::Token;
use std::fmt::Write;

/// One token a line: `line:column kind text`. Newlines that separate nothing are marked as ignored;
/// comments appear in their places.
pub fn tokens(source: &SourceText) -> String {
    let lexed = lex(source.text());
    let kept = crate::layout::remove_insignificant_newlines(lexed.tokens.clone());
    let mut kept = kept.iter().peekable();
    let mut comments = lexed.comments.iter().peekable();
    let mut text = String::new();
    for lexeme in &lexed.tokens {
        while let Some(comment) = comments.next_if(|comment| comment.span.start < lexeme.span.start) {
            let kind = if comment.is_doc { "doc" } else { "comment" };
            line(&mut text, source, comment.span.start, kind, source.slice(comment.span));
        }
        let is_kept = kept.next_if(|next| next.span == lexeme.span).is_some();
        let (kind, shown) = match lexeme.token {
            Token::Newline if is_kept => ("newline", ""),
            Token::Newline => ("newline", "(ignored)"),
            token => (kind(token), source.slice(lexeme.span)),
        };
        line(&mut text, source, lexeme.span.start, kind, shown);
    }
    for comment in comments {
        line(&mut text, source, comment.span.start, "comment", source.slice(comment.span));
    }
    text
}

fn line(text: &mut String, source: &SourceText, offset: u32, kind: &str, shown: &str) {
    let place = source.position(offset).to_string();
    let shown = shown.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"");
    let line = format!("{place:<8} {kind:<12} {shown}");
    // writing into a String cannot fail
    let _ = writeln!(text, "{}", line.trim_end());
}

fn kind(token: Token<'_>) -> &'static str {
    match token {
        Token::Newline => "newline",
        Token::End => "end",
        Token::Invalid => "invalid",
        Token::Int(_) => "int",
        Token::Float(_) => "float",
        Token::Text { .. } => "string",
        Token::FormatStart => "f-string",
        Token::FormatText { .. } => "f-text",
        Token::ValueStart => "f-value",
        Token::FormatSpec(_) => "f-spec",
        Token::ValueEnd => "f-value-end",
        Token::FormatEnd => "f-end",
        Token::Sequence(..) => "sequence",
        Token::Regex(_) => "regex",
        Token::Identifier(_) => "name",
        token if token.word().is_some() => "keyword",
        _ => "sign",
    }
}

/// The tree, one node a line, indented, with the place where each node begins and ends.
pub fn tree(program: &Program<'_>, source: &SourceText) -> String {
    let mut text = String::new();
    for statement in &program.statements {
        statement::statement(statement).write_indented(source, 0, &mut text);
    }
    text
}

/// The tree in one line per statement, as nested lists: `(+ 1 (* 2 x))`.
pub fn compact(program: &Program<'_>) -> String {
    let mut text = String::new();
    for (index, statement) in program.statements.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        statement::statement(statement).write_compact(&mut text);
    }
    text
}
