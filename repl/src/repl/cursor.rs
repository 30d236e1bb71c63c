//! What stands before the cursor: the word that is being typed, and the call around it. The language's own lexer says so.

use biovm_compiler::diagnostic::code::UNTERMINATED_STRING;
use biovm_compiler::source::SourceText;
use biovm_compiler::token::Token;

/// What stands before the cursor.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// What is being typed.
    pub place: Place,
    /// The innermost call that is open.
    pub call: Option<Call>,
}

/// What is being typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// A name, or nothing yet.
    Word(String),
    /// The name of a part, behind the names that lead to it: `genes.first.na`.
    Member { path: Vec<String>, word: String },
    /// A string literal; what it has so far.
    Text(String),
    /// A comment, a number, text of an f-string.
    #[default]
    Other,
}

/// A call whose parenthesis is open.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    /// The name of what is called.
    pub function: String,
    /// Whether the word begins an argument, so that it may be the name of one.
    pub begins_argument: bool,
    /// Whether the word begins an entry of a record that is an argument.
    pub begins_entry: bool,
}

/// An open bracket.
struct Open {
    bracket: Bracket,
    /// The name before a parenthesis.
    function: Option<String>,
    /// Whether nothing stands behind the bracket, or behind the last comma.
    is_at_start: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Round,
    Square,
    Curly,
}

/// Looks at the text up to the cursor.
pub fn look(text: &str) -> Cursor {
    let source = SourceText::new("", text);
    let lexed = biovm_compiler::tokens(&source);
    let end = source.text().len();
    if lexed.comments.iter().any(|comment| comment.span.end as usize == end && end > 0) {
        return Cursor::default();
    }
    let is_unterminated = lexed.diagnostics.iter().any(|found| found.code == UNTERMINATED_STRING);
    // The lexer closes what is open with tokens that stand for nothing.
    let tokens: Vec<_> = lexed
        .tokens
        .iter()
        .filter(|lexeme| lexeme.span.start < lexeme.span.end && lexeme.token != Token::Newline)
        .collect();
    let touches = |position: usize| tokens[position].span.end as usize == end;
    let (rest, place) = match tokens.as_slice() {
        [before @ .., last] if touches(tokens.len() - 1) => match last.token {
            Token::Text { raw, .. } if is_unterminated => (before, Place::Text(raw.to_owned())),
            Token::FormatText { .. } | Token::Int(_) | Token::Float(_) => (before, Place::Other),
            token => match token.word() {
                Some(word) => (before, Place::Word(word.to_owned())),
                None => (tokens.as_slice(), Place::Word(String::new())),
            },
        },
        // Text of an f-string; only a value in it is code.
        [.., last] if is_unterminated && matches!(last.token, Token::ValueEnd | Token::FormatStart) => {
            (tokens.as_slice(), Place::Other)
        }
        all => (all, Place::Word(String::new())),
    };
    let tokens: Vec<Token<'_>> = rest.iter().map(|lexeme| lexeme.token).collect();
    let place = match place {
        Place::Word(word) if tokens.last().is_some_and(is_dot) => Place::Member { path: path(&tokens), word },
        place => place,
    };
    Cursor { place, call: call(&tokens) }
}

