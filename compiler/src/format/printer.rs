//! The place in the script that the printers share.
//!
//! Printers walk over the tree and take the tokens of the script in their order. So nothing that the tree does not
//! know (parentheses, quotes, `then` or braces) can get lost, and every comment stays between the same two tokens,
//! a comma or semicolon aside.

use super::document::{Doc, HARD_LINE, concat, nest};
use super::script::Script;
use crate::token::{Comment, Token};

/// Walks over a script.
pub(super) struct Printer<'a> {
    pub script: &'a Script<'a>,
    /// Index of the next token.
    pub next: usize,
    /// Index of the next comment.
    comment: usize,
    /// Where the last token or comment that was taken ends.
    last_end: u32,
    /// Tree and tokens have turned out to disagree. They never should.
    pub mismatch: bool,
}

impl<'a> Printer<'a> {
    /// At the start of a script.
    pub fn new(script: &'a Script<'a>) -> Printer<'a> {
        Printer { script, next: 0, comment: 0, last_end: 0, mismatch: false }
    }

    /// The next token.
    pub fn peek(&self) -> Token<'a> {
        self.script.tokens.get(self.next).map_or(Token::End, |lexeme| lexeme.token)
    }

    /// Where the next token begins.
    pub fn offset(&self) -> u32 {
        self.script.tokens.get(self.next).map_or(self.script.text.len() as u32, |lexeme| lexeme.span.start)
    }

    /// Whether the next token begins a line of the script.
    pub fn begins_line(&self) -> bool {
        self.script.begins_line(self.next)
    }

    /// Takes the next token. Comments before it go where they were, the line ends behind them.
    pub fn take(&mut self) -> Doc<'a> {
        let comments = self.comments();
        let Some(lexeme) = self.script.tokens.get(self.next) else {
            self.mismatch = true;
            return comments;
        };
        // at the start of a line it is a regex, but behind a word it would be a division
        let forced = matches!(lexeme.token, Token::Regex(_))
            && self.begins_line()
            && self.next.checked_sub(1).is_some_and(|before| {
                let before = self.script.tokens[before].token;
                before.ends_operand() || before == Token::FormatStart
            });
        let newline = if forced { HARD_LINE } else { Doc::Nothing };
        self.next += 1;
        self.last_end = lexeme.span.end;
        let text = Doc::Text(lexeme.span.text(self.script.text));
        if comments.is_nothing() && !forced { text } else { concat(vec![comments, newline, text]) }
    }

    /// Takes the next token, which must be `wanted`.
    pub fn expect(&mut self, wanted: Token<'_>) -> Doc<'a> {
        self.mismatch |= self.peek() != wanted;
        self.take()
    }

    /// Takes the next token if it is `wanted`.
    pub fn eat(&mut self, wanted: Token<'_>) -> Option<Doc<'a>> {
        (self.peek() == wanted).then(|| self.take())
    }

    /// Takes the next token, with a blank behind it.
    pub fn word(&mut self) -> Doc<'a> {
        let word = self.take();
        concat(vec![word, Doc::Space])
    }

    /// Takes the next token, with a blank on both sides.
    pub fn infix(&mut self) -> Doc<'a> {
        let word = self.take();
        concat(vec![Doc::Space, word, Doc::Space])
    }

    /// Takes all tokens up to `end`, with nothing between them.
    pub fn take_until(&mut self, end: u32) -> Doc<'a> {
        let mut docs = Vec::new();
        while self.offset() < end && self.peek() != Token::End {
            docs.push(self.take());
        }
        concat(docs)
    }

    /// The comments before the next token.
    fn peek_comments(&self) -> impl Iterator<Item = Comment> {
        let offset = self.offset();
        let rest = self.script.comments.get(self.comment..).unwrap_or(&[]);
        rest.iter().copied().take_while(move |comment| comment.span.start < offset)
    }

    /// The next comment, if it stands before the next token.
    fn peek_comment(&self) -> Option<Comment> {
        self.peek_comments().next()
    }

    /// Whether comments stand before the next token.
    pub fn has_comments(&self) -> bool {
        self.peek_comment().is_some()
    }

    /// Takes a comment.
    fn take_comment(&mut self, comment: Comment) -> Doc<'a> {
        self.comment += 1;
        self.last_end = comment.span.end;
        let text = comment.span.text(self.script.text).trim_end();
        Doc::Comment { text, owns_line: comment.owns_line }
    }

    /// Takes the comments before the next token. Empty lines between them go, but not where one parts two documentation
    /// comments: only the second documents what follows.
    pub fn comments(&mut self) -> Doc<'a> {
        let mut docs = Vec::new();
        let mut documents = false;
        while let Some(comment) = self.peek_comment() {
            let is_documentation = comment.is_doc && comment.owns_line;
            if documents && is_documentation && self.has_empty_line(comment.span.start) {
                docs.push(nest(HARD_LINE.with_blank(true)));
            }
            documents = is_documentation;
            docs.push(self.take_comment(comment));
        }
        if docs.is_empty() { Doc::Nothing } else { concat(docs) }
    }

    /// Whether empty lines stand between what was taken last and `offset`.
    fn has_empty_line(&self, offset: u32) -> bool {
        let between = self.script.text.get(self.last_end as usize..offset as usize).unwrap_or("");
        between.bytes().filter(|&byte| byte == b'\n').count() > 1
    }

    /// What stands before an element or statement: the comments before it, each on its line, and `separator`. Empty
    /// lines are kept, at most one, unless it is the `first` thing in its brackets.
    pub fn lead(&mut self, separator: &Doc<'a>, first: bool) -> Doc<'a> {
        let mut first = first;
        let mut docs = Vec::new();
        while let Some(comment) = self.peek_comment() {
            if comment.owns_line {
                let blank = !first && self.has_empty_line(comment.span.start);
                docs.push(separator.clone().with_blank(blank));
                first = false;
            }
            docs.push(self.take_comment(comment));
        }
        let blank = !first && self.has_empty_line(self.offset());
        docs.push(separator.clone().with_blank(blank));
        concat(docs)
    }

    /// The comments behind the last element or statement, before a closing bracket or the end.
    pub fn tail(&mut self, first: bool) -> Doc<'a> {
        let mut first = first;
        let mut docs = Vec::new();
        while let Some(comment) = self.peek_comment() {
            if comment.owns_line {
                let blank = !first && self.has_empty_line(comment.span.start);
                docs.push(HARD_LINE.with_blank(blank));
                first = false;
            }
            docs.push(self.take_comment(comment));
        }
        if docs.is_empty() { Doc::Nothing } else { concat(docs) }
    }

    /// Passes over a separator, which the caller writes as it likes. What is left of it are comments.
    pub fn skip(&mut self, is_separator: impl Fn(Token<'a>) -> bool) -> Doc<'a> {
        let mut docs = Vec::new();
        if is_separator(self.peek()) {
            docs.push(self.comments());
            if let Some(lexeme) = self.script.tokens.get(self.next) {
                self.last_end = lexeme.span.end;
            }
            self.next += 1;
        }
        if docs.is_empty() { Doc::Nothing } else { concat(docs) }
    }

    /// The same between declarations. A separator keeps a documentation comment before it from the declaration behind it,
    /// so it stays there.
    pub fn skip_between_declarations(&mut self, is_separator: impl Fn(Token<'a>) -> bool) -> Doc<'a> {
        let mut docs = Vec::new();
        while is_separator(self.peek()) {
            let documents = self.peek_comments().any(|comment| comment.is_doc && comment.owns_line);
            if documents {
                docs.push(self.tail(true));
                docs.push(HARD_LINE);
                docs.push(self.take());
            } else {
                docs.push(self.skip(&is_separator));
            }
        }
        if docs.is_empty() { Doc::Nothing } else { concat(docs) }
    }

    /// Whether everything has been taken.
    pub fn is_done(&self) -> bool {
        self.next == self.script.tokens.len() && self.comment == self.script.comments.len() && !self.mismatch
    }
}
