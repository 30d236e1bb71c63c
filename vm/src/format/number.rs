//! Numbers as digits, before sign, separators and padding.

use super::{Align, Sign, Specification};
use crate::display;

/// The parts of a number's text.
pub(super) struct Number {
    negative: bool,
    /// The digits before the point; or `inf` and `NaN`.
    whole: String,
    /// Point, fraction, exponent, percent sign.
    rest: String,
    finite: bool,
}

impl Number {
    /// An Int in decimal digits.
    pub(super) fn decimal(value: i64) -> Number {
        Number::based(value, value.unsigned_abs().to_string())
    }

    /// An Int whose digits are known.
    pub(super) fn based(value: i64, digits: String) -> Number {
        Number { negative: value < 0, whole: digits, rest: String::new(), finite: true }
    }

    /// An Int with zeros behind the point, without going through a Float.
    pub(super) fn fixed_int(value: i64, precision: usize) -> Number {
        let number = Number::decimal(value);
        match precision {
            0 => number,
            _ => Number { rest: format!(".{}", "0".repeat(precision)), ..number },
        }
    }

    /// A Float as the language writes it.
    pub(super) fn plain(value: f64) -> Number {
        let mut text = String::new();
        display::write_float(&mut text, value.abs());
        Number::split(value, &text)
    }

    /// A Float with so many digits behind the point.
    pub(super) fn fixed(value: f64, precision: usize) -> Number {
        match value.is_finite() {
            true => Number::split(value, &format!("{:.precision$}", value.abs())),
            false => Number::plain(value),
        }
    }

    /// A Float as `1.2346e-05`.
    pub(super) fn exponent(value: f64, precision: usize) -> Number {
        match value.is_finite() {
            true => Number::split(value, &exponent_text(value.abs(), precision, false)),
            false => Number::plain(value),
        }
    }

    /// A Float with so many significant digits, as the shorter of the two.
    pub(super) fn shortest(value: f64, precision: usize) -> Number {
        if !value.is_finite() {
            return Number::plain(value);
        }
        let digits = precision.max(1);
        let scientific = format!("{:.*e}", digits - 1, value.abs());
        // The exponent after rounding: 9.99 becomes 1.0e1.
        let exponent =
            scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i64>().ok()).unwrap_or(0);
        if exponent < -4 || exponent >= digits as i64 {
            return Number::split(value, &exponent_text(value.abs(), digits - 1, true));
        }
        let decimals = usize::try_from(digits as i64 - 1 - exponent).unwrap_or(0);
        Number::split(value, without_trailing_zeros(&format!("{:.decimals$}", value.abs())))
    }

    /// The same number with text behind it.
    pub(super) fn with_suffix(mut self, suffix: &str) -> Number {
        self.rest.push_str(suffix);
        self
    }

    fn split(value: f64, text: &str) -> Number {
        let end = if value.is_finite() {
            text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len())
        } else {
            text.len()
        };
        let (whole, rest) = text.split_at(end);
        Number {
            negative: value.is_sign_negative() && !value.is_nan(),
            whole: whole.to_owned(),
            rest: rest.to_owned(),
            finite: value.is_finite(),
        }
    }

    /// The number with sign, separators and padding.
    pub(super) fn write(self, specification: &Specification) -> String {
        let sign = match (self.negative, specification.sign) {
            (true, _) => "-",
            (false, Some(Sign::Plus)) => "+",
            (false, Some(Sign::Blank)) => " ",
            (false, _) => "",
        };
        let mut whole = self.whole;
        if specification.zero && specification.align.is_none() && self.finite {
            let others = sign.len() + self.rest.chars().count();
            whole = with_zeros(&whole, specification.width.saturating_sub(others), specification.grouped);
        }
        if specification.grouped && self.finite {
            whole = with_separators(&whole);
        }
        let fill = specification.fill.unwrap_or(if specification.zero && self.finite { '0' } else { ' ' });
        let text = [sign, &whole, &self.rest].concat();
        specification.pad(text, specification.align.unwrap_or(Align::Right), fill)
    }
}

/// The digits with zeros before them, for a width that separators will share.
fn with_zeros(digits: &str, width: usize, grouped: bool) -> String {
    let mut wanted = if grouped { width * 3 / 4 } else { width };
    // One more than fits where a separator would come first.
    while grouped && wanted + wanted.saturating_sub(1) / 3 < width {
        wanted += 1;
    }
    let zeros = wanted.saturating_sub(digits.len());
    ["0".repeat(zeros).as_str(), digits].concat()
}

fn with_separators(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn exponent_text(magnitude: f64, precision: usize, trim: bool) -> String {
    let text = format!("{magnitude:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = if trim { without_trailing_zeros(digits) } else { digits };
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

fn without_trailing_zeros(digits: &str) -> &str {
    match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => digits,
    }
}
