//! The profile as JSON. Times are seconds.

use crate::advice;
use biovm_vm::profile::{Allocation, FunctionKind, Place, Profile};
use serde_json::{Value, json};
use std::time::Duration;

/// The document.
pub fn document(profile: &Profile, name: &str) -> String {
    let functions = profile.functions.iter().map(|row| {
        json!({
            "name": row.name,
            "kind": kind(row.kind),
            "place": place(profile, row.place),
            "calls": row.calls,
            "self_s": seconds(row.self_time),
            "cumulative_s": seconds(row.cumulative),
            "with_lambdas_s": seconds(row.with_lambdas),
            "waiting_s": seconds(row.waiting),
            "allocated": row.allocated,
            "cumulative_allocated": row.cumulative_allocated,
        })
    });
    let sites = profile.sites.iter().map(|row| {
        json!({
            "function": row.function,
            "caller": row.caller,
            "place": place(profile, row.place),
            "calls": row.calls,
            "items": row.items,
            "self_s": seconds(row.self_time),
            "cumulative_s": seconds(row.cumulative),
            "waiting_s": seconds(row.waiting),
            "inlined": row.is_inlined,
        })
    });
    let stacks = profile.stacks.iter().map(|row| {
        json!({
            "parent": row.parent,
            "function": row.function,
            "self_s": seconds(row.self_time),
            "cumulative_s": seconds(row.cumulative),
        })
    });
    let lines = profile.lines.iter().map(|row| {
        json!({
            "place": place(profile, Some(row.place)),
            "time_s": seconds(row.time),
            "waiting_s": seconds(row.waiting),
            "allocated": row.allocated,
        })
    });
    let opcodes = profile
        .opcodes
        .iter()
        .map(|row| json!({"name": row.name, "count": row.count, "time_s": seconds(row.time)}));
    let pairs =
        profile.pairs.iter().map(|row| json!({"first": row.first, "second": row.second, "count": row.count}));
    let stages = profile.stages.iter().map(
        |row| json!({"name": row.name, "place": place(profile, row.place), "time_s": seconds(row.time), "allocated": row.allocated}),
    );
    let sections = profile.sections.iter().map(|section| {
        let workers = section.workers.iter().map(|worker| {
            json!({
                "busy_s": seconds(worker.busy),
                "idle_s": seconds(worker.idle),
                "items": worker.items,
                "chunks": worker.chunks,
                "stolen": worker.stolen,
            })
        });
        json!({
            "function": section.function,
            "place": place(profile, section.place),
            "runs": section.runs,
            "items": section.items,
            "wall_s": seconds(section.wall),
            "alone_s": seconds(section.alone),
            "speed_up": section.speed_up(),
            "workers": workers.collect::<Vec<_>>(),
        })
    });
    let waits = profile.waits.iter().map(|row| {
        json!({
            "kind": row.kind.name(),
            "count": row.count,
            "time_s": seconds(row.time),
            "in_tasks_s": seconds(row.in_tasks),
        })
    });
    let document = json!({
        "name": name,
        "wall_s": seconds(profile.wall),
        "cpu_s": seconds(profile.cpu),
        "main_cpu_s": seconds(profile.main_cpu),
        "peak_memory": profile.peak_memory,
        "allocation": allocation(profile.allocation),
        "input": {"bytes": profile.input.bytes, "records": profile.input.records},
        "workers": profile.workers,
        "serial_s": seconds(profile.serial()),
        "speed_up": profile.speed_up(),
        "functions": functions.collect::<Vec<_>>(),
        "sites": sites.collect::<Vec<_>>(),
        "stacks": stacks.collect::<Vec<_>>(),
        "lines": lines.collect::<Vec<_>>(),
        "opcodes": opcodes.collect::<Vec<_>>(),
        "pairs": pairs.collect::<Vec<_>>(),
        "stages": stages.collect::<Vec<_>>(),
        "sections": sections.collect::<Vec<_>>(),
        "waits": waits.collect::<Vec<_>>(),
        "advice": advice::json(&advice::advise(profile), profile),
    });
    format!("{document:#}\n")
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn kind(kind: FunctionKind) -> &'static str {
    match kind {
        FunctionKind::TopLevel => "top level",
        FunctionKind::Named => "function",
        FunctionKind::Lambda => "lambda",
        FunctionKind::Builtin => "builtin",
    }
}

fn place(profile: &Profile, place: Option<Place>) -> Value {
    match place {
        Some(place) => {
            let file = profile.sources.get(place.source).map(|source| source.name.as_str());
            json!({"file": file, "line": place.line, "column": place.column})
        }
        None => Value::Null,
    }
}

fn allocation(allocation: Option<Allocation>) -> Value {
    match allocation {
        Some(Allocation { bytes, count }) => json!({"bytes": bytes, "count": count}),
        None => Value::Null,
    }
}
