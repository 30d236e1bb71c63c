//! Long loops need no more memory than short ones.
//!
//! Optimised, the handlers of instructions jump to each other. One that calls instead would leave something on the
//! native stack each time it runs, so this test means most for a release build:
//!
//!     cargo build --release && BIOVM_EXECUTABLE=target/release/biovm cargo test -p biovm-tests --test long_run

use biovm_tests::{executable, process};
use std::process::Command;

/// Loops of that many rounds, each through rare and common paths of the machine.
const ROUNDS: usize = 400_000;

/// What they may use at most. A handler that left 16 bytes behind in each of the rounds would use more.
const LIMIT_BYTES: usize = 24 << 20;

const LOOPS: &[&str] = &[
    "n = n + 1; n = n - 1; n = n * 1; n = n // 1; n = n % 1000; x = x + 1.5; x = x / 1.5; x = -x",
    "s = s + \"a\"; s = s[0..1]; if s == \"b\" { n += 1 }; if s < \"b\" { n += 1 }; s = \"\" ++ s",
    "if nil == n { n = 1 }; let v = nil; if v { n = 2 }; let w = v ?? n; if not w { n += 1 }",
    "let xs = [1, 2]; xs[0] = s; xs[1] = xs[0]; let y = xs[1]; let r = {a: y}; r.a = r.a + s",
    "try { error(s) } catch e { n += len(e.message) }; try { n + s } catch e { n += 1 }",
    "n = step(n); n = twice(|v| v + 1, n); total += 1; let k = n; let f = || { k += 1\n k }\n f()",
    "for a, b in ({a: 1, b: 2}) { n += b }; for c in \"ACGT\" { if c == \"G\" { break } }",
    "n = max(n, 1); n = [n, n].len(); n = with_defaults(1); n = with_defaults(b: 2, a: n); n = n ** 1",
];

const DECLARATIONS: &str = "
fn step(v) { if v > 1000 { 0 } else { v + 1 } }
fn twice(f, v) { f(f(v)) }
fn with_defaults(a, b = 2) { a + b }
let total = 0
let (n, x, s) = (0, 1.0, \"\")
";

#[test]
fn loops_leave_nothing_on_the_native_stack() {
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    for body in LOOPS {
        let script = format!(
            "{DECLARATIONS}\nfor i in 0..{ROUNDS} {{ {body} }}\nprintln(memory_usage().peak_rss_bytes ?? 0)"
        );
        let mut command = Command::new(&executable);
        command.args(["-e", &script]);
        let outcome = process::run(command, b"").expect("biovm runs");
        assert_eq!(outcome.code, Some(0), "{body}: {}", outcome.messages);
        let peak: usize = outcome.output.trim().parse().expect("a number of bytes");
        assert!(peak < LIMIT_BYTES, "{peak} bytes for {body}");
    }
}
