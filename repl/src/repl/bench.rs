//! `:bench`: how long an expression takes, run again and again.

use crate::failure::Failure;
use crate::repl::session::Session;
use crate::statistics::{Spread, duration};
use biovm_vm::LoadedProgram;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs that are not counted go on for so long.
const WARM_UP: Duration = Duration::from_millis(200);
/// Runs that are counted go on for so long, but there are at least [`FEWEST`] and at most [`MOST`] of them.
const PATIENCE: Duration = Duration::from_secs(2);
const FEWEST: usize = 5;
const MOST: usize = 1_000;

/// The times of an expression, in two lines. What it prints is not shown.
pub fn bench(code: &str, session: &mut Session) -> Result<String, Failure> {
    let program = session.prepare(code)?;
    session.context().output.mute(true);
    let result = measure(&program, session);
    session.context().output.mute(false);
    result.map(|(warm_up, times)| report(warm_up, &times))
}

/// The number of runs to warm up, and the seconds of those that count.
fn measure(program: &Arc<LoadedProgram>, session: &mut Session) -> Result<(usize, Vec<f64>), Failure> {
    let mut warm_up = 0;
    let started = Instant::now();
    while warm_up == 0 || started.elapsed() < WARM_UP && warm_up < MOST {
        session.run(program).value?;
        warm_up += 1;
    }
    let mut times = Vec::new();
    let started = Instant::now();
    while times.len() < FEWEST || started.elapsed() < PATIENCE && times.len() < MOST {
        let evaluation = session.run(program);
        evaluation.value?;
        times.extend(evaluation.usage.map(|usage| usage.wall.as_secs_f64()));
    }
    Ok((warm_up, times))
}

fn report(warm_up: usize, times: &[f64]) -> String {
    let Spread { median, lower, upper, least, most } = Spread::of(times);
    format!(
        "Median {}, half of the runs between {} and {}, all between {} and {}\n{} runs, and {warm_up} before them to warm up",
        duration(median),
        duration(lower),
        duration(upper),
        duration(least),
        duration(most),
        times.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_words() {
        assert_eq!(
            report(3, &[1.0, 2.0, 3.0, 4.0, 5.0]),
            "Median 3.000 s, half of the runs between 2.000 s and 4.000 s, all between 1.000 s and 5.000 s\n\
             5 runs, and 3 before them to warm up"
        );
    }
}
