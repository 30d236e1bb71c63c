//! Instructions, operands and constants in words.

use super::{call_site_text, shape_text, structure_text};
use crate::instruction::Instruction;
use crate::operand::{OperandKind, jump_target};
use crate::program::{Constant, Function, Program};
use crate::types::Type;

/// How many characters of a constant, a shape or a name an operand shows.
const SHORT: usize = 32;

/// An instruction of a function as the listing shows it: `LoadConstant r3, k2 (= "text")`. The index is that of the
/// instruction in the function's code, from which jumps count.
pub fn instruction_text(
    program: &Program,
    function: &Function,
    index: usize,
    instruction: &Instruction,
) -> String {
    let operands = operands_text(program, function, index, instruction);
    format!("{} {operands}", instruction.opcode().name()).trim_end().to_owned()
}

pub(super) fn operands_text(
    program: &Program,
    function: &Function,
    index: usize,
    instruction: &Instruction,
) -> String {
    let mut operands = Vec::new();
    instruction.visit_operands(|_, kind, number| {
        operands.push(operand_text(program, function, index, kind, number));
    });
    operands.join(", ")
}

fn operand_text(
    program: &Program,
    function: &Function,
    index: usize,
    kind: OperandKind,
    number: i64,
) -> String {
    // Only a number outside its table can be too large or negative: it is shown without a meaning.
    let entry = usize::try_from(number).unwrap_or(usize::MAX);
    let Program {
        functions, constants, shapes, structures, natives, call_sites, globals, annotations, ..
    } = program;
    let (prefix, meaning) = match kind {
        OperandKind::Register => ("r", None),
        OperandKind::Capture => ("c", None),
        OperandKind::Count => ("count ", None),
        OperandKind::Integer => ("", None),
        OperandKind::Jump => return format!("-> {}", jump_target(index, number)),
        OperandKind::FieldSite => match function.field_sites.get(entry) {
            Some(name) => return format!(".{}", name_of(program, *name)),
            None => ("field ", None),
        },
        OperandKind::Type => match Type::ALL.get(entry) {
            Some(named) => return named.name().to_owned(),
            None => ("type ", None),
        },
        OperandKind::Constant => ("k", constants.get(entry).map(|each| constant_text(each, SHORT))),
        OperandKind::Function => ("f", functions.get(entry).map(function_name)),
        OperandKind::Native => ("n", natives.get(entry).map(|name| printable(name))),
        OperandKind::Global => ("g", globals.get(entry).map(|name| printable(name))),
        OperandKind::CallSite => ("a", call_sites.get(entry).map(|site| call_site_text(program, site))),
        OperandKind::Structure => ("t", structures.get(entry).map(|each| structure_text(program, each))),
        OperandKind::Annotation => ("y", annotations.get(entry).map(|each| printable(&each.text))),
        OperandKind::Shape => ("s", shapes.get(entry).map(|keys| shape_text(program, keys))),
    };
    match meaning {
        // A constant is already cut inside its quotes, which with its escapes make it longer.
        Some(meaning) => format!("{prefix}{number} (= {})", cut(&meaning, 2 * SHORT)),
        None => format!("{prefix}{number}"),
    }
}

/// The name of a function; a lambda has none.
pub(super) fn function_name(function: &Function) -> String {
    if function.name.is_empty() { "lambda".to_owned() } else { printable(&function.name) }
}

/// A constant as a script would write it, its text cut after `most` characters.
pub(super) fn constant_text(constant: &Constant, most: usize) -> String {
    match constant {
        Constant::Int(value) => value.to_string(),
        Constant::Float(value) => format!("{value:?}"),
        Constant::Str(text) => quoted(text, most),
        Constant::Sequence(of, letters) => format!("{}{}", of.name().to_lowercase(), quoted(letters, most)),
        Constant::Regex(pattern, flags) => {
            format!("/{}/{}", cut(&printable(pattern), most), printable(flags))
        }
        Constant::Formula(response, terms) => {
            let response = response.as_deref().map_or_else(String::new, |response| format!("{response} ~ "));
            cut(&printable(&format!("~ {response}{}", terms.join(" + "))), most)
        }
    }
}

fn quoted(text: &str, most: usize) -> String {
    format!("{:?}", cut(text, most))
}

/// The first `most` characters, and an ellipsis where there were more.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// An entry of the table of names.
pub(super) fn name_of(program: &Program, name: u32) -> String {
    match program.names.get(name as usize) {
        Some(text) => printable(text),
        None => format!("name {name}"),
    }
}

/// The text without characters that would disturb a terminal: a listing shows files that nobody has looked at yet.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|each| if each.is_control() { ' ' } else { each }).collect()
}
