//! Calls: functions of the script, builtins, methods; how arguments find their parameters.

use super::arguments::arrange_for_native;
use super::frame::{CHANGES_PROGRAM, CLEARED_AT_ONCE, Frame, IS_ENTRY, MAY_YIELD, ProgramState};
use super::{Machine, nothing};
use crate::access::did_you_mean;
use crate::error::{Error, ErrorKind};
use crate::native::{Call, Native};
use crate::program::LoadedFunction;
use crate::value::{Arguments, Callable, List, Str, Value};
use biovm_bytecode::Instruction;
use biovm_bytecode::signature::Default;

impl Machine {
    #[inline]
    /// Starts a function as an entry frame at `base`, where its arguments are bound already, and runs it to its end.
    pub(super) fn enter(
        &mut self,
        program: *const ProgramState,
        function: &LoadedFunction,
        captures: *const Value,
        base: usize,
    ) -> Result<Value, Error> {
        self.enter_at(program, function, captures, base, None)
    }

    #[inline]
    /// The same from an instruction on, for a function that has been suspended there.
    pub(super) fn enter_at(
        &mut self,
        program: *const ProgramState,
        function: &LoadedFunction,
        captures: *const Value,
        base: usize,
        next: Option<*const Instruction>,
    ) -> Result<Value, Error> {
        self.check_native_depth()?;
        // The first entry of a program starts at the bottom; its result would be below its base.
        let base = base.max(1);
        self.push_frame(program, function, captures, base, true)?;
        if let (Some(next), Some(frame)) = (next, self.frames.last_mut()) {
            frame.next = next;
            frame.ending |= MAY_YIELD;
        }
        let top = self.top;
        self.native_depth += 1;
        let result = self.execute();
        self.native_depth -= 1;
        self.top = top;
        result
    }

    /// Adds a frame whose arguments are bound.
    #[inline]
    pub(super) fn push_frame(
        &mut self,
        program: *const ProgramState,
        function: *const LoadedFunction,
        captures: *const Value,
        base: usize,
        is_entry: bool,
    ) -> Result<(), Error> {
        // SAFETY: callers pass a function of a program that this machine holds.
        let state = unsafe { &(&(*program).functions)[(*function).number] };
        let ending = if is_entry { IS_ENTRY } else { CHANGES_PROGRAM };
        let frame = Frame { function: state, captures, base, next: state.code, ending };
        let end = base + state.register_groups * CLEARED_AT_ONCE;
        if !self.frames.push(frame) {
            return Err(self.too_deep());
        }
        self.reserve(end);
        Ok(())
    }

    #[cold]
    fn too_deep(&self) -> Error {
        let depth = self.context.max_depth;
        Error::new(ErrorKind::Recursion, format!("maximum recursion depth {depth} exceeded"))
            .with_hint("does the recursion end? --max-depth allows more")
    }

    /// Calls a function value whose arguments stand on the stack behind `slot`; nothing that is counted stands above.
    /// For natives: the call ends before this returns.
    pub(super) fn call_at(&mut self, function: &Value, slot: usize, count: usize) -> Result<Value, Error> {
        let result = match function {
            Value::Closure(closure) => {
                self.reserve(slot + count);
                // The slot below the frame keeps the closure, and with it the captures, alive.
                self.stack[slot] = Value::Closure(closure.clone());
                match self.poll().and_then(|()| self.bind(closure.function(), slot + 1, count)) {
                    Ok(()) => {
                        let program = self.program_state(closure.program());
                        let captures = closure.captures().as_ptr();
                        self.enter(program, closure.function(), captures, slot + 1)
                    }
                    Err(error) => Err(error),
                }
            }
            Value::Native(native) => {
                // The native that calls is on the native stack, so this one must not leave the thread to wait.
                self.native_depth += 1;
                let result = self.call_native_value(native, slot + 1, count, slot + 1 + count);
                self.native_depth -= 1;
                result
            }
            Value::Foreign(foreign) => match foreign.as_callable() {
                Some(callable) => {
                    let arguments = self.take_arguments(slot, count);
                    self.call_callable(callable, arguments, slot + 1 + count)
                }
                None => Err(not_callable(function)),
            },
            other => Err(not_callable(other)),
        };
        self.reserve(slot + count);
        self.clear(slot, count + 1);
        result
    }

