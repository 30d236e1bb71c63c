//! What went wrong on the way, and whether it is worth another try.

use biovm_vm::{Error, ErrorKind};

/// A fetch that failed.
#[derive(Debug)]
pub struct Failure {
    /// What the script gets to see.
    pub error: Error,
    /// Whether the next try may succeed.
    pub is_passing: bool,
    /// Whether the server cannot have seen the request.
    pub is_unsent: bool,
}

impl Failure {
    /// Trouble that may be over soon.
    #[cold]
    pub fn passing(message: impl Into<String>, hint: &str) -> Failure {
        Failure { is_passing: true, ..Failure::lasting(message, hint) }
    }

    /// Trouble that will be the same next time.
    #[cold]
    pub fn lasting(message: impl Into<String>, hint: &str) -> Failure {
        let error = Error::new(ErrorKind::Io, message.into()).with_hint(hint);
        Failure { error, is_passing: false, is_unsent: false }
    }

    /// The same failure, before anything was sent.
    pub fn unsent(self) -> Failure {
        Failure { is_unsent: true, ..self }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, is_passing: false, is_unsent: true }
    }
}
