//! Tokens of small sources.

use biovm_compiler::lexer::lex;
use biovm_compiler::token::Token;

/// The tokens as words, newlines as `⏎`; or the errors.
fn read(source: &str) -> String {
    let lexed = lex(source);
    if !lexed.diagnostics.is_empty() {
        let errors = lexed.diagnostics.iter();
        return errors
            .map(|error| format!("{}: {}", error.span.start, error.message))
            .collect::<Vec<_>>()
            .join("\n");
    }
    let tokens = lexed.tokens.iter().map(|lexeme| match lexeme.token {
        Token::Newline => "⏎".to_string(),
        Token::Int(value) => value.to_string(),
        Token::Float(value) => format!("{value:?}"),
        Token::Text { raw, form } => format!("{:?}", biovm_compiler::lexer::decode(raw, form)),
        Token::FormatStart => "f<".to_string(),
        Token::FormatText { raw, form } => format!("{:?}", biovm_compiler::lexer::decode(raw, form)),
        Token::ValueStart => "{".to_string(),
        Token::FormatSpec(text) => format!(":{text}"),
        Token::ValueEnd => "}".to_string(),
        Token::FormatEnd => ">f".to_string(),
        Token::Sequence(kind, letters) => format!("{}:{letters}", kind.prefix()),
        Token::Regex(text) => text.to_string(),
        Token::Identifier(text) => text.to_string(),
        token => format!("`{}`", token.fixed_text().unwrap_or("?")),
    });
    tokens.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (source, expected) in cases {
        let found = read(source);
        if found != *expected {
            wrong.push_str(&format!("\n--- {source:?}\nexpected: {expected}\nfound:    {found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn signs_are_as_long_as_possible() {
    check(&[
        ("a+++b", "a `++` `+` b"),
        ("a<<=b", "a `<<` `=` b"),
        ("a|>>b|>c||d", "a `|>>` b `|>` c `||` d"),
        ("a?.b??c?=d", "a `?.` b `??` c `?=` d"),
        ("a...b..=c..d.e", "a `...` b `..=` c `..` d `.` e"),
        ("a**b*=c//d/=e", "a `**` b `*=` c `//` d `/=` e"),
        ("a->b-=c-d", "a `->` b `-=` c `-` d"),
        ("a==b=>c=d!=e!f", "a `==` b `=>` c `=` d `!=` e `!` f"),
        ("#{1}", "`#{` 1 `}`"),
        ("~x @y ^z &w && %= %", "`~` x `@` y `^` z `&` w `&&` `%=` `%`"),
    ]);
}

#[test]
fn words() {
    check(&[
        ("let letter _ _a a1", "`let` letter _ _a a1"),
        ("end do then when where", "end do then when where"),
        ("x.end x.if x?.let", "x `.` end x `.` if x `?.` let"),
        ("f r dna qual", "f r dna qual"),
        ("x.f\"a\"", "x `.` f \"a\""),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("1..5 1..=5", "1 `..` 5 1 `..=` 5"),
        ("5.sqrt() 5.e()", "5 `.` sqrt `(` `)` 5 `.` e `(` `)`"),
        ("2.5.round()", "2.5 `.` round `(` `)`"),
        ("t.0.1", "t `.` 0 `.` 1"),
        ("1e5 1.5E+2 0xfe", "100000.0 150.0 254"),
        ("5.", "0: invalid number: 5."),
        ("12abc", "0: invalid number: 12abc"),
        ("0xZZ", "0: invalid number: 0xZZ"),
        ("0x", "0: invalid number: 0x"),
        ("0b12", "0: invalid number: 0b12"),
        ("1e", "0: invalid number: 1e"),
        ("1_", "0: invalid number: 1_"),
        ("1.5.2", "0: invalid number: 1.5.2"),
        ("1.5e", "0: invalid number: 1.5e"),
        ("9223372036854775809", "0: invalid number: 9223372036854775809"),
        ("0xFFFFFFFFFFFFFFFF", "0: invalid number: 0xFFFFFFFFFFFFFFFF"),
    ]);
}

#[test]
fn regex_or_division() {
    check(&[
        ("a / b / c", "a `/` b `/` c"),
        ("x = /a+/i", "x `=` /a+/i"),
        ("f(/a/, 1 / 2)", "f `(` /a/ `,` 1 `/` 2 `)`"),
        ("iv.end / 2 / 3", "iv `.` end `/` 2 `/` 3"),
        ("iv.if / 2 / 3", "iv `.` if `/` 2 `/` 3"),
        ("end / 2 / when", "end `/` 2 `/` when"),
        ("qual\"II\" / 2 / 3", "qual:II `/` 2 `/` 3"),
        ("f\"{x}\" / 2 / 3", "f< { x } >f `/` 2 `/` 3"),
        ("xs[1] / (2) / {3} / 4", "xs `[` 1 `]` `/` `(` 2 `)` `/` `{` 3 `}` `/` 4"),
        ("true / nil / 2", "`true` `/` `nil` `/` 2"),
        ("return /a/", "`return` /a/"),
        ("x in /a\\/b/", "x `in` /a\\/b/"),
        ("a\n/b/", "a ⏎ /b/"),
        ("|x| /b/", "`|` x `|` /b/"),
        ("x = /abc", "4: unterminated regex"),
        ("x = /abc/q", "9: invalid regex flag: 'q'"),
    ]);
}

#[test]
fn sequences() {
    check(&[
        ("dna\"acgtN\" rna\"ACGU\" protein\"MK*\" qual\"!~I\"", "dna:acgtN rna:ACGU protein:MK* qual:!~I"),
        ("dna\"\"", "dna:"),
        ("dna\"ACGU\"", "7: invalid character 'U' at position 4 in DNA literal"),
        ("rna\"AT\"", "5: invalid character 'T' at position 2 in RNA literal"),
        ("dna\"AC-G\"", "6: invalid character '-' at position 3 in DNA literal"),
        ("protein\"M1\"", "9: invalid character '1' at position 2 in Protein literal"),
        ("qual\"I I\"", "6: invalid character ' ' at position 2 in Quality literal"),
        ("dna\"äG\"", "4: invalid character 'ä' at position 1 in DNA literal"),
        ("dna\"ACG", "0: unterminated string"),
    ]);
}

#[test]
fn strings_and_their_errors() {
    check(&[
        ("\"a\\u{41}\"", "\"aA\""),
        ("\"\\q\\d\"", "\"\\\\q\\\\d\""),
        ("'a' \"b\" r'c\\'", "\"a\" \"b\" \"c\\\\\""),
        ("\"abc", "0: unterminated string"),
        ("\"\"\"abc\"\"", "0: unterminated string"),
        ("r\"abc\nd", "0: unterminated string"),
        ("f\"abc\nd", "0: unterminated string"),
        ("f\"abc{x\nd", "0: unterminated string"),
        ("f\"{\"a\nb\"}\"", "0: unterminated string"),
        ("\"\\u41\"", "1: invalid escape: '{' expected after '\\u'"),
        ("\"\\u{}\"", "1: invalid escape: '\\u{}' names no character"),
        ("\"\\u{12G}\"", "1: invalid escape: 'G' is not a hexadecimal digit"),
        ("\"\\u{110000}\"", "1: invalid escape: '\\u{110000}' is not a character"),
        ("\"\\u{1234567}\"", "1: invalid escape: '\\u{1234567}' is not a character"),
        ("\"\\u{41\"", "1: invalid escape: '}' expected after '\\u{'"),
        ("f\"a}b\"", "3: single '}' in f-string"),
        ("f\"{}\"", "2: f-string value without an expression"),
        ("f\"{:>3}\"", "2: f-string value without an expression"),
        ("f\"{x:>3\"", "2: unterminated f-string value"),
    ]);
}

#[test]
fn interpolations_are_flat() {
    check(&[
        ("f\"a{x}b\"", "f< \"a\" { x } \"b\" >f"),
        ("f\"{f\"{y}\"}\"", "f< { f< { y } >f } >f"),
        ("f\"{a[1:2]:>3}\"", "f< { a `[` 1 `:` 2 `]` :>3 } >f"),
        ("f\"{ {a: 1} }\"", "f< { `{` a `:` 1 `}` } >f"),
        ("f\"\"\"\n a\n {x}\n\"\"\"", "f< \"a\\n\" { x } \"\" >f"),
        ("f\"\"", "f< >f"),
    ]);
}

#[test]
fn blanks_and_newlines() {
    check(&[
        ("\u{feff}a", "a"),
        ("a\r\nb\rc\nd", "a ⏎ b ⏎ c ⏎ d"),
        ("a\t b", "a b"),
        ("#!/usr/bin/env biovm\na # ── x\n## doc\nb", "⏎ a ⏎ ⏎ b"),
        ("a \u{1} b", "2: unexpected character: '\\u{1}'"),
        ("a\u{a0}b", "1: unexpected character: '\\u{a0}'"),
        ("\"\u{1}\"", "\"\\u{1}\""),
        ("$ `", "0: unexpected character: '$'\n2: unexpected character: '`'"),
        ("", ""),
    ]);
}

#[test]
fn comments_are_kept_aside() {
    let source = "a # one\n## two\n#three\nx #{ 1 }";
    let lexed = lex(source);
    let comments: Vec<_> = lexed
        .comments
        .iter()
        .map(|comment| (comment.span.text(source), comment.is_doc, comment.owns_line))
        .collect();
    assert_eq!(comments, [("# one", false, false), ("## two", true, true), ("#three", false, true)]);
}
