//! What profiling costs with this build on this computer: measured where it is needed, in some hundredths of a second.

use super::cost;
use crate::pipeline;
use biovm_compiler::Options;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_vm::output::Output;
use biovm_vm::{Context, LoadedProgram, Machine};
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Ordinary instructions.
const SCRIPT: &str = "let sum = 0\nfor n in range(0, 50000) { sum = sum + n % 13 }\nsum";

/// The beginning of a run is profiled more closely, which is no matter here.
const BEGINNING: Duration = Duration::from_millis(10);

/// The fastest of so many runs counts.
const RUNS: usize = 12;

/// The part of the time of an ordinary instruction that is due to profiling.
pub fn part_of_profiling() -> f64 {
    static PART: OnceLock<f64> = OnceLock::new();
    *PART.get_or_init(|| measure().unwrap_or(cost::PROFILING))
}

fn measure() -> Option<f64> {
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let source = SourceText::new("", SCRIPT);
    let compiled = biovm_compiler::compile(&source, &Options { signatures, ..Options::default() }).ok()?;
    let context = Arc::new(Context::new(biovm_stdlib::natives(), Output::new(io::sink(), false)));
    let program = pipeline::load(compiled.program, &context).ok()?;
    let mut machine = Machine::new(context);
    let plain = fastest(&mut machine, &program)?;
    let (profiled, _) = machine.profile(|machine| {
        let began = Instant::now();
        while began.elapsed() < BEGINNING {
            pipeline::run(machine, &program).ok()?;
        }
        fastest(machine, &program)
    });
    let part = 1.0 - plain.as_secs_f64() / profiled?.as_secs_f64();
    // What else the computer does has disturbed one of the two.
    (0.1..0.8).contains(&part).then_some(part)
}

fn fastest(machine: &mut Machine, program: &Arc<LoadedProgram>) -> Option<Duration> {
    let mut fastest = Duration::MAX;
    for _ in 0..RUNS {
        let began = Instant::now();
        pipeline::run(machine, program).ok()?;
        fastest = fastest.min(began.elapsed());
    }
    Some(fastest)
}
