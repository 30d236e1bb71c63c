//! Random items of a collection.

use super::check_room;
use crate::general::common::types::*;
use crate::general::common::walk::{into_items, is_table};
use crate::general::statistics::numbers::not_a_number;
use biovm_vm::limits::memory;
use biovm_vm::native::{option, optional, options_parameter};
use biovm_vm::random::Generator;
use biovm_vm::{Call, Error, Machine, Native, Value, access, native, required};
use std::collections::HashMap;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("sample", sample)
        .section("Random")
        .parameters(&[required("xs", ITEMS), optional("n", NUMBER), options_parameter()])
        .options(&[
            option("replace", BOOL, "whether an item may be drawn again; default false"),
            option("weights", LIST, "how likely each item is, compared with the others; nil counts as 0"),
        ])
        .returns(LIST.or(TABLE))
        .doc(
            "n random items in random order, by default one; of a Table n rows, by default five. Each item is drawn at \
             most once, so that more than there are is a ValueError.",
        )
        .example("sample([\"A\", \"C\"], 3, {replace: true, weights: [1, 0]})", "[A, A, A]"),
    native("shuffle", shuffle)
        .section("Random")
        .parameters(&[required("xs", ITEMS)])
        .returns(LIST.or(TABLE))
        .doc("All items in random order; a Table stays one.")
        .example("shuffle([1, 2, 3]) |> sort()", "[1, 2, 3]"),
];

/// So many rows of a table, where nobody says how many.
const ROWS_BY_DEFAULT: usize = 5;

/// Whether an item can be had by its position at no cost.
fn is_indexed(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Tuple(_) | Value::Range(_)) || is_table(value)
}

/// A collection whose items can be had by position, and their number.
fn indexed(machine: &mut Machine, source: Value) -> Result<(Value, usize), Error> {
    if is_indexed(&source)
        && let Some(length) = access::length(&source)
    {
        return Ok((source, length));
    }
    let items = into_items(machine, source)?;
    let length = items.len();
    Ok((Value::list(items), length))
}

/// The items at these positions: rows of a table as a table, everything else as a list.
fn pick(source: &Value, positions: &[usize]) -> Value {
    if let Value::Foreign(foreign) = source
        && let Some(rows) = foreign.select(positions)
    {
        return rows;
    }
    let item = |&position: &usize| access::item(source, position).unwrap_or_default();
    Value::list(positions.iter().map(item).collect())
}

fn sample(call: &mut Call) -> Result<Value, Error> {
    let replace = call.option("replace").is_some_and(Value::is_truthy);
    let weights = call.option("weights").map(weights).transpose()?;
    let wanted = if call.is_nil(1) { None } else { Some(call.size(1)?) };
    let source = call.take(0);
    let machine = call.machine();
    let (source, length) = indexed(machine, source)?;
    let wanted = wanted.unwrap_or(match is_table(&source) {
        true => ROWS_BY_DEFAULT.min(length),
        false => 1,
    });
    let available = match &weights {
        Some(weights) if weights.len() != length => {
            return Err(Error::value_error(format!(
                "sample() requires a weight for each of the {length} items, got {}",
                weights.len()
            )));
        }
        Some(weights) => weights.iter().filter(|weight| **weight > 0.0).count(),
        None => length,
    };
    let enough = if replace { available > 0 || wanted == 0 } else { wanted <= available };
    if !enough {
        let what = if weights.is_some() { "items with a weight above 0" } else { "items" };
        let error = Error::value_error(format!("sample() cannot draw {wanted} of {available} {what}"));
        return Err(match replace || available == 0 {
            true => error,
            false => error.with_hint("{replace: true} draws items more than once"),
        });
    }
    check_room("sample", wanted)?;
    machine.check_interrupt()?;
    let generator = machine.random();
    let positions = match (weights, replace) {
        _ if wanted == 0 => Vec::new(),
        (None, true) => (0..wanted).map(|_| generator.below(length as u64) as usize).collect(),
        (None, false) => distinct(generator, wanted, length),
        (Some(weights), true) => {
            let table = Alias::new(&weights);
            (0..wanted).map(|_| table.draw(generator)).collect()
        }
        (Some(weights), false) => distinct_weighted(generator, wanted, &weights),
    };
    Ok(pick(&source, &positions))
}

fn shuffle(call: &mut Call) -> Result<Value, Error> {
    let source = call.take(0);
    let machine = call.machine();
    let (source, length) = indexed(machine, source)?;
    check_room("shuffle", length)?;
    let positions = distinct(machine.random(), length, length);
    Ok(pick(&source, &positions))
}

/// The weights of an option: finite, and not negative.
fn weights(value: &Value) -> Result<Vec<f64>, Error> {
    let Value::List(list) = value else { return Ok(Vec::new()) };
    memory::room_for(list.len().saturating_mul(size_of::<f64>()))?;
    list.iter()
        .map(|weight| match &weight {
            Value::Nil => Ok(0.0),
            weight => {
                let number = weight.as_float().ok_or_else(|| not_a_number("sample", weight))?;
                match number >= 0.0 && number.is_finite() {
                    true => Ok(number),
                    false => Err(Error::value_error(format!(
                        "sample() requires finite weights of at least 0, got {number:?}"
                    ))),
                }
            }
        })
        .collect()
}

