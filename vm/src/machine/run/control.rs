//! Calls, returns, and everything that is rare.

use super::*;
use crate::machine::arguments::Arranged;
use crate::machine::calls::function_arity;
use crate::machine::frame::Frame;
use crate::machine::is_nothing;
use crate::native::Native;
use crate::program::LoadedFunction;
use biovm_bytecode::operand::Register;

/// Starts a function whose arguments stand in its registers from `base` on, and are as many as it wants.
///
/// # Safety
/// As for every handler; the function belongs to the program of `machine.current`.
#[inline(always)]
unsafe fn start(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    callee: *const LoadedFunction,
    captures: *const Value,
    slot: Register,
) -> Flow {
    // SAFETY: by the caller.
    unsafe {
        let caller = machine.current.frame;
        (*caller).next = next;
        let base = (*caller).base + slot.index() + 1;
        if machine.frames.len() >= machine.context.max_depth
            || base + (*callee).register_count >= machine.stack.len()
            || machine.frames.len() == machine.frames.capacity()
        {
            return start_slow(machine, next, registers, callee, captures, base);
        }
        let code = (*callee).code.as_ptr();
        let length = machine.frames.len();
        let frame = machine.frames.as_mut_ptr().add(length);
        frame.write(Frame {
            program: (*caller).program,
            function: callee,
            captures,
            base,
            next: code,
            is_entry: false,
            may_yield: false,
        });
        machine.frames.set_len(length + 1);
        machine.current.frame = frame;
        let registers = registers.add(slot.index() + 1);
        dispatch!(machine, code, registers)
    }
}

/// The same where the stack or the list of frames must grow, or the call is nested too deeply.
#[cold]
#[inline(never)]
unsafe fn start_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
    callee: *const LoadedFunction,
    captures: *const Value,
    base: usize,
) -> Flow {
    // SAFETY: by the caller.
    unsafe {
        let program = (*machine.current.frame).program;
        attempt!(machine, next, registers, machine.push_frame(program, callee, captures, base, false));
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn call(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Call { base, count });
        machine.countdown -= 1;
        if machine.countdown != 0
            && let Value::Closure(closure) = &*registers.add(base.index())
            && std::ptr::eq(Arc::as_ptr(closure.program()), machine.current.program)
        {
            let callee = std::ptr::from_ref(closure.function());
            if (*callee).exact_arity == count.index() {
                let captures = closure.captures().as_ptr();
                return start(machine, next, registers, callee, captures, base);
            }
        }
        call_slow(machine, next, registers)
    }
}

#[inline(never)]
unsafe fn call_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Call { base, count });
        if machine.countdown == 0 {
            attempt!(machine, next, registers, machine.poll_slow());
        }
        (*machine.current.frame).next = next;
        let slot = (*machine.current.frame).base + base.index();
        attempt!(machine, next, registers, machine.call_value(slot, count.index()));
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn call_function(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallFunction { base, count, function });
        let callee = (*machine.current.program).functions.as_ptr().add(function.index());
        machine.countdown -= 1;
        if machine.countdown == 0 || (*callee).exact_arity != count.index() {
            return call_function_slow(machine, next, registers);
        }
        start(machine, next, registers, callee, std::ptr::null(), base)
    }
}

#[inline(never)]
unsafe fn call_function_slow(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallFunction { base, count, function });
        if machine.countdown == 0 {
            attempt!(machine, next, registers, machine.poll_slow());
        }
        (*machine.current.frame).next = next;
        let first = (*machine.current.frame).base + base.index() + 1;
        let callee = (*machine.current.program).functions.as_ptr().add(function.index());
        attempt!(machine, next, registers, machine.bind(&*callee, first, count.index()));
        let program = (*machine.current.frame).program;
        let pushed = machine.push_frame(program, callee, std::ptr::null(), first, false);
        attempt!(machine, next, registers, pushed);
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn call_native(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, CallNative { base, count, native });
        let native = *(&*machine.current.program).natives.get_unchecked(native.index());
        (*machine.current.frame).next = next;
        let called = machine.run_native_at(native, base, count.index());
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, called);
        dispatch!(machine, next, registers)
    }
}

/// What begins or ends calls in ways of its own: leaves the machine with the frame that goes on.
pub(super) unsafe fn call_otherwise(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        (*machine.current.frame).next = next;
        let instruction = *next.sub(1);
        attempt!(machine, next, registers, machine.call_instruction(instruction));
        let (registers, next) = machine.select_frame();
        dispatch!(machine, next, registers)
    }
}

