//! All programs in all languages.

use super::language::Language;
use super::process::{self, Run};
use super::programs::Program;
use std::path::Path;
use std::time::Duration;

/// The least times of one program in one language.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Time of processors.
    pub processor: Duration,
    /// Time on the wall.
    pub wall: Duration,
}

/// What one program takes in each language, in their order.
#[derive(Clone, Debug)]
pub struct Row {
    /// The program.
    pub program: Program,
    /// Its times.
    pub times: Vec<Times>,
}

/// Runs a program so many times in each language, in turn, so that a computer that gets slower for a while slows all of
/// them down. An error names the language that failed or gave another answer.
pub fn measure(
    program: Program,
    languages: &[Language],
    folder: &Path,
    rounds: usize,
) -> Result<Row, String> {
    let mut least: Vec<Option<Times>> = vec![None; languages.len()];
    let mut answer: Option<(&str, String)> = None;
    for _ in 0..rounds {
        for (language, least) in languages.iter().zip(&mut least) {
            let command = language.command(&language.file(folder, program.name));
            let run = process::run(command)
                .map_err(|problem| format!("{} in {}: {problem}", program.name, language.name))?;
            let (first, expected) = answer.get_or_insert_with(|| (language.name, run.output.clone()));
            if run.output != *expected {
                return Err(format!(
                    "{}: {} and {first} give different answers:\n{}{expected}",
                    program.name, language.name, run.output
                ));
            }
            *least = Some(lesser(*least, &run));
        }
    }
    let times = least.into_iter().collect::<Option<Vec<_>>>().ok_or("at least one round is needed")?;
    Ok(Row { program, times })
}

fn lesser(so_far: Option<Times>, run: &Run) -> Times {
    let times = so_far.unwrap_or(Times { processor: run.processor, wall: run.wall });
    Times { processor: times.processor.min(run.processor), wall: times.wall.min(run.wall) }
}
