//! Probabilities that tests of correlation need.

/// The logarithm of the gamma function, for positive numbers (Lanczos' approximation, good to about 15 digits).
pub fn ln_gamma(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        // Reflection, because the series converges to the right only.
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin().abs()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let base = x + 7.5;
    let terms =
        COEFFICIENTS[1..].iter().enumerate().map(|(position, term)| term / (x + position as f64 + 1.0));
    let series = COEFFICIENTS[0] + terms.sum::<f64>();
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * base.ln() - base + series.ln()
}

/// The regularised incomplete beta function.
pub fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    // The fraction converges fast on this side of the mean only.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..500 {
        let m = f64::from(step);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// The probability that a t-distributed number is further from 0 than `t`.
pub fn t_two_sided(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return f64::NAN;
    }
    incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5)
}

/// The probability that a standard normal number is further from 0 than `z`.
pub fn normal_two_sided(z: f64) -> f64 {
    // The t-distribution's limit, by the complementary error function.
    complementary_error(z.abs() / std::f64::consts::SQRT_2)
}

/// The complementary error function, for numbers that are not negative.
fn complementary_error(x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    if x < 2.5 {
        // The series of the error function.
        let (mut term, mut sum, mut n) = (x, x, 0.0);
        while term.abs() > 1e-17 * sum.abs() {
            n += 1.0;
            term *= -x * x / n;
            let next = term / (2.0 * n + 1.0);
            sum += next;
            if next == 0.0 {
                break;
            }
        }
        return 1.0 - sum * 2.0 / std::f64::consts::PI.sqrt();
    }
    // The continued fraction, from far out inwards.
    let mut fraction = 0.0;
    for step in (1..=80).rev() {
        fraction = f64::from(step) / 2.0 / (x + fraction);
    }
    (-x * x).exp() / std::f64::consts::PI.sqrt() / (x + fraction)
}

/// For how many of the orders of `n` things the number of pairs that keep their order is 0, 1, 2 …, as shares of all.
pub fn kendall_distribution(n: usize) -> Vec<f64> {
    let mut shares = vec![1.0];
    for size in 2..=n {
        let mut next = vec![0.0; shares.len() + size - 1];
        for (kept, share) in shares.iter().enumerate() {
            for more in 0..size {
                next[kept + more] += share / size as f64;
            }
        }
        shares = next;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() <= 1e-12 * right.abs().max(1e-3), "{left} is not {right}");
    }

    #[test]
    fn gamma() {
        close(ln_gamma(1.0), 0.0);
        close(ln_gamma(5.0), 24_f64.ln());
        close(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
    }

    #[test]
    fn tails() {
        close(t_two_sided(0.0, 5.0), 1.0);
        // With one degree of freedom the distribution is Cauchy's.
        close(t_two_sided(1.0, 1.0), 0.5);
        close(t_two_sided(2.0, 2.0), 0.183_503_419_072_273_94);
        close(normal_two_sided(0.0), 1.0);
        close(normal_two_sided(1.959_963_984_540_054), 0.05);
        close(normal_two_sided(5.0), 5.733_031_437_583_892e-7);
    }

    #[test]
    fn orders_of_four_things() {
        let expected = [1.0, 3.0, 5.0, 6.0, 5.0, 3.0, 1.0].map(|orders| orders / 24.0);
        for (share, expected) in kendall_distribution(4).into_iter().zip(expected) {
            close(share, expected);
        }
    }
}
