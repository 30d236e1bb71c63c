//! `biovm bench`: how much faster a script is with more threads.
//!
//! * [`options`]: what can be asked for
//! * [`run`]: one run of the script in a process of its own
//! * [`comparison`]: whether it prints the same each time
//! * [`amdahl`]: which part of the work is serial
//! * [`report`] and [`chart`]: the result as text and JSON, and as a picture
//!
//! Each run is a process of its own: the memory that one run has used, its open connections and its caches are not there for
//! the next, and the peak of the memory is that of one run. What is measured is the time of the script alone, which the process
//! itself reports, without its start and without compiling.

mod amdahl;
mod chart;
mod comparison;
pub mod options;
mod report;
mod run;

use crate::command_line::Settings;
use crate::failure::Failure;
use crate::statistics::Spread;
use crate::terminal::{self, Status};
use crate::worker_counts::WorkerCounts;
use crate::{source, whole_file};
use comparison::Comparison;
use options::{Bench, BenchFormat};
use run::{Measured, Script};
use std::ffi::OsStr;

/// What was measured with one number of workers.
pub struct Row {
    /// The number of workers.
    pub workers: usize,
    /// Seconds of each run.
    pub times: Vec<f64>,
    /// The same in short.
    pub spread: Spread,
    /// The median of the seconds of the processor.
    pub cpu: Option<f64>,
    /// The most bytes that a run has held.
    pub peak_memory: Option<u64>,
    /// How many times as fast as with the lowest number of workers.
    pub speed_up: f64,
    /// The speed-up as a part of what it could be.
    pub efficiency: f64,
}

/// The whole result.
pub struct Outcome {
    /// The script as the user has named it.
    pub script: String,
    /// The runs that count, and those before them.
    pub runs: usize,
    pub warmup: usize,
    /// One for each number of workers, the lowest first.
    pub rows: Vec<Row>,
    /// What Amdahl's law makes of the times.
    pub fit: Option<amdahl::Fit>,
}

/// Measures a script.
pub fn bench(options: &Bench, settings: &Settings) -> Result<u8, Failure> {
    if options.script == OsStr::new(source::STANDARD_INPUT) {
        return Err(Failure::Usage(
            "biovm bench runs a script several times, so it has to be a file".to_owned(),
        ));
    }
    let counts = settings.workers.clone().unwrap_or_else(WorkerCounts::up_to_all);
    let script = Script::new(&options.script, &options.arguments, settings)?;
    script.stop_when_interrupted();
    let mut status = Status::new(settings.progress);

    // The first runs show whether the script works, and does the same with each number of workers.
    let mut comparison = Comparison::default();
    for (number, &workers) in counts.all().iter().enumerate() {
        status.show(&format!("checking with {}", with_workers(workers)));
        let outcome = script.run(workers, Some(&mut comparison))?;
        if !options.any_output
            && let Some(difference) = comparison.difference()
        {
            drop(status);
            return Err(Failure::Message(difference.describe(counts.all()[0], workers)));
        }
        if number == 0 && !outcome.messages.is_empty() {
            status.clear();
            terminal::write_message(&outcome.messages);
        }
    }
    let measured = measure(options, &script, counts.all(), &mut status)?;
    drop(status);
    let outcome = evaluate(options, counts.all(), measured);

    if let Some(file) = &options.svg {
        whole_file::write(file, chart::svg(&outcome)?.as_bytes(), None).map_err(|error| {
            Failure::Message(format!("error: cannot write {}: {error}", source::display_name(file)))
        })?;
    }
    match options.format {
        BenchFormat::Text => terminal::write_output(&report::text(&outcome, terminal::width()))?,
        BenchFormat::Json => terminal::write_output(&report::json(&outcome))?,
    }
    Ok(0)
}

/// Runs the script in rounds, each number of workers once a round, so that a machine that is slower for a while is so for all.
fn measure(
    options: &Bench,
    script: &Script,
    counts: &[usize],
    status: &mut Status,
) -> Result<Vec<Vec<Measured>>, Failure> {
    let mut measured: Vec<Vec<Measured>> = counts.iter().map(|_| Vec::new()).collect();
    // The runs for the comparison have warmed up already.
    let warmup = options.warmup.saturating_sub(1);
    for round in 0..warmup + options.runs {
        for (runs, &workers) in measured.iter_mut().zip(counts) {
            let what = if round < warmup { "warming up" } else { "measuring" };
            let total = warmup + options.runs;
            status.show(&format!("{what} with {}, round {} of {total}", with_workers(workers), round + 1));
            let outcome = script.run(workers, None)?;
            if round >= warmup {
                runs.push(outcome.measured);
            }
        }
    }
    Ok(measured)
}

fn evaluate(options: &Bench, counts: &[usize], measured: Vec<Vec<Measured>>) -> Outcome {
    let mut base = None;
    let mut rows: Vec<Row> = Vec::new();
    for (&workers, runs) in counts.iter().zip(measured) {
        let times: Vec<f64> = runs.iter().map(|run| run.wall_seconds).collect();
        let spread = Spread::of(&times);
        let cpu: Option<Vec<f64>> = runs.iter().map(|run| run.cpu_seconds).collect();
        let (base_workers, base_time) = *base.get_or_insert((workers, spread.median));
        let speed_up = base_time / spread.median;
        rows.push(Row {
            workers,
            times,
            spread,
            cpu: cpu.map(|seconds| Spread::of(&seconds).median),
            peak_memory: runs.iter().filter_map(|run| run.peak_memory_bytes).max(),
            speed_up,
            efficiency: speed_up * base_workers as f64 / workers as f64,
        });
    }
    let points: Vec<(usize, f64)> = rows.iter().map(|row| (row.workers, row.spread.median)).collect();
    Outcome {
        script: source::display_name(&options.script),
        runs: options.runs,
        warmup: options.warmup.max(1),
        fit: amdahl::fit(&points),
        rows,
    }
}

/// `1 worker`, `4 workers`
fn with_workers(count: usize) -> String {
    if count == 1 { "1 worker".to_owned() } else { format!("{count} workers") }
}
