//! Advice for common slips, many of them habits from other languages.

use super::cursor::Reader;
use crate::diagnostic::{Diagnostic, SecondaryLabel};
use crate::keyword::at;
use crate::span::Span;
use crate::token::{Lexeme, Token};

/// Adds a hint, if one fits the place where something else was expected.
pub(super) fn add(reader: &mut Reader<'_, '_, '_>, expected: &str, diagnostic: &mut Diagnostic) {
    let here = *reader.cursor().inner();
    let tokens = reader.full_slice();
    let place =
        Place { source: reader.state().source, before: &tokens[..here], rest: &tokens[here..], expected };
    diagnostic.hint = place
        .foreign_word()
        .or_else(|| place.foreign_sign())
        .or_else(|| place.foreign_header())
        .or_else(|| place.slip())
        .map(String::from)
        .or_else(|| place.reserved_word());
    if let Some(operator) = place.dangling_operator() {
        let message = format!("{} wants something behind it", operator.token.describe());
        diagnostic.secondary.push(SecondaryLabel { span: operator.span, message });
    }
}

/// The place where something else was expected.
struct Place<'t, 's> {
    source: &'s str,
    before: &'t [Lexeme<'s>],
    rest: &'t [Lexeme<'s>],
    expected: &'t str,
}

impl<'t, 's> Place<'t, 's> {
    fn found(&self) -> Token<'s> {
        at(self.rest, 0)
    }

    /// The token `count` places back; 1 is the one before the place.
    fn back(&self, count: usize) -> Token<'s> {
        let index = self.before.len().checked_sub(count);
        index.and_then(|index| self.before.get(index)).map_or(Token::Newline, |lexeme| lexeme.token)
    }

    /// Whether no blank stands before the place.
    fn is_attached(&self) -> bool {
        match (self.before.last(), self.rest.first()) {
            (Some(before), Some(next)) => before.span.end == next.span.start,
            _ => false,
        }
    }

    /// The tokens of the statement so far.
    fn statement(&self) -> &'t [Lexeme<'s>] {
        let begins = |token: Token<'_>| {
            matches!(token, Token::Newline | Token::Semicolon | Token::LeftBrace | Token::RightBrace)
        };
        let start = self.before.iter().rposition(|lexeme| begins(lexeme.token)).map_or(0, |index| index + 1);
        &self.before[start..]
    }

    /// Words that other languages begin a statement with.
    fn foreign_word(&self) -> Option<&'static str> {
        let word = match at(self.statement(), 0) {
            Token::Identifier(word) => word,
            Token::Else | Token::Import | Token::Let => return self.word_behind(),
            _ => match self.found() {
                Token::Identifier(word) => word,
                _ => return None,
            },
        };
        // a word that is called or has fields is an ordinary name
        let is_head = self.statement().len() == 1 || self.statement().is_empty();
        if !is_head
            && !matches!(word, "switch" | "elif" | "elseif" | "elsif" | "lambda" | "foreach" | "class")
        {
            return None;
        }
        Some(match word {
            "function" | "def" | "func" | "fun" | "sub" | "proc" => {
                "a function is declared with fn: fn name(x) { … }"
            }
            "var" | "val" | "auto" | "local" | "mut" | "my" | "dim" => {
                "a variable is declared with let: let x = 1"
            }
            "elif" | "elseif" | "elsif" => "write else if",
            "switch" | "case" => "write match value { pattern => result }",
            "foreach" => "write for x in xs { … }",
            "class" => "write struct Name { field: Type }",
            "throw" | "raise" => "an error is raised with error(\"…\")",
            "except" | "finally" => {
                "write try { … } catch e { … }; what must happen at the end goes in defer"
            }
            "lambda" => "a lambda is written |x| …",
            "print" | "println" | "echo" | "printf" | "puts" => "a call needs parentheses: println(x)",
            "require" | "use" | "include" | "using" | "library" => "a module is read with import \"path\"",
            "export" | "public" | "private" | "static" | "pub" => "there is no such modifier; leave it out",
            "until" => "write while not condition { … }",
            "loop" => "write while true { … }",
            _ => return None,
        })
    }

    /// Slips behind a keyword.
    fn word_behind(&self) -> Option<&'static str> {
        match (at(self.statement(), 0), self.back(1), self.found()) {
            (Token::Import, Token::Import, Token::Identifier(_)) => {
                Some("the path of a module is a string: import \"path\"")
            }
            (Token::Let, Token::Identifier("mut"), _) => {
                Some("every variable can be assigned to; leave 'mut' out")
            }
            (Token::Let, _, Token::EqualEqual) => Some("write = to give a value"),
            (Token::Let, _, Token::Comma) => Some("to take a list or tuple apart, write let [a, b] = …"),
            _ => None,
        }
    }

    /// Signs that other languages have.
    fn foreign_sign(&self) -> Option<&'static str> {
        let value_expected = self.expected == "expression";
        Some(match (self.back(1), self.found()) {
            (Token::EqualEqual, Token::Equal) => "write == to compare",
            (Token::BangEqual, Token::Equal) => "write != to compare",
            (Token::Less, Token::Greater) => "write != for 'not equal'",
            (_, Token::Colon) if at(self.rest, 1) == Token::Equal => {
                "write let x = … for a new variable, x = … for a known one"
            }
            (_, Token::Colon) if self.expected.starts_with("'{'") => "the body goes in braces: { … }",
            (Token::Identifier(_), Token::Colon)
                if self.expected.starts_with("newline") && self.statement().len() == 1 =>
            {
                "a record that is the value of a body needs braces of its own: { {name: value} }"
            }
            (_, Token::Colon) if self.expected.starts_with("newline") => {
                "a key that is computed stands in brackets: {[key]: value}"
            }
            (_, Token::FatArrow) if self.expected.starts_with("'{'") => "the body goes in braces: { … }",
            (_, Token::FatArrow | Token::Arrow) if self.expected != "'=>'" => "a lambda is written |x| …",
            (_, Token::Comma) if self.expected.starts_with("newline") => {
                "a comma stands between the values of a list or a call; leave it out here"
            }
            (_, Token::Question) => "write a if condition else b, or if condition then a else b",
            (Token::PlusPlus, _) if value_expected && self.is_doubled() => {
                "'++' joins lists and text; write x += 1"
            }
            (Token::Minus, _) if value_expected && self.back(2) == Token::Minus => "write x -= 1",
            (_, Token::SlashSlash) if value_expected => "a comment begins with '#'",
            _ if self.line_begins_with("//") => "a comment begins with '#'; '//' divides",
            (_, Token::Dot) if value_expected && matches!(at(self.rest, 1), Token::Int(_)) => {
                "a digit is needed before the point: 0.5"
            }
            (_, Token::Pipe | Token::Tap) if value_expected => "a pipe needs a value on its left",
            (_, Token::RightBrace | Token::RightParen | Token::RightBracket)
                if value_expected && self.statement().is_empty() =>
            {
                "nothing is open that this could close"
            }
            (_, Token::Else) if value_expected => "an 'else' must follow the body of an 'if'",
            (_, Token::Identifier("end")) if value_expected => {
                "a body in braces ends with '}', not with 'end'"
            }
            _ => return None,
        })
    }

    /// `x++` without a blank before the sign.
    fn is_doubled(&self) -> bool {
        let [.., operand, sign] = self.before else { return false };
        operand.span.end == sign.span.start
    }

    fn line_begins_with(&self, sign: &str) -> bool {
        let Some(next) = self.rest.first() else { return false };
        let before = Span::new(0, next.span.end).text(self.source);
        let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
        line.trim_start().starts_with(sign)
    }

    /// Headers as other languages write them.
    fn foreign_header(&self) -> Option<&'static str> {
        Some(match (at(self.statement(), 0), self.back(1), self.found()) {
            (Token::For, _, Token::In) if self.expected == "')'" => {
                "write for x in xs { … }, without parentheses"
            }
            (Token::For, _, Token::Let | Token::Equal | Token::Semicolon) => {
                "to count, write for i in 0..n { … }"
            }
            (_, Token::Catch, Token::LeftParen) => "write catch e { … }, without parentheses",
            (Token::Fn, Token::RightParen, Token::Equal) => {
                "the body of a function goes in braces: fn f(x) { … }"
            }
            (_, _, Token::Equal) if self.expected.starts_with("'{'") || self.expected == "')'" => {
                "write == to compare"
            }
            (_, _, Token::Equal) if self.expected.starts_with("newline") => {
                "an assignment is a statement; it has no value"
            }
            _ => return None,
        })
    }

    /// What is easily forgotten.
    fn slip(&self) -> Option<&'static str> {
        let in_list = matches!(self.expected, "')'" | "']'" | "'}'");
        let begins_operand = self.found().ends_operand() && !matches!(self.found(), Token::Invalid)
            || matches!(self.found(), Token::FormatStart | Token::LeftBrace | Token::HashBrace | Token::Fn);
        let closes = matches!(self.found(), Token::RightParen | Token::RightBracket | Token::RightBrace);
        if in_list && begins_operand && self.is_on_new_line() {
            return Some("a comma or the closing bracket may be missing before this line");
        }
        if in_list && begins_operand && !closes {
            return Some("a comma may be missing before this");
        }
        if self.expected.starts_with("newline") && begins_operand && !closes && !self.is_attached() {
            return Some("an operator or a comma may be missing, or a ';' between two statements");
        }
        None
    }

    /// The token at the end of a line that made the next line belong to it.
    fn dangling_operator(&self) -> Option<&'t Lexeme<'s>> {
        let last = self.before.last()?;
        let wants_more = self.expected == "expression"
            && self.is_on_new_line()
            && crate::layout::cannot_end_statement(last.token)
            && !matches!(last.token, Token::LeftBrace | Token::LeftParen | Token::LeftBracket);
        wants_more.then_some(last)
    }

    fn is_on_new_line(&self) -> bool {
        match (self.before.last(), self.rest.first()) {
            (Some(before), Some(next)) => {
                Span::new(before.span.end, next.span.start).text(self.source).contains(['\n', '\r'])
            }
            _ => false,
        }
    }

    /// A reserved word where a name was expected.
    fn reserved_word(&self) -> Option<String> {
        let word = self.found().word()?;
        let is_name = matches!(self.expected, "identifier") && Token::reserved(word).is_some();
        is_name.then(|| format!("'{word}' is a reserved word and cannot be a name"))
    }
}
