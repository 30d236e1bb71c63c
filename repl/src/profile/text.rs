//! The whole report, for people.

use super::listing;
use crate::{advice, units};
use biovm_vm::profile::data::ratio;
use biovm_vm::profile::{FunctionKind, FunctionRow, Input, Place, Profile, Section};
use std::fmt::Write;
use std::time::Duration;

/// How many rows the tables have at most.
const MOST_FUNCTIONS: usize = 30;
const MOST_LINES: usize = 25;
const MOST_OPCODES: usize = 15;
const MOST_PAIRS: usize = 8;

/// The most columns of a source line that are shown.
const LINE_WIDTH: usize = 90;

/// Lines with a smaller share of the time are not shown.
const WORTH_A_LINE: f64 = 0.002;

/// The report.
pub fn report(profile: &Profile, name: &str) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_report(&mut text, profile, name);
    text
}

fn write_report(text: &mut String, profile: &Profile, name: &str) -> std::fmt::Result {
    let name = units::visible(name);
    write!(text, "Profile of {name}: {} wall, {} CPU", units::time(profile.wall), units::time(profile.cpu))?;
    if let Some(bytes) = profile.peak_memory {
        write!(text, ", peak memory {}", units::size(bytes))?;
    }
    if let Some(allocation) = profile.allocation {
        let times = units::count(allocation.count);
        write!(text, ", {} allocated in {times} steps", units::size(allocation.bytes))?;
    }
    writeln!(text)?;
    if profile.input != Input::default() {
        let Input { bytes, records } = profile.input;
        writeln!(text, "Read: {}, {} records", units::size(bytes), units::count(records))?;
    }
    functions(text, profile)?;
    lines(text, profile)?;
    stages(text, profile)?;
    sections(text, profile)?;
    waits(text, profile)?;
    writeln!(text, "\nInstructions")?;
    text.push_str(&listing::opcode_table(profile, MOST_OPCODES));
    writeln!(text, "\nMost frequent pairs of instructions")?;
    text.push_str(&listing::pair_table(profile, MOST_PAIRS));
    text.push('\n');
    text.push_str(&advice::section(&advice::advise(profile), profile));
    Ok(())
}

/// What a function is called in tables: with brackets where it is no top level, with its place where it has no name.
fn function_name(profile: &Profile, row: &FunctionRow) -> String {
    match (row.kind, row.place) {
        (FunctionKind::TopLevel, _) => "(top level)".to_owned(),
        (FunctionKind::Lambda, Some(place)) => format!("{} ({})", row.name, place_text(profile, place)),
        _ => format!("{}()", row.name),
    }
}

fn place_text(profile: &Profile, place: Place) -> String {
    let source = profile.sources.get(place.source).map_or("", |source| source.name.as_str());
    format!("{}:{}", units::visible(source), place.line)
}

