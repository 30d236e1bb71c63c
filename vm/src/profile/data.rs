//! What a profiled run has found. Plain data: whoever shows it decides how.
//!
//! All times of functions, lines, opcodes and stacks are parts of the wall time and add up to it. Where several threads
//! have worked at the same time, as in `par_map`, the wall time of that section is divided among what they did, in
//! proportion to how long they did it. How much they did together is in [`Profile::sections`].

use std::ops::AddAssign;
use std::time::Duration;

/// A profile of a run.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// How long the run took.
    pub wall: Duration,
    /// How long all threads of the process were computing meanwhile, in the system too.
    pub cpu: Duration,
    /// How long the thread of the script was.
    pub main_cpu: Duration,
    /// The most memory that the process has held, in bytes; `None` where the system does not say.
    pub peak_memory: Option<u64>,
    /// What was allocated in all; `None` where nobody counted.
    pub allocation: Option<Allocation>,
    /// The functions, in the order of their first calls. The top level of the script is the first.
    pub functions: Vec<FunctionRow>,
    /// The calls of builtins, each by the place where it is written, in the order of their first calls.
    pub sites: Vec<SiteRow>,
    /// The call tree; parents stand before their children, and the first is the top level of the script.
    pub stacks: Vec<StackRow>,
    /// The lines on which time was spent, by source and number.
    pub lines: Vec<LineRow>,
    /// The kinds of instructions that were executed, most time first.
    pub opcodes: Vec<OpcodeRow>,
    /// Which instruction came behind which, most frequent first.
    pub pairs: Vec<PairRow>,
    /// What ran between `stage name ->` and its end, in order.
    pub stages: Vec<StageRow>,
    /// The parallel sections, in order.
    pub sections: Vec<Section>,
    /// The time that was waited, by kind, most first.
    pub waits: Vec<WaitRow>,
    /// What was read from files.
    pub input: Input,
    /// The sources that [`Place`]s refer to.
    pub sources: Vec<Source>,
    /// How many threads the run might have used.
    pub workers: usize,
}

/// A source file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name, as reports show it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A place in the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// An index into [`Profile::sources`].
    pub source: usize,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

/// What the threads that run the script have allocated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// How many bytes, whether or not they were given back.
    pub bytes: u64,
    /// How many times.
    pub count: u64,
}

/// What a function is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// The top level of a script or module.
    #[default]
    TopLevel,
    /// A function that the script declares.
    Named,
    /// A function without a name.
    Lambda,
    /// A builtin.
    Builtin,
}

/// A function, with everything that all of its calls did.
#[derive(Clone, Debug, Default)]
pub struct FunctionRow {
    /// Its name; `<lambda>` where it has none, `main` for the top level of the script.
    pub name: String,
    /// What it is.
    pub kind: FunctionKind,
    /// Where it is declared; `None` for builtins, and where the program has no source.
    pub place: Option<Place>,
    /// How often it was called. A stage that the compiler has made part of a loop counts once for each run of the loop.
    pub calls: u64,
    /// The time in the function itself.
    pub self_time: Duration,
    /// The time from its calls to their ends. What a function does within itself counts once.
    pub cumulative: Duration,
    /// The time in the function and in the lambdas that it has called: what the session's listing shows.
    pub with_lambdas: Duration,
    /// How much of `self_time` was waiting.
    pub waiting: Duration,
    /// The bytes that the function itself has allocated; `None` where nobody counted.
    pub allocated: Option<u64>,
    /// The bytes that were allocated from its calls to their ends.
    pub cumulative_allocated: Option<u64>,
}

/// A call of a builtin, or a stage of a pipeline, as it is written in the source.
#[derive(Clone, Debug, Default)]
pub struct SiteRow {
    /// The builtin, an index into [`Profile::functions`].
    pub function: usize,
    /// The function in which the call stands, an index into [`Profile::functions`].
    pub caller: usize,
    /// Where the call is written.
    pub place: Option<Place>,
    /// How often it was called.
    pub calls: u64,
    /// How many items its first arguments had together; `None` where those are no Lists.
    pub items: Option<u64>,
    /// The time in the builtin itself, and in code of a lambda that has become part of its loop.
    pub self_time: Duration,
    /// The time from the calls to their ends.
    pub cumulative: Duration,
    /// How much of it the builtin itself was waiting.
    pub waiting: Duration,
    /// Whether the compiler has made the builtin part of a loop.
    pub is_inlined: bool,
}

