//! Source text to a running program: the one place that knows how compiler, builtins and machine fit together.

use crate::command_line::Settings;
use crate::failure::Failure;
use crate::isolation::STACK_SIZE;
use crate::terminal;
use biovm_bytecode::Program;
use biovm_compiler::Options;
use biovm_compiler::diagnostic::Diagnostic;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_vm::output::Output;
use biovm_vm::{Context, Error, LoadedProgram, Machine, Value};
use std::io::{self, IsTerminal};
use std::sync::Arc;

/// What a native that calls back into the script may use of the native stack.
const STACK_OF_NATIVE: usize = 16 << 10;

/// A program, and what the compiler has to say about its source.
pub struct Compiled {
    pub program: Program,
    pub warnings: Vec<Diagnostic>,
}

/// Compiles a script.
pub fn compile(source: &SourceText) -> Result<Compiled, Failure> {
    compile_with(source, None)
}

/// Compiles an entry of a session, whose earlier entries have defined these variables of the top level.
pub fn compile_entry(source: &SourceText, globals: &[String]) -> Result<Compiled, Failure> {
    compile_with(source, Some(globals.to_vec()))
}

fn compile_with(source: &SourceText, session: Option<Vec<String>>) -> Result<Compiled, Failure> {
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    match biovm_compiler::compile(source, &Options { signatures, session }) {
        Ok(compiled) => Ok(Compiled { program: compiled.program, warnings: compiled.warnings }),
        Err(errors) => Err(refused(source, errors)),
    }
}

/// Prints the warnings.
pub fn warn(source: &SourceText, warnings: &[Diagnostic], color: bool) {
    if !warnings.is_empty() {
        terminal::write_message(&render(warnings, source, color));
    }
}

/// The report of errors and warnings.
pub fn render(diagnostics: &[Diagnostic], source: &SourceText, color: bool) -> String {
    biovm_compiler::diagnostic::render(diagnostics, source, color)
}

/// The tokens of a script, as people read them. Those of a text with errors are worth a look too.
pub fn tokens(source: &SourceText) -> (String, Result<(), Failure>) {
    let errors = biovm_compiler::tokens(source).diagnostics;
    (
        biovm_compiler::dump::tokens(source),
        if errors.is_empty() { Ok(()) } else { Err(refused(source, errors)) },
    )
}

/// The syntax tree of a script, as people read it.
pub fn syntax_tree(source: &SourceText) -> Result<String, Failure> {
    let tree = biovm_compiler::parse(source).map_err(|errors| refused(source, errors))?;
    Ok(biovm_compiler::dump::tree(&tree, source))
}

fn refused(source: &SourceText, errors: Vec<Diagnostic>) -> Failure {
    Failure::Source(Box::new(source.clone()), errors)
}

/// Whether the text is the beginning of something longer: an open bracket, string, block, or an operator at its end.
pub fn is_incomplete(text: &str) -> bool {
    biovm_compiler::is_incomplete(text)
}

/// Whether the last token is a `;`.
pub fn ends_with_semicolon(text: &str) -> bool {
    let source = SourceText::new("", text);
    let tokens = biovm_compiler::tokens(&source).tokens;
    let last = tokens.iter().rev().find(|lexeme| !source.slice(lexeme.span).trim().is_empty());
    last.is_some_and(|lexeme| source.slice(lexeme.span) == ";")
}

/// The surroundings of a script with these arguments, which prints to standard output.
pub fn context(arguments: Vec<String>, settings: &Settings) -> Context {
    let output = Output::new(io::stdout(), io::stdout().is_terminal());
    let mut context = Context::new(biovm_stdlib::natives(), output);
    context.arguments = arguments;
    if let Some(depth) = settings.max_depth {
        context.max_depth = depth;
    }
    if let Some(workers) = settings.workers {
        context.budget.set_workers(workers);
    }
    context
}

/// A machine for the thread with the large stack.
pub fn machine(context: Arc<Context>) -> Machine {
    let mut machine = Machine::new(context);
    machine.set_native_limit(STACK_SIZE / 2 / STACK_OF_NATIVE);
    machine
}

/// Verifies and prepares a program.
pub fn load(program: Program, context: &Context) -> Result<Arc<LoadedProgram>, Error> {
    LoadedProgram::load(program, context).map(Arc::new)
}

/// Runs a program; the value is that of its last statement.
pub fn run(machine: &mut Machine, program: &Arc<LoadedProgram>) -> Result<Value, Error> {
    machine.run(program)
}
