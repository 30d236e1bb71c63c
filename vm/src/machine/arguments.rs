//! How arguments find their parameters, where some are named or spread.

use super::calls::{default_value, function_arity, native_arity, not_callable};
use super::{Machine, nothing};
use crate::access;
use crate::error::{Error, ErrorKind};
use crate::limits::memory;
use crate::native::Native;
use crate::value::{Arguments, Closure, Record, Str, Value};
use biovm_bytecode::program::{Argument, CallSite};
use biovm_bytecode::signature::Default;

/// What has become of the arguments of a call.
pub(super) enum Arranged {
    /// So many of them stand behind the function, which is still to be called.
    Arguments(usize),
    /// The call has ended with this result.
    Called(Value),
}

impl Machine {
    /// Sorts the arguments of a call with named or spread arguments into positions, from `slot + 1`; those that a function
    /// with defaults may miss are marked. What a builtin has made knows its parameters itself, so it is called here.
    pub(super) fn arrange_arguments(
        &mut self,
        site: &CallSite,
        names: &[Str],
        slot: usize,
        skip_first: bool,
        top: usize,
    ) -> Result<Arranged, Error> {
        let mut positional: Vec<Value> = Vec::new();
        let mut named: Vec<(Str, Value)> = Vec::new();
        for (offset, argument) in site.arguments.iter().enumerate() {
            let value = self.stack[slot + 1 + offset].take();
            match argument {
                Argument::Positional if skip_first && offset == 0 => {}
                Argument::Positional => positional.push(value),
                Argument::Named(name) => named.push((names[*name as usize].clone(), value)),
                Argument::Spread => match value {
                    Value::Record(record) if !record.is_variant() => {
                        named.extend(record.iter().map(|(key, value)| (key.clone(), value.clone())));
                    }
                    value if access::is_iterable(&value) => {
                        memory::room_for(
                            access::length(&value).unwrap_or(0).saturating_mul(size_of::<Value>()),
                        )?;
                        let mut items = self.iterate(value)?;
                        let saved = std::mem::replace(&mut self.top, top);
                        while let Some(item) = items.next(self)? {
                            positional.push(item);
                        }
                        self.top = saved;
                    }
                    other => {
                        return Err(Error::type_error(format!(
                            "cannot spread {} into arguments",
                            other.type_of()
                        )));
                    }
                },
            }
        }
        let callee = self.stack[slot].clone();
        let arguments = match &callee {
            Value::Closure(closure) => self.arrange_for_closure(closure, positional, named)?,
            Value::Native(native) => arrange_for_native(native, positional, named)?,
            Value::Foreign(foreign) => match foreign.as_callable() {
                Some(callable) => {
                    let arguments = Arguments { positional, named };
                    return self.call_callable(callable, arguments, top).map(Arranged::Called);
                }
                None => return Err(not_callable(&callee)),
            },
            other => return Err(not_callable(other)),
        };
        let count = arguments.len();
        self.reserve(slot + 1 + count);
        for (offset, argument) in arguments.into_iter().enumerate() {
            self.stack[slot + 1 + offset] = argument;
        }
        Ok(Arranged::Arguments(count))
    }

    /// Named arguments first, then the positional ones fill what is left, in order.
    pub(super) fn arrange_for_closure(
        &self,
        closure: &Closure,
        positional: Vec<Value>,
        named: Vec<(Str, Value)>,
    ) -> Result<Vec<Value>, Error> {
        let function = closure.function();
        let names = &closure.program().names;
        let fixed = function.parameters.len() - usize::from(function.has_rest);
        let mut arranged: Vec<Option<Value>> = vec![None; fixed];
        for (name, value) in named {
            let is_named =
                |parameter: &biovm_bytecode::program::Parameter| names[parameter.name as usize] == name;
            let Some(position) = function.parameters[..fixed].iter().position(is_named) else {
                return Err(match function.is_constructor {
                    true => unknown_field(&function.name, &name, &function.signature),
                    false => unknown_parameter(&function.name, &name, &function.signature),
                });
            };
            if arranged[position].replace(value).is_some() {
                return Err(given_twice(&function.name, &name));
            }
        }
        let given = positional.len() + arranged.iter().flatten().count();
        let mut rest = positional.into_iter();
        for place in arranged.iter_mut().filter(|place| place.is_none()) {
            *place = rest.next();
        }
        let mut bound = Vec::with_capacity(fixed);
        for (position, place) in arranged.into_iter().enumerate() {
            match place {
                Some(value) => bound.push(value),
                None if function.parameters[position].has_default => bound.push(nothing()),
                None => return Err(self.missing_argument(function, position)),
            }
        }
        match function.has_rest {
            true => bound.extend(rest),
            false if rest.len() > 0 => return Err(function_arity(function, given)),
            false => {}
        }
        Ok(bound)
    }
}

pub(super) fn arrange_for_native(
    native: &'static Native,
    positional: Vec<Value>,
    named: Vec<(Str, Value)>,
) -> Result<Vec<Value>, Error> {
    let signature = &native.signature;
    let mut arranged: Vec<Option<Value>> = vec![None; signature.parameters.len()];
    let mut options: Vec<(Str, Value)> = Vec::new();
    for (name, value) in named {
        match signature.parameter(&name) {
            Some(position) => {
                if arranged[position].replace(value).is_some() {
                    return Err(given_twice(signature.name, &name));
                }
            }
            None if !signature.options.is_empty() => options.push((name, value)),
            None => return Err(unknown_parameter(signature.name, &name, &signature.to_string())),
        }
    }
    let given = positional.len() + arranged.iter().flatten().count();
    let mut rest = positional.into_iter();
    // The options record that named arguments make is not a place for a positional one.
    let places = arranged.len() - usize::from(!options.is_empty());
    for place in arranged[..places].iter_mut().filter(|place| place.is_none()) {
        *place = rest.next();
    }
    if !options.is_empty()
        && let Some(place) = arranged.last_mut()
    {
        let mut record = match place.take() {
            Some(Value::Record(record)) => record,
            _ => Record::empty(crate::value::Class::Record),
        };
        for (name, value) in options {
            record.insert(name, value);
        }
        *place = Some(Value::Record(record));
    }
    let mut bound = Vec::with_capacity(arranged.len());
    for (place, parameter) in arranged.into_iter().zip(signature.parameters) {
        match place {
            Some(value) => bound.push(value),
            None if parameter.default == Default::Required => {
                let (name, wanted) = (signature.name, parameter.name);
                return Err(Error::new(
                    ErrorKind::Arity,
                    format!("missing argument '{wanted}' in the call of {name}()"),
                )
                .with_hint(format!("it is declared as {signature}")));
            }
            None => bound.push(default_value(parameter.default)),
        }
    }
    match signature.rest {
        Some(_) => bound.extend(rest),
        None if rest.len() > 0 => return Err(native_arity(native, given)),
        None => {}
    }
    Ok(bound)
}

#[cold]
fn unknown_parameter(function: &str, name: &str, signature: &str) -> Error {
    Error::new(ErrorKind::Arity, format!("{function}() has no parameter '{name}'"))
        .with_hint(format!("it is declared as {signature}"))
}

#[cold]
fn unknown_field(structure: &str, name: &str, signature: &str) -> Error {
    Error::new(ErrorKind::Arity, format!("struct {structure} has no field '{name}'"))
        .with_hint(format!("it is declared as {signature}"))
}

#[cold]
fn given_twice(function: &str, name: &str) -> Error {
    Error::new(ErrorKind::Arity, format!("argument '{name}' of {function}() is given twice"))
}
