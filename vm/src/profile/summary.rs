//! From what the machines have written down to what a profile shows.

use super::data::{
    Allocation, FunctionKind, FunctionRow, LineRow, OpcodeRow, PairRow, Place, Profile, Section, SiteRow,
    Source, StackRow, StageRow, WaitKind, WaitRow,
};
use super::record::{Cost, ROW, Record, SectionRecord, Spot};
use super::tree::{Callee, FunctionInfo, NodeId, ROOT};
use crate::machine::allocator::Allocated;
use crate::program::LoadedProgram;
use biovm_bytecode::instruction::Opcode;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::time::Duration;

/// How many pairs of instructions are shown.
const MOST_PAIRS: usize = 100;

/// Adds what tasks have recorded to the record of the machine that has started them. While that one waited for them, their
/// work is what the time went to.
pub(crate) fn add_tasks(record: &mut Record, tasks: Record) {
    let waited = record.waits.get(&WaitKind::Tasks).map_or(0.0, |waited| waited.time);
    let busy = tasks.time();
    let factor = if busy > waited { waited / busy } else { 1.0 };
    // Those of this machine alone: tasks that block wait for themselves.
    let awaits = std::mem::take(&mut record.awaits);
    record.merge(tasks, ROOT, factor);
    record.awaits.clear();
    let explained = if waited > 0.0 { (busy * factor / waited).min(1.0) } else { 0.0 };
    for (spot, time) in awaits {
        if let Some(cost) = record.costs.get_mut(&spot) {
            cost.time -= time * explained;
            cost.waiting -= time * explained;
        }
    }
    // What remains was waited for what the tasks were waiting for.
    let known = |(kind, _): &(&WaitKind, &super::record::Waited)| **kind != WaitKind::Tasks;
    let in_tasks: f64 = record.waits.iter().filter(known).map(|(_, waited)| waited.in_tasks).sum();
    let Some(unknown) = record.waits.get_mut(&WaitKind::Tasks) else { return };
    unknown.time = waited * (1.0 - explained);
    if in_tasks > 0.0 {
        let remains = std::mem::take(&mut unknown.time);
        for (_, waited) in record.waits.iter_mut().filter(|(kind, _)| **kind != WaitKind::Tasks) {
            waited.time += remains * waited.in_tasks / in_tasks;
        }
    }
}

/// The profile of a record. What is not in the record, such as the time of the whole run, the caller adds.
pub(crate) fn summarise(record: &mut Record, counts_allocation: bool) -> Profile {
    let mut summary = Summary { counts_allocation, ..Summary::default() };
    summary.expand(record);
    summary.functions(record);
    summary.stacks(record);
    summary.stages(record);
    summary.sites(record);
    summary.lines(record);
    summary.sections(record);
    let mut profile = summary.profile;
    opcodes(record, &mut profile);
    waits(record, &mut profile);
    let Allocated { bytes, count } = record.allocated;
    profile.allocation = counts_allocation.then_some(Allocation { bytes, count });
    profile
}

#[derive(Default)]
struct Summary {
    profile: Profile,
    /// What was spent in each node itself.
    own: Vec<Cost>,
    /// The time of each node with everything below.
    total: Vec<f64>,
    /// The bytes of each node with everything below.
    total_allocated: Vec<u64>,
    /// Whether somebody has counted what was allocated.
    counts_allocation: bool,
    /// The rows of the functions, by what tells them apart.
    rows: FxHashMap<usize, usize>,
    /// The sources of programs, by address and number.
    sources: FxHashMap<(usize, usize), usize>,
    /// Places that were looked up.
    places: FxHashMap<(usize, u32), Option<Place>>,
}

/// What a function has spent.
#[derive(Clone, Copy, Default)]
struct Sums {
    own: Cost,
    cumulative: f64,
    with_lambdas: f64,
    /// With everything that it called, in bytes.
    allocated: u64,
}

fn duration(nanoseconds: f64) -> Duration {
    Duration::from_nanos(nanoseconds.max(0.0).round() as u64)
}

