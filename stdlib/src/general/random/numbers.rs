//! The seed, and numbers of several distributions.

use super::check_room;
use crate::general::common::types::*;
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::random::Generator;
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("set_seed", set_seed)
        .section("Random")
        .parameters(&[required("n", INT)])
        .returns(NIL)
        .doc(
            "Starts the random numbers again: after the same seed come the same. Each item of a parallel function has \
             numbers of its own that follow from the seed, whatever the number of workers.",
        )
        .example("println([1, 1] |> map(|seed| [set_seed(seed), random()]) |> unique() |> len())", "1"),
    native("random", random)
        .section("Random")
        .returns(FLOAT)
        .doc("A random number from 0 up to, and without, 1.")
        .example("floor(random())", "0"),
    native("random_int", random_int)
        .section("Random")
        .parameters(&[required("lo", NUMBER), required("hi", NUMBER)])
        .returns(INT)
        .doc("A random Int from lo up to, and without, hi. Without any such number a ValueError.")
        .example("random_int(3, 4)", "3"),
    native("rnorm", rnorm)
        .section("Random")
        .parameters(&[
            required("n", NUMBER),
            with_default("mean", NUMBER, Default::Int(0)),
            with_default("sd", NUMBER, Default::Int(1)),
        ])
        .returns(LIST)
        .doc("n random numbers with a normal distribution. An sd below 0 is a ValueError.")
        .example("rnorm(2, 10, 0)", "[10.0, 10.0]"),
    native("runif", runif)
        .section("Random")
        .parameters(&[
            required("n", NUMBER),
            with_default("a", NUMBER, Default::Int(0)),
            with_default("b", NUMBER, Default::Int(1)),
        ])
        .returns(LIST)
        .doc("n random numbers from a to b, all equally likely. b must be above a.")
        .example("runif(3) |> len()", "3"),
    native("rexp", rexp)
        .section("Random")
        .parameters(&[required("n", NUMBER), with_default("rate", NUMBER, Default::Int(1))])
        .returns(LIST)
        .doc("n random waiting times between events that come so often per unit of time. The rate must be above 0.")
        .example("rexp(3, 2) |> all(|x| x >= 0)", "true"),
];

/// After this many numbers a long loop looks whether the user wants to stop.
const NUMBERS_BETWEEN_LOOKS: usize = 1 << 16;

fn set_seed(call: &mut Call) -> Result<Value, Error> {
    let seed = call.integer(0)?;
    call.machine().set_random(Some(Generator::from_seed(seed)));
    Ok(Value::Nil)
}

fn random(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Float(call.machine().random().fraction()))
}

fn random_int(call: &mut Call) -> Result<Value, Error> {
    let (low, high) = (call.integer(0)?, call.integer(1)?);
    if low >= high {
        return Err(Error::value_error(format!("random_int() requires lo below hi, got {low} and {high}")));
    }
    // Two's complement makes both right, even where the distance is no i64.
    let distance = high.wrapping_sub(low) as u64;
    let drawn = call.machine().random().below(distance);
    Ok(Value::Int(low.wrapping_add(drawn as i64)))
}

/// A list of as many numbers as the first argument says.
fn many(call: &mut Call, mut draw: impl FnMut(&mut Generator) -> f64) -> Result<Value, Error> {
    let count = call.size(0)?;
    check_room(call.name(), count)?;
    let machine = call.machine();
    let mut numbers = Vec::new();
    while numbers.len() < count {
        machine.check_interrupt()?;
        let generator = machine.random();
        let part = NUMBERS_BETWEEN_LOOKS.min(count - numbers.len());
        numbers.extend((0..part).map(|_| Value::Float(draw(generator))));
    }
    Ok(Value::list(numbers))
}

fn rnorm(call: &mut Call) -> Result<Value, Error> {
    let (mean, deviation) = (call.float(1)?, call.float(2)?);
    if !(deviation >= 0.0 && deviation.is_finite() && mean.is_finite()) {
        return Err(Error::value_error(format!(
            "rnorm() requires a finite mean and an sd of at least 0, got {mean:?} and {deviation:?}"
        )));
    }
    let mut other = None;
    many(call, |generator| mean + deviation * normal(generator, &mut other))
}

/// A number with a standard normal distribution. They come in pairs; the second one waits in `other`.
fn normal(generator: &mut Generator, other: &mut Option<f64>) -> f64 {
    if let Some(number) = other.take() {
        return number;
    }
    // A point in the unit circle (Marsaglia's method): its angle makes two independent numbers, its radius their size.
    loop {
        let (x, y) = (2.0 * generator.fraction() - 1.0, 2.0 * generator.fraction() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            let size = (-2.0 * square.ln() / square).sqrt();
            *other = Some(y * size);
            return x * size;
        }
    }
}

fn runif(call: &mut Call) -> Result<Value, Error> {
    let (low, high) = (call.float(1)?, call.float(2)?);
    if !(low < high && (high - low).is_finite()) {
        return Err(Error::value_error(format!("runif() requires a below b, got {low:?} and {high:?}")));
    }
    many(call, |generator| low + (high - low) * generator.fraction())
}

fn rexp(call: &mut Call) -> Result<Value, Error> {
    let rate = call.float(1)?;
    if !(rate > 0.0 && rate.is_finite()) {
        return Err(Error::value_error(format!("rexp() requires a rate above 0, got {rate:?}")));
    }
    // 1 - x is never 0.
    many(call, |generator| -(-generator.fraction()).ln_1p() / rate)
}
