//! Errors on their way up: position and trace, handlers, cleaning up.

use super::{Frame, Machine, parallel};
use crate::error::{Error, ErrorKind, TraceFrame};
use crate::value::Value;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::Inlined;

/// More frames than this are not listed one by one; the innermost and outermost ones are.
const MOST_TRACE_FRAMES: usize = 64;

/// Where an instruction has taken a value from.
enum Taken {
    /// An item or field of the value in this register.
    FromPart(Register),
    /// It was another value.
    FromElsewhere,
    FromVariable,
    /// It takes none.
    Nothing,
}

impl Machine {
    /// Looks for the handler of an error that the last frame has raised. `Ok` means that the last frame now goes on
    /// at its handler; `Err` means that the entry frame is gone and the error is for the native that started it.
    #[cold]
    #[inline(never)]
    pub(super) fn unwind(&mut self, error: Error) -> Result<(), Error> {
        // What fails by the rules of the language may be what a struct has a method for.
        let mut error = match self.overloaded(error) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // A handler may lead back to what failed.
        if let Err(interrupted) = self.poll() {
            error = interrupted;
        }
        self.set_origin(&mut error);
        while let Some(frame) = self.frames.last().copied() {
            self.undo_update(&frame);
            let function = frame.function();
            let current = frame.current();
            let covers = |handler: &&biovm_bytecode::program::Handler| {
                (handler.start as usize..handler.end as usize).contains(&current)
            };
            if error.kind().is_catchable()
                && let Some(handler) = function.handlers.iter().find(covers)
            {
                let register = frame.base + handler.register.index();
                // SAFETY: the verifier has proved the target inside of the code.
                let next = unsafe { function.code.as_ptr().add(handler.target as usize) };
                if let Some(frame) = self.frames.last_mut() {
                    frame.next = next;
                }
                self.stack[register] = Value::Error(error);
                return Ok(());
            }
            let (base, count, is_entry) = (frame.base, function.register_count, frame.is_entry());
            self.frames.pop();
            self.clear(base, count);
            if is_entry {
                return Err(error);
            }
        }
        Err(error)
    }

    /// Writes down where the error was raised, unless it is known already.
    fn set_origin(&self, error: &mut Error) {
        if error.has_origin() {
            return;
        }
        let position = self
            .frames
            .last()
            .and_then(|frame| frame.program().program.position(frame.function(), frame.current()));
        if error.kind() == ErrorKind::Parallel
            && let Some(position) = &position
        {
            parallel::name_variable(error, position);
        }
        error.set_origin(position, self.trace());
    }

    /// Adds the functions that are running here to an error that another thread has raised for this one.
    pub(crate) fn add_callers(&self, error: &mut Error) {
        error.add_callers(self.trace());
    }

    /// The functions that are running, the innermost first.
    fn trace(&self) -> Vec<TraceFrame> {
        let omitted = self.frames.len().saturating_sub(MOST_TRACE_FRAMES);
        let inner = self.frames.as_slice().iter().rev().take(MOST_TRACE_FRAMES / 2);
        let outer = self.frames.as_slice().iter().rev().skip(MOST_TRACE_FRAMES / 2 + omitted);
        let mut trace: Vec<TraceFrame> = inner.flat_map(trace_frames).collect();
        if omitted > 0 {
            trace.push(TraceFrame { function: format!("… {omitted} more calls …"), place: None });
        }
        trace.extend(outer.flat_map(trace_frames));
        trace
    }

    /// Puts a value back that was taken out of its variable to be updated in place, where the update has failed: code
    /// that catches the error must find the variable as it was. The instruction before the failed one has taken it.
    pub(super) fn undo_update(&mut self, frame: &Frame) {
        let code = &frame.function().code;
        let current = frame.current();
        let mut holder = match code[current] {
            Instruction::Add { destination, left, .. }
            | Instruction::Concatenate { destination, left, .. }
                if destination == left =>
            {
                left
            }
            Instruction::CallNative { base, .. } => base.offset(1),
            Instruction::SetIndex { object, .. } | Instruction::SetField { object, .. } => object,
            _ => return,
        };
        // The parts that lead to the one that was to change were taken out one after the other, and those further in may
        // have been put back already.
        for before in code[..current].iter().rev() {
            match *before {
                Instruction::SetIndex { .. } | Instruction::SetField { .. } => {}
                taken => match self.put_back_taken(frame, taken, holder) {
                    Taken::FromPart(object) => holder = object,
                    Taken::FromElsewhere => {}
                    Taken::FromVariable | Taken::Nothing => return,
                },
            }
        }
    }

