//! `map`, `filter`, `each`, `reduce` with a lambda, and what adds up or counts their results, as one loop.
//!
//! The loop is for Lists. Everything else, and everything in a script that gives operators to its types, goes the way of
//! the builtins, whose calls stand behind the loop. Several stages become one loop only where all lambdas are pure: a
//! loop takes each item through all stages, while the builtins take all items through one stage after the other. What a
//! lambda does beyond giving a value, or which lambdas have run when an error stops one, would show the difference.

use super::Lowering;
use super::builder::{LATER, Label, Location};
use super::call::Callee;
use crate::ast::{Argument, Expression, ExpressionKind, Function, PatternKind, StatementKind};
use crate::resolve::VariableId;
use crate::span::Span;
use biovm_bytecode::operand::{Integer, Register, ShortInteger};
use biovm_bytecode::program::{Inlined, Region, RegionKind};
use biovm_bytecode::{Instruction, Signature};

/// More stages than this are not looked at together.
const MOST_STAGES: usize = 12;

/// What a stage does with each item.
enum Work<'e, 's> {
    /// The result of the lambda takes its place.
    Map(&'e Function<'s>),
    /// It goes on where the lambda says so.
    Filter(&'e Function<'s>),
    /// The lambda gets it, and that is all.
    Each(&'e Function<'s>),
    /// The lambda makes a new state of the state and the item.
    Reduce { lambda: &'e Function<'s>, initial: &'e Expression<'s> },
    /// It is added up.
    Sum,
    /// It is counted.
    Count,
}

/// A call of a builtin on the result of the stage before.
struct Stage<'e, 's> {
    work: Work<'e, 's>,
    signature: &'static Signature,
    /// The arguments but for the first.
    arguments: &'e [Argument<'s>],
    /// Where the builtin is named.
    span: Span,
}

impl<'e, 's> Stage<'e, 's> {
    fn lambda(&self) -> Option<&'e Function<'s>> {
        match self.work {
            Work::Map(lambda) | Work::Filter(lambda) | Work::Each(lambda) | Work::Reduce { lambda, .. } => {
                Some(lambda)
            }
            Work::Sum | Work::Count => None,
        }
    }

    /// Whether its result is a List of items.
    fn gives_items(&self) -> bool {
        matches!(self.work, Work::Map(_) | Work::Filter(_))
    }
}

/// Code that does the work of a stage for one item.
struct Body {
    start: u32,
    end: u32,
    stage: usize,
    is_lambda: bool,
}

