//! Whether what a script wrote is what it had to write.

/// A line of expected messages that stands for any lines, or none. At the end of a line, for any rest of it.
pub const ANYTHING: &str = "...";

/// Whether the messages are the expected ones, line by line.
pub fn matches(expected: &str, actual: &str) -> bool {
    let expected: Vec<&str> = expected.lines().collect();
    let actual: Vec<&str> = actual.lines().collect();
    matches_lines(&expected, &actual)
}

/// Each part between two `...` is taken at the first place where it fits; that leaves most to the parts behind it.
fn matches_lines(expected: &[&str], actual: &[&str]) -> bool {
    let mut parts = expected.split(|line| *line == ANYTHING);
    let first = parts.next().unwrap_or_default();
    let parts: Vec<&[&str]> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return matches_part(first, actual) };
    let Some((head, mut rest)) = actual.split_at_checked(first.len()) else { return false };
    if !matches_part(first, head) {
        return false;
    }
    for part in middle.iter().filter(|part| !part.is_empty()) {
        let place = rest.windows(part.len()).position(|window| matches_part(part, window));
        let Some(place) = place else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.len() >= last.len() && matches_part(last, &rest[rest.len() - last.len()..])
}

fn matches_part(expected: &[&str], actual: &[&str]) -> bool {
    let matches_line = |(expected, actual): (&&str, &&str)| match expected.strip_suffix(ANYTHING) {
        Some(beginning) => actual.starts_with(beginning),
        None => expected == actual || without_code(actual) == Some(*expected),
    };
    expected.len() == actual.len() && expected.iter().zip(actual).all(matches_line)
}

/// The line that says the place of a report, `╭─[ file:1:2 ] [E0101]`, without the code. Most cases are about other things.
fn without_code(line: &str) -> Option<&str> {
    let (place, code) = line.strip_suffix(']')?.rsplit_once(" [")?;
    let is_code = code.len() == 5 && code.starts_with(['E', 'W']);
    (is_code && place.contains("╭─[ ")).then_some(place)
}

/// Whether messages like these come from a script that failed: what does not begin with a warning is an error.
pub fn is_failure(messages: &str) -> bool {
    let first = messages.lines().find(|line| *line != ANYTHING && !line.is_empty());
    first.is_some_and(|line| !line.starts_with("warning: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_any_lines() {
        let actual = "a\nb\nc\nb\nd\n";
        for expected in [
            "a\nb\nc\nb\nd",
            "...",
            "a\n...",
            "...\nd",
            "a\n...\nc\n...\nd",
            "...\nb\n...",
            "a\n...\nb\nc\nb\nd",
        ] {
            assert!(matches(expected, actual), "{expected}");
        }
        for expected in ["", "a", "b\n...", "...\nb", "a\n...\nd\n...\nc\n...", "...\nd\n...\nd"] {
            assert!(!matches(expected, actual), "{expected}");
        }
        assert!(matches("", ""));
        assert!(matches("...", ""));
        assert!(matches("a...\nb", "abc\nb") && !matches("a...", "b"));
    }

    #[test]
    fn a_place_may_leave_its_code_out() {
        let actual = "  ╭─[ a.bl:1:2 ] [E0101]\n";
        assert!(matches(actual, actual) && matches("  ╭─[ a.bl:1:2 ]", actual));
        for expected in ["  ╭─[ a.bl:1:2 ] [E0102]", "  ╭─[ a.bl:1:3 ]", "  ╭─[ a.bl:1:2 ] [W0001]"]
        {
            assert!(!matches(expected, actual), "{expected}");
        }
        assert!(!matches("a", "a [E0101]"));
    }

    #[test]
    fn warnings_are_no_failure() {
        assert!(!is_failure(""));
        assert!(!is_failure("...\n"));
        assert!(!is_failure("...\nwarning: never read\nNote: x\n"));
        assert!(is_failure("...\nTypeError: no\n"));
    }
}