    /// Undoes one instruction that has taken the value of `holder` from somewhere.
    fn put_back_taken(&mut self, frame: &Frame, taken: Instruction, holder: Register) -> Taken {
        let position = frame.base + holder.index();
        match taken {
            Instruction::TakeIndex { destination, .. } | Instruction::TakeField { destination, .. }
                if destination != holder =>
            {
                return Taken::FromElsewhere;
            }
            Instruction::TakeIndex { object, index, .. } => {
                let value = self.stack[position].take();
                let index = self.stack[frame.base + index.index()].clone();
                let slot = match (&mut self.stack[frame.base + object.index()], index) {
                    (Value::List(list), Value::Int(index)) => {
                        list.values_mut().and_then(|values| values.get_mut(index as usize))
                    }
                    (Value::Record(record), Value::Str(key)) => {
                        let position = record.shape().position_of(&key);
                        position.and_then(|position| record.unique_values_mut()?.get_mut(position))
                    }
                    _ => None,
                };
                if let Some(slot) = slot.filter(|slot| matches!(slot, Value::Nil)) {
                    *slot = value;
                }
                return Taken::FromPart(object);
            }
            Instruction::TakeField { object, field, .. } => {
                let value = self.stack[position].take();
                let name = &frame.function().field_names[field.index()];
                if let Value::Record(record) = &mut self.stack[frame.base + object.index()]
                    && let Some(position) = record.shape().position(name)
                    && matches!(record.values()[position], Value::Nil)
                {
                    record.values_mut()[position] = value;
                }
                return Taken::FromPart(object);
            }
            Instruction::Take { destination, source } if destination == holder => {
                self.stack[frame.base + source.index()] = self.stack[position].take();
            }
            Instruction::TakeGlobal { destination, global } if destination == holder => {
                self.globals[global.index()] = self.stack[position].take();
            }
            Instruction::TakeCell { destination, cell } if destination == holder => {
                let value = self.stack[position].take();
                if let Value::Variable(variable) = &self.stack[frame.base + cell.index()] {
                    variable.set(value);
                }
            }
            Instruction::TakeCaptureCell { destination, capture } if destination == holder => {
                let value = self.stack[position].take();
                // SAFETY: the verifier has proved the capture in range; see `Frame` for the pointer.
                if let Value::Variable(variable) = unsafe { &*frame.captures.add(capture.index()) } {
                    variable.set(value);
                }
            }
            _ => return Taken::Nothing,
        }
        Taken::FromVariable
    }

    /// Drops the values of registers, so that slots above the last frame hold nothing that is counted.
    pub(super) fn clear(&mut self, first: usize, count: usize) {
        for slot in &mut self.stack[first..first + count] {
            if slot.is_counted() {
                *slot = Value::Nil;
            }
        }
    }
}

/// The function that runs in a frame, and before it the lambda whose code is part of it, where that runs.
fn trace_frames(frame: &super::Frame) -> impl Iterator<Item = TraceFrame> {
    let (function, current) = (frame.function(), frame.current());
    let entry = |name: &str, instruction: usize| {
        let place = frame.program().program.position(function, instruction);
        let place = place.map(|position| (position.file, position.line));
        TraceFrame { function: name.to_owned(), place }
    };
    let covers = |inlined: &&Inlined| (inlined.start as usize..inlined.end as usize).contains(&current);
    let (lambda, current) = match function.inlined.iter().find(covers) {
        Some(inlined) => (Some(entry("<lambda>", current)), inlined.call as usize),
        None => (None, current),
    };
    lambda.into_iter().chain([entry(&function.name, current)])
}