impl Summary {
    /// Finds the nodes that spots belong to, and adds up what was spent there.
    fn expand(&mut self, record: &mut Record) {
        let spots: Vec<(Spot, Cost)> = record.costs.iter().map(|(spot, cost)| (*spot, *cost)).collect();
        for (spot, cost) in spots {
            let mut node = record.tree.within_regions(spot.node, spot.instruction);
            if let Some(Callee::Native(native)) = record.order.get(&spot.native).cloned() {
                let callee = Callee::Native(native);
                node = record.tree.child(node, spot.native, spot.instruction, || callee);
            }
            if self.own.len() <= node as usize {
                self.own.resize(node as usize + 1, Cost::default());
            }
            let own = &mut self.own[node as usize];
            own.time += cost.time;
            own.waiting += cost.waiting;
            own.allocated += cost.allocated;
        }
        self.own.resize(record.tree.len(), Cost::default());
        self.total = self.own.iter().map(|cost| cost.time).collect();
        self.total_allocated = self.own.iter().map(|cost| cost.allocated).collect();
        for node in (1..record.tree.len()).rev() {
            let parent = record.tree.node(node as NodeId).parent;
            self.total[parent as usize] += self.total[node];
            self.total_allocated[parent as usize] += self.total_allocated[node];
        }
    }

    /// The bytes, where somebody has counted them.
    fn counted(&self, bytes: u64) -> Option<u64> {
        self.counts_allocation.then_some(bytes)
    }

    /// The row of the function that a node is, or belongs to.
    fn row_of(&self, record: &Record, mut node: NodeId) -> usize {
        loop {
            let callee = &record.tree.node(node).callee;
            match callee {
                Callee::Root => return 0,
                Callee::Stage(..) => node = record.tree.node(node).parent,
                _ => return self.rows.get(&callee.key()).copied().unwrap_or(0),
            }
        }
    }

    fn add_row(&mut self, key: usize, callee: &Callee) {
        let row = match callee {
            Callee::Function(info) => {
                let function = info.function();
                let kind = match function.is_lambda() {
                    _ if info.number == 0 => FunctionKind::TopLevel,
                    true => FunctionKind::Lambda,
                    false => FunctionKind::Named,
                };
                let place = match kind {
                    FunctionKind::TopLevel => None,
                    _ => self.place(info, 0),
                };
                FunctionRow { name: function.name.clone(), kind, place, ..FunctionRow::default() }
            }
            Callee::Native(native) => FunctionRow {
                name: native.signature.name.to_owned(),
                kind: FunctionKind::Builtin,
                ..FunctionRow::default()
            },
            Callee::Root | Callee::Stage(..) => return,
        };
        self.rows.insert(key, self.profile.functions.len());
        self.profile.functions.push(row);
    }

    fn functions(&mut self, record: &Record) {
        let order: Vec<(usize, Callee)> =
            record.order.iter().map(|(key, callee)| (*key, callee.clone())).collect();
        let is_top = |callee: &Callee| matches!(callee, Callee::Function(info) if info.number == 0);
        match order.iter().find(|(_, callee)| is_top(callee)) {
            Some((key, callee)) => self.add_row(*key, callee),
            // A function was profiled, not a script.
            None => {
                self.profile.functions.push(FunctionRow { name: "main".to_owned(), ..Default::default() })
            }
        }
        for (key, callee) in &order {
            if !self.rows.contains_key(key) {
                self.add_row(*key, callee);
            }
        }
        let mut sums = vec![Sums::default(); self.profile.functions.len()];
        for number in 0..record.tree.len() {
            let node = record.tree.node(number as NodeId);
            let row = self.row_of(record, number as NodeId);
            let own = self.own[number];
            let sum = &mut sums[row].own;
            sum.time += own.time;
            sum.waiting += own.waiting;
            sum.allocated += own.allocated;
            if matches!(node.callee, Callee::Function(_) | Callee::Native(_))
                && !self.runs_above(record, number as NodeId, row)
            {
                sums[row].cumulative += self.total[number];
                sums[row].allocated += self.total_allocated[number];
            }
            sums[self.named_row(record, number as NodeId)].with_lambdas += own.time;
        }
        for site in record.sites.values() {
            self.count_calls(std::ptr::from_ref(site.native).addr(), site.calls);
        }
        for (key, calls) in &record.calls {
            self.count_calls(*key, *calls);
        }
        // What belongs to no function was spent on the way to the first one.
        sums[0].cumulative = sums[0].cumulative.max(self.total[ROOT as usize]);
        sums[0].allocated = sums[0].allocated.max(self.total_allocated[ROOT as usize]);
        for (row, sums) in self.profile.functions.iter_mut().zip(sums) {
            row.self_time = duration(sums.own.time);
            row.waiting = duration(sums.own.waiting);
            row.cumulative = duration(sums.cumulative);
            row.with_lambdas = duration(sums.with_lambdas);
            row.allocated = self.counts_allocation.then_some(sums.own.allocated);
            row.cumulative_allocated = self.counts_allocation.then_some(sums.allocated);
        }
    }

