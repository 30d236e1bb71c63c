//! What the session prints below the value of `:profile`: the named functions, in the order of their first calls.
//!
//! ```text
//! Profile:
//!   range()  :     0.1 ms  ( 7%)
//!   map()    :     1.2 ms  (86%)
//!   sum()    :     0.1 ms  ( 7%)
//!   Total    :     1.4 ms
//! ```

use crate::units;
use biovm_vm::profile::data::ratio;
use biovm_vm::profile::{FunctionKind, FunctionRow, OpcodeRow, Profile};
use std::time::Duration;

/// What the top level itself has done is shown from this share of the time on.
const WORTH_A_LINE: f64 = 0.005;

/// How many instructions and pairs of them are shown.
const MOST_OPCODES: usize = 20;
const MOST_PAIRS: usize = 10;

/// The listing; with the numbers of calls where they are wanted.
pub fn listing(profile: &Profile, with_calls: bool) -> String {
    let total: Duration = profile.functions.iter().map(|row| row.with_lambdas).sum();
    let is_shown = |row: &&FunctionRow| match row.kind {
        FunctionKind::Named | FunctionKind::Builtin => row.calls > 0,
        FunctionKind::TopLevel => ratio(row.with_lambdas, total) >= WORTH_A_LINE,
        // Its time is that of the function that has called it.
        FunctionKind::Lambda => !row.with_lambdas.is_zero(),
    };
    let name = |row: &FunctionRow| match row.kind {
        FunctionKind::TopLevel => "(top level)".to_owned(),
        _ => format!("{}()", row.name),
    };
    let (top, called): (Vec<&FunctionRow>, Vec<&FunctionRow>) =
        profile.functions.iter().filter(is_shown).partition(|row| row.kind == FunctionKind::TopLevel);
    let rows: Vec<&FunctionRow> = called.into_iter().chain(top).collect();
    let width = rows.iter().map(|row| name(row).chars().count()).max().unwrap_or(0).max("Total".len());
    let calls_width = rows.iter().map(|row| units::count(row.calls).len()).max().unwrap_or(1);
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let mut text = "Profile:\n".to_owned();
    for row in &rows {
        let percent = (ratio(row.with_lambdas, total) * 100.0).round();
        text +=
            &format!("  {:width$}  : {:7.1} ms  ({percent:2.0}%)", name(row), milliseconds(row.with_lambdas));
        if with_calls && row.kind != FunctionKind::TopLevel {
            let calls = units::count(row.calls);
            let word = if row.calls == 1 { "call" } else { "calls" };
            text += &format!("  {calls:>calls_width$} {word}");
        }
        text.push('\n');
    }
    text += &format!("  {:width$}  : {:7.1} ms", "Total", milliseconds(profile.wall));
    text
}

/// What `:opcodes` prints: the instructions, and which came behind which.
pub fn opcodes(profile: &Profile) -> String {
    let mut text = "Instructions:\n".to_owned();
    text += &opcode_table(profile, MOST_OPCODES);
    text += "Most frequent pairs:\n";
    text += &pair_table(profile, MOST_PAIRS);
    text
}

/// The instructions that took most of the time.
pub fn opcode_table(profile: &Profile, most: usize) -> String {
    let all: u64 = profile.opcodes.iter().map(|row| row.count).sum();
    let time: Duration = profile.opcodes.iter().map(|row| row.time).sum();
    let heading = ["instruction", "count", "share", "time", ""].map(str::to_owned).to_vec();
    let cells = |row: &OpcodeRow| {
        vec![
            row.name.to_owned(),
            units::count(row.count),
            percent(row.count, all),
            units::time(row.time),
            units::share(row.time, time),
        ]
    };
    let mut rows = vec![heading];
    rows.extend(profile.opcodes.iter().take(most).map(cells));
    let further = &profile.opcodes[profile.opcodes.len().min(most)..];
    if !further.is_empty() {
        let rest = OpcodeRow {
            name: "",
            count: further.iter().map(|row| row.count).sum(),
            time: further.iter().map(|row| row.time).sum(),
        };
        let mut cells = cells(&rest);
        cells[0] = format!("{} others", further.len());
        rows.push(cells);
    }
    units::table(&rows, &[0])
}

/// The most frequent pairs of instructions.
pub fn pair_table(profile: &Profile, most: usize) -> String {
    let all: u64 = profile.opcodes.iter().map(|row| row.count).sum();
    let row = |row: &biovm_vm::profile::PairRow| {
        vec![format!("{}, {}", row.first, row.second), units::count(row.count), percent(row.count, all)]
    };
    let rows: Vec<Vec<String>> = profile.pairs.iter().take(most).map(row).collect();
    units::table(&rows, &[0])
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.1} %", part as f64 / whole.max(1) as f64 * 100.0)
}
