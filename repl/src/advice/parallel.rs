//! A `map` or `filter` that several cores can share.

use super::call::CallForm;
use super::cost::{self, CALL_IN_POOL, CALL_IN_POOL_MORE, FURTHER_CORE, START_OF_THREADS};
use super::evidence::Evidence;
use super::script::{Occurrence, Script};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::{ExpressionKind, Function};
use biovm_compiler::span::Span;
use std::time::Duration;

/// A run of less than this is not divided.
const SHORT_RUN: Duration = Duration::from_millis(1);

struct Candidate<'s> {
    builtin: &'s str,
    span: Span,
    /// All of the call.
    whole: Span,
    time: Duration,
    runs: u64,
    items: u64,
    is_inlined: bool,
}

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    let mut candidates: Vec<Candidate> = script
        .calls()
        .filter(|(call, _)| matches!(call.name, "map" | "filter"))
        .filter_map(|(call, at)| candidate(script, evidence, &call, at))
        .collect();
    // What stands within another one is divided with it.
    let wholes: Vec<Span> = candidates.iter().map(|each| each.whole).collect();
    candidates.retain(|each| {
        !wholes
            .iter()
            .any(|other| other.start <= each.span.start && each.span.end <= other.end && *other != each.whole)
    });
    for each in candidates {
        judge(script, evidence, &each, findings);
    }
}

fn candidate<'s>(
    script: &Script<'_, 's>,
    evidence: &Evidence<'_>,
    call: &CallForm<'_, 's>,
    at: &Occurrence<'_, 's>,
) -> Option<Candidate<'s>> {
    let [_, given] = call.operands.as_slice() else { return None };
    if !call.is_plain || evidence.is_parallel(script, at.context) {
        return None;
    }
    let function: &Function<'_> = match &given.kind {
        ExpressionKind::Function(function) => function,
        ExpressionKind::Name(name) => script.functions.get(name)?,
        _ => return None,
    };
    if !evidence.purity.function(script, function) {
        return None;
    }
    let site = evidence.site(script, call.span)?;
    let row = evidence.function(script, function);
    let within = evidence.sites_within(script, function.span).map(|site| site.calls).max();
    let items = match site.items {
        // Runs of a loop that stands for it count.
        Some(items) => items,
        None => row.map(|row| row.calls).filter(|&calls| calls > 0).or(within)?,
    };
    // A stream does its work where it is read.
    let is_lazy = site.cumulative.is_zero();
    let lambda = row.filter(|_| is_lazy).map_or(Duration::ZERO, |row| row.cumulative);
    Some(Candidate {
        builtin: call.name,
        span: call.span,
        // What flows in is no part of it.
        whole: Span::new(call.span.start, given.span.end),
        time: site.cumulative.saturating_sub(site.waiting).max(lambda),
        runs: site.calls.max(1),
        items,
        is_inlined: site.is_inlined,
    })
}

fn judge(script: &Script<'_, '_>, evidence: &Evidence<'_>, each: &Candidate<'_>, findings: &mut Findings) {
    let place = evidence.place(script, each.span);
    let workers = evidence.profile.workers;
    let builtin = each.builtin;
    let reject = |findings: &mut Findings, reason: String| {
        findings.rejected.push((each.time, format!("line {}: {reason}", place.line)));
    };
    if evidence.share(each.time) < 0.1 || workers < 2 {
        return;
    }
    let time = evidence.unprofiled(each.time);
    let a_call = if each.is_inlined { CALL_IN_POOL } else { CALL_IN_POOL_MORE };
    let items = each.items.min(u64::from(u32::MAX)) as u32;
    let runs = each.runs.min(u64::from(u32::MAX)) as u32;
    let cores = 1.0 + evidence.free_cores() * FURTHER_CORE;
    let work = time + a_call * items;
    let then = work.div_f64(cores) + START_OF_THREADS * runs;
    let saved = time.saturating_sub(then);
    let is_short = time / runs < SHORT_RUN;
    let gain = evidence.wall.as_secs_f64() / evidence.wall.saturating_sub(saved).as_secs_f64().max(1e-9);
    if saved < cost::WORTH_SAVING || is_short || gain < cost::WORTH_SAYING {
        let verdict = if then >= time || is_short { "slower" } else { "hardly faster" };
        reject(
            findings,
            format!(
                "the parallel version of this {builtin}(), which takes {}, is {verdict}: {} items of {} each, and a call \
                 of about {} for each of them",
                units::time(time),
                units::count(each.items),
                units::time(time / items.max(1)),
                units::time(a_call),
            ),
        );
        return;
    }
    let kind = if builtin == "map" { Kind::ParMap } else { Kind::ParFilter };
    let inlined = if each.is_inlined { ", which are part of the loop now," } else { "" };
    findings.suggestions.push(Suggestion {
        kind,
        place,
        text: format!(
            "{builtin}() takes {} of the time, with a pure function for {} items: par_{builtin}() divides them among \
             {workers} cores",
            units::share(each.time, evidence.profile.wall),
            units::count(each.items),
        ),
        how: format!(
            "{} and {} calls{inlined} of {} on {cores:.2} cores, with {} until all are at work: {}",
            units::time(time),
            units::count(each.items),
            units::time(a_call),
            units::time(START_OF_THREADS * runs),
            units::time(then),
        ),
        saved,
        wall: None,
        peak: None,
    });
}
