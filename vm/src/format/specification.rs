//! `[[fill]align][sign][0][width][,][.precision][type]`

use crate::error::Error;

/// On which side of its column a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
}

/// What stands before a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// A blank.
    Blank,
    /// `-`: nothing.
    Minus,
}

/// A format specification, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specification {
    pub(super) source: String,
    pub(super) fill: Option<char>,
    pub(super) align: Option<Align>,
    pub(super) sign: Option<Sign>,
    pub(super) zero: bool,
    pub(super) width: usize,
    pub(super) grouped: bool,
    pub(super) precision: Option<usize>,
    pub(super) kind: Option<char>,
}

/// No Float has more digits than this behind the point.
const MOST_PRECISION: usize = 1100;
/// Wider columns are a mistake that would eat up the memory.
const MOST_WIDTH: usize = 1_000_000;

impl Specification {
    /// Takes a specification apart; a `TypeError` where it does not follow the grammar.
    pub fn parse(source: &str) -> Result<Specification, Error> {
        let mut rest = Rest(source);
        let (fill, align) = rest.fill_and_align();
        let sign = rest.take_by(|letter| match letter {
            '+' => Some(Sign::Plus),
            ' ' => Some(Sign::Blank),
            '-' => Some(Sign::Minus),
            _ => None,
        });
        let zero = rest.take('0');
        let width = rest.number();
        let grouped = rest.take(',');
        let has_precision = rest.take('.');
        let precision = rest.number();
        let kind = rest.take_by(|letter| "dfeg%xXbos".contains(letter).then_some(letter));
        let problem = if !rest.0.is_empty() {
            Some(format!("'{}' is not understood", rest.0))
        } else if has_precision != precision.is_some() {
            Some("digits are missing after the point".to_owned())
        } else if precision.is_some_and(|precision| precision > MOST_PRECISION) {
            Some(format!("the precision may be at most {MOST_PRECISION}"))
        } else if width.is_some_and(|width| width > MOST_WIDTH) {
            Some(format!("the width may be at most {MOST_WIDTH}"))
        } else {
            match kind {
                Some(kind @ ('d' | 'x' | 'X' | 'b' | 'o')) if precision.is_some() => {
                    Some(format!("'{kind}' has no precision"))
                }
                Some(kind @ ('x' | 'X' | 'b' | 'o')) if grouped => {
                    Some(format!("',' does not go with '{kind}'"))
                }
                _ => None,
            }
        };
        match problem {
            Some(problem) => Err(Error::type_error(format!(
                "invalid format specification '{source}': {problem}"
            ))
            .with_hint(
                "a specification reads [[fill]align][sign][0][width][,][.precision][type], e.g. '>8.2f'",
            )),
            None => Ok(Specification {
                source: source.to_owned(),
                fill,
                align,
                sign,
                zero,
                width: width.unwrap_or(0),
                grouped,
                precision,
                kind,
            }),
        }
    }
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn fill_and_align(&mut self) -> (Option<char>, Option<Align>) {
        let mut letters = self.0.chars();
        let (first, second) = (letters.next(), letters.next());
        match (first, second.and_then(align)) {
            (Some(fill), Some(align)) => {
                self.0 = letters.as_str();
                (Some(fill), Some(align))
            }
            _ => (None, self.take_by(align)),
        }
    }

    fn take_by<T>(&mut self, accept: impl Fn(char) -> Option<T>) -> Option<T> {
        let mut letters = self.0.chars();
        let accepted = accept(letters.next()?)?;
        self.0 = letters.as_str();
        Some(accepted)
    }

    fn take(&mut self, wanted: char) -> bool {
        self.take_by(|letter| (letter == wanted).then_some(())).is_some()
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.take_by(|letter| letter.to_digit(10)) {
            number = Some(number.unwrap_or(0_usize).saturating_mul(10).saturating_add(digit as usize));
        }
        number
    }
}

fn align(letter: char) -> Option<Align> {
    match letter {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Center),
        _ => None,
    }
}
