//! Things that are waited for one after the other, and could be waited for together.

use super::call::{CallForm, call_of};
use super::cost::{self, times};
use super::evidence::Evidence;
use super::script::{Around, Occurrence, Script, names};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::ExpressionKind;
use biovm_compiler::span::Span;
use biovm_vm::profile::{Place, WaitKind};
use std::time::Duration;

/// The time between two requests to NCBI, without a key.
const NCBI_INTERVAL: Duration = Duration::from_millis(350);

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    for at in &script.occurrences {
        let waits = match &at.expression.kind {
            ExpressionKind::Await(awaited) => {
                call_of(awaited).and_then(|call| awaited_call(script, evidence, at, &call))
            }
            _ => call_of(at.expression).and_then(|call| fetch(script, evidence, &call)),
        };
        if let Some(waits) = waits
            && is_independent(script, at)
            && !evidence.is_parallel(script, at.context)
        {
            report(evidence, &waits, findings);
        }
    }
}

/// What is waited for, one after the other.
struct Waits<'s> {
    name: &'s str,
    place: Place,
    waiting: Duration,
    count: u64,
    /// The time between two of them that the other side wants.
    interval: Duration,
    /// Whether it is a builtin, which waits itself.
    is_builtin: bool,
}

/// Whether a round of the loop around it can begin before the one before has ended: it goes through items, and what the
/// call gets does not come from earlier rounds.
fn is_independent(script: &Script<'_, '_>, at: &Occurrence<'_, '_>) -> bool {
    let Some(around) = script.loops(at.context).next() else { return false };
    let context = &script.contexts[around];
    let goes_through_items = match context.around {
        Around::Loop { goes_through_items } => goes_through_items,
        Around::Items { builtin } => matches!(builtin, "map" | "each" | "filter" | "flat_map"),
        Around::Function(_) => false,
    };
    goes_through_items && names(at.expression).is_disjoint(&context.assigned)
}

/// An async function of the script.
fn awaited_call<'s>(
    script: &Script<'_, 's>,
    evidence: &Evidence<'_>,
    at: &Occurrence<'_, 's>,
    call: &CallForm<'_, 's>,
) -> Option<Waits<'s>> {
    let function = script.functions.get(call.name).filter(|function| function.is_async)?;
    let place = evidence.place(script, at.expression.span);
    let (_, waiting) = evidence.line(place);
    let row = evidence.function(script, function)?;
    let uses = script.uses.get(call.name).copied().unwrap_or(1).max(1) as u64;
    // NCBI is asked only so often, whoever asks.
    let interval = if asks_ncbi(script, function.span) { NCBI_INTERVAL } else { Duration::ZERO };
    let count = row.calls / uses;
    Some(Waits { name: call.name, place, waiting, count, interval, is_builtin: false })
}

/// Whether something of NCBI is called within.
fn asks_ncbi(script: &Script<'_, '_>, within: Span) -> bool {
    script.calls().any(|(call, _)| {
        call.name.starts_with("ncbi_") && within.start <= call.span.start && call.span.end <= within.end
    })
}

/// A builtin that waits for a server.
fn fetch<'s>(script: &Script<'_, 's>, evidence: &Evidence<'_>, call: &CallForm<'_, 's>) -> Option<Waits<'s>> {
    let waits = biovm_stdlib::natives()
        .any(|native| native.signature.name == call.name && native.waits_for == WaitKind::Network);
    if !waits || !evidence.purity.is_builtin(script, call.name) {
        return None;
    }
    let site = evidence.site(script, call.span)?;
    let place = evidence.place(script, call.span);
    let interval = if call.name.starts_with("ncbi_") { NCBI_INTERVAL } else { Duration::ZERO };
    let (waiting, count) = (site.waiting, site.calls);
    Some(Waits { name: call.name, place, waiting, count, interval, is_builtin: true })
}

fn report(evidence: &Evidence<'_>, waits: &Waits<'_>, findings: &mut Findings) {
    let Waits { name, place, waiting, count, interval, is_builtin } = *waits;
    if count < 2 || evidence.share(waiting) < 0.1 {
        return;
    }
    let each = waiting / times(count);
    let then = each.max(interval * (times(count) - 1)) + cost::TASK * times(count);
    let saved = waiting.saturating_sub(then);
    let what = match is_builtin {
        true => format!("call {name}() in an async function, and collect the calls with await_all()"),
        false => "collect the calls in a list, and wait for all of them with await_all()".to_owned(),
    };
    let limit = match interval.is_zero() {
        true => String::new(),
        false => format!(", one every {} at most", units::time(interval)),
    };
    findings.suggestions.push(Suggestion::new(
        Kind::AwaitAll,
        place,
        format!(
            "{} calls of {name}() were waited for one after the other, {} of the time: {what}",
            units::count(count),
            units::share(waiting, evidence.profile.wall),
        ),
        format!(
            "{} calls of {} each take {}; together they take as long as the last one{limit}: {}",
            units::count(count),
            units::time(each),
            units::time(waiting),
            units::time(then),
        ),
        saved,
    ));
}
