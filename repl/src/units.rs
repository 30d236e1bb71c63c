//! Times, sizes and shares, for people.

use biovm_vm::profile::data::ratio;
use std::time::Duration;

/// A time with four significant digits at most, in the unit that suits it.
pub fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if seconds >= 100.0 => format!("{seconds:.1} s"),
        _ if seconds >= 1.0 => format!("{seconds:.2} s"),
        _ if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        _ if seconds >= 1e-6 => format!("{:.1} µs", seconds * 1e6),
        _ => format!("{} ns", time.as_nanos()),
    }
}

/// A part in percent.
pub fn share(part: Duration, whole: Duration) -> String {
    format!("{:.1} %", ratio(part, whole) * 100.0)
}

/// A number with its thousands apart.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes, in powers of 1024.
pub fn size(bytes: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"];
    let (mut amount, mut unit) = (bytes as f64, 0);
    while amount >= 1024.0 {
        amount /= 1024.0;
        unit += 1;
    }
    match unit {
        0 => format!("{bytes} bytes"),
        _ => format!("{amount:.1} {}", units[unit]),
    }
}

/// Text in which nothing reaches a terminal as a control character.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() && letter != '\t' { '\u{fffd}' } else { letter })
        .collect()
}

/// Rows of cells in columns. The columns are as wide as they need; those whose number is in `left` begin at the same place, all
/// others end there. The first row is the heading.
pub fn table(rows: &[Vec<String>], left: &[usize]) -> String {
    use unicode_width::UnicodeWidthStr;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (column, cell) in row.iter().enumerate() {
            let blanks = " ".repeat(widths[column] - cell.width());
            line.push(' ');
            match left.contains(&column) {
                true => line.extend([cell.as_str(), &blanks]),
                false => line.extend([blanks.as_str(), cell]),
            }
            line.push(' ');
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        let nanoseconds = |number| time(Duration::from_nanos(number));
        assert_eq!(nanoseconds(999), "999 ns");
        assert_eq!(nanoseconds(1_500), "1.5 µs");
        assert_eq!(nanoseconds(12_345_678), "12.35 ms");
        assert_eq!(nanoseconds(2_500_000_000), "2.50 s");
        assert_eq!((count(7), count(1_234_567)), ("7".to_owned(), "1,234,567".to_owned()));
        assert_eq!((size(1023), size(1536)), ("1023 bytes".to_owned(), "1.5 KB".to_owned()));
        assert_eq!(share(Duration::from_millis(1), Duration::from_millis(8)), "12.5 %");
        assert_eq!(share(Duration::ZERO, Duration::ZERO), "0.0 %");
    }

    #[test]
    fn columns() {
        let rows = [vec!["name".to_owned(), "n".to_owned()], vec!["é".to_owned(), "10".to_owned()]];
        assert_eq!(table(&rows, &[0]), "  name   n\n  é     10\n");
    }
}
