//! Runs scripts inside of a test.

use biovm_compiler::diagnostic::render;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::{Context, Error, LoadedProgram, Machine};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a script printed, and the error that ended it; a report of the compiler where it does not compile.
pub fn run(text: &str) -> (String, Result<(), String>) {
    let source = SourceText::new("test.bl", text);
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let compiled = match compile(&source, &Options { signatures, ..Options::default() }) {
        Ok(compiled) => compiled,
        Err(diagnostics) => return (String::new(), Err(render(&diagnostics, &source, false))),
    };
    let captured = Captured::default();
    let context = Arc::new(Context::new(biovm_stdlib::natives(), Output::new(captured.clone(), false)));
    let run = || -> Result<(), Error> {
        let program = Arc::new(LoadedProgram::load(compiled.program, &context)?);
        Machine::new(context.clone()).run(&program)?;
        context.output.flush()
    };
    let result = run().map_err(|error| error.to_string());
    let _ = context.output.flush();
    let printed = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    (printed, result)
}
