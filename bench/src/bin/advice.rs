//! What following advice gains: `advice [ROUNDS [NAME]]`. For each script of `tests/advice` that a profile has something to say about,
//! the gain that it predicts, and the gain of the version that follows the advice. Script and version run in alternation, not
//! profiled; the fastest run of each counts, since whatever else the computer does only makes runs slower.

use biovm_bench::rounds;
use biovm_tests::advice::{self, Case, Data};
use biovm_tests::executable;
use std::error::Error;
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

/// A prediction may differ from what is measured by so many percent.
const TARGET: f64 = 25.0;

fn main() -> ExitCode {
    rounds::table("advice [ROUNDS [NAME]]\nexample: advice 7 cpu-map", 7, table)
}

fn table(rounds: usize, wanted: Option<&str>) -> Result<(), Box<dyn Error>> {
    let executable = executable::build()?;
    let folder = tempfile::tempdir()?;
    let data = Data::new(folder.path())?;
    println!("| Script | Advice | Predicted | Measured | Difference |\n|---|---|---:|---:|---:|");
    let (mut all, mut near) = (0, 0);
    for case in advice::cases()? {
        if wanted.is_some_and(|wanted| wanted != case.name) {
            continue;
        }
        let Some(better) = &case.better else { continue };
        let row = row(&case, better, &executable, &data, rounds)?;
        all += 1;
        near += usize::from(row.abs() <= TARGET);
    }
    println!("\n{near} of {all} within {TARGET} %");
    Ok(())
}

/// Prints a row, and gives by how many percent the prediction differs.
fn row(
    case: &Case,
    better: &Path,
    executable: &Path,
    data: &Data,
    rounds: usize,
) -> Result<f64, Box<dyn Error>> {
    let (mut before, mut after) = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        before = before.min(time(executable, &case.script, data)?);
        after = after.min(time(executable, better, data)?);
    }
    let mut predictions = Vec::new();
    let mut kind = String::new();
    for _ in 0..rounds {
        let profile = advice::profile(executable, &case.script, data)?;
        let first = &profile["advice"]["suggestions"][0];
        kind = first["kind"].as_str().unwrap_or("none").to_owned();
        let peak = first["peak_memory"].as_f64().zip(profile["peak_memory"].as_f64());
        predictions.push(match peak {
            Some((then, now)) => now / then,
            None => first["gain"].as_f64().unwrap_or(1.0),
        });
        if peak.is_some() {
            // What it gains is memory.
            let now = profile["peak_memory"].as_f64().unwrap_or(1.0);
            let then = advice::profile(executable, better, data)?["peak_memory"].as_f64().unwrap_or(1.0);
            before = Duration::from_secs_f64(now / 1e9);
            after = Duration::from_secs_f64(then / 1e9);
        }
    }
    predictions.sort_by(f64::total_cmp);
    let predicted = predictions[rounds / 2];
    let measured = before.as_secs_f64() / after.as_secs_f64();
    let difference = (predicted / measured - 1.0) * 100.0;
    let of = if kind == "stream" { " of memory" } else { "" };
    println!("| `{}` | {kind} | {predicted:.2}×{of} | {measured:.2}× | {difference:+.0} % |", case.name);
    Ok(difference)
}

fn time(executable: &Path, script: &Path, data: &Data) -> Result<Duration, Box<dyn Error>> {
    let mut command = advice::run(executable, script, data);
    command.stdout(Stdio::null());
    let started = Instant::now();
    let status = command.status()?;
    let took = started.elapsed();
    if !status.success() {
        return Err(format!("{} fails", script.display()).into());
    }
    Ok(took)
}