    /// Calls what is no function of the script, and stands at `slot` with its arguments behind it; `top` is the first slot
    /// that is free. The arguments are gone afterwards.
    #[inline(never)]
    pub(super) fn call_outside(&mut self, slot: usize, count: usize, top: usize) -> Result<Value, Error> {
        match &self.stack[slot] {
            Value::Native(native) => self.call_native_value(native, slot + 1, count, top),
            Value::Foreign(foreign) if foreign.as_callable().is_some() => {
                let foreign = foreign.clone();
                let arguments = self.take_arguments(slot, count);
                match foreign.as_callable() {
                    Some(callable) => self.call_callable(callable, arguments, top),
                    None => Ok(Value::Nil),
                }
            }
            other => Err(not_callable(other)),
        }
    }

    /// The arguments behind a slot, moved out.
    fn take_arguments(&mut self, slot: usize, count: usize) -> Arguments {
        let slots = &mut self.stack[slot + 1..slot + 1 + count];
        Arguments::from(slots.iter_mut().map(Value::take).collect::<Vec<_>>())
    }

    /// Calls a function that a builtin has made; `top` is the first slot that is free. Such functions may hold others of
    /// their kind, and each level uses the native stack.
    pub(super) fn call_callable(
        &mut self,
        callable: &Callable,
        arguments: Arguments,
        top: usize,
    ) -> Result<Value, Error> {
        self.check_native_depth()?;
        let saved = std::mem::replace(&mut self.top, top);
        self.native_depth += 1;
        let result = callable.run(self, arguments);
        self.native_depth -= 1;
        self.top = saved;
        result
    }

    /// Calls a function value with arguments by position and by name.
    pub fn call_with(&mut self, function: &Value, arguments: Arguments) -> Result<Value, Error> {
        if arguments.named.is_empty() {
            return self.call(function, arguments.positional);
        }
        let Arguments { positional, named } = arguments;
        match function {
            Value::Closure(closure) => {
                let arguments = self.arrange_for_closure(closure, positional, named)?;
                self.call(function, arguments)
            }
            Value::Native(native) => {
                let arguments = arrange_for_native(native, positional, named)?;
                self.call(function, arguments)
            }
            Value::Foreign(foreign) => match foreign.as_callable() {
                Some(callable) => self.call_callable(callable, Arguments { positional, named }, self.top),
                None => Err(not_callable(function)),
            },
            other => Err(not_callable(other)),
        }
    }

