//! A `par_map` whose threads gain nothing.

use super::cost::{CALL_IN_POOL, CALL_IN_POOL_MORE, ROUND, times};
use super::evidence::Evidence;
use super::script::Script;
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::ExpressionKind;
use biovm_vm::profile::data::ratio;

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    for (call, _) in script.calls() {
        let serial = match call.name {
            "par_map" => "map",
            "par_filter" => "filter",
            _ => continue,
        };
        let place = evidence.place(script, call.span);
        let sections = || evidence.profile.sections.iter().filter(|section| section.place == Some(place));
        let Some(section) = sections().next() else { continue };
        let function = match call.operands.get(1).map(|given| &given.kind) {
            Some(ExpressionKind::Function(function)) => &**function,
            Some(ExpressionKind::Name(name)) => match script.functions.get(name) {
                Some(function) => function,
                None => continue,
            },
            _ => continue,
        };
        let is_written_here = function.name.is_none();
        let Some(row) = evidence.function(script, function) else { continue };
        // The profile divides the time of a section among what all threads did; this is what one thread would do.
        let work = row.cumulative.mul_f64(ratio(section.busy(), section.wall).max(1.0));
        let items = times(section.items);
        // What handing out costs is made more by the profile than what the functions do, so it is not taken from there.
        let threads = section.speed_up().clamp(1.0, section.workers.len().max(1) as f64);
        let handed_out = (work + CALL_IN_POOL * items).div_f64(threads).min(section.wall);
        // A lambda becomes a part of the loop; a function with a name is called as before.
        let a_round = if is_written_here { ROUND } else { CALL_IN_POOL - CALL_IN_POOL_MORE };
        let serial_time = work + a_round * items;
        let saved = handed_out.saturating_sub(serial_time);
        let wall = evidence.wall.saturating_sub(section.wall) + handed_out;
        findings.suggestions.push(Suggestion::new(
Kind::Serial,
place,
format!(
                "{}() has {} items of {} each, less than handing them out costs: {serial}() is faster",
                call.name,
                units::count(section.items),
                units::time(work / items.max(1)),
            ),
format!(
                "the functions themselves took {}, and handing an item out takes {}: {} on {} threads; {serial}() needs \
                 about {}",
                units::time(work),
                units::time(CALL_IN_POOL),
                units::time(handed_out),
                section.workers.len().max(1),
                units::time(serial_time),
            ),
saved,
).of_a_run_of(wall));
    }
}
