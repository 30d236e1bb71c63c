//! Numbers in, as many numbers out.

use super::kernels::{average_ranks, mean, variance};
use super::numbers::{floats_of, not_a_number};
use crate::general::common::types::*;
use crate::general::common::walk::into_items;
use crate::general::table::{Column, Table};
use biovm_bytecode::signature::Default;
use biovm_vm::native::with_default;
use biovm_vm::{Call, Error, Native, Value, native, operators, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("cumsum", cumsum)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS)])
        .returns(LIST)
        .doc("The running sums: Ints where all numbers are Ints, beyond 64 bits an OverflowError, else Floats.")
        .example("cumsum([1, 2, 3])", "[1, 3, 6]"),
    native("diff", diff)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), with_default("lag", NUMBER, Default::Int(1))])
        .returns(LIST)
        .doc("The differences between each number and the one lag places before it.")
        .example("diff([1, 4, 9])", "[3, 5]"),
    native("rank_list", rank_list)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS)])
        .returns(LIST)
        .doc("The rank of each number, from 1; equal numbers share the mean of their ranks.")
        .example("rank_list([10, 30, 10])", "[1.5, 3.0, 1.5]"),
    native("normalize", normalize)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), required("method", STR)])
        .returns(LIST)
        .doc(
            "The numbers on a common scale: \"zscore\" by mean and sample standard deviation, \"minmax\" from 0 to 1, \
             \"quantile\" by rank from 0 to 1. Numbers that do not vary give zeros.",
        )
        .example(r#"normalize([1, 2, 3], "zscore")"#, "[-1.0, 0.0, 1.0]"),
    native("histogram_counts", histogram_counts)
        .section("Statistics")
        .parameters(&[required("xs", NUMBERS), with_default("bins", NUMBER, Default::Int(10))])
        .returns(TABLE)
        .doc("A Table lo, hi, count of bins of equal width from the least to the largest number; the last is closed.")
        .example("histogram_counts([1, 2, 3, 4], 2).count", "[2, 2]"),
];

/// The items, which are all numbers; as Floats where one is a Float.
fn numbers(call: &mut Call) -> Result<Vec<Value>, Error> {
    let name = call.name();
    let source = call.take(0);
    let mut items = into_items(call.machine(), source)?;
    if let Some(item) = items.iter().find(|item| item.as_float().is_none()) {
        return Err(not_a_number(name, item));
    }
    if items.iter().any(|item| matches!(item, Value::Float(_))) {
        for item in &mut items {
            *item = item.as_float().map_or(Value::Nil, Value::Float);
        }
    }
    Ok(items)
}

fn cumsum(call: &mut Call) -> Result<Value, Error> {
    let mut items = numbers(call)?;
    let mut floats = super::kernels::CompensatedSum::default();
    let mut ints = 0_i64;
    for item in &mut items {
        match item {
            Value::Int(number) => {
                ints = ints.checked_add(*number).ok_or_else(|| {
                    Error::new(biovm_vm::ErrorKind::Overflow, "integer overflow in 'cumsum'")
                })?;
                *number = ints;
            }
            Value::Float(number) => {
                floats.add(*number);
                *number = floats.total();
            }
            _ => {}
        }
    }
    Ok(Value::list(items))
}

fn diff(call: &mut Call) -> Result<Value, Error> {
    let lag = crate::general::collections::pieces::positive(call, 1)?;
    let items = numbers(call)?;
    let later = items.iter().skip(lag);
    later
        .zip(&items)
        .map(|(later, earlier)| operators::subtract(later, earlier))
        .collect::<Result<_, _>>()
        .map(Value::list)
}

fn float_list(numbers: impl IntoIterator<Item = f64>) -> Value {
    Value::list(numbers.into_iter().map(Value::Float).collect())
}

fn rank_list(call: &mut Call) -> Result<Value, Error> {
    Ok(float_list(average_ranks(&floats_of(call, 0, false)?)))
}

fn normalize(call: &mut Call) -> Result<Value, Error> {
    let numbers = floats_of(call, 0, false)?;
    let normalized = match call.text(1)? {
        "zscore" | "z" => {
            let center = mean(&numbers).unwrap_or(0.0);
            scaled(&numbers, center, variance(&numbers, 1).unwrap_or(0.0).sqrt())
        }
        "minmax" => {
            let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scaled(&numbers, least, most - least)
        }
        "quantile" => scaled(&average_ranks(&numbers), 1.0, numbers.len() as f64 - 1.0),
        method => {
            return Err(Error::value_error(format!("normalize() has no method '{method}'"))
                .with_hint("its methods are zscore, minmax, quantile"));
        }
    };
    Ok(float_list(normalized))
}

/// The distances from the origin in units; zeros where there is no unit.
fn scaled(numbers: &[f64], origin: f64, unit: f64) -> Vec<f64> {
    let constant = numbers.iter().all(|number| *number == numbers[0]);
    if constant || unit <= 0.0 {
        return vec![0.0; numbers.len()];
    }
    numbers.iter().map(|number| (number - origin) / unit).collect()
}

/// More bins than this are a mistake.
const MOST_BINS: usize = 10_000_000;

fn histogram_counts(call: &mut Call) -> Result<Value, Error> {
    let bins = crate::general::collections::pieces::positive(call, 1)?;
    if bins > MOST_BINS {
        return Err(Error::value_error(format!("histogram_counts() makes at most {MOST_BINS} bins")));
    }
    let numbers = floats_of(call, 0, false)?;
    if let Some(number) = numbers.iter().find(|number| !number.is_finite()) {
        return Err(Error::value_error(format!(
            "histogram_counts() requires finite numbers, got {number:?}"
        )));
    }
    let least =
        numbers.iter().copied().reduce(f64::min).ok_or_else(|| super::numbers::empty("histogram_counts"))?;
    let most = numbers.iter().copied().reduce(f64::max).unwrap_or(least);
    let counts = bin_counts(&numbers, least, most, bins);
    let edge = |position: usize| match position {
        position if position == bins => most,
        position => least + (most - least) * position as f64 / bins as f64,
    };
    Ok(Value::foreign(Table::new(
        ["lo", "hi", "count"].map(Into::into).to_vec(),
        vec![
            Column::floats((0..bins).map(edge).collect()),
            Column::floats((1..=bins).map(edge).collect()),
            Column::ints(counts),
        ],
    )))
}

fn bin_counts(numbers: &[f64], least: f64, most: f64, bins: usize) -> Vec<i64> {
    let mut counts = vec![0; bins];
    for number in numbers {
        let share = if most > least { (number - least) / (most - least) } else { 0.0 };
        // The largest number belongs to the last bin.
        counts[((share * bins as f64) as usize).min(bins - 1)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_numbers_give_zeros() {
        assert_eq!(scaled(&[5.0, 5.0], 5.0, 0.0), [0.0, 0.0]);
        assert!(scaled(&[], 0.0, 1.0).is_empty());
        assert_eq!(scaled(&[1.0, 3.0], 1.0, 2.0), [0.0, 1.0]);
    }

    #[test]
    fn last_bin_is_closed() {
        assert_eq!(bin_counts(&[0.0, 0.5, 1.0], 0.0, 1.0, 2), [1, 2]);
        assert_eq!(bin_counts(&[2.0, 2.0], 2.0, 2.0, 3), [2, 0, 0]);
    }
}
