//! The syntax tree of small sources, as nested lists.

use biovm_compiler::source::SourceText;
use biovm_compiler::{diagnostic, dump, parse};

/// What a source is read as: its tree, one statement a line, or its errors.
fn read(text: &str) -> String {
    let source = SourceText::new("test.bl", text);
    match parse(&source) {
        Ok(program) => dump::compact(&program),
        Err(errors) => {
            let errors = errors.iter().map(|error| {
                format!("{} {}: {}", source.position(error.span.start), error.kind, error.message)
            });
            errors.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Checks pairs of source and expected tree, and shows all that differ.
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
fn literals() {
    check(&[
        ("42", "42"),
        ("1_000_000", "1000000"),
        ("007", "7"),
        ("0xFF + 0b1010 + 0o17", "(+ (+ 255 10) 15)"),
        ("0XfF", "255"),
        ("2.5", "2.5"),
        ("1_0.5_0", "10.5"),
        ("1e3", "1000.0"),
        ("1E-3", "0.001"),
        ("2.5e+2", "250.0"),
        ("1e400", "inf"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "1:1 SyntaxError: invalid number: 9223372036854775808"),
        ("-5", "(- 5)"),
        ("true && false ?? nil", "(?? (&& true false) nil)"),
        (r#""a\n\t\"\'\\\{\}\0""#, r#""a\n\t\"'\\{}\0""#),
        (r#""\d \u{1F9EC} \u{41}""#, "\"\\\\d 🧬 A\""),
        (r#"'it"s'"#, r#""it\"s""#),
        (r#"r"\d\n""#, r#""\\d\\n""#),
        (r"r'a\'", r#""a\\""#),
        ("\"two\nlines\"", r#""two\nlines""#),
        ("\"two\r\nlines\"", r#""two\nlines""#),
        (r#"dna"ACGTnry""#, r#"dna"ACGTNRY""#),
        (r#"rna"acgu""#, r#"rna"ACGU""#),
        (r#"protein"MKV*""#, r#"protein"MKV*""#),
        (r#"qual"II~!""#, r#"qual"II~!""#),
        (r#"dna"""#, r#"dna"""#),
        ("dna(text)", "(call dna text)"),
        ("r + f + dna", "(+ (+ r f) dna)"),
        (r"/a\/b[0-9]+/gi", "/a/b[0-9]+/gi"),
    ]);
}

#[test]
fn triple_quoted_text_is_dedented() {
    check(&[
        ("\"\"\"\n  a\n    b\n\n  c\n  \"\"\"", r#""a\n  b\n\nc""#),
        ("\"\"\"a\n  b\"\"\"", r#""a\n  b""#),
        ("\"\"\"\n  a \"quoted\" b\"\"\"", r#""a \"quoted\" b""#),
        ("\"\"\"\n  a\\n b\n\"\"\"", r#""a\n b""#),
        ("\"\"\"\"\"\"", r#""""#),
        ("\"\"\"\n\"\"\"", r#""""#),
        ("\"\"\"\n\t a\n\t b\"\"\"", r#""a\nb""#),
        ("f\"\"\"\n  a {x}\n    {y} b\n  \"\"\"", r#"(text "a " x "\n  " y " b")"#),
        ("f\"\"\"\n  {x}\n  \"\"\"", "(text x)"),
        ("f\"\"\"{x}\n  b\"\"\"", r#"(text x "\n  b")"#),
        ("f\"\"\"\n    {x\n  + 1}\n    b\"\"\"", r#"(text (+ x 1) "\nb")"#),
    ]);
}

#[test]
fn interpolation() {
    check(&[
        (r#"f"a {x} b""#, r#"(text "a " x " b")"#),
        (r#"f"plain""#, r#""plain""#),
        (r#"f"""#, r#""""#),
        (r#"f"{x}""#, "(text x)"),
        (r#"f"{{x}} {y}""#, r#"(text "{x} " y)"#),
        (r#"f"\{x\} {y}""#, r#"(text "{x} " y)"#),
        (r#"f"{x:>8.2f}""#, r#"(text (format x ">8.2f"))"#),
        (r#"f"{f(a: 1)[1:2]:,}""#, r#"(text (format (slice (call f (a: 1)) 1 2) ","))"#),
        (r#"f"{ {a: 1}.a }""#, "(text (.a (record (a: 1))))"),
        (r#"f"{d["k"]} {f"<{x}>"}""#, r#"(text (index d "k") " " (text "<" x ">"))"#),
        (
            r#"f"{xs |> map(|x| {a: x}) |> len()}""#,
            "(text (|> (|> xs (call map (lambda (x) (record (a: x))))) (call len)))",
        ),
        (r#"f'{x} "q"'"#, r#"(text x " \"q\"")"#),
        (r#"f"{#{1}}""#, "(text (set 1))"),
    ]);
}

#[test]
fn collections() {
    check(&[
        ("[1, 2, 3,]", "(list 1 2 3)"),
        ("[]", "(list)"),
        ("[...xs, 4]", "(list (... xs) 4)"),
        ("#{1, 2}", "(set 1 2)"),
        ("#{}", "(set)"),
        ("()", "(tuple)"),
        ("(a,)", "(tuple a)"),
        ("(a)", "a"),
        ("(a, b)", "(tuple a b)"),
        ("let r = {}", "(let r (record))"),
        ("{}", "(block)"),
        ("{a: 1, \"b c\": 2, [k]: 3, ...o, d}", r#"(record (a: 1) ("b c": 2) ([]: k 3) (... o) d)"#),
        ("let r = {a, b}", "(let r (record a b))"),
        ("let r = {a,}", "(let r (record a))"),
        ("let r = {a}", "(let r (block a))"),
        ("let r = {\n  a: 1,\n  b: 2,\n}", "(let r (record (a: 1) (b: 2)))"),
        ("let r = {\n  a: 1\n  , b: 2\n}", "(let r (record (a: 1) (b: 2)))"),
        ("{end: 9, if: 1, or: 2}.end", "(.end (record (end: 9) (if: 1) (or: 2)))"),
        ("[x * 2 for x in xs]", "(list-of (* x 2) (for x xs))"),
        ("[x for x in xs if x > 1]", "(list-of x (for x xs (if (> x 1))))"),
        ("[x + y for x in xs if x for y in ys]", "(list-of (+ x y) (for x xs (if x)) (for y ys))"),
        ("[a if a else 0 for a, b in xs]", "(list-of (if a a 0) (for (tuple a b) xs))"),
        ("let m = {k: v for (k, v) in xs if v}", "(let m (map-of k v (for (tuple k v) xs (if v))))"),
        ("let m = {\"k\": 1 for k in xs}", r#"(let m (map-of "k" 1 (for k xs)))"#),
        ("let m = {\n  [k + 1]: v\n  for k in xs\n  if k\n}", "(let m (map-of (+ k 1) v (for k xs (if k))))"),
        ("Point {x: 1, y: 2}", "(struct-value Point (x: 1) (y: 2))"),
        ("m.Point {x: 1}", "(struct-value (.Point m) (x: 1))"),
        ("Point {}", "(struct-value Point)"),
        ("1..5", "(.. 1 5)"),
        ("1..=n + 1", "(..= 1 (+ n 1))"),
    ]);
}

#[test]
fn precedence() {
    check(&[
        ("1 + 2 * 3", "(+ 1 (* 2 3))"),
        ("(1 + 2) * 3", "(* (+ 1 2) 3)"),
        ("1 - 2 - 3", "(- (- 1 2) 3)"),
        ("7 // 2 % 3", "(% (// 7 2) 3)"),
        ("2 ** 3 ** 2", "(** 2 (** 3 2))"),
        ("-2 ** 2", "(- (** 2 2))"),
        ("2 ** -1", "(** 2 (- 1))"),
        ("-x.y", "(- (.y x))"),
        ("!x.f()", "(! (.f() x))"),
        ("await f(x) + 1", "(+ (await (call f x)) 1)"),
        ("a ++ b + c", "(+ (++ a b) c)"),
        ("not x in xs", "(! (in x xs))"),
        ("not a == b", "(! (== a b))"),
        ("!a == b", "(== (! a) b)"),
        ("a == not b", "(== a (! b))"),
        ("x not in xs && y", "(&& (not in x xs) y)"),
        ("a and b or c ?? d", "(?? (|| (&& a b) c) d)"),
        ("a || b && c", "(|| a (&& b c))"),
        ("a & b == c", "(== (& a b) c)"),
        ("a ^ b & c", "(^ a (& b c))"),
        ("1 << 2 + 3", "(<< 1 (+ 2 3))"),
        ("3 + 1 as Float", "(as (+ 3 1) Float)"),
        ("1..n as List", "(as (.. 1 n) List)"),
        ("a < b <= c", "(chain a < b <= c)"),
        ("1 == 1 == 1", "(chain 1 == 1 == 1)"),
        ("1 < 2 == true", "(== (< 1 2) true)"),
        ("a == b < c", "(== a (< b c))"),
        ("a < b == c < d", "(== (< a b) (< c d))"),
        ("(a < b) < c", "(< (< a b) c)"),
        ("a in b == c", "(== (in a b) c)"),
        ("a == b != c in d", "(in (chain a == b != c) d)"),
        ("a if b else c", "(if b a c)"),
        ("a if b else c if d else e", "(if b a d c e)"),
        ("a if b || c else d |> f", "(if (|| b c) a (|> d f))"),
        ("a ?? b if c else d", "(if c (?? a b) d)"),
        ("~ a + b", "(~ (+ a b))"),
        ("~ y ~ a + b", "(~ y (+ a b))"),
        ("1..2..3", "1:5 ParseError: expected newline or ';', found '..'"),
    ]);
}

#[test]
fn pipes() {
    check(&[
        ("xs |> mean() * 100", "(* (|> xs (call mean)) 100)"),
        ("a + b |> f() * 2 > 3", "(> (* (|> (+ a b) (call f)) 2) 3)"),
        ("xs |> map(g) |> sum() / n", "(/ (|> (|> xs (call map g)) (call sum)) n)"),
        ("x |> first ?? \"none\"", "(?? (|> x first) \"none\")"),
        ("1..4 |> map(f)", "(|> (.. 1 4) (call map f))"),
        ("x / y |> float * 100", "(* (|> (/ x y) float) 100)"),
        ("y + x |> f()", "(|> (+ y x) (call f))"),
        ("not x |> f", "(|> (! x) f)"),
        ("a |> f == b |> g", "(|> (== (|> a f) b) g)"),
        ("x |> |v| v + 1 |> g", "(|> x (lambda (v) (|> (+ v 1) g)))"),
        ("xs |> each |x| println(x)", "(|> xs (call each (lambda (x) (call println x))))"),
        (
            "xs |> each |x| { println(x) } |> len()",
            "(|> (|> xs (call each (lambda (x) (call println x)))) (call len))",
        ),
        ("x |>> println |> f", "(|> (|>> x println) f)"),
        ("xs |> into ys", "(into xs ys)"),
        ("xs |> into(\"Set\")", "(|> xs (call into \"Set\"))"),
        ("xs |> then n -> n + 1 |> f", "(|> (then xs n (+ n 1)) f)"),
        ("xs |> then(f)", "(|> xs (call then f))"),
        ("xs |> where(f)", "(|> xs (call where f))"),
        ("v |> o.m(a)", "(|> v (.m() o a))"),
        ("v |> fs[0]", "(|> v (index fs 0))"),
        ("v |> (|x| x) |> str", "(|> (|> v (lambda (x) x)) str)"),
        ("f(xs |> g() - 1, 2)", "(call f (- (|> xs (call g)) 1) 2)"),
        ("x |> f ** 2", "(** (|> x f) 2)"),
        ("xs |> map do |x|\n  x + 1\nend |> sum()", "(|> (|> xs (call map (do (x) (+ x 1)))) (call sum))"),
        ("a || b |> f", "(|> (|| a b) f)"),
    ]);
}

#[test]
fn calls_and_access() {
    check(&[
        ("f()", "(call f)"),
        ("f (x)", "(call f x)"),
        ("f(1, b: 2, c = 3, ...d, \"e\" = 4,)", "(call f 1 (b: 2) (c: 3) (... d) (e: 4))"),
        ("f(from: \"T\", in: 2, end: 3, if: 4)", "(call f (from: \"T\") (in: 2) (end: 3) (if: 4))"),
        ("sort_by(.score.value, desc: true)", "(call sort_by .score.value (desc: true))"),
        ("fs[1](5)(6)", "(call (call (index fs 1) 5) 6)"),
        ("r.f(x).g", "(.g (.f() r x))"),
        ("(r.f)(x)", "(call (.f r) x)"),
        ("x?.f(1)?.g", "(?.g (?.f() x 1))"),
        ("hit.or.if.end / 2", "(/ (.end (.if (.or hit))) 2)"),
        ("t.0.1", "(.1 (.0 t))"),
        ("pair?.1", "(?.1 pair)"),
        ("5.sqrt()", "(.sqrt() 5)"),
        ("x[1]", "(index x 1)"),
        ("x[a:b]", "(slice x a b)"),
        ("x[:b]", "(slice x _ b)"),
        ("x[a:]", "(slice x a _)"),
        ("x[::2]", "(slice x _ _ 2)"),
        ("x[a:b:-1]", "(slice x a b (- 1))"),
        ("x[a..b]", "(slice.. x a b)"),
        ("x[a..=b + 1]", "(slice..= x a (+ b 1))"),
        ("x[a..]", "(slice.. x a _)"),
        ("x[..b]", "(slice.. x _ b)"),
        ("x[..]", "(slice.. x _ _)"),
        ("x[(a..b)]", "(index x (.. a b))"),
        ("Shape::Circle(1)", "(.Circle() Shape 1)"),
        ("Shape.Unit", "(.Unit Shape)"),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("fn f() { 1 }", "(fn f () 1)"),
        ("fn f(a, b = a * 2, ...rest) { a }", "(fn f (a (parameter b (= (* a 2))) (... rest)) a)"),
        (
            "fn f(a: Int, b: List<Int>? = nil) -> Str { a }",
            "(fn f ((parameter a (: Int)) (parameter b (: (? (List Int))) (= nil))) (-> Str) a)",
        ),
        ("fn f(digits: 2) { digits }", "(fn f ((parameter digits (= 2))) digits)"),
        (
            "fn f(x) -> (lo: Int, hi: Int) where x > 0 { [x, x] }",
            "(fn f (x) (-> (lo Int) (hi Int)) (where (> x 0)) (list x x))",
        ),
        ("fn f(x) -> Int | Map<Str, List<Int>> { x }", "(fn f (x) (-> (| Int (Map Str (List Int)))) x)"),
        ("async fn f() { await g() }", "(async fn f () (await (call g)))"),
        ("fn* g() { yield 1 }", "(fn* g () (yield 1))"),
        ("fn *g() { yield 1 }", "(fn* g () (yield 1))"),
        ("@memoize\n@log(level: 2)\nfn f(x) { x }", "(fn (@memoize) (@log (level: 2)) f (x) x)"),
        ("## Doc of f.\n##   More.\nfn f() { 1 }", r#"(fn f () 1 (doc "Doc of f.\n  More."))"#),
        ("## A\n\n## B\n\n@memo\nasync fn f() { 1 }", r#"(async fn (@memo) f () 1 (doc "B"))"#),
        ("let a = 1 ## no doc\nlet b = 2", "(let a 1)\n(let b 2)"),
        ("## d\nlet a = 1\n## e\nconst K = 2", "(let a 1 (doc \"d\"))\n(const K 2 (doc \"e\"))"),
        ("f()\n## stray", "(call f)"),
        ("|x, y| x + y", "(lambda (x y) (+ x y))"),
        ("|| 5", "(lambda () 5)"),
        ("| | 5", "(lambda () 5)"),
        ("|x| => x", "(lambda (x) x)"),
        ("|x| { let y = x\n y }", "(lambda (x) (block (let y x) y))"),
        ("|x| {}", "(lambda (x) (block))"),
        ("|r| {id: r.id, n: 1}", "(lambda (r) (record (id: (.id r)) (n: 1)))"),
        ("|r| {id: 1}.id", "(lambda (r) (.id (record (id: 1))))"),
        ("|[a, b], {c, d: e}, _| a", "(lambda ((list a b) (record (c: c) (d: e)) _) a)"),
        ("|a = 1, ...r| r", "(lambda ((parameter a (= 1)) (... r)) r)"),
        ("|x: Int| x", "(lambda ((parameter x (: Int))) x)"),
        ("|x| |y| x + y", "(lambda (x) (lambda (y) (+ x y)))"),
        ("|x| total = total + x", "(lambda (x) (= total (+ total x)))"),
        ("async |x| f(x)", "(async lambda (x) (call f x))"),
        ("let f = fn(x, y = 2) { x }", "(let f (fn (x (parameter y (= 2))) x))"),
        (
            "map(xs, |x|\n  let y = x * 2\n  y + 1\n)",
            "(call map xs (lambda (x) (block (let y (* x 2)) (+ y 1))))",
        ),
        (
            "reduce(xs, |a, x|\n  let y = x\n  a + y, 0)",
            "(call reduce xs (lambda (a x) (block (let y x) (+ a y))) 0)",
        ),
        (
            "each(xs, |x| for a, b in x { f(a) })",
            "(call each xs (lambda (x) (for (tuple a b) x (call f a))))",
        ),
        ("do |x, y|\n  x\n  y\nend", "(do (x y) (block x y))"),
        ("let f = do\n  1\nend", "(let f (do () 1))"),
        ("f(do |x|\n x\nend)", "(call f (do (x) x))"),
        ("do |x|\n  let end = 5\n  end + x\nend", "(do (x) (block (let end 5) (+ end x)))"),
    ]);
}

#[test]
fn statements() {
    check(&[
        ("let x: Int = 1", "(let x (: Int) 1)"),
        ("let [a, b, ...r] = xs", "(let (list a b (... r)) xs)"),
        ("let (a, [b, _]) = p", "(let (tuple a (list b _)) p)"),
        (
            "let {x, y: z, k = 5, end: e, ...rest} = r",
            "(let (record (x: x) (y: z) (k: k (= 5)) (end: e) (... rest)) r)",
        ),
        ("let _ = f()", "(let _ (call f))"),
        ("const K: Float = 1.5", "(const K (: Float) 1.5)"),
        ("x = 1; y += 2; z ?= 3", "(= x 1)\n(+= y 2)\n(?= z 3)"),
        ("a[i].f[j] -= v", "(-= (index (.f (index a i)) j) v)"),
        ("f(x) = 1", "1:1 ParseError: cannot assign to this expression"),
        ("x[1:2] = 1", "1:1 ParseError: cannot assign to this expression"),
        ("return", "(return)"),
        ("return x + 1", "(return (+ x 1))"),
        ("fn f() {\n  return\n  x\n}", "(fn f () (block (return) x))"),
        ("if a { b }", "(if a b)"),
        ("if a { b } else if c { d } else { e }", "(if a b c d e)"),
        ("if a then b else c", "(if a b c)"),
        ("let x = if a then 1 else if b then 2 else 3", "(let x (if a 1 b 2 3))"),
        ("if a then x = 1 else return 2", "(if a (= x 1) (return 2))"),
        ("while a { if b { break } else { continue } }", "(while a (if b (break) (continue)))"),
        ("for x in xs { f(x) }", "(for x xs (call f x))"),
        (
            "for k, v in rec when v > 0 { f(k) } else { g() }",
            "(for (tuple k v) rec (when (> v 0)) (call f k) (else (call g)))",
        ),
        ("for [a, {b}] in xs { a }", "(for (list a (record (b: b))) xs a)"),
        ("parallel for x in xs { f(x) }", "(parallel-for x xs (call f x))"),
        ("unless a { b } else { c }", "(unless a b c)"),
        ("unless a then b", "(unless a b)"),
        ("guard x != nil else { return }", "(guard (!= x nil) (return))"),
        ("guard x else return 5", "(guard x (return 5))"),
        ("with rec { a + b }", "(with rec (+ a b))"),
        ("defer close(f)", "(defer (call close f))"),
        ("assert x > 1", "(assert (> x 1))"),
        ("assert x > 1, \"small\"", "(assert (> x 1) \"small\")"),
        ("assert(x > 1, \"small\")", "(assert (> x 1) \"small\")"),
        ("assert (x) > 1", "(assert (> x 1))"),
        ("struct Point { x: Int, y: Float = 1.5 }", "(struct Point (x (: Int)) (y (: Float) (= 1.5)))"),
        (
            "struct P {\n  from: Int\n  in: List<Int>\n  end\n}",
            "(struct P (from (: Int)) (in (: (List Int))) (end))",
        ),
        ("enum Shape { Circle(r), Square(a, b)\n Unit }", "(enum Shape (Circle r) (Square a b) Unit)"),
        (
            "trait T { fn area(self)\n fn name(self) -> Str { \"t\" } }",
            "(trait T (required (fn area (self) (block))) (default (fn name (self) (-> Str) \"t\")))",
        ),
        ("impl T for Point { fn area(self) { 1 } }", "(impl T Point (fn area (self) 1))"),
        (
            "impl Int { fn double(self) { self * 2 }\n fn half(self) { self / 2 } }",
            "(impl Int (fn double (self) (* self 2)) (fn half (self) (/ self 2)))",
        ),
        ("type Reads = List<Record>", "(type Reads (List Record))"),
        ("import \"lib/qc.bl\"", "(import \"lib/qc.bl\")"),
        ("import \"lib/qc\" as qc", "(import \"lib/qc\" qc)"),
        ("from \"m\" import a, b as c", "(from \"m\" a (as b c))"),
        (
            "pipeline p { stage a -> 1\n stage \"b c\" -> 2\n stage \"d\" -> 3\n a }",
            "(pipeline p (block (stage a 1) (stage \"b c\" 2) (stage d 3) a))",
        ),
        ("pipeline \"two words\" { 1 }", "(pipeline \"two words\" 1)"),
        ("pipeline p(x, y = 1) { x }", "(pipeline p (x (parameter y (= 1))) x)"),
        ("try { f() } catch e { g(e) }", "(try (call f) e (call g e))"),
        ("try { f() } catch { nil }", "(try (call f) nil)"),
        ("let r = try { f() } catch _ { 0 } + 1", "(let r (+ (try (call f) _ 0) 1))"),
        ("retry(3, delay: 100) { f() }", "(retry 3 100 (call f))"),
        ("retry(3) { f() }", "(retry 3 (call f))"),
        (
            "given { a > 1 => \"x\", b => { y }\n otherwise => {} }",
            "(given ((> a 1) \"x\") (b y) (otherwise (block)))",
        ),
    ]);
}

#[test]
fn patterns() {
    check(&[
        ("match v { _ => 1, otherwise => 2 }", "(match v (_ 1) (_ 2))"),
        (
            "match v { 1 => a, -2 => b, 2.5 => c, \"s\" => d, nil => e, true => f }",
            "(match v (1 a) (-2 b) (2.5 c) (\"s\" d) (nil e) (true f))",
        ),
        ("match v { -9223372036854775808 => a }", "(match v (-9223372036854775808 a))"),
        ("match v { dna\"ATG\" => a }", "(match v (dna\"ATG\" a))"),
        ("match v { 1..10 => a, 'a'..='f' => b }", "(match v ((.. 1 10) a) ((..= \"a\" \"f\") b))"),
        ("match v { x if x > 1 => x }", "(match v (x (if (> x 1)) x))"),
        (
            "match v { Red => 1, Circle(r) => r, Shape.Square(a, _) => a, Shape::Unit => 0 }",
            "(match v ((variant Red) 1) ((variant Circle() r) r) ((variant Shape.Square() a _) a) ((variant Shape.Unit) 0))",
        ),
        ("match v { Int(n) => n, Str() => 0 }", "(match v ((variant Int() n) n) ((variant Str()) 0))"),
        ("match v { Point {x, y: 0} => x }", "(match v ((struct Point (x: x) (y: 0)) x))"),
        (
            "match v { [a, b, ...r] => a, (x, 1) => x, {k: [p], ...s} => p }",
            "(match v ((list a b (... r)) a) ((tuple x 1) x) ((record (k: (list p)) (... s)) p))",
        ),
        (
            "match v { 1 | 2 | 3 => a\n Circle(1 | 2) => b }",
            "(match v ((or 1 2 3) a) ((variant Circle() (or 1 2)) b))",
        ),
        ("match v {\n  1\n  | 2 => a\n}", "(match v ((or 1 2) a))"),
        ("match v { a => {}, b => {x: 1}, c => { x } }", "(match v (a (block)) (b (record (x: 1))) (c x))"),
        ("match v { a => x = 1, b => return 2 }", "(match v (a (= x 1)) (b (return 2)))"),
    ]);
}

#[test]
fn words_are_keywords_only_in_their_places() {
    check(&[
        ("let end = 5", "(let end 5)"),
        ("fn f(start, end) { end - start }", "(fn f (start end) (- end start))"),
        (
            "let then = 1; let into = 2; let when = 3; let where = 4",
            "(let then 1)\n(let into 2)\n(let when 3)\n(let where 4)",
        ),
        ("let do = 1; let given = 2; let retry = 3", "(let do 1)\n(let given 2)\n(let retry 3)"),
        ("stage = 1\nstage + 1", "(= stage 1)\n(+ stage 1)"),
        ("pipeline.run()", "(.run() pipeline)"),
        ("pipeline(x)", "(call pipeline x)"),
        ("from = 3; with = 4; type = 5", "(= from 3)\n(= with 4)\n(= type 5)"),
        ("type(x)", "(call type x)"),
        ("with(x)", "(call with x)"),
        ("guard = 1\nguard.x\nguard[0]\nguard + 1", "(= guard 1)\n(.x guard)\n(index guard 0)\n(+ guard 1)"),
        ("defer\nunless", "defer\nunless"),
        ("assert = 3\nassert.x", "(= assert 3)\n(.x assert)"),
        ("given(x)\nretry(3)\nparallel(xs)", "(call given x)\n(call retry 3)\n(call parallel xs)"),
        ("unless not in xs", "(not in unless xs)"),
        ("f(otherwise)", "(call f otherwise)"),
        ("let if = 5", "1:5 ParseError: expected identifier, found 'if'"),
    ]);
}

#[test]
fn braces() {
    check(&[
        // after a header, `{` is always the body
        ("if flag {x}", "(if flag x)"),
        ("if Flag {\n x }", "(if Flag x)"),
        ("for x in Xs { x }", "(for x Xs x)"),
        ("match Value { a => 1 }", "(match Value (a 1))"),
        ("while (Point {x: 1}).x { f() }", "(while (.x (struct-value Point (x: 1))) (call f))"),
        ("if f({a: 1}) { b }", "(if (call f (record (a: 1))) b)"),
        ("if any(xs, |x| {x > 1}) { b }", "(if (call any xs (lambda (x) (> x 1))) b)"),
        ("if x == {a: 1} { b }", "1:9 ParseError: expected expression, found '{'"),
        // a record needs its braces on the line of the name
        ("Point\n{x: 1}", "Point\n(record (x: 1))"),
        ("point {x: 1}", "1:7 ParseError: expected newline or ';', found '{'"),
        ("{ Shape::Unit }", "(block (.Unit Shape))"),
        ("{ let x = 1\n x }", "(block (let x 1) x)"),
        ("let x = { f() }", "(let x (block (call f)))"),
        ("let x = {[1, 2]}", "(let x (block (list 1 2)))"),
        ("let x = {[a]: 2}", "(let x (record ([]: a 2)))"),
    ]);
}

#[test]
fn static_checks() {
    check(&[
        ("break", "1:1 ParseError: 'break' outside of a loop"),
        ("for x in xs { each(ys, |y| { continue }) }", "1:30 ParseError: 'continue' outside of a loop"),
        ("while a { fn f() { break } }", "1:20 ParseError: 'break' outside of a loop"),
        ("parallel for x in xs { break }", "1:24 ParseError: 'break' is not allowed in a parallel for"),
        ("parallel for x in xs { continue }", "(parallel-for x xs (continue))"),
        ("for x in xs { try { break } catch e { continue } }", "(for x xs (try (break) e (continue)))"),
        ("for x in xs { f() } else { break }", "1:28 ParseError: 'break' outside of a loop"),
        ("fn f() { yield 1 }", "1:10 ParseError: 'yield' outside of a generator"),
        ("fn* f() { each(xs, |x| { yield x }) }", "1:26 ParseError: 'yield' outside of a generator"),
        ("return 5", "(return 5)"),
    ]);
}

#[test]
fn several_errors_without_noise() {
    check(&[
        (
            "let = 1\nlet y = 2\nlet z = (3\nlet w = )\nlet v = 5",
            "1:5 ParseError: expected identifier, found '='\n3:11 ParseError: expected ')', found newline\n4:9 ParseError: expected expression, found ')'",
        ),
        (
            "fn f( {\n  let a = 1\n}\nfn g() { 2 + }\nh()",
            "1:7 ParseError: expected identifier, found '{'\n4:14 ParseError: expected expression, found '}'",
        ),
        (
            "foo(1, 2\nlet b = 3\nb +",
            "1:9 ParseError: expected ')', found newline\n3:4 ParseError: expected expression, found 'EOF'",
        ),
        ("let a = $1\nlet b = 2", "1:9 SyntaxError: unexpected character: '$'"),
        ("let a = 1 let b = 2", "1:11 ParseError: expected newline or ';', found 'let'"),
        ("fn f() {\n  let a = 1\n", "2:12 ParseError: expected '}', found 'EOF'"),
        (
            "}\nlet a = 1\n)",
            "1:1 ParseError: expected expression, found '}'\n3:1 ParseError: expected newline or ';', found ')'",
        ),
    ]);
}

#[test]
fn spans_point_at_the_text() {
    let source = SourceText::new("test.bl", "let é = \"ü\" # x\nfoo(1) + (a - b)");
    let errors = parse(&source).unwrap_err();
    assert_eq!(source.position(errors[0].span.start).to_string(), "1:5");
    let source = SourceText::new("test.bl", "# ── é\nlet s = \"ünï\" ++ x");
    let tree = dump::tree(&parse(&source).unwrap(), &source);
    assert_eq!(
        tree,
        "let  2:1-2:19\n  s  2:5-2:6\n  ++  2:9-2:19\n    \"ünï\"  2:9-2:14\n    x  2:18-2:19\n"
    );
    assert!(diagnostic::render(&errors, &SourceText::new("a", ""), false).contains("SyntaxError"));
}

#[test]
fn layouts_that_scripts_use() {
    check(&[
        (
            "xs |> mutate(\"codes\", |v| {\n  let codes = []\n  # why\n  if (v.a == 1 || v.b) && v.c then\n    codes = codes + [1]\n  codes\n})",
            "(|> xs (call mutate \"codes\" (lambda (v) (block (let codes (list)) (if (&& (|| (== (.a v) 1) (.b v)) (.c v)) (= codes (+ codes (list 1)))) codes))))",
        ),
        (
            "let t = xs |> map(|i|\n  ys |> map(|j|\n    if i == j then 0.0\n    else {\n      let d = i - j\n      if d < 5 then 1.0 else 0.0\n    }\n  )\n)",
            "(let t (|> xs (call map (lambda (i) (|> ys (call map (lambda (j) (if (== i j) 0.0 (block (let d (- i j)) (if (< d 5) 1.0 0.0))))))))))",
        ),
        (
            "xs |> map(|t|\n  {kind: t, n: ys |> filter(|y| y == t) |> len()}\n)",
            "(|> xs (call map (lambda (t) (record (kind: t) (n: (|> (|> ys (call filter (lambda (y) (== y t)))) (call len)))))))",
        ),
        (
            "let t = xs |> map(|i|\n  let row = r[i]\n\n  # best\n  let a = row[0]\n  if a > 3 then \"A\"\n  else if a > 2 then \"B\"\n  else \"C\"\n)",
            "(let t (|> xs (call map (lambda (i) (block (let row (index r i)) (let a (index row 0)) (if (> a 3) \"A\" (> a 2) \"B\" \"C\"))))))",
        ),
        (
            "let n = match x {\n  \"A\" => \"Adenine\"\n  n if n > 0 => f(n)\n  _ => \"?\"\n}",
            "(let n (match x (\"A\" \"Adenine\") (n (if (> n 0)) (call f n)) (_ \"?\")))",
        ),
        (
            "let report = \"# T\\n\" +\n  \"a\" + str(x |> count()) +\n  (p |> join(\"\\n\")) + \"b\"",
            "(let report (+ (+ (+ (+ \"# T\\n\" \"a\") (call str (|> x (call count)))) (|> p (call join \"\\n\"))) \"b\"))",
        ),
        (
            "venn({\n  \"De novo\": xs |> map(f),\n  \"X\": ys\n})",
            "(call venn (record (\"De novo\": (|> xs (call map f))) (\"X\": ys)))",
        ),
        (
            "let parent = if v.m == \"0/1\" then \"m\" else \"p\"\nf(parent)",
            "(let parent (if (== (.m v) \"0/1\") \"m\" \"p\"))\n(call f parent)",
        ),
        (
            "fn d(name, role: \"r\", n: -1, b: true) { name }",
            "(fn d (name (parameter role (= \"r\")) (parameter n (= (- 1))) (parameter b (= true))) name)",
        ),
        (
            "if x % 2 == 0 { continue_() }\nlet c = |n| {\n  if n > 0 { 1 }\n  else if n < 0 { 2 }\n  else { 3 }\n}",
            "(if (== (% x 2) 0) (call continue_))\n(let c (lambda (n) (if (> n 0) 1 (< n 0) 2 3)))",
        ),
        (
            "fn counter() { let n = 0\n  || { n = n + 1\n       n } }",
            "(fn counter () (block (let n 0) (lambda () (block (= n (+ n 1)) n))))",
        ),
        ("(1\n+ 2)\n(3)", "(+ 1 2)\n3"),
        ("total\n+ 1", "(+ total 1)"),
        ("let a = 1\n-b", "(let a 1)\n(- b)"),
        (
            "let n = [3, 1, 2]\n  # keep the big ones\n\n  |> filter(|v| v > 1)\n  |> len()\nif n > 5 { f() }\nelse { g() }",
            "(let n (|> (|> (list 3 1 2) (call filter (lambda (v) (> v 1)))) (call len)))\n(if (> n 5) (call f) (call g))",
        ),
    ]);
}
