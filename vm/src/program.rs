//! A verified program, ready to run: constants are values, builtins are found, shapes are shared.

mod code;

pub use code::Code;

use crate::context::Context;
use crate::error::{Error, ErrorKind, Position};
use crate::native::Native;
use crate::value::{Class, Formula, Shape, ShapeRef, Str, Structure, Value};
use biovm_bytecode::Program;
use biovm_bytecode::instruction::Opcode;
use biovm_bytecode::program::{
    Annotation, CallSite, CaptureSource, Constant, DebugInfo, Documentation, Function, Handler, Inlined,
    Parameter, Region, SourceSpan,
};

/// A program that the machine can run.
pub struct LoadedProgram {
    /// The functions; the first is the top level.
    pub functions: Vec<LoadedFunction>,
    /// The constants.
    pub constants: Vec<Value>,
    /// The shapes of record literals.
    pub shapes: Vec<ShapeRef>,
    /// The shapes of the structs and variants that the script declares.
    pub structures: Vec<ShapeRef>,
    /// The builtins that the program calls.
    pub natives: Vec<&'static Native>,
    /// The calls with named or spread arguments.
    pub call_sites: Vec<CallSite>,
    /// The types that arguments are checked against.
    pub annotations: Vec<Annotation>,
    /// What the declarations of the top level say about themselves.
    pub documentation: Vec<Documentation>,
    /// Names of fields, parameters and arguments.
    pub names: Vec<Str>,
    /// The names of the variables of the top level.
    pub globals: Vec<String>,
    /// Source texts, where they were not stripped.
    pub debug: Option<DebugInfo>,
}

/// A function that the machine can run.
pub struct LoadedFunction {
    /// Its position among the functions of the program.
    pub number: usize,
    /// Its name; `<lambda>` for a lambda, `main` for the top level.
    pub name: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Whether the last parameter collects further arguments.
    pub has_rest: bool,
    /// How many arguments a call must give; `usize::MAX` where the number may vary.
    pub exact_arity: usize,
    /// How many registers a call needs.
    pub register_count: usize,
    /// The instructions.
    pub code: Code,
    /// Where a new closure finds what it captures.
    pub captures: Vec<CaptureSource>,
    /// Where errors go on.
    pub handlers: Vec<Handler>,
    /// The lambdas whose code is part of the function's.
    pub inlined: Vec<Inlined>,
    /// The code that does the work of builtins, and that of stages.
    pub regions: Vec<Region>,
    /// The field names of the field sites.
    pub field_names: Vec<Str>,
    /// The number of the first field site in the machine's inline caches.
    pub first_cache: usize,
    /// The source span of each instruction, where not stripped.
    pub spans: Vec<SourceSpan>,
    /// The doc comment.
    pub doc: String,
    /// How the function reads in `help`.
    pub signature: String,
    /// Whether it makes values of a struct or variant.
    pub is_constructor: bool,
    /// Whether it is a generator or the body of an async function.
    pub suspends: bool,
}

impl LoadedProgram {
    /// Verifies the program and prepares it to run. Fails where it does not verify, or where it calls a builtin that
    /// this biovm does not have.
    pub fn load(program: Program, context: &Context) -> Result<LoadedProgram, Error> {
        biovm_bytecode::verify::verify(&program).map_err(|error| {
            Error::new(ErrorKind::Format, format!("the program does not verify: {error}"))
        })?;
        let natives = program.natives.iter().map(|name| {
            context.native(name).ok_or_else(|| {
                Error::name_error(format!("the program calls '{name}', which this biovm does not have"))
                    .with_hint("compile the script again with this biovm")
            })
        });
        let natives = natives.collect::<Result<_, _>>()?;
        let names: Vec<Str> = program.names.iter().map(|name| Str::from(name.as_str())).collect();
        let shape =
            |keys: &Vec<u32>| Shape::of(Class::Record, keys.iter().map(|&key| names[key as usize].clone()));
        let structure = |structure: &biovm_bytecode::program::Structure| {
            let text = |name: u32| names[name as usize].as_str();
            let fields: Vec<&str> = structure.fields.iter().map(|&field| text(field)).collect();
            let known = Structure::intern(text(structure.name), structure.variant_of.map(text), &fields);
            Shape::of(Class::Structure(known), fields.into_iter().map(Str::from))
        };
        let codes = code::join(&program.functions);
        let mut first_cache = 0;
        let function = |(index, (function, code)): (usize, (Function, Code))| {
            let loaded = LoadedFunction::new(index, function, code, &names, first_cache);
            first_cache += loaded.field_names.len();
            loaded
        };
        Ok(LoadedProgram {
            shapes: program.shapes.iter().map(shape).collect(),
            structures: program.structures.iter().map(structure).collect(),
            functions: program.functions.into_iter().zip(codes).enumerate().map(function).collect(),
            constants: program.constants.iter().map(constant).collect::<Result<_, _>>()?,
            natives,
            call_sites: program.call_sites,
            annotations: program.annotations,
            documentation: program.documentation,
            names,
            globals: program.globals,
            debug: program.debug,
        })
    }

