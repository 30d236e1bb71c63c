//! How the session shows the value of an entry: as text, but short enough to read.

use biovm_vm::Value;
use biovm_vm::display;
use biovm_vm::value::{Class, List, Record, Str};

/// The most letters of a sequence, and the most items of a list, that are shown.
const MOST_LETTERS: usize = 80;
const MOST_ITEMS: usize = 10;
/// The most entries of a record or map; structs are shown whole.
const MOST_ENTRIES: usize = 20;
/// The most characters of text that stands alone, and of text inside of something else.
const MOST_CHARACTERS: usize = 2_000;
const MOST_NESTED_CHARACTERS: usize = 200;
/// How deeply values are shown within values.
const MOST_LEVELS: usize = 32;
/// The most characters of any text in a list of variables.
const PREVIEW_LENGTH: usize = 60;

/// The value as the session echoes it; empty for nil.
pub fn echo(value: &Value) -> String {
    match value {
        Value::Nil => String::new(),
        Value::Str(text) => match text.as_str().char_indices().nth(MOST_CHARACTERS) {
            Some((end, _)) => {
                let more = text.char_count() - MOST_CHARACTERS;
                format!("{}… {more} more", quoted(&text.as_str()[..end]))
            }
            None => quoted(text),
        },
        Value::Sequence(sequence) => shortened(sequence.as_str()),
        Value::Quality(quality) => shortened(quality.as_str()),
        Value::List(list) if is_table(list) => printed(value),
        Value::Foreign(_) => printed(value),
        _ => nested(&summary(value, MOST_LEVELS)),
    }
}

/// The value in one short line.
pub fn preview(value: &Value) -> String {
    let text = match value {
        Value::Nil => "nil".to_owned(),
        Value::List(_) => nested(&summary(value, MOST_LEVELS)),
        // Of a table, the line with its shape.
        Value::Foreign(_) => display::brief(value).lines().next().unwrap_or("").to_owned(),
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
    // What there is no memory for ends early.
    if display::write_print(&mut text, value).is_err() {
        text.push('…');
    }
    text
}

fn nested(value: &Value) -> String {
    display::nested_text(value).unwrap_or_else(|_| display::brief_nested(value))
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

/// The value with less in it, which reads like the value itself but for `… N more` where something is left out.
fn summary(value: &Value, levels: usize) -> Value {
    let items = |items: &mut dyn ExactSizeIterator<Item = Value>| {
        let rest = items.len().saturating_sub(MOST_ITEMS);
        let mut shown: Vec<Value> =
            items.take(MOST_ITEMS).map(|item| summary(&item, levels.saturating_sub(1))).collect();
        shown.extend(more(rest).map(Value::text));
        shown
    };
    match value {
        Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::Record(_) if levels == 0 => {
            Value::text("…")
        }
        Value::List(list) => Value::list(items(&mut list.iter())),
        Value::Tuple(members) => Value::tuple(items(&mut members.iter().cloned())),
        Value::Set(set) => Value::Set(items(&mut set.iter().cloned()).into_iter().collect()),
        Value::Record(record) => entries(record, levels - 1),
        Value::Sequence(sequence) if sequence.len() > MOST_LETTERS => {
            Value::text(format!("{}({})", value.type_of(), shortened(sequence.as_str())))
        }
        Value::Quality(quality) if quality.len() > MOST_LETTERS => {
            Value::text(format!("Quality({})", shortened(quality.as_str())))
        }
        Value::Str(text) => match text.as_str().char_indices().nth(MOST_NESTED_CHARACTERS) {
            Some((end, _)) => {
                let rest = text.char_count() - MOST_NESTED_CHARACTERS;
                Value::text(format!("{}… {rest} more", &text.as_str()[..end]))
            }
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// A record, map or struct with less in it.
fn entries(record: &Record, levels: usize) -> Value {
    let is_structure = matches!(record.shape().class(), Class::Structure(_));
    if is_structure || record.len() <= MOST_ENTRIES {
        let values = record.values().iter().map(|value| summary(value, levels)).collect();
        return Value::Record(Record::with_shape(record.shape().clone(), values));
    }
    // What is left out has no key, so this is text.
    let entry =
        |(key, value): (&Str, &Value)| format!("{}: {}", key.as_str(), nested(&summary(value, levels)));
    let shown = record.iter().take(MOST_ENTRIES).map(entry).chain(more(record.len() - MOST_ENTRIES));
    Value::text(format!("{{{}}}", shown.collect::<Vec<_>>().join(", ")))
}

fn more(count: usize) -> Option<String> {
    (count > 0).then(|| format!("… {count} more"))
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
    fn other_large_values_are_shortened() {
        let numbers = || (1..=25).map(Value::Int);
        assert_eq!(echo(&Value::tuple(numbers().collect())), "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 15 more)");
        assert_eq!(echo(&Value::Set(numbers().collect())), "#{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 15 more}");
        let keys: Vec<String> = (1..=22).map(|number| format!("k{number}")).collect();
        let record = Value::record(keys.iter().map(|key| (key.as_str(), Value::Int(1))));
        let shown: Vec<String> = keys[..20].iter().map(|key| format!("{key}: 1")).collect();
        assert_eq!(echo(&record), format!("{{{}, … 2 more}}", shown.join(", ")));
        let inside = Value::record([("all", Value::list(numbers().collect())), ("text", Value::text("a"))]);
        assert_eq!(echo(&inside), "{all: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 15 more], text: a}");
        let long = Value::text("é".repeat(2_003));
        assert_eq!(echo(&long), format!("\"{}\"… 3 more", "é".repeat(2_000)));
        assert_eq!(echo(&Value::list(vec![long])), format!("[{}… 1803 more]", "é".repeat(200)));
    }

    #[test]
    fn depth_ends_somewhere() {
        let mut value = Value::Int(1);
        for _ in 0..100_000 {
            value = Value::list(vec![value]);
        }
        assert_eq!(echo(&value), format!("{}…{}", "[".repeat(32), "]".repeat(32)));
    }

    #[test]
    fn a_preview_is_one_short_line() {
        assert_eq!(preview(&Value::Nil), "nil");
        assert_eq!(preview(&Value::text("x".repeat(100))), format!("\"{}…", "x".repeat(59)));
    }
}
