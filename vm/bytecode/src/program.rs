//! A compiled program: what the compiler hands to the machine, and what a bytecode file holds.

use crate::instruction::Instruction;
use crate::operand::Register;
use crate::types::Type;

/// A compiled script, with all modules that it imports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// The functions; the first is the top level of the script.
    pub functions: Vec<Function>,
    /// The constants that instructions load.
    pub constants: Vec<Constant>,
    /// The key lists of record literals, each an index into [`Program::names`].
    pub shapes: Vec<Vec<u32>>,
    /// The structs and the variants of enums that the script declares.
    pub structures: Vec<Structure>,
    /// Names of fields, parameters and arguments.
    pub names: Vec<String>,
    /// The builtins that the program calls, by name.
    pub natives: Vec<String>,
    /// The calls with named or spread arguments.
    pub call_sites: Vec<CallSite>,
    /// The types that arguments are checked against; each refers only to earlier ones.
    pub annotations: Vec<Annotation>,
    /// What the declarations of the top level say about themselves, in order; of two with one name the last one counts.
    pub documentation: Vec<Documentation>,
    /// The names of the variables of the top level, in the order of their numbers.
    pub globals: Vec<String>,
    /// Source text and positions; `None` where they were stripped.
    pub debug: Option<DebugInfo>,
}

/// A type as a parameter declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// As it is written.
    pub text: String,
    /// What it accepts.
    pub form: AnnotationForm,
}

/// What an annotation accepts. Numbers are entries of [`Program::annotations`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnnotationForm {
    /// Everything: `Any`.
    Any,
    /// Int and Float: `Num`.
    Number,
    /// The values of a type.
    Type(Type),
    /// The values of a struct or enum, an index into [`Program::names`].
    Structure(u32),
    /// `T?`: nil, and what the other one accepts.
    Optional(u32),
    /// `A | B`: what one of them accepts.
    Union(Vec<u32>),
    /// `List<T>`, `Set<T>`, `Record<T>`, `Map<K, T>`: values of the type with only such items.
    Items(Type, u32),
    /// `Tuple<A, B>`: tuples of exactly these items.
    Tuple(Vec<u32>),
}

/// What a declaration of the top level says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documentation {
    /// The name that it declares.
    pub name: String,
    /// How it reads in `help`: `fn name(a, b = 2)`, `struct Point { x, y = 5 }`, `const K` …
    pub signature: String,
    /// Its doc comment; may be empty.
    pub text: String,
}

/// A function of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Function {
    /// Its name, empty for a lambda.
    pub name: String,
    /// Its parameters; they are its first registers, in order.
    pub parameters: Vec<Parameter>,
    /// Whether the last parameter collects all further positional arguments.
    pub has_rest: bool,
    /// How many registers a call needs.
    pub register_count: u16,
    /// The instructions. The last one never falls through.
    pub code: Vec<Instruction>,
    /// Where a new closure finds the variables that it captures.
    pub captures: Vec<CaptureSource>,
    /// Where an error goes on; inner handlers come first.
    pub handlers: Vec<Handler>,
    /// The lambdas whose code is part of this function's; what traces need to know of them.
    pub inlined: Vec<Inlined>,
    /// The code that does the work of builtins, and that of stages; what profiles need to know.
    pub regions: Vec<Region>,
    /// The field names of the function's field sites, each an index into [`Program::names`].
    pub field_sites: Vec<u32>,
    /// The source span of each instruction; empty where debug information was stripped.
    pub spans: Vec<SourceSpan>,
    /// The doc comment.
    pub doc: String,
    /// How the function reads in `help`: `name(a, b = 2, ...rest)`.
    pub signature: String,
}

impl Function {
    /// Whether it makes values of a struct or variant.
    pub fn is_constructor(&self) -> bool {
        matches!(self.code.as_slice(), [.., Instruction::NewStructure { .. }, Instruction::Return { .. }])
    }
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, an index into [`Program::names`].
    pub name: u32,
    /// Whether a call may leave it out; the function's first instructions then compute its value.
    pub has_default: bool,
}

/// Where a closure finds a captured variable when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureSource {
    /// In a register of the frame that makes it.
    Register(Register),
    /// Among the captures of the closure that makes it.
    Capture(u16),
}

