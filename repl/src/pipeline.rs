//! Source text to a running program: the one place that knows how compiler, builtins and machine fit together.

use crate::command_line::Settings;
use crate::failure::Failure;
use crate::isolation::STACK_SIZE;
use crate::modules::FileModules;
use crate::terminal;
use crate::worker_counts::WorkerCounts;
use biovm_bytecode::Program;
use biovm_compiler::Options;
use biovm_compiler::diagnostic::Diagnostic;
use biovm_compiler::format::Refusal;
use biovm_compiler::module::{Module, ModuleLoader};
use biovm_compiler::resolve::{Signatures, StructureFacts};
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::limits::Limits;
use biovm_vm::output::Output;
use biovm_vm::{Context, Error, LoadedProgram, Machine, Value};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;

/// What a native that calls back into the script may use of the native stack.
const STACK_OF_NATIVE: usize = 16 << 10;

/// A program, and what the compiler has to say about its source.
pub struct Compiled {
    pub program: Program,
    pub warnings: Vec<Diagnostic>,
    /// The modules of the program, for the next entry of a session.
    pub modules: Vec<Arc<Module>>,
    /// The structs and variants that variables of the top level make, by their names.
    pub structures: Vec<(String, StructureFacts)>,
}

/// What earlier entries of a session have made.
pub struct Earlier<'a> {
    /// The variables of the top level.
    pub globals: &'a [String],
    /// The modules.
    pub modules: &'a [Arc<Module>],
    /// The structs and variants that some of the variables make.
    pub structures: &'a [(String, StructureFacts)],
}

/// Compiles a script. Its file, where it has one, says where its imports are looked for first; the
/// gate decides which of them may be read.
pub fn compile(source: &SourceText, file: Option<&Path>, gate: &Gate) -> Result<Compiled, Failure> {
    compile_with(source, file, gate, Options::default())
}

/// Compiles an entry of a session, or a file as an entry.
pub fn compile_entry(
    source: &SourceText,
    file: Option<&Path>,
    gate: &Gate,
    earlier: &Earlier<'_>,
) -> Result<Compiled, Failure> {
    let session = Some(earlier.globals.to_vec());
    let (modules, session_structures) = (earlier.modules.to_vec(), earlier.structures.to_vec());
    compile_with(source, file, gate, Options { session, modules, session_structures, ..Options::default() })
}

fn compile_with(
    source: &SourceText,
    file: Option<&Path>,
    gate: &Gate,
    options: Options,
) -> Result<Compiled, Failure> {
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let file = file.filter(|file| *file != Path::new(crate::source::STANDARD_INPUT));
    let loader: Option<Arc<dyn ModuleLoader>> = Some(Arc::new(FileModules::new(file, gate)));
    match biovm_compiler::compile(source, &Options { signatures, loader, ..options }) {
        Ok(compiled) => {
            let biovm_compiler::Compiled { program, warnings, modules, structures } = compiled;
            Ok(Compiled { program, warnings, modules, structures })
        }
        Err(errors) => Err(refused(source, errors)),
    }
}

/// Prints the warnings.
pub fn warn(source: &SourceText, warnings: &[Diagnostic], color: bool) {
    if !warnings.is_empty() {
        terminal::write_message(&render(warnings, source, color));
    }
}

/// Prints the warnings, or makes errors of them where none are allowed.
pub fn settle(
    source: &SourceText,
    warnings: Vec<Diagnostic>,
    deny_warnings: bool,
    color: bool,
) -> Result<(), Failure> {
    if deny_warnings && !warnings.is_empty() {
        return Err(refused(source, warnings.into_iter().map(Diagnostic::denied).collect()));
    }
    warn(source, &warnings, color);
    Ok(())
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

/// The text of a script in the one style.
pub fn format(source: &SourceText) -> Result<String, Failure> {
    biovm_compiler::format::format(source).map_err(|refusal| match refusal {
        Refusal::Errors(errors) => refused(source, errors),
        Refusal::Defect(place) => Failure::Message(format!(
            "error: {} is left as it is: formatting would change what it says, {place}\n  \
             hint: this is a defect of biovm; please report it with the script",
            source.name()
        )),
    })
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
pub fn context(arguments: Vec<String>, settings: &Settings, gate: &Gate) -> Context {
    let output = Output::new(io::stdout(), io::stdout().is_terminal());
    let mut context = Context::new(biovm_stdlib::natives(), output);
    context.arguments = arguments;
    context.gate = gate.clone();
    context.offline = settings.offline;
    context.progress = terminal::shows_progress(settings.progress);
    context.limits = Limits::new(settings.restrictions.quota());
    if let Some(depth) = settings.max_depth {
        context.max_depth = depth;
    }
    if let Some(workers) = settings.workers.as_ref().and_then(WorkerCounts::single) {
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
