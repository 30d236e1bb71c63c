//! Order statistics.

use super::kernels::{median as median_of, quantile_of_sorted};
use super::numbers::{SKIP_NIL, empty, floats};
use crate::general::common::sorting::is_before;
use crate::general::common::types::*;
use crate::general::common::walk::Walk;
use biovm_bytecode::signature::OptionField;
use biovm_vm::native::options_parameter;
use biovm_vm::value::Key;
use biovm_vm::{Call, Error, Native, Value, native, required};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

const SKIPS: &[OptionField] = &[SKIP_NIL];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("median", median)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The middle number, or the mean of the two in the middle; NaN where one is NaN, of nothing a ValueError.")
        .example("median([3, 1, 2, 10])", "2.5"),
    native("quantile", quantile)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), required("q", NUMBER.or(LIST)), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT.or(LIST))
        .doc(
            "The number below which the share q, 0 to 1, of the numbers lies, interpolated linearly (type 7 of R); for \
             a List of shares a List.",
        )
        .example("quantile([1, 2, 3, 4], 0.25)", "1.75"),
    native("iqr", iqr)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The distance between the lower and the upper quartile.")
        .example("iqr([1, 2, 3, 4, 5])", "2.0"),
    native("mad", mad)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), options_parameter()])
        .options(SKIPS)
        .returns(FLOAT)
        .doc("The median absolute deviation from the median, times 1.4826 to agree with stdev on normal data.")
        .example("mad([1, 2, 3, 4, 5])", "1.4826"),
    native("mode", mode)
        .section("Statistics")
        .parameters(&[required("xs", ITEMS)])
        .returns(ANY)
        .doc("The most frequent item; of several the smallest. No items are a ValueError.")
        .example("mode([3, 1, 3, 1, 2])", "1"),
];

fn median(call: &mut Call) -> Result<Value, Error> {
    let mut numbers = floats(call, 0)?;
    median_of(&mut numbers).map(Value::Float).ok_or_else(|| empty(call.name()))
}

/// The numbers of the first argument in order; NaN where one of them is NaN.
fn sorted(call: &mut Call) -> Result<Vec<f64>, Error> {
    let mut numbers = floats(call, 0)?;
    if numbers.is_empty() {
        return Err(empty(call.name()));
    }
    if numbers.iter().any(|number| number.is_nan()) {
        numbers = vec![f64::NAN];
    }
    numbers.sort_unstable_by(f64::total_cmp);
    Ok(numbers)
}

fn quantile(call: &mut Call) -> Result<Value, Error> {
    let sorted = sorted(call)?;
    let quantile = |q: &Value| match q.as_float() {
        Some(q) if (0.0..=1.0).contains(&q) => {
            Ok(Value::Float(quantile_of_sorted(&sorted, q).unwrap_or(f64::NAN)))
        }
        Some(q) => Err(Error::value_error(format!("quantile() requires q from 0 to 1, got {q:?}"))),
        None => Err(Error::type_error(format!("quantile() requires q as a number, got {}", q.type_of()))),
    };
    match call.argument(1) {
        Value::List(shares) => {
            shares.iter().map(|share| quantile(&share)).collect::<Result<_, _>>().map(Value::list)
        }
        share => quantile(share),
    }
}

fn iqr(call: &mut Call) -> Result<Value, Error> {
    let sorted = sorted(call)?;
    let quartile = |q| quantile_of_sorted(&sorted, q).unwrap_or(f64::NAN);
    Ok(Value::Float(quartile(0.75) - quartile(0.25)))
}

/// Makes the median absolute deviation of normal data its standard deviation.
const NORMAL: f64 = 1.4826;

fn mad(call: &mut Call) -> Result<Value, Error> {
    let mut numbers = floats(call, 0)?;
    let center = median_of(&mut numbers).ok_or_else(|| empty(call.name()))?;
    let mut distances: Vec<f64> = numbers.iter().map(|number| (number - center).abs()).collect();
    Ok(Value::Float(median_of(&mut distances).unwrap_or(f64::NAN) * NORMAL))
}

fn mode(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let machine = call.machine();
    let mut counts: IndexMap<Key, usize, FxBuildHasher> = IndexMap::default();
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        *counts.entry(Key(item)).or_default() += 1;
    }
    let most = counts
        .values()
        .copied()
        .max()
        .ok_or_else(|| Error::value_error("mode() requires at least one item"))?;
    let mut candidates = counts.into_iter().filter(|(_, count)| *count == most).map(|(key, _)| key.0);
    let mut best = candidates.next().unwrap_or_default();
    for candidate in candidates {
        if is_before(machine, &candidate, &best, false)? {
            best = candidate;
        }
    }
    Ok(best)
}
