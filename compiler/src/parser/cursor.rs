//! The place in the tokens, and what every rule needs there.

use super::{MAX_CHAIN, MAX_NESTING, Rule, State, Surroundings, hint};
use crate::ast::Name;
use crate::diagnostic::{Diagnostic, MAX_ERRORS, code};
use crate::failure::Failure;
use crate::keyword;
use crate::span::Span;
use crate::token::{Lexeme, Token};
use chumsky::extra;
use chumsky::input::InputRef;
use chumsky::inspector::SimpleState;

/// Below this much stack, [`Cursor::nested`] asks for more.
const RED_ZONE: usize = 64 * 1024;
/// How much it then gets.
const GROWTH: usize = 1024 * 1024;

pub(super) type Extra<'t, 's> = extra::Full<Failure, SimpleState<State<'t, 's>>, ()>;
/// Chumsky's view of the tokens, at some place.
pub(super) type Reader<'t, 's, 'p> = InputRef<'t, 'p, &'t [Lexeme<'s>], Extra<'t, 's>>;

/// What rules ask of the place in the tokens.
pub(super) trait Cursor<'t, 's> {
    /// The tokens from here on.
    fn rest(&mut self) -> &'t [Lexeme<'s>];
    /// The next token, or [`Token::End`].
    fn token(&mut self) -> Token<'s>;
    /// The token `count` places behind the next one.
    fn ahead(&mut self, count: usize) -> Token<'s>;
    /// Where the next token stands; at the end, where the last one ends.
    fn span(&mut self) -> Span;
    /// Where the token before this place ends.
    fn last_end(&mut self) -> u32;
    /// From `start` to the end of the token before this place.
    fn spanning(&mut self, start: u32) -> Span;
    /// Takes the next token, whatever it is, and gives its place.
    fn take(&mut self) -> Span;
    /// Takes the next token if it is `wanted`.
    fn eat(&mut self, wanted: Token<'static>) -> bool;
    /// Takes `wanted`, or fails.
    fn expect(&mut self, wanted: Token<'static>) -> Rule<Span>;
    /// Takes the bracket that closes the one at `open`, or fails.
    fn close(&mut self, wanted: Token<'static>, open: Span) -> Rule<Span>;
    /// Takes a name that is not a reserved word.
    fn name(&mut self) -> Rule<Name<'s>>;
    /// Takes any word.
    fn word(&mut self, expected: &str) -> Rule<Name<'s>>;
    /// Takes newlines.
    fn skip_newlines(&mut self);
    /// The error that something else was expected here.
    fn unexpected(&mut self, expected: &str) -> Failure;
    /// Reports an error; the caller goes on.
    fn report(&mut self, failure: Failure);
    /// Whether a newline stands between the last token and the next one, counted or not.
    fn is_on_new_line(&mut self) -> bool;
    /// Runs a rule one level deeper.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T>;
    /// Runs a rule whose tree stands beside what was just parsed, not on top of it.
    fn beside<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T>;
    /// Notes that the tree has grown by one level over what was just parsed.
    fn grow(&mut self) -> Rule<()>;
    /// Runs a rule within other surroundings.
    fn within<T>(&mut self, surroundings: Surroundings, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T>;
}

impl<'t, 's> Cursor<'t, 's> for Reader<'t, 's, '_> {
    fn rest(&mut self) -> &'t [Lexeme<'s>] {
        let here = self.cursor();
        self.slice_from(&here..)
    }

    #[inline]
    fn token(&mut self) -> Token<'s> {
        self.peek().map_or(Token::End, |lexeme| lexeme.token)
    }

    fn ahead(&mut self, count: usize) -> Token<'s> {
        keyword::at(self.rest(), count)
    }

    fn span(&mut self) -> Span {
        match self.peek() {
            Some(lexeme) => lexeme.span,
            None => {
                // newlines at the end are nothing to point at
                let last = self.full_slice().iter().rfind(|lexeme| lexeme.token != Token::Newline);
                Span::at(last.map_or(0, |lexeme| lexeme.span.end))
            }
        }
    }

    fn last_end(&mut self) -> u32 {
        let index = *self.cursor().inner();
        index.checked_sub(1).and_then(|last| self.full_slice().get(last)).map_or(0, |lexeme| lexeme.span.end)
    }

    fn spanning(&mut self, start: u32) -> Span {
        Span::new(start, self.last_end().max(start))
    }

    #[inline]
    fn take(&mut self) -> Span {
        match self.next() {
            Some(lexeme) => lexeme.span,
            None => Span::at(self.last_end()),
        }
    }

    #[inline]
    fn eat(&mut self, wanted: Token<'static>) -> bool {
        let found = self.token() == wanted;
        if found {
            self.skip();
        }
        found
    }

    fn expect(&mut self, wanted: Token<'static>) -> Rule<Span> {
        if self.token() == wanted {
            return Ok(self.take());
        }
        Err(self.unexpected(&wanted.describe()))
    }

    fn close(&mut self, wanted: Token<'static>, open: Span) -> Rule<Span> {
        let found = self.token();
        if found == wanted {
            return Ok(self.take());
        }
        let mut failure = self.unexpected(&wanted.describe());
        let unclosed = self.is_on_new_line()
            || matches!(
                found,
                Token::End | Token::Newline | Token::RightParen | Token::RightBracket | Token::RightBrace
            );
        if let Some(diagnostic) = &mut failure.diagnostic
            && unclosed
        {
            let bracket = open.text(self.state().source);
            let label = format!("this '{bracket}' is not closed");
            diagnostic.code = code::UNCLOSED;
            diagnostic.secondary.push(crate::diagnostic::SecondaryLabel { span: open, message: label });
        }
        Err(failure)
    }

    fn name(&mut self) -> Rule<Name<'s>> {
        if let Token::Identifier(text) = self.token() {
            return Ok(Name { text, span: self.take() });
        }
        Err(self.unexpected("identifier"))
    }

    fn word(&mut self, expected: &str) -> Rule<Name<'s>> {
        match self.token().word() {
            Some(text) => Ok(Name { text, span: self.take() }),
            None => Err(self.unexpected(expected)),
        }
    }

    fn skip_newlines(&mut self) {
        while self.token() == Token::Newline {
            self.skip();
        }
    }

    #[cold]
    fn unexpected(&mut self, expected: &str) -> Failure {
        let found = self.token();
        if found == Token::Invalid || self.state().stopped {
            return Failure::default();
        }
        let span = self.span();
        let message = format!("expected {expected}, found {}", found.describe());
        let mut diagnostic = Diagnostic::error(code::UNEXPECTED_TOKEN, "ParseError", message, span)
            .with_label(format!("{expected} expected"));
        hint::add(self, expected, &mut diagnostic);
        Failure { diagnostic: Some(Box::new(diagnostic)), at_end: found == Token::End }
    }

    #[cold]
    fn report(&mut self, failure: Failure) {
        let state = self.state();
        if state.stopped {
            return;
        }
        if failure.diagnostic.is_some() {
            if failure.at_end && std::mem::replace(&mut state.reported_end, true) {
                // one missing bracket is missed at every level
                return;
            }
            if state.errors == 0 {
                state.ends_early = failure.at_end;
            }
            state.errors += 1;
            let too_deep =
                failure.diagnostic.as_ref().is_some_and(|diagnostic| diagnostic.code == code::TOO_DEEP);
            state.stopped = too_deep || state.errors >= MAX_ERRORS;
            self.emit(failure);
        }
    }

    fn is_on_new_line(&mut self) -> bool {
        let between = Span::new(self.last_end(), self.span().start);
        between.text(self.state().source).contains(['\n', '\r'])
    }

    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        let state = self.state();
        if state.nesting >= MAX_NESTING {
            let span = self.span();
            let message = format!("nested too deeply (more than {MAX_NESTING} levels)");
            return Err(Diagnostic::error(code::TOO_DEEP, "ParseError", message, span).into());
        }
        state.nesting += 1;
        let height = std::mem::take(&mut state.height);
        // one level takes some 5 KB, which a small thread has not 500 times
        let result = stacker::maybe_grow(RED_ZONE, GROWTH, || rule(self));
        let state = self.state();
        state.nesting -= 1;
        state.height = height.max(state.height + 1);
        result
    }

    fn beside<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        let height = std::mem::take(&mut self.state().height);
        let result = rule(self);
        let state = self.state();
        state.height = height.max(state.height);
        result
    }

    fn grow(&mut self) -> Rule<()> {
        let state = self.state();
        state.height += 1;
        if state.height <= MAX_CHAIN {
            return Ok(());
        }
        let span = Span::at(self.last_end());
        let message = format!("expression too long (more than {MAX_CHAIN} operators in a chain)");
        let diagnostic = Diagnostic::error(code::TOO_DEEP, "ParseError", message, span);
        Err(diagnostic.with_hint("put a part of it in a variable, or the operands in a list").into())
    }

    fn within<T>(&mut self, surroundings: Surroundings, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        let before = std::mem::replace(&mut self.state().surroundings, surroundings);
        let result = rule(self);
        self.state().surroundings = before;
        result
    }
}
