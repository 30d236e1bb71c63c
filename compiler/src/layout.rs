//! Which newlines separate statements.
//!
//! The pass walks over the tokens with a stack of what is open, and drops every newline that means nothing:
//! inside of parentheses and square brackets, after a token that cannot end a statement, before one that
//! cannot begin one, and before the `{` that a header still owes. Runs of newlines become one. Behind this
//! pass, the parser takes each [`Token::Newline`] as a separator.

use crate::keyword::{self, StatementKeyword, at};
use crate::token::{Lexeme, Token};

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Opened {
    /// The whole text.
    File,
    /// `( )`, `[ ]`, a value in an f-string: newlines mean nothing.
    Group,
    /// `{ }`, `#{ }`.
    Braces,
    /// `do … end`
    Do,
    /// A lambda body of statements without braces; it ends with the group around it.
    Lambda,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    opened: Opened,
    /// Headers (`if c`, `for x in xs`, `fn f()` …) whose `{` has not come yet.
    owed: u32,
    /// The next `|` closes the head of a lambda.
    in_head: bool,
    /// The parameters of a `do` block are being read.
    in_do_head: bool,
    /// The current statement may contain commas of its own (`for a, b in`, `assert c, m`).
    has_commas: bool,
}

impl Frame {
    fn new(opened: Opened) -> Frame {
        Frame { opened, owed: 0, in_head: false, in_do_head: false, has_commas: false }
    }

    fn begin_statement(&mut self) {
        self.owed = 0;
        self.in_head = false;
        self.in_do_head = false;
        self.has_commas = false;
    }
}

/// What the pass knows at a token.
struct Layout {
    frames: Vec<Frame>,
    /// The token before was the last one of an operand, so an operator may follow.
    operand_done: bool,
    /// A newline behind the token before means nothing.
    goes_on: bool,
    /// The next token is the first one of a statement.
    statement_start: bool,
    /// The token before closed the head of a lambda.
    head_done: bool,
}

