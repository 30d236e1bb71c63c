//! A parsed script as the printers see it: tokens without newlines, and what stood between them.

use crate::lexer::Lexed;
use crate::span::Span;
use crate::token::{Comment, Lexeme, Token};

/// Text, tokens and comments of a script.
pub(super) struct Script<'s> {
    pub text: &'s str,
    /// The tokens without newlines. An f-string is one token, [`Token::FormatStart`], with the span of all of it.
    pub tokens: Vec<Lexeme<'s>>,
    /// For each token, how many of the newlines that are tokens stand before it in the script.
    newlines: Vec<usize>,
    /// For each opening bracket, the index of the bracket that closes it.
    pairs: Vec<usize>,
    /// The comments outside of f-strings.
    pub comments: Vec<Comment>,
}

impl<'s> Script<'s> {
    /// Prepares what the lexer found in `text`, which has no errors.
    pub fn new(text: &'s str, lexed: Lexed<'s>) -> Script<'s> {
        let mut tokens: Vec<Lexeme<'s>> = Vec::with_capacity(lexed.tokens.len());
        let mut newlines = Vec::with_capacity(lexed.tokens.len());
        let mut comments = lexed.comments;
        let mut newline_count = 0;
        // f-strings that are open, and where the outermost one began
        let mut depth = 0usize;
        let mut start = 0;
        for lexeme in lexed.tokens {
            match lexeme.token {
                Token::FormatStart => {
                    if depth == 0 {
                        start = lexeme.span.start;
                    }
                    depth += 1;
                    continue;
                }
                Token::FormatEnd => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        let span = Span::new(start, lexeme.span.end);
                        if span.text(text).contains('\n') {
                            comments.retain(|comment| {
                                comment.span.end <= start || comment.span.start >= span.end
                            });
                        }
                        tokens.push(Lexeme { token: Token::FormatStart, span });
                        newlines.push(newline_count);
                    }
                    continue;
                }
                _ if depth > 0 => continue,
                Token::Newline => {
                    newline_count += 1;
                    continue;
                }
                _ => {}
            }
            tokens.push(lexeme);
            newlines.push(newline_count);
        }
        let pairs = pairs(&tokens);
        Script { text, tokens, newlines, pairs, comments }
    }

    /// Whether the token at `index` begins a line.
    pub fn begins_line(&self, index: usize) -> bool {
        index == 0 || self.has_newline(index - 1, index)
    }

    /// Whether a line ends between the tokens at `first` and `last`, other than within a literal.
    pub fn has_newline(&self, first: usize, last: usize) -> bool {
        self.newlines.get(first) != self.newlines.get(last)
    }

    /// The index of the first token that begins at `offset` or behind it.
    pub fn index_at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|lexeme| lexeme.span.start < offset)
    }

    /// The index of the bracket that closes the one at `open`.
    pub fn closing(&self, open: usize) -> usize {
        self.pairs.get(open).copied().unwrap_or(open)
    }

    /// How many pairs of parentheses stand around exactly the text of `span`.
    pub fn parentheses(&self, span: Span) -> usize {
        let first = self.index_at(span.start);
        let Some(mut last) = self.index_at(span.end).checked_sub(1) else { return 0 };
        let mut count = 0;
        while last > first + count
            && self.tokens.get(first + count).is_some_and(|lexeme| lexeme.token == Token::LeftParen)
            && self.closing(first + count) == last
        {
            count += 1;
            last -= 1;
        }
        count
    }
}

fn pairs(tokens: &[Lexeme<'_>]) -> Vec<usize> {
    let mut pairs: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (index, lexeme) in tokens.iter().enumerate() {
        match lexeme.token {
            Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::HashBrace => open.push(index),
            Token::RightParen | Token::RightBracket | Token::RightBrace => {
                if let Some(open) = open.pop() {
                    pairs[open] = index;
                }
            }
            _ => {}
        }
    }
    pairs
}
