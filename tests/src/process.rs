//! Running the command, with a limit of time.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The longest that one run may take. A case is a matter of milliseconds, so who is still there then hangs, even where others have
/// the cores.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code; `None` where a signal or the time limit ended the run.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub messages: String,
}

impl Outcome {
    /// Standard output, then standard error.
    pub fn all(self) -> String {
        self.output + &self.messages
    }
}

/// Runs a command with this input to its end, or to the time limit.
pub fn run(mut command: Command, input: &[u8]) -> io::Result<Outcome> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Neither the terminal nor the settings of whoever runs the tests may show in the output.
    command.env_remove("BIOVM_BACKTRACE").env("TERM", "dumb").env("NO_COLOR", "1");
    let mut child = command.spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        let input = input.to_vec();
        // A script that does not read its input may be gone already.
        thread::spawn(move || drop(pipe.write_all(&input)));
    }
    let output = child.stdout.take().map(collect);
    let messages = child.stderr.take().map(collect);

    let started = Instant::now();
    let mut pause = Duration::from_micros(200);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(5));
    };

    let text = |receiver: Option<mpsc::Receiver<Vec<u8>>>| {
        let bytes = receiver.and_then(|receiver| receiver.recv_timeout(TIME_LIMIT).ok()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let mut outcome = Outcome { code: None, output: text(output), messages: text(messages) };
    match status {
        Some(status) => outcome.code = status.code(),
        None => outcome.messages += &format!("(still running after {} s)\n", TIME_LIMIT.as_secs()),
    }
    Ok(outcome)
}

/// Reads a pipe on a thread of its own, so that a full pipe stops nobody.
fn collect(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}
