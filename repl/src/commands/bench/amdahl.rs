//! Amdahl's law: how far more workers can help.

/// What the law makes of measured times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The part of the time with one worker that no number of workers shortens, from 0 to 1.
    pub serial_fraction: f64,
    /// The time with one worker, by the law.
    pub time_of_one: f64,
}

impl Fit {
    /// The speed-up with that many workers, against one.
    pub fn speed_up(&self, workers: f64) -> f64 {
        1.0 / (self.serial_fraction + (1.0 - self.serial_fraction) / workers)
    }

    /// The speed-up that no number of workers exceeds; `None` where there is no limit.
    pub fn limit(&self) -> Option<f64> {
        (self.serial_fraction > 0.0).then(|| 1.0 / self.serial_fraction)
    }
}

/// Fits the law to times with numbers of workers, by least squares; `None` with fewer than two of them.
///
/// With a serial part s of the work, n workers take T(n) = T(1) · (s + (1 − s) / n): G. M. Amdahl, "Validity of the single
/// processor approach to achieving large scale computing capabilities", AFIPS Conference Proceedings 30 (1967), pages
/// 483 to 485; in this form, for example, in Hennessy and Patterson, "Computer Architecture", section 1.9. That is a straight
/// line a + b · x in x = 1 / n, with a = T(1) · s and b = T(1) · (1 − s), so s = a / (a + b). Where the line would make a part of the
/// time negative, because more workers helped more than they can or did harm, s is 0 or 1.
pub fn fit(times: &[(usize, f64)]) -> Option<Fit> {
    if times.len() < 2 {
        return None;
    }
    let count = times.len() as f64;
    let points = || times.iter().map(|&(workers, time)| (1.0 / workers as f64, time));
    let mean_x = points().map(|(x, _)| x).sum::<f64>() / count;
    let mean_time = points().map(|(_, time)| time).sum::<f64>() / count;
    let covariance: f64 = points().map(|(x, time)| (x - mean_x) * (time - mean_time)).sum();
    let variance: f64 = points().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let slope = covariance / variance;
    let serial = mean_time - slope * mean_x;
    if !slope.is_finite() || mean_time <= 0.0 {
        return None;
    }
    Some(if slope <= 0.0 {
        Fit { serial_fraction: 1.0, time_of_one: mean_time }
    } else if serial <= 0.0 {
        // The line through the origin that is nearest.
        let squares: f64 = points().map(|(x, _)| x * x).sum();
        let slope = points().map(|(x, time)| x * time).sum::<f64>() / squares;
        Fit { serial_fraction: 0.0, time_of_one: slope }
    } else {
        Fit { serial_fraction: serial / (serial + slope), time_of_one: serial + slope }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(serial: f64, counts: &[usize]) -> Fit {
        let law = Fit { serial_fraction: serial, time_of_one: 8.0 };
        let times: Vec<_> = counts.iter().map(|&n| (n, 8.0 / law.speed_up(n as f64))).collect();
        fit(&times).expect("a fit")
    }

    #[test]
    fn the_law_is_found_again() {
        for serial in [0.0, 0.1, 0.5, 1.0] {
            for counts in [&[1, 2][..], &[1, 2, 4, 8], &[2, 3, 16]] {
                let fit = fitted(serial, counts);
                assert!((fit.serial_fraction - serial).abs() < 1e-9, "{serial}: {fit:?}");
                assert!((fit.time_of_one - 8.0).abs() < 1e-9, "{fit:?}");
            }
        }
    }

    #[test]
    fn impossible_times_stay_within_the_law() {
        // More than twice as fast with two.
        assert_eq!(fit(&[(1, 10.0), (2, 4.0)]).map(|fit| fit.serial_fraction), Some(0.0));
        // Slower with two.
        let slower = fit(&[(1, 10.0), (2, 11.0)]).expect("a fit");
        assert_eq!((slower.serial_fraction, slower.limit()), (1.0, Some(1.0)));
        assert_eq!(fit(&[(1, 10.0)]), None);
        assert_eq!(fit(&[(1, 0.0), (2, 0.0)]), None);
    }

    #[test]
    fn noise_moves_it_little() {
        let times = [(1, 10.1), (2, 5.9), (4, 4.2), (8, 3.05)];
        let fit = fit(&times).expect("a fit");
        assert!((fit.serial_fraction - 0.2).abs() < 0.03, "{fit:?}");
        assert!((fit.limit().expect("a limit") - 5.0).abs() < 0.8, "{fit:?}");
    }
}