/// The names before the dot at the end, the first one first; empty where something else stands there.
fn path(tokens: &[Token<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = tokens;
    while let [before @ .., Token::Identifier(name), Token::Dot | Token::QuestionDot] = rest {
        names.push((*name).to_owned());
        rest = before;
    }
    // Of `f(x).a.` or `xs[0].a.`, nobody knows the value before it runs.
    if rest.last().is_some_and(is_dot) {
        return Vec::new();
    }
    names.reverse();
    names
}

fn is_dot(token: &Token<'_>) -> bool {
    matches!(token, Token::Dot | Token::QuestionDot)
}

/// The innermost open call.
fn call(tokens: &[Token<'_>]) -> Option<Call> {
    let mut open: Vec<Open> = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        let bracket = match token {
            Token::LeftParen => Some(Bracket::Round),
            Token::LeftBracket | Token::HashBrace => Some(Bracket::Square),
            Token::LeftBrace => Some(Bracket::Curly),
            _ => None,
        };
        let was_at_start = open.last().is_none_or(|open| open.is_at_start);
        if let Some(open) = open.last_mut() {
            open.is_at_start = *token == Token::Comma;
        }
        match token {
            Token::RightParen | Token::RightBracket | Token::RightBrace => drop(open.pop()),
            _ => {}
        }
        if let Some(bracket) = bracket {
            let function = match position.checked_sub(1).map(|before| tokens[before]) {
                Some(Token::Identifier(name)) if bracket == Bracket::Round => Some(name.to_owned()),
                _ => None,
            };
            // A brace in the middle of an argument is the body of something.
            let is_at_start = bracket != Bracket::Curly || was_at_start;
            open.push(Open { bracket, function, is_at_start });
        }
    }
    match open.as_slice() {
        [.., Open { function: Some(function), is_at_start, .. }] => {
            Some(Call { function: function.clone(), begins_argument: *is_at_start, begins_entry: false })
        }
        [.., Open { function: Some(function), .. }, Open { bracket: Bracket::Curly, is_at_start, .. }] => {
            Some(Call { function: function.clone(), begins_argument: false, begins_entry: *is_at_start })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Place {
        Place::Word(text.to_owned())
    }

    fn call(function: &str, begins_argument: bool, begins_entry: bool) -> Option<Call> {
        Some(Call { function: function.to_owned(), begins_argument, begins_entry })
    }

    #[test]
    fn words_and_members() {
        assert_eq!(look("x |> re").place, word("re"));
        assert_eq!(look("x |> ").place, word(""));
        assert_eq!(look("").place, word(""));
        let member = |path: &[&str], word: &str| Place::Member {
            path: path.iter().map(|name| (*name).to_owned()).collect(),
            word: word.to_owned(),
        };
        assert_eq!(look("len(read.s").place, member(&["read"], "s"));
        assert_eq!(look("a.b.").place, member(&["a", "b"], ""));
        assert_eq!(look("f(x).b.c").place, member(&[], "c"));
        assert_eq!(look("é.x").place, member(&[], "x"));
        assert_eq!(look("12").place, Place::Other);
        assert_eq!(look("1 # len").place, Place::Other);
    }

    #[test]
    fn strings_are_known_by_their_quotes() {
        assert_eq!(look("read_fastq(\"da").place, Place::Text("da".to_owned()));
        assert_eq!(look("f('it\\'s").place, Place::Text("it\\'s".to_owned()));
        assert_eq!(look("f(\"a\") |> g").place, word("g"));
        assert_eq!(look("# it's\nf(\"da").place, Place::Text("da".to_owned()));
        assert_eq!(look("f\"a {le").place, word("le"));
        assert_eq!(look("f\"a {x} le").place, Place::Other);
    }

    #[test]
    fn calls_around_the_cursor() {
        assert_eq!(look("f(").call, call("f", true, false));
        assert_eq!(look("f(a, on").call, call("f", true, false));
        assert_eq!(look("f(a + on").call, call("f", false, false));
        assert_eq!(look("f(a, {on").call, call("f", false, true));
        assert_eq!(look("f(a, {x: 1, on").call, call("f", false, true));
        assert_eq!(look("f(a, {x: on").call, call("f", false, false));
        assert_eq!(look("f(a, |r| {on").call, call("f", false, false));
        assert_eq!(look("f(g(1), [2, on").call, None);
        assert_eq!(look("f(g(1), on").call, call("f", true, false));
        assert_eq!(look("f(a) + on").call, None);
        assert_eq!(look("x.map(").call, call("map", true, false));
    }
}
