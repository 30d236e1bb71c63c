//! Helps to type: completion, colours and hints, in the form in which the line editor asks for them.

use crate::repl::completion::{self, Names};
use crate::repl::{commands, cursor, highlight};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::Validator;
use rustyline::{CompletionType, Context, Helper};
use std::borrow::Cow;

/// Helps to type.
#[derive(Default)]
pub struct Assistant {
    /// What can be named now.
    pub names: Names,
    /// What the entry has above the line that is being typed.
    pub before: String,
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        Ok(completion::candidates(&self.names, &self.before, line.get(..position).unwrap_or(line)))
    }
}

/// How the function is called whose arguments are being typed. There is nothing in it to insert.
pub struct SignatureHint(String);

impl Hint for SignatureHint {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Assistant {
    type Hint = SignatureHint;

    fn hint(&self, line: &str, position: usize, _: &Context<'_>) -> Option<SignatureHint> {
        if position < line.len()
            || line.is_empty()
            || commands::is_command(line) && commands::code_of(line).is_none()
        {
            return None;
        }
        let call = cursor::look(&format!("{}\n{line}", self.before)).call?;
        let signature = self.names.signature(&call.function)?;
        Some(SignatureHint(format!("   {}", completion::shortened(&signature))))
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        Cow::Owned(highlight::line(&self.before, line, |name| self.names.is_builtin(name)))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(highlight::hint(hint))
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        Cow::Borrowed(candidate)
    }

    // A letter may turn a name into a keyword, a quote the rest of the line into text.
    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}

impl Validator for Assistant {}
impl Helper for Assistant {}
