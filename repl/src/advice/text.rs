//! Advice for people, and for programs.

use super::evidence::Evidence;
use super::{Advice, Suggestion};
use crate::units;
use biovm_vm::profile::Profile;
use serde_json::{Value, json};
use std::fmt::Write;

/// Gains beyond this are told as "more than".
const MOST: f64 = 100.0;

/// The section of the report.
pub fn section(advice: &Advice, profile: &Profile) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_section(&mut text, advice, profile);
    text
}

fn write_section(text: &mut String, advice: &Advice, profile: &Profile) -> std::fmt::Result {
    let evidence = Evidence::new(profile);
    writeln!(text, "Advice\n  The run was {}.", advice.verdict.bound.text())?;
    for line in &advice.verdict.evidence {
        writeln!(text, "    {line}")?;
    }
    for (number, each) in advice.suggestions.iter().enumerate() {
        let source = profile.sources.get(each.place.source).map_or("", |source| source.name.as_str());
        let place = format!("{}:{}", units::visible(source), each.place.line);
        writeln!(text, "  {}. {place}: {}", number + 1, units::visible(&each.text))?;
        writeln!(text, "     {}", gain_text(each, &evidence))?;
        writeln!(text, "     how: {}", units::visible(&each.how))?;
    }
    if let Some(nothing) = &advice.nothing {
        writeln!(text, "  Nothing is suggested: {nothing}.")?;
    }
    Ok(())
}

fn gain_text(each: &Suggestion, evidence: &Evidence<'_>) -> String {
    let gain = evidence.gain(each);
    let wall = each.wall.unwrap_or(evidence.wall);
    match each.peak {
        Some(peak) => format!(
            "gain: peak memory {} instead of {}",
            units::size(peak),
            units::size(evidence.profile.peak_memory.unwrap_or(peak)),
        ),
        None if gain > MOST => {
            format!("gain: the run takes less than 1 % of {}", units::time(wall))
        }
        None => format!(
            "gain: about {gain:.1}×, {} instead of {}, not profiled",
            units::time(wall.saturating_sub(each.saved)),
            units::time(wall),
        ),
    }
}

/// The same as JSON. Times are seconds, sizes bytes.
pub fn json(advice: &Advice, profile: &Profile) -> Value {
    let evidence = Evidence::new(profile);
    let suggestions = advice.suggestions.iter().map(|each| {
        json!({
            "kind": each.kind.name(),
            "place": {
                "file": profile.sources.get(each.place.source).map(|source| source.name.as_str()),
                "line": each.place.line,
                "column": each.place.column,
            },
            "text": each.text,
            "how": each.how,
            "saved_s": each.saved.as_secs_f64(),
            "gain": if each.peak.is_some() { Value::Null } else { json!(evidence.gain(each)) },
            "peak_memory": each.peak,
        })
    });
    json!({
        "verdict": advice.verdict.bound.name(),
        "verdict_text": advice.verdict.bound.text(),
        "evidence": advice.verdict.evidence,
        "suggestions": suggestions.collect::<Vec<_>>(),
        "nothing": advice.nothing,
    })
}
