//! The command line of programs that print a table: how many rounds, and which row alone.

use std::error::Error;
use std::process::ExitCode;

/// Prints a table by `print`, which gets the number of rounds and the one row that is wanted. `usage` is shown where the number
/// is none.
pub fn table(
    usage: &str,
    rounds: usize,
    print: impl FnOnce(usize, Option<&str>) -> Result<(), Box<dyn Error>>,
) -> ExitCode {
    let mut words = std::env::args().skip(1);
    let rounds = words.next().map_or(Ok(rounds), |word| word.parse::<usize>());
    let Ok(rounds @ 1..) = rounds else {
        eprintln!("usage: {usage}");
        return ExitCode::from(2);
    };
    match print(rounds, words.next().as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