impl Lowering<'_> {
    /// Lowers a pipeline, or the calls that it is short for, as a loop. Returns false, and does nothing, where that is not
    /// possible or not the same.
    pub(super) fn inline_pipeline(&mut self, expression: &Expression<'_>, destination: Register) -> bool {
        if !self.optimises {
            return false;
        }
        let Some((stages, source)) = self.stages(expression) else { return false };
        self.pipeline_loop(&stages, source, destination);
        true
    }

    /// The longest row of stages at the end of the expression that can be one loop, in order, and what goes into it.
    fn stages<'e, 's>(
        &self,
        expression: &'e Expression<'s>,
    ) -> Option<(Vec<Stage<'e, 's>>, &'e Expression<'s>)> {
        let mut stages: Vec<Stage<'e, 's>> = Vec::new();
        let mut source = expression;
        let mut all_pure = true;
        while let Some((stage, before)) = self.pipeline_stage(source) {
            let is_last = stages.is_empty();
            if stages.len() == MOST_STAGES || !is_last && !stage.gives_items() {
                break;
            }
            if let Some(lambda) = stage.lambda() {
                let is_pure = self.is_pure_lambda(lambda) && stage.has_plain_start(self);
                let is_first = !stages.iter().any(|stage| stage.lambda().is_some());
                if !(is_first || all_pure && is_pure) {
                    break;
                }
                all_pure &= is_pure;
            }
            stages.push(stage);
            source = before;
        }
        stages.reverse();
        stages.iter().any(|stage| stage.lambda().is_some()).then_some((stages, source))
    }

    /// The stage that an expression is, and what goes into it.
    fn pipeline_stage<'e, 's>(
        &self,
        expression: &'e Expression<'s>,
    ) -> Option<(Stage<'e, 's>, &'e Expression<'s>)> {
        let (callee, arguments, before) = match &expression.kind {
            ExpressionKind::Call { callee, arguments } => match arguments.split_first() {
                Some((Argument::Positional(first), others)) => (&**callee, others, first),
                _ => return None,
            },
            ExpressionKind::Pipe { left, target, .. } => match &target.kind {
                ExpressionKind::Call { callee, arguments } => (&**callee, arguments.as_slice(), &**left),
                ExpressionKind::Name(_) => (&**target, [].as_slice(), &**left),
                _ => return None,
            },
            _ => return None,
        };
        let Callee::Builtin(signature) = self.callee(callee) else { return None };
        let lambda = |argument: &'e Argument<'s>, count: usize| match argument {
            Argument::Positional(Expression { kind: ExpressionKind::Function(lambda), .. })
                if self.can_inline(lambda, count) =>
            {
                Some(&**lambda)
            }
            _ => None,
        };
        let work = match (signature.name, arguments) {
            ("map", [function]) => Work::Map(lambda(function, 1)?),
            ("filter", [function]) => Work::Filter(lambda(function, 1)?),
            ("each", [function]) => Work::Each(lambda(function, 1)?),
            ("reduce", [function, Argument::Positional(initial)]) if is_never_function(initial) => {
                Work::Reduce { lambda: lambda(function, 2)?, initial }
            }
            ("reduce", [Argument::Positional(initial), function]) if is_never_function(initial) => {
                Work::Reduce { lambda: lambda(function, 2)?, initial }
            }
            ("sum", []) => Work::Sum,
            ("len" | "count", []) => Work::Count,
            _ => return None,
        };
        Some((Stage { work, signature, arguments, span: callee.span }, before))
    }

    fn pipeline_loop(&mut self, stages: &[Stage<'_, '_>], source: &Expression<'_>, destination: Register) {
        let Some(last) = stages.last() else { return };
        let mark = self.body.mark();
        let result = self.body.allocate();
        let base = self.body.allocate();
        self.body.allocate();
        let item = self.body.allocate();
        self.argument_into(source, base);
        self.body.span = last.span;
        match last.work {
            Work::Reduce { initial, .. } => self.into(initial, result),
            Work::Sum | Work::Count => {
                self.body.emit(Instruction::LoadInteger { destination: result, value: Integer(0) })
            }
            Work::Each(_) | Work::Map(_) | Work::Filter(_) => {}
        }
        let (otherwise, start, again, end) =
            (self.body.label(), self.body.label(), self.body.label(), self.body.label());
        self.body.span = stages[0].span;
        let prologue = self.body.position();
        self.body.emit_jump(Instruction::JumpUnlessList { source: base, target: LATER }, otherwise);
        if stages.iter().all(|stage| matches!(stage.work, Work::Map(_))) {
            self.body.emit(Instruction::NewListFor { destination: result, source: base });
        } else if last.gives_items() {
            let count = super::builder::count(0);
            self.body.emit(Instruction::NewList { destination: result, start: result, count });
        }
        let entry = self.body.position();
        self.body.emit(Instruction::IterateStart { base });
        self.body.emit_jump(Instruction::Jump { target: LATER }, again);
        let mut regions = vec![(prologue, self.body.position(), 0)];
        self.body.place(start);
        self.body.loop_depth += 1;
        // What there is to say about the lambdas is said when they are lowered as functions.
        let said = self.diagnostics.len();
        let bodies = self.each_item(stages, item, result, again);
        self.diagnostics.truncate(said);
        self.body.loop_depth -= 1;
        self.body.place(again);
        self.body.span = stages[0].span;
        let epilogue = self.body.position();
        self.body.emit_jump(Instruction::IterateTake { base, target: LATER }, start);
        regions.push((epilogue, self.body.position(), 0));
        let epilogue = self.body.position();
        match last.work {
            Work::Sum => self.finish_sum(last, result),
            Work::Each(_) => self.body.emit(Instruction::LoadNil { destination: result }),
            _ => {}
        }
        self.body.take(destination, result);
        self.body.emit_jump(Instruction::Jump { target: LATER }, end);
        regions.push((epilogue, self.body.position(), stages.len() - 1));
        self.body.place(otherwise);
        let calls = self.call_stages(stages, base, result, destination);
        for Body { start, end, stage, is_lambda } in bodies {
            if is_lambda {
                self.body.inlined.push(Inlined { start, end, call: calls[stage] });
            }
            regions.push((start, end, stage));
        }
        for (start, end, stage) in regions {
            let kind = RegionKind::Builtin { call: calls[stage], entry };
            self.body.regions.push(Region { start, end, kind });
        }
        self.body.place(end);
        self.body.release(mark);
    }

    /// The code that takes one item through all stages, and what becomes of it.
    fn each_item(
        &mut self,
        stages: &[Stage<'_, '_>],
        item: Register,
        result: Register,
        again: Label,
    ) -> Vec<Body> {
        let mut bodies = Vec::new();
        let mut current = item;
        for (number, stage) in stages.iter().enumerate() {
            let start = self.body.position();
            match stage.work {
                Work::Map(lambda) => {
                    self.bind_parameter(lambda, 0, current, true);
                    let mapped = self.body.allocate();
                    self.lambda_body(lambda, mapped);
                    current = mapped;
                }
                Work::Filter(lambda) => {
                    // The item goes on, so no read in the lambda is the last one.
                    self.bind_parameter(lambda, 0, current, false);
                    self.lambda_condition(lambda, again);
                }
                Work::Each(lambda) => {
                    self.bind_parameter(lambda, 0, current, true);
                    let mark = self.body.mark();
                    let unused = self.body.allocate();
                    self.lambda_body(lambda, unused);
                    self.body.release(mark);
                }
                Work::Reduce { lambda, .. } => {
                    self.bind_parameter(lambda, 0, result, true);
                    self.bind_parameter(lambda, 1, current, true);
                    match single_expression(lambda) {
                        Some(value) if self.is_written_once(value) => self.into(value, result),
                        _ => {
                            let mark = self.body.mark();
                            let new = self.body.allocate();
                            self.lambda_body(lambda, new);
                            self.body.take(result, new);
                            self.body.release(mark);
                        }
                    }
                }
                Work::Sum => self.body.emit(Instruction::AddToTotal { total: result, source: current }),
                Work::Count => {
                    let value = ShortInteger(1);
                    self.body.emit(Instruction::AddInteger { destination: result, left: result, value });
                }
            }
            let is_lambda = stage.lambda().is_some();
            bodies.push(Body { start, end: self.body.position(), stage: number, is_lambda });
        }
        if stages.last().is_some_and(Stage::gives_items) {
            let start = self.body.position();
            self.body.emit(Instruction::Append { list: result, source: current });
            let (end, stage) = (self.body.position(), stages.len() - 1);
            bodies.push(Body { start, end, stage, is_lambda: false });
        }
        bodies
    }

    /// Lets a parameter of a lambda be the value in the register, which the lambda may use up if it is `owned`.
    fn bind_parameter(&mut self, lambda: &Function<'_>, number: usize, register: Register, owned: bool) {
        let pattern = &lambda.parameters[number].pattern;
        let PatternKind::Name(_) = pattern.kind else { return };
        let Some(variable): Option<VariableId> = self.variable_at(pattern.span) else { return };
        self.body.locations.insert(variable, Location::Register(register));
        if owned {
            self.body.depths.insert(variable, self.body.loop_depth);
        }
    }

    fn lambda_body(&mut self, lambda: &Function<'_>, destination: Register) {
        let outer = std::mem::replace(&mut self.body.span, lambda.span);
        self.block(&lambda.body, Some(destination));
        self.body.span = outer;
    }

    /// Goes on at the label unless the lambda says yes.
    fn lambda_condition(&mut self, lambda: &Function<'_>, otherwise: Label) {
        let outer = std::mem::replace(&mut self.body.span, lambda.span);
        let mark = self.body.mark();
        match single_expression(lambda) {
            Some(condition) => self.branch(condition, false, otherwise),
            None => {
                let condition = self.body.allocate();
                self.block(&lambda.body, Some(condition));
                self.body.emit_jump(Instruction::JumpIfFalse { condition, target: LATER }, otherwise);
            }
        }
        self.body.release(mark);
        self.body.span = outer;
    }

    /// What is no plain sum of Ints is for the builtin.
    fn finish_sum(&mut self, stage: &Stage<'_, '_>, result: Register) {
        let mark = self.body.mark();
        let done = self.body.label();
        self.body.span = stage.span;
        self.body.emit_jump(Instruction::JumpIfInteger { source: result, target: LATER }, done);
        let base = self.body.allocate();
        let list = self.body.allocate();
        self.body.take(list, result);
        self.call_stage(stage, base, 1);
        self.body.take(result, base);
        self.body.place(done);
        self.body.release(mark);
    }

    /// The calls of the builtins, one after the other, on the value in `base`; their instructions.
    fn call_stages(
        &mut self,
        stages: &[Stage<'_, '_>],
        base: Register,
        result: Register,
        destination: Register,
    ) -> Vec<u32> {
        let mark = self.body.mark();
        let mut value = base;
        let mut calls = Vec::new();
        for stage in stages {
            let window = self.body.allocate();
            let first = self.body.allocate();
            self.body.take(first, value);
            for argument in stage.arguments {
                let register = self.body.allocate();
                match argument {
                    Argument::Positional(lambda) if matches!(lambda.kind, ExpressionKind::Function(_)) => {
                        self.into(lambda, register);
                    }
                    // It was computed before.
                    _ => self.body.take(register, result),
                }
            }
            self.call_stage(stage, window, 1 + stage.arguments.len());
            calls.push(self.body.position() - 1);
            self.body.release(mark);
            value = window;
            // The result stands where the next window would begin.
            self.body.take(base, value);
            value = base;
        }
        self.body.take(destination, value);
        calls
    }

    /// Calls the builtin of a stage with the arguments behind `base`, which have just been allocated.
    fn call_stage(&mut self, stage: &Stage<'_, '_>, base: Register, given: usize) {
        let given = self.missing_arguments(stage.signature, given);
        self.body.span = stage.span;
        let native = self.native(stage.signature.name, stage.span);
        self.body.emit(Instruction::CallNative { base, count: super::builder::count(given), native });
    }
}

