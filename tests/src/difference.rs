//! The difference between two texts, for people.

use std::fmt::Write;

/// The most lines of a text that are compared; what follows is only counted.
const MOST_LINES: usize = 400;

/// The lines of both texts in order, marked `-` where only expected, `+` where only found.
pub fn render(expected: &str, actual: &str) -> String {
    let (expected, expected_more) = lines(expected);
    let (actual, actual_more) = lines(actual);
    let common = common_lines(&expected, &actual);
    let mut text = String::new();
    let (mut row, mut column) = (0, 0);
    while row < expected.len() || column < actual.len() {
        let is_same = row < expected.len() && column < actual.len() && expected[row] == actual[column];
        let (mark, line) = if is_same {
            row += 1;
            column += 1;
            (' ', expected[row - 1])
        } else if column == actual.len()
            || row < expected.len() && common[row + 1][column] >= common[row][column + 1]
        {
            row += 1;
            ('-', expected[row - 1])
        } else {
            column += 1;
            ('+', actual[column - 1])
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    {mark} {}", visible(line));
    }
    for (mark, more) in [('-', expected_more), ('+', actual_more)] {
        if more > 0 {
            let _ = writeln!(text, "    {mark} ({more} more lines)");
        }
    }
    text
}

/// The first lines, a missing last newline made visible, and how many lines more there are.
fn lines(text: &str) -> (Vec<&str>, usize) {
    let mut lines: Vec<&str> = text.lines().collect();
    if !text.is_empty() && !text.ends_with('\n') {
        lines.push("(no newline at the end)");
    }
    let more = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    (lines, more)
}

/// For each pair of places, how many lines the texts have in common from there on.
fn common_lines(expected: &[&str], actual: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; actual.len() + 1]; expected.len() + 1];
    for row in (0..expected.len()).rev() {
        for column in (0..actual.len()).rev() {
            common[row][column] = if expected[row] == actual[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    common
}

/// Control characters as escapes, and blanks at the end, which nobody sees, as dots.
fn visible(line: &str) -> String {
    let end = line.trim_end_matches(' ').len();
    let mut text = String::new();
    for character in line[..end].chars() {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text + &"·".repeat(line.len() - end)
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn marks_what_differs() {
        assert_eq!(render("a\nb\nc\n", "a\nc\nd\n"), "      a\n    - b\n      c\n    + d\n");
        assert_eq!(render("a \n", "a"), "    - a·\n    + a\n    + (no newline at the end)\n");
        assert_eq!(render("", "\u{1b}[1m\n"), "    + \\u{1b}[1m\n");
    }
}
