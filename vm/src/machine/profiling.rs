//! How a machine begins and ends a profile, and what the machines of other threads add to it.

use super::Machine;
use super::allocator::Counting;
use crate::process::{self, CpuTime};
use crate::profile::Record;
use crate::profile::clock::Clock;
use crate::profile::data::{Input, Profile, WaitKind, WorkerRow};
use crate::profile::record::{SectionRecord, Spot};
use crate::profile::recorder::Recorder;
use crate::profile::summary;
use crate::profile::tree::NOWHERE;
use std::time::Duration;

/// A parallel section that is being recorded; see [`Machine::begin_section`].
pub(crate) struct SectionInProgress {
    start: u64,
    /// What was spent before.
    before: crate::profile::record::Costs,
    /// When others began to help.
    spread: Option<u64>,
}

impl Machine {
    /// Does some work, and gives the profile of it too. What it does is part of an outer profile as well, where there is one.
    pub fn profile<T>(&mut self, work: impl FnOnce(&mut Machine) -> T) -> (T, Profile) {
        let instruction = self.frames.last().map_or(NOWHERE, |frame| frame.current() as u32);
        let outer_spot = self.profiler.is_some().then(|| {
            let spot = self.spot(instruction);
            self.recorder().charge(spot);
            self.recorder().allocations.pause();
            spot
        });
        let mut outer = self.profiler.take();
        let (bytes, records) = (self.context.totals.bytes(), self.context.totals.records());
        let before = CpuTime::now();
        let clock = Clock::start();
        let counting = Counting::begin();
        let mut recorder = Recorder::new(clock.clone(), self.frames.len());
        recorder.begin();
        let started = recorder.charged();
        self.profiler = Some(Box::new(recorder));
        let mut wall = Duration::ZERO;
        let result = work(self);
        let spot = self.spot(instruction);
        let record = self.profiler.take().map(|mut recorder| {
            recorder.end(spot);
            wall = Duration::from_nanos((recorder.charged() - started).saturating_sub(recorder.time_aside()));
            recorder.take_record()
        });
        clock.stop();
        let counts_allocation = counting.is_possible;
        drop(counting);
        let spent = CpuTime::now().since(&before);
        let mut profile = Profile::default();
        if let Some(mut record) = record {
            record.pairs = clock.sum_pairs();
            let tasks = clock.take_ended();
            let has_tasks = tasks.is_some();
            if let Some(tasks) = tasks {
                summary::add_tasks(&mut record, tasks);
                // Where tasks wait within parallel sections, their parts are not known exactly: more may be taken off a place for
                // what tasks explain than was spent there.
                record.costs.values_mut().for_each(|cost| cost.time = cost.time.max(0.0));
            }
            let sum = record.time();
            if has_tasks && sum > 0.0 {
                let factor = wall.as_nanos() as f64 / sum;
                record.costs.values_mut().for_each(|cost| cost.time *= factor);
            }
            profile = summary::summarise(&mut record, counts_allocation);
            if let (Some(outer), Some(spot)) = (&mut outer, outer_spot) {
                outer.absorb(record, spot);
            }
        }
        self.profiler = outer;
        profile.wall = wall;
        profile.cpu = spent.process;
        profile.main_cpu = spent.thread;
        profile.peak_memory = process::memory().peak;
        profile.workers = self.context.budget.workers();
        profile.input = Input {
            bytes: self.context.totals.bytes().saturating_sub(bytes),
            records: self.context.totals.records().saturating_sub(records),
        };
        (result, profile)
    }

    /// Does what may wait, and notes for what. For builtins that block their thread.
    #[inline]
    pub fn waiting<T>(&mut self, kind: WaitKind, wait: impl FnOnce(&mut Machine) -> T) -> T {
        if self.profiler.is_none() {
            return wait(self);
        }
        let (since, spot) = self.begin_waiting();
        let result = wait(self);
        self.recorder().waited(kind, since, spot);
        result
    }

    #[cold]
    fn begin_waiting(&mut self) -> (u64, Spot) {
        let instruction = self.frames.last().map_or(NOWHERE, |frame| frame.current() as u32);
        let spot = self.spot(instruction);
        (self.recorder().charge(spot), spot)
    }

    /// What the builtin that runs waits for, where it waits for a future.
    pub(super) fn awaited_kind(&self) -> WaitKind {
        let native = self.profiler.as_ref().and_then(|recorder| recorder.natives.last());
        native.map_or(WaitKind::Tasks, |(_, native)| native.waits_for)
    }

    /// The machine is that of a task: what it records is kept when it ends.
    pub(super) fn record_as_task(&mut self) {
        if let Some(recorder) = &mut self.profiler {
            recorder.is_task = true;
        }
    }

    /// The task leaves its thread to wait.
    pub(super) fn leave_thread(&mut self, kind: WaitKind) {
        if let Some(recorder) = &mut self.profiler {
            recorder.leave_thread(kind);
        }
    }

