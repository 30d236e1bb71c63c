//! Numeric kernels on slices of Floats.

/// A sum that keeps what additions round away (Neumaier's variant of Kahan's summation).
#[derive(Clone, Copy, Debug, Default)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds a number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        let sum = self.sum + number;
        self.lost += match self.sum.abs() >= number.abs() {
            true => (self.sum - sum) + number,
            false => (number - sum) + self.sum,
        };
        self.sum = sum;
    }

    /// The sum.
    pub fn total(&self) -> f64 {
        // Beyond the finite numbers the correction is NaN and means nothing.
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

impl FromIterator<f64> for CompensatedSum {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> CompensatedSum {
        let mut sum = CompensatedSum::default();
        for number in numbers {
            sum.add(number);
        }
        sum
    }
}

/// The sum of the numbers.
pub fn sum(numbers: impl IntoIterator<Item = f64>) -> f64 {
    numbers.into_iter().collect::<CompensatedSum>().total()
}

/// The arithmetic mean; `None` of nothing.
pub fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| sum(numbers.iter().copied()) / numbers.len() as f64)
}

/// The sum of squared distances from the mean, divided by the number less `freedom`: 1 for a sample, 0 for a
/// population. `None` of too few numbers.
pub fn variance(numbers: &[f64], freedom: usize) -> Option<f64> {
    let divisor = numbers.len().checked_sub(freedom).filter(|&divisor| divisor > 0)?;
    Some(central_moment_sum(numbers, mean(numbers)?, 2) / divisor as f64)
}

/// The sum of the powers of the distances from the mean.
pub fn central_moment_sum(numbers: &[f64], mean: f64, power: i32) -> f64 {
    sum(numbers.iter().map(|number| (number - mean).powi(power)))
}

/// Mean and variance in one pass, for streams that are not kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunningMoments {
    count: usize,
    mean: CompensatedSum,
    squares: CompensatedSum,
}

impl RunningMoments {
    /// Takes in a number (Welford's update).
    pub fn add(&mut self, number: f64) {
        self.count += 1;
        let before = number - self.mean.total();
        self.mean.add(before / self.count as f64);
        self.squares.add(before * (number - self.mean.total()));
    }

    /// How many numbers there were.
    pub fn count(&self) -> usize {
        self.count
    }

    /// As [`variance`].
    pub fn variance(&self, freedom: usize) -> Option<f64> {
        let divisor = self.count.checked_sub(freedom).filter(|&divisor| divisor > 0)?;
        Some(self.squares.total() / divisor as f64)
    }
}

/// The middle number, or the mean of the two in the middle; NaN where one is NaN, `None` of nothing. Reorders.
pub fn median(numbers: &mut [f64]) -> Option<f64> {
    let middle = numbers.len() / 2;
    if numbers.iter().any(|number| number.is_nan()) {
        return Some(f64::NAN);
    }
    if numbers.is_empty() {
        return None;
    }
    let is_even = numbers.len().is_multiple_of(2);
    let (below, upper, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if !is_even {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(midpoint(lower, upper, 0.5))
}

/// The number a part of the way from one to the other.
fn midpoint(low: f64, high: f64, part: f64) -> f64 {
    // Infinities must not meet in a difference, and whole numbers are to come out whole.
    if low == high || part == 0.0 { low } else { low * (1.0 - part) + high * part }
}

/// The quantile of sorted numbers, by linear interpolation between neighbours (type 7 of R); `None` of nothing.
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = q * last as f64;
    let below = position.floor().clamp(0.0, last as f64);
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    let part = position - below;
    Some(if low == high || part == 0.0 { low } else { low + (high - low) * part })
}

/// The positions of the numbers in sorted order.
pub fn order(numbers: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&a, &b| {
        numbers[a].partial_cmp(&numbers[b]).unwrap_or_else(|| numbers[a].total_cmp(&numbers[b]))
    });
    order
}

