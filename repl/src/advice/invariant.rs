//! What a loop computes in each round, though it does not change; and sorting in a loop.

use super::call::CallForm;
use super::cost::{APPEND, times};
use super::evidence::{Evidence, Taken};
use super::script::{Occurrence, Script, names};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::span::Span;

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    let mut found: Vec<(Span, Suggestion)> = Vec::new();
    for (call, at) in script.calls() {
        if call.is_method {
            continue;
        }
        let Some(taken) = evidence.call(script, &call).filter(|taken| taken.calls > 1) else { continue };
        if let Some(suggestion) = sort(script, evidence, &call, at, taken) {
            findings.suggestions.push(suggestion);
        } else if let Some(suggestion) = unchanged(script, evidence, &call, at, taken) {
            found.push((at.expression.span, suggestion));
        }
    }
    // What stands within another one goes with it.
    let spans: Vec<Span> = found.iter().map(|(span, _)| *span).collect();
    found.retain(|(span, _)| {
        !spans.iter().any(|other| other.start <= span.start && span.end <= other.end && other != span)
    });
    findings.suggestions.extend(found.into_iter().map(|(_, suggestion)| suggestion));
}

fn unchanged(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    call: &CallForm<'_, '_>,
    at: &Occurrence<'_, '_>,
    taken: Taken,
) -> Option<Suggestion> {
    let around = script.loops(at.context).next()?;
    let used = names(at.expression);
    if !used.is_disjoint(&script.contexts[around].changed)
        || !evidence.purity.expression(script, at.expression)
    {
        return None;
    }
    let calls = times(taken.calls);
    let saved = taken.time - taken.time / calls;
    Some(Suggestion::new(
        Kind::Hoist,
        evidence.place(script, call.span),
        format!(
            "{} has the same value in each round, and is computed {} times: compute it before the loop",
            short(&script.normal(at.expression)),
            units::count(taken.calls),
        ),
        format!(
            "{} calls took {}, {} of the time; one of them takes {}",
            units::count(taken.calls),
            units::time(taken.time),
            units::share(taken.time, evidence.profile.wall),
            units::time(taken.time / calls),
        ),
        saved,
    ))
}

/// `xs = sort(push(xs, x))`: only the last result of it is wanted.
fn sort(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    call: &CallForm<'_, '_>,
    at: &Occurrence<'_, '_>,
    taken: Taken,
) -> Option<Suggestion> {
    if !matches!(call.name, "sort" | "sort_by") || !evidence.purity.is_builtin(script, call.name) {
        return None;
    }
    script.loops(at.context).next()?;
    let assignment = script.assignments.iter().find(|each| std::ptr::eq(each.value, at.expression))?;
    let name = assignment.name;
    if assignment.declares || !names(at.expression).contains(name) {
        return None;
    }
    // Who looks at the list in the loop may want it sorted there: only the assignment itself uses it.
    let elsewhere = script.occurrences.iter().any(|each| {
        let is_name = matches!(&each.expression.kind,
            biovm_compiler::ast::ExpressionKind::Name(other) if *other == name);
        let span = each.expression.span;
        is_name
            && each.context == at.context
            && !(assignment.span.start <= span.start && span.end <= assignment.span.end)
    });
    if elsewhere {
        return None;
    }
    let calls = times(taken.calls);
    // All of the line becomes an item that is put behind others. The last sort has the longest list: about twice the average.
    let (line, _) = evidence.line(evidence.place(script, assignment.span));
    let saved = line.max(taken.time).saturating_sub(taken.time / calls * 2 + APPEND * calls);
    Some(Suggestion::new(
        Kind::SortOnce,
        evidence.place(script, call.span),
        format!(
            "'{name}' is sorted in each round, {} times: let it grow, and sort it once behind the loop",
            units::count(taken.calls),
        ),
        format!(
            "{} calls took {}, {} of the time",
            units::count(taken.calls),
            units::time(taken.time),
            units::share(taken.time, evidence.profile.wall),
        ),
        saved,
    ))
}

/// A piece of code that fits into a sentence.
fn short(code: &str) -> String {
    match code.char_indices().nth(60) {
        Some((end, _)) => format!("{} …", &code[..end]),
        None => code.to_owned(),
    }
}
