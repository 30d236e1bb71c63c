//! What the programs print for a small size: `peers/expected.txt`.
//!
//! Each program has a line `== name size`; the lines up to the next one are its output.

/// What one program prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The program.
    pub name: String,
    /// Its argument.
    pub size: String,
    /// Its standard output.
    pub output: String,
}

/// Reads the file's text; an error says which line is wrong.
pub fn parse(text: &str) -> Result<Vec<Expected>, String> {
    let mut all: Vec<Expected> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("== ") {
            let Some((name, size)) = title.split_once(' ') else {
                return Err(format!("line {}: expected '== name size'", number + 1));
            };
            all.push(Expected { name: name.to_owned(), size: size.to_owned(), output: String::new() });
        } else if let Some(last) = all.last_mut() {
            last.output.push_str(line);
            last.output.push('\n');
        } else {
            return Err(format!("line {}: output before the first '== name size'", number + 1));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_separate_outputs() {
        let all = parse("== fib 3\n2\n== pair 1\na b\nc\n").unwrap();
        let shown: Vec<_> = all.iter().map(|one| (&*one.name, &*one.size, &*one.output)).collect();
        assert_eq!(shown, [("fib", "3", "2\n"), ("pair", "1", "a b\nc\n")]);
    }

    #[test]
    fn what_is_no_title_needs_one_before() {
        assert_eq!(parse("2\n").unwrap_err(), "line 1: output before the first '== name size'");
        assert_eq!(parse("== fib\n").unwrap_err(), "line 1: expected '== name size'");
    }
}
