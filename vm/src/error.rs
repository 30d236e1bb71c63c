//! Errors of the language.

use crate::value::{Shared, Value};
use std::fmt;

/// The kind of an error, as scripts and reports name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Unknown variable, field, key or column.
    Name,
    /// Wrong type of operand or argument.
    Type,
    /// Right type, impossible value.
    Value,
    /// Wrong number or names of arguments.
    Arity,
    /// Division or modulo by zero.
    DivisionByZero,
    /// Int result outside of 64 bits.
    Overflow,
    /// Index outside of a list, text, sequence or table.
    IndexOutOfBounds,
    /// A failed `assert` or `where`.
    AssertionFailed,
    /// Files, processes, network.
    Io,
    /// The content of a file violates its format.
    Format,
    /// Modules.
    Import,
    /// A consumed stream.
    Stream,
    /// Writing to captured variables in parallel code.
    Parallel,
    /// Calls nested too deeply.
    Recursion,
    /// More steps, time or memory than the script may use; cannot be caught, or a loop with `try` would never end.
    Limit,
    /// `error(v)`.
    Raised,
    /// `exit(code)`; cannot be caught.
    Exit(u8),
    /// Ctrl-C; cannot be caught.
    Interrupted,
    /// Nobody reads the output any more; cannot be caught.
    OutputClosed,
    /// No error: what a builtin hands up when its task waits; see [`crate::Call::wait_for`]. No script sees it.
    Waiting,
}

impl ErrorKind {
    /// The name that scripts and reports use.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Name => "NameError",
            ErrorKind::Type => "TypeError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Arity => "ArityError",
            ErrorKind::DivisionByZero => "DivisionByZero",
            ErrorKind::Overflow => "OverflowError",
            ErrorKind::IndexOutOfBounds => "IndexOutOfBounds",
            ErrorKind::AssertionFailed => "AssertionFailed",
            ErrorKind::Io => "IOError",
            ErrorKind::Format => "FormatError",
            ErrorKind::Import => "ImportError",
            ErrorKind::Stream => "StreamError",
            ErrorKind::Parallel => "ParallelError",
            ErrorKind::Recursion => "RecursionError",
            ErrorKind::Limit => "LimitError",
            ErrorKind::Raised => "Error",
            ErrorKind::Exit(_) => "Exit",
            ErrorKind::Interrupted => "Interrupted",
            ErrorKind::OutputClosed => "OutputClosed",
            ErrorKind::Waiting => "Waiting",
        }
    }

    /// Whether `catch` may see it.
    pub fn is_catchable(self) -> bool {
        !matches!(
            self,
            ErrorKind::Exit(_)
                | ErrorKind::Interrupted
                | ErrorKind::Limit
                | ErrorKind::OutputClosed
                | ErrorKind::Waiting
        )
    }
}

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The number of characters that are meant, at least 1.
    pub width: usize,
    /// The text of the line.
    pub text: String,
}

/// A function that was running when the error was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFrame {
    /// Its name; `main` for the top level, `<lambda>` for a lambda.
    pub function: String,
    /// The file and line that it was executing; `None` where debug information was stripped.
    pub place: Option<(String, usize)>,
}

/// An error on its way up, or caught.
#[derive(Clone)]
pub struct Error(Shared<Body>);

#[derive(Clone)]
struct Body {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    value: Value,
    position: Option<Position>,
    /// Innermost first.
    trace: Vec<TraceFrame>,
}

impl Error {
    /// An error of that kind.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Shared::new(Body {
            kind,
            message: message.into(),
            hint: None,
            value: Value::Nil,
            position: None,
            trace: Vec::new(),
        }))
    }

    /// A `TypeError`.
    #[cold]
    pub fn type_error(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Type, message)
    }

    /// A `ValueError`.
    #[cold]
    pub fn value_error(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Value, message)
    }

    /// A `NameError`.
    #[cold]
    pub fn name_error(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Name, message)
    }

    /// An `IndexOutOfBounds` for an index as it was written.
    #[cold]
    pub fn index_error(index: i64, length: usize) -> Error {
        Error::new(ErrorKind::IndexOutOfBounds, format!("index {index} out of bounds (len {length})"))
    }

    /// The same error with a hint, which says what to do.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Error {
        self.0.make_mut().hint = Some(hint.into());
        self
    }

    /// The same error with the value that `error(v)` raised.
    pub fn with_value(mut self, value: Value) -> Error {
        self.0.make_mut().value = value;
        self
    }

    /// The same error with its message changed.
    pub fn map_message(mut self, change: impl FnOnce(&str) -> String) -> Error {
        let body = self.0.make_mut();
        body.message = change(&body.message);
        self
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message, without kind and position.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// What `error(v)` raised; nil for other errors.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// Where it was raised.
    pub fn position(&self) -> Option<&Position> {
        self.0.position.as_ref()
    }

    /// The functions that were running, innermost first.
    pub fn trace(&self) -> &[TraceFrame] {
        &self.0.trace
    }

    /// Sets position and trace, unless the error has been raised before.
    pub fn set_origin(&mut self, position: Option<Position>, trace: Vec<TraceFrame>) {
        let body = self.0.make_mut();
        if body.position.is_none() && body.trace.is_empty() {
            body.position = position;
            body.trace = trace;
        }
    }

    /// Adds the functions that were running on the thread that waited, where the error was raised on another.
    pub fn add_callers(&mut self, callers: Vec<TraceFrame>) {
        if self.has_origin() {
            self.0.make_mut().trace.extend(callers);
        }
    }

    /// Whether position and trace are known.
    pub fn has_origin(&self) -> bool {
        self.0.position.is_some() || !self.0.trace.is_empty()
    }

    /// Whether both are the same error value.
    pub fn same(&self, other: &Error) -> bool {
        self.0.same(&other.0)
    }
}

/// `Kind: message`
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.kind().name(), self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self} at {:?}", self.position())
    }
}

impl std::error::Error for Error {}
