//! `:plot`: a histogram of the last result, in letters.

use crate::failure::Failure;
use biovm_vm::Value;
use biovm_vm::display;

/// Bars of the fullest bin have this length.
const BAR_LENGTH: usize = 40;
const BINS: usize = 10;
const MOST_BINS: usize = 100;

/// The histogram of a value. `bins` is what the user has written behind the command.
pub fn plot(value: Option<&Value>, bins: &str) -> Result<String, Failure> {
    let wrong = |message: String| Failure::Message(message);
    let bins = match bins {
        "" => BINS,
        _ => bins.parse().ok().filter(|bins| (1..=MOST_BINS).contains(bins)).ok_or_else(|| {
            wrong(format!("Usage: :plot [bins], where bins is a number from 1 to {MOST_BINS}"))
        })?,
    };
    let value = value.ok_or_else(|| wrong("There is no result to plot yet.".to_owned()))?;
    let numbers = numbers(value).map_err(wrong)?;
    Ok(histogram(&numbers, bins))
}

fn numbers(value: &Value) -> Result<Vec<f64>, String> {
    let number = |item: &Value| match item.as_float() {
        Some(number) if number.is_finite() => Ok(number),
        Some(number) => {
            Err(format!("Cannot plot {}: it is no finite number.", display::brief(&Value::Float(number))))
        }
        None => Err(format!("Cannot plot a value of type {}: numbers are needed.", item.type_of())),
    };
    let numbers: Vec<f64> = match value {
        Value::List(list) => list.iter().map(|item| number(&item)).collect::<Result<_, _>>()?,
        Value::Tuple(items) => items.iter().map(number).collect::<Result<_, _>>()?,
        Value::Set(set) => set.iter().map(number).collect::<Result<_, _>>()?,
        Value::Quality(quality) => quality.scores().map(f64::from).collect(),
        _ => return Err(format!("Cannot plot a {}: a list of numbers is needed.", value.type_of())),
    };
    if numbers.is_empty() { Err("Cannot plot an empty list.".to_owned()) } else { Ok(numbers) }
}

fn histogram(numbers: &[f64], bins: usize) -> String {
    let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bins = if least < most { bins } else { 1 };
    // Half of each, since the difference of two finite numbers may not be one.
    let width = (most / 2.0 - least / 2.0) / bins as f64 * 2.0;
    let mut counts = vec![0_usize; bins];
    for number in numbers {
        let bin = ((number / 2.0 - least / 2.0) / (width / 2.0)) as usize;
        // The last bin contains its upper bound.
        counts[bin.min(bins - 1)] += 1;
    }
    let bounds: Vec<String> =
        (0..bins).map(|bin| bound(least + width * bin as f64)).chain([bound(most)]).collect();
    let widest = bounds.iter().map(String::len).max().unwrap_or(0);
    let fullest = counts.iter().copied().max().unwrap_or(1).max(1);
    let mut text = String::new();
    for (bin, count) in counts.iter().enumerate() {
        // A bin that is not empty has a bar.
        let length = (count * BAR_LENGTH).div_ceil(fullest);
        let (lower, upper) = (&bounds[bin], &bounds[bin + 1]);
        let line =
            format!("  {lower:>widest$} - {upper:>widest$}  {:BAR_LENGTH$}  {count}", "#".repeat(length));
        text += &line;
        text.push('\n');
    }
    text
}

/// A bound with some four digits, as short as possible.
fn bound(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-3..1e9).contains(&magnitude) {
        return format!("{number:.3e}");
    }
    let decimals = if magnitude >= 1000.0 {
        0
    } else if magnitude >= 10.0 {
        2
    } else {
        4
    };
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(items: &[i64]) -> Value {
        Value::list(items.iter().copied().map(Value::Int).collect())
    }

    fn message(result: Result<String, Failure>) -> String {
        match result {
            Err(Failure::Message(message)) => message,
            _ => "no message".to_owned(),
        }
    }

    #[test]
    fn numbers_are_counted_in_bins() {
        let text = plot(Some(&ints(&[0, 1, 2, 2, 3, 4])), "2").ok().expect("a plot");
        assert_eq!(text, format!("  0 - 2  {:40}  2\n  2 - 4  {}  4\n", "#".repeat(20), "#".repeat(40)));
        let text = plot(Some(&ints(&[7, 7, 7])), "").ok().expect("a plot");
        assert_eq!(text, format!("  7 - 7  {}  3\n", "#".repeat(40)));
        let wide = Value::list(vec![Value::Float(-1e308), Value::Float(1e308)]);
        assert_eq!(plot(Some(&wide), "2").ok().expect("a plot").lines().count(), 2);
    }

    #[test]
    fn what_is_no_list_of_numbers_is_refused() {
        assert_eq!(message(plot(None, "")), "There is no result to plot yet.");
        assert_eq!(message(plot(Some(&Value::Nil), "")), "Cannot plot a Nil: a list of numbers is needed.");
        assert_eq!(message(plot(Some(&ints(&[])), "")), "Cannot plot an empty list.");
        let mixed = Value::list(vec![Value::Int(1), Value::text("x")]);
        assert_eq!(message(plot(Some(&mixed), "")), "Cannot plot a value of type Str: numbers are needed.");
        for bins in ["0", "x", "-1", "101"] {
            assert!(message(plot(Some(&ints(&[1])), bins)).starts_with("Usage: :plot"), "{bins}");
        }
    }
}
