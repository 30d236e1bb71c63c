//! Lists, sets, tuples, records and comprehensions.

use super::document::{Doc, LINE, SOFT_LINE, concat, group, nest};
use super::list::ListStyle;
use super::printer::Printer;
use crate::ast::{Entry, Expression, ExpressionKind, ForClause, Item};
use crate::span::Span;

/// How long the elements of a list are, at most, of which several stand in one line.
const SHORT: usize = 10;

impl<'a> Printer<'a> {
    /// A list or a set. Short elements fill the lines, unless each has its own.
    pub fn items(&mut self, items: &[Item<'a>]) -> Doc<'a> {
        let begins_line = |item: &Item<'_>| self.script.begins_line(self.script.index_at(span(item).start));
        let fills = items.len() > 1 && items.iter().all(is_short) && !items.iter().all(begins_line);
        let style = ListStyle { keeps_lines: true, fills, ..ListStyle::default() };
        self.list(items, style, |printer, item| printer.item(item))
    }

    /// A tuple.
    pub fn tuple(&mut self, items: &[Item<'a>]) -> Doc<'a> {
        let style = ListStyle { keeps_lines: true, keeps_comma: true, ..ListStyle::default() };
        self.list(items, style, |printer, item| printer.item(item))
    }

    fn item(&mut self, item: &Item<'a>) -> Doc<'a> {
        match item {
            Item::Value(value) => self.expression(value),
            Item::Spread(value) => self.spread(value),
        }
    }

    fn spread(&mut self, value: &Expression<'a>) -> Doc<'a> {
        let points = self.take();
        let value = self.expression(value);
        concat(vec![points, value])
    }

    /// A record.
    pub fn record(&mut self, entries: &[Entry<'a>]) -> Doc<'a> {
        // the comma makes a record of `{a,}`
        let keeps_comma = matches!(entries, [Entry::Shorthand(_)]);
        let style = ListStyle { keeps_lines: true, keeps_comma, ..ListStyle::default() };
        self.list(entries, style, |printer, entry| match entry {
            Entry::Named { value, .. } | Entry::Text { value, .. } => {
                let key = printer.take();
                let colon = printer.word();
                let value = printer.expression(value);
                concat(vec![key, colon, value])
            }
            Entry::Computed { key, value } => {
                let key = printer.computed_key(key);
                let colon = printer.word();
                let value = printer.expression(value);
                concat(vec![key, colon, value])
            }
            Entry::Shorthand(_) => printer.take(),
            Entry::Spread(value) => printer.spread(value),
        })
    }

    /// `[k]`
    fn computed_key(&mut self, key: &Expression<'a>) -> Doc<'a> {
        let open = self.take();
        let key = self.expression(key);
        let close = self.take();
        concat(vec![open, key, close])
    }

    /// `[e for p in xs if c]`
    pub fn list_of(&mut self, element: &Expression<'a>, clauses: &[ForClause<'a>]) -> Doc<'a> {
        let open = self.take();
        let lead = self.lead(&SOFT_LINE, true);
        let element = self.expression(element);
        self.comprehension(open, vec![lead, element], clauses)
    }

    /// `{k: v for p in xs if c}`
    pub fn map_of(
        &mut self,
        key: &Expression<'a>,
        value: &Expression<'a>,
        clauses: &[ForClause<'a>],
    ) -> Doc<'a> {
        let open = self.take();
        let mut docs = vec![self.lead(&SOFT_LINE, true)];
        // of `[k]`, only the key itself is in the tree
        let is_computed = self.offset() < key.span.start
            || !matches!(key.kind, ExpressionKind::Name(_) | ExpressionKind::Str(_));
        docs.push(if is_computed { self.computed_key(key) } else { self.take() });
        docs.push(self.word());
        docs.push(self.expression(value));
        self.comprehension(open, docs, clauses)
    }

    fn comprehension(&mut self, open: Doc<'a>, mut docs: Vec<Doc<'a>>, clauses: &[ForClause<'a>]) -> Doc<'a> {
        for clause in clauses {
            docs.push(self.lead(&LINE, true));
            docs.push(self.word());
            docs.push(self.pattern(&clause.pattern));
            docs.push(self.infix());
            docs.push(self.expression(&clause.iterable));
            if let Some(condition) = &clause.condition {
                docs.push(self.lead(&LINE, true));
                docs.push(self.word());
                docs.push(self.expression(condition));
            }
        }
        docs.push(self.tail(false));
        let close = self.take();
        group(concat(vec![open, nest(concat(docs)), SOFT_LINE, close]))
    }
}

/// The place of an item, without its points.
fn span(item: &Item<'_>) -> Span {
    let (Item::Value(value) | Item::Spread(value)) = item;
    value.span
}

/// Whether an item is a literal or name of a few characters.
fn is_short(item: &Item<'_>) -> bool {
    let Item::Value(value) = item else { return false };
    let operand = match &value.kind {
        ExpressionKind::Unary { operand, .. } => operand,
        _ => value,
    };
    let is_word = matches!(
        operand.kind,
        ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Name(_)
    );
    is_word && value.span.len() <= SHORT
}
