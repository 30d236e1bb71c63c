//! Small programs that between them use most of the machine: its registers, calls, updates in place, unwinding, functions
//! that stop and go on, and other threads. They run in this process, so that Miri can follow them: see `fuzz/miri`.

use biovm_bytecode::codec;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::{Context, LoadedProgram, Machine};
use std::io;
use std::sync::Arc;

/// Runs a script from its text, by way of a bytecode file, and compares its value, as `println` shows it.
#[track_caller]
fn check(script: &str, expected: &str) {
    let source = SourceText::new("small.bl", script.to_owned());
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let compiled = compile(&source, &Options { signatures, ..Options::default() })
        .unwrap_or_else(|errors| panic!("{:?}", errors.first().map(|error| &error.message)));
    let program =
        codec::decode(&codec::encode(&compiled.program, false)).expect("a file that was just written");
    let context = Arc::new(Context::new(biovm_stdlib::natives(), Output::new(io::sink(), false)));
    let program = LoadedProgram::load(program, &context).expect("the compiler's program verifies");
    let mut machine = Machine::new(context);
    let mut text = String::new();
    let shown =
        machine.run(&Arc::new(program)).and_then(|value| biovm_vm::display::write_print(&mut text, &value));
    if let Err(error) = shown {
        text = error.to_string();
    }
    assert_eq!(text, expected);
}

#[test]
fn closures_share_variables() {
    check(
        "fn counter() { let n = 0\n let f = || { n += 1\n n }\n f }\n\
         let a = counter()\nlet b = counter()\na()\na()\nlet words = []\n\
         let keep = |w| { words = push(words, w) }\nkeep(\"x\")\nkeep(\"y\")\n[a(), b(), words]",
        "[3, 1, [x, y]]",
    );
}

#[test]
fn updates_in_place_and_of_copies() {
    check(
        "let rows = [{n: [1, 2]}, {n: [3]}]\nlet before = rows\nrows[0].n[1] = 9\nrows[1].n = push(rows[1].n, 4)\n\
         let grid = [[1, 2], [3, 4]]\nlet sum = 0\n\
         for i in 0..2 { for j in 0..2 { sum += grid[i][j]\n grid[i][j] = sum } }\n\
         let text = \"\"\nfor i in 0..3 { text += str(i) }\n[rows, before, grid, sum, text]",
        "[[{n: [1, 9]}, {n: [3, 4]}], [{n: [1, 2]}, {n: [3]}], [[1, 3], [6, 10]], 10, 012]",
    );
}

#[test]
fn a_failed_update_leaves_the_variable() {
    check(
        "let xs = [[1], [2]]\nlet f = || { xs[1][7] = 3 }\n\
         let first = try { f() } catch e { 1 }\nlet second = try { xs[0].a = 1 } catch e { 2 }\n\
         let third = try { xs[xs] = 1 } catch e { 3 }\n[xs, first, second, third]",
        "[[[1], [2]], 1, 2, 3]",
    );
}

#[test]
fn errors_leave_frames_and_builtins() {
    check(
        "fn deep(n) { if n == 0 { error(\"stop\") }\n let local = [n]\n deep(n - 1) + len(local) }\n\
         fn twice(xs) { map(xs, |x| if x > 1 { deep(3) } else { x }) }\n\
         let caught = []\nfor i in 0..3 { try { twice([1, 2]) } catch e { caught = push(caught, str(e)) } }\n\
         fn all(a, b = a + 1, ...rest) { [a, b, rest] }\n[len(caught), all(1), all(1, 2, 3, 4), all(b: 5, a: 0)]",
        "[3, [1, 2, []], [1, 2, [3, 4]], [0, 5, []]]",
    );
}

#[test]
fn generators_stop_and_go_on() {
    check(
        "fn* pairs(n) { let kept = []\n for i in 0..n { kept = push(kept, i)\n yield [i, kept] } }\n\
         let some = pairs(100) |> take(2) |> collect()\nlet all = 0\nfor [i, kept] in pairs(4) { all += len(kept) }\n\
         [some, all]",
        "[[[0, [0]], [1, [0, 1]]], 10]",
    );
}

#[test]
fn async_functions_run_on_other_threads() {
    check(
        "let seen = [1]\nlet show = || seen\n\
         async fn work(x) { let mine = push(show(), x)\n len(mine) + x }\n\
         let futures = [1, 2, 3] |> map(|x| work(x))\nseen = push(seen, 5)\nawait_all(futures)",
        "[3, 4, 5]",
    );
}

#[test]
fn parallel_work_shares_values() {
    check(
        "let table = {a: [1, 2], b: \"x\"}\nlet count = 0\nlet show = || count\ncount = 2\n\
         @memoize\nfn kept(x) { let n = x\n || { n += 1\n n } }\n\
         range(0, 40) |> par_map(|x| { let f = kept(x % 3)\n let tried = try { f() } catch e { 0 }\n\
         len(table.a) + show() + (if tried >= 0 { 0 } else { 1 }) }) |> sum()",
        "160",
    );
}

#[test]
fn structs_have_operators_and_patterns() {
    check(
        "struct P { x, y = 5 }\nimpl P { fn add(self, o) { P(self.x + o.x, self.y) }\n fn eq(self, o) { self.x == o.x } }\n\
         enum S { A, B(n) }\nlet p = P(1) + P(2)\np.y = 7\n\
         let [h, ...t] = [1, 2, 3]\nlet {a, ...others} = {a: 1, b: 2}\n\
         [p == P(3), match B(4) { A => 0, B(n) => n }, h, t, others, sort([3, 1, 2], |a, b| b - a), f\"{p.y:>4}\"]",
        "[true, 4, 1, [2, 3], {b: 2}, [3, 2, 1],    7]",
    );
}

#[test]
fn deferred_functions_and_memories() {
    check(
        "let log = []\nfn note(x) { log = push(log, x) }\nfn work(x) { defer note(x)\n defer note(x + 1)\n if x > 5 { error(\"e\") }\n x }\n\
         try { work(9) } catch e { note(0) }\nwork(1)\n\
         @memoize\nfn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\n[log, fib(15)]",
        "[[10, 9, 0, 2, 1], 610]",
    );
}

#[test]
fn tasks_leave_their_thread_and_come_back() {
    check(
        "async fn depth(n) { let xs = [n, \"some text\"]\n if n == 0 { 0 } else { xs[0] - n + 1 + (await depth(n - 1)) } }\n\
         async fn fails(n) { let got = await depth(n)\n [got][got] }\n\
         async fn all(n) { await_all(range(0, n) |> map(|i| depth(i))) }\n\
         let inside = await_all([1, 2]) |> flat_map(|x| [await depth(x)])\n\
         let tried = try { await fails(2) } catch e { e.message }\n\
         let called = [|| [depth(1)], || depth(2)] |> await_all({limit: 1})\n\
         [await depth(9), await all(4), inside, tried, await called[0][0], called[1]]",
        "[9, [0, 1, 2, 3], [1, 2], index 2 out of bounds (len 1), 1, 2]",
    );
}

#[test]
fn tasks_that_nobody_waits_for_are_dropped() {
    check(
        "async fn depth(n) { if n == 0 { 0 } else { 1 + (await depth(n - 1)) } }\n\
         let unfinished = [depth(5), depth(6)]\nlet never = async || { while true { } }\nnever()\n7",
        "7",
    );
}
