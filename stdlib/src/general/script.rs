//! Errors, help, and the surroundings of the running script.

use super::common::callback::catchable;
use super::common::types::*;
use super::core::write_error_output;
use async_io::Timer;
use biovm_bytecode::Instruction;
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::process;
use biovm_vm::profile::WaitKind;
use biovm_vm::value::Closure;
use biovm_vm::{Call, Error, ErrorKind, Machine, Native, Value, display, native, optional, required};
use std::time::Duration;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("assert", assert)
        .section("Errors")
        .parameters(&[required("condition", ANY), optional("message", ANY)])
        .returns(NIL)
        .doc("Raises AssertionFailed with the message where the condition does not hold.")
        .example(r#"assert(1 < 2, "order")"#, ""),
    native("error", error)
        .section("Errors")
        .parameters(&[required("x", ANY)])
        .returns(ANY)
        .doc("Raises an error: the value as text is its message, the value itself its field value.")
        .example(r#"try_call(|| error("too short")).error"#, "too short"),
    native("try_call", try_call)
        .section("Errors")
        .parameters(&[required("f", FUNCTION), optional("args", LIST)])
        .returns(RECORD)
        .doc("Calls the function with the items of args: {ok: true, value} or {ok: false, error: message}.")
        .example("try_call(|x| x / 0, [1])", "{ok: false, error: division by zero}"),
    native("exit", exit)
        .section("Errors")
        .parameters(&[with_default("code", NUMBER, Default::Int(0))])
        .returns(NIL)
        .doc("Ends the script with that exit code, 0 to 255; other codes are a ValueError."),
    native("debug", debug)
        .section("Errors")
        .parameters(&[required("x", ANY)])
        .returns(ANY)
        .doc("Writes '[Type] text' to standard error and returns the value unchanged.")
        .example("debug(6) * 7", "42"),
    native("help", help)
        .section("Core")
        .parameters(&[required("x", ANY)])
        .returns(STR)
        .doc("The signature of a function, a blank line, and what it does; also for the name of a declaration or builtin.")
        .example(r#"help(abs) == help("abs")"#, "true"),
    native("args", args)
        .constant()
        .section("Core")
        .returns(LIST)
        .doc("The arguments of the script, from the command line.")
        .example("args()", "[]"),
    native("sleep", sleep)
        .waits_for(WaitKind::Sleep)
        .section("Time")
        .parameters(&[required("ms", NUMBER)])
        .returns(NIL)
        .doc("Waits that many milliseconds, fractions allowed; zero and less return at once."),
    native("memory_usage", memory_usage)
        .section("Time")
        .returns(RECORD)
        .doc(
            "The memory of the process, in bytes: {heap_bytes, rss_bytes, peak_rss_bytes}; nil where the system does \
             not tell.",
        )
        .example("keys(memory_usage())", "[heap_bytes, rss_bytes, peak_rss_bytes]"),
];

fn assert(call: &mut Call) -> Result<Value, Error> {
    if call.argument(0).is_truthy() {
        return Ok(Value::Nil);
    }
    let message = match call.argument(1) {
        Value::Nil => "assertion failed".to_owned(),
        message => display::text(message)?,
    };
    Err(Error::new(ErrorKind::AssertionFailed, message))
}

fn error(call: &mut Call) -> Result<Value, Error> {
    let value = call.take(0);
    // Raising a caught error again keeps its kind and position.
    if let Value::Error(caught) = value {
        return Err(caught);
    }
    Err(Error::new(ErrorKind::Raised, display::text(&value)?).with_value(value))
}

fn try_call(call: &mut Call) -> Result<Value, Error> {
    let arguments = match call.take(1) {
        Value::List(arguments) => arguments.into_vec(),
        _ => Vec::new(),
    };
    let function = call.take(0);
    let (ok, key, value) = match call.machine().call(&function, arguments) {
        Ok(value) => (true, "value", value),
        Err(error) => (false, "error", Value::from(catchable(error)?.message())),
    };
    Ok(Value::record([("ok", Value::Bool(ok)), (key, value)]))
}

fn exit(call: &mut Call) -> Result<Value, Error> {
    let code = call.integer(0)?;
    let code = u8::try_from(code)
        .map_err(|_| Error::value_error(format!("exit() requires a code from 0 to 255, got {code}")))?;
    Err(Error::new(ErrorKind::Exit(code), format!("exit({code})")))
}

fn debug(call: &mut Call) -> Result<Value, Error> {
    let value = call.argument(0);
    write_error_output(call, &format!("[{}] {}\n", value.type_of(), display::text(value)?))?;
    Ok(call.take(0))
}

fn help(call: &mut Call) -> Result<Value, Error> {
    let value = call.argument(0);
    let text = match value {
        Value::Native(native) => native_help(native),
        Value::Closure(closure) => closure_help(closure),
        Value::Foreign(foreign) if value.is_function() => match foreign.as_callable() {
            Some(made) => entry(&format!("fn {}", made.signature()), made.doc()),
            None => String::new(),
        },
        Value::Str(name) => {
            let name = name.clone();
            return named_help(call, &name).map(Value::from);
        }
        value => format!("{}: {}", value.type_of(), display::text(value)?),
    };
    Ok(Value::from(text))
}

/// What is known by that name: a declaration of the script hides a builtin.
fn named_help(call: &mut Call, name: &str) -> Result<String, Error> {
    if let Some(documentation) = call.machine().documentation(name) {
        return Ok(entry(&documentation.signature, &documentation.text));
    }
    Ok(match call.context().native(name) {
        Some(native) => native_help(native),
        None => format!("Str: {name}"),
    })
}

fn closure_help(closure: &Closure) -> String {
    let function = closure.function();
    let contains = |wanted: Instruction| function.code.contains(&wanted);
    let keyword = match function.is_constructor {
        _ if function.is_lambda() => "",
        true if !function.name.contains("::") => "struct ",
        _ if contains(Instruction::StartTask {}) => "async fn ",
        _ if contains(Instruction::StartGenerator {}) => "fn* ",
        _ => "fn ",
    };
    entry(&format!("{keyword}{}", function.signature), &function.doc)
}

fn native_help(native: &Native) -> String {
    entry(&native.signature.to_string(), native.signature.doc)
}

fn entry(signature: &str, doc: &str) -> String {
    let doc = if doc.trim().is_empty() { "(no documentation)" } else { doc.trim() };
    format!("{signature}\n\n{doc}")
}

fn args(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::list(call.context().arguments.iter().map(|argument| Value::from(argument.as_str())).collect()))
}

fn sleep(call: &mut Call) -> Result<Value, Error> {
    let milliseconds = call.float(0)?;
    match timer(milliseconds)? {
        Some(timer) => call.wait_for(async {
            timer.await;
            Ok(Value::Nil)
        }),
        None => Ok(Value::Nil),
    }
}

/// Waits that many milliseconds, unless the user wants to stop.
pub fn wait(machine: &mut Machine, milliseconds: f64) -> Result<(), Error> {
    match timer(milliseconds)? {
        Some(timer) => machine.waiting(WaitKind::Sleep, |machine| {
            machine.block_on(async {
                timer.await;
                Ok(())
            })
        }),
        None => Ok(()),
    }
}

/// Ends after that many milliseconds; `None` where there is nothing to wait for.
pub fn timer(milliseconds: f64) -> Result<Option<Timer>, Error> {
    if milliseconds.is_nan() || milliseconds <= 0.0 {
        return Ok(None);
    }
    let total = Duration::try_from_secs_f64(milliseconds / 1000.0)
        .map_err(|_| Error::value_error(format!("cannot wait {milliseconds:?} milliseconds")))?;
    Ok(Some(Timer::after(total)))
}

fn memory_usage(_call: &mut Call) -> Result<Value, Error> {
    let memory = process::memory();
    let shown =
        |bytes: Option<u64>| bytes.and_then(|bytes| i64::try_from(bytes).ok()).map_or(Value::Nil, Value::Int);
    Ok(Value::record([
        ("heap_bytes", shown(memory.data)),
        ("rss_bytes", shown(memory.resident)),
        ("peak_rss_bytes", shown(memory.peak)),
    ]))
}