    pub(super) fn check_native_depth(&self) -> Result<(), Error> {
        match self.native_depth < self.native_limit {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::Recursion,
                format!("builtins that call back are nested more than {} deep", self.native_limit),
            )),
        }
    }

    /// Calls a builtin whose arguments stand on the stack from `first`; `top` is the first slot that is free. The
    /// arguments are gone afterwards.
    pub(super) fn call_native(
        &mut self,
        native: &'static Native,
        first: usize,
        count: usize,
        top: usize,
    ) -> Result<Value, Error> {
        let parameters = native.signature.parameters;
        let saved = self.top;
        let result =
            if count == parameters.len() || count > parameters.len() && native.signature.rest.is_some() {
                self.top = top;
                self.run_native(native, first, count)
            } else {
                self.call_native_with_defaults(native, first, count, top)
            };
        self.top = saved;
        // After an error the first argument may be needed again; see `undo_update`.
        match &result {
            Ok(_) => self.clear(first, count),
            Err(error) if error.kind() == ErrorKind::Waiting => self.clear_above_frame(first, count),
            Err(_) => {}
        }
        result
    }

    /// Drops those of the arguments that stand above the last frame, where others want to find nothing that is counted.
    #[cold]
    fn clear_above_frame(&mut self, first: usize, count: usize) {
        let end = self.frames.last().map_or(0, Frame::end).max(first);
        self.clear(end, (first + count).saturating_sub(end));
    }

    #[inline]
    fn run_native(&mut self, native: &'static Native, first: usize, count: usize) -> Result<Value, Error> {
        if let Err(error) = native.check_types(&self.stack[first..first + count]) {
            if !self.move_options(native, first, count) {
                return Err(error);
            }
            native.check_types(&self.stack[first..first + count])?;
        }
        (native.function)(&mut Call { machine: self, native, first, count })
    }

    /// An options record may follow the last argument that a call gives, even where optional parameters come before it:
    /// moves it to its place. Returns whether there was such a record.
    #[cold]
    fn move_options(&mut self, native: &'static Native, first: usize, count: usize) -> bool {
        let parameters = native.signature.parameters;
        if native.signature.options.is_empty() || count < parameters.len() {
            return false;
        }
        let arguments = &mut self.stack[first..first + parameters.len()];
        let Some((options, others)) = arguments.split_last_mut() else { return false };
        let misplaced = others.iter().zip(parameters).position(|(argument, parameter)| {
            matches!(argument, Value::Record(_)) && !parameter.types.contains(argument.type_of())
        });
        match misplaced {
            Some(position) if matches!(options, Value::Nil) => {
                *options =
                    std::mem::replace(&mut others[position], default_value(parameters[position].default));
                true
            }
            _ => false,
        }
    }

    /// Moves the arguments to free slots and adds the defaults of those that are missing.
    fn call_native_with_defaults(
        &mut self,
        native: &'static Native,
        first: usize,
        count: usize,
        top: usize,
    ) -> Result<Value, Error> {
        let parameters = native.signature.parameters;
        if count > parameters.len() || count < native.signature.required() {
            return Err(native_arity(native, count));
        }
        self.reserve(top + parameters.len());
        for (offset, parameter) in parameters.iter().enumerate() {
            self.stack[top + offset] = match offset < count {
                true => self.stack[first + offset].clone(),
                false => default_value(parameter.default),
            };
        }
        self.top = top + parameters.len();
        let result = self.run_native(native, top, parameters.len());
        self.clear(top, parameters.len());
        result
    }

    /// Makes the `count` arguments from `first` match the parameters of the function: collects the rest, marks those
    /// that are missing.
    #[inline]
    pub(super) fn bind(
        &mut self,
        function: &LoadedFunction,
        first: usize,
        count: usize,
    ) -> Result<(), Error> {
        if count == function.exact_arity { Ok(()) } else { self.bind_slow(function, first, count) }
    }

    #[cold]
    fn bind_slow(&mut self, function: &LoadedFunction, first: usize, count: usize) -> Result<(), Error> {
        let positional = function.parameters.len() - usize::from(function.has_rest);
        if count > positional && !function.has_rest {
            return Err(function_arity(function, count));
        }
        self.reserve(first + function.parameters.len().max(count));
        for (offset, parameter) in function.parameters[..positional].iter().enumerate().skip(count) {
            if !parameter.has_default {
                return Err(self.missing_argument(function, offset));
            }
            self.stack[first + offset] = nothing();
        }
        if function.has_rest {
            let rest: Vec<Value> =
                (positional..count).map(|offset| self.stack[first + offset].take()).collect();
            self.stack[first + positional] = Value::list(rest);
        }
        Ok(())
    }

    #[cold]
    pub(super) fn missing_argument(&self, function: &LoadedFunction, parameter: usize) -> Error {
        let wanted = self.parameter_name(function, function.parameters[parameter].name);
        let message = match function.is_constructor {
            true => format!("struct {}: missing field '{wanted}'", function.name),
            false => format!("missing argument '{wanted}'"),
        };
        Error::new(ErrorKind::Arity, message).with_hint(format!("it is declared as {}", function.signature))
    }

    fn parameter_name(&self, function: &LoadedFunction, name: u32) -> String {
        let owner = self
            .programs
            .iter()
            .find(|state| state.program.functions.as_ptr_range().contains(&std::ptr::from_ref(function)));
        let name = owner.and_then(|state| state.program.names.get(name as usize));
        name.map_or_else(String::new, |name| name.as_str().to_owned())
    }

    /// Finds the function that `receiver.name(…)` means: a callable field of a record, a method of its struct or type,
    /// else the function in scope, which stands at `slot`. Returns whether the receiver is an argument of the call.
    pub(super) fn resolve_method(&mut self, slot: usize, name: &Str) -> Result<bool, Error> {
        if let Some(record) = self.stack[slot + 1].as_record()
            && let Some(field) = record.get(name).filter(|field| field.is_function())
        {
            self.stack[slot] = field.clone();
            return Ok(false);
        }
        if let Some(method) = self.method(&self.stack[slot + 1], name) {
            let method = method.clone();
            self.stack[slot] = method;
            return Ok(true);
        }
        match &self.stack[slot] {
            Value::Nil => Err(self.no_method(&self.stack[slot + 1], name)),
            _ => Ok(true),
        }
    }

    #[cold]
    fn no_method(&self, receiver: &Value, name: &str) -> Error {
        let of = receiver.type_of();
        let error = Error::type_error(format!("no method '{name}' on {of}"));
        let mut known: Vec<&str> = Vec::new();
        if let Value::Record(record) = receiver
            && !record.is_variant()
        {
            if record.get(name).is_some() {
                return error.with_hint(format!("its field '{name}' is not a function"));
            }
            known.extend(record.keys().map(Str::as_str));
        }
        let methods = self.methods.keys().map(|(_, method)| method.as_str());
        known.extend(methods.filter(|method| self.method(receiver, method).is_some()));
        // A builtin is a method of what it takes as its first argument.
        let builtins = self.context.natives.iter().filter(|(_, native)| {
            native.signature.parameters.first().is_some_and(|first| first.types.contains(of))
        });
        known.extend(builtins.map(|(builtin, _)| *builtin));
        // The tables are in no order, and among equals the first one wins.
        known.sort_unstable();
        error.with_hint(match did_you_mean(name, known) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("there is no function '{name}' in scope that could take it as first argument"),
        })
    }
}

