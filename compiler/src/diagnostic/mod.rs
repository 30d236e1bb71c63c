//! What the compiler has to say about a script: errors and warnings, each with its place.

pub mod code;
mod explain;
mod render;
mod suggest;

pub use explain::{EXPLANATIONS, Explanation, explain};
pub use render::render;
pub use suggest::did_you_mean;

use crate::source::SourceText;
use crate::span::Span;
use std::sync::Arc;

/// The most errors that one run reports.
pub const MAX_ERRORS: usize = 10;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The script does not run.
    Error,
    /// The script runs, but is probably not what was meant.
    Warning,
}

/// An error or a warning.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// A stable code: see [`code`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The kind as the language names it: `SyntaxError`, `ParseError`, `NameError`, `TypeError` …
    pub kind: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// The text that it is about, where that is not the script but a module that the script imports.
    pub source: Option<Arc<SourceText>>,
    /// Where.
    pub span: Span,
    /// A few words at the place; without them, "here".
    pub label: Option<String>,
    /// Other places that belong to it.
    pub secondary: Vec<SecondaryLabel>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A place that helps to understand a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecondaryLabel {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(
        code: &'static str,
        kind: &'static str,
        message: impl Into<String>,
        span: Span,
    ) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            kind,
            message: message.into(),
            source: None,
            span,
            label: None,
            secondary: Vec::new(),
            hint: None,
        }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, "warning", message, span) }
    }

    /// With a few words at the place.
    pub fn with_label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    /// With another place.
    pub fn with_secondary(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.secondary.push(SecondaryLabel { span, message: message.into() });
        self
    }

    /// With advice.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// An error instead of a warning.
    pub fn denied(mut self) -> Diagnostic {
        if self.severity == Severity::Warning {
            (self.severity, self.kind) = (Severity::Error, "error");
        }
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
