//! t
use biovm_compiler::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (open, inner, close, n, stack, what): (_, _, _, usize, usize, _) =
        (&a[1], &a[2], &a[3], a[4].parse().unwrap(), a[5].parse().unwrap(), a[6].clone());
    let text = format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    let source = source::SourceText::new("x", text);
    std::thread::Builder::new()
        .stack_size(stack)
        .spawn(move || {
            let p = parse_partially(&source);
            if what == "dump" {
                dump::compact(&p.program);
            }
            if what == "clone" {
                drop(p.program.clone());
            }
            if what == "drop" {
                drop(p);
            } else {
                std::mem::forget(p);
            }
        })
        .unwrap()
        .join()
        .unwrap();
}