impl Stage<'_, '_> {
    /// Whether nobody can tell when the state of a `reduce` is made.
    fn has_plain_start(&self, lowering: &Lowering<'_>) -> bool {
        match self.work {
            Work::Reduce { initial, .. } => lowering.is_pure(initial),
            _ => true,
        }
    }
}

/// Whether the expression is neither nil nor a function for certain: `reduce` looks at which of its arguments is one.
fn is_never_function(expression: &Expression<'_>) -> bool {
    match &expression.kind {
        ExpressionKind::Unary { operand, .. } => is_never_function(operand),
        kind => matches!(
            kind,
            ExpressionKind::Bool(_)
                | ExpressionKind::Int(_)
                | ExpressionKind::Float(_)
                | ExpressionKind::Str(_)
                | ExpressionKind::Interpolated(_)
                | ExpressionKind::Sequence { .. }
                | ExpressionKind::List(_)
                | ExpressionKind::Set(_)
                | ExpressionKind::Tuple(_)
                | ExpressionKind::Record(_)
        ),
    }
}

/// The expression that a lambda is, where it is just one.
fn single_expression<'e, 's>(lambda: &'e Function<'s>) -> Option<&'e Expression<'s>> {
    match lambda.body.statements.as_slice() {
        [statement] => match &statement.kind {
            StatementKind::Expression(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}
