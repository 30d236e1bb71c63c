//! Loops and comprehensions.

use super::Lowering;
use super::builder::{LATER, Loop};
use super::call::Callee;
use crate::ast::{Argument, Block, Expression, ExpressionKind, ForClause, Pattern, PatternKind};
use crate::diagnostic::code;
use crate::resolve::Storage;
use crate::span::Span;
use biovm_bytecode::operand::{Integer, Register};
use biovm_bytecode::program::Parameter;
use biovm_bytecode::{Instruction, Signature};

/// What a loop goes over.
enum Source<'e, 's> {
    /// Consecutive Ints, which need no list.
    Count { first: Option<&'e Expression<'s>>, end: &'e Expression<'s>, inclusive: bool },
    /// `range(…)`: Ints too, unless the arguments turn out to be something else.
    Range(Range<'e, 's>),
    /// Anything else.
    Items(&'e Expression<'s>),
}

/// A call of the builtin `range`.
struct Range<'e, 's> {
    signature: &'static Signature,
    callee: Span,
    first: Option<&'e Expression<'s>>,
    end: &'e Expression<'s>,
    step: Option<&'e Expression<'s>>,
}

impl Lowering<'_> {
    pub(super) fn while_loop(&mut self, condition: &Expression<'_>, body: &Block<'_>) {
        // The condition stands behind the body, so that each round has one jump, not two.
        let (start, again, end) = (self.body.label(), self.body.label(), self.body.label());
        self.body.loop_depth += 1;
        self.body.emit_jump(Instruction::Jump { target: LATER }, again);
        self.body.place(start);
        self.body.loops.push(Loop { break_label: end, continue_label: again });
        self.block(body, None);
        self.body.loops.pop();
        self.body.place(again);
        self.branch(condition, true, start);
        self.body.loop_depth -= 1;
        self.body.place(end);
    }

    pub(super) fn for_loop(
        &mut self,
        pattern: &Pattern<'_>,
        iterable: &Expression<'_>,
        condition: Option<&Expression<'_>>,
        body: &Block<'_>,
        otherwise: Option<&Block<'_>>,
    ) {
        let (finished, end) = (self.body.label(), self.body.label());
        let mark = self.body.mark();
        self.iterate(pattern, iterable, finished, |lowering, next| {
            if let Some(condition) = condition {
                lowering.branch(condition, false, next);
            }
            lowering.body.loops.push(Loop { break_label: end, continue_label: next });
            lowering.block(body, None);
            lowering.body.loops.pop();
        });
        self.body.release(mark);
        self.body.place(finished);
        if let Some(otherwise) = otherwise {
            self.block(otherwise, None);
        }
        self.body.place(end);
    }

    /// `parallel for`: the body is a function, which a builtin calls for each item, on all cores.
    pub(super) fn parallel_for(
        &mut self,
        pattern: &Pattern<'_>,
        iterable: &Expression<'_>,
        body: &Block<'_>,
        span: Span,
    ) {
        let (Some(signature), Some(&number)) =
            (self.signatures.get("par_each"), self.resolution.function_numbers.get(&span.start))
        else {
            return self.not_supported("parallel for", span);
        };
        self.build(number, |lowering| {
            lowering.body.span = span;
            lowering.body.is_parallel_loop = true;
            let item = lowering.body.allocate();
            lowering.bind_loop_pattern(pattern, item);
            lowering.body_with_deferred(&body.statements, span, |lowering, result| {
                let next = lowering.body.label();
                lowering.body.loops.push(Loop { break_label: next, continue_label: next });
                lowering.block(body, None);
                lowering.body.loops.pop();
                lowering.body.place(next);
                lowering.body.emit(Instruction::LoadNil { destination: result });
            });
        });
        let parameter = Parameter { name: self.name(""), has_default: false };
        let function = &mut self.program.functions[number];
        function.name = "parallel for".to_owned();
        function.signature = "parallel for".to_owned();
        function.parameters = vec![parameter];
        let mark = self.body.mark();
        let base = self.body.allocate();
        let items = self.body.allocate();
        let closure = self.body.allocate();
        self.into(iterable, items);
        self.body.span = span;
        self.closure(number, closure, span);
        let native = self.native(signature.name, span);
        self.body.span = iterable.span;
        self.body.emit(Instruction::CallNative { base, count: super::builder::count(2), native });
        self.body.release(mark);
    }

    /// Reports a statement that would have to end a loop whose steps run at the same time.
    pub(super) fn leaves_parallel_loop(&mut self, statement: &str, span: Span) {
        self.error(
            code::LEAVES_PARALLEL_LOOP,
            "ParseError",
            format!("'{statement}' cannot leave a 'parallel for' loop"),
            span,
            Some("its steps run at the same time; use par_map to compute a value for each item".to_owned()),
        );
    }

    /// A loop over the items of an expression. `inside` lowers the body and gets the label of the next step.
    fn iterate(
        &mut self,
        pattern: &Pattern<'_>,
        iterable: &Expression<'_>,
        finished: super::builder::Label,
        inside: impl FnOnce(&mut Self, super::builder::Label),
    ) {
        let base = self.body.allocate();
        let (start, next) = (self.body.label(), self.body.label());
        match self.loop_source(pattern, iterable) {
            Source::Count { first, end, inclusive } => {
                let limit = self.body.allocate();
                let current = self.body.allocate();
                match first {
                    Some(first) => self.into(first, base),
                    None => self.body.emit(Instruction::LoadInteger { destination: base, value: Integer(0) }),
                }
                self.into(end, limit);
                self.body.span = iterable.span;
                let enter = match inclusive {
                    true => Instruction::CountStartInclusive { base, exit: LATER },
                    false => Instruction::CountStart { base, exit: LATER },
                };
                self.body.emit_jump(enter, finished);
                self.body.place(start);
                self.loop_body(pattern, current, next, inside);
                self.body.span = iterable.span;
                self.body.emit_jump(Instruction::CountNext { base, target: LATER }, start);
            }
            Source::Range(range) => {
                let limit = self.body.allocate();
                let current = self.body.allocate();
                let step = range.step.map(|_| self.body.allocate());
                match range.first {
                    Some(first) => self.into(first, base),
                    None => self.body.emit(Instruction::LoadInteger { destination: base, value: Integer(0) }),
                }
                self.into(range.end, limit);
                if let (Some(expression), Some(step)) = (range.step, step) {
                    self.into(expression, step);
                }
                let other = self.body.label();
                self.body.span = iterable.span;
                let enter = match step {
                    Some(_) => Instruction::RangeStartBy { base, exit: LATER },
                    None => Instruction::RangeStart { base, exit: LATER },
                };
                self.body.emit_jump(enter, finished);
                self.body.emit_jump(Instruction::Jump { target: LATER }, other);
                self.body.place(start);
                self.loop_body(pattern, current, next, inside);
                self.body.span = iterable.span;
                let again = match step {
                    Some(_) => Instruction::CountNextBy { base, target: LATER },
                    None => Instruction::CountNext { base, target: LATER },
                };
                self.body.emit_jump(again, start);
                self.body.emit_jump(Instruction::Jump { target: LATER }, finished);
                // Arguments that are no Ints are for the builtin, which knows what to say of them; a list that it gives is
                // gone through by the same loop.
                self.body.place(other);
                self.call_range(&range, base, step);
                self.body.span = iterable.span;
                self.body.emit(Instruction::IterateStart { base });
                self.body.emit_jump(Instruction::IterateNext { base, exit: LATER }, finished);
                self.body.emit_jump(Instruction::Jump { target: LATER }, start);
            }
            Source::Items(iterable) => {
                self.body.allocate();
                let item = self.body.allocate();
                self.into(iterable, base);
                self.body.span = iterable.span;
                self.body.emit(Instruction::IterateStart { base });
                let Some((first, second)) = pair(pattern) else {
                    // As in `while`, each round has one jump, not two.
                    self.body.emit_jump(Instruction::Jump { target: LATER }, next);
                    self.body.place(start);
                    self.loop_body(pattern, item, next, inside);
                    self.body.span = iterable.span;
                    return self.body.emit_jump(Instruction::IterateAgain { base, target: LATER }, start);
                };
                // `for k, v in record` takes keys and values without a record for each.
                self.body.place(next);
                let other = self.body.allocate();
                let mark = self.body.mark();
                self.body.emit_jump(Instruction::IterateNextPair { base, exit: LATER }, finished);
                self.body.loop_depth += 1;
                self.bind_loop_pattern(first, item);
                self.bind_loop_pattern(second, other);
                inside(self, next);
                self.body.loop_depth -= 1;
                self.body.release(mark);
                self.body.emit_jump(Instruction::Jump { target: LATER }, next);
            }
        }
    }

    /// The body of a loop over single values, the next of which is in the register. Ends where the next step begins.
    fn loop_body(
        &mut self,
        pattern: &Pattern<'_>,
        current: Register,
        next: super::builder::Label,
        inside: impl FnOnce(&mut Self, super::builder::Label),
    ) {
        let mark = self.body.mark();
        self.body.loop_depth += 1;
        self.bind_loop_pattern(pattern, current);
        inside(self, next);
        self.body.loop_depth -= 1;
        self.body.release(mark);
        self.body.place(next);
    }

    /// `base = range(…)`, with the arguments that are in the registers of the loop.
    fn call_range(&mut self, range: &Range<'_, '_>, base: Register, step: Option<Register>) {
        let mark = self.body.mark();
        let window = self.body.allocate();
        let mut sources = vec![base.offset(1)];
        if range.first.is_some() {
            sources.insert(0, base);
        }
        sources.extend(step);
        let given = sources.len();
        for source in sources {
            let argument = self.body.allocate();
            self.body.take(argument, source);
        }
        self.body.span = range.callee;
        let given = self.missing_arguments(range.signature, given);
        let native = self.native(range.signature.name, range.callee);
        let count = super::builder::count(given);
        self.body.emit(Instruction::CallNative { base: window, count, native });
        self.body.take(base, window);
        self.body.release(mark);
    }

    /// The call of `range` that the expression is, where a loop may count through it.
    fn range_call<'e, 's>(&self, expression: &'e Expression<'s>) -> Option<Range<'e, 's>> {
        let ExpressionKind::Call { callee, arguments } = &expression.kind else { return None };
        let Callee::Builtin(signature) = self.callee(callee) else { return None };
        if !self.optimises || signature.name != "range" {
            return None;
        }
        let value = |argument: &'e Argument<'s>| match argument {
            Argument::Positional(value) => Some(value),
            _ => None,
        };
        let values = arguments.iter().map(value).collect::<Option<Vec<_>>>()?;
        let (first, end, step) = match values.as_slice() {
            [end] => (None, *end, None),
            [first, end] => (Some(*first), *end, None),
            [first, end, step] => (Some(*first), *end, Some(*step)),
            _ => return None,
        };
        Some(Range { signature, callee: callee.span, first, end, step })
    }

    /// Whether a loop over the expression can count instead of iterate.
    fn loop_source<'e, 's>(&self, pattern: &Pattern<'_>, iterable: &'e Expression<'s>) -> Source<'e, 's> {
        if pair(pattern).is_none()
            && let Some(range) = self.range_call(iterable)
        {
            // Small literals need no other way.
            let is_small = |bound: &Expression<'_>| {
                self.known(bound).is_some_and(|known| known.short_integer().is_some())
            };
            if range.step.is_none() && is_small(range.end) && range.first.is_none_or(is_small) {
                return Source::Count { first: range.first, end: range.end, inclusive: false };
            }
            return Source::Range(range);
        }
        match &iterable.kind {
            ExpressionKind::Range { start, end, inclusive, .. } => {
                Source::Count { first: Some(start), end, inclusive: *inclusive }
            }
            _ => Source::Items(iterable),
        }
    }

    /// `[element for … if …]`
    pub(super) fn list_comprehension(
        &mut self,
        element: &Expression<'_>,
        clauses: &[ForClause<'_>],
        destination: Register,
    ) {
        let mark = self.body.mark();
        let list = self.body.allocate();
        self.body.emit(Instruction::NewList {
            destination: list,
            start: list,
            count: super::builder::count(0),
        });
        self.clauses(clauses, &mut |lowering| {
            let mark = lowering.body.mark();
            let item = lowering.temporary(element);
            lowering.body.emit(Instruction::Append { list, source: item });
            lowering.body.release(mark);
        });
        self.body.take(destination, list);
        self.body.release(mark);
    }

    /// `{key: value for … if …}`
    pub(super) fn map_comprehension(
        &mut self,
        key: &Expression<'_>,
        value: &Expression<'_>,
        clauses: &[ForClause<'_>],
        destination: Register,
    ) {
        let mark = self.body.mark();
        let map = self.body.allocate();
        self.body.emit(Instruction::NewMap { destination: map });
        self.clauses(clauses, &mut |lowering| {
            let mark = lowering.body.mark();
            let key = lowering.temporary(key);
            let value = lowering.temporary(value);
            lowering.body.emit(Instruction::Insert { record: map, key, value });
            lowering.body.release(mark);
        });
        self.body.take(destination, map);
        self.body.release(mark);
    }

    /// The loops of a comprehension. What stands before them is computed inside of them, so no read in them is the last.
    fn clauses(&mut self, clauses: &[ForClause<'_>], inside: &mut dyn FnMut(&mut Self)) {
        self.body.loop_depth += 1;
        self.clauses_within(clauses, inside);
        self.body.loop_depth -= 1;
    }

    fn clauses_within(&mut self, clauses: &[ForClause<'_>], inside: &mut dyn FnMut(&mut Self)) {
        let Some((clause, more)) = clauses.split_first() else { return inside(self) };
        let finished = self.body.label();
        let mark = self.body.mark();
        self.iterate(&clause.pattern, &clause.iterable, finished, |lowering, next| {
            lowering.body.loop_depth += 1;
            if let Some(condition) = &clause.condition {
                lowering.branch(condition, false, next);
            }
            lowering.clauses_within(more, inside);
            lowering.body.loop_depth -= 1;
        });
        self.body.release(mark);
        self.body.place(finished);
    }

    /// Whether the variable stands in a register of the running function.
    pub(super) fn is_register_variable(&self, expression: &Expression<'_>) -> Option<Register> {
        match expression.kind {
            ExpressionKind::Name(_) => {
                let variable = self.variable_at(expression.span)?;
                self.register_of(variable).filter(|_| self.storage(variable) == Storage::Register)
            }
            _ => None,
        }
    }
}

/// The two parts of a loop pattern of the form `a, b`.
fn pair<'p, 's>(pattern: &'p Pattern<'s>) -> Option<(&'p Pattern<'s>, &'p Pattern<'s>)> {
    match &pattern.kind {
        PatternKind::Tuple { elements, rest: None } => match elements.as_slice() {
            [first, second] => Some((first, second)),
            _ => None,
        },
        _ => None,
    }
}
