//! What a machine writes down while it runs.
//!
//! Time is charged to a *spot*: a node of the call tree, an instruction of its function, and the builtin that this
//! instruction is in. All time since the last charge goes to the spot where the machine is seen when the clock tells a new
//! time. The beginning of a run is timed exactly.
//!
//! * [`walk`]: from frames to a node of the call tree
//! * [`counts`]: calls of functions and builtins

mod counts;
mod walk;

pub(crate) use walk::Step;

use super::allocation::Allocations;
use super::clock::{Clock, KnownSites};
use super::data::WaitKind;
use super::record::{Costs, Record, Spot};
use super::tree::{Callee, FunctionInfo, NodeId};
use crate::native::Native;
use crate::program::LoadedProgram;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// So long a run is looked at closely, in nanoseconds: the clock is asked every few instructions, and around each builtin, which
/// takes more time than the run itself. Later it is only looked at what the clock tells, which says as much about a long run.
const CLOSE_LOOK: u64 = 2_000_000;

/// Every so many instructions, more or less.
const STEP: u32 = 24;

/// Writes down what a machine does.
pub(crate) struct Recorder {
    pub(crate) clock: Arc<Clock>,
    pub(crate) record: Record,
    infos: FxHashMap<usize, Arc<FunctionInfo>>,
    /// The sites of the builtins that loops stand for, by the address of the instruction that begins the loop.
    loops: FxHashMap<usize, Arc<[usize]>>,
    /// The sites that are known by the address of their instruction, while the machine runs.
    known_sites: KnownSites,
    /// Up to when time has been charged.
    charged: u64,
    /// The time of bookkeeping, which is not charged.
    aside: u64,
    /// The time that was seen told last.
    pub(crate) seen: u64,
    pub(crate) allocations: Allocations,
    /// How many frames were there when recording began.
    pub(crate) first_frame: usize,
    /// The builtins that run, the outermost first, each with the number of frames below it.
    pub(crate) natives: Vec<(usize, &'static Native)>,
    /// What was running when somebody looked last, the outermost first: what it is, from where it was called, and its node.
    path: Vec<(usize, u32, NodeId)>,
    /// How often the functions of a program were called, by their numbers.
    pub(crate) counts: Vec<u64>,
    /// Which program that is: the address of what this machine knows about its functions.
    pub(crate) counted: usize,
    program: Option<Arc<LoadedProgram>>,
    /// Until when the machine is looked at closely; 0 when that is over.
    close_until: u64,
    /// The state of a small generator, so that steps are no multiple of the length of a loop.
    random: u32,
    /// Whether the clock runs: that of a machine that waits for work does not.
    running: bool,
    /// Whether the machine is that of a task, whose record outlives it.
    pub(crate) is_task: bool,
    /// What the task waits for, and since when.
    left: Option<(WaitKind, u64)>,
}

impl Recorder {
    /// A recorder for a machine that has this many frames, which do not take part.
    pub(crate) fn new(clock: Arc<Clock>, first_frame: usize) -> Recorder {
        Recorder {
            charged: clock.now(),
            aside: 0,
            seen: clock.told(),
            allocations: Allocations::new(),
            record: Record::new(),
            infos: FxHashMap::default(),
            loops: FxHashMap::default(),
            known_sites: KnownSites::default(),
            first_frame,
            natives: Vec::new(),
            path: Vec::new(),
            counts: Vec::new(),
            counted: 0,
            program: None,
            close_until: clock.now() + CLOSE_LOOK,
            clock,
            random: 0x9e37_79b9,
            running: false,
            is_task: false,
            left: None,
        }
    }

    /// Lets the clock run; gives whether it stood.
    pub(crate) fn begin(&mut self) -> bool {
        let stood = !self.running;
        if stood {
            self.running = true;
            if self.record.pairs.is_empty() {
                self.record.pairs = self.clock.lend_pairs();
                self.known_sites = self.clock.lend_sites();
            }
            self.charged = self.clock.now();
            self.seen = self.clock.told();
            self.allocations.begin();
        }
        stood
    }

    /// Does some bookkeeping whose time is nobody's.
    fn aside<T>(&mut self, work: impl FnOnce(&mut Recorder) -> T) -> T {
        let before = self.clock.now();
        let result = self.uncounted(work);
        let time = self.clock.now().saturating_sub(before);
        self.charged += time;
        self.aside += time;
        result
    }

    /// Does some bookkeeping whose allocations are nobody's.
    #[inline]
    pub(crate) fn uncounted<T>(&mut self, work: impl FnOnce(&mut Recorder) -> T) -> T {
        let before = self.allocations.begin_bookkeeping();
        let result = work(self);
        self.allocations.end_bookkeeping(before);
        result
    }

    /// How long bookkeeping took that is not charged.
    pub(crate) fn time_aside(&self) -> u64 {
        self.aside
    }

    /// Up to when time has been charged, by the clock.
    pub(crate) fn charged(&self) -> u64 {
        self.charged
    }

    /// Lets the clock go on from now: what has passed since the last charge is nobody's.
    pub(crate) fn resume(&mut self) {
        if self.running {
            self.allocations.pause();
            self.running = false;
        }
        self.begin();
    }

    /// Adds what was recorded apart, by the same machine just now, below what runs at the spot.
    pub(crate) fn absorb(&mut self, record: Record, spot: Spot) {
        self.merge_below(record, spot, 1.0);
        // What was left before waits where it was put.
        self.running = false;
        self.begin();
    }

