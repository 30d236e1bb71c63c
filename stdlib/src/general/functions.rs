//! Functions that make functions: composition, partial application, memory.

use super::common::callback::{catchable, check_arity, take_callback};
use super::common::types::*;
use biovm_bytecode::signature::Default;
use biovm_vm::native::{option, options_parameter, with_default};
use biovm_vm::value::{Arguments, Callable, Memory};
use biovm_vm::{Call, Error, ErrorKind, Machine, Native, Value, native, required};
use parking_lot::Mutex;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("compose", compose)
        .section("Functions")
        .parameters(&[required("f", FUNCTION), required("g", FUNCTION)])
        .rest(FUNCTION)
        .returns(FUNCTION)
        .doc("A function that applies the functions from left to right: compose(f, g)(x) is g(f(x)).")
        .example("map([1, 2], compose(|n| n + 1, |n| n * 10))", "[20, 30]"),
    native("partial", partial)
        .section("Functions")
        .parameters(&[required("f", FUNCTION)])
        .rest(ANY)
        .returns(FUNCTION)
        .doc("The function f with its first arguments given: partial(f, a)(b) is f(a, b).")
        .example("map([1, 2], partial(|a, b| a * b, 10))", "[10, 20]"),
    native("constant", constant)
        .section("Functions")
        .parameters(&[required("x", ANY)])
        .returns(FUNCTION)
        .doc("A function that gives x, whatever it is called with.")
        .example("map([1, 2], constant(0))", "[0, 0]"),
    native("once", once)
        .section("Functions")
        .parameters(&[required("f", FUNCTION)])
        .returns(FUNCTION)
        .doc("A function that calls f the first time, and gives that result from then on; errors are not kept.")
        .example("map([3, 4], once(|n| n * 2))", "[6, 6]"),
    native("memoize", memoize)
        .section("Functions")
        .parameters(&[required("f", FUNCTION), options_parameter()])
        .options(&[option("max", NUMBER, "how many results are kept, those used last; at least 1, default: all")])
        .returns(FUNCTION)
        .doc("The function f, but called only once for equal arguments; errors and Streams are not kept.")
        .example("map([3, 3], memoize(|n| n * 2))", "[6, 6]"),
    native("retry", retry)
        .section("Functions")
        .parameters(&[
            required("f", FUNCTION),
            with_default("n", NUMBER, Default::Int(3)),
            with_default("wait_ms", NUMBER, Default::Int(0)),
        ])
        .returns(ANY)
        .doc("The result of f(), called up to n times until it succeeds, wait_ms milliseconds apart; then its last error.")
        .example("retry(|| 42)", "42"),
];

/// The name of a function, for the one that is made of it.
fn name_of(function: &Value) -> String {
    match function {
        Value::Native(native) => native.signature.name.to_owned(),
        Value::Closure(closure) if closure.function().is_lambda() => "anonymous".to_owned(),
        Value::Closure(closure) => closure.function().name.clone(),
        Value::Foreign(foreign) => {
            foreign.as_callable().map_or_else(String::new, |made| made.name().to_owned())
        }
        _ => String::new(),
    }
}

/// How a function reads in help, and what it does.
fn help_of(function: &Value) -> (String, String) {
    match function {
        Value::Native(native) => (native.signature.to_string(), native.signature.doc.to_owned()),
        Value::Closure(closure) => (closure.function().signature.clone(), closure.function().doc.clone()),
        Value::Foreign(foreign) => match foreign.as_callable() {
            Some(made) => (made.signature().to_owned(), made.doc().to_owned()),
            None => (String::new(), String::new()),
        },
        _ => (String::new(), String::new()),
    }
}

/// A function that stands for another one: it has its name, its help and its number of arguments.
fn standing_for(
    machine: &Machine,
    function: &Value,
    code: impl Fn(&mut Machine, Arguments) -> Result<Value, Error> + Send + Sync + 'static,
) -> Value {
    let (least, most) = machine.arity(function).unwrap_or((0, None));
    let (signature, doc) = help_of(function);
    Callable::new(name_of(function), code).with_help(signature, doc).with_arity(least, most).into_value()
}