    fn count_calls(&mut self, key: usize, calls: u64) {
        if let Some(&row) = self.rows.get(&key) {
            self.profile.functions[row].calls += calls;
        }
    }

    /// Whether a node above is the same function.
    fn runs_above(&self, record: &Record, node: NodeId, row: usize) -> bool {
        let mut above = record.tree.node(node).parent;
        while above != ROOT {
            if self.row_of(record, above) == row {
                return true;
            }
            above = record.tree.node(above).parent;
        }
        false
    }

    /// The row of the nearest function above that has a name, or of the node's own.
    fn named_row(&self, record: &Record, mut node: NodeId) -> usize {
        loop {
            let row = self.row_of(record, node);
            if self.profile.functions[row].kind != FunctionKind::Lambda || node == ROOT {
                return row;
            }
            // Stages are no functions, so the lambda itself may be further up.
            while !matches!(record.tree.node(node).callee, Callee::Function(_) | Callee::Root) {
                node = record.tree.node(node).parent;
            }
            node = record.tree.node(node).parent;
        }
    }

    fn stacks(&mut self, record: &Record) {
        let mut numbers: Vec<usize> = Vec::with_capacity(record.tree.len());
        for number in 0..record.tree.len() {
            let node = record.tree.node(number as NodeId);
            let own = self.own[number];
            let above = numbers.get(node.parent as usize).copied();
            match &node.callee {
                // The top level is the whole; stages are no functions.
                Callee::Function(info) if info.number == 0 && node.parent == ROOT => {
                    numbers.push(0);
                    self.profile.stacks[0].self_time += duration(own.time);
                    continue;
                }
                Callee::Stage(..) => {
                    let above = above.unwrap_or(0);
                    numbers.push(above);
                    self.profile.stacks[above].self_time += duration(own.time);
                    continue;
                }
                _ => {}
            }
            numbers.push(self.profile.stacks.len());
            self.profile.stacks.push(StackRow {
                parent: above.filter(|_| number != ROOT as usize),
                function: self.row_of(record, number as NodeId),
                self_time: duration(own.time),
                cumulative: duration(self.total[number]),
            });
        }
    }

    fn stages(&mut self, record: &Record) {
        let mut rows: Vec<(usize, StageRow)> = Vec::new();
        for number in 0..record.tree.len() {
            let node = record.tree.node(number as NodeId);
            let Callee::Stage(info, region) = &node.callee else { continue };
            let region = &info.function().regions[*region];
            let biovm_bytecode::program::RegionKind::Stage { name } = region.kind else { continue };
            let time = duration(self.total[number]);
            let bytes = self.total_allocated[number];
            let key = node.callee.key();
            match rows.iter_mut().find(|(known, _)| *known == key) {
                Some((_, row)) => {
                    row.time += time;
                    row.allocated = row.allocated.map(|sum| sum + bytes);
                }
                None => {
                    let name = info.program.names[name as usize].as_str().to_owned();
                    let place = self.place(info, region.start);
                    rows.push((key, StageRow { name, place, time, allocated: self.counted(bytes) }));
                }
            }
        }
        rows.sort_by_key(|(_, row)| row.place);
        self.profile.stages = rows.into_iter().map(|(_, row)| row).collect();
    }

    fn sites(&mut self, record: &Record) {
        let key = |info: &FunctionInfo, at: u32| (std::ptr::from_ref(info.function()).addr(), at);
        let mut times: FxHashMap<(usize, u32), (Cost, f64)> = FxHashMap::default();
        for number in 1..record.tree.len() {
            let node = record.tree.node(number as NodeId);
            let Callee::Native(native) = &node.callee else { continue };
            let Some(info) = record.tree.function_of(node.parent) else { continue };
            let sum = times.entry(key(info, node.site)).or_default();
            sum.0.time += self.own[number].time;
            sum.0.waiting += self.own[number].waiting;
            let row = self.rows.get(&std::ptr::from_ref(*native).addr()).copied().unwrap_or(0);
            if !self.runs_above(record, number as NodeId, row) {
                sum.1 += self.total[number];
            }
        }
        for (at, site) in &record.sites {
            if site.calls == 0 {
                continue;
            }
            let (own, cumulative) = times.get(at).copied().unwrap_or_default();
            let row = SiteRow {
                function: self.rows.get(&std::ptr::from_ref(site.native).addr()).copied().unwrap_or(0),
                caller: self.rows.get(&at.0).copied().unwrap_or(0),
                place: self.place(&site.info, site.instruction),
                calls: site.calls,
                items: site.items,
                self_time: duration(own.time),
                cumulative: duration(cumulative),
                waiting: duration(own.waiting),
                is_inlined: site.is_inlined,
            };
            self.profile.sites.push(row);
        }
    }

