//! Lists and records that are copied to grow by one.

use super::call::call_of;
use super::cost::{APPEND, COPY_ENTRY, COPY_ITEM, times};
use super::evidence::Evidence;
use super::script::{Assignment, Script};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::{Entry, Expression, ExpressionKind, Item};
use std::time::Duration;

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    for each in &script.assignments {
        if each.declares || script.loops(each.context).next().is_none() {
            continue;
        }
        let is_same =
            |value: &Expression<'_>| matches!(&value.kind, ExpressionKind::Name(name) if *name == each.name);
        let instead = match &each.value.kind {
            ExpressionKind::List(items)
                if items.iter().any(|item| matches!(item, Item::Spread(value) if is_same(value))) =>
            {
                format!("{0} = push({0}, …)", each.name)
            }
            ExpressionKind::Record(entries)
                if entries.iter().any(|entry| matches!(entry, Entry::Spread(value) if is_same(value))) =>
            {
                format!("{}[key] = …", each.name)
            }
            _ => match call_of(each.value) {
                Some(call)
                    if call.name == "concat"
                        && call.operands.first().is_some_and(|first| is_same(first))
                        && evidence.purity.is_builtin(script, "concat") =>
                {
                    format!("{0} = push({0}, …)", each.name)
                }
                _ => continue,
            },
        };
        report(script, evidence, each, &instead, findings);
    }
}

fn report(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    each: &Assignment<'_, '_>,
    instead: &str,
    findings: &mut Findings,
) {
    let place = evidence.place(script, each.span);
    let (line, _) = evidence.line(place);
    let called = call_of(each.value).and_then(|call| evidence.site(script, call.span));
    let time = match called {
        Some(site) => site.cumulative,
        None => line.saturating_sub(evidence.builtins_in_line(place)),
    };
    // The profile does not count the rounds. Each copies what those before have made, so together they copy half the square
    // of their number.
    let item = if matches!(each.value.kind, ExpressionKind::Record(_)) { COPY_ENTRY } else { COPY_ITEM };
    let rounds = match called {
        Some(site) => site.calls,
        None => (2.0 * time.as_secs_f64() / item.as_secs_f64()).sqrt() as u64,
    };
    let then = (APPEND * times(rounds)).min(time);
    findings.suggestions.push(Suggestion::new(
        Kind::Grow,
        place,
        format!(
            "'{}' is copied in each round to grow, {} of the time: {instead} grows it in place",
            each.name,
            units::share(time, evidence.profile.wall),
        ),
        format!(
            "{} for copies that become longer with each round; about {} in place",
            units::time(time),
            units::time(then),
        ),
        if evidence.share(time) >= 0.05 { time.saturating_sub(then) } else { Duration::ZERO },
    ));
}
