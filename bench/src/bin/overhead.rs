//! What profiling costs: `overhead [ROUNDS [NAME]]`. Each case of the suite, and each program that `run-peers` compares, runs with and
//! without a profile in alternation. The fastest run of each counts, since whatever else the computer does only makes runs slower.

use biovm_bench::peers::process;
use biovm_bench::peers::programs::{Kind, PROGRAMS};
use biovm_bench::{CASES, Size, rounds};
use biovm_tests::executable;
use biovm_vm::machine::allocator::CountingAllocator;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// Counts what scripts allocate while they are profiled, as in the command.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// A profiled run may take so many times as long.
const TARGET: f64 = 2.0;

fn main() -> ExitCode {
    rounds::table("overhead [ROUNDS [NAME]]\nexample: overhead 9 push_pop", 9, table)
}

fn table(rounds: usize, wanted: Option<&str>) -> Result<(), Box<dyn Error>> {
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| wanted == name);
    println!("| Script | run | profiled | ratio |\n|---|---:|---:|---:|");
    let mut ratios = Vec::new();
    for (name, make) in CASES.into_iter().filter(|(name, _)| is_wanted(name)) {
        let mut case = make(Size::Full);
        let (mut run, mut profiled) = (Duration::MAX, Duration::MAX);
        for _ in 0..rounds {
            let started = Instant::now();
            drop(black_box(case.run_script()));
            run = run.min(started.elapsed());
            let started = Instant::now();
            drop(black_box(case.run_profiled()));
            profiled = profiled.min(started.elapsed());
        }
        ratios.push(row(name, run, profiled));
    }
    let executable = executable::build()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/biovm");
    for program in PROGRAMS.iter().filter(|program| program.kind == Kind::Machine && is_wanted(program.name))
    {
        let command = |word| {
            let mut command = Command::new(&executable);
            command.arg(word).arg(folder.join(program.name).with_extension("bl"));
            command
        };
        let (mut run, mut profiled) = (Duration::MAX, Duration::MAX);
        for _ in 0..rounds {
            run = run.min(process::run(command("run"))?.wall);
            profiled = profiled.min(process::run(command("profile"))?.wall);
        }
        ratios.push(row(&format!("`biovm profile {}.bl`", program.name), run, profiled));
    }
    let below = ratios.iter().filter(|ratio| **ratio < TARGET).count();
    println!("\n{below} of {} below {TARGET}", ratios.len());
    Ok(())
}

/// Prints a row, and gives how many times as long the profiled run took.
fn row(name: &str, run: Duration, profiled: Duration) -> f64 {
    let ratio = profiled.as_secs_f64() / run.as_secs_f64();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    println!("| {name} | {:.2} ms | {:.2} ms | {ratio:.2} |", milliseconds(run), milliseconds(profiled));
    ratio
}
