//! A run of the script in a process of its own.

use super::comparison::Comparison;
use crate::command_line::Settings;
use crate::failure::Failure;
use crate::interrupt;
use biovm_vm::{Error, ErrorKind};
use serde_json::Value;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A script and how it is run.
pub struct Script {
    executable: PathBuf,
    settings: Vec<OsString>,
    script: OsString,
    arguments: Vec<OsString>,
    running: Running,
}

/// What a run says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub wall_seconds: f64,
    pub cpu_seconds: Option<f64>,
    pub peak_memory_bytes: Option<u64>,
}

/// A run that has succeeded.
pub struct Finished {
    pub measured: Measured,
    /// What it wrote on standard error.
    pub messages: String,
}

/// The run that is going on; it does not outlive its bench.
#[derive(Clone, Default)]
struct Running(Arc<Mutex<Option<Child>>>);

impl Running {
    fn begin(&self, child: Child) -> Ending<'_> {
        *self.lock() = Some(child);
        Ending(self)
    }

    /// Waits for its end, which must be near: Ctrl-C waits too.
    fn wait(&self) -> io::Result<ExitStatus> {
        match &mut *self.lock() {
            Some(child) => child.wait(),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Ends it, unless it has ended. Nobody else learns of it before the guard is dropped.
    fn end(&self) -> MutexGuard<'_, Option<Child>> {
        let mut running = self.lock();
        if let Some(mut child) = running.take()
            && !matches!(child.try_wait(), Ok(Some(_)))
        {
            let _ = child.kill();
            let _ = child.wait();
        }
        running
    }

    fn lock(&self) -> MutexGuard<'_, Option<Child>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the run when it is dropped.
struct Ending<'a>(&'a Running);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        drop(self.0.end());
    }
}

impl Script {
    /// The script at a path with its arguments, under the settings of this process.
    pub fn new(script: &Path, arguments: &[OsString], settings: &Settings) -> Result<Script, Failure> {
        let executable = std::env::current_exe()
            .map_err(|error| Failure::Message(format!("error: biovm cannot find itself: {error}")))?;
        // A name that looks like an option is one of a file all the same.
        let looks_like_option = script.as_os_str().as_encoded_bytes().starts_with(b"-");
        let script = if looks_like_option { Path::new(".").join(script) } else { script.to_owned() };
        Ok(Script {
            running: Running::default(),
            executable,
            settings: settings.words(),
            script: script.into_os_string(),
            arguments: arguments.to_vec(),
        })
    }

    /// Lets Ctrl-C end the run that is going on.
    pub fn stop_when_interrupted(&self) {
        let running = self.running.clone();
        // A run that ends like this is no failure: the lock stays, so nobody learns of it.
        interrupt::before_the_end(move || std::mem::forget(running.end()));
    }

    /// Runs it once. What it prints is compared, or not even read.
    pub fn run(&self, workers: usize, comparison: Option<&mut Comparison>) -> Result<Finished, Failure> {
        let mut command = Command::new(&self.executable);
        command.args(&self.settings).arg(format!("--workers={workers}"));
        // The last one counts, and nobody looks at the progress of a child.
        command.args(["run", "--progress=never", "--stats=json"]).arg(&self.script).args(&self.arguments);
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command.stdout(if comparison.is_some() { Stdio::piped() } else { Stdio::null() });
        let failed = |what: &str, error: &io::Error| Failure::Message(format!("error: {what}: {error}"));
        let mut child = command.spawn().map_err(|error| failed("cannot start another biovm", &error))?;

        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let _ending = self.running.begin(child);
        // Both pipes are read at the same time, or the child might wait for ever for room in one of them.
        let (compared, messages) = std::thread::scope(|scope| {
            let messages = scope.spawn(|| read_all(errors));
            let compared = match (comparison, output) {
                (Some(comparison), Some(output)) => comparison.add(output),
                _ => Ok(()),
            };
            (compared, messages.join().unwrap_or_default())
        });
        compared.map_err(|error| failed("cannot read what the script prints", &error))?;
        let status = self.running.wait().map_err(|error| failed("cannot wait for the script", &error))?;

        let (messages, measured) = split_stats(&messages);
        if !status.success() {
            return Err(failure(status, messages));
        }
        let measured = measured.ok_or_else(|| {
            Failure::Message(format!("error: the script has ended without its measures\n{messages}"))
        })?;
        Ok(Finished { measured, messages: messages.to_owned() })
    }
}

fn read_all(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is worth showing.
    let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The messages, and the line of `--stats=json` at their end.
fn split_stats(messages: &str) -> (&str, Option<Measured>) {
    let trimmed = messages.trim_end_matches('\n');
    let start = trimmed.rfind('\n').map_or(0, |newline| newline + 1);
    match measured(&trimmed[start..]) {
        Some(measured) => (&messages[..start], Some(measured)),
        None => (messages, None),
    }
}

fn measured(line: &str) -> Option<Measured> {
    let stats: Value = serde_json::from_str(line).ok()?;
    Some(Measured {
        wall_seconds: stats.get("wall_seconds")?.as_f64()?,
        cpu_seconds: stats.get("cpu_seconds")?.as_f64(),
        peak_memory_bytes: stats.get("peak_memory_bytes")?.as_u64(),
    })
}

/// Why a run did not succeed; it has said so itself, if it could.
fn failure(status: ExitStatus, messages: &str) -> Failure {
    if status.code() == Some(i32::from(interrupt::EXIT_CODE)) {
        return Failure::Error(Error::new(ErrorKind::Interrupted, "interrupted"));
    }
    let messages = messages.trim_end();
    Failure::Message(match status.code() {
        Some(_) if !messages.is_empty() => messages.to_owned(),
        Some(code) => format!("error: the script has ended with exit code {code}"),
        None => format!("{messages}\nerror: the script was killed: {status}").trim_start().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_the_last_line() {
        let stats =
            r#"{"wall_seconds":1.5,"cpu_seconds":null,"peak_memory_bytes":1024,"records":0,"bytes_read":0}"#;
        let text = format!("warning: a\nb\n{stats}\n");
        let (messages, measured) = split_stats(&text);
        assert_eq!(messages, "warning: a\nb\n");
        let measured = measured.expect("measures");
        assert_eq!((measured.wall_seconds, measured.cpu_seconds), (1.5, None));
        assert_eq!(measured.peak_memory_bytes, Some(1024));
        assert!(split_stats("TypeError: x\n").1.is_none());
        assert!(split_stats("").1.is_none());
    }

    #[test]
    fn scripts_are_no_options() {
        let settings = crate::command_line::parse(["biovm".into()]).expect("a command line").settings;
        for (name, word) in [("-x.bl", "./-x.bl"), ("x.bl", "x.bl")] {
            let script = Script::new(Path::new(name), &[], &settings);
            assert_eq!(script.map(|script| script.script).ok(), Some(word.into()));
        }
    }
}