/// Removes the newlines that separate nothing.
pub fn remove_insignificant_newlines(mut tokens: Vec<Lexeme<'_>>) -> Vec<Lexeme<'_>> {
    let mut layout = Layout {
        frames: vec![Frame::new(Opened::File)],
        operand_done: false,
        goes_on: true,
        statement_start: true,
        head_done: false,
    };
    // the kept tokens move to the front; what lies ahead is still as it was
    let mut kept = 0;
    let mut index = 0;
    while let Some(&lexeme) = tokens.get(index) {
        if lexeme.token == Token::Newline {
            let mut next = index + 1;
            while at(&tokens, next) == Token::Newline {
                next += 1;
            }
            let (_, ahead) = tokens.split_at(next);
            let keep = layout.separates(tokens[..kept].last().map(|last| last.token), ahead);
            if keep {
                layout.separator();
                tokens[kept] = lexeme;
                kept += 1;
            }
            index = next;
            continue;
        }
        layout.token(&tokens[index..], &tokens[..kept]);
        tokens[kept] = lexeme;
        kept += 1;
        index += 1;
    }
    tokens.truncate(kept);
    tokens
}

impl Layout {
    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Opened::File));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Whether a newline between `previous` and `ahead` separates statements.
    fn separates(&mut self, previous: Option<Token<'_>>, ahead: &[Lexeme<'_>]) -> bool {
        let Some(previous) = previous else { return false };
        if matches!(previous, Token::Newline | Token::Semicolon) {
            return false;
        }
        if self.top().opened == Opened::Group {
            // a line that must be a statement shows that a bracket was never closed
            let is_body = matches!(previous, Token::Else | Token::Identifier("then"));
            if is_body || !is_certain_statement(ahead) {
                return false;
            }
            while self.top().opened == Opened::Group && self.frames.len() > 1 {
                self.frames.pop();
            }
            return true;
        }
        if self.goes_on {
            return false;
        }
        let owed = self.top().owed > 0;
        match at(ahead, 0) {
            Token::LeftBrace | Token::End if owed => false,
            Token::Identifier("then") if owed => false,
            _ => !continues(ahead),
        }
    }

    /// A newline was kept.
    fn separator(&mut self) {
        self.top().begin_statement();
        self.operand_done = false;
        self.goes_on = true;
        self.statement_start = true;
        self.head_done = false;
    }

    /// Takes the first token of `rest` into account.
    fn token(&mut self, rest: &[Lexeme<'_>], before: &[Lexeme<'_>]) {
        let token = at(rest, 0);
        let previous = before.last().map(|lexeme| lexeme.token);
        let operand_done = std::mem::replace(&mut self.operand_done, token.ends_operand());
        let statement_start = std::mem::replace(&mut self.statement_start, false);
        let head_done = std::mem::replace(&mut self.head_done, false);
        self.goes_on = cannot_end_statement(token);
        match token {
            Token::LeftParen | Token::LeftBracket | Token::ValueStart => {
                self.frames.push(Frame::new(Opened::Group));
            }
            Token::RightParen | Token::RightBracket | Token::ValueEnd => self.close_group(),
            Token::LeftBrace => {
                let frame = self.top();
                if !head_done {
                    frame.owed = frame.owed.saturating_sub(1);
                }
                frame.has_commas = false;
                self.frames.push(Frame::new(Opened::Braces));
                self.statement_start = true;
            }
            Token::HashBrace => self.frames.push(Frame::new(Opened::Braces)),
            Token::RightBrace => self.close_braces(),
            Token::Semicolon => self.separator(),
            Token::Comma => {
                let frame = self.top();
                if frame.opened == Opened::Lambda && !frame.has_commas && frame.owed == 0 {
                    self.frames.pop();
                }
            }
            Token::Bar if self.top().in_head => {
                let frame = self.top();
                frame.in_head = false;
                let of_do = std::mem::replace(&mut frame.in_do_head, false);
                self.end_head(&rest[1..], of_do);
            }
            Token::Bar if !operand_done => self.top().in_head = true,
            Token::BarBar if !operand_done => self.end_head(&rest[1..], false),
            // `|x| => { … }`: the brace still belongs to the lambda
            Token::FatArrow if head_done => self.head_done = true,
            Token::Greater | Token::GreaterGreater => {
                self.goes_on = at(rest, 1) != Token::Newline || !closes_type(token, before);
            }
            _ if at(rest, 1) == Token::Colon || matches!(previous, Some(Token::Dot | Token::QuestionDot)) => {
                // a key, a label or a field, whatever the word means elsewhere
            }
            // behind an operand it is `value if c else w`, or the guard of an arm
            Token::If if !operand_done => self.top().owed += 1,
            // elsewhere it is the clause of a comprehension, or `impl T for N`
            Token::For if statement_start => {
                let frame = self.top();
                frame.owed += 1;
                frame.has_commas = true;
            }
            Token::While
            | Token::Match
            | Token::Try
            | Token::Catch
            | Token::Fn
            | Token::Struct
            | Token::Enum
            | Token::Trait
            | Token::Impl => self.top().owed += 1,
            Token::Identifier(word) => self.word(word, rest, previous, operand_done, statement_start),
            _ => {}
        }
    }

    /// A name, or a word that is a keyword here.
    fn word(
        &mut self,
        word: &str,
        rest: &[Lexeme<'_>],
        previous: Option<Token<'_>>,
        operand_done: bool,
        statement_start: bool,
    ) {
        match word {
            "do" if matches!(at(rest, 1), Token::Bar | Token::Newline | Token::End)
                && (!operand_done || matches!(previous, Some(Token::Identifier(_)))) =>
            {
                let mut frame = Frame::new(Opened::Do);
                frame.in_do_head = at(rest, 1) == Token::Bar;
                self.frames.push(frame);
                self.operand_done = false;
                self.goes_on = true;
                self.statement_start = true;
            }
            "end" if statement_start && self.top().opened == Opened::Do && keyword::is_end(rest) => {
                self.frames.pop();
            }
            "then" if self.top().owed > 0 && operand_done => {
                self.top().owed -= 1;
                self.operand_done = false;
                self.goes_on = true;
            }
            "when" if self.top().owed > 0 && operand_done => {
                self.operand_done = false;
                self.goes_on = true;
            }
            "where" if self.top().owed > 0 && operand_done => self.operand_done = false,
            "retry" if !operand_done && keyword::is_retry(rest) => self.top().owed += 1,
            _ if statement_start => self.statement_word(rest),
            _ => {}
        }
    }

    /// The first word of a statement.
    fn statement_word(&mut self, rest: &[Lexeme<'_>]) {
        let Some(keyword) = keyword::statement_keyword(rest) else { return };
        let frame = self.top();
        match keyword {
            StatementKeyword::Unless | StatementKeyword::With => frame.owed += 1,
            StatementKeyword::Pipeline => frame.owed += 1,
            StatementKeyword::Assert | StatementKeyword::From => frame.has_commas = true,
            // the `for` that follows is the first word of its statement
            StatementKeyword::Parallel => self.statement_start = true,
            StatementKeyword::Defer
            | StatementKeyword::Guard
            | StatementKeyword::Stage
            | StatementKeyword::Type => {}
        }
        // what follows a keyword begins an operand, and the label of a pipeline does no harm
        self.operand_done = false;
    }

    /// The head of a lambda is complete; `body` comes next.
    fn end_head(&mut self, body: &[Lexeme<'_>], of_do: bool) {
        self.operand_done = false;
        self.goes_on = true;
        self.head_done = true;
        let mut first = body.iter().map(|lexeme| lexeme.token).filter(|&token| token != Token::Newline);
        let first = match first.next() {
            Some(Token::FatArrow) => first.next(),
            first => first,
        };
        let has_statements = matches!(first, Some(Token::Let | Token::Const | Token::For | Token::While));
        self.statement_start = of_do || has_statements;
        if has_statements && self.top().opened == Opened::Group {
            self.frames.push(Frame::new(Opened::Lambda));
        }
    }

    fn close_group(&mut self) {
        while matches!(self.top().opened, Opened::Lambda | Opened::Do) {
            self.frames.pop();
        }
        if self.top().opened == Opened::Group {
            self.frames.pop();
        }
    }

    fn close_braces(&mut self) {
        // without an opening brace there is nothing to close, and the groups stay as they are
        if let Some(index) = self.frames.iter().rposition(|frame| frame.opened == Opened::Braces) {
            self.frames.truncate(index);
        }
    }
}

/// Whether `>` or `>>` closes the arguments of a type, as in `x: List<Int>`, rather than compares or shifts.
fn closes_type(token: Token<'_>, before: &[Lexeme<'_>]) -> bool {
    let mut open = if token == Token::GreaterGreater { 2 } else { 1 };
    for (index, lexeme) in before.iter().enumerate().rev() {
        match lexeme.token {
            Token::Greater => open += 1,
            Token::GreaterGreater => open += 2,
            Token::Less => open -= 1,
            Token::Identifier(_) | Token::Comma | Token::Question | Token::Bar => {}
            Token::Colon | Token::Arrow => return open == 0,
            Token::Equal => {
                let word = index.checked_sub(2).and_then(|word| before.get(word));
                return open == 0 && word.is_some_and(|word| word.token == Token::Identifier("type"));
            }
            _ => return false,
        }
    }
    false
}

/// Tokens behind which a newline means nothing.
pub(crate) fn cannot_end_statement(token: Token<'_>) -> bool {
    keyword::is_assignment(token)
        || matches!(
            token,
            Token::Pipe
                | Token::Tap
                | Token::Comma
                | Token::LeftParen
                | Token::LeftBracket
                | Token::LeftBrace
                | Token::HashBrace
                | Token::ValueStart
                | Token::Plus
                | Token::PlusPlus
                | Token::Minus
                | Token::Star
                | Token::StarStar
                | Token::Slash
                | Token::SlashSlash
                | Token::Percent
                | Token::Ampersand
                | Token::Caret
                | Token::LessLess
                | Token::GreaterGreater
                | Token::QuestionQuestion
                | Token::QuestionDot
                | Token::Dot
                | Token::EqualEqual
                | Token::BangEqual
                | Token::Less
                | Token::LessEqual
                | Token::Greater
                | Token::GreaterEqual
                | Token::AmpersandAmpersand
                | Token::BarBar
                | Token::Bar
                | Token::And
                | Token::Or
                | Token::Arrow
                | Token::FatArrow
                | Token::Tilde
                | Token::Colon
                | Token::DotDot
                | Token::DotDotEqual
                | Token::Ellipsis
                | Token::At
                | Token::Bang
                | Token::Else
                | Token::In
                | Token::Not
                | Token::As
        )
}

/// Whether a line that begins like this continues the one before.
fn continues(line: &[Lexeme<'_>]) -> bool {
    match at(line, 0) {
        Token::Dot => at(line, 1).word().is_some(),
        Token::And | Token::Or | Token::In | Token::As | Token::Else | Token::Catch => {
            at(line, 1) != Token::Colon
        }
        Token::Pipe
        | Token::Tap
        | Token::QuestionDot
        | Token::Plus
        | Token::PlusPlus
        | Token::Star
        | Token::StarStar
        | Token::SlashSlash
        | Token::Percent
        | Token::EqualEqual
        | Token::BangEqual
        | Token::LessEqual
        | Token::GreaterEqual
        | Token::Less
        | Token::Greater
        | Token::LessLess
        | Token::GreaterGreater
        | Token::Ampersand
        | Token::Caret
        | Token::AmpersandAmpersand
        | Token::QuestionQuestion
        | Token::Comma
        | Token::RightParen
        | Token::RightBracket => true,
        _ => false,
    }
}

/// Whether a line that begins like this is a statement beyond doubt, even where a bracket seems to be open.
pub(crate) fn is_certain_statement(line: &[Lexeme<'_>]) -> bool {
    match (at(line, 0), at(line, 1)) {
        (Token::Let | Token::Const, Token::Identifier(_)) => true,
        (Token::Fn | Token::Struct | Token::Enum | Token::Trait | Token::Impl, Token::Identifier(_)) => true,
        (Token::Async, Token::Fn) => matches!(at(line, 2), Token::Identifier(_)),
        (Token::Import, Token::Text { .. }) => true,
        (Token::Return | Token::While, next) => !matches!(next, Token::Colon | Token::Equal),
        _ => false,
    }
}
