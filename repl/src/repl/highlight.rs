//! Colours for what is being typed, by the tokens of the language's own lexer.

use crate::repl::commands;
use biovm_compiler::source::SourceText;
use biovm_compiler::token::Token;
use std::ops::Range;

/// How a terminal is told to change the colour.
const KEYWORD: &str = "\x1b[1;34m";
const TEXT: &str = "\x1b[32m";
const SEQUENCE: &str = "\x1b[35m";
const PATTERN: &str = "\x1b[33m";
const NUMBER: &str = "\x1b[36m";
const COMMENT: &str = "\x1b[90m";
const BUILTIN: &str = "\x1b[34m";
const INVALID: &str = "\x1b[31m";
const COMMAND: &str = "\x1b[1m";
const END: &str = "\x1b[0m";

/// A hint, in a colour that steps back.
pub fn hint(text: &str) -> String {
    format!("{COMMENT}{text}{END}")
}

/// The line in colours. `before` is what the entry has above the line, without which an open string would look like code.
pub fn line(before: &str, line: &str, is_builtin: impl Fn(&str) -> bool) -> String {
    // Of a command, only some take code.
    let (command, code) = match commands::code_of(line) {
        _ if !before.is_empty() => ("", line),
        Some(code) => line.split_at(line.len() - trailing(line, code)),
        None if commands::is_command(line) => (line, ""),
        None => ("", line),
    };
    let mut coloured = String::with_capacity(line.len() * 2);
    if !command.is_empty() {
        coloured.push_str(&format!("{COMMAND}{command}{END}"));
    }
    let above = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let whole = format!("{before}{above}{code}");
    paint(&mut coloured, &whole, whole.len() - code.len(), is_builtin);
    coloured
}

/// How many bytes of the line, from its end, begin with the code; what is behind the code are blanks.
fn trailing(line: &str, code: &str) -> usize {
    line.len() - line.rfind(code).unwrap_or(0)
}

/// Appends the text from `start` on, in colours.
fn paint(coloured: &mut String, text: &str, start: usize, is_builtin: impl Fn(&str) -> bool) {
    let source = SourceText::new("", text);
    // A byte-order mark moves places, and nobody types one.
    if source.text() != text {
        coloured.push_str(&text[start..]);
        return;
    }
    let lexed = biovm_compiler::tokens(&source);
    let tokens = lexed.tokens.iter().filter_map(|lexeme| {
        let colour = colour(lexeme.token, &is_builtin)?;
        Some((lexeme.span.start as usize..lexeme.span.end as usize, colour))
    });
    let comments = lexed
        .comments
        .iter()
        .map(|comment| (comment.span.start as usize..comment.span.end as usize, COMMENT));
    let mut spans: Vec<(Range<usize>, &str)> = tokens.chain(comments).collect();
    spans.sort_by_key(|(range, _)| range.start);

    let mut at = start;
    for (range, colour) in spans {
        let range = range.start.max(at)..range.end.min(text.len());
        if let (Some(between), Some(piece)) = (text.get(at..range.start), text.get(range.clone()))
            && !piece.is_empty()
        {
            coloured.push_str(between);
            // Some terminals end a colour at the end of a line.
            for (number, line) in piece.split('\n').enumerate() {
                let newline = if number > 0 { "\n" } else { "" };
                let (colour, end) = if line.is_empty() { ("", "") } else { (colour, END) };
                coloured.push_str(&format!("{newline}{colour}{line}{end}"));
            }
            at = range.end;
        }
    }
    coloured.push_str(&text[at..]);
}

/// The colour of a token; `None` for what stays as it is.
fn colour(token: Token<'_>, is_builtin: impl Fn(&str) -> bool) -> Option<&'static str> {
    match token {
        Token::Int(_) | Token::Float(_) => Some(NUMBER),
        Token::Text { .. } | Token::FormatStart | Token::FormatText { .. } | Token::FormatEnd => Some(TEXT),
        Token::Sequence(..) => Some(SEQUENCE),
        Token::Regex(_) | Token::FormatSpec(_) => Some(PATTERN),
        Token::Identifier(name) => is_builtin(name).then_some(BUILTIN),
        Token::Invalid => Some(INVALID),
        _ => token.word().map(|_| KEYWORD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(before: &str, text: &str) -> String {
        let line = line(before, text, |name| name == "len");
        let names = [
            (KEYWORD, "<keyword>"),
            (TEXT, "<text>"),
            (SEQUENCE, "<sequence>"),
            (PATTERN, "<pattern>"),
            (NUMBER, "<number>"),
            (COMMENT, "<comment>"),
            (BUILTIN, "<builtin>"),
            (INVALID, "<invalid>"),
            (COMMAND, "<command>"),
            (END, "<>"),
        ];
        names.iter().fold(line, |line, (escape, name)| line.replace(escape, name))
    }

    #[test]
    fn tokens_have_colours() {
        assert_eq!(
            coloured("", "let x = len(dna\"ACGT\") + 1.5 # bases"),
            "<keyword>let<> x = <builtin>len<>(<sequence>dna\"ACGT\"<>) + <number>1.5<> <comment># bases<>"
        );
        assert_eq!(
            coloured("", "f\"n: {len(xs):>5}\""),
            "<text>f\"<><text>n: <>{<builtin>len<>(xs):<pattern>>5<>}<text>\"<>"
        );
    }

    #[test]
    fn what_is_above_counts() {
        assert_eq!(coloured("let t = \"\"\"one", "let two\"\"\""), "<text>let two\"\"\"<>");
        assert_eq!(coloured("f(", "1)"), "<number>1<>)");
    }

    #[test]
    fn commands_stand_out() {
        assert_eq!(coloured("", ":time  len(xs)"), "<command>:time  <><builtin>len<>(xs)");
        assert_eq!(coloured("", ":load let.bl"), "<command>:load let.bl<>");
        assert_eq!(coloured("", "?len"), "<command>?len<>");
        assert_eq!(coloured("", ":"), "<command>:<>");
    }

    #[test]
    fn nothing_is_lost() {
        for text in ["", "\"open", "f\"{", "é = \"é\"", "a\nb", "\"\"\"a\nb\"\"\" + 1", "@@ $", "/re"] {
            let line = line("", text, |_| false);
            let escapes = [KEYWORD, TEXT, SEQUENCE, PATTERN, NUMBER, COMMENT, BUILTIN, INVALID, COMMAND, END];
            let plain = escapes.iter().fold(line, |line, escape| line.replace(escape, ""));
            assert_eq!(plain, text);
        }
    }
}
