//! What the optimisations of the compiler may not change: random programs do the same with all of them, with none, and
//! after a way through a bytecode file.
//!
//! `PROPTEST_CASES=100000 cargo test -p biovm-tests --test optimisations` looks further.

mod grammar;

use biovm_bytecode::{Program, codec};
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::limits::{Limits, Quota};
use biovm_vm::output::Output;
use biovm_vm::{Context, LoadedProgram, Machine};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

/// What a script writes.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn compiled(script: &str, unoptimised: bool) -> Result<Program, String> {
    static SIGNATURES: OnceLock<Signatures> = OnceLock::new();
    let signatures =
        SIGNATURES.get_or_init(|| Signatures::new(biovm_stdlib::natives().map(|native| &native.signature)));
    let source = SourceText::new("random.bl", script);
    let options = Options { signatures: signatures.clone(), unoptimised, ..Options::default() };
    match compile(&source, &options) {
        Ok(compiled) => Ok(compiled.program),
        Err(errors) => Err(biovm_compiler::diagnostic::render(&errors, &source, false)),
    }
}

/// Everything that somebody could see of a run: the output, then the result or the error with its place and trace.
fn outcome(program: Program) -> String {
    let written = Written::default();
    let output = Output::new(written.clone(), false);
    let mut context = Context::new(biovm_stdlib::natives(), output);
    context.max_depth = 500;
    // Far more than any of them needs: a program that does not end is an error, not a test that hangs.
    context.limits = Limits::new(Quota { steps: Some(50_000_000), ..Quota::default() });
    let context = Arc::new(context);
    let program = Arc::new(LoadedProgram::load(program, &context).expect("the compiler's programs verify"));
    let mut machine = Machine::new(Arc::clone(&context));
    let mut end = String::new();
    match machine.run(&program).and_then(|value| biovm_vm::display::write_print(&mut end, &value)) {
        Ok(()) => {}
        Err(error) => {
            let _ = writeln!(end, "{:?}: {} ({:?})", error.kind(), error.message(), error.hint());
            if let Some(place) = error.position() {
                let _ = writeln!(end, "at {}:{}, {} wide", place.line, place.column, place.width);
            }
            for frame in error.trace() {
                let _ = writeln!(end, "in {} {:?}", frame.function, frame.place);
            }
        }
    }
    context.output.flush().expect("memory takes everything");
    let written = written.0.lock().expect("nobody panics while writing");
    format!("{}\n{end}", String::from_utf8_lossy(&written))
}

fn check(script: &str) -> Result<(), TestCaseError> {
    let plain = match compiled(script, true) {
        Ok(program) => outcome(program),
        Err(errors) => {
            let refused = compiled(script, false).expect_err("optimising makes no script right");
            prop_assert_eq!(refused, errors);
            return Ok(());
        }
    };
    let optimised = compiled(script, false).expect("optimising makes no script wrong");
    let file = codec::encode(&optimised, false);
    let read = codec::decode(&file).expect("the compiler's files can be read");
    let (optimised, read) = (outcome(optimised), outcome(read));
    // How far a program got when its time was over says nothing.
    if [&plain, &optimised, &read].iter().any(|outcome| outcome.contains("\nInterrupted: ")) {
        return Ok(());
    }
    prop_assert_eq!(&optimised, &plain, "optimised and plain differ in\n{}", script);
    prop_assert_eq!(&read, &plain, "the bytecode file and plain differ in\n{}", script);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn optimised_programs_do_what_plain_ones_do(script in grammar::program()) {
        check(&script)?;
    }
}

/// A generator whose programs all fail early, or are refused, would test nothing.
#[test]
fn most_random_programs_get_far() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = grammar::program();
    let (mut refused, mut loops, mut ended) = (0, 0, 0);
    for _ in 0..200 {
        let script = strategy.new_tree(&mut runner).expect("the grammar rejects nothing").current();
        match compiled(&script, false) {
            Ok(program) => {
                use biovm_bytecode::Instruction::IterateTake;
                let code = || program.functions.iter().flat_map(|function| &function.code);
                loops += usize::from(code().any(|each| matches!(each, IterateTake { .. })));
                ended += usize::from(outcome(program).contains("the end"));
            }
            Err(errors) => {
                println!("{script}\n{errors}");
                refused += 1;
            }
        }
    }
    assert!(refused < 20, "{refused} of 200 programs are refused");
    assert!(loops > 60, "only {loops} of 200 programs have a fused loop");
    assert!(ended > 100, "only {ended} of 200 programs get to their end");
}
