//! What was written down about a run, as it is before anybody makes sense of it.

use super::data::{WaitKind, WorkerRow};
use super::tree::{Callee, FunctionInfo, NodeId, Tree};
use crate::machine::allocator::Allocated;
use crate::native::Native;
use biovm_bytecode::instruction::Opcode;
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::Arc;

/// Where time goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Spot {
    pub(crate) node: NodeId,
    /// The instruction of the nearest function; [`NOWHERE`] where that is not known.
    pub(crate) instruction: u32,
    /// The address of the builtin that runs, 0 for none.
    pub(crate) native: usize,
}

/// What was spent, by spots.
pub(crate) type Costs = FxHashMap<Spot, Cost>;

/// What was spent at a spot.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Cost {
    /// In nanoseconds.
    pub(crate) time: f64,
    pub(crate) waiting: f64,
    /// In bytes.
    pub(crate) allocated: u64,
}

impl Cost {
    pub(super) fn add(&mut self, other: Cost, factor: f64) {
        self.time += other.time * factor;
        self.waiting += other.waiting * factor;
        self.allocated += other.allocated;
    }
}

/// A call of a builtin as it is written.
pub(crate) struct Site {
    pub(crate) info: Arc<FunctionInfo>,
    pub(crate) instruction: u32,
    pub(crate) native: &'static Native,
    pub(crate) calls: u64,
    pub(crate) items: Option<u64>,
    pub(crate) is_inlined: bool,
    /// Whether its calls are no calls of the script: a loop that stands for the builtin has counted them.
    pub(super) is_part: bool,
}

/// A place for each pair of opcodes; rows are those that came first.
pub(crate) const PAIRS: usize = ROW * ROW;

/// The length of a row. No power of two: those would use few sets of the processor's cache.
pub(crate) const ROW: usize = Opcode::ALL.len() + 1 + Opcode::ALL.len() % 2;

/// The row of the beginning, where nothing came before.
pub(crate) const BEGINNING: usize = Opcode::ALL.len();

/// A parallel section.
#[derive(Clone, Default)]
pub(crate) struct SectionRecord {
    pub(crate) native: Option<&'static Native>,
    pub(crate) place: Option<(Arc<FunctionInfo>, u32)>,
    pub(crate) runs: u64,
    pub(crate) items: u64,
    pub(crate) wall: u64,
    pub(crate) alone: u64,
    pub(crate) workers: Vec<WorkerRow>,
}

/// What was waited for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Waited {
    pub(crate) count: u64,
    /// In nanoseconds.
    pub(crate) time: f64,
    pub(crate) in_tasks: f64,
}

/// What a machine has written down.
pub(crate) struct Record {
    pub(crate) tree: Tree,
    pub(crate) costs: FxHashMap<Spot, Cost>,
    pub(crate) sites: IndexMap<(usize, u32), Site, FxBuildHasher>,
    /// Everything that was called, in the order of the first calls.
    pub(crate) order: IndexMap<usize, Callee, FxBuildHasher>,
    /// How often functions of the script were called, and builtins by value.
    pub(crate) calls: FxHashMap<usize, u64>,
    pub(crate) sections: Vec<SectionRecord>,
    pub(crate) waits: FxHashMap<WaitKind, Waited>,
    /// Where tasks were waited for, and how long.
    pub(crate) awaits: FxHashMap<Spot, f64>,
    pub(crate) allocated: Allocated,
    /// How often which instruction came behind which.
    pub(crate) pairs: Box<[u64]>,
}

impl Record {
    pub(super) fn new() -> Record {
        Record {
            tree: Tree::new(),
            costs: FxHashMap::default(),
            sites: IndexMap::default(),
            order: IndexMap::default(),
            calls: FxHashMap::default(),
            sections: Vec::new(),
            waits: FxHashMap::default(),
            awaits: FxHashMap::default(),
            allocated: Allocated::default(),
            pairs: Box::default(),
        }
    }

    /// The time of all spots, in nanoseconds.
    pub(crate) fn time(&self) -> f64 {
        self.costs.values().map(|cost| cost.time).sum()
    }

    /// Adds what another machine has written down, below a node. Its times count by the factor.
    pub(crate) fn merge(&mut self, other: Record, below: NodeId, factor: f64) {
        let mut nodes: Vec<NodeId> = Vec::with_capacity(other.tree.len());
        nodes.push(below);
        for number in 1..other.tree.len() as NodeId {
            let node = other.tree.node(number);
            let parent = nodes[node.parent as usize];
            let mapped = self.tree.child(parent, node.callee.key(), node.site, || node.callee.clone());
            nodes.push(mapped);
        }
        for (spot, cost) in other.costs {
            let node = nodes[spot.node as usize];
            self.costs.entry(Spot { node, ..spot }).or_default().add(cost, factor);
        }
        for (spot, time) in other.awaits {
            let node = nodes[spot.node as usize];
            *self.awaits.entry(Spot { node, ..spot }).or_default() += time * factor;
        }
        for (key, site) in other.sites {
            match self.sites.get_mut(&key) {
                Some(known) => {
                    known.calls += site.calls;
                    known.items = known.items.zip(site.items).map(|(a, b)| a + b);
                    known.is_inlined |= site.is_inlined;
                }
                None => drop(self.sites.insert(key, site)),
            }
        }
        for (key, callee) in other.order {
            self.order.entry(key).or_insert(callee);
        }
        for (key, calls) in other.calls {
            *self.calls.entry(key).or_default() += calls;
        }
        for section in other.sections {
            self.add_section(section);
        }
        for (kind, waited) in other.waits {
            let sum = self.waits.entry(kind).or_default();
            sum.count += waited.count;
            sum.time += waited.time * factor;
            sum.in_tasks += waited.in_tasks;
        }
        self.allocated += other.allocated;
        for (sum, count) in self.pairs.iter_mut().zip(&other.pairs) {
            *sum += count;
        }
    }

    /// Adds a parallel section to those that were begun at the same place.
    pub(crate) fn add_section(&mut self, section: SectionRecord) {
        let place = |section: &SectionRecord| {
            let native = section.native.map(|native| std::ptr::from_ref(native).addr());
            let function =
                section.place.as_ref().map(|(info, at)| (std::ptr::from_ref(info.function()).addr(), *at));
            (native, function)
        };
        let Some(known) = self.sections.iter_mut().find(|known| place(known) == place(&section)) else {
            self.sections.push(section);
            return;
        };
        known.runs += section.runs;
        known.items += section.items;
        known.wall += section.wall;
        known.alone += section.alone;
        for (number, worker) in section.workers.into_iter().enumerate() {
            let Some(sum) = known.workers.get_mut(number) else {
                known.workers.push(worker);
                continue;
            };
            *sum += worker;
        }
    }
}
