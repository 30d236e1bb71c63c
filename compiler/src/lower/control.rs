//! Control flow in expressions: conditions, errors, attempts.

use super::Lowering;
use super::builder::LATER;
use crate::ast::{Block, Branch, Expression};
use crate::span::Span;
use biovm_bytecode::operand::{Register, ShortInteger, TypeIndex};
use biovm_bytecode::program::{Constant, Handler};
use biovm_bytecode::{Instruction, Type};

impl Lowering<'_> {
    /// `if`; the value of the branch that ran goes to `result`.
    pub(super) fn conditional(
        &mut self,
        branches: &[Branch<'_>],
        otherwise: Option<&Block<'_>>,
        result: Option<Register>,
    ) {
        let end = self.body.label();
        for (index, branch) in branches.iter().enumerate() {
            let next = self.body.label();
            // `value if condition`: what is read last in the text is not what is read last.
            let is_behind = branch.condition.span.start > branch.body.span.start;
            self.body.loop_depth += usize::from(is_behind);
            self.branch(&branch.condition, false, next);
            self.body.loop_depth -= usize::from(is_behind);
            self.block(&branch.body, result);
            let is_last = index + 1 == branches.len() && otherwise.is_none() && result.is_none();
            if !is_last {
                self.body.emit_jump(Instruction::Jump { target: LATER }, end);
            }
            self.body.place(next);
        }
        match (otherwise, result) {
            (Some(otherwise), result) => self.block(otherwise, result),
            (None, Some(destination)) => self.body.emit(Instruction::LoadNil { destination }),
            (None, None) => {}
        }
        self.body.place(end);
    }

    pub(super) fn try_catch(
        &mut self,
        body: &Block<'_>,
        name: Option<Span>,
        handler: &Block<'_>,
        result: Option<Register>,
    ) {
        let mark = self.body.mark();
        let error = self.body.allocate();
        let end = self.body.label();
        let start = self.body.position();
        self.body.guards += 1;
        self.block(body, result);
        self.body.guards -= 1;
        let stop = self.body.position();
        self.body.emit_jump(Instruction::Jump { target: LATER }, end);
        // Inner handlers were added while the body was lowered, so they come first.
        self.body.handlers.push(Handler { start, end: stop, target: self.body.position(), register: error });
        let name = name.unwrap_or(Span::at(handler.span.start));
        if let Some(variable) = self.variable_at(name) {
            self.adopt(variable, error);
        }
        self.block(handler, result);
        self.body.place(end);
        self.body.release(mark);
    }

    /// Code that raises an error of the language.
    pub(super) fn raise(&mut self, kind: RaisedKind, message: &str, span: Span) {
        let mark = self.body.mark();
        let source = self.body.allocate();
        self.load_constant(Constant::Str(message.to_owned()), source);
        self.body.span = span;
        self.body.emit(Instruction::Raise { source, kind: ShortInteger(kind as i16) });
        self.body.release(mark);
    }

    /// `assert condition, message`
    pub(super) fn assert(&mut self, condition: &Expression<'_>, message: Option<&Expression<'_>>) {
        let holds = self.body.label();
        self.branch(condition, true, holds);
        match message {
            Some(message) => {
                let mark = self.body.mark();
                let source = self.temporary(message);
                self.body.span = condition.span;
                let kind = ShortInteger(RaisedKind::AssertionFailed as i16);
                self.body.emit(Instruction::Raise { source, kind });
                self.body.release(mark);
            }
            None => {
                let text = self.source.slice(condition.span);
                // `assert(c)` reads as `assert c`.
                let text = without_parentheses(text);
                let message = format!("assertion failed: {text}");
                self.raise(RaisedKind::AssertionFailed, &message, condition.span);
            }
        }
        self.body.place(holds);
    }

    /// `retry(attempts, delay) { … }`: the body again until it succeeds, at most that often; then its error.
    pub(super) fn retry(
        &mut self,
        attempts: &Expression<'_>,
        delay: Option<&Expression<'_>>,
        body: &Block<'_>,
        destination: Register,
    ) {
        let (Some(error_builtin), Some(sleep_builtin)) =
            (self.signatures.get("error"), self.signatures.get("sleep"))
        else {
            return self.not_supported("retry", attempts.span);
        };
        let mark = self.body.mark();
        let left = self.temporary(attempts);
        let pause = delay.map(|delay| self.temporary(delay));
        let error = self.body.allocate();
        let (enough, start, end) = (self.body.label(), self.body.label(), self.body.label());
        let target = super::builder::LATER_SHORT;
        let one = ShortInteger(1);
        self.require_integer("retry", left, attempts.span);
        self.body.span = attempts.span;
        self.body.emit_unless(Instruction::JumpUnlessLessInteger { left, value: one, target }, enough);
        self.raise(RaisedKind::TypeError, "retry requires at least 1 attempt", attempts.span);
        self.body.place(enough);
        self.body.place(start);
        let first = self.body.position();
        self.body.loop_depth += 1;
        self.body.guards += 1;
        self.block(body, Some(destination));
        self.body.guards -= 1;
        self.body.loop_depth -= 1;
        let stop = self.body.position();
        self.body.emit_jump(Instruction::Jump { target: LATER }, end);
        self.body.handlers.push(Handler {
            start: first,
            end: stop,
            target: self.body.position(),
            register: error,
        });
        self.body.span = attempts.span;
        self.body.emit(Instruction::SubtractInteger { destination: left, left, value: one });
        let again = self.body.label();
        self.body.emit_unless(Instruction::JumpUnlessLessInteger { left, value: one, target }, again);
        self.call_builtin(error_builtin, error, attempts.span);
        self.body.place(again);
        if let (Some(pause), Some(delay)) = (pause, delay) {
            self.call_builtin(sleep_builtin, pause, delay.span);
        }
        self.body.emit_jump(Instruction::Jump { target: LATER }, start);
        self.body.place(end);
        self.body.release(mark);
    }

    /// A TypeError unless the register holds an Int or a Float without fraction, of which it makes an Int.
    fn require_integer(&mut self, what: &str, register: Register, span: Span) {
        let mark = self.body.mark();
        let whole = self.body.allocate();
        let is_whole = self.body.label();
        let target = super::builder::LATER_SHORT;
        self.body.span = span;
        let to = TypeIndex(Type::Int as u16);
        self.body.emit(Instruction::Cast { destination: whole, source: register, to });
        self.body.emit_compare(
            Instruction::JumpIfEqual { left: register, right: whole, target },
            Instruction::JumpIfNotEqual { left: register, right: whole, target },
            is_whole,
        );
        let start = self.body.allocate();
        self.load_constant(Constant::Str(format!("{what} requires Int, got ")), start);
        let mut parts = 1;
        if let Some(signature) = self.signatures.get("typeof") {
            let base = self.body.allocate();
            let blank = self.body.allocate();
            self.body.copy(blank, register);
            let native = self.native(signature.name, span);
            self.body.emit(Instruction::CallNative { base, count: super::builder::count(1), native });
            self.load_constant(Constant::Str(" ".to_owned()), blank);
            parts += 2;
        }
        let value = self.body.allocate();
        self.body.copy(value, register);
        let count = super::builder::count(parts + 1);
        self.body.emit(Instruction::Interpolate { destination: start, start, count });
        let kind = ShortInteger(RaisedKind::TypeError as i16);
        self.body.emit(Instruction::Raise { source: start, kind });
        self.body.place(is_whole);
        self.body.copy(register, whole);
        self.body.release(mark);
    }

    /// Calls a builtin with one argument for what it does.
    pub(super) fn call_builtin(
        &mut self,
        signature: &'static biovm_bytecode::Signature,
        argument: Register,
        span: Span,
    ) {
        let mark = self.body.mark();
        let base = self.body.allocate();
        let copy = self.body.allocate();
        self.body.copy(copy, argument);
        self.body.span = span;
        let native = self.native(signature.name, span);
        self.body.emit(Instruction::CallNative { base, count: super::builder::count(1), native });
        self.body.release(mark);
    }
}

/// `c` for `(c)`; any other text as it is.
fn without_parentheses(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return text };
    let mut depth = 0i32;
    for character in inner.chars() {
        depth += i32::from(character == '(') - i32::from(character == ')');
        if depth < 0 {
            return text;
        }
    }
    inner
}

/// The kinds of errors that compiled code raises by itself.
#[derive(Clone, Copy)]
pub(super) enum RaisedKind {
    /// A `TypeError`.
    TypeError = 0,
    /// An `AssertionFailed`.
    AssertionFailed = 1,
}
