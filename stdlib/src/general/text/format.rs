//! Templates.

use crate::general::common::types::*;
use biovm_vm::format::format_value;
use biovm_vm::{Call, Error, Native, Value, access, display, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("format", format_template)
        .section("Text")
        .parameters(&[required("template", STR)])
        .rest(ANY)
        .returns(STR)
        .doc(
            "The template with {} replaced by the next argument, {0} by the first, {name} by the field of a Record \
             among them; {:>8.2f} formats as f-strings do, {{ and }} are braces. A missing argument is a ValueError.",
        )
        .example(r#"format("{}: {:.1f} %", "GC", 48.333)"#, "GC: 48.3 %")
        .pure(),
    native("sprintf", sprintf)
        .section("Text")
        .parameters(&[required("format", STR)])
        .rest(ANY)
        .returns(STR)
        .doc("The format with %d %i %s %f %e %g %x %o replaced by the arguments; %5.1f and %-10s set widths, %% is %.")
        .example(r#"sprintf("%s: %5.1f%%", "GC", 48.333)"#, "GC:  48.3%")
        .pure(),
];

fn format_template(call: &mut Call) -> Result<Value, Error> {
    // Braces are nothing special in a compiled text, whether they come from a literal or from a file.
    let arguments = call.rest();
    let mut next = 0;
    let mut output = String::new();
    let template = call.text(0)?;
    for piece in pieces(template)? {
        let (name, specification) = match piece {
            Piece::Text(text) => {
                output.push_str(text);
                continue;
            }
            Piece::Place { name, specification } => (name, specification),
        };
        let value = argument(arguments, name, &mut next)?;
        match specification {
            "" => display::write_text(&mut output, &value)?,
            specification => output.push_str(&format_value(&value, specification)?),
        }
    }
    Ok(Value::from(output))
}

/// The argument that a place in the template means.
fn argument(arguments: &[Value], name: &str, next: &mut usize) -> Result<Value, Error> {
    let by_position = |position: usize| {
        let given = arguments.len();
        arguments.get(position).cloned().ok_or_else(|| {
            Error::value_error(format!(
                "format() requires an argument {}, got {given}",
                position.saturating_add(1)
            ))
        })
    };
    if name.is_empty() {
        *next += 1;
        return by_position(*next - 1);
    }
    if let Ok(position) = name.parse() {
        return by_position(position);
    }
    let mut found =
        arguments.iter().filter(|argument| matches!(argument, Value::Record(_) | Value::Foreign(_)));
    let record = found.find(|argument| access::field(argument, name).is_ok());
    match record {
        Some(record) => access::field(record, name),
        None => Err(Error::value_error(format!("format() has no argument with a field '{name}'"))),
    }
}

#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Place { name: &'a str, specification: &'a str },
}

/// Takes a template apart; a `ValueError` where braces do not match.
fn pieces(template: &str) -> Result<Vec<Piece<'_>>, Error> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(brace) = rest.find(['{', '}']) {
        let (text, behind) = rest.split_at(brace);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        if behind.starts_with("{{") || behind.starts_with("}}") {
            pieces.push(Piece::Text(&behind[..1]));
            rest = &behind[2..];
            continue;
        }
        let inside = behind.strip_prefix('{').and_then(|inside| Some((inside, inside.find('}')?)));
        let Some((inside, end)) = inside else {
            return Err(Error::value_error(format!("format() cannot match the brace in '{template}'"))
                .with_hint("write {{ and }} for braces"));
        };
        let (name, specification) = inside[..end].split_once(':').unwrap_or((&inside[..end], ""));
        pieces.push(Piece::Place { name: name.trim(), specification });
        rest = &inside[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn sprintf(call: &mut Call) -> Result<Value, Error> {
    let mut arguments = call.rest().iter();
    let mut output = String::new();
    let mut rest = call.text(0)?;
    while let Some(percent) = rest.find('%') {
        output.push_str(&rest[..percent]);
        let directive = &rest[percent + 1..];
        if let Some(behind) = directive.strip_prefix('%') {
            output.push('%');
            rest = behind;
            continue;
        }
        let letter = directive.find(|letter: char| letter.is_ascii_alphabetic());
        let Some((options, behind)) = letter.map(|at| directive.split_at(at)) else {
            return Err(Error::value_error("sprintf() got a format that ends within a directive"));
        };
        let mut letters = behind.chars();
        let kind = letters.next().unwrap_or('s');
        rest = letters.as_str();
        let value = arguments.next().ok_or_else(|| Error::value_error("sprintf() got too few arguments"))?;
        let specification = specification(options, kind)
            .ok_or_else(|| Error::value_error(format!("sprintf() does not know %{options}{kind}")))?;
        match kind {
            's' => output.push_str(&format_value(&Value::from(display::text(value)?), &specification)?),
            _ => output.push_str(&format_value(value, &specification)?),
        }
    }
    if arguments.next().is_some() {
        return Err(Error::value_error("sprintf() got more arguments than its format uses"));
    }
    output.push_str(rest);
    Ok(Value::from(output))
}

/// The format specification for a directive of C.
fn specification(options: &str, kind: char) -> Option<String> {
    let kind = match kind {
        'd' | 'i' | 'u' => 'd',
        's' | 'f' | 'e' | 'g' | 'x' | 'X' | 'o' => kind,
        _ => return None,
    };
    let flags_end = options.find(|letter: char| !"-+ 0".contains(letter)).unwrap_or(options.len());
    let (flags, size) = options.split_at(flags_end);
    if !size.chars().all(|letter| letter.is_ascii_digit() || letter == '.') {
        return None;
    }
    // C writes text and numbers to the right unless told otherwise.
    let align = if flags.contains('-') {
        "<"
    } else if kind == 's' {
        ">"
    } else {
        ""
    };
    let sign = if flags.contains('+') {
        "+"
    } else if flags.contains(' ') {
        " "
    } else {
        ""
    };
    let zero = if flags.contains('0') && !flags.contains('-') { "0" } else { "" };
    Some(format!("{align}{sign}{zero}{size}{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates() {
        let place = |name, specification| Piece::Place { name, specification };
        assert_eq!(
            pieces("a{}b{0}{x:>5}").unwrap(),
            [Piece::Text("a"), place("", ""), Piece::Text("b"), place("0", ""), place("x", ">5"),]
        );
        assert_eq!(pieces("{{}}").unwrap(), [Piece::Text("{"), Piece::Text("}")]);
        assert!(pieces("{").is_err());
        assert!(pieces("a}").is_err());
    }

    #[test]
    fn directives_of_c() {
        assert_eq!(specification("5.1", 'f').as_deref(), Some("5.1f"));
        assert_eq!(specification("-10", 's').as_deref(), Some("<10s"));
        assert_eq!(specification("+05", 'd').as_deref(), Some("+05d"));
        assert_eq!(specification("", 'q'), None);
        assert_eq!(specification("*", 'd'), None);
    }
}
