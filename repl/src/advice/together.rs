//! Things that are waited for one after the other, and could be waited for together.

use super::call::{CallForm, call_of};
use super::cost;
use super::evidence::Evidence;
use super::script::{Around, Occurrence, Script, names};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::{Expression, ExpressionKind};
use biovm_compiler::span::Span;
use biovm_vm::profile::WaitKind;
use std::time::Duration;

/// The time between two requests to NCBI, without a key.
const NCBI_INTERVAL: Duration = Duration::from_millis(350);

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    for at in &script.occurrences {
        if let ExpressionKind::Await(awaited) = &at.expression.kind {
            if let Some(call) = call_of(awaited) {
                awaited_call(script, evidence, at, &call, findings);
            }
        } else if let Some(call) = call_of(at.expression) {
            fetch(script, evidence, at, &call, findings);
        }
    }
}

/// Whether a round of the loop around it can begin before the one before has ended: it goes through items, and what the
/// call gets does not come from earlier rounds.
fn is_independent(script: &Script<'_, '_>, at: &Occurrence<'_, '_>, call: &Expression<'_>) -> bool {
    let Some(around) = script.loops(at.context).next() else { return false };
    let context = &script.contexts[around];
    let goes_through_items = match context.around {
        Around::Loop { goes_through_items } => goes_through_items,
        Around::Items { builtin } => matches!(builtin, "map" | "each" | "filter" | "flat_map"),
        Around::Function(_) => false,
    };
    goes_through_items && names(call).is_disjoint(&context.assigned)
}

fn awaited_call(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    at: &Occurrence<'_, '_>,
    call: &CallForm<'_, '_>,
    findings: &mut Findings,
) {
    let Some(function) = script.functions.get(call.name).filter(|function| function.is_async) else { return };
    if !is_independent(script, at, at.expression) || evidence.is_parallel(script, at.context) {
        return;
    }
    let place = evidence.place(script, at.expression.span);
    let (_, waiting) = evidence.line(place);
    let Some(row) = evidence.function(script, function) else { return };
    let uses = script.uses.get(call.name).copied().unwrap_or(1).max(1) as u64;
    // NCBI is asked only so often, whoever asks.
    let asks_ncbi = asks_ncbi(script, function.span);
    let interval = if asks_ncbi { NCBI_INTERVAL } else { Duration::ZERO };
    report(evidence, place, waiting, row.calls / uses, interval, call.name, false, findings);
}

/// Whether something of NCBI is called within.
fn asks_ncbi(script: &Script<'_, '_>, within: Span) -> bool {
    script.calls().any(|(call, _)| {
        call.name.starts_with("ncbi_") && within.start <= call.span.start && call.span.end <= within.end
    })
}

/// A builtin that waits for a server, in a loop.
fn fetch(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    at: &Occurrence<'_, '_>,
    call: &CallForm<'_, '_>,
    findings: &mut Findings,
) {
    let waits = biovm_stdlib::natives()
        .any(|native| native.signature.name == call.name && native.waits_for == WaitKind::Network);
    if !waits
        || !evidence.purity.is_builtin(script, call.name)
        || !is_independent(script, at, at.expression)
        || evidence.is_parallel(script, at.context)
    {
        return;
    }
    let Some(site) = evidence.site(script, call.span) else { return };
    let place = evidence.place(script, call.span);
    let interval = if call.name.starts_with("ncbi_") { NCBI_INTERVAL } else { Duration::ZERO };
    report(evidence, place, site.waiting, site.calls, interval, call.name, true, findings);
}

#[expect(clippy::too_many_arguments)]
fn report(
    evidence: &Evidence<'_>,
    place: biovm_vm::profile::Place,
    waiting: Duration,
    count: u64,
    interval: Duration,
    name: &str,
    needs_function: bool,
    findings: &mut Findings,
) {
    if count < 2 || evidence.share(waiting) < 0.1 {
        return;
    }
    let times = count.min(u64::from(u32::MAX)) as u32;
    let each = waiting / times;
    let then = each.max(interval * (times - 1)) + cost::TASK * times;
    let saved = waiting.saturating_sub(then);
    let what = match needs_function {
        true => format!("call {name}() in an async function, and collect the calls with await_all()"),
        false => "collect the calls in a list, and wait for all of them with await_all()".to_owned(),
    };
    let limit = match interval.is_zero() {
        true => String::new(),
        false => format!(", one every {} at most", units::time(interval)),
    };
    findings.suggestions.push(Suggestion {
        kind: Kind::AwaitAll,
        place,
        text: format!(
            "{} calls of {name}() were waited for one after the other, {} of the time: {what}",
            units::count(count),
            units::share(waiting, evidence.profile.wall),
        ),
        how: format!(
            "{} calls of {} each take {}; together they take as long as the last one{limit}: {}",
            units::count(count),
            units::time(each),
            units::time(waiting),
            units::time(then),
        ),
        saved,
        wall: None,
        peak: None,
    });
}
