//! A `map`, `filter`, `reduce` or loop that several cores can share.

use super::associative::combining;
use super::call::CallForm;
use super::collecting;
use super::cost::{self, CALL_IN_POOL, CALL_IN_POOL_MORE, FURTHER_CORE, START_OF_THREADS, times};
use super::evidence::Evidence;
use super::script::{Occurrence, Script};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::{ExpressionKind, Function};
use biovm_compiler::span::Span;
use std::time::Duration;

/// A run of less than this is not divided.
const SHORT_RUN: Duration = Duration::from_millis(1);

/// Work for many items that several cores could share.
pub struct Candidate {
    pub kind: Kind,
    /// What it is now.
    pub subject: String,
    /// Why it can be divided; `{items}` stands for the number of items.
    pub reason: String,
    /// What it is to be.
    pub instead: String,
    pub span: Span,
    /// All of the call.
    pub whole: Span,
    pub time: Duration,
    pub runs: u64,
    pub items: u64,
    pub is_inlined: bool,
}

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    let mut candidates: Vec<Candidate> = script
        .calls()
        .filter(|(call, _)| matches!(call.name, "map" | "filter" | "reduce" | "fold"))
        .filter_map(|(call, at)| candidate(script, evidence, &call, at))
        .collect();
    candidates.extend(collecting::candidates(script, evidence));
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

/// A call of `map`, `filter` or `reduce`.
fn candidate(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    call: &CallForm<'_, '_>,
    at: &Occurrence<'_, '_>,
) -> Option<Candidate> {
    if !call.is_plain
        || evidence.is_parallel(script, at.context)
        || !evidence.purity.is_builtin(script, call.name)
    {
        return None;
    }
    let name = call.name;
    let (kind, function, reason, instead) = if matches!(name, "reduce" | "fold") {
        let (function, combine) = combining(script, evidence, call)?;
        let reason = "which combines {items} items in an order that does not matter".to_owned();
        (Kind::ParReduce, function, reason, format!("par_reduce(…, {combine})"))
    } else {
        let [_, given] = call.operands.as_slice() else { return None };
        let function: &Function<'_> = match &given.kind {
            ExpressionKind::Function(function) => function,
            ExpressionKind::Name(name) => script.functions.get(name)?,
            _ => return None,
        };
        let kind = if name == "map" { Kind::ParMap } else { Kind::ParFilter };
        (kind, function, "with a pure function for {items} items".to_owned(), format!("par_{name}()"))
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
    let end = call.operands.last().map_or(call.span.end, |last| last.span.end);
    Some(Candidate {
        kind,
        subject: format!("{name}()"),
        reason,
        instead,
        span: call.span,
        // What flows in is no part of it.
        whole: Span::new(call.span.start, end.max(call.span.end)),
        time: site.cumulative.saturating_sub(site.waiting).max(lambda),
        runs: site.calls.max(1),
        items,
        is_inlined: site.is_inlined,
    })
}

fn judge(script: &Script<'_, '_>, evidence: &Evidence<'_>, each: &Candidate, findings: &mut Findings) {
    let place = evidence.place(script, each.span);
    let workers = evidence.profile.workers;
    let subject = &each.subject;
    let reject = |findings: &mut Findings, reason: String| {
        findings.rejected.push((each.time, format!("line {}: {reason}", place.line)));
    };
    if evidence.share(each.time) < 0.1 || workers < 2 {
        return;
    }
    let time = evidence.unprofiled(each.time);
    let a_call = if each.is_inlined { CALL_IN_POOL } else { CALL_IN_POOL_MORE };
    let items = times(each.items);
    let runs = times(each.runs);
    let cores = 1.0 + evidence.free_cores() * FURTHER_CORE;
    let work = time + a_call * items;
    let then = work.div_f64(cores) + START_OF_THREADS * runs;
    let saved = time.saturating_sub(then);
    let is_short = time / runs < SHORT_RUN;
    let gain = evidence.wall.as_secs_f64() / evidence.wall.saturating_sub(saved).as_secs_f64().max(1e-9);
    if saved < cost::WORTH_SAVING || is_short || gain < cost::WORTH_SAYING {
        let subject = subject.trim_start_matches("the ");
        let verdict = if then >= time || is_short { "slower" } else { "hardly faster" };
        reject(
            findings,
            format!(
                "the parallel version of this {subject}, which takes {}, is {verdict}: {} items of {} each, and a call \
                 of about {} for each of them",
                units::time(time),
                units::count(each.items),
                units::time(time / items.max(1)),
                units::time(a_call),
            ),
        );
        return;
    }
    let inlined = if each.is_inlined { ", which are part of the loop now," } else { "" };
    findings.suggestions.push(Suggestion::new(
        each.kind,
        place,
        format!(
            "{subject} takes {} of the time, {}: {} divides them among {workers} cores",
            units::share(each.time, evidence.profile.wall),
            each.reason.replace("{items}", &units::count(each.items)),
            each.instead,
        ),
        format!(
            "{} and {} calls{inlined} of {} on {cores:.2} cores, with {} until all are at work: {}",
            units::time(time),
            units::count(each.items),
            units::time(a_call),
            units::time(START_OF_THREADS * runs),
            units::time(then),
        ),
        saved,
    ));
}
