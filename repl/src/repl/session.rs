//! The variables of a session, and the machine that runs its entries.

use crate::command_line::Settings;
use crate::failure::Failure;
use crate::interrupt::{self, SessionState};
use crate::isolation;
use crate::measure::{Measurement, Usage};
use crate::pipeline::{self, Compiled, Earlier};
use crate::repl::completion::{Names, Variable};
use crate::repl::script::{LAST_VALUE, Origin, Script};
use biovm_bytecode::Program;
use biovm_bytecode::program::Documentation;
use biovm_compiler::module::Module;
use biovm_compiler::resolve::StructureFacts;
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::profile::Profile;
use biovm_vm::{Context, LoadedProgram, Machine, Native, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A session.
pub struct Session {
    color: bool,
    context: Arc<Context>,
    machine: Machine,
    /// The names of the variables, in the order of the machine's numbers. The first is [`LAST_VALUE`].
    globals: Vec<String>,
    /// The modules that entries have imported.
    modules: Vec<Arc<Module>>,
    /// The structs and variants that some of them make.
    structures: Vec<(String, StructureFacts)>,
    /// The variable that a leading `|>` continues from.
    last_result: Option<String>,
    /// What has run so far, `:reset` or not.
    script: Script,
    interrupts: SessionState,
    /// The builtins, for completion.
    builtins: Arc<BTreeMap<&'static str, &'static Native>>,
    /// What the programs looked like that functions of the session come from.
    listings: Vec<(Arc<LoadedProgram>, Program)>,
    /// Whether a profile is wanted of what runs next.
    profiles: bool,
    /// The profile of what ran last, where one was wanted.
    profile: Option<Profile>,
}

/// What running an entry gave.
pub struct Evaluation {
    /// The value, or why there is none.
    pub value: Result<Value, Failure>,
    /// What running it took, without compiling; `None` where it did not compile.
    pub usage: Option<Usage>,
}

impl Session {
    pub fn new(settings: &Settings, gate: &Gate, color: bool) -> Session {
        let context = Arc::new(pipeline::context(Vec::new(), settings, gate));
        let builtins = context.natives.iter().map(|(name, native)| (*name, *native)).collect();
        Session {
            builtins: Arc::new(builtins),
            listings: Vec::new(),
            color,
            machine: pipeline::machine(Arc::clone(&context)),
            context,
            globals: vec![LAST_VALUE.to_owned()],
            modules: Vec::new(),
            structures: Vec::new(),
            last_result: None,
            script: Script::default(),
            interrupts: SessionState::default(),
            profiles: false,
            profile: None,
        }
    }

    /// What the declaration of a name says about itself.
    pub fn documentation(&self, name: &str) -> Option<&Documentation> {
        self.machine.documentation(name)
    }

    /// What all machines of the session share.
    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Whether messages are coloured.
    pub fn color(&self) -> bool {
        self.color
    }

    /// The state that the Ctrl-C handler shares.
    pub fn interrupts(&self) -> SessionState {
        self.interrupts.clone()
    }

    /// Lets Ctrl-C interrupt entries; `prompt` where somebody is typing.
    pub fn listen(&self, prompt: Option<&'static str>) {
        self.interrupts.stop_entries(&self.context.interrupted, prompt);
    }

    /// Forgets all variables.
    pub fn reset(&mut self) {
        self.machine = pipeline::machine(Arc::clone(&self.context));
        self.globals.truncate(1);
        self.modules.clear();
        self.structures.clear();
        self.listings.clear();
        self.last_result = None;
    }

    /// Runs an entry, remembers its value, and gives its profile; none where it did not run.
    pub fn evaluate_profiled(&mut self, text: &str) -> (Evaluation, Option<Profile>) {
        self.profiles = true;
        let evaluation = self.evaluate(text, Origin::Command);
        self.profiles = false;
        (evaluation, self.profile.take())
    }

    /// Runs an entry and remembers its value.
    pub fn evaluate(&mut self, text: &str, origin: Origin) -> Evaluation {
        let source = self.source(text);
        let mut evaluation = self.execute(&source, None, true);
        let mut gives_value = false;
        if let Ok(value) = &mut evaluation.value {
            // `let` has no value, but it is clear what a pipe that follows means.
            if let Some(name) = bound_name(text) {
                self.last_result = Some(name.to_owned());
            } else if !matches!(value, Value::Nil) {
                gives_value = true;
                self.machine.set_global(0, value.clone());
                self.last_result = Some(LAST_VALUE.to_owned());
            }
        }
        self.script.add(&source, origin, gives_value, evaluation.value.is_err());
        evaluation
    }

    /// What has been entered so far.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// Runs a file as if it had been entered.
    pub fn load(&mut self, source: &SourceText, file: &Path) -> Result<(), Failure> {
        self.execute(source, Some(file), true).value?;
        self.script.add(source, Origin::Command, false, false);
        Ok(())
    }

    /// The last result: the value that a leading `|>` continues from.
    pub fn last_result(&self) -> Option<Value> {
        self.variable(self.last_result.as_deref()?)
    }

    /// Calls a builtin with the last result and a path.
    pub fn write_last_result(&mut self, builtin: &str, path: &str) -> Result<(), Failure> {
        let Some(name) = &self.last_result else { return Ok(()) };
        let path = path.replace('\\', "\\\\").replace('"', "\\\"");
        let code = format!("{builtin}({name}, \"{path}\")");
        self.execute(&SourceText::new("<repl>", code), None, false).value.map(drop)
    }

    /// The type of an expression. Changes of variables that it makes are taken back.
    pub fn type_of(&mut self, text: &str) -> Result<&'static str, Failure> {
        let before: Vec<Value> = self.machine.globals().collect();
        let evaluation = self.execute(&self.source(text), None, false);
        let count = self.machine.globals().count();
        let values = before.into_iter().chain(std::iter::repeat(Value::Nil)).take(count);
        for (number, value) in values.enumerate() {
            self.machine.set_global(number, value);
        }
        evaluation.value.map(|value| value.type_of().name())
    }

    /// Compiles an entry and does not run it.
    pub fn compile(&self, text: &str) -> Result<Program, Failure> {
        let source = self.source(text);
        let compile = || self.compile_source(&source, None).map(|compiled| compiled.program);
        isolation::catch(compile).unwrap_or_else(|panic| Err(Failure::Panic(panic)))
    }

    /// Prepares an entry that is to run several times. The names that it declares are forgotten.
    pub fn prepare(&self, text: &str) -> Result<Arc<LoadedProgram>, Failure> {
        Ok(pipeline::load(self.compile(text)?, &self.context)?)
    }

    /// The program that a function of the session comes from.
    pub fn listing(&self, program: &Arc<LoadedProgram>) -> Option<&Program> {
        self.listings.iter().find(|(loaded, _)| Arc::ptr_eq(loaded, program)).map(|(_, program)| program)
    }

    fn compile_source(&self, source: &SourceText, file: Option<&Path>) -> Result<Compiled, Failure> {
        let earlier =
            Earlier { globals: &self.globals, modules: &self.modules, structures: &self.structures };
        let compiled = pipeline::compile_entry(source, file, &self.context.gate, &earlier)?;
        pipeline::warn(source, &compiled.warnings, self.color);
        Ok(compiled)
    }

    fn execute(&mut self, source: &SourceText, file: Option<&Path>, keeps_names: bool) -> Evaluation {
        let mut run = || {
            let compiled = self.compile_source(source, file)?;
            if keeps_names {
                self.globals.clone_from(&compiled.program.globals);
                self.modules = compiled.modules;
                self.structures = compiled.structures;
            }
            // Nothing but the top level means that no function outlives the entry.
            let listing = (compiled.program.functions.len() > 1).then(|| compiled.program.clone());
            let loaded = pipeline::load(compiled.program, &self.context)?;
            self.listings.extend(listing.map(|listing| (Arc::clone(&loaded), listing)));
            Ok(loaded)
        };
        match isolation::catch(&mut run).unwrap_or_else(|panic| Err(Failure::Panic(panic))) {
            Ok(program) => self.run(&program),
            Err(failure) => Evaluation { value: Err(failure), usage: None },
        }
    }

    /// Runs a program.
    pub fn run(&mut self, program: &Arc<LoadedProgram>) -> Evaluation {
        self.machine.renew_limits();
        let watch = match interrupt::watch_limits(&self.context, self.color) {
            Ok(watch) => watch,
            Err(error) => return Evaluation { value: Err(Failure::Error(error)), usage: None },
        };
        let measurement = Measurement::start();
        let (machine, flag) = (&mut self.machine, &self.context.interrupted);
        let (profiles, profile) = (self.profiles, &mut self.profile);
        let run = || match profiles {
            false => pipeline::run(machine, program),
            true => {
                let (result, found) = machine.profile(|machine| pipeline::run(machine, program));
                *profile = Some(found);
                result
            }
        };
        let result = self.interrupts.while_running(flag, || isolation::catch(run));
        let usage = Some(measurement.finish());
        drop(watch);
        let written = self.context.output.finish();
        let value = match result {
            Ok(Ok(value)) => written.map(|()| value).map_err(Failure::Error),
            Ok(Err(error)) => Err(Failure::Error(error)),
            Err(panic) => Err(Failure::Panic(panic)),
        };
        Evaluation { value, usage }
    }

    /// An entry that begins with `|>` continues from the previous result.
    fn with_left_side(&self, text: &str) -> String {
        match &self.last_result {
            Some(name) if text.trim_start().starts_with("|>") => format!("{name} {}", text.trim_start()),
            _ => text.to_owned(),
        }
    }

    /// The variables that the user has defined, sorted by name.
    pub fn variables(&self) -> Vec<(&str, Value)> {
        let names = self.globals.iter().map(String::as_str).zip(self.machine.globals()).skip(1);
        // Those of modules are not the user's.
        let names = names.filter(|(name, _)| is_identifier(name));
        // A name that was defined again has two numbers; the later one counts.
        let by_name: std::collections::BTreeMap<_, _> = names.collect();
        by_name.into_iter().collect()
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<Value> {
        let number = self.globals.iter().rposition(|global| global == name)?;
        self.machine.globals().nth(number)
    }

    /// Whether the name means something in this session.
    pub fn knows(&self, name: &str) -> bool {
        self.globals.iter().any(|global| global == name) || self.context.native(name).is_some()
    }

    /// What the Tab key may offer.
    pub fn completions(&self) -> Names {
        let variables = self.variables().into_iter().map(|(name, value)| Variable {
            name: name.to_owned(),
            methods: self.machine.method_names(&value),
            signature: self.signature(name, &value).unwrap_or_default(),
            value,
        });
        Names { builtins: Arc::clone(&self.builtins), variables: variables.collect() }
    }

    /// How a function of the session is called.
    fn signature(&self, name: &str, value: &Value) -> Option<String> {
        match value {
            Value::Closure(closure) if !closure.function().signature.is_empty() => {
                let signature = closure.function().signature.as_str();
                Some(signature.strip_prefix("fn ").unwrap_or(signature).to_owned())
            }
            Value::Closure(_) | Value::Foreign(_) => {
                self.machine.documentation(name).map(|documentation| documentation.signature.clone())
            }
            Value::Native(native) => Some(native.signature.to_string()),
            _ => None,
        }
    }

    /// An entry as the compiler gets it.
    pub fn source(&self, text: &str) -> SourceText {
        SourceText::new("<repl>", self.with_left_side(text))
    }
}

/// Whether a script could write the name.
fn is_identifier(name: &str) -> bool {
    name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The variable that an entry binds, where it is a single `let` or `const`.
fn bound_name(text: &str) -> Option<&str> {
    let words = text.trim_start();
    let rest = words.strip_prefix("let ").or_else(|| words.strip_prefix("const "))?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let is_single = !name.is_empty() && after.trim_start().starts_with(['=', ':']);
    is_single.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_variable_an_entry_binds() {
        assert_eq!(bound_name("let reads = read_fastq(path)"), Some("reads"));
        assert_eq!(bound_name("  const k: Int = 21"), Some("k"));
        for text in ["let (a, b) = pair", "letter = 1", "let", "x = 1", "let {id} = r"] {
            assert_eq!(bound_name(text), None, "{text}");
        }
    }
}