/// Ends the current frame. The result is in its register `source`, and goes to the register below the frame, where the
/// caller put the function.
#[inline(always)]
unsafe fn leave(machine: &mut Machine, registers: *mut Value, result: Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        let frame = machine.current.frame;
        for index in 0..(*(*frame).function).register_count {
            let slot = registers.add(index);
            if (*slot).is_counted() {
                drop_old(slot);
                slot.write(Value::Nil);
            }
        }
        if (*frame).is_entry {
            machine.frames.set_len(machine.frames.len() - 1);
            machine.outcome = Ok(result);
            return (std::ptr::null(), registers);
        }
        let length = machine.frames.len() - 1;
        machine.frames.set_len(length);
        put(registers.sub(1), result);
        let caller = frame.sub(1);
        machine.current.frame = caller;
        if !std::ptr::eq((*caller).program, (*frame).program) {
            let (registers, next) = machine.select_frame();
            dispatch!(machine, next, registers);
        }
        let registers = machine.stack.as_mut_ptr().add((*caller).base);
        dispatch!(machine, (*caller).next, registers)
    }
}

pub(super) unsafe fn return_(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Return { source });
        let result = (*registers.add(source.index())).take();
        leave(machine, registers, result)
    }
}

pub(super) unsafe fn return_nil(
    machine: &mut Machine,
    _next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe { leave(machine, registers, Value::Nil) }
}

