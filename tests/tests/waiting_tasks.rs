//! Ten thousand async functions that wait: what they cost, and that nothing of them stays behind. The tests count the
//! threads of the process, so they run one after the other, in a process of their own.

use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::limits::memory;
use biovm_vm::output::Output;
use biovm_vm::{Context, LoadedProgram, Machine};
use std::fs::{self, DirEntry};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::{Duration, Instant};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A script that is ready to run.
struct Script {
    context: Arc<Context>,
    program: Arc<LoadedProgram>,
}

impl Script {
    fn new(text: &str) -> Script {
        let source = SourceText::new("tasks.bl", text.to_owned());
        let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
        let compiled = compile(&source, &Options { signatures, ..Options::default() })
            .unwrap_or_else(|errors| panic!("{:?}", errors.first().map(|error| &error.message)));
        let context = Arc::new(Context::new(biovm_stdlib::natives(), Output::new(io::sink(), false)));
        let program =
            LoadedProgram::load(compiled.program, &context).expect("the compiler's program verifies");
        Script { context, program: Arc::new(program) }
    }

    /// The value of the script as `println` shows it, or its error; and what all its machines shared, if they still do.
    fn run(self) -> (String, Weak<Context>) {
        let mut machine = Machine::new(self.context.clone());
        let mut text = String::new();
        let shown =
            machine.run(&self.program).and_then(|value| biovm_vm::display::write_print(&mut text, &value));
        if let Err(error) = shown {
            text = error.to_string();
        }
        (text, Arc::downgrade(&self.context))
    }
}

/// The threads of this process that biovm has started, where the system tells.
fn threads() -> usize {
    let is_ours = |entry: io::Result<DirEntry>| {
        let name = entry.and_then(|entry| fs::read_to_string(entry.path().join("comm")));
        name.is_ok_and(|name| name.starts_with("biovm "))
    };
    fs::read_dir("/proc/self/task")
        .map_or(0, |threads| threads.map(is_ours).filter(|is_ours| *is_ours).count())
}

/// The most threads, and the most memory, that this process has while it works.
fn watch<T>(work: impl FnOnce() -> T) -> (T, usize, usize) {
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = (0, 0);
            while !ended.load(Ordering::Relaxed) {
                most = (most.0.max(threads()), most.1.max(memory::resident().unwrap_or(0)));
                thread::sleep(Duration::from_millis(5));
            }
            most
        });
        let result = work();
        ended.store(true, Ordering::Relaxed);
        let (most_threads, most_memory) = watcher.join().expect("the watcher");
        (result, most_threads, most_memory)
    })
}

/// Whether something becomes true soon.
fn soon(holds: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if holds() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

const NAPS: &str = "async fn nap(i) { sleep(1000)\n i }\n";

#[test]
fn ten_thousand_wait_in_little_memory_and_time_and_on_few_threads() {
    let _alone = ONE_AT_A_TIME.lock();
    // What machines know about a large program must not be there ten thousand times.
    let others: String =
        (0..300).map(|i| format!("fn other_{i}(read) {{ read.gc + read.length * {i} }}\n")).collect();
    let script =
        Script::new(&format!("{others}{NAPS}range(0, 10000) |> map(|i| nap(i)) |> await_all() |> sum()"));
    let workers = script.context.budget.workers();
    let memory_before = memory::resident().unwrap_or(0);
    let started = Instant::now();
    let ((value, context), most_threads, most_memory) = watch(|| script.run());
    let (time, grown) = (started.elapsed(), most_memory.saturating_sub(memory_before));
    println!("{time:?}, {} MB, {most_threads} threads", grown >> 20);
    assert_eq!(value, "49995000");
    // Five hundred at a time would take twenty seconds.
    assert!(time < Duration::from_secs(8), "{time:?}");
    assert!(grown < 100 << 20, "{grown} bytes");
    assert!(most_threads <= workers, "{most_threads} threads");
    assert!(soon(|| context.strong_count() == 0));
    assert!(soon(|| threads() == 0), "{} threads stay behind", threads());
}

#[test]
fn an_interrupt_drops_those_that_wait() {
    let _alone = ONE_AT_A_TIME.lock();
    let script = Script::new(
        "async fn nap() { sleep(600000) }\nlet busy = async || { while true { } }\n\
         let all = range(0, 1000) |> map(|_| nap())\nlet one = busy()\n\
         let blocked = range(0, 5) |> map(async |i| [i] |> map(|x| { let y = await nap()\n y }))\nawait_all(all)",
    );
    let interrupted = script.context.interrupted.clone();
    let started = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            interrupted.store(true, Ordering::Relaxed);
        });
        let (error, context) = script.run();
        assert_eq!(error, "Interrupted: interrupted");
        assert!(soon(|| context.strong_count() == 0), "{} still hold on to it", context.strong_count());
    });
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(soon(|| threads() == 0), "{} threads stay behind", threads());
}

#[test]
fn an_error_of_the_script_drops_those_that_wait() {
    let _alone = ONE_AT_A_TIME.lock();
    let (error, context) = Script::new(
        "async fn nap(i) { sleep(if i == 3 { 10 } else { 600000 })\n if i == 3 { error(\"three\") }\n i }\n\
         let all = range(0, 1000) |> map(|i| nap(i))\nawait all[3]",
    )
    .run();
    assert_eq!(error, "Error: three");
    assert!(soon(|| context.strong_count() == 0), "{} still hold on to it", context.strong_count());
    assert!(soon(|| threads() == 0), "{} threads stay behind", threads());
}

#[test]
fn what_times_out_is_dropped() {
    let _alone = ONE_AT_A_TIME.lock();
    let started = Instant::now();
    // Functions that wait, calculate, wait for others, and wait inside of a callback.
    let (value, context) = Script::new(
        "async fn nap() { sleep(600000) }\nlet late = [nap, || sleep(600000), || { while true { } }, || await nap(),\n\
         || [1] |> flat_map(|_| { sleep(600000)\n [] })]\n\
         late |> map(|f| try { timeout(50, f) } catch e { e.message })",
    )
    .run();
    let message = "timed out after 50 ms";
    assert_eq!(value, format!("[{}]", [message; 5].join(", ")));
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(soon(|| context.strong_count() == 0), "{} still hold on to it", context.strong_count());
    assert!(soon(|| threads() == 0), "{} threads stay behind", threads());
}

#[test]
fn a_worker_that_fails_leaves_no_thread_behind() {
    let _alone = ONE_AT_A_TIME.lock();
    let script = Script::new(
        "fn work(i) { let total = 0\n for n in range(0, 200) { total += n }\n if i == 5000 { error(\"number 5000\") }\n total }\n\
         range(0, 10000) |> par_map(work, 4)",
    );
    script.context.budget.set_workers(4);
    let ((error, context), most_threads, _) = watch(|| script.run());
    assert_eq!(error, "Error: number 5000");
    assert!(most_threads > 0, "nobody helped");
    assert!(soon(|| context.strong_count() == 0), "{} still hold on to it", context.strong_count());
    assert!(soon(|| threads() == 0), "{} threads stay behind", threads());
}
