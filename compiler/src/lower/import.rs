//! Imports: the module runs unless it has, then its names get their values here.

use super::Lowering;
use super::builder::{LATER, Location, count};
use super::call::{Piped, is_positional};
use crate::ast::{Argument, Expression, ExpressionKind, Label, Name};
use crate::module::{Module, Place};
use crate::resolve::{ImportFacts, Storage, VariableId};
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{Global, Register};

impl Lowering<'_> {
    /// Puts the modules where imports look for them: the first thing that a program does.
    pub(super) fn start_modules(&mut self) {
        let mark = self.body.mark();
        // Kept: a function may be lowered twice.
        for (state, function) in self.modules.clone() {
            let source = self.body.allocate();
            let function = self.function_index(function, self.body.span);
            self.body.emit(Instruction::NewClosure { destination: source, function });
            self.body.emit(Instruction::StoreGlobal { source, global: Global(state as u32) });
            self.body.release(mark);
        }
    }

    /// `import "path"`, `import "path" as m`, `from "path" import a, b`
    pub(super) fn import(&mut self, path: &Label<'_>) {
        let resolution = self.resolution;
        let Some(facts) = resolution.imports.get(&path.span.start) else { return };
        self.body.span = path.span;
        self.run_module(&facts.module);
        for (name, alias) in &facts.types {
            if let Some(methods) = facts.module.traits.get(name) {
                self.traits.insert(alias.clone(), methods.clone());
            }
        }
        for &(variable, export) in &facts.names {
            if self.is_needed(variable) {
                self.bind_imported(variable, |lowering, register| {
                    lowering.load_export(facts.module.exports[export].place, register);
                });
            }
        }
        if let Some(alias) = facts.alias {
            self.bind_imported(alias, |lowering, register| lowering.module_record(&facts.module, register));
        }
    }

    /// The variables that an import binds.
    pub(super) fn imported_variables(&self, path: &Label<'_>) -> Vec<VariableId> {
        let facts: Option<&ImportFacts> = self.resolution.imports.get(&path.span.start);
        let variables = |facts: &ImportFacts| {
            facts.names.iter().map(|(variable, _)| *variable).chain(facts.alias).collect()
        };
        facts.map_or_else(Vec::new, variables)
    }

    /// Calls the top level of a module if it is still there. It is gone only when the call has come to its end, so a module
    /// that failed is run again by the next import.
    fn run_module(&mut self, module: &Module) {
        let global = Global(module.state as u32);
        let mark = self.body.mark();
        let base = self.body.allocate();
        let done = self.body.label();
        self.body.emit(Instruction::LoadModule { destination: base, global });
        self.body.emit_jump(Instruction::JumpIfNil { condition: base, target: LATER }, done);
        self.body.emit(Instruction::Call { base, count: count(0) });
        self.body.emit(Instruction::LoadNil { destination: base });
        self.body.emit(Instruction::StoreGlobal { source: base, global });
        self.body.place(done);
        self.body.release(mark);
    }

    /// Whether an imported name needs a value: of the names of a whole module, most are never used.
    fn is_needed(&self, variable: VariableId) -> bool {
        let facts = &self.resolution.variables[variable];
        match facts.storage {
            Storage::Static => false,
            Storage::Global(_) => true,
            Storage::Register | Storage::Cell => facts.uses > 0 || facts.is_reassigned,
        }
    }

    /// Gives a variable the value that `value` puts into a register.
    fn bind_imported(&mut self, variable: VariableId, value: impl FnOnce(&mut Self, Register)) {
        if self.storage(variable) == Storage::Register && !self.is_declared(variable) {
            let register = self.body.allocate();
            value(self, register);
            self.body.locations.insert(variable, Location::Register(register));
            return;
        }
        if !self.is_declared_here(variable) {
            self.declare(variable);
        }
        let mark = self.body.mark();
        let temporary = self.body.allocate();
        value(self, temporary);
        self.store(variable, temporary);
        self.body.release(mark);
    }

    /// A module may end before all its variables have values; the others are nil then.
    fn load_export(&mut self, place: Place, destination: Register) {
        let span = self.body.span;
        match place {
            Place::Function(number) => {
                let function = self.function_index(number, span);
                self.body.emit(Instruction::NewClosure { destination, function });
            }
            Place::Global(number) => {
                self.body.emit(Instruction::LoadGlobalOrNil { destination, global: Global(number as u32) });
            }
        }
    }

    /// The module as a record of what it exports.
    fn module_record(&mut self, module: &Module, destination: Register) {
        let mark = self.body.mark();
        let keys: Vec<u32> = module.exports.iter().map(|export| self.name(&export.name)).collect();
        let mut start = None;
        for export in &module.exports {
            let register = self.body.allocate();
            start = start.or(Some(register));
            self.load_export(export.place, register);
        }
        let span = self.body.span;
        let shape = self.shape(keys, span);
        let start = start.unwrap_or(destination);
        self.body.emit(Instruction::NewRecord { destination, shape, start });
        self.body.release(mark);
    }

    /// Calls the function of a module that `receiver.name` means; returns false, and does nothing, where it means something
    /// else or where the arguments are more than values.
    pub(super) fn module_call(
        &mut self,
        receiver: &Expression<'_>,
        name: Name<'_>,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        destination: Register,
    ) -> bool {
        let Some(number) = self.function_of_module(receiver, name) else { return false };
        self.check_function_call(number, piped.is_some(), arguments, name.span);
        let is_plain = arguments.iter().all(is_positional);
        if is_plain {
            self.known_call(number, piped, arguments, destination, name.span);
        }
        is_plain
    }

    /// The function that `m.name` means, where `m` is a module and never anything else.
    fn function_of_module(&self, receiver: &Expression<'_>, name: Name<'_>) -> Option<usize> {
        let ExpressionKind::Name(_) = receiver.kind else { return None };
        let variable = self.variable_at(receiver.span)?;
        let module = self.resolution.modules.get(&variable)?;
        if self.resolution.variables[variable].is_reassigned {
            return None;
        }
        match module.export(name.text)?.place {
            Place::Function(number) => Some(number),
            Place::Global(_) => None,
        }
    }
}
