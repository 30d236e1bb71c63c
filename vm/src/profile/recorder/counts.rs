//! How often functions and builtins are called.

use super::Recorder;
use crate::native::Native;
use crate::profile::clock::KNOWN_SITES;
use crate::profile::record::Site;
use crate::profile::tree::{Callee, FunctionInfo};
use crate::program::LoadedProgram;
use biovm_bytecode::program::RegionKind;
use std::sync::Arc;

impl Recorder {
    /// A function of a program was called; `key` tells the program from others.
    pub(crate) fn count_call(&mut self, key: usize, program: &Arc<LoadedProgram>, number: usize) {
        if self.counted != key {
            self.settle_counts();
            self.counts = vec![0; program.functions.len()];
            self.counted = key;
            self.program = Some(program.clone());
        }
        self.counts[number] += 1;
        if self.counts[number] == 1 {
            let function = std::ptr::from_ref(&program.functions[number]).addr();
            if !self.record.order.contains_key(&function) {
                let callee = Callee::Function(self.info(function, program, number));
                self.record.order.insert(function, callee);
            }
        }
    }

    /// Adds the counts of calls to the record.
    pub(super) fn settle_counts(&mut self) {
        self.counted = 0;
        let Some(program) = self.program.take() else { return };
        for (function, count) in program.functions.iter().zip(std::mem::take(&mut self.counts)) {
            if count > 0 {
                *self.record.calls.entry(std::ptr::from_ref(function).addr()).or_default() += count;
            }
        }
    }

    /// The number of the site of a call.
    #[inline(never)]
    pub(crate) fn site(
        &mut self,
        info: &Arc<FunctionInfo>,
        instruction: u32,
        native: &'static Native,
    ) -> usize {
        let key = (std::ptr::from_ref(info.function()).addr(), instruction);
        if let Some(known) = self.record.sites.get_index_of(&key) {
            return known;
        }
        self.aside(|recorder| recorder.add_site(key, info, instruction, native))
    }

    fn add_site(
        &mut self,
        key: (usize, u32),
        info: &Arc<FunctionInfo>,
        instruction: u32,
        native: &'static Native,
    ) -> usize {
        let is_same = |call: u32| info.native_at(call).is_some_and(|other| std::ptr::eq(other, native));
        let is_part = info.regions(instruction).any(|region| {
            matches!(info.function().regions[region].kind, RegionKind::Builtin { call, .. } if is_same(call))
        });
        let site = Site {
            info: info.clone(),
            instruction,
            native,
            calls: 0,
            items: Some(0),
            is_inlined: false,
            is_part,
        };
        let callee = Callee::Native(native);
        self.record.order.entry(callee.key()).or_insert(callee);
        self.record.sites.insert_full(key, site).0
    }

    /// A builtin is called at a site.
    #[inline]
    pub(crate) fn call_site(&mut self, site: usize, items: Option<usize>) {
        let site = &mut self.record.sites[site];
        if !site.is_part {
            site.calls += 1;
            site.items = site.items.zip(items).map(|(sum, items)| sum + items as u64);
        }
    }

    /// The number of the site of an instruction, where it is known.
    #[inline(always)]
    pub(crate) fn known_site(&self, address: usize) -> Option<usize> {
        let (known, site) = self.known_sites[(address >> 3) % KNOWN_SITES];
        (known == address).then_some(site as usize)
    }

    /// Remembers the site of an instruction.
    pub(crate) fn remember_site(&mut self, address: usize, site: usize) {
        self.known_sites[(address >> 3) % KNOWN_SITES] = (address, site as u32);
    }

    /// A loop begins at the instruction with that address: counts the builtins that it stands for.
    pub(crate) fn begin_loop(
        &mut self,
        address: usize,
        items: Option<usize>,
        place: impl FnOnce(&mut Recorder) -> (Arc<FunctionInfo>, u32),
    ) {
        let sites = match self.loops.get(&address) {
            Some(sites) => sites.clone(),
            None => {
                let (info, instruction) = place(self);
                let sites = self.aside(|recorder| recorder.sites_of_loop(&info, instruction));
                self.loops.insert(address, sites.clone());
                sites
            }
        };
        let mut items = items;
        for &number in sites.iter() {
            let site = &mut self.record.sites[number];
            site.calls += 1;
            site.items = site.items.zip(items).map(|(sum, items)| sum + items as u64);
            // Only what maps gives on as many as it gets.
            items = items.filter(|_| site.native.signature.name == "map");
        }
    }

    fn sites_of_loop(&mut self, info: &Arc<FunctionInfo>, instruction: u32) -> Arc<[usize]> {
        let mut calls: Vec<u32> = Vec::new();
        for region in &info.function().regions {
            if let RegionKind::Builtin { call, entry } = region.kind
                && entry == instruction
            {
                calls.push(call);
            }
        }
        // Calls stand in the order of the stages.
        calls.sort_unstable();
        calls.dedup();
        let mut sites = Vec::new();
        for call in calls {
            let Some(native) = info.native_at(call) else { continue };
            let number = self.site(info, call, native);
            self.record.sites[number].is_inlined = true;
            sites.push(number);
        }
        sites.into()
    }

    /// A builtin is called by value, as one that another builtin applies to items.
    pub(crate) fn call_by_value(&mut self, native: &'static Native) {
        let callee = Callee::Native(native);
        self.uncounted(|recorder| {
            *recorder.record.calls.entry(callee.key()).or_default() += 1;
            recorder.record.order.entry(callee.key()).or_insert(callee);
        });
    }
}
