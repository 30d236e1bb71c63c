//! How the session shows the value of an entry: as text, but short enough to read.

use biovm_vm::Value;
use biovm_vm::display;
use biovm_vm::value::List;

/// The most letters of a sequence, and the most items of a list, that are shown.
const MOST_LETTERS: usize = 80;
const MOST_ITEMS: usize = 10;
/// The most characters of any text in a list of variables.
const PREVIEW_LENGTH: usize = 60;

/// The value as the session echoes it; empty for nil.
pub fn echo(value: &Value) -> String {
    match value {
        Value::Nil => String::new(),
        Value::Str(text) => quoted(text),
        Value::Sequence(sequence) => shortened(sequence.as_str()),
        Value::Quality(quality) => shortened(quality.as_str()),
        Value::List(list) if is_table(list) => printed(value),
        Value::List(list) => list_text(list),
        Value::Foreign(_) => printed(value),
        _ => display::text(value),
    }
}

/// The value in one short line.
pub fn preview(value: &Value) -> String {
    let text = match value {
        Value::Nil => "nil".to_owned(),
        Value::List(list) => list_text(list),
        Value::Foreign(_) => display::text(value),
        _ => echo(value),
    };
    let line: String = text.chars().map(|each| if each.is_control() { ' ' } else { each }).collect();
    match line.char_indices().nth(PREVIEW_LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn printed(value: &Value) -> String {
    let mut text = String::new();
    display::write_print(&mut text, value);
    text
}

/// Whether `print` draws the list as a table: records with the same keys.
fn is_table(list: &List) -> bool {
    let mut items = list.iter();
    let Some(Value::Record(first)) = items.next() else { return false };
    let has_same_keys = |item: &Value| match item {
        Value::Record(record) => {
            record.len() == first.len() && record.keys().all(|key| first.get(key.as_str()).is_some())
        }
        _ => false,
    };
    list.len() >= 2 && items.all(|item| has_same_keys(&item))
}

fn list_text(list: &List) -> String {
    let items: Vec<String> = list.iter().take(MOST_ITEMS).map(|item| item_text(&item)).collect();
    let more = match list.len().saturating_sub(MOST_ITEMS) {
        0 => String::new(),
        more => format!(", … {more} more"),
    };
    format!("[{}{more}]", items.join(", "))
}

/// A value inside a list.
fn item_text(value: &Value) -> String {
    match value {
        Value::List(list) => list_text(list),
        Value::Sequence(sequence) if sequence.len() > MOST_LETTERS => {
            format!("{}({})", value.type_of(), shortened(sequence.as_str()))
        }
        _ => display::nested_text(value),
    }
}

/// Letters, all of which are single bytes.
fn shortened(letters: &str) -> String {
    match letters.get(..MOST_LETTERS) {
        Some(shown) if letters.len() > MOST_LETTERS => {
            format!("{shown}… {} more", letters.len() - MOST_LETTERS)
        }
        _ => letters.to_owned(),
    }
}

/// Text as a script would write it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\0' => quoted.push_str("\\0"),
            _ if character.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use biovm_vm::value::{Alphabet, Sequence};

    #[test]
    fn text_is_quoted_with_escapes() {
        assert_eq!(echo(&Value::text("a \"b\"\\\n\té\u{1b}")), r#""a \"b\"\\\n\té\u{1b}""#);
        assert_eq!(echo(&Value::Nil), "");
    }

    #[test]
    fn long_sequences_and_lists_are_shortened() {
        let dna = |length: usize| {
            Value::Sequence(
                Sequence::parse(Alphabet::Dna, "ACGT".repeat(length / 4).as_bytes()).expect("letters"),
            )
        };
        assert_eq!(echo(&dna(80)), "ACGT".repeat(20));
        assert_eq!(echo(&dna(100)), format!("{}… 20 more", "ACGT".repeat(20)));
        let list = |count: i64| Value::list((1..=count).map(Value::Int).collect());
        assert_eq!(echo(&list(10)), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
        assert_eq!(echo(&list(12)), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 2 more]");
        let nested = Value::list(vec![list(11), dna(84)]);
        let letters = "ACGT".repeat(20);
        assert_eq!(
            echo(&nested),
            format!("[[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 1 more], DNA({letters}… 4 more)]")
        );
    }

    #[test]
    fn a_preview_is_one_short_line() {
        assert_eq!(preview(&Value::Nil), "nil");
        assert_eq!(preview(&Value::text("x".repeat(100))), format!("\"{}…", "x".repeat(59)));
    }
}
