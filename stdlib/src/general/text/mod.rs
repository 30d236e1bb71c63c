//! Text. Positions and widths count characters.

pub mod format;

use super::collections::ends::clamped;
use super::common::types::*;
use super::common::walk::Walk;
use biovm_bytecode::TypeSet;
use biovm_bytecode::signature::Default;
use biovm_vm::limits::memory;
use biovm_vm::native::with_default;
use biovm_vm::value::Str;
use biovm_vm::{Call, Error, Native, Value, display, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("upper", upper)
        .section("Text")
        .parameters(&[required("s", TEXTUAL)])
        .returns(TEXTUAL)
        .doc("The text in upper case; a sequence, whose letters are upper case, as it is.")
        .example(r#"upper("straße")"#, "STRASSE")
        .pure(),
    native("lower", lower)
        .section("Text")
        .parameters(&[required("s", TEXTUAL)])
        .returns(STR)
        .doc("The text, or the letters of a sequence, in lower case.")
        .example(r#"lower("ACGT")"#, "acgt")
        .pure(),
    native("title", title)
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(STR)
        .doc("The text with the first letter of each word in upper case, the others in lower case.")
        .example(r#"title("homo sapiens")"#, "Homo Sapiens")
        .pure(),
    native("capitalize", capitalize)
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(STR)
        .doc("The text with its first letter in upper case, the others in lower case.")
        .example(r#"capitalize("homo sapiens")"#, "Homo sapiens")
        .pure(),
    native("trim", trim)
        .section("Text")
        .parameters(&[required("s", STR), optional("chars", STR)])
        .returns(STR)
        .doc("The text without white space, or without any of these characters, at both ends.")
        .example(r#"trim("  acgt ")"#, "acgt")
        .pure(),
    native("trim_left", trim_left)
        .section("Text")
        .parameters(&[required("s", STR), optional("chars", STR)])
        .returns(STR)
        .doc("The text without white space, or without any of these characters, at its beginning.")
        .example(r#"trim_left(">id", ">")"#, "id")
        .pure(),
    native("trim_right", trim_right)
        .section("Text")
        .parameters(&[required("s", STR), optional("chars", STR)])
        .returns(STR)
        .doc("The text without white space, or without any of these characters, at its end.")
        .example(r#"trim_right("id;;", ";")"#, "id")
        .pure(),
    native("split", split)
        .section("Text")
        .parameters(&[required("s", STR), required("sep", STR), with_default("max", NUMBER, Default::Int(-1))])
        .returns(LIST)
        .doc("The pieces of the text between separators, of at most max cuts; an empty separator gives the characters.")
        .example(r#"split("a,b,,c", ",")"#, "[a, b, , c]")
        .pure(),
    native("join", join)
        .section("Text")
        .parameters(&[required("items", JOINABLE), with_default("sep", STR, Default::Text(""))])
        .returns(STR)
        .doc("The texts of the items, with the separator in between.")
        .example(r#"join([1, 2.5, nil], "-")"#, "1-2.5-nil"),
    native("lines", lines)
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(LIST)
        .doc("The lines of the text, without their ends \\n or \\r\\n; no extra one behind the last end.")
        .example(r#"lines("a\nb\n")"#, "[a, b]")
        .pure(),
    native("replace", replace)
        .aliases(&["str_replace"])
        .section("Text")
        .parameters(&[required("s", STR), required("old", STR), required("new", STR)])
        .returns(STR)
        .doc("The text with every occurrence of old replaced by new; an empty old puts new between the characters.")
        .example(r#"replace("ACGU", "U", "T")"#, "ACGT")
        .pure(),
    native("starts_with", starts_with)
        .section("Text")
        .parameters(&[required("s", TEXTUAL), required("prefix", TEXTUAL.or(LIST))])
        .returns(BOOL)
        .doc("Whether the text or sequence begins with the prefix, or with one of a List.")
        .example(r#"starts_with("chr1", ["chr", "scaffold"])"#, "true")
        .pure(),
    native("ends_with", ends_with)
        .section("Text")
        .parameters(&[required("s", TEXTUAL), required("suffix", TEXTUAL.or(LIST))])
        .returns(BOOL)
        .doc("Whether the text or sequence ends with the suffix, or with one of a List.")
        .example(r#"ends_with("reads.fq.gz", ".gz")"#, "true")
        .pure(),
    native("substr", substr)
        .section("Text")
        .parameters(&[required("s", STR), required("start", NUMBER), optional("end", NUMBER)])
        .returns(STR)
        .doc(
            "The characters from start up to, but not including, end, counted from 0; negative positions count from the \
             end, positions outside are moved to the border.",
        )
        .example(r#"substr("GATTACA", 1, 4)"#, "ATT")
        .pure(),
    native("char_at", char_at)
        .section("Text")
        .parameters(&[required("s", STR), required("i", NUMBER)])
        .returns(STR.or(NIL))
        .doc("The character at a position, from 0, negative from the end; nil outside.")
        .example(r#"char_at("GATTACA", -2)"#, "C")
        .pure(),
    native("str_len", str_len)
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(INT)
        .doc("The number of characters.")
        .example(r#"str_len("ünï")"#, "3")
        .pure(),
    native("byte_len", byte_len)
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(INT)
        .doc("The number of bytes of the text as UTF-8.")
        .example(r#"byte_len("ünï")"#, "5")
        .pure(),
    native("pad_left", pad_left)
        .section("Text")
        .parameters(&[required("s", ANY), required("width", NUMBER), with_default("fill", STR, Default::Text(" "))])
        .returns(STR)
        .doc("The text with the fill character before it, up to a width in characters; longer text as it is.")
        .example(r#"pad_left("7", 3, "0")"#, "007")
        .pure(),
    native("pad_right", pad_right)
        .section("Text")
        .parameters(&[required("s", ANY), required("width", NUMBER), with_default("fill", STR, Default::Text(" "))])
        .returns(STR)
        .doc("The text with the fill character behind it, up to a width in characters; longer text as it is.")
        .example(r#"pad_right("id", 5, ".")"#, "id...")
        .pure(),
    native("center", center)
        .section("Text")
        .parameters(&[required("s", ANY), required("width", NUMBER), with_default("fill", STR, Default::Text(" "))])
        .returns(STR)
        .doc("The text with the fill character around it, up to a width in characters; an odd one comes behind.")
        .example(r#"center("id", 5, "*")"#, "*id**")
        .pure(),
    native("ascii", ascii)
        .aliases(&["ord"])
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(INT)
        .doc("The code point of the first character; of an empty text a ValueError.")
        .example(r#"ascii("A")"#, "65")
        .pure(),
    native("chr", chr)
        .section("Text")
        .parameters(&[required("n", NUMBER)])
        .returns(STR)
        .doc("The character with that code point; an invalid one is a ValueError.")
        .example("chr(65)", "A")
        .pure(),
    native("is_blank", is_blank)
        .section("Text")
        .parameters(&[required("s", STR)])
        .returns(BOOL)
        .doc("Whether the text is empty or white space only.")
        .example(r#"is_blank(" \t")"#, "true")
        .pure(),
];

/// What `join` takes: everything with items but text, which is joined already.
const JOINABLE: TypeSet = TypeSet::COLLECTION.or(RECORD);

/// The letters of an argument that is text or a sequence.
pub fn letters<'a>(call: &'a Call<'_>, position: usize) -> Result<&'a str, Error> {
    match call.argument(position) {
        Value::Sequence(sequence) => Ok(sequence.as_str()),
        _ => call.text(position),
    }
}

fn upper(call: &mut Call) -> Result<Value, Error> {
    match call.argument(0) {
        Value::Sequence(_) => Ok(call.take(0)),
        _ => Ok(Value::from(call.text(0)?.to_uppercase())),
    }
}

fn lower(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(letters(call, 0)?.to_lowercase()))
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters.as_str().to_lowercase().chars()).collect(),
        None => String::new(),
    }
}

fn title(call: &mut Call) -> Result<Value, Error> {
    let words = call.text(0)?.split_inclusive(char::is_whitespace).map(capitalized);
    Ok(Value::from(words.collect::<String>()))
}

fn capitalize(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(capitalized(call.text(0)?)))
}

/// The text without characters to strip at the chosen ends.
fn stripped(call: &Call, left: bool, right: bool) -> Result<Value, Error> {
    let text = call.text(0)?;
    let chars = call.argument(1).as_text();
    let strips = |letter: char| chars.map_or_else(|| letter.is_whitespace(), |chars| chars.contains(letter));
    let text = if left { text.trim_start_matches(strips) } else { text };
    let text = if right { text.trim_end_matches(strips) } else { text };
    Ok(Value::from(text))
}

fn trim(call: &mut Call) -> Result<Value, Error> {
    stripped(call, true, true)
}

fn trim_left(call: &mut Call) -> Result<Value, Error> {
    stripped(call, true, false)
}

fn trim_right(call: &mut Call) -> Result<Value, Error> {
    stripped(call, false, true)
}

fn split(call: &mut Call) -> Result<Value, Error> {
    let most = usize::try_from(call.integer(2)?).unwrap_or(usize::MAX);
    let pieces = split_text(call.text(0)?, call.text(1)?, most);
    Ok(Value::list(pieces.into_iter().map(Value::from).collect()))
}

fn split_text<'a>(text: &'a str, separator: &str, most: usize) -> Vec<&'a str> {
    if !separator.is_empty() {
        return text.splitn(most.saturating_add(1), separator).collect();
    }
    let starts = text.char_indices().map(|(start, _)| start).take(most.saturating_add(1)).collect::<Vec<_>>();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &text[start..end]).collect()
}

fn join(call: &mut Call) -> Result<Value, Error> {
    let separator = call.text(1)?.to_owned();
    let source = call.take(0);
    let machine = call.machine();
    let mut joined = String::new();
    let mut walk = Walk::new(machine, source)?;
    let mut is_first = true;
    while let Some(item) = walk.next(machine)? {
        if !is_first {
            joined.push_str(&separator);
        }
        is_first = false;
        display::write_text(&mut joined, &item)?;
    }
    Ok(Value::from(joined))
}

fn lines(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::list(call.text(0)?.lines().map(Value::from).collect()))
}

fn replace(call: &mut Call) -> Result<Value, Error> {
    let (text, old, new) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if !old.is_empty() {
        return Ok(Value::from(text.replace(old, new)));
    }
    let mut spread = String::with_capacity(text.len() * (1 + new.len()));
    for (position, letter) in text.chars().enumerate() {
        if position > 0 {
            spread.push_str(new);
        }
        spread.push(letter);
    }
    Ok(Value::from(spread))
}

/// Whether the letters fit the second argument, or one of the list that it is.
fn fits_any(call: &Call, fits: fn(&str, &str) -> bool) -> Result<Value, Error> {
    let text = letters(call, 0)?;
    let Value::List(parts) = call.argument(1) else { return Ok(Value::Bool(fits(text, letters(call, 1)?))) };
    for part in parts.iter() {
        let holds = match &part {
            Value::Sequence(part) => fits(text, part.as_str()),
            part => match part.as_text() {
                Some(part) => fits(text, part),
                None => {
                    let (name, got) = (call.name(), part.type_of());
                    return Err(Error::type_error(format!(
                        "{name}() requires a List of Str, got {got} in it"
                    )));
                }
            },
        };
        if holds {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn starts_with(call: &mut Call) -> Result<Value, Error> {
    fits_any(call, |text, part| text.starts_with(part))
}

fn ends_with(call: &mut Call) -> Result<Value, Error> {
    fits_any(call, |text, part| text.ends_with(part))
}

/// A text that knows its number of characters.
fn text_of(call: &Call, position: usize) -> Result<Str, Error> {
    match call.argument(position) {
        Value::Str(text) => Ok(text.clone()),
        _ => Ok(Str::from(call.text(position)?)),
    }
}

fn substr(call: &mut Call) -> Result<Value, Error> {
    let text = text_of(call, 0)?;
    let length = text.char_count();
    let start = clamped(call.integer(1)?, length);
    let end = if call.is_nil(2) { length } else { clamped(call.integer(2)?, length) };
    if start >= end {
        return Ok(Value::from(""));
    }
    if text.is_single_byte() {
        return Ok(Value::from(&text[start..end]));
    }
    Ok(Value::from(text.chars().skip(start).take(end - start).collect::<String>()))
}

fn char_at(call: &mut Call) -> Result<Value, Error> {
    let text = text_of(call, 0)?;
    let written = call.integer(1)?;
    let position = if written < 0 { written.saturating_add(text.char_count() as i64) } else { written };
    let found = usize::try_from(position).ok().filter(|&position| position < text.char_count());
    Ok(found.and_then(|position| text.char_at(position)).map_or(Value::Nil, Value::from))
}

fn str_len(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(text_of(call, 0)?.char_count()))
}

fn byte_len(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(call.text(0)?.len()))
}

/// Padding makes no wider texts than this.
const MOST_WIDTH: usize = 100_000_000;

/// The text with the share `before` (of two) of its padding before it.
fn padded(call: &Call, before: fn(usize) -> usize) -> Result<Value, Error> {
    let width = usize::try_from(call.integer(1)?.max(0)).unwrap_or(usize::MAX);
    if width > MOST_WIDTH {
        return Err(Error::value_error(format!(
            "{}() makes texts of at most {MOST_WIDTH} characters",
            call.name()
        )));
    }
    let text = display::text(call.argument(0))?;
    let Some(fill) = call.text(2)?.chars().next() else {
        return Err(Error::value_error(format!("{}() requires a fill character", call.name())));
    };
    let missing = width.saturating_sub(text.chars().count());
    memory::room_for(missing * fill.len_utf8())?;
    let left = before(missing);
    let mut output = String::with_capacity(text.len() + missing * fill.len_utf8());
    output.extend(std::iter::repeat_n(fill, left));
    output.push_str(&text);
    output.extend(std::iter::repeat_n(fill, missing - left));
    Ok(Value::from(output))
}

fn pad_left(call: &mut Call) -> Result<Value, Error> {
    padded(call, |missing| missing)
}

fn pad_right(call: &mut Call) -> Result<Value, Error> {
    padded(call, |_| 0)
}

fn center(call: &mut Call) -> Result<Value, Error> {
    padded(call, |missing| missing / 2)
}

fn ascii(call: &mut Call) -> Result<Value, Error> {
    let first = call.text(0)?.chars().next();
    first
        .map(|letter| Value::Int(i64::from(u32::from(letter))))
        .ok_or_else(|| Error::value_error(format!("{}() requires a text that is not empty", call.name())))
}

fn chr(call: &mut Call) -> Result<Value, Error> {
    let code = call.integer(0)?;
    let letter = u32::try_from(code).ok().and_then(char::from_u32);
    letter
        .map(|letter| Value::from(letter.to_string()))
        .ok_or_else(|| Error::value_error(format!("chr() requires a code point, got {code}")))
}

fn is_blank(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(call.text(0)?.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting() {
        assert_eq!(split_text("a,b,,c", ",", usize::MAX), ["a", "b", "", "c"]);
        assert_eq!(split_text("a,b,c", ",", 1), ["a", "b,c"]);
        assert_eq!(split_text("a,b", ",", 0), ["a,b"]);
        assert_eq!(split_text("", ",", usize::MAX), [""]);
        assert_eq!(split_text("aéb", "", usize::MAX), ["a", "é", "b"]);
        assert_eq!(split_text("aéb", "", 1), ["a", "éb"]);
        assert!(split_text("", "", usize::MAX).is_empty());
    }

    #[test]
    fn capital_letters() {
        assert_eq!(capitalized("éCOLE"), "École");
        assert_eq!(capitalized("ß"), "SS");
        assert_eq!(capitalized(""), "");
    }
}
