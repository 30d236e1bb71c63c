//! Compiling a script once and running it often.
//!
//! A script of the suite ends in a record of two functions: `prepare(argument)`, which is not measured, and
//! `run(prepared)`, which is.

use biovm_compiler::diagnostic::render;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::profile::Profile;
use biovm_vm::{Context, LoadedProgram, Machine, Value};
use std::sync::Arc;

/// A script that is ready to be measured.
pub struct Script {
    machine: Machine,
    run: Value,
    prepared: Value,
}

impl Script {
    /// Compiles and loads the script, and calls its `prepare`. Panics where anything fails: a case that does not run is
    /// not worth a measurement.
    pub fn prepare(name: &str, text: &str, argument: Value) -> Script {
        let source = SourceText::new(name, text);
        let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
        let compiled = compile(&source, &Options { signatures, ..Options::default() })
            .unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, &source, false)));
        let output = Output::new(std::io::sink(), false);
        let context = Arc::new(Context::new(biovm_stdlib::natives(), output));
        let program =
            LoadedProgram::load(compiled.program, &context).expect("the compiler's programs verify");
        let mut machine = Machine::new(context);
        let functions = machine.run(&Arc::new(program)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let Value::Record(functions) = functions else { panic!("{name} does not end in a record") };
        let function = |field| functions.get(field).cloned().unwrap_or_default();
        let (prepare, run) = (function("prepare"), function("run"));
        let prepared = machine.call(&prepare, [argument]).unwrap_or_else(|error| panic!("{name}: {error}"));
        Script { machine, run, prepared }
    }

    /// Calls `run`.
    pub fn run(&mut self) -> Value {
        match self.machine.call(&self.run, [self.prepared.clone()]) {
            Ok(value) => value,
            Err(error) => panic!("{error}"),
        }
    }

    /// Calls `run` under a profile.
    pub fn run_profiled(&mut self) -> (Value, Profile) {
        let arguments = [self.prepared.clone()];
        let (result, profile) = self.machine.profile(|machine| machine.call(&self.run, arguments));
        (result.unwrap_or_else(|error| panic!("{error}")), profile)
    }
}
