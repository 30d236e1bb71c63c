//! Times that were measured several times.

/// How times lie around their median. Medians and quartiles, since a single slow run must not count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Half of the times are below it.
    pub median: f64,
    /// A quarter of the times is below it.
    pub lower: f64,
    /// A quarter of the times is above it.
    pub upper: f64,
    /// The least time.
    pub least: f64,
    /// The greatest time.
    pub most: f64,
}

impl Spread {
    /// That of at least one time.
    pub fn of(times: &[f64]) -> Spread {
        let mut sorted = times.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |part| quantile(&sorted, part);
        Spread { median: at(0.5), lower: at(0.25), upper: at(0.75), least: at(0.0), most: at(1.0) }
    }

    /// The interquartile range.
    pub fn range(&self) -> f64 {
        self.upper - self.lower
    }
}

/// Seconds in the unit that fits.
pub fn duration(seconds: f64) -> String {
    match seconds {
        _ if seconds >= 1.0 => format!("{seconds:.3} s"),
        _ if seconds >= 1e-3 => format!("{:.3} ms", seconds * 1e3),
        _ if seconds >= 1e-6 => format!("{:.3} µs", seconds * 1e6),
        _ => format!("{:.0} ns", seconds * 1e9),
    }
}

/// A quantile of sorted numbers, between two of them by a straight line: type 7 of Hyndman and Fan (1996), which is
/// what R and NumPy take by themselves.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let position = part * sorted.len().saturating_sub(1) as f64;
    let below = position.floor();
    let (Some(low), Some(high)) = (sorted.get(below as usize), sorted.get(position.ceil() as usize)) else {
        return f64::NAN;
    };
    low + (high - low) * (position - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_words() {
        assert_eq!([2.5, 0.0125, 3.5e-6, 4e-8].map(duration), ["2.500 s", "12.500 ms", "3.500 µs", "40 ns"]);
    }

    #[test]
    fn quartiles() {
        let spread = Spread::of(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(spread, Spread { median: 2.5, lower: 1.75, upper: 3.25, least: 1.0, most: 4.0 });
        assert_eq!(spread.range(), 1.5);
        assert_eq!(Spread::of(&[7.0]), Spread { median: 7.0, lower: 7.0, upper: 7.0, least: 7.0, most: 7.0 });
    }
}