/// A generator or a body of an async function: the call ends here, with a Stream or a Future.
pub(super) unsafe fn suspend(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`; the register below a frame exists.
    unsafe {
        (*machine.current.frame).next = next;
        let is_task = matches!(*next.sub(1), Instruction::StartTask {});
        attempt!(machine, next, registers, machine.suspend_to(is_task, registers));
        return_first(machine, registers)
    }
}

/// Ends a frame whose first register holds the result.
unsafe fn return_first(machine: &mut Machine, registers: *mut Value) -> Flow {
    // SAFETY: every frame has a register.
    unsafe {
        let result = (*registers).take();
        leave(machine, registers, result)
    }
}

pub(super) unsafe fn yield_(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Yield { source });
        (*machine.current.frame).next = next;
        let item = (*registers.add(source.index())).take();
        machine.outcome = Ok(item);
        attempt!(machine, next, registers, machine.yield_frame());
        (std::ptr::null(), registers)
    }
}

pub(super) unsafe fn await_(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Await { destination, source });
        (*machine.current.frame).next = next;
        let awaited = machine.await_into(destination, source);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, awaited);
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn extend(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, Extend { list, source });
        (*machine.current.frame).next = next;
        let result = machine.extend(list, source);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, result);
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn run_deferred(machine: &mut Machine, next: *const Instruction, _: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, RunDeferred { list });
        (*machine.current.frame).next = next;
        let result = machine.run_deferred(list);
        let registers = machine.select_frame().0;
        attempt!(machine, next, registers, result);
        dispatch!(machine, next, registers)
    }
}

pub(super) unsafe fn jump_if_given(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, JumpIfGiven { parameter, target });
        if !is_nothing(&*registers.add(parameter.index())) {
            jump!(machine, next, registers, target);
        }
        dispatch!(machine, next, registers)
    }
}

/// What builds values and takes them apart, and neither jumps nor calls.
pub(super) unsafe fn build(machine: &mut Machine, next: *const Instruction, registers: *mut Value) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        let instruction = *next.sub(1);
        attempt!(machine, next, registers, machine.build(instruction, registers));
        dispatch!(machine, next, registers)
    }
}

#[cold]
#[inline(never)]
pub(super) unsafe fn load_global_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, LoadGlobal { destination, global });
        let _ = destination;
        let name = &(&*machine.current.program).globals[global.index()];
        throw!(machine, next, registers, unset(name))
    }
}

/// In parallel code the first value of a variable is its declaration, in a module say; everything later is refused.
#[cold]
#[inline(never)]
pub(super) unsafe fn store_global_slow(
    machine: &mut Machine,
    next: *const Instruction,
    registers: *mut Value,
) -> Flow {
    // SAFETY: see `Handler`.
    unsafe {
        operands!(next, StoreGlobal { source, global });
        match machine.globals.get_mut(global.index()) {
            Some(slot) if is_nothing(slot) => {
                *slot = (*registers.add(source.index())).take();
                dispatch!(machine, next, registers)
            }
            _ => {
                let error = machine.shared_variable();
                throw!(machine, next, registers, error)
            }
        }
    }
}

#[cold]
pub(in crate::machine) fn unset(name: &str) -> Error {
    match name {
        "" => Error::name_error("a variable is used before its 'let' ran"),
        name => Error::name_error(format!("undefined variable '{name}'"))
            .with_hint(format!("'{name}' is declared, but its declaration has not run yet")),
    }
}

impl Machine {
    /// Calls a builtin with the arguments behind the register, which gets the result.
    #[inline(never)]
    fn run_native_at(&mut self, native: &'static Native, base: Register, count: usize) -> Result<(), Error> {
        let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
        let slot = frame.base + base.index();
        let top = frame.base + frame.function().register_count;
        let result = self.call_native(native, slot + 1, count, top)?;
        self.stack[slot] = result;
        Ok(())
    }

    /// Calls the function value at `slot` with the arguments behind it: afterwards either its frame is the last one, or
    /// the call has ended and its result is in the slot.
    #[inline(never)]
    fn call_value(&mut self, slot: usize, count: usize) -> Result<(), Error> {
        match &self.stack[slot] {
            Value::Closure(closure) => {
                let callee = std::ptr::from_ref(closure.function());
                let captures = closure.captures().as_ptr();
                let program = closure.program().clone();
                let owner = self.program_state(&program);
                // SAFETY: the closure in the slot keeps its function.
                self.bind(unsafe { &*callee }, slot + 1, count)?;
                self.push_frame(owner, callee, captures, slot + 1, false)
            }
            _ => {
                let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
                let top = (frame.base + frame.function().register_count).max(slot + 1 + count);
                let result = self.call_outside(slot, count, top)?;
                self.stack[slot] = result;
                Ok(())
            }
        }
    }

    /// Methods, and calls with named or spread arguments.
    #[inline(never)]
    fn call_instruction(&mut self, instruction: Instruction) -> Result<(), Error> {
        self.poll()?;
        let Some(frame) = self.frames.last().copied() else { return Err(data::damaged()) };
        match instruction {
            Instruction::CallMethod { base, count, name } => {
                let slot = frame.base + base.index();
                let count = count.index();
                if self.resolve_method(slot, &frame.function().field_names[name.index()])? {
                    return self.call_value(slot, count);
                }
                // The receiver only says where the function is: the arguments move over it.
                self.stack[slot + 1..slot + 1 + count].rotate_left(1);
                self.stack[slot + count] = Value::Nil;
                self.call_value(slot, count - 1)
            }
            Instruction::CallWith { base, site } => {
                let slot = frame.base + base.index();
                let program = frame.program().program.clone();
                let site = &program.call_sites[site.index()];
                let with_receiver = match site.method {
                    Some(name) => self.resolve_method(slot, &program.names[name as usize])?,
                    None => true,
                };
                let top = frame.base + frame.function().register_count;
                let arranged = self.arrange_arguments(site, &program.names, slot, !with_receiver, top)?;
                let count = match arranged {
                    Arranged::Arguments(count) => count,
                    Arranged::Called(result) => {
                        self.stack[slot] = result;
                        return Ok(());
                    }
                };
                let Value::Closure(closure) = &self.stack[slot] else { return self.call_value(slot, count) };
                let callee = closure.function();
                // Missing arguments with defaults are marked, so the number is right by now, but for a rest parameter
                // that still has to be collected.
                if callee.has_rest {
                    return self.call_value(slot, count);
                }
                if count != callee.parameters.len() {
                    return Err(function_arity(callee, count));
                }
                let callee = std::ptr::from_ref(callee);
                let captures = closure.captures().as_ptr();
                let owner = closure.program().clone();
                let owner = self.program_state(&owner);
                self.push_frame(owner, callee, captures, slot + 1, false)
            }
            _ => Err(data::damaged()),
        }
    }

    /// Suspends the current function; what its call gives goes to its first register.
    #[inline(never)]
    unsafe fn suspend_to(&mut self, is_task: bool, registers: *mut Value) -> Result<(), Error> {
        let result = self.start_suspended(is_task)?;
        // SAFETY: every frame has a register, and suspending has emptied it.
        unsafe { put(registers, result) };
        Ok(())
    }

    /// Waits for the Future in a register.
    #[inline(never)]
    fn await_into(&mut self, destination: Register, source: Register) -> Result<(), Error> {
        let Some(frame) = self.frames.last().copied() else { return Err(data::damaged()) };
        let top = frame.base + frame.function().register_count;
        let value = self.stack[frame.base + source.index()].clone();
        let result = self.await_value(value, top)?;
        self.stack[frame.base + destination.index()] = result;
        Ok(())
    }
}
