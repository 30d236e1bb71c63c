//! Looking for something in a long List, again and again.

use super::call::{CallForm, call_of};
use super::cost::{LOOK_UP, PUT_IN, times};
use super::evidence::Evidence;
use super::script::{Occurrence, Script};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::{BinaryOperator, Expression, ExpressionKind};
use biovm_vm::profile::Place;
use std::time::Duration;

/// A List that is shorter than this may be looked through.
const LONG: u64 = 64;

/// A look that takes longer than this has looked through a List.
const LONG_LOOK: Duration = Duration::from_nanos(300);

/// Builtins that give a List.
const GIVE_LISTS: [&str; 12] = [
    "map", "filter", "range", "push", "sort", "unique", "keys", "values", "split", "collect", "flat_map",
    "concat",
];

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    for at in &script.occurrences {
        if at.context.is_none() {
            continue;
        }
        if let ExpressionKind::Binary {
            operator: BinaryOperator::In | BinaryOperator::NotIn, right, ..
        } = &at.expression.kind
        {
            operator(script, evidence, at, right, findings);
        } else if let Some(call) = call_of(at.expression) {
            builtin(script, evidence, &call, findings);
        }
    }
}

/// `contains(list, x)`, `index_of(list, x)`.
fn builtin(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    call: &CallForm<'_, '_>,
    findings: &mut Findings,
) {
    let instead = match call.name {
        "contains" => "a Set",
        "index_of" | "find" | "find_index" => "a Map from what is looked for to what is found",
        _ => return,
    };
    let Some(ExpressionKind::Name(list)) = call.operands.first().map(|list| &list.kind) else { return };
    let Some(site) = evidence.site(script, call.span) else { return };
    let Some(length) = site.items.and_then(|items| items.checked_div(site.calls)) else { return };
    if length >= LONG {
        let place = evidence.place(script, call.span);
        let looks = Looks { list, calls: site.calls, length: Some(length), time: site.cumulative };
        report(evidence, place, instead, &looks, findings);
    }
}

/// `x in list`. A profile knows no operands, so what is a List has to follow from the script, and that it is long from the
/// time of a look.
fn operator(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    at: &Occurrence<'_, '_>,
    list: &Expression<'_>,
    findings: &mut Findings,
) {
    let ExpressionKind::Name(name) = list.kind else { return };
    let mut values = script.assignments.iter().filter(|each| each.name == name).peekable();
    if values.peek().is_none() || !values.all(|each| gives_list(script, evidence, each.value)) {
        return;
    }
    let opcode = evidence.profile.opcodes.iter().find(|row| row.name == "Contains");
    let Some(opcode) = opcode.filter(|row| row.count > 0) else { return };
    let place = evidence.place(script, at.expression.span);
    let (line, _) = evidence.line(place);
    let time = line.saturating_sub(evidence.builtins_in_line(place)).min(opcode.time);
    // Other lines with an `in` have their part of the looks.
    let looks = script.occurrences.iter().filter(|each| {
        matches!(
            each.expression.kind,
            ExpressionKind::Binary { operator: BinaryOperator::In | BinaryOperator::NotIn, .. }
        )
    });
    let count = opcode.count / looks.count().max(1) as u64;
    if count > 0 && time / times(count) >= LONG_LOOK {
        report(evidence, place, "a Set", &Looks { list: name, calls: count, length: None, time }, findings);
    }
}

fn gives_list(script: &Script<'_, '_>, evidence: &Evidence<'_>, value: &Expression<'_>) -> bool {
    match &value.kind {
        ExpressionKind::List(_) | ExpressionKind::ListComprehension { .. } | ExpressionKind::Range { .. } => {
            true
        }
        _ => call_of(value).is_some_and(|call| {
            GIVE_LISTS.contains(&call.name) && evidence.purity.is_builtin(script, call.name)
        }),
    }
}

/// How a List was looked through.
struct Looks<'s> {
    list: &'s str,
    calls: u64,
    /// How many items it has, where that is known.
    length: Option<u64>,
    time: Duration,
}

fn report(evidence: &Evidence<'_>, place: Place, instead: &str, looks: &Looks<'_>, findings: &mut Findings) {
    let Looks { list, calls, length, time } = *looks;
    // Half of a List that has it is looked through at a few nanoseconds an item, so a length that is not known follows.
    let length_or_so = length.unwrap_or_else(|| (time.as_nanos() as u64 / calls.max(1)) / 4);
    let then = LOOK_UP * times(calls) + PUT_IN * times(length_or_so);
    let items = length.map_or_else(String::new, |length| format!(" of {} items", units::count(length)));
    findings.suggestions.push(Suggestion::new(
        Kind::Set,
        place,
        format!(
            "the List '{list}'{items} is looked through {} times, {} of the time: look in {instead}",
            units::count(calls),
            units::share(time, evidence.profile.wall),
        ),
        format!(
            "a look takes {} now, and about {} then: {} instead of {}",
            units::time(time / times(calls).max(1)),
            units::time(LOOK_UP),
            units::time(then),
            units::time(time),
        ),
        time.saturating_sub(then),
    ));
}