/// A function as it was called from others: a node of the call tree.
#[derive(Clone, Debug, Default)]
pub struct StackRow {
    /// Who called it, an index into [`Profile::stacks`]; `None` for the outermost.
    pub parent: Option<usize>,
    /// The function, an index into [`Profile::functions`].
    pub function: usize,
    /// The time in the function itself.
    pub self_time: Duration,
    /// The time in it and in what it called.
    pub cumulative: Duration,
}

/// A line of the source.
#[derive(Clone, Debug, Default)]
pub struct LineRow {
    /// The line; the column is that of its first instruction.
    pub place: Place,
    /// The time in the code of the line, and in the builtins that it calls.
    pub time: Duration,
    /// How much of it was waiting.
    pub waiting: Duration,
    /// The bytes that its code and its builtins have allocated; `None` where nobody counted.
    pub allocated: Option<u64>,
}

/// A kind of instruction.
#[derive(Clone, Debug, Default)]
pub struct OpcodeRow {
    /// Its name.
    pub name: &'static str,
    /// How many of them were executed.
    pub count: u64,
    /// The time that they took; for calls of builtins that of the builtins themselves.
    pub time: Duration,
}

/// Two instructions, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct PairRow {
    /// The first.
    pub first: &'static str,
    /// The second.
    pub second: &'static str,
    /// How often that was so.
    pub count: u64,
}

/// A `stage name -> expression`.
#[derive(Clone, Debug, Default)]
pub struct StageRow {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// How long it took, with everything that it called.
    pub time: Duration,
    /// The bytes that it and everything that it called have allocated; `None` where nobody counted.
    pub allocated: Option<u64>,
}

/// The calls of a parallel builtin at one place, with the threads that have worked on it.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The builtin, an index into [`Profile::functions`]; `None` where the language itself began it.
    pub function: Option<usize>,
    /// Where it was called.
    pub place: Option<Place>,
    /// How often.
    pub runs: u64,
    /// How many items there were.
    pub items: u64,
    /// How long it took from beginning to end.
    pub wall: Duration,
    /// How long only the thread that asked for it worked, before others were worth their start.
    pub alone: Duration,
    /// The threads; the first is the one that asked for it.
    pub workers: Vec<WorkerRow>,
}

impl Section {
    /// The time that all threads have worked together.
    pub fn busy(&self) -> Duration {
        self.workers.iter().map(|worker| worker.busy).sum()
    }

    /// How many times faster it was than one thread would have been.
    pub fn speed_up(&self) -> f64 {
        ratio(self.busy(), self.wall).max(f64::from(u8::from(self.wall.is_zero())))
    }
}

/// A thread in a parallel section.
#[derive(Clone, Debug, Default)]
pub struct WorkerRow {
    /// How long it worked.
    pub busy: Duration,
    /// How long it had nothing to do.
    pub idle: Duration,
    /// How many chunks of work it took.
    pub chunks: u64,
    /// How many of them it took from another thread.
    pub stolen: u64,
    /// How many items were in them.
    pub items: u64,
}

impl AddAssign for WorkerRow {
    fn add_assign(&mut self, other: WorkerRow) {
        self.busy += other.busy;
        self.idle += other.idle;
        self.chunks += other.chunks;
        self.stolen += other.stolen;
        self.items += other.items;
    }
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WaitKind {
    /// Files: reading, decompressing ahead, and writing.
    Disk,
    /// Servers.
    Network,
    /// Other threads: at the end of parallel work, for those that are not done. They compute meanwhile.
    Locks,
    /// Programs that the script has started.
    Processes,
    /// `sleep`.
    Sleep,
    /// Async functions, where they do not compute meanwhile, and it is not known what they wait for.
    Tasks,
}

impl WaitKind {
    /// All kinds.
    pub const ALL: [WaitKind; 6] = [
        WaitKind::Disk,
        WaitKind::Network,
        WaitKind::Locks,
        WaitKind::Processes,
        WaitKind::Sleep,
        WaitKind::Tasks,
    ];

