//! Calls and pipes.

use super::Lowering;
use super::builder::{LATER, LATER_SHORT, count};
use crate::ast::{Argument, Expression, ExpressionKind, Name};
use crate::resolve::{Binding, Storage, VariableId, VariableKind};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::Signature;
use biovm_bytecode::operand::{Capture, Register};
use biovm_bytecode::program::{Argument as ArgumentForm, CallSite, Constant, Function};
use biovm_bytecode::signature::Default;

/// The value that a pipe puts before the arguments of a call.
#[derive(Clone, Copy)]
pub(super) enum Piped<'e, 's> {
    Expression(&'e Expression<'s>),
    Register(Register),
}

impl Lowering<'_> {
    /// `destination = callee(arguments)`, with the piped value as first argument.
    pub(super) fn call(
        &mut self,
        callee: &Expression<'_>,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        destination: Register,
    ) {
        let is_plain = arguments.iter().all(is_positional);
        match self.callee(callee) {
            Callee::Builtin(signature) => {
                self.check_builtin_call(signature, piped.is_some(), arguments, callee.span);
                if is_plain {
                    return self.native_call(signature, piped, arguments, destination, callee.span);
                }
            }
            Callee::Function(number) => {
                self.check_function_call(number, piped.is_some(), arguments, callee.span);
                if is_plain {
                    return self.known_call(number, piped, arguments, destination, callee.span);
                }
                if let Some(positions) = self.positions(number, piped.is_some(), arguments) {
                    return self.named_call(number, piped, arguments, &positions, destination, callee.span);
                }
            }
            Callee::Value => {}
        }
        if self.optimises
            && is_plain
            && let Some(place) = self.lasting_place(callee)
        {
            return self.window(destination, |lowering, base| {
                let given = count(lowering.arguments(piped, arguments));
                lowering.body.span = callee.span;
                lowering.body.emit(match place {
                    Place::Register(callee) => Instruction::CallRegister { base, count: given, callee },
                    Place::Capture(callee) => Instruction::CallCapture { base, count: given, callee },
                });
            });
        }
        self.window(destination, |lowering, base| {
            lowering.into(callee, base);
            let given = lowering.arguments(piped, arguments);
            lowering.body.span = callee.span;
            match is_plain {
                true => lowering.body.emit(Instruction::Call { base, count: count(given) }),
                false => {
                    let site = lowering.site(None, piped.is_some(), arguments, callee.span);
                    lowering.body.emit(Instruction::CallWith { base, site });
                }
            }
        });
    }

    /// Where a function value stays until its call ends: in a register or a capture that holds a variable which nobody
    /// assigns to.
    fn lasting_place(&self, callee: &Expression<'_>) -> Option<Place> {
        let ExpressionKind::Name(_) = callee.kind else { return None };
        let variable = self.variable_at(callee.span)?;
        if self.storage(variable) != Storage::Register || self.resolution.variables[variable].is_reassigned {
            return None;
        }
        match self.register_of(variable) {
            Some(register) => Some(Place::Register(register)),
            None => self.body.captures.get(&variable).map(|&number| Place::Capture(Capture(number))),
        }
    }

    /// A call of a function that captures nothing, with positional arguments.
    pub(super) fn known_call(
        &mut self,
        number: usize,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        destination: Register,
        span: Span,
    ) {
        self.window(destination, |lowering, base| {
            let given = lowering.arguments(piped, arguments);
            lowering.body.span = span;
            let function = lowering.function_index(number, span);
            lowering.body.emit(Instruction::CallFunction { base, count: count(given), function });
        });
    }

    /// The same with arguments by name, which are computed in the order of the call and stand in that of the parameters.
    fn named_call(
        &mut self,
        number: usize,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        positions: &[usize],
        destination: Register,
        span: Span,
    ) {
        self.window(destination, |lowering, base| {
            for _ in positions {
                lowering.body.allocate();
            }
            let place = |position: usize| base.offset(1 + positions[position] as u16);
            match piped {
                Some(Piped::Expression(expression)) => lowering.into(expression, place(0)),
                Some(Piped::Register(source)) => lowering.body.copy(place(0), source),
                None => {}
            }
            for (position, argument) in (usize::from(piped.is_some())..).zip(arguments) {
                if let Argument::Positional(value) | Argument::Named { value, .. } = argument {
                    lowering.into(value, place(position));
                }
            }
            lowering.body.span = span;
            let function = lowering.function_index(number, span);
            lowering.body.emit(Instruction::CallFunction { base, count: count(positions.len()), function });
        });
    }

    /// Lets `inside` make a call at a window, whose first register it gets, and moves the result to its destination.
    fn window(&mut self, destination: Register, inside: impl FnOnce(&mut Self, Register)) {
        let mark = self.body.mark();
        // A fresh temporary on top of all others can be the start of the window itself.
        let base = if self.body.is_top(destination) { destination } else { self.body.allocate() };
        inside(self, base);
        self.body.take(destination, base);
        self.body.release(mark);
    }

    /// Puts the arguments into neighbouring registers on top; how many there are.
    fn arguments(&mut self, piped: Option<Piped<'_, '_>>, arguments: &[Argument<'_>]) -> usize {
        if let Some(piped) = piped {
            let register = self.body.allocate();
            match piped {
                Piped::Expression(expression) => self.argument_into(expression, register),
                Piped::Register(source) => self.body.copy(register, source),
            }
        }
        for argument in arguments {
            let register = self.body.allocate();
            match argument {
                Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value) => {
                    self.argument_into(value, register);
                }
                Argument::FieldShorthand { path, span } => self.field_function(path, *span, register),
            }
        }
        usize::from(piped.is_some()) + arguments.len()
    }

    /// The value of an argument. A variable that is read for the last time gives its value away, so that the function may
    /// be its only holder.
    pub(super) fn argument_into(&mut self, expression: &Expression<'_>, destination: Register) {
        match self.last_use(expression) {
            Some(source) => self.body.take(destination, source),
            None => self.into(expression, destination),
        }
    }

    /// `destination = |record| record.path`
    pub(super) fn field_function(&mut self, path: &[Name<'_>], span: Span, destination: Register) {
        let number = self.program.functions.len();
        let parameter = self.name("record");
        self.program.functions.push(Function {
            parameters: vec![biovm_bytecode::program::Parameter { name: parameter, has_default: false }],
            signature: format!("|record| record{}", self.source.slice(span)),
            ..Function::default()
        });
        self.build(number, |lowering| {
            let register = lowering.body.allocate();
            for name in path {
                lowering.body.span = name.span;
                let field = lowering.field_site(name.text, name.span);
                lowering.body.emit(Instruction::GetField { destination: register, object: register, field });
            }
            lowering.body.emit(Instruction::Return { source: register });
        });
        let function = self.function_index(number, span);
        self.body.emit(Instruction::NewClosure { destination, function });
    }

    fn site(
        &mut self,
        method: Option<Name<'_>>,
        has_first: bool,
        arguments: &[Argument<'_>],
        span: Span,
    ) -> biovm_bytecode::operand::CallSiteIndex {
        let mut forms = Vec::with_capacity(arguments.len() + 1);
        if has_first {
            forms.push(ArgumentForm::Positional);
        }
        for argument in arguments {
            forms.push(match argument {
                Argument::Named { name, .. } => ArgumentForm::Named(self.name(name.text)),
                Argument::Spread(_) => ArgumentForm::Spread,
                Argument::Positional(_) | Argument::FieldShorthand { .. } => ArgumentForm::Positional,
            });
        }
        let method = method.map(|name| self.name(name.text));
        self.call_site(CallSite { method, arguments: forms }, span)
    }

    /// What is called.
    pub(super) fn callee(&self, callee: &Expression<'_>) -> Callee {
        let ExpressionKind::Name(name) = callee.kind else { return Callee::Value };
        match self.binding(callee.span) {
            Some(Binding::Builtin) => self.signatures.get(name).map_or(Callee::Value, Callee::Builtin),
            Some(Binding::Variable(variable)) => match self.resolution.variables[variable].kind {
                VariableKind::Function(number) if self.storage(variable) == Storage::Static => {
                    Callee::Function(number)
                }
                _ => Callee::Value,
            },
            Some(Binding::InWith(_)) | None => Callee::Value,
        }
    }

    /// A call of a builtin with positional arguments; defaults are filled in.
    pub(super) fn native_call(
        &mut self,
        signature: &'static Signature,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        destination: Register,
        span: Span,
    ) {
        if self.optimises && signature.is_direct && usize::from(piped.is_some()) + arguments.len() == 1 {
            return self.direct_call(signature, piped, arguments, destination, span);
        }
        self.window(destination, |lowering, base| {
            lowering.body.span = span;
            if lowering.look_up(signature, piped, arguments, base) {
                return;
            }
            let given = lowering.arguments(piped, arguments);
            let given = lowering.missing_arguments(signature, given);
            lowering.body.span = span;
            let native = lowering.native(signature.name, span);
            lowering.body.emit(Instruction::CallNative { base, count: count(given), native });
        });
    }

    /// A call of a builtin with one argument, which it leaves where it is.
    fn direct_call(
        &mut self,
        signature: &'static Signature,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        destination: Register,
        span: Span,
    ) {
        let variable = match (piped, arguments.first()) {
            (Some(Piped::Register(register)), _) => Some(register),
            (Some(Piped::Expression(value)), _) | (None, Some(Argument::Positional(value))) => {
                self.is_register_variable(value)
            }
            _ => None,
        };
        if let Some(argument) = variable {
            self.body.span = span;
            let native = self.native(signature.name, span);
            return self.body.emit(Instruction::CallDirect { destination, argument, native });
        }
        // The result replaces the argument, which nobody else should hold any longer.
        let mark = self.body.mark();
        let argument = match self.body.is_top(destination) {
            true => {
                self.body.release(mark - 1);
                Register(destination.0)
            }
            false => Register(mark as u16),
        };
        self.arguments(piped, arguments);
        self.body.span = span;
        let native = self.native(signature.name, span);
        self.body.emit(Instruction::CallDirect { destination: argument, argument, native });
        self.body.take(destination, argument);
        self.body.release(mark);
    }

    /// The register of a variable of this function that the expression reads for the last time. An earlier read in the same
    /// statement may be an operand that has yet to be used, right where the variable is.
    pub(super) fn last_use(&self, expression: &Expression<'_>) -> Option<Register> {
        let register = self.is_register_variable(expression)?;
        let variable = self.variable_at(expression.span)?;
        let facts = &self.resolution.variables[variable];
        let is_last = match facts.reads.as_slice() {
            [.., before, last] => *last == expression.span.start && *before < self.body.statement_start,
            [last] => *last == expression.span.start,
            [] => false,
        };
        // A loop around the read that is not around the declaration comes back to it.
        let is_last = is_last && self.body.depths.get(&variable) == Some(&self.body.loop_depth);
        (is_last && self.optimises && !facts.is_captured && !facts.is_reassigned).then_some(register)
    }

    /// Adds the defaults of the parameters that a call leaves out; how many arguments there are then.
    pub(super) fn missing_arguments(&mut self, signature: &'static Signature, given: usize) -> usize {
        for parameter in signature.parameters.iter().skip(given) {
            let register = self.body.allocate();
            self.default_value(parameter.default, register);
        }
        given.max(signature.parameters.len())
    }

    fn default_value(&mut self, default: Default, destination: Register) {
        match default {
            Default::Required | Default::Nil => self.body.emit(Instruction::LoadNil { destination }),
            Default::Bool(true) => self.body.emit(Instruction::LoadTrue { destination }),
            Default::Bool(false) => self.body.emit(Instruction::LoadFalse { destination }),
            Default::Int(value) => self.load_integer(value, destination),
            Default::Float(value) => self.load_constant(Constant::Float(value), destination),
            Default::Text(text) => self.load_constant(Constant::Str(text.to_owned()), destination),
        }
    }

    /// `receiver.name(arguments)`
    pub(super) fn method_call(
        &mut self,
        receiver: &Expression<'_>,
        name: Name<'_>,
        arguments: &[Argument<'_>],
        optional: bool,
        destination: Register,
    ) {
        if !optional && self.module_call(receiver, name, None, arguments, destination) {
            return;
        }
        self.window(destination, |lowering, base| {
            // The function in scope comes first, as what the method means where the receiver has none.
            match lowering.binding(name.span) {
                Some(Binding::Variable(variable)) => lowering.load(variable, base),
                Some(Binding::Builtin) => match lowering.signatures.get(name.text) {
                    Some(signature) => {
                        let native = lowering.native(signature.name, name.span);
                        lowering.body.emit(Instruction::LoadNative { destination: base, native });
                    }
                    None => lowering.body.emit(Instruction::LoadNil { destination: base }),
                },
                Some(Binding::InWith(_)) | None => {
                    lowering.body.emit(Instruction::LoadNil { destination: base })
                }
            }
            let object = lowering.body.allocate();
            lowering.into(receiver, object);
            let (absent, end) = (lowering.body.label(), lowering.body.label());
            if optional {
                lowering.body.emit_jump(Instruction::JumpIfNil { condition: object, target: LATER }, absent);
            }
            let given = 1 + lowering.arguments(None, arguments);
            lowering.body.span = name.span;
            if arguments.iter().all(is_positional) {
                let site = lowering.field_site(name.text, name.span);
                lowering.body.emit(Instruction::CallMethod { base, count: count(given), name: site });
            } else {
                let site = lowering.site(Some(name), true, arguments, name.span);
                lowering.body.emit(Instruction::CallWith { base, site });
            }
            if optional {
                lowering.body.emit_jump(Instruction::Jump { target: LATER }, end);
                lowering.body.place(absent);
                lowering.body.emit(Instruction::LoadNil { destination: base });
            }
            lowering.body.place(end);
        });
    }

    /// `destination = left |> target`
    pub(super) fn pipe(&mut self, left: &Expression<'_>, target: &Expression<'_>, destination: Register) {
        self.pipe_into(Piped::Expression(left), target, destination);
    }

    /// `destination = value |> target`
    pub(super) fn pipe_register(&mut self, value: Register, target: &Expression<'_>, destination: Register) {
        self.pipe_into(Piped::Register(value), target, destination);
    }

    fn pipe_into(&mut self, piped: Piped<'_, '_>, target: &Expression<'_>, destination: Register) {
        match &target.kind {
            ExpressionKind::Call { callee, arguments } => {
                self.call(callee, Some(piped), arguments, destination)
            }
            // `v |> o.m(a)` means `m(v, a)` with the field `m` of `o`.
            ExpressionKind::MethodCall { receiver, name, arguments, .. } => {
                if self.module_call(receiver, *name, Some(piped), arguments, destination) {
                    return;
                }
                self.window(destination, |lowering, base| {
                    let mark = lowering.body.mark();
                    let object = lowering.value(receiver);
                    lowering.body.span = name.span;
                    let field = lowering.field_site(name.text, name.span);
                    lowering.body.emit(Instruction::GetField { destination: base, object, field });
                    lowering.body.release(mark);
                    let given = lowering.arguments(Some(piped), arguments);
                    lowering.body.span = name.span;
                    if arguments.iter().all(is_positional) {
                        lowering.body.emit(Instruction::Call { base, count: count(given) });
                    } else {
                        let site = lowering.site(None, true, arguments, name.span);
                        lowering.body.emit(Instruction::CallWith { base, site });
                    }
                });
            }
            _ => self.call(target, Some(piped), &[], destination),
        }
    }

    /// `variable = builtin(variable, …)` for a builtin that can change its first argument in place. Returns whether the
    /// call has that form.
    pub(super) fn call_in_place(
        &mut self,
        variable: VariableId,
        callee: &Expression<'_>,
        piped: Option<&Expression<'_>>,
        arguments: &[Argument<'_>],
    ) -> bool {
        let (first, others) = match (piped, arguments.split_first()) {
            (Some(first), _) => (first, arguments),
            (None, Some((Argument::Positional(first), others))) => (first, others),
            _ => return false,
        };
        // The other arguments are computed before the value is taken. They may read the variable, but a function that they
        // call could change one that it shares.
        if !self.is_variable(first, variable)
            || (self.register_of(variable).is_none()
                && !others.iter().all(|other| self.changes_nothing(other)))
        {
            return false;
        }
        let place = self.register_of(variable);
        self.call_in_place_on(
            callee,
            others,
            place,
            |lowering, holder| lowering.take_variable(variable, holder),
            |lowering, result| lowering.store(variable, result),
        )
    }

    /// Whether computing the argument runs no code that could change a variable.
    fn changes_nothing(&self, argument: &Argument<'_>) -> bool {
        matches!(argument, Argument::Positional(value) if self.is_harmless(value))
    }

    pub(super) fn is_harmless(&self, expression: &Expression<'_>) -> bool {
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Name(_) => true,
            ExpressionKind::Field { object, .. } => self.is_harmless(object),
            ExpressionKind::Index { object, index } => self.is_harmless(object) && self.is_harmless(index),
            ExpressionKind::Unary { operand, .. } => self.is_harmless(operand),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                self.is_harmless(left) && self.is_harmless(right)
            }
            ExpressionKind::Call { callee, arguments } => match self.callee(callee) {
                Callee::Builtin(signature) => {
                    signature.pure && arguments.iter().all(|argument| self.changes_nothing(argument))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// `place = builtin(place, …)`, where `place` is the register of a variable that lives in one: `take` moves the value out of its place, `put` moves the result back. Returns false,
    /// and does nothing, where the builtin does not work in place.
    pub(super) fn call_in_place_on(
        &mut self,
        callee: &Expression<'_>,
        others: &[Argument<'_>],
        place: Option<Register>,
        take: impl FnOnce(&mut Self, Register),
        put: impl FnOnce(&mut Self, Register),
    ) -> bool {
        let Callee::Builtin(signature) = self.callee(callee) else { return false };
        if !self.optimises {
            return false;
        }
        let is_plain = |argument: &Argument<'_>| matches!(argument, Argument::Positional(value) if !super::effects::may_assign(value));
        let given = others.len() + 1;
        let fits = given >= signature.required() && signature.most().is_none_or(|most| given <= most);
        if !signature.in_place || !fits || !others.iter().all(is_plain) {
            return false;
        }
        let mark = self.body.mark();
        let base = self.body.allocate();
        let holder = self.body.allocate();
        let given = 1 + self.arguments(None, others);
        let given = self.missing_arguments(signature, given);
        let native = self.native(signature.name, callee.span);
        // Taken right before the call: if that fails, the machine puts the value back.
        self.body.span = callee.span;
        let done = self.body.label();
        if let (Some(list), "push") = (place, signature.name) {
            let append = Instruction::AppendInPlace { list, source: holder.offset(1), target: LATER_SHORT };
            self.body.emit_unless(append, done);
        }
        if let (Some(list), "pop") = (place, signature.name) {
            self.body.emit_jump(Instruction::DropLastInPlace { list, target: LATER }, done);
        }
        take(self, holder);
        self.body.emit(Instruction::CallNative { base, count: count(given), native });
        put(self, base);
        self.body.place(done);
        self.body.release(mark);
        true
    }
}

/// What a call calls.
pub(super) enum Callee {
    /// A builtin.
    Builtin(&'static Signature),
    /// A function of the script or a module that captures nothing.
    Function(usize),
    /// Whatever the expression gives.
    Value,
}

/// Where a function value that is called stays.
enum Place {
    Register(Register),
    Capture(Capture),
}

pub(super) fn is_positional(argument: &Argument<'_>) -> bool {
    matches!(argument, Argument::Positional(_) | Argument::FieldShorthand { .. })
}
