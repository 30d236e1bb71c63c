//! Control flow that is an expression: `if`, `match`, `given`, `try`, `retry`.

use super::block::has_braces;
use super::document::{Doc, HARD_LINE, LINE, concat, construct, group, nest};
use super::list::{ListStyle, Separators};
use super::printer::Printer;
use crate::ast::{Block, Branch, Expression, GivenArm, MatchArm};
use crate::token::Token;

impl<'a> Printer<'a> {
    /// `if c { … } else { … }`, `if c then x else y`, `x if c else y`
    pub fn conditional(&mut self, branches: &[Branch<'a>], otherwise: Option<&Block<'a>>) -> Doc<'a> {
        let is_behind = |branch: &Branch<'_>| branch.body.span.start < branch.condition.span.start;
        if branches.first().is_some_and(is_behind) {
            return self.value_if(branches, otherwise);
        }
        let mut docs = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index > 0 {
                docs.push(self.next_block_word());
            }
            docs.push(self.word());
            docs.push(self.header(&branch.condition));
            docs.push(self.body_or_then(&branch.body));
            if self.peek() == Token::Else && !has_braces(&branch.body) {
                docs.push(nest(LINE));
            }
        }
        if let Some(otherwise) = otherwise {
            docs.push(self.otherwise(otherwise));
        }
        construct(docs)
    }

    /// `x if c else y`
    fn value_if(&mut self, branches: &[Branch<'a>], otherwise: Option<&Block<'a>>) -> Doc<'a> {
        let mut docs = Vec::new();
        for branch in branches {
            docs.push(self.body(&branch.body));
            docs.push(self.infix());
            docs.push(self.expression(&branch.condition));
            docs.push(self.lead(&LINE, true));
            docs.push(self.word());
        }
        if let Some(otherwise) = otherwise {
            docs.push(self.body(otherwise));
        }
        let first = docs.remove(0);
        group(concat(vec![first, nest(concat(docs))]))
    }

    /// ` { … }` or ` then x` behind a condition.
    pub fn body_or_then(&mut self, body: &Block<'a>) -> Doc<'a> {
        let then = if self.peek() == Token::LeftBrace { Doc::Space } else { self.infix() };
        let body = self.body(body);
        concat(vec![then, body])
    }

    /// ` else ` or ` catch ` behind a block, on a new line only if there are comments between them.
    pub fn next_block_word(&mut self) -> Doc<'a> {
        let lead = if self.has_comments() { self.lead(&HARD_LINE, true) } else { Doc::Space };
        let word = self.word();
        concat(vec![lead, word])
    }

    /// ` else { … }` behind a body.
    pub fn otherwise(&mut self, block: &Block<'a>) -> Doc<'a> {
        let word = self.next_block_word();
        let body = self.body(block);
        concat(vec![word, body])
    }

    /// `match e { pattern if guard => body, … }`
    pub fn match_value(&mut self, subject: &Expression<'a>, arms: &[MatchArm<'a>]) -> Doc<'a> {
        let word = self.word();
        let subject = self.header(subject);
        let arms = self.members(arms, Separators::Lines, |printer, arm| {
            let mut docs = vec![printer.pattern(&arm.pattern)];
            if let Some(guard) = &arm.guard {
                docs.push(printer.infix());
                docs.push(printer.expression(guard));
            }
            docs.push(printer.infix());
            docs.push(printer.body_group(&arm.body));
            concat(docs)
        });
        concat(vec![word, subject, Doc::Space, arms])
    }

    /// `given { c => body, otherwise => body }`
    pub fn given(&mut self, arms: &[GivenArm<'a>]) -> Doc<'a> {
        let word = self.word();
        let arms = self.members(arms, Separators::Lines, |printer, arm| {
            let condition = match &arm.condition {
                Some(condition) => printer.expression(condition),
                None => printer.take(),
            };
            let arrow = printer.infix();
            let body = printer.body_group(&arm.body);
            concat(vec![condition, arrow, body])
        });
        concat(vec![word, arms])
    }

    /// `try { … } catch e { … }`
    pub fn attempt(&mut self, body: &Block<'a>, has_name: bool, handler: &Block<'a>) -> Doc<'a> {
        let mut docs = vec![self.word(), self.braces(body), self.next_block_word()];
        if has_name {
            docs.push(self.word());
        }
        docs.push(self.braces(handler));
        construct(docs)
    }

    /// `retry(n, delay: ms) { … }`
    pub fn retry(
        &mut self,
        attempts: &Expression<'a>,
        delay: Option<&Expression<'a>>,
        body: &Block<'a>,
    ) -> Doc<'a> {
        let word = self.take();
        let mut arguments = vec![attempts];
        arguments.extend(delay);
        let arguments = self.list(&arguments, ListStyle::default(), |printer, argument| {
            if printer.offset() == argument.span.start {
                return printer.expression(argument);
            }
            let name = printer.take();
            let label = if printer.peek() == Token::Equal { printer.infix() } else { printer.word() };
            let value = printer.expression(argument);
            concat(vec![name, label, value])
        });
        let body = self.braces(body);
        construct(vec![word, arguments, Doc::Space, body])
    }
}