fn compose(call: &mut Call) -> Result<Value, Error> {
    let functions: Vec<Value> = (0..call.len()).map(|position| call.take(position)).collect();
    for function in &functions[1..] {
        check_arity(call, function, 1)?;
    }
    let names: Vec<String> = functions.iter().map(name_of).collect();
    let (least, most) = call.machine().arity(&functions[0]).unwrap_or((0, None));
    let code = move |machine: &mut Machine, arguments: Arguments| {
        let mut functions = functions.iter();
        let Some(first) = functions.next() else { return Ok(Value::Nil) };
        let first = machine.call_with(first, arguments)?;
        functions.try_fold(first, |value, function| machine.call(function, [value]))
    };
    let composed = Callable::new("compose", code)
        .with_help(format!("compose({})", names.join(", ")), "Applies the functions from left to right.")
        .with_arity(least, most);
    Ok(composed.into_value())
}

fn partial(call: &mut Call) -> Result<Value, Error> {
    let function = call.take(0);
    let given: Vec<Value> = (1..call.len()).map(|position| call.take(position)).collect();
    let (least, most) = call.machine().arity(&function).unwrap_or((0, None));
    let count = given.len();
    let name = name_of(&function);
    if let Some(most) = most.filter(|&most| count > most) {
        return Err(Error::new(
            ErrorKind::Arity,
            format!("partial() gives {count} arguments to {name}(), which takes at most {most}"),
        ));
    }
    let (_, doc) = help_of(&function);
    let code = move |machine: &mut Machine, mut arguments: Arguments| {
        arguments.positional.splice(0..0, given.iter().cloned());
        machine.call_with(&function, arguments)
    };
    let plural = if count == 1 { "" } else { "s" };
    // Not the whole signature of the function, which may be a partial one itself.
    let signature = format!("partial({name}, {count} argument{plural})");
    let applied = Callable::new(name, code)
        .with_help(signature, doc)
        .with_arity(least.saturating_sub(count), most.map(|most| most - count));
    Ok(applied.into_value())
}

fn constant(call: &mut Call) -> Result<Value, Error> {
    let value = call.take(0);
    let made = Callable::new("constant", move |_, _| Ok(value.clone()));
    Ok(made.with_help("constant(...arguments)", "Gives the same value whatever the arguments.").into_value())
}

fn once(call: &mut Call) -> Result<Value, Error> {
    let function = call.take(0);
    let inner = function.clone();
    let kept: Mutex<Option<Value>> = Mutex::new(None);
    let code = move |machine: &mut Machine, arguments: Arguments| {
        // The lock is not held while the function runs: it may call itself.
        if let Some(result) = &*kept.lock() {
            return Ok(result.clone());
        }
        let result = machine.call_with(&inner, arguments)?;
        Ok(kept.lock().get_or_insert(result).clone())
    };
    Ok(standing_for(call.machine(), &function, code))
}

fn memoize(call: &mut Call) -> Result<Value, Error> {
    let limit = match call.option("max") {
        None => 0,
        Some(limit) => match limit.as_integral().and_then(|limit| usize::try_from(limit).ok()) {
            Some(limit) if limit > 0 => limit,
            _ => {
                let limit = biovm_vm::display::brief(limit);
                return Err(Error::value_error(format!(
                    "memoize() option 'max' must be at least 1, got {limit}"
                )));
            }
        },
    };
    let function = call.take(0);
    let (inner, memory) = (function.clone(), Memory::new(limit));
    let code = move |machine: &mut Machine, arguments: Arguments| {
        let key = key_of(&arguments);
        if let Some(result) = memory.get(&key) {
            return Ok(result);
        }
        let result = machine.call_with(&inner, arguments)?;
        memory.set(key, result.clone());
        Ok(result)
    };
    Ok(standing_for(call.machine(), &function, code))
}

/// The arguments as a memory knows them. How many there are by position comes first, so that what was given by name is
/// never taken for one of them.
fn key_of(arguments: &Arguments) -> Vec<Value> {
    let mut key = vec![Value::from(arguments.positional.len())];
    key.extend_from_slice(&arguments.positional);
    if !arguments.named.is_empty() {
        let named = arguments.named.iter().map(|(name, value)| (name.as_str(), value.clone()));
        key.push(Value::record(named));
    }
    key
}

fn retry(call: &mut Call) -> Result<Value, Error> {
    let attempts = call.integer(1)?;
    if attempts < 1 {
        return Err(Error::type_error(format!("retry() requires at least 1 attempt, got {attempts}")));
    }
    let pause = call.float(2)?;
    let function = take_callback(call, 0, 0)?;
    let machine = call.machine();
    let mut attempt = 1;
    loop {
        match machine.call(&function, []) {
            Ok(result) => return Ok(result),
            Err(error) => {
                let error = catchable(error)?;
                if attempt == attempts {
                    return Err(error);
                }
            }
        }
        attempt += 1;
        super::script::wait(machine, pause)?;
    }
}
