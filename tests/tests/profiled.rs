//! A script does the same under the profiler: every case below `language/`, `builtins/` and `command/` runs once more with it.

use biovm_tests::case::{self, Case};
use biovm_tests::process;
use biovm_tests::{executable, expectation};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What the times of functions may differ from the wall time by: a share of it, and some seconds where that is very little.
const SHARE: f64 = 0.03;
const SECONDS: f64 = 1e-4;

#[test]
fn every_case_does_the_same_under_the_profiler() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (cases, _) = case::find(root).expect("the cases can be read");
    // What options a case has is no business of this test, and limits strike elsewhere where more is counted.
    let cases: Vec<&Case> = cases.iter().filter(|case| case.flags.is_empty()).collect();
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    let reports = tempfile::tempdir().expect("a temporary folder");
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    let profiled = AtomicUsize::new(0);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(number) else { break };
            let report = reports.path().join(format!("{number}.json"));
            // A thread may be put aside just between two looks at the clock, but not each time.
            let attempt = || check(case, &executable, &report);
            match attempt().or_else(|_| attempt()).or_else(|_| attempt()) {
                Ok(has_run) => drop(profiled.fetch_add(usize::from(has_run), Ordering::Relaxed)),
                Err(problem) => {
                    problems.lock().expect("no panic").push(format!("{}\n  {problem}", case.name));
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut problems = problems.into_inner().expect("no panic");
    problems.sort();
    assert!(problems.is_empty(), "{}\n{} of {} cases", problems.join("\n"), problems.len(), cases.len());
    // Some do not compile, as they must not.
    let profiled = profiled.into_inner();
    assert!(profiled > cases.len() / 2, "only {profiled} of {} cases were profiled", cases.len());
}

/// Runs a case; whether there was something to profile.
fn check(case: &Case, executable: &Path, report: &Path) -> Result<bool, String> {
    let mut command = Command::new(executable);
    command.arg("profile").arg("-o").arg(report).arg(&case.script).args(&case.arguments);
    command.current_dir(&case.folder).env_remove("BIOLANG_PATH").env("HOME", "/nonexistent");
    command.envs(case.environment.iter().map(|(name, value)| (name, value)));
    let outcome = process::run(command, &case.input).map_err(|error| error.to_string())?;
    if outcome.code != Some(case.code) {
        return Err(format!("exit code {:?} instead of {}: {}", outcome.code, case.code, outcome.messages));
    }
    if outcome.output != case.output {
        return Err(format!("it prints\n{}", outcome.output));
    }
    if !expectation::matches(&case.messages, &outcome.messages) {
        return Err(format!("its messages are\n{}", outcome.messages));
    }
    if !report.exists() {
        return Ok(false);
    }
    let text = fs::read_to_string(report).map_err(|error| error.to_string())?;
    let profile: Value = serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?;
    adds_up(&profile)?;
    Ok(true)
}

/// The times of all functions together are the wall time, and so are those of all stacks.
fn adds_up(profile: &Value) -> Result<(), String> {
    let wall = profile["wall_s"].as_f64().ok_or("no wall time")?;
    for rows in ["functions", "stacks"] {
        let rows = profile[rows].as_array().ok_or("no rows")?;
        let sum: f64 = rows.iter().filter_map(|row| row["self_s"].as_f64()).sum();
        if (sum - wall).abs() > wall * SHARE + SECONDS {
            return Err(format!("{sum} s in functions, {wall} s in all: {profile:#}"));
        }
    }
    let instructions = profile["opcodes"].as_array().ok_or("no opcodes")?;
    match instructions.iter().filter_map(|row| row["count"].as_u64()).sum::<u64>() {
        0 => Err("no instruction was counted".to_owned()),
        _ => Ok(()),
    }
}
