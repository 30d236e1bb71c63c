//! How lexer and parser fail.

use crate::diagnostic::Diagnostic;
use chumsky::error::{Error, LabelError};
use chumsky::input::Input;
use chumsky::util::MaybeRef;

/// The error type of all parsers of the front end: a diagnostic, or nothing when it has already been
/// reported (or when nobody will look, as after a look-ahead that failed).
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure {
    pub(crate) diagnostic: Option<Box<Diagnostic>>,
    /// The text ended too early: more of it could help.
    pub(crate) at_end: bool,
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure { diagnostic: Some(Box::new(diagnostic)), at_end: false }
    }
}

impl<'a, I: Input<'a>> Error<'a, I> for Failure {
    fn merge(self, other: Self) -> Self {
        if self.diagnostic.is_some() { self } else { other }
    }
}

impl<'a, I: Input<'a>, L> LabelError<'a, I, L> for Failure {
    fn expected_found<E: IntoIterator<Item = L>>(
        _expected: E,
        _found: Option<MaybeRef<'a, I::Token>>,
        _span: I::Span,
    ) -> Self {
        Failure::default()
    }
}

/// The diagnostics among `failures`, in order.
pub(crate) fn diagnostics(failures: Vec<Failure>) -> impl Iterator<Item = Diagnostic> {
    failures.into_iter().filter_map(|failure| failure.diagnostic.map(|diagnostic| *diagnostic))
}