fn functions(text: &mut String, profile: &Profile) -> std::fmt::Result {
    writeln!(text, "\nFunctions")?;
    let counts_allocation = profile.allocation.is_some();
    let heading = ["function", "calls", "self", "", "cumulative", "", "per call"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    if counts_allocation {
        rows[0].extend(["allocated", "cumulative"].map(str::to_owned));
    }
    let mut order: Vec<&FunctionRow> = profile.functions.iter().collect();
    order.sort_by_key(|row| std::cmp::Reverse((row.self_time, row.cumulative)));
    for row in order.iter().take(MOST_FUNCTIONS) {
        let per_call = match row.calls {
            0 => String::new(),
            calls => units::time(row.cumulative / u32::try_from(calls).unwrap_or(u32::MAX)),
        };
        let mut cells = vec![
            function_name(profile, row),
            units::count(row.calls),
            units::time(row.self_time),
            units::share(row.self_time, profile.wall),
            units::time(row.cumulative),
            units::share(row.cumulative, profile.wall),
            per_call,
        ];
        if let (Some(own), Some(cumulative)) = (row.allocated, row.cumulative_allocated) {
            cells.extend([own, cumulative].map(allocated));
        }
        rows.push(cells);
    }
    text.push_str(&units::table(&rows, &[0]));
    let further = order.len().saturating_sub(MOST_FUNCTIONS);
    if further > 0 {
        let time: Duration = order[MOST_FUNCTIONS..].iter().map(|row| row.self_time).sum();
        writeln!(text, "  … {further} more, {} together", units::time(time))?;
    }
    Ok(())
}

/// Bytes that were allocated; nothing where none were.
fn allocated(bytes: u64) -> String {
    if bytes == 0 { "-".to_owned() } else { units::size(bytes) }
}

fn lines(text: &mut String, profile: &Profile) -> std::fmt::Result {
    let mut shown: Vec<_> =
        profile.lines.iter().filter(|row| ratio(row.time, profile.wall) >= WORTH_A_LINE).collect();
    shown.sort_by_key(|row| std::cmp::Reverse(row.time));
    shown.truncate(MOST_LINES);
    shown.sort_by_key(|row| row.place);
    let mut source = None;
    for row in shown {
        let Some(file) = profile.sources.get(row.place.source) else { continue };
        if source != Some(row.place.source) {
            source = Some(row.place.source);
            writeln!(text, "\nLines of {}", units::visible(&file.name))?;
        }
        let line = file.text.lines().nth(row.place.line - 1).unwrap_or("");
        let line: String = units::visible(line).chars().take(LINE_WIDTH).collect();
        let (share, time) = (units::share(row.time, profile.wall), units::time(row.time));
        let bytes = row.allocated.map(|bytes| format!(" {:>10}", allocated(bytes))).unwrap_or_default();
        writeln!(text, "{:6} {share:>7} {time:>10}{bytes} | {}", row.place.line, line.trim_end())?;
    }
    Ok(())
}

fn stages(text: &mut String, profile: &Profile) -> std::fmt::Result {
    if profile.stages.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nStages")?;
    let row = |row: &biovm_vm::profile::StageRow| {
        let place = row.place.map_or_else(String::new, |place| place_text(profile, place));
        let bytes = row.allocated.map_or_else(String::new, allocated);
        let share = units::share(row.time, profile.wall);
        vec![units::visible(&row.name), units::time(row.time), share, bytes, place]
    };
    let rows: Vec<Vec<String>> = profile.stages.iter().map(row).collect();
    text.push_str(&units::table(&rows, &[0, 4]));
    Ok(())
}

fn sections(text: &mut String, profile: &Profile) -> std::fmt::Result {
    if profile.sections.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nParallel sections")?;
    for section in &profile.sections {
        section_text(text, profile, section)?;
    }
    writeln!(
        text,
        "  The run: {:.2} times faster than with one thread; {} ({}) was serial, so at most {} with {} threads.",
        profile.speed_up(),
        units::time(profile.serial()),
        units::share(profile.serial(), profile.wall),
        times(profile.speed_up_limit(Some(profile.workers))),
        profile.workers,
    )
}

fn times(factor: f64) -> String {
    match factor.is_finite() {
        true => format!("{factor:.2} times"),
        false => "any number of times".to_owned(),
    }
}

fn section_text(text: &mut String, profile: &Profile, section: &Section) -> std::fmt::Result {
    let name = section.function.map_or("parallel code", |row| profile.functions[row].name.as_str());
    let place = section.place.map_or_else(String::new, |place| format!(" ({})", place_text(profile, place)));
    let runs =
        if section.runs == 1 { String::new() } else { format!(" in {} runs", units::count(section.runs)) };
    writeln!(
        text,
        "  {name}(){place}: {} items{runs}, {} wall, {} of work, {:.2} times faster",
        units::count(section.items),
        units::time(section.wall),
        units::time(section.busy()),
        section.speed_up(),
    )?;
    if section.workers.len() < 2 {
        return writeln!(text, "    on one thread: more were not worth their start, or not allowed");
    }
    let mut rows = vec![["worker", "busy", "idle", "items", "chunks", "stolen"].map(str::to_owned).to_vec()];
    for (number, worker) in section.workers.iter().enumerate() {
        rows.push(vec![
            (number + 1).to_string(),
            units::time(worker.busy),
            units::time(worker.idle),
            units::count(worker.items),
            units::count(worker.chunks),
            units::count(worker.stolen),
        ]);
    }
    for line in units::table(&rows, &[]).lines() {
        writeln!(text, "  {line}")?;
    }
    Ok(())
}

fn waits(text: &mut String, profile: &Profile) -> std::fmt::Result {
    let waited = profile.waits.iter().filter(|row| row.time + row.in_tasks > Duration::from_micros(1));
    let mut rows = Vec::new();
    for row in waited {
        let in_tasks = match row.in_tasks.is_zero() {
            true => String::new(),
            false => format!("{} in async functions", units::time(row.in_tasks)),
        };
        rows.push(vec![
            row.kind.name().to_owned(),
            units::time(row.time),
            units::share(row.time, profile.wall),
            format!("{} times", units::count(row.count)),
            in_tasks,
        ]);
    }
    if !rows.is_empty() {
        writeln!(text, "\nWaiting")?;
        text.push_str(&units::table(&rows, &[0, 4]));
    }
    Ok(())
}
