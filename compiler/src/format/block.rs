//! Statement lists, and the blocks around them.

use super::document::{Doc, HARD_LINE, LINE, concat, group, nest};
use super::printer::Printer;
use crate::ast::{Block, Statement};
use crate::token::Token;

impl<'a> Printer<'a> {
    /// A whole script.
    pub fn program(&mut self, statements: &[Statement<'a>]) -> Doc<'a> {
        let statements = self.statements(statements, &HARD_LINE);
        let tail = self.tail(statements.is_nothing());
        concat(vec![statements, tail])
    }

    /// Statements, each with `separator` before it.
    fn statements(&mut self, statements: &[Statement<'a>], separator: &Doc<'a>) -> Doc<'a> {
        let mut docs = Vec::new();
        docs.push(self.skip_between_declarations(is_semicolon));
        for (index, statement) in statements.iter().enumerate() {
            docs.push(self.lead(separator, index == 0));
            docs.push(self.statement(statement));
            if self.ends_with_do() {
                docs.push(Doc::Text(";"));
            } else if index + 1 < statements.len() {
                docs.push(Doc::WhenFlat(";"));
            }
            docs.push(self.skip_between_declarations(is_semicolon));
        }
        concat(docs)
    }

    /// Whether the statement that was just printed ends with a variable `do` and a semicolon: before the end of a line,
    /// the word would open a block.
    fn ends_with_do(&self) -> bool {
        let last = self.next.checked_sub(1).and_then(|last| self.script.tokens.get(last));
        last.is_some_and(|last| last.token == Token::Identifier("do")) && self.peek() == Token::Semicolon
    }

    /// `{ … }`, in the group of the caller: it stays on one line, if it was on one, as long as all of the group does.
    pub fn braces(&mut self, block: &Block<'a>) -> Doc<'a> {
        let is_one_line = !self.script.has_newline(self.next, self.script.closing(self.next));
        let open = self.expect(Token::LeftBrace);
        // the semicolon makes a block of `{;}`
        let is_empty = block.statements.is_empty() && self.peek() == Token::Semicolon;
        let semicolon = if is_empty { Doc::Text(";") } else { Doc::Nothing };
        let statements = self.statements(&block.statements, &LINE);
        let tail = self.tail(block.statements.is_empty());
        let close = self.expect(Token::RightBrace);
        let inner = concat(vec![statements, tail]);
        if inner.is_nothing() {
            return concat(vec![open, semicolon, close]);
        }
        let open = concat(vec![open, semicolon]);
        let forced = if is_one_line { Doc::Nothing } else { Doc::Forced };
        concat(vec![open, forced, nest(inner), LINE, close])
    }

    /// The body of something: `{ … }`, or a single statement where it was written without braces.
    pub fn body(&mut self, block: &Block<'a>) -> Doc<'a> {
        match block.statements.as_slice() {
            [only] if !has_braces(block) => self.statement(only),
            _ => self.braces(block),
        }
    }

    /// The same as a group of its own.
    pub fn body_group(&mut self, block: &Block<'a>) -> Doc<'a> {
        group(self.body(block))
    }

    /// Statements without braces: those of a `do` block, and of a lambda within brackets. They end on a new line.
    pub fn bare_statements(&mut self, block: &Block<'a>) -> Doc<'a> {
        let statements = self.statements(&block.statements, &HARD_LINE);
        let tail = self.tail(block.statements.is_empty());
        concat(vec![nest(concat(vec![statements, tail])), HARD_LINE])
    }
}

/// Whether a block was written with braces of its own.
pub(super) fn has_braces(block: &Block<'_>) -> bool {
    block.statements.first().is_none_or(|first| block.span.start < first.span.start)
}

fn is_semicolon(token: Token<'_>) -> bool {
    token == Token::Semicolon
}