    /// The task is back on a thread.
    pub(super) fn come_back(&mut self) {
        if let Some(recorder) = &mut self.profiler {
            recorder.come_back();
        }
    }

    /// Keeps what the machine of a task has recorded.
    pub(super) fn keep_record(&mut self) {
        if let Some(recorder) = &mut self.profiler
            && recorder.is_task
        {
            recorder.come_back();
            let record = recorder.take_record();
            recorder.clock.keep(record);
        }
    }

    /// Gives a machine for another thread a recorder, where this one has one.
    pub(super) fn fork_recorder(&self) -> Option<Box<Recorder>> {
        self.profiler.as_ref().map(|recorder| Box::new(Recorder::new(recorder.clock.clone(), 0)))
    }

    /// Begins to record a parallel section, for which this machine does the first work.
    pub(crate) fn begin_section(&mut self) -> Option<SectionInProgress> {
        self.profiler.as_ref()?;
        let (start, _) = self.begin_waiting();
        Some(SectionInProgress { start, before: self.recorder().take_costs(), spread: None })
    }

    /// Others begin to help in the section.
    pub(crate) fn spread_section(&mut self, section: &mut Option<SectionInProgress>) {
        if let Some(section) = section {
            section.spread = Some(self.begin_waiting().0);
        }
    }

    /// The time of the recorder's clock.
    pub(crate) fn recorded_time(&self) -> Option<u64> {
        self.profiler.as_ref().map(|recorder| recorder.clock.now())
    }

    /// The machine begins to work in a section, or goes on after it had nothing to do.
    pub(crate) fn begin_work(&mut self) {
        if let Some(recorder) = &mut self.profiler {
            recorder.resume();
        }
    }

    /// The machine has nothing to do from now on. `is_helper` where it was made for the section.
    pub(crate) fn end_work(&mut self, is_helper: bool) {
        if self.profiler.is_some() {
            let (_, spot) = self.begin_waiting();
            match is_helper {
                true => self.recorder().end(spot),
                false => self.recorder().pause(spot),
            }
        }
    }

    /// The machine had nothing to do since a time, because others were still at work.
    pub(crate) fn waited_for_workers(&mut self, since: Option<u64>) {
        if let (Some(recorder), Some(since)) = (&mut self.profiler, since) {
            let time = recorder.clock.now().saturating_sub(since) as f64;
            let waited = recorder.record.waits.entry(WaitKind::Locks).or_default();
            waited.count += 1;
            waited.time += time;
        }
    }

    /// What the machine of a helping thread has recorded.
    pub(crate) fn take_record(&mut self) -> Option<Record> {
        self.profiler.as_mut().map(|recorder| recorder.take_record())
    }

    /// Ends a section. The time from its beginning is divided among what all threads have done.
    pub(crate) fn end_section(
        &mut self,
        section: Option<SectionInProgress>,
        items: usize,
        workers: Vec<(WorkerRow, Option<Record>)>,
    ) {
        let (Some(section), Some(_)) = (section, &self.profiler) else { return };
        let instruction = self.frames.last().map_or(NOWHERE, |frame| frame.current() as u32);
        let spot = match section.spread {
            Some(_) => self.spot(instruction),
            None => self.begin_waiting().1,
        };
        let place = self.frames.last().copied();
        let recorder = self.recorder();
        let before = recorder.allocations.begin_bookkeeping();
        let now = recorder.clock.now();
        let wall = now.saturating_sub(section.start);
        let own = recorder.take_costs();
        let worked = |record: &Record| record.time();
        let own_time: f64 = own.values().map(|cost| cost.time).sum();
        let helped: f64 = workers.iter().filter_map(|(_, record)| record.as_ref().map(worked)).sum();
        let all = own_time + helped;
        let factor = if all > 0.0 { wall as f64 / all } else { 1.0 };
        recorder.give_costs(section.before, 1.0);
        recorder.give_costs(own, factor);
        let mut rows = Vec::new();
        for (row, record) in workers {
            rows.push(row);
            if let Some(record) = record {
                recorder.merge_below(record, spot, factor);
            }
        }
        let helped_items: u64 = rows.iter().skip(1).map(|row: &WorkerRow| row.items).sum();
        let alone = section.spread.map_or(wall, |spread| spread - section.start);
        match rows.first_mut() {
            // What it did before others were worth their start is its work too.
            Some(first) => {
                first.busy += Duration::from_nanos(alone);
                first.items = (items as u64).saturating_sub(helped_items);
            }
            None => rows.push(WorkerRow {
                busy: Duration::from_nanos(wall),
                items: items as u64,
                ..WorkerRow::default()
            }),
        }
        let native = recorder.natives.last().map(|(_, native)| *native);
        let place = place.map(|frame| (super::profiled::info_of(recorder, &frame), instruction));
        let record =
            SectionRecord { native, place, runs: 1, items: items as u64, wall, alone, workers: rows };
        recorder.record.add_section(record);
        recorder.allocations.end_bookkeeping(before);
        recorder.resume();
    }
}
