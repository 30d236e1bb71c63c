//! The variables of a session, and the machine that runs its entries.

use crate::command_line::Settings;
use crate::failure::Failure;
use crate::interrupt::{self, SessionState};
use crate::isolation;
use crate::pipeline::{self, Earlier};
use crate::repl::completion::Names;
use biovm_bytecode::program::Documentation;
use biovm_compiler::module::Module;
use biovm_compiler::resolve::StructureFacts;
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::profile::Profile;
use biovm_vm::{Context, LoadedProgram, Machine, Value};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// The variable that holds the last value.
const LAST_VALUE: &str = "_";

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
    interrupts: SessionState,
    /// Whether a profile is wanted of what runs next.
    profiles: bool,
    /// The profile of what ran last, where one was wanted.
    profile: Option<Profile>,
}

/// What running an entry gave.
pub struct Evaluation {
    /// The value, or why there is none.
    pub value: Result<Value, Failure>,
    /// The time that it ran, without compiling; `None` where it did not compile.
    pub elapsed: Option<Duration>,
}

impl Session {
    pub fn new(settings: &Settings, gate: &Gate, color: bool) -> Session {
        let context = Arc::new(pipeline::context(Vec::new(), settings, gate));
        Session {
            color,
            machine: pipeline::machine(Arc::clone(&context)),
            context,
            globals: vec![LAST_VALUE.to_owned()],
            modules: Vec::new(),
            structures: Vec::new(),
            last_result: None,
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
        self.last_result = None;
    }

    /// Runs an entry, remembers its value, and gives its profile; none where it did not run.
    pub fn evaluate_profiled(&mut self, text: &str) -> (Evaluation, Option<Profile>) {
        self.profiles = true;
        let evaluation = self.evaluate(text);
        self.profiles = false;
        (evaluation, self.profile.take())
    }

    /// Runs an entry and remembers its value.
    pub fn evaluate(&mut self, text: &str) -> Evaluation {
        let mut evaluation = self.execute(&SourceText::new("<repl>", self.with_left_side(text)), None, true);
        if let Ok(value) = &mut evaluation.value {
            // `let` has no value, but it is clear what a pipe that follows means.
            if let Some(name) = bound_name(text) {
                self.last_result = Some(name.to_owned());
            } else if !matches!(value, Value::Nil) {
                self.machine.set_global(0, value.clone());
                self.last_result = Some(LAST_VALUE.to_owned());
            }
        }
        evaluation
    }

    /// Runs a file as if it had been entered.
    pub fn load(&mut self, source: &SourceText, file: &Path) -> Result<(), Failure> {
        self.execute(source, Some(file), true).value.map(drop)
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
        let evaluation = self.execute(&SourceText::new("<repl>", self.with_left_side(text)), None, false);
        let count = self.machine.globals().count();
        let values = before.into_iter().chain(std::iter::repeat(Value::Nil)).take(count);
        for (number, value) in values.enumerate() {
            self.machine.set_global(number, value);
        }
        evaluation.value.map(|value| value.type_of().name())
    }

    fn execute(&mut self, source: &SourceText, file: Option<&Path>, keeps_names: bool) -> Evaluation {
        let mut run = || {
            let earlier =
                Earlier { globals: &self.globals, modules: &self.modules, structures: &self.structures };
            let compiled = pipeline::compile_entry(source, file, &self.context.gate, &earlier)?;
            pipeline::warn(source, &compiled.warnings, self.color);
            if keeps_names {
                self.globals.clone_from(&compiled.program.globals);
                self.modules = compiled.modules;
                self.structures = compiled.structures;
            }
            Ok(pipeline::load(compiled.program, &self.context)?)
        };
        match isolation::catch(&mut run).unwrap_or_else(|panic| Err(Failure::Panic(panic))) {
            Ok(program) => self.run(&program),
            Err(failure) => Evaluation { value: Err(failure), elapsed: None },
        }
    }

    fn run(&mut self, program: &Arc<LoadedProgram>) -> Evaluation {
        // A Ctrl-C that came too late for the entry before.
        self.context.interrupted.store(false, Ordering::Relaxed);
        self.machine.renew_limits();
        let watch = match interrupt::watch_limits(&self.context, self.color) {
            Ok(watch) => watch,
            Err(error) => return Evaluation { value: Err(Failure::Error(error)), elapsed: None },
        };
        let started = Instant::now();
        let machine = &mut self.machine;
        let (profiles, profile) = (self.profiles, &mut self.profile);
        let run = || match profiles {
            false => pipeline::run(machine, program),
            true => {
                let (result, found) = machine.profile(|machine| pipeline::run(machine, program));
                *profile = Some(found);
                result
            }
        };
        let result = self.interrupts.while_running(|| isolation::catch(run));
        let elapsed = Some(started.elapsed());
        drop(watch);
        let written = self.context.output.finish();
        let value = match result {
            Ok(Ok(value)) => written.map(|()| value).map_err(Failure::Error),
            Ok(Err(error)) => Err(Failure::Error(error)),
            Err(panic) => Err(Failure::Panic(panic)),
        };
        Evaluation { value, elapsed }
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
        let fields = self.variables().into_iter().map(|(name, value)| (name.to_owned(), field_names(&value)));
        Names { builtins: self.context.natives.keys().copied().collect(), variables: fields.collect() }
    }
}

fn field_names(value: &Value) -> Vec<String> {
    match value {
        Value::Record(record) => record.keys().map(|key| key.as_str().to_owned()).collect(),
        Value::Foreign(foreign) => foreign.field_names(),
        _ => Vec::new(),
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
