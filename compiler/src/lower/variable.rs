//! Reading and writing variables wherever they live.

use super::Lowering;
use super::builder::Location;
use crate::resolve::{Binding, Storage, VariableId};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{Capture, Global, Register};

impl Lowering<'_> {
    /// What the name that starts there means. `None` for a name that resolution has reported.
    pub(super) fn binding(&self, span: Span) -> Option<Binding> {
        self.resolution.bindings.get(&span.start).copied()
    }

    /// The variable that is declared or used there.
    pub(super) fn variable_at(&self, span: Span) -> Option<VariableId> {
        match self.binding(span) {
            Some(Binding::Variable(variable)) => Some(variable),
            _ => None,
        }
    }

    pub(super) fn storage(&self, variable: VariableId) -> Storage {
        self.resolution.variables[variable].storage
    }

    /// The register of a variable that lives in one of the running function.
    pub(super) fn register_of(&self, variable: VariableId) -> Option<Register> {
        match self.body.locations.get(&variable) {
            Some(Location::Register(register)) => Some(*register),
            _ => None,
        }
    }

    /// Makes room for a variable of the running function: a register, or a fresh cell in one.
    pub(super) fn declare(&mut self, variable: VariableId) {
        self.body.depths.insert(variable, self.body.loop_depth);
        match self.storage(variable) {
            Storage::Register => {
                let register = self.body.allocate();
                self.body.locations.insert(variable, Location::Register(register));
            }
            Storage::Cell => {
                let register = self.body.allocate();
                self.body.locations.insert(variable, Location::Cell(register));
                self.body.emit(Instruction::NewCell { destination: register });
            }
            Storage::Global(_) | Storage::Static => {}
        }
    }

    /// Whether the running function has made room for the variable already.
    pub(super) fn is_declared(&self, variable: VariableId) -> bool {
        self.body.locations.contains_key(&variable)
    }

    /// `destination = variable`
    pub(super) fn load(&mut self, variable: VariableId, destination: Register) {
        match self.storage(variable) {
            Storage::Global(number) => {
                self.body.emit(Instruction::LoadGlobal { destination, global: Global(number as u32) });
            }
            Storage::Static => self.load_static(variable, destination),
            Storage::Register | Storage::Cell => match self.body.locations.get(&variable).copied() {
                Some(Location::Register(source)) => self.body.copy(destination, source),
                Some(Location::Cell(cell)) => self.body.emit(Instruction::LoadCell { destination, cell }),
                None => {
                    let capture = self.capture(variable);
                    self.body.emit(match self.storage(variable) {
                        Storage::Cell => Instruction::LoadCaptureCell { destination, capture },
                        _ => Instruction::LoadCapture { destination, capture },
                    });
                }
            },
        }
    }

    /// `destination = variable`, which becomes nil: for updates in place, which put a new value back.
    pub(super) fn take_variable(&mut self, variable: VariableId, destination: Register) {
        match self.storage(variable) {
            Storage::Global(number) => {
                self.body.emit(Instruction::TakeGlobal { destination, global: Global(number as u32) });
            }
            Storage::Cell => match self.body.locations.get(&variable).copied() {
                Some(Location::Cell(cell)) => self.body.emit(Instruction::TakeCell { destination, cell }),
                _ => {
                    let capture = self.capture(variable);
                    self.body.emit(Instruction::TakeCaptureCell { destination, capture });
                }
            },
            _ => match self.register_of(variable) {
                Some(source) => self.body.take(destination, source),
                None => self.load(variable, destination),
            },
        }
    }

    /// `variable = temporary`, which loses its value.
    pub(super) fn store(&mut self, variable: VariableId, temporary: Register) {
        match self.storage(variable) {
            Storage::Global(number) => {
                self.body.emit(Instruction::StoreGlobal { source: temporary, global: Global(number as u32) });
            }
            Storage::Cell => match self.body.locations.get(&variable).copied() {
                Some(Location::Cell(cell)) => {
                    self.body.emit(Instruction::StoreCell { cell, source: temporary })
                }
                _ => {
                    let capture = self.capture(variable);
                    self.body.emit(Instruction::StoreCaptureCell { source: temporary, capture });
                }
            },
            Storage::Register => {
                if let Some(register) = self.register_of(variable) {
                    self.body.take(register, temporary);
                }
            }
            // Never assigned to; a second declaration makes it an ordinary variable.
            Storage::Static => {}
        }
    }

    /// The number of a captured variable in the running closure.
    fn capture(&mut self, variable: VariableId) -> Capture {
        Capture(self.body.captures.get(&variable).copied().unwrap_or_default())
    }
}
