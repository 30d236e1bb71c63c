//! Building one function: instructions, registers, labels.

use super::decorator::Memoized;
use crate::resolve::VariableId;
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{Count, Jump, OperandKind, Register, ShapeIndex, ShortJump, jump_target};
use biovm_bytecode::program::{Handler, Inlined, Region, SourceSpan};
use rustc_hash::FxHashMap;

/// A place in the code that jumps name before it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(usize);

/// Where a variable of the running function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// Its value is in a register.
    Register(Register),
    /// Its cell is in a register.
    Cell(Register),
}

/// A loop that `break` and `continue` can leave.
pub(super) struct Loop {
    pub(super) break_label: Label,
    pub(super) continue_label: Label,
}

/// Why a function could not be built.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// A short jump does not reach its target; building again with long jumps helps.
    JumpTooFar,
    /// More than 65,535 registers.
    TooManyRegisters,
}

/// A function while it is built.
pub(super) struct Builder {
    pub(super) code: Vec<Instruction>,
    pub(super) spans: Vec<SourceSpan>,
    pub(super) handlers: Vec<Handler>,
    /// The names of field sites, each an index into the program's names.
    pub(super) field_sites: Vec<u32>,
    /// The field sites that all places of one name share, by name.
    pub(super) shared_field_sites: FxHashMap<u32, usize>,
    pub(super) locations: FxHashMap<VariableId, Location>,
    pub(super) captures: FxHashMap<VariableId, u16>,
    pub(super) loops: Vec<Loop>,
    /// How many loops, comprehensions included, enclose the current place.
    pub(super) loop_depth: usize,
    /// How many handlers of the function catch what goes wrong here.
    pub(super) guards: usize,
    /// How many of them enclose the declaration of a variable.
    pub(super) depths: FxHashMap<VariableId, usize>,
    /// Where the current statement begins.
    pub(super) statement_start: u32,
    /// The lambdas whose code is part of this function's.
    pub(super) inlined: Vec<Inlined>,
    /// The code that does the work of builtins, and that of stages.
    pub(super) regions: Vec<Region>,
    /// The names that the function gives to the parts of its result.
    pub(super) named_returns: Option<ShapeIndex>,
    /// Where a memoized function remembers its results.
    pub(super) memoized: Option<Memoized>,
    /// The list of functions to call when this one ends, where it defers something.
    pub(super) deferred: Option<Register>,
    /// Whether this is the body of a `parallel for`.
    pub(super) is_parallel_loop: bool,
    /// The source span of the next instructions.
    pub(super) span: Span,
    /// The number of the source that the span belongs to.
    source: u16,
    next_register: u32,
    register_count: u32,
    labels: Vec<Option<u32>>,
    fixups: Vec<(usize, Label)>,
    long_jumps: bool,
}

impl Builder {
    pub(super) fn new(source: u16, long_jumps: bool) -> Builder {
        Builder {
            code: Vec::new(),
            spans: Vec::new(),
            handlers: Vec::new(),
            field_sites: Vec::new(),
            shared_field_sites: FxHashMap::default(),
            locations: FxHashMap::default(),
            captures: FxHashMap::default(),
            loops: Vec::new(),
            loop_depth: 0,
            guards: 0,
            depths: FxHashMap::default(),
            statement_start: 0,
            inlined: Vec::new(),
            regions: Vec::new(),
            named_returns: None,
            memoized: None,
            deferred: None,
            is_parallel_loop: false,
            span: Span::at(0),
            source,
            next_register: 0,
            register_count: 1,
            labels: Vec::new(),
            fixups: Vec::new(),
            long_jumps,
        }
    }

    // Registers are a stack: what is allocated last is released first.

    /// A new register on top.
    pub(super) fn allocate(&mut self) -> Register {
        let register = self.next_register;
        self.next_register += 1;
        self.register_count = self.register_count.max(self.next_register);
        // More than that is reported when the function is finished.
        Register(register as u16)
    }

    /// The first register that is free.
    pub(super) fn mark(&self) -> u32 {
        self.next_register
    }

    /// Frees all registers from the mark on.
    pub(super) fn release(&mut self, mark: u32) {
        self.next_register = mark;
    }

    /// Whether the register is the one allocated last.
    pub(super) fn is_top(&self, register: Register) -> bool {
        u32::from(register.0) + 1 == self.next_register
    }

    // Code.

    /// Appends an instruction at the current span.
    pub(super) fn emit(&mut self, instruction: Instruction) {
        self.code.push(instruction);
        self.spans.push(SourceSpan { source: self.source, start: self.span.start, end: self.span.end });
    }

    /// The number of the next instruction.
    pub(super) fn position(&self) -> u32 {
        self.code.len() as u32
    }

