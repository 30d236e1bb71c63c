//! How two samples vary together.

use super::distributions::{kendall_distribution, normal_two_sided, t_two_sided};
use super::kernels::{average_ranks, covariance, pearson};
use super::numbers::floats_of;
use crate::general::common::types::*;
use biovm_vm::native::{option, options_parameter};
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("cor", cor)
        .aliases(&["correlation"])
        .section("Statistics")
        .parameters(&[required("x", NUMBERS), required("y", NUMBERS), options_parameter()])
        .options(&[option("method", STR, "\"pearson\", \"spearman\" or \"kendall\"")])
        .returns(FLOAT)
        .doc("The correlation, -1 to 1, after Pearson; NaN where one does not vary. Other lengths are a ValueError.")
        .example("cor([1, 2, 3], [2, 4, 6])", "1.0"),
    native("cov", cov)
        .section("Statistics")
        .parameters(&[required("x", NUMBERS), required("y", NUMBERS)])
        .returns(FLOAT)
        .doc("The sample covariance, by n - 1; other lengths, or fewer than two numbers, are a ValueError.")
        .example("cov([1, 2, 3], [2, 4, 6])", "2.0"),
    native("spearman", spearman)
        .section("Statistics")
        .parameters(&[required("x", NUMBERS), required("y", NUMBERS)])
        .returns(RECORD)
        .doc(
            "The rank correlation {coefficient, statistic, p_value, pvalue, n}; ties share ranks, p is two-sided from \
             the t distribution with n - 2 degrees of freedom.",
        )
        .example("spearman([1, 2, 3], [1, 3, 2]).coefficient", "0.5"),
    native("kendall", kendall)
        .section("Statistics")
        .parameters(&[required("x", NUMBERS), required("y", NUMBERS)])
        .returns(RECORD)
        .doc(
            "Kendall's tau-b {coefficient, statistic, p_value, pvalue, n}; the statistic is z, p is two-sided, exact \
             for up to 50 pairs without ties, else normal.",
        )
        .example("kendall([1, 2, 3, 4], [1, 2, 4, 3]).coefficient > 0.66", "true"),
];

/// Two samples of equal length, at least 2.
fn samples(call: &mut Call) -> Result<(Vec<f64>, Vec<f64>), Error> {
    let (x, y) = (floats_of(call, 0, false)?, floats_of(call, 1, false)?);
    let name = call.name();
    if x.len() != y.len() {
        let (x, y) = (x.len(), y.len());
        return Err(Error::value_error(format!("{name}() requires as many x as y, got {x} and {y}")));
    }
    if x.len() < 2 {
        return Err(Error::value_error(format!("{name}() requires at least 2 pairs, got {}", x.len())));
    }
    // 0.0 and -0.0 are one number, but sort apart.
    let plain = |numbers: Vec<f64>| numbers.into_iter().map(|number| number + 0.0).collect();
    Ok((plain(x), plain(y)))
}

/// Whether there is a number that has no rank.
fn has_nan(x: &[f64], y: &[f64]) -> bool {
    x.iter().chain(y).any(|number| number.is_nan())
}

fn cor(call: &mut Call) -> Result<Value, Error> {
    let method = call.option("method").and_then(Value::as_text).unwrap_or("pearson").to_owned();
    let (x, y) = samples(call)?;
    let coefficient = match method.as_str() {
        "pearson" => pearson(&x, &y).unwrap_or(f64::NAN),
        "spearman" => spearman_coefficient(&x, &y),
        "kendall" if has_nan(&x, &y) => f64::NAN,
        "kendall" => Pairs::of(&x, &y).tau(),
        _ => {
            return Err(Error::value_error(format!("cor() has no method '{method}'"))
                .with_hint("its methods are pearson, spearman, kendall"));
        }
    };
    Ok(Value::Float(coefficient))
}

fn cov(call: &mut Call) -> Result<Value, Error> {
    let (x, y) = samples(call)?;
    Ok(Value::Float(covariance(&x, &y).unwrap_or(f64::NAN)))
}

fn spearman_coefficient(x: &[f64], y: &[f64]) -> f64 {
    if has_nan(x, y) {
        return f64::NAN;
    }
    pearson(&average_ranks(x), &average_ranks(y)).unwrap_or(f64::NAN)
}

fn test_result(coefficient: f64, statistic: f64, p_value: f64, count: usize) -> Value {
    Value::record([
        ("coefficient", Value::Float(coefficient)),
        ("statistic", Value::Float(statistic)),
        ("p_value", Value::Float(p_value)),
        ("pvalue", Value::Float(p_value)),
        ("n", Value::from(count)),
    ])
}

fn spearman(call: &mut Call) -> Result<Value, Error> {
    let (x, y) = samples(call)?;
    let coefficient = spearman_coefficient(&x, &y);
    let freedom = x.len() as f64 - 2.0;
    let statistic = coefficient * (freedom / (1.0 - coefficient * coefficient)).sqrt();
    let p_value = if freedom > 0.0 { t_two_sided(statistic, freedom) } else { f64::NAN };
    Ok(test_result(coefficient, statistic, p_value, x.len()))
}