pub(super) fn default_value(default: Default) -> Value {
    match default {
        Default::Required | Default::Nil => Value::Nil,
        Default::Bool(value) => Value::Bool(value),
        Default::Int(value) => Value::Int(value),
        Default::Float(value) => Value::Float(value),
        Default::Text(text) => Value::text(text),
    }
}

#[cold]
pub(super) fn not_callable(value: &Value) -> Error {
    Error::type_error(format!("{} is not callable", value.type_of()))
}

#[cold]
pub(super) fn native_arity(native: &Native, got: usize) -> Error {
    let signature = &native.signature;
    let wanted = signature.arity_text();
    Error::new(ErrorKind::Arity, format!("{}() expected {wanted} arguments, got {got}", signature.name))
        .with_hint(format!("it is declared as {signature}"))
}

#[cold]
pub(super) fn function_arity(function: &LoadedFunction, got: usize) -> Error {
    let most = function.parameters.len() - usize::from(function.has_rest);
    let least = function.parameters[..most].iter().filter(|parameter| !parameter.has_default).count();
    let wanted = match (function.has_rest, least == most) {
        (true, _) => format!("at least {least}"),
        (false, true) => format!("{most}"),
        (false, false) => format!("{least} to {most}"),
    };
    Error::new(ErrorKind::Arity, format!("{}() expected {wanted} arguments, got {got}", function.name))
        .with_hint(format!("it is declared as {}", function.signature))
}

/// A List of values that stand on the stack, moved out.
pub(super) fn take_list(slots: &mut [Value]) -> List {
    List::from(slots.iter_mut().map(Value::take).collect::<Vec<_>>())
}
