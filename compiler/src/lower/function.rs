//! Functions: parameters, defaults, bodies, closures.

use super::Lowering;
use super::builder::{Builder, LATER, Location, Problem};
use super::control::RaisedKind;
use super::release::release_arguments;
use crate::ast::{self, PatternKind};
use crate::resolve::{Storage, VariableId, VariableKind};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::{CaptureSource, Function, Parameter};

impl Lowering<'_> {
    /// The top level of the script, function 0, or of a module.
    pub(super) fn top_level(&mut self, program: &ast::Program<'_>) {
        let number = self.resolution.top_level;
        let is_script = number == 0;
        if !is_script {
            // Traces show it; the file beside it says which.
            self.program.functions[number].name = "<module>".to_owned();
        }
        self.document(&program.statements);
        self.build(number, |lowering| {
            lowering.body.span = program.span;
            if is_script {
                lowering.start_modules();
            }
            lowering.body_with_deferred(&program.statements, program.span, |lowering, result| {
                lowering.statements(&program.statements, Some(result));
            });
        });
    }

    /// Lowers a function, and lowers it again with long jumps where short ones do not reach.
    pub(super) fn build(&mut self, number: usize, mut lower: impl FnMut(&mut Self)) {
        for long_jumps in [false, true] {
            let diagnostics = self.diagnostics.len();
            let captures = self.resolution.functions.get(number).map(|facts| facts.captures.as_slice());
            let mut builder = Builder::new(self.source_number, long_jumps);
            builder.captures = captures.unwrap_or_default().iter().copied().zip(0..).collect();
            let outer = std::mem::replace(&mut self.body, builder);
            lower(self);
            let mut body = std::mem::replace(&mut self.body, outer);
            match body.finish(self.optimises) {
                Ok(register_count) => {
                    if self.optimises {
                        release_arguments(&mut body, &self.program);
                    }
                    let function = &mut self.program.functions[number];
                    function.register_count = register_count;
                    function.code = body.code;
                    function.spans = body.spans;
                    function.handlers = body.handlers;
                    function.inlined = body.inlined;
                    function.regions = body.regions;
                    function.field_sites = body.field_sites;
                    return;
                }
                Err(Problem::JumpTooFar) => self.diagnostics.truncate(diagnostics),
                Err(Problem::TooManyRegisters) => {
                    self.too_large("more than 65,535 variables in one function", body.span);
                    return;
                }
            }
        }
    }

    /// Lowers the function and returns its number.
    pub(super) fn function(&mut self, function: &ast::Function<'_>) -> usize {
        let number = self.resolution.function_numbers.get(&function.span.start).copied().unwrap_or_default();
        if function.is_async && function.is_generator {
            self.not_supported("an async generator", function.span);
        }
        if let Some(ast::Statement { kind: ast::StatementKind::Expression(result), .. }) =
            function.body.statements.last()
        {
            self.check_annotation(function.return_type.as_ref(), result);
        }
        self.build(number, |lowering| {
            lowering.body.span = function.span;
            if !function.named_returns.is_empty() {
                let names = function.named_returns.iter();
                let keys = names.map(|returned| lowering.name(returned.name.text)).collect();
                lowering.body.named_returns = Some(lowering.shape(keys, function.span));
            }
            let key = lowering.parameters(number, &function.parameters);
            let count = function.parameters.len();
            if !function.is_async {
                lowering.recall(number, key, count);
            }
            if let Some(condition) = &function.where_clause {
                let holds = lowering.body.label();
                lowering.branch(condition, true, holds);
                let message = format!("where clause failed: {}", lowering.source.slice(condition.span));
                lowering.raise(RaisedKind::AssertionFailed, &message, condition.span);
                lowering.body.place(holds);
            }
            // Arguments are checked by the call; the body runs when it is wanted, or elsewhere.
            lowering.body.span = function.span;
            if function.is_generator {
                lowering.body.emit(Instruction::StartGenerator {});
            } else if function.is_async {
                lowering.body.emit(Instruction::StartTask {});
                // Every call gives a Future, also of a result that is known.
                lowering.recall(number, key, count);
            }
            lowering.body_with_deferred(&function.body.statements, function.span, |lowering, result| {
                lowering.block(&function.body, Some(result));
            });
        });
        let name = function.name.map_or("", |name| name.text);
        self.describe(number, name, &function.parameters, function.doc.as_deref().unwrap_or_default());
        number
    }

    /// Notes what callers, reports and help want to know about a function.
    pub(super) fn describe(
        &mut self,
        number: usize,
        name: &str,
        parameters: &[ast::Parameter<'_>],
        doc: &str,
    ) {
        let list = self.parameter_list(parameters);
        let described: Vec<Parameter> = parameters
            .iter()
            .map(|parameter| {
                let name = match &parameter.pattern.kind {
                    PatternKind::Name(name) => name,
                    // A parameter that is taken apart has no name that a call could use.
                    _ => "",
                };
                Parameter { name: self.name(name), has_default: parameter.default.is_some() }
            })
            .collect();
        let target: &mut Function = &mut self.program.functions[number];
        target.signature = match name {
            "" => format!("|{list}| …"),
            name => format!("{name}({list})"),
        };
        target.name = name.to_owned();
        target.parameters = described;
        target.has_rest = parameters.last().is_some_and(|parameter| parameter.is_rest);
        target.doc = doc.to_owned();
    }

    /// Ends the function with a result; one of several parts gets their names, where the function has declared some.
    pub(super) fn emit_return(&mut self, source: Register) {
        if let Some(shape) = self.body.named_returns {
            self.body.emit(Instruction::NameItems { destination: source, source, shape });
        }
        if let Some(list) = self.body.deferred {
            self.body.emit(Instruction::RunDeferred { list });
        }
        self.remember(source);
        self.body.emit(Instruction::Return { source });
    }

    /// Gives the parameters their places: arguments arrive in the first registers. Returns the first of the registers with
    /// the copies that a memoized function knows its results by.
    pub(super) fn parameters(
        &mut self,
        number: usize,
        parameters: &[ast::Parameter<'_>],
    ) -> Option<Register> {
        let registers: Vec<Register> = parameters.iter().map(|_| self.body.allocate()).collect();
        let key = self.key_registers(number, parameters.len());
        for ((parameter, &register), position) in parameters.iter().zip(&registers).zip(0..) {
            match &parameter.default {
                Some(default) => {
                    self.check_annotation(parameter.annotation.as_ref(), default);
                    let (given, done) = (self.body.label(), self.body.label());
                    self.body.span = parameter.span;
                    self.body
                        .emit_jump(Instruction::JumpIfGiven { parameter: register, target: LATER }, given);
                    self.into(default, register);
                    if self.is_checked(parameter) {
                        self.body.emit_jump(Instruction::Jump { target: LATER }, done);
                    }
                    self.body.place(given);
                    self.check_argument(parameter, register);
                    self.body.place(done);
                }
                None => self.check_argument(parameter, register),
            }
            if let Some(key) = key {
                self.body.copy(key.offset(position), register);
            }
            match &parameter.pattern.kind {
                PatternKind::Name(_) => {
                    if let Some(variable) = self.variable_at(parameter.pattern.span) {
                        self.adopt(variable, register);
                    }
                }
                _ => self.destructure(&parameter.pattern, register),
            }
        }
        key
    }

    /// Makes a register that has its value the home of a variable.
    pub(super) fn adopt(&mut self, variable: VariableId, register: Register) {
        match self.storage(variable) {
            Storage::Register => {
                self.body.depths.insert(variable, self.body.loop_depth);
                self.body.locations.insert(variable, Location::Register(register));
            }
            _ => {
                if !self.is_declared(variable) {
                    self.declare(variable);
                }
                self.store(variable, register);
            }
        }
    }

    /// `destination = closure of the function`
    pub(super) fn closure(&mut self, number: usize, destination: Register, span: Span) {
        let mark = self.body.mark();
        let memory = self.new_memory(number);
        let captures = &self.resolution.functions[number].captures;
        let sources = captures.iter().map(|variable| match self.body.locations.get(variable) {
            Some(Location::Register(register) | Location::Cell(register)) => {
                CaptureSource::Register(*register)
            }
            None => CaptureSource::Capture(self.body.captures.get(variable).copied().unwrap_or_default()),
        });
        self.program.functions[number].captures = sources.collect();
        let function = self.function_index(number, span);
        self.body.emit(Instruction::NewClosure { destination, function });
        if let Some(memory) = memory {
            self.body.locations.remove(&memory);
        }
        self.body.release(mark);
    }

    /// `destination = function value` of a function that captures nothing.
    pub(super) fn load_static(&mut self, variable: VariableId, destination: Register) {
        if let VariableKind::Function(number) = self.resolution.variables[variable].kind {
            let span = self.body.span;
            let function = self.function_index(number, span);
            self.body.emit(Instruction::NewClosure { destination, function });
        }
    }

    /// Makes the closures of the functions that a block declares, before its first statement runs.
    pub(super) fn hoist_functions(&mut self, statements: &[ast::Statement<'_>]) {
        let functions = statements.iter().filter_map(|statement| match &statement.kind {
            ast::StatementKind::Function(function) if !function.has_custom_decorator() => Some(function),
            _ => None,
        });
        // Cells first: functions may capture each other.
        for function in functions.clone() {
            let variable = function.name.and_then(|name| self.variable_at(name.span));
            if let Some(variable) = variable.filter(|&variable| !self.is_declared(variable)) {
                self.declare(variable);
            }
        }
        for function in functions {
            let number = self.function(function);
            let Some(variable) = function.name.and_then(|name| self.variable_at(name.span)) else { continue };
            if self.storage(variable) != Storage::Static {
                let mark = self.body.mark();
                let temporary = self.body.allocate();
                self.body.span = function.span;
                self.closure(number, temporary, function.span);
                self.store(variable, temporary);
                self.body.release(mark);
            }
        }
    }
}
