//! Regular expressions, in texts and in the letters of sequences.

mod replacement;

use super::common::callback::take_callback;
use super::common::types::*;
use super::text::letters;
use biovm_bytecode::regex::Flags;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::value::{Record, Regex, Str};
use biovm_vm::{Call, Error, Native, Value, display, native, required};
use replacement::Replacement;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("regex_match", regex_match)
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL), required("pattern", PATTERN)])
        .returns(BOOL)
        .doc("Whether the pattern matches anywhere in the text; ^ and $ tie it to the ends.")
        .example(r#"regex_match("chr12", /^chr\d+$/)"#, "true")
        .pure(),
    native("regex_find", regex_find)
        .aliases(&["regex_find_all"])
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL), required("pattern", PATTERN)])
        .returns(LIST)
        .doc("The pieces of the text that match, from left to right and without overlap; [] where there is none.")
        .example(r#"regex_find("GATTACA", "[AT]+")"#, "[ATTA, A]")
        .pure(),
    native("regex_first", regex_first)
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL), required("pattern", PATTERN)])
        .returns(STR.or(NIL))
        .doc("The first piece of the text that matches; nil where there is none.")
        .example(r#"regex_first("sample 17, lane 2", /\d+/)"#, "17")
        .pure(),
    // Not pure: the replacement may be a function of the script.
    native("regex_replace", regex_replace)
        .aliases(&["regex_replace_all"])
        .section("Regular expressions")
        .parameters(&[
            required("s", TEXTUAL),
            required("pattern", PATTERN),
            required("replacement", STR.or(FUNCTION)),
        ])
        .returns(STR)
        .doc(
            "The text with every match replaced: by a Str, in which $1 and ${name} stand for groups, $0 for the match \
             and $$ for a dollar sign, or by what a function gives for the matched text.",
        )
        .example(r#"regex_replace("chr1:100", /(\w+):(\d+)/, "$2 on $1")"#, "100 on chr1"),
    native("regex_split", regex_split)
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL), required("pattern", PATTERN)])
        .returns(LIST)
        .doc("The pieces of the text between matches, empty ones too.")
        .example(r#"regex_split("a, b;c", /[,;]\s*/)"#, "[a, b, c]")
        .pure(),
    native("regex_captures", regex_captures)
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL), required("pattern", PATTERN)])
        .returns(LIST.or(NIL))
        .doc(
            "Of the first match the whole, then what each group matched, nil for a group that took no part; nil where \
             there is no match.",
        )
        .example(r#"regex_captures("chr1:100-200", /(\w+):(\d+)-(\d+)/)"#, "[chr1:100-200, chr1, 100, 200]")
        .pure(),
    native("regex_groups", regex_groups)
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL), required("pattern", PATTERN)])
        .returns(RECORD.or(NIL))
        .doc(
            "What each group (?P<name>…) matched in the first match, by name, nil for a group that took no part; nil \
             where there is no match.",
        )
        .example(r#"regex_groups("chr1:100", /(?P<chrom>\w+):(?P<pos>\d+)/)"#, "{chrom: chr1, pos: 100}")
        .pure(),
    native("regex_escape", regex_escape)
        .section("Regular expressions")
        .parameters(&[required("s", TEXTUAL)])
        .returns(STR)
        .doc("The pattern that matches exactly this text: a \\ before each sign with a meaning in patterns.")
        .example(r#"regex_escape("chr1.fa")"#, r"chr1\.fa")
        .pure(),
];

/// A regex literal, or a pattern as text.
const PATTERN: TypeSet = STR.and(Type::Regex);

/// The most patterns that a thread keeps compiled.
const KEPT: usize = 256;

/// The pattern of a call. One that is given as text is compiled once, not once a call: it often stands in a loop.
fn pattern(call: &Call, position: usize) -> Result<Arc<regex::Regex>, Error> {
    if let Value::Foreign(foreign) = call.argument(position)
        && let Some(regex) = foreign.downcast::<Regex>()
    {
        return Ok(regex.matcher().clone());
    }
    thread_local! {
        static COMPILED: RefCell<FxHashMap<String, Arc<regex::Regex>>> = RefCell::default();
    }
    let text = call.text(position)?;
    COMPILED.with_borrow_mut(|compiled| {
        if let Some(known) = compiled.get(text) {
            return Ok(known.clone());
        }
        let matcher = Regex::new(text, Flags::default())?.matcher().clone();
        if compiled.len() == KEPT {
            compiled.clear();
        }
        compiled.insert(text.to_owned(), matcher.clone());
        Ok(matcher)
    })
}

fn regex_match(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::Bool(pattern(call, 1)?.is_match(letters(call, 0)?)))
}

fn regex_find(call: &mut Call) -> Result<Value, Error> {
    let pattern = pattern(call, 1)?;
    let found = pattern.find_iter(letters(call, 0)?).map(|found| Value::from(found.as_str()));
    Ok(Value::list(found.collect()))
}

fn regex_first(call: &mut Call) -> Result<Value, Error> {
    let pattern = pattern(call, 1)?;
    Ok(pattern.find(letters(call, 0)?).map_or(Value::Nil, |found| Value::from(found.as_str())))
}

fn regex_split(call: &mut Call) -> Result<Value, Error> {
    let pattern = pattern(call, 1)?;
    Ok(Value::list(pattern.split(letters(call, 0)?).map(Value::from).collect()))
}

/// What a group matched; nil where it took no part.
fn group(found: Option<regex::Match>) -> Value {
    found.map_or(Value::Nil, |found| Value::from(found.as_str()))
}

fn regex_captures(call: &mut Call) -> Result<Value, Error> {
    let pattern = pattern(call, 1)?;
    let Some(captures) = pattern.captures(letters(call, 0)?) else { return Ok(Value::Nil) };
    Ok(Value::list(captures.iter().map(group).collect()))
}

fn regex_groups(call: &mut Call) -> Result<Value, Error> {
    let pattern = pattern(call, 1)?;
    let Some(captures) = pattern.captures(letters(call, 0)?) else { return Ok(Value::Nil) };
    let named = pattern.capture_names().flatten();
    let entries = named.map(|name| (Str::from(name), group(captures.name(name))));
    Ok(Value::Record(Record::from_entries(entries)))
}

fn regex_escape(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(regex::escape(letters(call, 0)?)))
}

fn regex_replace(call: &mut Call) -> Result<Value, Error> {
    let pattern = pattern(call, 1)?;
    if call.argument(2).as_text().is_none() {
        return replace_by_function(call, &pattern);
    }
    let replacement = Replacement::parse(call.text(2)?, &pattern)?;
    Ok(Value::from(replacement.replace_all(letters(call, 0)?, &pattern)))
}

fn replace_by_function(call: &mut Call, pattern: &regex::Regex) -> Result<Value, Error> {
    let function = take_callback(call, 2, 1)?;
    // The function may do what it likes with the machine, so the text is kept apart.
    let text = letters(call, 0)?.to_owned();
    let mut replaced = String::with_capacity(text.len());
    let mut copied = 0;
    for found in pattern.find_iter(&text) {
        replaced.push_str(&text[copied..found.start()]);
        let new = call.machine().call(&function, [Value::from(found.as_str())])?;
        display::write_text(&mut replaced, &new)?;
        copied = found.end();
    }
    replaced.push_str(&text[copied..]);
    Ok(Value::from(replaced))
}