/// `wanted` different numbers below `length`, in random order: the first steps of a shuffle.
fn distinct(generator: &mut Generator, wanted: usize, length: usize) -> Vec<usize> {
    let mut draw = |done: usize| done + generator.below((length - done) as u64) as usize;
    if wanted >= length / 8 {
        let mut positions: Vec<usize> = (0..length).collect();
        for done in 0..wanted {
            positions.swap(done, draw(done));
        }
        positions.truncate(wanted);
        return positions;
    }
    // Few of many: only the positions that have been swapped are noted.
    let mut moved: HashMap<usize, usize> = HashMap::with_capacity(wanted * 2);
    (0..wanted)
        .map(|done| {
            let chosen = draw(done);
            let here = moved.get(&done).copied().unwrap_or(done);
            moved.insert(chosen, here).unwrap_or(chosen)
        })
        .collect()
}

/// Different positions, one after the other, each by its share of the weight that is left: those with the shortest
/// random waiting times.
fn distinct_weighted(generator: &mut Generator, wanted: usize, weights: &[f64]) -> Vec<usize> {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let mut waiting = Vec::new();
    for (position, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        waiting.push((-(-generator.fraction()).ln_1p() / (weight / largest), position));
    }
    waiting.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    waiting.into_iter().take(wanted).map(|(_, position)| position).collect()
}

/// Draws positions by weight in the same time for any number of them (Walker's alias method): each position keeps a part
/// of its own share, and the rest of the share belongs to one other.
struct Alias {
    kept: Vec<f64>,
    other: Vec<usize>,
}

impl Alias {
    /// Some weight must be above 0.
    fn new(weights: &[f64]) -> Alias {
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let mean = weights.iter().map(|weight| weight / largest).sum::<f64>() / weights.len() as f64;
        let mut kept: Vec<f64> = weights.iter().map(|weight| weight / largest / mean).collect();
        let mut other: Vec<usize> = (0..kept.len()).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) =
            other.iter().partition(|&&position| kept[position] < 1.0);
        while let (Some(&taker), Some(&giver)) = (poor.last(), rich.last()) {
            poor.pop();
            other[taker] = giver;
            kept[giver] -= 1.0 - kept[taker];
            if kept[giver] < 1.0 {
                rich.pop();
                poor.push(giver);
            }
        }
        // What rounding has left over is almost 1; a weight of 0 has always found a giver, or never gets one.
        let heaviest = (0..weights.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b])).unwrap_or(0);
        for position in poor {
            match weights[position] > 0.0 {
                true => kept[position] = 1.0,
                false => other[position] = heaviest,
            }
        }
        Alias { kept, other }
    }

    fn draw(&self, generator: &mut Generator) -> usize {
        let position = generator.below(self.kept.len() as u64) as usize;
        match generator.fraction() < self.kept[position] {
            true => position,
            false => self.other[position],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws 20,000 times and compares how often each position came with its probability.
    fn check(probabilities: &[f64], mut draw: impl FnMut(&mut Generator) -> usize) {
        const DRAWS: u32 = 20_000;
        let mut generator = Generator::from_seed(3);
        let mut counts = vec![0u32; probabilities.len()];
        for _ in 0..DRAWS {
            counts[draw(&mut generator)] += 1;
        }
        for (count, probability) in counts.iter().zip(probabilities) {
            let expected = probability * f64::from(DRAWS);
            let deviation = (expected * (1.0 - probability)).sqrt();
            assert!(
                (f64::from(*count) - expected).abs() <= 5.0 * deviation,
                "{counts:?} for {probabilities:?}"
            );
        }
    }

    #[test]
    fn weights_decide() {
        let weights = [1e300, 0.0, 4e300, 3e300, 2e300];
        let probabilities = [0.1, 0.0, 0.4, 0.3, 0.2];
        let table = Alias::new(&weights);
        check(&probabilities, |generator| table.draw(generator));
        check(&probabilities, |generator| distinct_weighted(generator, 1, &weights)[0]);
        // The second of two: the sum over what the first may be.
        let second = |x: f64| {
            let firsts = probabilities.iter().filter(|p| **p != x && **p > 0.0);
            firsts.map(|first| first * x / (1.0 - first)).sum::<f64>()
        };
        check(&probabilities.map(second), |generator| distinct_weighted(generator, 2, &weights)[1]);
    }

    #[test]
    fn all_orders_are_equally_likely() {
        for length in [3, 30] {
            let mut seen = 0;
            let pairs = length * (length - 1);
            let probabilities = vec![1.0 / pairs as f64; pairs];
            check(&probabilities, |generator| {
                let drawn = distinct(generator, 2, length);
                assert_ne!(drawn[0], drawn[1]);
                seen += 1;
                drawn[0] * (length - 1) + drawn[1] - usize::from(drawn[1] > drawn[0])
            });
            assert_eq!(seen, 20_000);
        }
    }
}