    fn lines(&mut self, record: &Record) {
        let mut lines: FxHashMap<(usize, usize), (usize, Cost)> = FxHashMap::default();
        for (spot, cost) in &record.costs {
            let Some(info) = record.tree.function_of(spot.node) else { continue };
            let Some(place) = self.place(&info.clone(), spot.instruction) else { continue };
            let (column, sum) =
                lines.entry((place.source, place.line)).or_insert((place.column, Cost::default()));
            *column = place.column.min(*column);
            sum.time += cost.time;
            sum.waiting += cost.waiting;
            sum.allocated += cost.allocated;
        }
        let row = |((source, line), (column, sum)): ((usize, usize), (usize, Cost))| LineRow {
            place: Place { source, line, column },
            time: duration(sum.time),
            waiting: duration(sum.waiting),
            allocated: self.counts_allocation.then_some(sum.allocated),
        };
        self.profile.lines = lines.into_iter().map(row).collect();
        self.profile.lines.sort_by_key(|row| row.place);
    }

    fn sections(&mut self, record: &Record) {
        for section in &record.sections {
            let SectionRecord { native, place, runs, items, wall, alone, workers } = section.clone();
            let row = native.and_then(|native| self.rows.get(&std::ptr::from_ref(native).addr()).copied());
            let section = Section {
                function: row,
                place: place.and_then(|(info, at)| self.place(&info, at)),
                runs,
                items,
                wall: Duration::from_nanos(wall),
                alone: Duration::from_nanos(alone),
                workers,
            };
            self.profile.sections.push(section);
        }
    }

    /// Where an instruction stands in the source.
    fn place(&mut self, info: &Arc<FunctionInfo>, instruction: u32) -> Option<Place> {
        let key = (std::ptr::from_ref(info.function()).addr(), instruction);
        if let Some(known) = self.places.get(&key) {
            return *known;
        }
        let found = self.find_place(&info.program, info, instruction);
        self.places.insert(key, found);
        found
    }

    fn find_place(
        &mut self,
        program: &Arc<LoadedProgram>,
        info: &FunctionInfo,
        instruction: u32,
    ) -> Option<Place> {
        let span = info.function().spans.get(instruction as usize)?;
        let source = program.debug.as_ref()?.sources.get(usize::from(span.source))?;
        let (line, column) = source.line_column(span.start);
        let key = (Arc::as_ptr(program).addr(), usize::from(span.source));
        let profile = &mut self.profile;
        let number = *self.sources.entry(key).or_insert_with(|| {
            profile.sources.push(Source { name: source.name.clone(), text: source.text.clone() });
            profile.sources.len() - 1
        });
        Some(Place { source: number, line, column })
    }
}

fn opcodes(record: &Record, profile: &mut Profile) {
    let mut times = vec![0.0; Opcode::ALL.len()];
    for (spot, cost) in &record.costs {
        let code = record.tree.function_of(spot.node).map(|info| &info.function().code);
        if let Some(instruction) = code.and_then(|code| code.get(spot.instruction as usize)) {
            times[instruction.opcode() as usize] += cost.time;
        }
    }
    for (number, opcode) in Opcode::ALL.iter().enumerate() {
        let count: u64 = (0..ROW).map(|first| record.pairs[first * ROW + number]).sum();
        if count > 0 {
            let row = OpcodeRow { name: opcode.name(), count, time: duration(times[number]) };
            profile.opcodes.push(row);
        }
        for (second, following) in Opcode::ALL.iter().enumerate() {
            let count = record.pairs[number * ROW + second];
            if count > 0 {
                profile.pairs.push(PairRow { first: opcode.name(), second: following.name(), count });
            }
        }
    }
    profile.opcodes.sort_by_key(|row| (std::cmp::Reverse(row.time), std::cmp::Reverse(row.count)));
    profile.pairs.sort_by_key(|row| std::cmp::Reverse(row.count));
    profile.pairs.truncate(MOST_PAIRS);
}

fn waits(record: &Record, profile: &mut Profile) {
    let row = |(kind, waited): (&WaitKind, &super::record::Waited)| WaitRow {
        kind: *kind,
        count: waited.count,
        time: duration(waited.time),
        in_tasks: duration(waited.in_tasks),
    };
    profile.waits = record.waits.iter().map(row).collect();
    profile.waits.sort_by_key(|row| (std::cmp::Reverse(row.time), row.kind));
}
