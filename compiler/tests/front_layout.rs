//! Which newlines count. In the expected text each counted newline is a `⏎`.

use biovm_compiler::layout::remove_insignificant_newlines;
use biovm_compiler::lexer::lex;
use biovm_compiler::token::Token;

fn read(source: &str) -> String {
    let tokens = remove_insignificant_newlines(lex(source).tokens);
    let texts = tokens.iter().map(|lexeme| match lexeme.token {
        Token::Newline => "⏎",
        _ => lexeme.span.text(source),
    });
    texts.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (source, expected) in cases {
        let found = read(source);
        if found != *expected {
            wrong.push_str(&format!("\n--- {source}\nexpected: {expected}\nfound:    {found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn behind_tokens_that_want_more() {
    let after = "|> |>> , + ++ - * ** // % & ^ << >> += -= *= /= ?? ?. . == != < <= > >= && || and or \
                 = -> => ~ : .. ..= ... @ else in not as";
    for token in after.split_whitespace() {
        let source = format!("a {token}\nb");
        assert_eq!(read(&source), format!("a {token} b"));
    }
    check(&[("a /\nb", "a / b"), ("a\n\n\n\nb\n", "a ⏎ b ⏎"), ("\n\na", "a")]);
}

#[test]
fn before_tokens_that_cannot_begin() {
    let before = "|> |>> ?. + ++ * ** // % == != <= >= < > << >> & ^ && and or ?? in as , ) ] else catch";
    for token in before.split_whitespace() {
        let source = format!("a\n  # comment\n\n{token} b");
        assert_eq!(read(&source), format!("a {token} b"));
    }
    check(&[("a\n.b", "a . b"), ("a\n.5", "a ⏎ . 5"), ("a\n..b", "a ⏎ .. b")]);
    for token in ["-", "(", "[", "{", "|", "||", "!", "not", "~", "if", "for"] {
        let source = format!("a\n{token} b");
        assert_eq!(read(&source), format!("a ⏎ {token} b"));
    }
}

#[test]
fn inside_of_brackets() {
    check(&[
        ("(a\n-b\n)\nc", "( a - b ) ⏎ c"),
        ("[a\n(b)\n]", "[ a ( b ) ]"),
        ("f(|x| {\n a\n b\n})", "f ( | x | { a ⏎ b ⏎ } )"),
        ("f(do |x|\n a\n (b)\nend)", "f ( do | x | a ⏎ ( b ) ⏎ end )"),
        ("f(|x| let y = 1\n (y)\n)", "f ( | x | let y = 1 ⏎ ( y ) )"),
        ("f(|x| => for y in x {\n a }\n (y)\n)", "f ( | x | => for y in x { a } ⏎ ( y ) )"),
        ("f(|x| let y = 1\n y, 3\n (4)\n)", "f ( | x | let y = 1 ⏎ y , 3 ( 4 ) )"),
        ("f(|x| for a, b in x {\n a\n }\n (4)\n)", "f ( | x | for a , b in x { a ⏎ } ⏎ ( 4 ) )"),
        ("{a: 1,\n b: 2\n}", "{ a : 1 , b : 2 ⏎ }"),
        ("f\"\"\"{a\n(b)}\"\"\"\nc", "f\"\"\" { a ( b ) } \"\"\" ⏎ c"),
    ]);
}

#[test]
fn before_the_brace_of_a_header() {
    check(&[
        ("if c\n{ a\n}\nelse\n{ b }", "if c { a ⏎ } else { b }"),
        ("for x in xs\n{ a }\n{ b }", "for x in xs { a } ⏎ { b }"),
        ("while c\n\n# x\n{ a }", "while c { a }"),
        ("fn f(x)\n{ a }", "fn f ( x ) { a }"),
        ("fn f(x) -> List<Int>\n{ a }", "fn f ( x ) -> List < Int > { a }"),
        ("match e\n{ a => b }", "match e { a => b }"),
        ("try\n{ a }\ncatch e\n{ b }", "try { a } catch e { b }"),
        ("struct N\n{ x }", "struct N { x }"),
        ("unless c\n{ a }", "unless c { a }"),
        ("with r\n{ a }", "with r { a }"),
        ("pipeline p\n{ a }", "pipeline p { a }"),
        ("if any(xs, |x| {x})\n{ a }", "if any ( xs , | x | { x } ) { a }"),
        ("if c\nthen a\nelse b", "if c then a else b"),
        ("if c then a\n{ b }", "if c then a ⏎ { b }"),
        ("let x = 1 if c else 2\n{ b }", "let x = 1 if c else 2 ⏎ { b }"),
        ("{if: 1}\n{ b }", "{ if : 1 } ⏎ { b }"),
        ("x.match\n{ b }", "x . match ⏎ { b }"),
        ("trait T { fn a(self)\n fn b(self) { 1 }\n}", "trait T { fn a ( self ) ⏎ fn b ( self ) { 1 } ⏎ }"),
        ("for x in xs when\n c\n{ a }", "for x in xs when c { a }"),
    ]);
}

#[test]
fn types_do_not_go_on() {
    check(&[
        (
            "struct P {\n x: List<Int>\n y: Map<Str, List<Int>>\n z: Int\n}",
            "struct P { x : List < Int > ⏎ y : Map < Str , List < Int >> ⏎ z : Int ⏎ }",
        ),
        ("type A = List<Int>\nb", "type A = List < Int > ⏎ b"),
        ("let x = a >\nb", "let x = a > b"),
        ("{k: a >\nb}", "{ k : a > b }"),
        ("fn f() -> List<Int>\nb", "fn f ( ) -> List < Int > ⏎ b"),
    ]);
}

#[test]
fn do_blocks() {
    check(&[
        ("do\n a\n b\nend\nc", "do a ⏎ b ⏎ end ⏎ c"),
        ("f(do\n a\nend)", "f ( do a ⏎ end )"),
        ("do |x|\n let end = 5\n end + 1\nend |> g", "do | x | let end = 5 ⏎ end + 1 ⏎ end |> g"),
        ("let do = 1\n(a)", "let do = 1 ⏎ ( a )"),
    ]);
}

#[test]
fn a_bracket_that_is_never_closed() {
    check(&[
        ("f(1, 2\nlet b = 3\n(c)", "f ( 1 , 2 ⏎ let b = 3 ⏎ ( c )"),
        ("f([1,\nfn g() { 1 }", "f ( [ 1 , ⏎ fn g ( ) { 1 }"),
        ("f(\n  let: 1,\n  return = 2)", "f ( let : 1 , return = 2 )"),
        ("f(if c then\n let x = 1)", "f ( if c then let x = 1 )"),
        ("a) \n b\n} \n c", "a ) ⏎ b ⏎ } ⏎ c"),
    ]);
}
