//! Whatever a script passes to a builtin: an error of the language at worst, never a panic.

#![expect(clippy::disallowed_methods, reason = "nothing here runs for a script")]

mod script;

use std::panic::{AssertUnwindSafe, catch_unwind};

const ARGUMENTS: [&str; 28] = [
    "nil",
    "true",
    "0",
    "-1",
    "3",
    "9223372036854775807",
    "(-9223372036854775807 - 1)",
    "2.5",
    "float(\"nan\")",
    "float(\"-inf\")",
    "\"\"",
    "\"añb\"",
    "\"a\"",
    "dna\"ACGT\"",
    "[]",
    "[3, 1, 2]",
    "[0.5, nil, \"x\", [1]]",
    "[\"a\", \"b\"]",
    "[{a: 1, b: 2}, {a: 0.5}]",
    "{}",
    "{a: 1, b: [2]}",
    "set([1, 2])",
    "(1, \"a\")",
    "1..4",
    "to_table({a: [1, 2], b: [\"x\", nil]})",
    "to_stream([1, 2, 3])",
    "|x| x",
    "|a, b| a",
];

/// They wait, end the process, call back without end, or write to the terminal.
const SKIPPED: [&str; 6] = ["sleep", "exit", "bench", "eprint", "eprintln", "debug"];

/// A plain generator of numbers, so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[test]
fn nothing_panics() {
    let mut numbers = Numbers(1);
    let mut panics = Vec::new();
    let general = biovm_stdlib::general::NATIVES.iter().flat_map(|natives| natives.iter());
    for native in general.filter(|native| !SKIPPED.contains(&native.signature.name)) {
        let signature = &native.signature;
        let most = signature.most().unwrap_or(signature.parameters.len() + 2);
        for _ in 0..rounds(most) {
            let count = signature.required() + numbers.below(most - signature.required() + 1);
            let arguments: Vec<&str> =
                (0..count).map(|_| ARGUMENTS[numbers.below(ARGUMENTS.len())]).collect();
            let call = format!("{}({})", signature.name, arguments.join(", "));
            let text = format!("try {{ {call} }} catch e {{ e.kind }}");
            if catch_unwind(AssertUnwindSafe(|| script::run(&text))).is_err() {
                panics.push(call);
            }
        }
    }
    assert!(panics.is_empty(), "{} calls panic:\n{}", panics.len(), panics.join("\n"));
}

/// More arguments have more combinations.
fn rounds(most: usize) -> usize {
    let wanted = std::env::var("BIOVM_ODD_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    wanted * [1, 30, 60, 90].get(most).copied().unwrap_or(90)
}
