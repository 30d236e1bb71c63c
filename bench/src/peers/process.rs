//! One run of one program.

use crate::compiling::clock;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a run took and printed.
#[derive(Clone, Debug)]
pub struct Run {
    /// Time of processors, the system's work for it included.
    pub processor: Duration,
    /// Time on the wall, from start to end.
    pub wall: Duration,
    /// Standard output.
    pub output: String,
}

/// Runs the command to its end; an error says why it is not worth a measurement. No other process of this one may end
/// meanwhile.
pub fn run(mut command: Command) -> Result<Run, String> {
    let used = clock::of_ended_processes();
    let start = Instant::now();
    let result = command.output();
    let wall = start.elapsed();
    let processor = clock::of_ended_processes().saturating_sub(used);
    let output = result.map_err(|error| format!("does not start: {error}"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}\n{}", output.status, message.trim_end()));
    }
    Ok(Run { processor, wall, output: String::from_utf8_lossy(&output.stdout).into_owned() })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(text: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", text]);
        command
    }

    #[test]
    fn waiting_takes_no_time_of_a_processor() {
        let run = run(shell("sleep 0.3; echo done")).unwrap();
        assert_eq!(run.output, "done\n");
        assert!(run.wall >= Duration::from_millis(300));
        assert!(run.processor < Duration::from_millis(200), "{run:?}");
    }

    #[test]
    fn a_failure_is_no_measurement() {
        let error = run(shell("echo 1; echo no >&2; exit 3")).unwrap_err();
        assert!(error.contains('3') && error.contains("no"), "{error}");
    }
}
