//! Functions of the script that a builtin calls back.

use biovm_vm::{Call, Error, ErrorKind, Value};
use std::ops::ControlFlow;

/// What a loop over items says after each: go on, or stop with a result.
pub type Step<T = ()> = ControlFlow<T>;

/// Takes a function out of the call, after making sure that it can be called with that many arguments: better one
/// error before the first item than one in the middle of a file.
pub fn take_callback(call: &mut Call, position: usize, arguments: usize) -> Result<Value, Error> {
    let function = call.take(position);
    check_arity(call, &function, arguments)?;
    Ok(function)
}

/// An `ArityError` where the function cannot be called with that many arguments.
pub fn check_arity(call: &mut Call, function: &Value, arguments: usize) -> Result<(), Error> {
    let builtin = call.name();
    let Some((least, most)) = call.machine().arity(function) else { return Ok(()) };
    if least <= arguments && most.is_none_or(|most| arguments <= most) {
        return Ok(());
    }
    let plural = if arguments == 1 { "" } else { "s" };
    let accepts = match most {
        Some(most) if most == least => format!("{least}"),
        Some(most) => format!("{least} to {most}"),
        None => format!("at least {least}"),
    };
    let shown = biovm_vm::display::brief(function);
    Err(Error::new(
        ErrorKind::Arity,
        format!("{builtin}() callback gets {arguments} argument{plural}, but {shown} expects {accepts}"),
    ))
}

/// Whether the function wants two arguments or more: a comparator rather than a key.
pub fn wants_two(call: &mut Call, function: &Value) -> bool {
    call.machine().arity(function).is_some_and(|(least, _)| least >= 2)
}

/// `Kind: message`, as `try_call` and its kin report a caught error; errors that cannot be caught go on.
pub fn catchable(error: Error) -> Result<Error, Error> {
    if error.kind().is_catchable() { Ok(error) } else { Err(error) }
}
