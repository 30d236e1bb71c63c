//! Arguments that are the last use of their variable: the call gets the value itself and no second holder of it, so that what
//! it changes need not be copied. `xs = sift(xs, i, n)` works on one list all the time.
//!
//! Looked for in the code of a finished function, where it is plain which instructions come behind which.

use super::builder::{Builder, jump_distance};
use biovm_bytecode::operand::{OperandKind, Register, jump_target};
use biovm_bytecode::program::{Handler, Program};
use biovm_bytecode::verify::register_window;
use biovm_bytecode::{Instruction, Opcode};

/// A call is looked for so far behind a move that may be its argument.
const TO_THE_CALL: usize = 64;

/// A later use is looked for in so many instructions, of functions with so many handlers at most. It keeps the work in
/// proportion to the code; where there are more, the value is copied, if it comes to that.
const LOOKED_AT: usize = 120;
const HANDLERS: usize = 64;

/// Makes moves of arguments take their value where nobody reads the variable behind them. Where only further arguments do, as in
/// `xs = sift(xs, len(xs))`, the move comes behind those.
pub(super) fn release_arguments(body: &mut Builder, program: &Program) {
    if body.handlers.len() > HANDLERS {
        return;
    }
    let boundaries = boundaries(body);
    let mut search = Search { handlers: &body.handlers, program, seen: Vec::new(), waiting: Vec::new() };
    let mut index = 0;
    while index < body.code.len() {
        if let Instruction::Move { destination, source } = body.code[index]
            && destination != source
            && let Some(call) = call_with(&body.code, index, destination, program)
        {
            let last = index.max(call - 1);
            if search.is_dead(&body.code, index, source) {
                body.code[index] = Instruction::Take { destination, source };
            } else if !boundaries[index + 1..=call].contains(&true)
                && body.code[index + 1..call].iter().all(|between| search.keeps(between, destination, source))
                && search.is_dead(&body.code, last, source)
            {
                body.code[index..call].rotate_left(1);
                body.spans[index..call].rotate_left(1);
                body.code[last] = Instruction::Take { destination, source };
                // What has come in its place is looked at next.
                continue;
            }
        }
        index += 1;
    }
}

/// For each instruction whether something begins or ends there that no instruction may be moved over.
fn boundaries(body: &Builder) -> Vec<bool> {
    let mut boundaries = vec![false; body.code.len() + 1];
    let mut mark = |index: usize| {
        if let Some(boundary) = boundaries.get_mut(index) {
            *boundary = true;
        }
    };
    for (index, instruction) in body.code.iter().enumerate() {
        if let Some(distance) = jump_distance(instruction) {
            mark(index + 1);
            mark(jump_target(index, distance) as usize);
        }
    }
    let handlers = body.handlers.iter().flat_map(|each| [each.start, each.end, each.target]);
    let inlined = body.inlined.iter().flat_map(|each| [each.start, each.end, each.call]);
    let regions = body.regions.iter().flat_map(|each| [each.start, each.end]);
    handlers.chain(inlined).chain(regions).for_each(|index| mark(index as usize));
    boundaries
}

/// Where the call is that has the register among its arguments.
fn call_with(code: &[Instruction], index: usize, register: Register, program: &Program) -> Option<usize> {
    let behind = code.iter().enumerate().skip(index + 1).take(TO_THE_CALL);
    let mut calls = behind.filter(|(_, instruction)| is_call(instruction.opcode()));
    let call = calls.find(|(_, call)| {
        register_window(call, program).is_some_and(|(start, count)| {
            (start..start.saturating_add(count)).contains(&u32::from(register.0))
        })
    });
    call.map(|(call, _)| call)
}

fn is_call(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Call
            | Opcode::CallFunction
            | Opcode::CallRegister
            | Opcode::CallCapture
            | Opcode::CallNative
            | Opcode::CallMethod
            | Opcode::CallWith
    )
}

/// Whether the next instruction is not the one behind.
fn leaves(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Jump
            | Opcode::Return
            | Opcode::ReturnNil
            | Opcode::Raise
            | Opcode::RaiseWithin
            | Opcode::RaiseUndefined
    )
}

/// What an instruction does with a register.
enum Use {
    /// It may read it.
    Reads,
    /// It writes it, and does not read it.
    Writes,
    /// Neither.
    Nothing,
}

/// Looks at all ways on from an instruction.
struct Search<'a> {
    handlers: &'a [Handler],
    program: &'a Program,
    seen: Vec<usize>,
    waiting: Vec<usize>,
}

impl Search<'_> {
    /// Whether nobody reads what is in the register behind the instruction.
    fn is_dead(&mut self, code: &[Instruction], index: usize, register: Register) -> bool {
        self.seen.clear();
        self.waiting.clear();
        self.waiting.push(index + 1);
        self.errors_of(index, register);
        let mut left = LOOKED_AT;
        while let Some(start) = self.waiting.pop() {
            for next in start.. {
                left -= 1;
                let Some(instruction) = code.get(next).filter(|_| left > 0) else { return false };
                let reached = self.use_of(instruction, register);
                if matches!(reached, Use::Reads) {
                    return false;
                }
                // An error comes before the result.
                self.errors_of(next, register);
                if matches!(reached, Use::Writes) {
                    break;
                }
                if let Some(distance) = jump_distance(instruction) {
                    self.go_on(jump_target(next, distance) as usize);
                }
                if leaves(instruction.opcode()) {
                    break;
                }
            }
        }
        true
    }

    /// Whether an instruction leaves alone where a value is to be moved to, and at most reads where it comes from.
    fn keeps(&self, instruction: &Instruction, destination: Register, source: Register) -> bool {
        let only_reads = matches!(
            instruction.opcode(),
            Opcode::GetIndex
                | Opcode::GetIndexThrough
                | Opcode::GetIndexOrNil
                | Opcode::GetField
                | Opcode::GetFieldOrNil
                | Opcode::HasKey
                | Opcode::CallDirect
        );
        let leaves_source = match self.use_of(instruction, source) {
            Use::Nothing => true,
            Use::Reads => only_reads,
            Use::Writes => false,
        };
        leaves_source && matches!(self.use_of(instruction, destination), Use::Nothing)
    }

    /// Looks at what comes behind a jump, once.
    fn go_on(&mut self, index: usize) {
        if !self.seen.contains(&index) {
            self.seen.push(index);
            self.waiting.push(index);
        }
    }

    /// Errors of the instruction may go on at these places.
    fn errors_of(&mut self, index: usize, register: Register) {
        let handlers = self.handlers;
        for handler in handlers {
            if (handler.start as usize..handler.end as usize).contains(&index) && handler.register != register
            {
                self.go_on(handler.target as usize);
            }
        }
    }

    fn use_of(&self, instruction: &Instruction, register: Register) -> Use {
        // What a closure captures stands with its function. Nothing is known of what runs later, either.
        if matches!(instruction.opcode(), Opcode::NewClosure | Opcode::RunDeferred) {
            return Use::Reads;
        }
        let (mut reads, mut writes) = (false, false);
        instruction.visit_operands(|name, kind, number| {
            if kind == OperandKind::Register && number == i64::from(register.0) {
                match name {
                    "destination" => writes = true,
                    _ => reads = true,
                }
            }
        });
        if let Some((start, count)) = register_window(instruction, self.program) {
            reads |= (start..start.saturating_add(count)).contains(&u32::from(register.0));
        }
        match (reads, writes) {
            (true, _) => Use::Reads,
            (false, true) => Use::Writes,
            (false, false) => Use::Nothing,
        }
    }
}
