//! What went wrong, and the exit code that says so.

use crate::isolation::Panic;
use crate::{interrupt, pipeline, report, terminal};
use biovm_compiler::diagnostic::Diagnostic;
use biovm_compiler::source::SourceText;
use biovm_vm::{Error, ErrorKind};

/// Why a command did not do what was asked.
pub enum Failure {
    /// The source text has errors.
    Source(Box<SourceText>, Vec<Diagnostic>),
    /// The script failed, or a file could not be read or written.
    Error(Error),
    /// biovm itself failed.
    Panic(Panic),
    /// There is nothing to say but this.
    Message(String),
    /// The command line makes no sense, for a reason that its parser cannot know.
    Usage(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

impl Failure {
    /// Prints what there is to say on standard error, and returns the exit code. The caller has flushed the output.
    pub fn report(&self, color: bool) -> u8 {
        match self {
            Failure::Source(source, diagnostics) => {
                let mut report = pipeline::render(diagnostics, source, color);
                if let (Some(first), true) = (diagnostics.first(), terminal::shows_messages()) {
                    report.push_str(&format!("\nMore about this: biovm explain {}\n", first.code));
                }
                terminal::write_message(&report);
                1
            }
            Failure::Error(error) => match error.kind() {
                ErrorKind::Exit(code) => code,
                ErrorKind::Interrupted => interrupt::EXIT_CODE,
                // Whoever closed the pipe has seen enough.
                ErrorKind::OutputClosed => 0,
                _ => {
                    terminal::write_message(&report::render(error, color));
                    1
                }
            },
            Failure::Panic(panic) => {
                terminal::write_message(&panic.to_string());
                1
            }
            Failure::Message(message) => {
                terminal::write_message(message);
                1
            }
            Failure::Usage(message) => {
                terminal::write_message(&format!("error: {message}\n\nFor more information, try '--help'."));
                2
            }
        }
    }
}
