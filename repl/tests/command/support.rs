//! A folder of its own for each test, and the command in it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A folder for scripts and data, gone at the end of the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("the file is written");
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).expect("the file is there")
    }

    /// The names of all files, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("the folder is there");
        let mut names: Vec<_> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The command, in this folder, without any influence of the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_biovm"));
        command.args(arguments).current_dir(self.path());
        command.env_remove("NO_COLOR").env_remove("BIOVM_BACKTRACE").env("TERM", "dumb");
        command.env("HOME", self.path()).env_remove("XDG_DATA_HOME").env_remove("BIOLANG_PATH");
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "")
    }

    /// Runs the command with this text as its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Outcome {
        finish(self.command(arguments), input.as_ref())
    }
}

/// What a run of the command left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub code: Option<i32>,
    pub output: String,
    pub messages: String,
}

impl Outcome {
    /// The output of a run that must have succeeded in silence.
    #[track_caller]
    pub fn succeeded(&self) -> &str {
        assert_eq!((self.code, self.messages.as_str()), (Some(0), ""), "{self:?}");
        &self.output
    }

    /// The messages of a run that must have failed with this code.
    #[track_caller]
    pub fn failed(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.messages.contains("internal error"), "{self:?}");
        &self.messages
    }
}

/// Starts a command with pipes.
pub fn start(mut command: Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("biovm starts")
}

/// Runs a command to its end.
pub fn finish(command: Command, input: &[u8]) -> Outcome {
    let mut child = start(command);
    let mut to_child = child.stdin.take().expect("a pipe");
    // A command that does not read its input may be gone already.
    let _ = to_child.write_all(input);
    drop(to_child);
    let output = child.wait_with_output().expect("biovm ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Outcome { code: output.status.code(), output: text(output.stdout), messages: text(output.stderr) }
}

/// Waits for a process that must end by itself soon; the exit code and what it wrote on standard error.
pub fn ends_within(mut child: Child, limit: Duration) -> (Option<i32>, String) {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a process to wait for") {
            let mut messages = String::new();
            let mut pipe = child.stderr.take().expect("a pipe");
            pipe.read_to_string(&mut messages).expect("UTF-8");
            return (status.code(), messages);
        }
        if started.elapsed() > limit {
            let _ = child.kill();
            panic!("still running after {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
