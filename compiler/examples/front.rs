use biovm_compiler::*;
fn main() {
    let mode = std::env::args().nth(1).unwrap();
    let path = std::env::args().nth(2).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let source = source::SourceText::new(path, text);
    match mode.as_str() {
        "tokens" => print!("{}", dump::tokens(&source)),
        "time" => {
            for _ in 0..5 {
                let t = std::time::Instant::now();
                let l = lexer::lex(source.text());
                let t1 = t.elapsed();
                let k = layout::remove_insignificant_newlines(l.tokens);
                let t2 = t.elapsed();
                let p = parser::parse(source.text(), &k, &l.comments);
                let t3 = t.elapsed();
                let e = p.diagnostics.len();
                drop(p);
                println!(
                    "lex {t1:?} layout {:?} parse {:?} drop {:?} tokens {} errors {e}",
                    t2 - t1,
                    t3 - t2,
                    t.elapsed() - t3,
                    k.len()
                );
            }
        }
        m => {
            let p = parse_partially(&source);
            if m == "tree" {
                print!("{}", dump::tree(&p.program, &source))
            } else {
                println!("{}", dump::compact(&p.program))
            }
            print!("{}", diagnostic::render(&p.diagnostics, &source, false));
            println!("{}", p.ends_early);
        }
    }
}