    /// Adds what another machine has recorded, below what runs at the spot. Its times count by the factor.
    pub(crate) fn merge_below(&mut self, record: Record, spot: Spot, factor: f64) {
        let mut node = self.record.tree.within_regions(spot.node, spot.instruction);
        if let Some((_, native)) = self.natives.last() {
            node = self.native_node(node, native, spot.instruction);
        }
        self.record.merge(record, node, factor);
    }

    /// Charges what is left to the spot, and stops the clock for a while.
    pub(crate) fn pause(&mut self, spot: Spot) {
        self.charge(spot);
        self.allocations.pause();
        self.running = false;
    }

    /// The same where no loop of the machine runs.
    pub(crate) fn end(&mut self, spot: Spot) {
        self.pause(spot);
        self.clock.take_back_pairs(std::mem::take(&mut self.record.pairs));
        // What machines know of programs goes from one task to another while they wait.
        self.settle_counts();
        self.clock.take_back_sites(std::mem::take(&mut self.known_sites));
    }

    /// The function, with what is known of it.
    pub(crate) fn info(
        &mut self,
        key: usize,
        program: &Arc<LoadedProgram>,
        number: usize,
    ) -> Arc<FunctionInfo> {
        let make = || Arc::new(FunctionInfo::new(program.clone(), number));
        self.infos.entry(key).or_insert_with(make).clone()
    }

    /// The spot of an instruction of a node's function.
    #[inline]
    pub(crate) fn spot(&self, node: NodeId, instruction: u32, frames: usize) -> Spot {
        // Builtins further down have called functions that run now.
        let native = self.natives.last().filter(|(below, _)| *below >= frames);
        let native = native.map_or(0, |(_, native)| std::ptr::from_ref(*native).addr());
        Spot { node, instruction, native }
    }

    fn add(&mut self, spot: Spot, time: f64) {
        self.uncounted(|recorder| recorder.record.costs.entry(spot).or_default().time += time);
    }

    /// Charges what was allocated to the spot, where it is time for that.
    pub(crate) fn charge_allocated(&mut self, spot: Spot) {
        if let Some(bytes) = self.allocations.take() {
            self.uncounted(|recorder| recorder.record.costs.entry(spot).or_default().allocated += bytes);
        }
    }

    /// The clock has told a new time, or there are allocations to charge: what has passed until then goes to the spot.
    #[inline(never)]
    pub(crate) fn tick(&mut self, told: u64, spot: Spot) {
        self.charge_allocated(spot);
        self.seen = told;
        if told > self.charged && self.running {
            let time = told - self.charged;
            self.charged = told;
            self.add(spot, time as f64);
        }
    }

    /// Asks for the time, and charges all that has passed to the spot. Gives the time.
    pub(crate) fn charge(&mut self, spot: Spot) -> u64 {
        let now = self.clock.now();
        let time = now.saturating_sub(self.charged);
        self.charged = self.charged.max(now);
        if time > 0 && self.running {
            self.add(spot, time as f64);
        }
        now
    }

    /// Whether the machine is looked at closely.
    #[inline(always)]
    pub(crate) fn looks_closely(&self) -> bool {
        self.close_until != 0
    }

    /// Some instructions have passed: charges the time. Gives the number of instructions until the next look.
    #[inline(never)]
    pub(crate) fn step(&mut self, spot: Spot) -> u32 {
        if self.charge(spot) > self.close_until {
            self.close_until = 0;
        }
        // A fixed number could be that of the instructions of a loop.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        1 + self.random % (2 * STEP)
    }

    /// The node of a builtin below another node.
    pub(crate) fn native_node(&mut self, parent: NodeId, native: &'static Native, site: u32) -> NodeId {
        let callee = Callee::Native(native);
        self.record.tree.child(parent, callee.key(), site, || callee)
    }

    /// The machine has waited at the spot since a time.
    pub(crate) fn waited(&mut self, kind: WaitKind, since: u64, spot: Spot) {
        let now = self.charge(spot);
        let time = now.saturating_sub(since) as f64;
        let before = self.allocations.begin_bookkeeping();
        let waited = self.record.waits.entry(kind).or_default();
        waited.count += 1;
        waited.time += time;
        self.record.costs.entry(spot).or_default().waiting += time;
        if kind == WaitKind::Tasks {
            *self.record.awaits.entry(spot).or_default() += time;
        }
        self.allocations.end_bookkeeping(before);
    }

    /// The task leaves its thread to wait.
    pub(crate) fn leave_thread(&mut self, kind: WaitKind) {
        self.left = Some((kind, self.clock.now()));
    }

    /// The task is back.
    pub(crate) fn come_back(&mut self) {
        if let Some((kind, since)) = self.left.take() {
            let waited = self.record.waits.entry(kind).or_default();
            waited.count += 1;
            waited.in_tasks += self.clock.now().saturating_sub(since) as f64;
        }
    }

    /// Takes out what was written down so far; the tree begins anew.
    pub(crate) fn take_record(&mut self) -> Record {
        self.settle_counts();
        self.path.clear();
        self.record.allocated += self.allocations.take_all();
        std::mem::replace(&mut self.record, Record::new())
    }

    /// Takes out the costs.
    pub(crate) fn take_costs(&mut self) -> Costs {
        std::mem::take(&mut self.record.costs)
    }

    /// Puts costs back, times the factor.
    pub(crate) fn give_costs(&mut self, costs: Costs, factor: f64) {
        for (spot, cost) in costs {
            self.record.costs.entry(spot).or_default().add(cost, factor);
        }
    }
}