    /// The number of field sites of all functions.
    pub fn cache_count(&self) -> usize {
        self.functions.last().map_or(0, |last| last.first_cache + last.field_names.len())
    }

    /// Where an instruction of a function stands in the source; `None` where that was stripped.
    pub fn position(&self, function: &LoadedFunction, instruction: usize) -> Option<Position> {
        let span = function.spans.get(instruction)?;
        let source = self.debug.as_ref()?.sources.get(usize::from(span.source))?;
        let (line, column) = source.line_column(span.start);
        let meant = source.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let width = meant.lines().next().unwrap_or("").chars().count().max(1);
        Some(Position { file: source.name.clone(), line, column, width, text: source.line(line).to_owned() })
    }
}

impl LoadedFunction {
    fn new(
        index: usize,
        function: Function,
        code: Code,
        names: &[Str],
        first_cache: usize,
    ) -> LoadedFunction {
        let varies = function.has_rest || function.parameters.iter().any(|parameter| parameter.has_default);
        let is_constructor = function.is_constructor();
        let name = match function.name.as_str() {
            "" if index == 0 => "main".to_owned(),
            "" => "<lambda>".to_owned(),
            _ => function.name,
        };
        LoadedFunction {
            number: index,
            is_constructor,
            suspends: code.iter().any(|instruction| {
                matches!(instruction.opcode(), Opcode::StartGenerator | Opcode::StartTask)
            }),
            name,
            exact_arity: if varies { usize::MAX } else { function.parameters.len() },
            parameters: function.parameters,
            has_rest: function.has_rest,
            register_count: usize::from(function.register_count),
            code,
            captures: function.captures,
            handlers: function.handlers,
            inlined: function.inlined,
            regions: function.regions,
            field_names: function.field_sites.iter().map(|&name| names[name as usize].clone()).collect(),
            first_cache,
            spans: function.spans,
            doc: function.doc,
            signature: function.signature,
        }
    }

    /// Whether it is a lambda.
    pub fn is_lambda(&self) -> bool {
        self.name == "<lambda>"
    }
}

fn constant(constant: &Constant) -> Result<Value, Error> {
    use crate::value::{Alphabet, Quality, Regex, Sequence};
    use biovm_bytecode::Type;
    use biovm_bytecode::regex::Flags;
    let sequence = |alphabet, letters: &str| {
        Sequence::parse(alphabet, letters.as_bytes()).map(Value::Sequence).map_err(|(position, letter)| {
            Error::type_error(format!("invalid letter '{letter}' at position {position} in a literal"))
        })
    };
    match constant {
        Constant::Int(value) => Ok(Value::Int(*value)),
        Constant::Float(value) => Ok(Value::Float(*value)),
        Constant::Str(text) => Ok(Value::text(text.as_str())),
        Constant::Sequence(Type::Dna, letters) => sequence(Alphabet::Dna, letters),
        Constant::Sequence(Type::Rna, letters) => sequence(Alphabet::Rna, letters),
        Constant::Sequence(Type::Protein, letters) => sequence(Alphabet::Protein, letters),
        Constant::Sequence(_, letters) => {
            Quality::parse(letters.as_bytes()).map(Value::Quality).map_err(|position| {
                Error::type_error(format!("invalid quality character at position {position} in a literal"))
            })
        }
        Constant::Regex(pattern, flags) => {
            let flags = Flags::parse(flags)
                .map_err(|wrong| Error::value_error(format!("invalid regex flag: '{wrong}'")))?;
            Regex::new(pattern, flags).map(Value::foreign)
        }
        Constant::Formula(response, terms) => {
            Ok(Value::foreign(Formula { response: response.clone(), terms: terms.clone() }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regex_constants() {
        let text = |pattern: &str, flags: &str| {
            let constant = constant(&Constant::Regex(pattern.to_owned(), flags.to_owned()));
            constant.map(|value| crate::display::brief(&value)).map_err(|error| error.message().to_owned())
        };
        assert_eq!(text("a+b", "i"), Ok("/a+b/i".to_owned()));
        // A bytecode file may hold what no compiler has seen.
        assert_eq!(text("(", ""), Err("invalid regex '(': unclosed group at position 0".to_owned()));
        assert_eq!(text("a", "x"), Err("invalid regex flag: 'x'".to_owned()));
    }
}
