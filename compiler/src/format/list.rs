//! Elements between brackets, with commas between them.

use super::document::{Doc, Hug, LINE, SOFT_LINE, concat, group, nest};
use super::expression::Hugs;
use super::printer::Printer;
use crate::token::Token;
use std::rc::Rc;

/// How elements between brackets are written.
#[derive(Clone, Copy, Default)]
pub(super) struct ListStyle {
    /// On one line, there are blanks inside of the brackets.
    pub wide: bool,
    /// Where a line ends behind the opening bracket, each element keeps its own line.
    pub keeps_lines: bool,
    /// A comma behind the only element means something.
    pub keeps_comma: bool,
    /// No comma may be added behind the last element.
    pub no_comma_at_end: bool,
    /// Elements fill the lines, rather than each having its own.
    pub fills: bool,
    /// The last element may run over several lines while the brackets stay with it.
    pub hugs: Hugs,
}

impl<'a> Printer<'a> {
    /// The elements of a list with their brackets.
    pub fn list<T>(
        &mut self,
        items: &[T],
        style: ListStyle,
        print: impl Fn(&mut Printer<'a>, &T) -> Doc<'a>,
    ) -> Doc<'a> {
        let open = self.take();
        let keeps_lines = style.keeps_lines && self.begins_line();
        let edge = if style.wide { LINE } else { SOFT_LINE };
        let between = if style.fills { Doc::Fill } else { LINE };
        let mut docs = Vec::new();
        for (index, item) in items.iter().enumerate() {
            docs.push(self.lead(if index == 0 { &edge } else { &between }, index == 0));
            docs.push(print(self, item));
            let is_last = index + 1 == items.len();
            docs.push(match () {
                () if !is_last => Doc::Text(","),
                () if style.keeps_comma && index == 0 && self.peek() == Token::Comma => Doc::Text(","),
                () if style.no_comma_at_end => Doc::Nothing,
                () => Doc::WhenBroken(","),
            });
            docs.push(self.skip(is_separator));
        }
        docs.push(self.tail(items.is_empty()));
        let is_empty = items.is_empty() && docs.iter().all(Doc::is_nothing);
        let close = self.take();
        if is_empty {
            return concat(vec![open, close]);
        }
        let forced = if keeps_lines { Doc::Forced } else { Doc::Nothing };
        let inner = nest(concat(docs.clone()));
        let broken = group(concat(vec![forced, open.clone(), inner, edge, close.clone()]));
        let before_last = docs.len().saturating_sub(4);
        let hugs = match style.hugs {
            Hugs::Always => true,
            Hugs::IfForced => docs.get(before_last).is_some_and(Doc::is_forced),
            Hugs::Never => false,
        };
        if !hugs || keeps_lines || items.is_empty() {
            return broken;
        }
        let mut after = docs.split_off(before_last + 1);
        let last = docs.split_off(before_last).pop().unwrap_or(Doc::Nothing);
        docs.insert(0, open);
        after.push(close);
        Doc::Hug(Rc::new(Hug { before: concat(docs), last, after: concat(after), broken }))
    }

    /// The elements of a declaration or `match`: each on its line; or all on one line, if they were.
    pub fn members<T>(
        &mut self,
        items: &[T],
        separators: Separators,
        print: impl Fn(&mut Printer<'a>, &T) -> Doc<'a>,
    ) -> Doc<'a> {
        let is_one_line = !self.script.has_newline(self.next, self.script.closing(self.next));
        let open = self.take();
        let mut docs = vec![if is_one_line { Doc::Nothing } else { Doc::Forced }];
        docs.push(self.skip_between_declarations(is_separator));
        for (index, item) in items.iter().enumerate() {
            docs.push(self.lead(&LINE, index == 0));
            docs.push(print(self, item));
            let is_last = index + 1 == items.len();
            docs.push(match separators {
                Separators::Commas if is_last => Doc::WhenBroken(","),
                Separators::Commas => Doc::Text(","),
                _ if is_last => Doc::Nothing,
                Separators::Lines => Doc::WhenFlat(","),
                Separators::LinesOnly => Doc::Forced,
            });
            docs.push(self.skip_between_declarations(is_separator));
        }
        docs.push(self.tail(items.is_empty()));
        let is_empty =
            items.is_empty() && docs.iter().all(|doc| doc.is_nothing() || matches!(doc, Doc::Forced));
        let close = self.take();
        if is_empty {
            return concat(vec![open, close]);
        }
        group(concat(vec![open, nest(concat(docs)), LINE, close]))
    }
}

/// What stands between the elements of a declaration or `match`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separators {
    /// Commas.
    Commas,
    /// The ends of lines; commas where all is on one line.
    Lines,
    /// The ends of lines; more than one element has no room on one line.
    LinesOnly,
}

fn is_separator(token: Token<'_>) -> bool {
    matches!(token, Token::Comma | Token::Semicolon)
}
