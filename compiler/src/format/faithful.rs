//! Whether two texts are the same script in two layouts.

use crate::lexer::lex;
use crate::source::SourceText;
use crate::token::{Lexeme, Token};
use crate::{dump, parse};

/// Where and how `formatted` differs from `original` in more than its layout, if it does. Neither has carriage
/// returns, and the original has no errors.
pub(super) fn difference(original: &SourceText, formatted: &SourceText) -> Option<String> {
    let [before, after] = [original, formatted].map(|source| lex(source.text()));
    let words = |source: &SourceText, tokens: &[Lexeme<'_>]| -> Vec<String> {
        let is_layout = |token| matches!(token, Token::Newline | Token::Comma | Token::Semicolon);
        let tokens = tokens.iter().filter(|lexeme| !is_layout(lexeme.token));
        tokens.map(|lexeme| source.slice(lexeme.span).to_owned()).collect()
    };
    let [left, right] = [words(original, &before.tokens), words(formatted, &after.tokens)];
    if let Some(word) = first_difference(&left, &right) {
        return Some(format!("near '{word}'"));
    }
    let [left, right] =
        [(original, &before.comments), (formatted, &after.comments)].map(|(source, comments)| {
            comments
                .iter()
                .map(|comment| source.slice(comment.span).trim_end().to_owned())
                .collect::<Vec<_>>()
        });
    if let Some(comment) = first_difference(&left, &right) {
        return Some(format!("near the comment '{comment}'"));
    }
    let (Ok(left), Ok(right)) = (parse(original), parse(formatted)) else {
        return Some("somewhere: the result does not parse".to_owned());
    };
    let [left, right] =
        [left, right].map(|tree| dump::compact(&tree).lines().map(str::to_owned).collect::<Vec<_>>());
    first_difference(&left, &right).map(|tree| format!("in the meaning of {tree}"))
}

/// The first item of `left` that `right` does not have in its place, or the first that only `right` has.
fn first_difference<'t>(left: &'t [String], right: &'t [String]) -> Option<&'t str> {
    let at = left.iter().zip(right).position(|(left, right)| left != right);
    let at = at.or_else(|| (left.len() != right.len()).then(|| left.len().min(right.len())))?;
    left.get(at).or_else(|| right.get(at)).map(String::as_str)
}