    /// What it is called in reports.
    pub const fn name(self) -> &'static str {
        match self {
            WaitKind::Disk => "disk",
            WaitKind::Network => "network",
            WaitKind::Locks => "locks",
            WaitKind::Processes => "processes",
            WaitKind::Sleep => "sleep",
            WaitKind::Tasks => "tasks",
        }
    }
}

/// Waiting of one kind.
#[derive(Clone, Debug)]
pub struct WaitRow {
    /// For what.
    pub kind: WaitKind,
    /// How often.
    pub count: u64,
    /// How long the script waited for it: a part of the wall time.
    pub time: Duration,
    /// How long all async functions waited for it, each for itself; those that wait at the same time count all.
    pub in_tasks: Duration,
}

/// What was read from files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The bytes, as they are in the files.
    pub bytes: u64,
    /// The records.
    pub records: u64,
}

/// One duration as a part of another; 0 where that is none.
pub fn ratio(part: Duration, whole: Duration) -> f64 {
    match whole.is_zero() {
        true => 0.0,
        false => part.as_secs_f64() / whole.as_secs_f64(),
    }
}

impl Profile {
    /// The time that the script waited.
    pub fn waiting(&self) -> Duration {
        self.waits.iter().map(|wait| wait.time).sum()
    }

    /// The time that the script waited for what is outside of it: all but other threads of its own.
    pub fn waiting_outside(&self) -> Duration {
        self.waits.iter().filter(|wait| wait.kind != WaitKind::Locks).map(|wait| wait.time).sum()
    }

    /// The wall time outside of parallel sections, and in those the time before threads were worth their start.
    pub fn serial(&self) -> Duration {
        let spread = self.sections.iter().filter(|section| section.workers.len() > 1);
        self.wall.saturating_sub(spread.map(|section| section.wall.saturating_sub(section.alone)).sum())
    }

    /// How many times faster the run was than it would have been without parallel sections.
    pub fn speed_up(&self) -> f64 {
        ratio(self.sequential(), self.wall)
    }

    /// How long the run would have taken with one thread.
    fn sequential(&self) -> Duration {
        let spread = self.sections.iter().filter(|section| section.workers.len() > 1);
        self.serial() + spread.map(|section| section.busy().saturating_sub(section.alone)).sum::<Duration>()
    }

    /// How many times faster the run can become with so many threads, by Amdahl's law, from the serial part that was
    /// measured; with `None` for any number of threads.
    pub fn speed_up_limit(&self, threads: Option<usize>) -> f64 {
        let serial = ratio(self.serial(), self.sequential());
        let parallel = (1.0 - serial).max(0.0);
        let remains = serial + threads.map_or(0.0, |threads| parallel / threads.max(1) as f64);
        if remains > 0.0 { 1.0 / remains } else { f64::INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_of_amdahl() {
        let milliseconds = Duration::from_millis;
        let worker = |busy| WorkerRow { busy: milliseconds(busy), ..WorkerRow::default() };
        let section = Section {
            wall: milliseconds(50),
            alone: milliseconds(10),
            workers: vec![worker(50), worker(30)],
            ..Section::default()
        };
        let profile = Profile { wall: milliseconds(70), sections: vec![section], ..Profile::default() };
        // 20 ms outside, 10 ms alone, and 70 ms that two threads have shared.
        assert_eq!(profile.serial(), milliseconds(30));
        assert!((profile.speed_up() - 100.0 / 70.0).abs() < 1e-9);
        assert!((profile.speed_up_limit(None) - 1.0 / 0.3).abs() < 1e-9);
        assert!((profile.speed_up_limit(Some(2)) - 1.0 / 0.65).abs() < 1e-9);
    }
}
