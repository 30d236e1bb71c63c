//! Sums, means, variances and higher moments.

use super::kernels::{self, CompensatedSum, RunningMoments, central_moment_sum};
use super::numbers::{SKIP_NIL, Total, empty, floats, floats_of, not_a_number, skips_nil};
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, is_stream};
use biovm_bytecode::signature::OptionField;
use biovm_vm::native::{option, options_parameter};
use biovm_vm::{Call, Error, Native, Value, native, required};

const SKIPS: &[OptionField] = &[SKIP_NIL];
const SPREAD: &[OptionField] = &[SKIP_NIL, option("population", BOOL, "divide by n instead of n - 1")];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("sum", sum)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(NUMBER)
        .doc("The sum: an exact Int where all numbers are Ints, beyond 64 bits an OverflowError; 0 of nothing.")
        .example("sum([1, 2, 3.5])", "6.5"),
    native("mean", mean)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The arithmetic mean; of nothing a ValueError.")
        .example("mean([1, 2, 6])", "3.0"),
    native("variance", variance)
        .aliases(&["var"])
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SPREAD)
        .returns(FLOAT)
        .doc("The sample variance, by n - 1; fewer than two numbers are a ValueError.")
        .example("variance([1, 2, 3, 4, 5])", "2.5"),
    native("stdev", stdev)
        .aliases(&["sd"])
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SPREAD)
        .returns(FLOAT)
        .doc("The sample standard deviation, by n - 1; fewer than two numbers are a ValueError.")
        .example("stdev([2, 4, 4, 4, 5, 5, 7, 9], population: true)", "2.0"),
    native("sem", sem)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The standard error of the mean, stdev / sqrt(n); fewer than two numbers are a ValueError.")
        .example("sem([1, 3])", "1.0"),
    native("prod", prod)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(NUMBER)
        .doc("The product: an Int where all numbers are Ints, beyond 64 bits an OverflowError; 1 of nothing.")
        .example("prod([2, 3, 4])", "24"),
    native("skewness", skewness)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The third standardised moment, m3 / m2^1.5; NaN where the numbers do not vary.")
        .example("skewness([1, 2, 3])", "0.0"),
    native("kurtosis", kurtosis)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The excess kurtosis, m4 / m2^2 - 3; NaN where the numbers do not vary.")
        .example("kurtosis([1, 1, 3, 3])", "-2.0"),
    native("weighted_mean", weighted_mean)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), required("weights", NUMBERS)])
        .returns(FLOAT)
        .doc("The sum of x * w divided by the sum of w; other lengths, or weights that add up to 0, are a ValueError.")
        .example("weighted_mean([1, 2], [3, 1])", "1.25"),
];

fn sum(call: &mut Call) -> Result<Value, Error> {
    Total::of(call, 0)?.value()
}

fn mean(call: &mut Call) -> Result<Value, Error> {
    let total = Total::of(call, 0)?;
    match total.count() {
        0 => Err(empty(call.name())),
        count => Ok(Value::Float(total.float() / count as f64)),
    }
}

/// The variance of the first argument, and the number of its items.
fn spread(call: &mut Call, freedom: usize) -> Result<(f64, usize), Error> {
    let name = call.name();
    let (variance, count) = if is_stream(call.argument(0)) {
        let skip = skips_nil(call);
        let source = call.take(0);
        let machine = call.machine();
        let mut moments = RunningMoments::default();
        let mut walk = Walk::new(machine, source)?;
        while let Some(item) = walk.next(machine)? {
            match item.as_float() {
                Some(number) => moments.add(number),
                None if skip && matches!(item, Value::Nil) => {}
                None => return Err(not_a_number(name, &item)),
            }
        }
        (moments.variance(freedom), moments.count())
    } else {
        let numbers = floats(call, 0)?;
        (kernels::variance(&numbers, freedom), numbers.len())
    };
    variance.map(|variance| (variance, count)).ok_or_else(|| {
        let least = freedom + 1;
        let plural = if least == 1 { "" } else { "s" };
        Error::value_error(format!("{name}() requires at least {least} number{plural}, got {count}"))
    })
}

/// What the divisor is less than the number of items.
fn freedom(call: &Call) -> usize {
    usize::from(!call.option("population").is_some_and(Value::is_truthy))
}

fn variance(call: &mut Call) -> Result<Value, Error> {
    let freedom = freedom(call);
    Ok(Value::Float(spread(call, freedom)?.0))
}

fn stdev(call: &mut Call) -> Result<Value, Error> {
    let freedom = freedom(call);
    Ok(Value::Float(spread(call, freedom)?.0.sqrt()))
}

fn sem(call: &mut Call) -> Result<Value, Error> {
    let (variance, count) = spread(call, 1)?;
    Ok(Value::Float((variance / count as f64).sqrt()))
}

fn prod(call: &mut Call) -> Result<Value, Error> {
    let skip = skips_nil(call);
    let name = call.name();
    let source = call.take(0);
    let machine = call.machine();
    let (mut ints, mut floats) = (Some(1_i64), None::<f64>);
    let mut walk = Walk::new(machine, source)?;
    let mut all = 1.0;
    while let Some(item) = walk.next(machine)? {
        match &item {
            Value::Int(number) => {
                ints = ints.and_then(|product| product.checked_mul(*number));
                all *= *number as f64;
            }
            Value::Float(number) => {
                all *= number;
                floats = Some(all);
            }
            Value::Nil if skip => {}
            item => return Err(not_a_number(name, item)),
        }
    }
    match (floats, ints) {
        (Some(_), _) => Ok(Value::Float(all)),
        (None, Some(product)) => Ok(Value::Int(product)),
        (None, None) => Err(Error::new(biovm_vm::ErrorKind::Overflow, "integer overflow in 'prod'")),
    }
}

/// The mean of the powers of the distances from the mean, in units of the standard deviation.
fn standardised_moment(call: &mut Call, power: i32) -> Result<f64, Error> {
    let numbers = floats(call, 0)?;
    let mean = kernels::mean(&numbers).ok_or_else(|| empty(call.name()))?;
    let count = numbers.len() as f64;
    let second = central_moment_sum(&numbers, mean, 2) / count;
    Ok(central_moment_sum(&numbers, mean, power) / count / second.powf(f64::from(power) / 2.0))
}

fn skewness(call: &mut Call) -> Result<Value, Error> {
    standardised_moment(call, 3).map(Value::Float)
}

fn kurtosis(call: &mut Call) -> Result<Value, Error> {
    standardised_moment(call, 4).map(|moment| Value::Float(moment - 3.0))
}

fn weighted_mean(call: &mut Call) -> Result<Value, Error> {
    let (numbers, weights) = (floats_of(call, 0, false)?, floats_of(call, 1, false)?);
    if numbers.len() != weights.len() {
        let (numbers, weights) = (numbers.len(), weights.len());
        return Err(Error::value_error(format!(
            "weighted_mean() got {numbers} numbers and {weights} weights"
        )));
    }
    let total = kernels::sum(weights.iter().copied());
    if total == 0.0 {
        return Err(Error::value_error("weighted_mean() requires weights that do not add up to 0"));
    }
    let products: CompensatedSum =
        numbers.iter().zip(&weights).map(|(number, weight)| number * weight).collect();
    Ok(Value::Float(products.total() / total))
}
