//! Format specifications: `f"{x:>8.2f}"`.

mod number;
mod specification;

pub use specification::{Align, Sign, Specification};

use crate::display;
use crate::error::Error;
use crate::value::Value;
use number::Number;
use unicode_width::UnicodeWidthStr;

/// The value as text, by the specification.
pub fn format_value(value: &Value, specification: &str) -> Result<String, Error> {
    Specification::parse(specification)?.format(value)
}

impl Specification {
    /// The value as text.
    pub fn format(&self, value: &Value) -> Result<String, Error> {
        match (self.kind, value) {
            (None, Value::Int(_) | Value::Float(_))
            | (Some('d' | 'f' | 'e' | 'g' | '%' | 'x' | 'X' | 'b' | 'o'), _) => {
                let number = self.number(value)?;
                Ok(number.write(self))
            }
            _ => self.format_text(value),
        }
    }

    fn number(&self, value: &Value) -> Result<Number, Error> {
        let float = || value.as_float().ok_or_else(|| self.unsuitable(value, "Int or Float"));
        let precision = self.precision.unwrap_or(6);
        match (self.kind, value) {
            (None, Value::Int(int)) => Ok(match self.precision {
                None => Number::decimal(*int),
                // Whether a quotient is an Int or a Float depends on the data; its format should not.
                Some(precision) => Number::fixed_int(*int, precision),
            }),
            (None, Value::Float(float)) => Ok(match self.precision {
                None => Number::plain(*float),
                Some(precision) => Number::fixed(*float, precision),
            }),
            (Some('f'), Value::Int(int)) => Ok(Number::fixed_int(*int, precision)),
            (Some('f'), _) => Ok(Number::fixed(float()?, precision)),
            (Some('e'), _) => Ok(Number::exponent(float()?, precision)),
            (Some('g'), _) => Ok(Number::shortest(float()?, precision)),
            (Some('%'), _) => Ok(Number::fixed(float()? * 100.0, precision).with_suffix("%")),
            (Some(kind), _) => {
                let whole = value.as_integral().ok_or_else(|| self.unsuitable(value, "Int"))?;
                Ok(match kind {
                    'x' => Number::based(whole, format!("{:x}", whole.unsigned_abs())),
                    'X' => Number::based(whole, format!("{:X}", whole.unsigned_abs())),
                    'b' => Number::based(whole, format!("{:b}", whole.unsigned_abs())),
                    'o' => Number::based(whole, format!("{:o}", whole.unsigned_abs())),
                    _ => Number::decimal(whole),
                })
            }
            (None, _) => Err(self.unsuitable(value, "Int or Float")),
        }
    }

    fn format_text(&self, value: &Value) -> Result<String, Error> {
        if self.sign.is_some() || self.grouped || self.zero {
            let wanted = if self.zero {
                "'0'"
            } else if self.grouped {
                "','"
            } else {
                "a sign"
            };
            return Err(Error::type_error(format!(
                "format '{}': {wanted} requires Int or Float, got {}",
                self.source,
                value.type_of()
            )));
        }
        let mut text = display::text(value)?;
        if let Some(precision) = self.precision
            && let Some((end, _)) = text.char_indices().nth(precision)
        {
            text.truncate(end);
        }
        let align = self.align.unwrap_or(match value {
            Value::Int(_) | Value::Float(_) => Align::Right,
            _ => Align::Left,
        });
        Ok(self.pad(text, align, self.fill.unwrap_or(' ')))
    }

    fn pad(&self, text: String, align: Align, fill: char) -> String {
        let missing = self.width.saturating_sub(text.width());
        if missing == 0 {
            return text;
        }
        let before = match align {
            Align::Left => 0,
            Align::Right => missing,
            Align::Center => missing / 2,
        };
        let fills = |count| std::iter::repeat_n(fill, count);
        fills(before).chain(text.chars()).chain(fills(missing - before)).collect()
    }

    #[cold]
    fn unsuitable(&self, value: &Value, wanted: &str) -> Error {
        let got = match value {
            Value::Float(_) => format!("Float {}", display::brief(value)),
            _ => value.type_of().to_string(),
        };
        let error = Error::type_error(format!("format '{}' requires {wanted}, got {got}", self.source));
        match value {
            Value::Float(_) => error.with_hint("use round() or // to get an Int"),
            Value::Nil => error.with_hint("the value is missing; use ?? to give a default"),
            _ => error,
        }
    }
}