fn kendall(call: &mut Call) -> Result<Value, Error> {
    let (x, y) = samples(call)?;
    if has_nan(&x, &y) {
        return Ok(test_result(f64::NAN, f64::NAN, f64::NAN, x.len()));
    }
    let pairs = Pairs::of(&x, &y);
    Ok(test_result(pairs.tau(), pairs.z(), pairs.p_value(), x.len()))
}

/// What Kendall's tau counts.
struct Pairs {
    count: usize,
    concordant: u64,
    discordant: u64,
    /// The sizes of the groups of equal numbers.
    ties_x: Vec<u64>,
    ties_y: Vec<u64>,
}

impl Pairs {
    fn of(x: &[f64], y: &[f64]) -> Pairs {
        let count = x.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| x[a].total_cmp(&x[b]).then(y[a].total_cmp(&y[b])));
        let sorted_y: Vec<f64> = order.iter().map(|&position| y[position]).collect();
        let choose_two = |size: u64| size * (size - 1) / 2;
        let ties_x = tie_sizes(x);
        let ties_y = tie_sizes(y);
        let both =
            order.chunk_by(|&a, &b| x[a] == x[b] && y[a] == y[b]).map(|group| choose_two(group.len() as u64));
        let both: u64 = both.sum();
        // Sorted by x, and by y among equals: a pair is discordant exactly where y must still be swapped.
        let discordant = inversions(&mut sorted_y.clone());
        let tied = |ties: &[u64]| ties.iter().map(|&size| choose_two(size)).sum::<u64>();
        let all = choose_two(count as u64);
        let concordant = (all + both).saturating_sub(tied(&ties_x) + tied(&ties_y) + discordant);
        Pairs { count, concordant, discordant, ties_x, ties_y }
    }

    fn score(&self) -> f64 {
        self.concordant as f64 - self.discordant as f64
    }

    fn tau(&self) -> f64 {
        let n = self.count as f64;
        let all = n * (n - 1.0) / 2.0;
        let untied =
            |ties: &[u64]| all - ties.iter().map(|&size| (size * (size - 1) / 2) as f64).sum::<f64>();
        let spread = (untied(&self.ties_x) * untied(&self.ties_y)).sqrt();
        if spread == 0.0 { f64::NAN } else { self.score() / spread }
    }

    fn z(&self) -> f64 {
        let n = self.count as f64;
        let sum = |ties: &[u64], of: fn(f64) -> f64| ties.iter().map(|&size| of(size as f64)).sum::<f64>();
        let v = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
        let pairs = |t: f64| t * (t - 1.0);
        let triples = |t: f64| t * (t - 1.0) * (t - 2.0);
        let (x, y) = (&self.ties_x, &self.ties_y);
        let mut variance = (v(n) - sum(x, v) - sum(y, v)) / 18.0;
        variance += sum(x, pairs) * sum(y, pairs) / (2.0 * n * (n - 1.0));
        if n > 2.0 {
            variance += sum(x, triples) * sum(y, triples) / (9.0 * n * (n - 1.0) * (n - 2.0));
        }
        self.score() / variance.sqrt()
    }

    fn p_value(&self) -> f64 {
        let has_ties = self.ties_x.iter().chain(&self.ties_y).any(|&size| size > 1);
        if has_ties || self.count > 50 {
            return normal_two_sided(self.z());
        }
        let shares = kendall_distribution(self.count);
        let at = self.concordant as usize;
        let below: f64 = shares.iter().take(at + 1).sum();
        let above: f64 = shares.iter().skip(at).sum();
        (2.0 * below.min(above)).min(1.0)
    }
}

/// The sizes of the groups of equal numbers.
fn tie_sizes(numbers: &[f64]) -> Vec<u64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|group| group.len() as u64).collect()
}

/// The number of pairs in the wrong order, by merge sort. Sorts.
fn inversions(numbers: &mut [f64]) -> u64 {
    if numbers.len() < 2 {
        return 0;
    }
    let (left, right) = numbers.split_at_mut(numbers.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut a, mut b) = (0, 0);
    while a < left.len() && b < right.len() {
        if right[b] < left[a] {
            count += (left.len() - a) as u64;
            merged.push(right[b]);
            b += 1;
        } else {
            merged.push(left[a]);
            a += 1;
        }
    }
    merged.extend_from_slice(&left[a..]);
    merged.extend_from_slice(&right[b..]);
    numbers.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kendall_of_four_pairs_is_exact() {
        let pairs = Pairs::of(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 4.0, 3.0]);
        assert_eq!((pairs.concordant, pairs.discordant), (5, 1));
        assert!((pairs.tau() - 2.0 / 3.0).abs() < 1e-15);
        assert!((pairs.p_value() - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn kendall_with_ties() {
        // Counted by hand: 4 concordant, 1 discordant, one pair tied in x.
        let pairs = Pairs::of(&[1.0, 1.0, 2.0, 3.0], &[2.0, 1.0, 4.0, 3.0]);
        assert_eq!((pairs.concordant, pairs.discordant), (4, 1));
        assert!((pairs.tau() - 3.0 / 30_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn inversions_of_a_reversed_list() {
        assert_eq!(inversions(&mut [4.0, 3.0, 2.0, 1.0]), 6);
        assert_eq!(inversions(&mut [1.0, 1.0, 2.0]), 0);
    }
}
