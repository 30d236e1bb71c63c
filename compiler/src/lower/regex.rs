//! Regex literals.

use super::Lowering;
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use biovm_bytecode::operand::Register;
use biovm_bytecode::program::Constant;
use biovm_bytecode::regex::{Flags, SyntaxError, check};

impl Lowering<'_> {
    /// `/pattern/flags`
    pub(super) fn regex(&mut self, pattern: &str, flags: &str, destination: Register, span: Span) {
        // The lexer has reported flags that are none.
        if let Err(error) = check(pattern, Flags::parse(flags).unwrap_or_default()) {
            let place = self.place_in_literal(pattern, &error, span);
            let message = format!("invalid regex: {}", error.message);
            let mut diagnostic = Diagnostic::error(code::INVALID_REGEX, "SyntaxError", message, place);
            diagnostic.hint = error.hint.map(str::to_owned);
            self.diagnostics.push(diagnostic);
        }
        self.load_constant(Constant::Regex(pattern.to_owned(), flags.to_owned()), destination);
    }

    /// The piece of the literal that the error means. A slash of the pattern was written as two characters.
    fn place_in_literal(&self, pattern: &str, error: &SyntaxError, literal: Span) -> Span {
        let in_source = |offset: usize| {
            let slashes = pattern.get(..offset)?.matches('/').count();
            u32::try_from(1 + offset + slashes).ok()?.checked_add(literal.start)
        };
        match (in_source(error.start), in_source(error.end)) {
            (Some(start), Some(end))
                if end < literal.end && literal.text(self.source.text()).starts_with('/') =>
            {
                Span::new(start, end.max(start))
            }
            _ => literal,
        }
    }
}
