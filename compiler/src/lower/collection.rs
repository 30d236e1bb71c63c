//! Lists, sets, tuples, records, f-strings.

use super::Lowering;
use super::builder::count;
use crate::ast::{Entry, Expression, Item, TextPart};
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::Constant;

/// More items than this are appended piece by piece, so that a long literal does not need a register for each.
const PIECE: usize = 256;

impl Lowering<'_> {
    pub(super) fn list(&mut self, items: &[Item<'_>], destination: Register) {
        if items.len() <= PIECE && !has_spread(items) {
            let mark = self.body.mark();
            let start = self.items(items, destination);
            self.body.emit(Instruction::NewList { destination, start, count: count(items.len()) });
            self.body.release(mark);
            return;
        }
        let mark = self.body.mark();
        let list = self.body.allocate();
        self.body.emit(Instruction::NewList { destination: list, start: list, count: count(0) });
        for item in items {
            let mark = self.body.mark();
            match item {
                Item::Value(value) => {
                    let source = self.temporary(value);
                    self.body.emit(Instruction::Append { list, source });
                }
                Item::Spread(value) => {
                    let source = self.temporary(value);
                    self.body.span = value.span;
                    self.body.emit(Instruction::Extend { list, source });
                }
            }
            self.body.release(mark);
        }
        self.body.take(destination, list);
        self.body.release(mark);
    }

    pub(super) fn tuple(&mut self, items: &[Item<'_>], destination: Register) {
        if items.len() <= PIECE && !has_spread(items) {
            let mark = self.body.mark();
            let start = self.items(items, destination);
            self.body.emit(Instruction::NewTuple { destination, start, count: count(items.len()) });
            self.body.release(mark);
            return;
        }
        let mark = self.body.mark();
        let source = self.body.allocate();
        self.list(items, source);
        self.body.emit(Instruction::ListToTuple { destination, source });
        self.body.release(mark);
    }

    pub(super) fn set(&mut self, items: &[Item<'_>], destination: Register) {
        if items.len() <= PIECE && !has_spread(items) {
            let mark = self.body.mark();
            let start = self.items(items, destination);
            self.body.emit(Instruction::NewSet { destination, start, count: count(items.len()) });
            self.body.release(mark);
            return;
        }
        let mark = self.body.mark();
        let source = self.body.allocate();
        self.list(items, source);
        self.body.emit(Instruction::ListToSet { destination, source });
        self.body.release(mark);
    }

    /// The items in neighbouring temporaries; the first of them.
    fn items(&mut self, items: &[Item<'_>], destination: Register) -> Register {
        let mut start = None;
        for item in items {
            let (Item::Value(value) | Item::Spread(value)) = item;
            let register = self.temporary(value);
            start = start.or(Some(register));
        }
        // Without items no register is read, but it has to be one.
        start.unwrap_or(destination)
    }

    pub(super) fn record(&mut self, entries: &[Entry<'_>], destination: Register) {
        let mark = self.body.mark();
        match self.fixed_keys(entries) {
            Some(keys) => {
                let mut start = None;
                for entry in entries {
                    let register = self.body.allocate();
                    self.entry_value(entry, register);
                    start = start.or(Some(register));
                }
                let shape = self.shape(keys, self.body.span);
                let start = start.unwrap_or(destination);
                self.body.emit(Instruction::NewRecord { destination, shape, start });
            }
            None => {
                let record = self.body.allocate();
                let shape = self.shape(Vec::new(), self.body.span);
                self.body.emit(Instruction::NewRecord { destination: record, shape, start: record });
                for entry in entries {
                    let mark = self.body.mark();
                    if let Entry::Spread(value) = entry {
                        let source = self.temporary(value);
                        self.body.span = value.span;
                        self.body.emit(Instruction::Merge { record, source });
                    } else {
                        let key = self.body.allocate();
                        match entry {
                            Entry::Named { key: name, .. } | Entry::Shorthand(name) => {
                                self.load_constant(Constant::Str(name.text.to_owned()), key);
                            }
                            Entry::Text { key: text, .. } => {
                                self.load_constant(Constant::Str(text.to_string()), key);
                            }
                            Entry::Computed { key: expression, .. } => self.into(expression, key),
                            Entry::Spread(_) => {}
                        }
                        let value = self.body.allocate();
                        self.entry_value(entry, value);
                        self.body.emit(Instruction::Insert { record, key, value });
                    }
                    self.body.release(mark);
                }
                self.body.take(destination, record);
            }
        }
        self.body.release(mark);
    }

    /// The keys of a record literal, where all of them are known and different.
    fn fixed_keys(&mut self, entries: &[Entry<'_>]) -> Option<Vec<u32>> {
        if entries.len() > PIECE {
            return None;
        }
        let mut keys = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = match entry {
                Entry::Named { key, .. } | Entry::Shorthand(key) => self.name(key.text),
                Entry::Text { key, .. } => self.name(key),
                Entry::Computed { .. } | Entry::Spread(_) => return None,
            };
            if keys.contains(&key) {
                return None;
            }
            keys.push(key);
        }
        Some(keys)
    }

    fn entry_value(&mut self, entry: &Entry<'_>, destination: Register) {
        match entry {
            Entry::Named { value, .. } | Entry::Text { value, .. } | Entry::Computed { value, .. } => {
                self.into(value, destination);
            }
            Entry::Shorthand(name) => {
                let kind = crate::ast::ExpressionKind::Name(name.text);
                self.into(&Expression { kind, span: name.span }, destination);
            }
            Entry::Spread(value) => self.into(value, destination),
        }
    }

    /// An f-string.
    pub(super) fn interpolated(&mut self, parts: &[TextPart<'_>], destination: Register) {
        let mark = self.body.mark();
        let mut start = None;
        for part in parts {
            let register = self.body.allocate();
            start = start.or(Some(register));
            match part {
                TextPart::Text(text) => self.load_constant(Constant::Str(text.to_string()), register),
                TextPart::Value { expression, spec: None } => self.into(expression, register),
                TextPart::Value { expression, spec: Some(spec) } => {
                    self.into(expression, register);
                    self.body.span = spec.span;
                    match self.short_constant(Constant::Str(spec.text.to_owned())) {
                        Some(specification) => self.body.emit(Instruction::Format {
                            destination: register,
                            source: register,
                            specification,
                        }),
                        None => self.too_large("more than 65,536 constants", spec.span),
                    }
                }
            }
        }
        let start = start.unwrap_or(destination);
        self.body.emit(Instruction::Interpolate { destination, start, count: count(parts.len()) });
        self.body.release(mark);
    }
}

fn has_spread(items: &[Item<'_>]) -> bool {
    items.iter().any(|item| matches!(item, Item::Spread(_)))
}