/// The ranks from 1; equal numbers share the mean of theirs.
pub fn average_ranks(numbers: &[f64]) -> Vec<f64> {
    let order = order(numbers);
    let mut ranks = vec![0.0; numbers.len()];
    let mut before = 0;
    for group in order.chunk_by(|&a, &b| numbers[a] == numbers[b]) {
        let rank = before as f64 + (group.len() as f64 + 1.0) / 2.0;
        for &position in group {
            ranks[position] = rank;
        }
        before += group.len();
    }
    ranks
}

/// The covariance of two samples of equal length, at least 2.
pub fn covariance(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let products = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y));
    Some(sum(products) / x.len().checked_sub(1).filter(|&divisor| divisor > 0)? as f64)
}

/// The correlation of two samples; NaN where one does not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let products = sum(x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)));
    let spread = (central_moment_sum(x, mean_x, 2) * central_moment_sum(y, mean_y, 2)).sqrt();
    Some(if spread == 0.0 { f64::NAN } else { (products / spread).clamp(-1.0, 1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_keep_what_additions_lose() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(sum(std::iter::repeat_n(0.1, 10)), 1.0);
        let many = sum(std::iter::repeat_n(0.1, 10_000_000));
        assert!((many - 1e6).abs() < 1e-6, "{many}");
        assert_eq!(sum([f64::INFINITY, 1.0]), f64::INFINITY);
        assert!(sum([f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert_eq!(sum([1e308, 1e308]), f64::INFINITY);
    }

    #[test]
    fn variances() {
        let numbers = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(variance(&numbers, 0), Some(4.0));
        assert!((variance(&numbers, 1).unwrap() - 32.0 / 7.0).abs() < 1e-15);
        assert_eq!(variance(&[1.0], 1), None);
        // A large offset must not drown the differences.
        let shifted = numbers.map(|number| number + 1e9);
        assert!((variance(&shifted, 0).unwrap() - 4.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn one_pass_agrees_with_two(numbers in prop::collection::vec(-1e6_f64..1e6, 2..200)) {
            let mut running = RunningMoments::default();
            numbers.iter().for_each(|&number| running.add(number));
            let expected = variance(&numbers, 1).unwrap();
            prop_assert!((running.variance(1).unwrap() - expected).abs() <= 1e-9 * expected.max(1.0));
        }

        #[test]
        fn median_is_the_middle_quantile(mut numbers in prop::collection::vec(-1e6_f64..1e6, 1..100)) {
            let middle = median(&mut numbers.clone()).unwrap();
            numbers.sort_by(f64::total_cmp);
            let quantile = quantile_of_sorted(&numbers, 0.5).unwrap();
            prop_assert!((middle - quantile).abs() <= 1e-9 * middle.abs().max(1.0));
        }
    }

    #[test]
    fn medians_and_quantiles() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
        assert!(median(&mut [1.0, f64::NAN]).unwrap().is_nan());
        assert_eq!(median(&mut [f64::INFINITY; 2]), Some(f64::INFINITY));
        let sorted = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile_of_sorted(&sorted, 0.0), Some(1.0));
        assert_eq!(quantile_of_sorted(&sorted, 0.25), Some(1.75));
        assert_eq!(quantile_of_sorted(&sorted, 1.0), Some(4.0));
        assert_eq!(quantile_of_sorted(&[], 0.5), None);
    }

    #[test]
    fn ranks_of_ties_are_shared() {
        assert_eq!(average_ranks(&[10.0, 20.0, 10.0, 5.0]), [2.5, 4.0, 2.5, 1.0]);
        assert!(average_ranks(&[]).is_empty());
    }

    #[test]
    fn correlations() {
        assert_eq!(pearson(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), Some(1.0));
        assert_eq!(pearson(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), Some(-1.0));
        assert!(pearson(&[1.0, 1.0], &[1.0, 2.0]).unwrap().is_nan());
        assert_eq!(covariance(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), Some(2.0));
    }
}