    /// A label without a place.
    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// Gives the label its place: the next instruction.
    pub(super) fn place(&mut self, label: Label) {
        self.labels[label.0] = Some(self.position());
    }

    /// Appends a jump to the label. The instruction's own target does not matter.
    pub(super) fn emit_jump(&mut self, instruction: Instruction, label: Label) {
        self.fixups.push((self.code.len(), label));
        self.emit(instruction);
    }

    /// Appends a jump that compares; `opposite` jumps in exactly the other cases.
    pub(super) fn emit_compare(&mut self, instruction: Instruction, opposite: Instruction, label: Label) {
        if self.long_jumps {
            if let Some(skip) = with_target(opposite, 1) {
                self.emit(skip);
            }
            self.emit_jump(Instruction::Jump { target: Jump(0) }, label);
        } else {
            self.emit_jump(instruction, label);
        }
    }

    /// Appends a jump that compares and has no opposite.
    pub(super) fn emit_unless(&mut self, instruction: Instruction, label: Label) {
        if self.long_jumps {
            // Over the jump that goes on, to the jump that leaves.
            if let Some(leave) = with_target(instruction, 1) {
                self.emit(leave);
            }
            self.emit(Instruction::Jump { target: Jump(1) });
            self.emit_jump(Instruction::Jump { target: Jump(0) }, label);
        } else {
            self.emit_jump(instruction, label);
        }
    }

    /// `destination = source`, where they differ.
    pub(super) fn copy(&mut self, destination: Register, source: Register) {
        if destination != source {
            self.emit(Instruction::Move { destination, source });
        }
    }

    /// Moves a temporary to its destination.
    pub(super) fn take(&mut self, destination: Register, source: Register) {
        if destination != source {
            self.emit(Instruction::Take { destination, source });
        }
    }

    /// Puts the targets into all jumps; the number of registers.
    pub(super) fn finish(&mut self, optimises: bool) -> Result<u16, Problem> {
        for (index, label) in std::mem::take(&mut self.fixups) {
            let target = self.labels[label.0].map_or(0, i64::from);
            let distance = target - index as i64 - 1;
            self.code[index] = with_target(self.code[index], distance).ok_or(Problem::JumpTooFar)?;
        }
        if optimises {
            self.shorten();
        }
        u16::try_from(self.register_count).map_err(|_| Problem::TooManyRegisters)
    }

    /// Lets jumps to a jump go where that goes, and ends the function where it would only be left.
    fn shorten(&mut self) {
        for index in 0..self.code.len() {
            let Some(distance) = jump_distance(&self.code[index]) else { continue };
            let target = self.code.get(jump_target(index, distance) as usize);
            match (self.code[index], target) {
                (
                    Instruction::Jump { .. },
                    Some(end @ (Instruction::Return { .. } | Instruction::ReturnNil {})),
                ) => {
                    self.code[index] = *end;
                }
                (jump, Some(&Instruction::Jump { target })) if i64::from(target.0) != -1 => {
                    let further = distance + 1 + i64::from(target.0);
                    // The way back is looked at by each jump, so none may be left out that begins a round.
                    if distance >= 0
                        && further >= 0
                        && let Some(jump) = with_target(jump, further)
                    {
                        self.code[index] = jump;
                    }
                }
                _ => {}
            }
        }
        for index in 1..self.code.len() {
            if let Instruction::Return { source: result } = self.code[index]
                && let Instruction::Move { destination, source } = self.code[index - 1]
                && destination == result
            {
                self.code[index - 1] = Instruction::Return { source };
            }
        }
    }
}

/// How far an instruction may jump.
pub(super) fn jump_distance(instruction: &Instruction) -> Option<i64> {
    let mut distance = None;
    instruction.visit_operands(|_, kind, number| {
        if kind == OperandKind::Jump {
            distance = Some(number);
        }
    });
    distance
}

/// The same jump with another distance; `None` where that does not fit.
fn with_target(instruction: Instruction, distance: i64) -> Option<Instruction> {
    let mut operands = Vec::with_capacity(3);
    instruction.visit_operands(|_, kind, number| {
        operands.push(if kind == OperandKind::Jump { distance } else { number });
    });
    let mut operands = operands.into_iter();
    Instruction::from_operands(instruction.opcode(), || operands.next())
}

/// A jump target that is filled in later.
pub(super) const LATER: Jump = Jump(0);
/// A short jump target that is filled in later.
pub(super) const LATER_SHORT: ShortJump = ShortJump(0);

/// A number of registers as an operand.
pub(super) fn count(number: usize) -> Count {
    // Windows of more registers than exist are reported when the function is finished.
    Count(number.min(usize::from(u16::MAX)) as u16)
}
