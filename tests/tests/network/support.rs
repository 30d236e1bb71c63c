//! Running a script against a server.

use biovm_tests::process::{self, Outcome};
use biovm_tests::{executable, stub};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub use stub::{Answer, Question, Stub};

/// A server with these answers.
pub fn server(answer: impl Fn(&Question, usize) -> Answer + Send + Sync + 'static) -> Stub {
    Stub::start(answer).expect("a server")
}

/// The command.
pub fn executable() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| executable::build().unwrap_or_else(|problem| panic!("{problem}")))
}

/// A run of a script.
pub struct Run {
    command: Command,
}

impl Run {
    /// Of this script. `BASE` in it stands for the address of the server.
    pub fn new(stub: &Stub, script: &str) -> Run {
        Run::with_flags(stub, &[], script)
    }

    /// With options of the command.
    pub fn with_flags(stub: &Stub, flags: &[&str], script: &str) -> Run {
        let mut command = Command::new(executable());
        // Nothing of whoever runs the tests may show.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let is_setting =
                ["BIOVM_", "BIOLANG_", "NCBI_", "SSL_CERT_"].iter().any(|start| name.starts_with(start));
            if is_setting && name != executable::CHOICE || name.to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        command.env("BIOVM_NCBI_URL", stub.url("/eutils"));
        command.args(flags).args(["-e", &script.replace("BASE", &stub.url(""))]);
        Run { command }
    }

    /// With a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    /// Without a variable that is set otherwise.
    pub fn without(mut self, name: &str) -> Run {
        self.command.env_remove(name);
        self
    }

    /// In a folder.
    pub fn within(mut self, folder: &Path) -> Run {
        self.command.current_dir(folder);
        self
    }

    /// What it left behind.
    pub fn outcome(self) -> Outcome {
        process::run(self.command, b"").expect("biovm starts")
    }

    /// What it prints, where it succeeds.
    pub fn output(self) -> String {
        let Outcome { code, output, messages } = self.outcome();
        assert!(code == Some(0) && messages.is_empty(), "{code:?}: {output}{messages}");
        output
    }

    /// The first line of its error and the hint, where it fails.
    pub fn error(self) -> String {
        let Outcome { code, output, messages } = self.outcome();
        assert_eq!((code, output.as_str()), (Some(1), ""), "{messages}");
        let hint = messages.lines().find(|line| line.trim_start().starts_with("hint:"));
        format!("{}\n{}", messages.lines().next().unwrap_or_default(), hint.unwrap_or_default().trim())
    }
}

/// Fails unless the text holds all parts.
#[track_caller]
pub fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "'{part}' is missing in:\n{text}");
    }
}
