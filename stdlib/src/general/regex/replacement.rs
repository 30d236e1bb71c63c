//! What takes the place of a match: text with references to groups.
//!
//! The `regex` crate would read `$1x` as a group named `1x` and put nothing there. Here a group that the pattern does not
//! have is an error, so that a slip does not eat text.

use biovm_vm::Error;
use regex::Regex;

/// A replacement, resolved for one pattern.
pub struct Replacement<'a>(Vec<Part<'a>>);

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Text(&'a str),
    Group(usize),
}

impl<'a> Replacement<'a> {
    /// Reads `$1`, `$name`, `${name}` and `$$`; any other dollar sign is text.
    pub fn parse(text: &'a str, pattern: &Regex) -> Result<Replacement<'a>, Error> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            let (before, from_dollar) = rest.split_at(dollar);
            let behind = &from_dollar[1..];
            if let Some(behind) = behind.strip_prefix('$') {
                parts.extend([Part::Text(before), Part::Text("$")]);
                rest = behind;
            } else if let Some((name, behind)) = reference(behind) {
                parts.extend([Part::Text(before), Part::Group(group(name, pattern)?)]);
                rest = behind;
            } else {
                parts.extend([Part::Text(before), Part::Text("$")]);
                rest = behind;
            }
        }
        parts.push(Part::Text(rest));
        parts.retain(|part| *part != Part::Text(""));
        Ok(Replacement(parts))
    }

    /// The text with all matches replaced.
    pub fn replace_all(&self, text: &str, pattern: &Regex) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut copied = 0;
        if self.0.iter().all(|part| matches!(part, Part::Text(_) | Part::Group(0))) {
            // Groups inside of the match are not wanted, which makes the search a good deal faster.
            for found in pattern.find_iter(text) {
                replaced.push_str(&text[copied..found.start()]);
                self.write(&mut replaced, |_| found.as_str());
                copied = found.end();
            }
        } else {
            for captures in pattern.captures_iter(text) {
                let whole = captures.get_match();
                replaced.push_str(&text[copied..whole.start()]);
                self.write(&mut replaced, |number| captures.get(number).map_or("", |group| group.as_str()));
                copied = whole.end();
            }
        }
        replaced.push_str(&text[copied..]);
        replaced
    }

    fn write<'t>(&self, output: &mut String, group: impl Fn(usize) -> &'t str) {
        for part in &self.0 {
            output.push_str(match part {
                Part::Text(text) => text,
                Part::Group(number) => group(*number),
            });
        }
    }
}

/// The name of a group and what comes behind it, where a dollar sign has just been read.
fn reference(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('{') {
        Some(braced) => braced.split_once('}'),
        None => {
            let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
            (end > 0).then(|| text.split_at(end))
        }
    }
}

/// The number of a group of the pattern.
fn group(name: &str, pattern: &Regex) -> Result<usize, Error> {
    let by_number = name.parse().ok().filter(|&number: &usize| number < pattern.captures_len());
    let by_name = || pattern.capture_names().position(|known| known == Some(name));
    by_number.or_else(by_name).ok_or_else(|| unknown(name, pattern))
}

#[cold]
fn unknown(name: &str, pattern: &Regex) -> Error {
    let error = Error::value_error(format!("the pattern has no group '{name}'"));
    let digits = name.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let (number, behind) = name.split_at(name.len() - digits.len());
    let named: Vec<&str> = pattern.capture_names().flatten().collect();
    error.with_hint(match pattern.captures_len() - 1 {
        _ if !number.is_empty() && !behind.is_empty() => {
            format!("write ${{{number}}}{behind} for the group {number} before '{behind}'")
        }
        0 => "groups are the parts in parentheses; write $$ for a dollar sign".to_owned(),
        count if named.is_empty() => format!("its groups are 0 to {count}; write $$ for a dollar sign"),
        count => {
            format!("its groups are 0 to {count} and {}; write $$ for a dollar sign", named.join(", "))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, pattern: &str, replacement: &str) -> Result<String, String> {
        let pattern = Regex::new(pattern).unwrap();
        let replacement =
            Replacement::parse(replacement, &pattern).map_err(|error| error.message().to_owned())?;
        Ok(replacement.replace_all(text, &pattern))
    }

    #[test]
    fn references() {
        let by = |replacement| replaced("ab", "(?P<x>a)(b)(c)?", replacement);
        assert_eq!(by("$2$1"), Ok("ba".to_owned()));
        assert_eq!(by("${x}1 $x$0"), Ok("a1 aab".to_owned()));
        assert_eq!(by("$$1 $ ${x"), Ok("$1 $ ${x".to_owned()));
        assert_eq!(by("[$3]"), Ok("[]".to_owned()));
        assert_eq!(by(""), Ok(String::new()));
    }

    #[test]
    fn unknown_groups_are_errors() {
        let by = |replacement| replaced("ab", "(?P<x>a)(b)", replacement);
        assert_eq!(by("$3"), Err("the pattern has no group '3'".to_owned()));
        assert_eq!(by("$1b"), Err("the pattern has no group '1b'".to_owned()));
        assert_eq!(by("${}"), Err("the pattern has no group ''".to_owned()));
        assert_eq!(
            by("$99999999999999999999"),
            Err("the pattern has no group '99999999999999999999'".to_owned())
        );
    }

    #[test]
    fn empty_matches() {
        assert_eq!(replaced("añ", "", "-"), Ok("-a-ñ-".to_owned()));
        assert_eq!(replaced("añ", "x*", "$0."), Ok(".a.ñ.".to_owned()));
    }
}
