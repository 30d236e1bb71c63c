//! What was entered, as a script that does the same.

use biovm_compiler::ast::{Expression, ExpressionKind, StatementKind, Visitor};
use biovm_compiler::source::SourceText;

/// The variable that holds the last value.
pub const LAST_VALUE: &str = "_";

/// Who wants code to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user, with an entry.
    Entry,
    /// A command such as `:time`, which a script has no use for, except for what the code declares and the value it leaves.
    Command,
}

/// The code that a session has run.
#[derive(Debug, Default)]
pub struct Script {
    inputs: Vec<Input>,
}

#[derive(Debug)]
struct Input {
    code: String,
    origin: Origin,
    has_failed: bool,
    declares: bool,
    /// Whether it uses the last value.
    reads_last_value: bool,
    /// Where the expression begins whose value became the last one.
    gives_value: Option<usize>,
}

impl Script {
    /// Adds code that has run. `gives_value` says whether it has left a value, `has_failed` whether it ended with an error.
    pub fn add(&mut self, source: &SourceText, origin: Origin, gives_value: bool, has_failed: bool) {
        let parsed = biovm_compiler::parse_partially(source);
        let statements = &parsed.program.statements;
        let mut reads = ReadsLastValue(false);
        reads.statements(statements);
        let is_expression = |kind: &StatementKind<'_>| matches!(kind, StatementKind::Expression(_));
        let last = statements.last().filter(|last| gives_value && is_expression(&last.kind));
        self.inputs.push(Input {
            code: source.text().to_owned(),
            origin,
            has_failed,
            declares: statements.iter().any(|statement| !is_expression(&statement.kind)),
            reads_last_value: reads.0,
            gives_value: last.map(|last| last.span.start as usize),
        });
    }

    /// The script, and of how many inputs it is made. What has failed is a comment.
    pub fn text(&self) -> (String, usize) {
        let mut is_read = false;
        let mut pieces = Vec::new();
        for input in self.inputs.iter().rev() {
            let gives = input.gives_value.filter(|_| is_read);
            is_read &= input.gives_value.is_none();
            if input.origin == Origin::Command && gives.is_none() && (!input.declares || input.has_failed) {
                continue;
            }
            is_read |= input.reads_last_value && !input.has_failed;
            pieces.push(match gives {
                _ if input.has_failed => input.code.lines().map(|line| format!("# {line}\n")).collect(),
                Some(start) => {
                    let (before, expression) = input.code.split_at(start);
                    format!("{before}let {LAST_VALUE} = {expression}\n")
                }
                None => format!("{}\n", input.code),
            });
        }
        let count = pieces.len();
        pieces.reverse();
        (pieces.concat(), count)
    }
}

/// Whether code mentions the last value.
struct ReadsLastValue(bool);

impl<'t, 's: 't> Visitor<'t, 's> for ReadsLastValue {
    fn expression(&mut self, expression: &'t Expression<'s>) {
        self.0 |= matches!(expression.kind, ExpressionKind::Name(LAST_VALUE));
        self.inside_expression(expression);
    }
}