/// A stretch of code whose errors are caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The first instruction of the stretch.
    pub start: u32,
    /// The first instruction after it.
    pub end: u32,
    /// Where to go on.
    pub target: u32,
    /// The register that receives the Error value.
    pub register: Register,
}

/// A stretch of code that is the body of a lambda. Traces show a call there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inlined {
    /// The first instruction of the stretch.
    pub start: u32,
    /// The first instruction after it.
    pub end: u32,
    /// The instruction that stands where the builtin is called that would have called the lambda.
    pub call: u32,
}

/// A stretch of code that a profile does not show as the function's own. Regions nest, or have nothing in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The first instruction of the stretch.
    pub start: u32,
    /// The first instruction after it.
    pub end: u32,
    /// What it is.
    pub kind: RegionKind,
}

/// What a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// It does the work of a builtin. One call may have several stretches.
    Builtin {
        /// The instruction that calls the builtin where the stretch does not do for it.
        call: u32,
        /// The instruction that begins the loop which stands for the call; executed once for each.
        entry: u32,
    },
    /// The expression of `stage name -> expression`.
    Stage {
        /// Its name, an index into [`Program::names`].
        name: u32,
    },
}

/// A value that the compiler knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// An Int.
    Int(i64),
    /// A Float.
    Float(f64),
    /// A Str.
    Str(String),
    /// A biological literal: the type, which is DNA, RNA, Protein or Quality, and its letters.
    Sequence(Type, String),
    /// A regular expression: pattern and flags.
    Regex(String, String),
    /// A formula: the response, where there is one, and the terms of the sum behind it, each as text.
    Formula(Option<String>, Vec<String>),
}

/// A struct, or a variant of an enum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Structure {
    /// Its name, an index into [`Program::names`].
    pub name: u32,
    /// The enum that it is a variant of, an index into [`Program::names`]; `None` for a struct.
    pub variant_of: Option<u32>,
    /// Its fields, in order, each an index into [`Program::names`].
    pub fields: Vec<u32>,
}

/// A call with named or spread arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CallSite {
    /// The method to look up on the first argument, an index into [`Program::names`]; `None` for a plain call.
    pub method: Option<u32>,
    /// The arguments, in the order of their registers.
    pub arguments: Vec<Argument>,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// By position.
    Positional,
    /// By name, an index into [`Program::names`].
    Named(u32),
    /// `...value`: a List gives positional arguments, a Record named ones.
    Spread,
}

/// A stretch of source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceSpan {
    /// The file, an index into [`DebugInfo::sources`].
    pub source: u16,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// What error reports and listings need, and a run does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugInfo {
    /// The source files; the script itself comes first.
    pub sources: Vec<Source>,
}

/// A source file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name, as reports show it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// Where the lines begin. `\n`, `\r\n` and a `\r` alone end a line.
    pub(crate) fn line_starts(&self) -> impl Iterator<Item = usize> {
        let bytes = self.text.as_bytes();
        let ends_line = |(offset, byte): (usize, &u8)| {
            *byte == b'\n' || *byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n')
        };
        let ends = bytes.iter().enumerate().filter(move |at| ends_line(*at));
        std::iter::once(0).chain(ends.map(|(offset, _)| offset + 1))
    }

    /// The line and column, both from 1 and in characters, of a byte of the text.
    pub fn line_column(&self, byte: u32) -> (usize, usize) {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let (line, start) =
            self.line_starts().take_while(|start| *start <= byte).enumerate().last().unwrap_or((0, 0));
        (line + 1, without_mark(start, &self.text[start..byte]).chars().count() + 1)
    }

    /// The text of a line, counted from 1, without its line end.
    pub fn line(&self, number: usize) -> &str {
        let mut starts = self.line_starts().skip(number.saturating_sub(1));
        let Some(start) = starts.next() else { return "" };
        let end = starts.next().unwrap_or(self.text.len());
        without_mark(start, self.text[start..end].trim_end_matches(['\n', '\r']))
    }
}

/// What begins at a byte of a text; a byte-order mark is no character of the first line.
fn without_mark(start: usize, text: &str) -> &str {
    if start == 0 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text }
}
