//! What a profile says about places of a script.

use super::Suggestion;
use super::calibration;
use super::call::CallForm;
use super::cost;
use super::purity::Purity;
use super::script::{Around, Script};
use biovm_compiler::ast::Function;
use biovm_compiler::span::Span;
use biovm_vm::profile::data::ratio;
use biovm_vm::profile::{FunctionKind, FunctionRow, Place, Profile, SiteRow};
use std::collections::HashMap;
use std::time::Duration;

/// A profile, with an index of its places.
pub struct Evidence<'p> {
    /// The profile.
    pub profile: &'p Profile,
    /// What is known of builtins.
    pub purity: Purity,
    /// How long the run would have taken without a profile.
    pub wall: Duration,
    sites: HashMap<Place, usize>,
}

/// What profiling has added to the run: a part of the time of ordinary instructions, and the same for each of the others, which
/// have more to do.
fn profiling(profile: &Profile) -> Duration {
    let rows = profile.opcodes.iter().filter(|row| row.count > 0);
    let mut times: Vec<(f64, u64)> =
        rows.map(|row| (row.time.as_secs_f64() / row.count as f64, row.count)).collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: u64 = times.iter().map(|(_, count)| count).sum();
    let mut before = 0;
    let ordinary = times.iter().find(|(_, count)| {
        before += count;
        before * 2 >= all
    });
    let each = ordinary.map_or(0.0, |(time, _)| *time);
    // Where it does not matter, nobody waits for it to be measured.
    let part = match profile.wall >= cost::TOO_SHORT && each > 0.0 {
        true => calibration::part_of_profiling(),
        false => cost::PROFILING,
    };
    Duration::from_secs_f64(each * part * all as f64)
}

/// How long calls took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// From their beginning to their end.
    pub time: Duration,
    /// How many there were.
    pub calls: u64,
}

impl<'p> Evidence<'p> {
    /// The evidence of a profile.
    pub fn new(profile: &'p Profile) -> Evidence<'p> {
        let mut sites = HashMap::new();
        for (number, site) in profile.sites.iter().enumerate() {
            if let Some(place) = site.place {
                sites.entry(place).or_insert(number);
            }
        }
        let most = profile.wall.mul_f64(cost::MOST_PROFILING);
        let wall = profile.wall - profiling(profile).min(most);
        Evidence { profile, purity: Purity::new(), wall, sites }
    }

    /// Where a piece of a script begins.
    pub fn place(&self, script: &Script<'_, '_>, span: Span) -> Place {
        let position = script.text.position(span.start);
        Place { source: script.number, line: position.line, column: position.column }
    }

    /// The calls of a builtin at a place.
    pub fn site(&self, script: &Script<'_, '_>, span: Span) -> Option<&'p SiteRow> {
        self.sites.get(&self.place(script, span)).map(|&number| &self.profile.sites[number])
    }

    /// The calls of builtins that are written within a piece of a script.
    pub fn sites_within(&self, script: &Script<'_, '_>, span: Span) -> impl Iterator<Item = &'p SiteRow> {
        let (start, end) = (self.place(script, span), self.place(script, Span::at(span.end)));
        self.profile.sites.iter().filter(move |site| site.place.is_some_and(|at| start <= at && at < end))
    }

    /// How long builtins took that are written in a line.
    pub fn builtins_in_line(&self, place: Place) -> Duration {
        let in_line =
            |site: &&SiteRow| site.place.is_some_and(|at| (at.source, at.line) == (place.source, place.line));
        self.profile.sites.iter().filter(in_line).map(|site| site.self_time).sum()
    }

    /// The time of a line, and how much of it was waiting.
    pub fn line(&self, place: Place) -> (Duration, Duration) {
        let row = self
            .profile
            .lines
            .iter()
            .find(|row| (row.place.source, row.place.line) == (place.source, place.line));
        row.map_or((Duration::ZERO, Duration::ZERO), |row| (row.time, row.waiting))
    }

    /// The time of the lines of a piece of a script, with the builtins in them, and without functions that they call.
    pub fn lines_within(&self, script: &Script<'_, '_>, span: Span) -> Duration {
        let (start, end) = (self.place(script, span), self.place(script, Span::at(span.end)));
        let is_within = |at: &Place| at.source == start.source && (start.line..=end.line).contains(&at.line);
        self.profile.lines.iter().filter(|row| is_within(&row.place)).map(|row| row.time).sum()
    }

    /// What a function did that the script declares or writes in place.
    pub fn function(&self, script: &Script<'_, '_>, function: &Function<'_>) -> Option<&'p FunctionRow> {
        let start = self.place(script, function.span);
        let end = self.place(script, Span::at(function.span.end));
        let kind = match function.name {
            Some(_) => FunctionKind::Named,
            None => FunctionKind::Lambda,
        };
        let within = |row: &&FunctionRow| {
            row.kind == kind
                && row.place.is_some_and(|at| start <= at && at <= end)
                && function.name.is_none_or(|name| name.text == row.name)
        };
        self.profile.functions.iter().filter(within).min_by_key(|row| row.place)
    }

    /// How long a call took, of a builtin or of a function of the script. Of several calls of the same function each is
    /// taken to be as long as the others.
    pub fn call(&self, script: &Script<'_, '_>, call: &CallForm<'_, '_>) -> Option<Taken> {
        if let Some(function) = script.functions.get(call.name) {
            let row = self.function(script, function)?;
            let places = script.uses.get(call.name).copied().unwrap_or(1).max(1);
            return Some(Taken { time: row.cumulative / places as u32, calls: row.calls / places as u64 });
        }
        let site = self.site(script, call.span)?;
        Some(Taken { time: site.cumulative, calls: site.calls })
    }

    /// The part of the run that a time is.
    pub fn share(&self, time: Duration) -> f64 {
        ratio(time, self.profile.wall)
    }

    /// How many times faster the run is with a suggestion.
    pub fn gain(&self, suggestion: &Suggestion) -> f64 {
        let wall = suggestion.wall.unwrap_or(self.wall).as_secs_f64();
        wall / (wall - suggestion.saved.as_secs_f64()).max(wall / 1000.0)
    }

    /// How long code of the script takes without a profile.
    pub fn unprofiled(&self, time: Duration) -> Duration {
        time.mul_f64(ratio(self.wall, self.profile.wall))
    }

    /// How many cores further threads of the script can have: those that threads which read ahead do not use.
    pub fn free_cores(&self) -> f64 {
        let spread = self.profile.sections.iter().any(|section| section.workers.len() > 1);
        let others = match spread {
            true => 0.0,
            false => self.share(self.profile.cpu.saturating_sub(self.profile.main_cpu)),
        };
        (self.profile.workers as f64 - 1.0 - others).max(0.0)
    }

    /// Whether code there runs on several cores already.
    pub fn is_parallel(&self, script: &Script<'_, '_>, context: Option<usize>) -> bool {
        let mut context = context;
        while let Some(number) = context {
            let row = &script.contexts[number];
            match row.around {
                Around::Items { builtin } if builtin.starts_with("par_") => return true,
                Around::Function(function) if function.is_async => return true,
                _ => context = row.parent,
            }
        }
        false
    }
}
