//! The same call, made twice for the same item.

use super::call::CallForm;
use super::cost::{READ_VARIABLE, times};
use super::evidence::Evidence;
use super::script::{Occurrence, Script, names};
use super::{Findings, Kind, Suggestion};
use crate::units;
use std::collections::BTreeMap;
use std::time::Duration;

/// A call, and where it stands.
type Call<'a, 't, 's> = (CallForm<'t, 's>, &'a Occurrence<'t, 's>);

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    let mut groups: BTreeMap<(Option<usize>, &str, String), Vec<Call>> = BTreeMap::new();
    for (call, at) in script.calls() {
        if call.operands.is_empty() || call.is_method || !call.is_plain {
            continue;
        }
        // `f(x)` and `x |> f()` are the same.
        let operands: Vec<String> = call.operands.iter().map(|each| script.normal(each)).collect();
        groups.entry((at.context, call.name, operands.join(", "))).or_default().push((call, at));
    }
    for ((context, name, operands), calls) in groups {
        if calls.len() < 2 {
            continue;
        }
        let (first, first_at) = &calls[0];
        // All of it must have the same value each time: nothing in it is assigned to where the calls stand.
        let used = names(first_at.expression);
        let is_constant = match context {
            Some(context) => used.is_disjoint(&script.contexts[context].assigned),
            None => !script.assignments.iter().any(|each| !each.declares && used.contains(each.name)),
        };
        if !is_constant || !evidence.purity.expression(script, first_at.expression) {
            continue;
        }
        // A name that is declared again between them may mean another value, and an item or field of it may be another.
        let means_the_same = |call: &CallForm| {
            let between = first.span.start..call.span.start;
            !script.changes.iter().any(|(name, position)| between.contains(position) && used.contains(name))
        };
        let again: Vec<&CallForm> = calls[1..]
            .iter()
            .filter(|(call, at)| at.branches.starts_with(&first_at.branches) && means_the_same(call))
            .map(|(call, _)| call)
            .collect();
        let taken: Vec<_> = again.iter().filter_map(|call| evidence.call(script, call)).collect();
        let calls: u64 = taken.iter().map(|taken| taken.calls).sum();
        let time: Duration = taken.iter().map(|taken| taken.time).sum();
        if calls == 0 {
            continue;
        }
        let saved = time.saturating_sub(READ_VARIABLE * times(calls));
        let line = again.last().map_or(0, |call| evidence.place(script, call.span).line);
        let place = evidence.place(script, first.span);
        let so_often =
            if taken.len() == 1 { "twice".to_owned() } else { format!("{} times", taken.len() + 1) };
        let also = if line == place.line { String::new() } else { format!(", in line {line} again") };
        findings.suggestions.push(Suggestion::new(
            Kind::Variable,
            place,
            format!("{name}({operands}) is computed {so_often}{also}: keep its result in a variable"),
            format!(
                "{} further calls, {} each, took {}, {} of the time",
                units::count(calls),
                units::time(time / times(calls)),
                units::time(time),
                units::share(time, evidence.profile.wall),
            ),
            saved,
        ));
    }
}
