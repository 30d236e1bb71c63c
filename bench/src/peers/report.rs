//! The table, in Markdown.

use super::language::{Language, OURS, REFERENCE};
use super::measure::{Row, Times};
use super::programs::Kind;
use std::fmt::Write;
use std::time::Duration;

/// The table of all rows; below it the geometric means of the programs that count for them.
pub fn table(languages: &[Language], rows: &[Row]) -> String {
    let names: Vec<&str> = languages.iter().map(|language| language.name).collect();
    let mut text = String::from("| Program |");
    let ratios = ratios(&names);
    for name in &names {
        _ = write!(text, " {name} |");
    }
    for ratio in &ratios {
        _ = write!(text, " {} / {} |", names[ratio.of], names[ratio.to]);
    }
    text.push_str("\n|---|");
    text.push_str(&"---:|".repeat(names.len() + ratios.len()));
    text.push('\n');
    let (counted, others): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.program.kind == Kind::Machine);
    for row in &counted {
        add_row(&mut text, row, &ratios, row.program.name);
    }
    if !counted.is_empty() {
        _ = write!(text, "| **geometric mean of {}** |{}", counted.len(), " |".repeat(names.len()));
        for ratio in &ratios {
            _ = write!(text, " **{:.2}** |", mean(&counted, ratio));
        }
        text.push('\n');
    }
    for row in &others {
        let remark = if row.program.kind == Kind::Start { "" } else { " (builtins)" };
        add_row(&mut text, row, &ratios, &format!("{}{remark}", row.program.name));
    }
    text
}

fn add_row(text: &mut String, row: &Row, ratios: &[Ratio], title: &str) {
    _ = write!(text, "| {title} |");
    for times in &row.times {
        _ = write!(text, " {} |", shown(times.processor));
    }
    for ratio in ratios {
        _ = write!(text, " {:.2} |", ratio.value(&row.times));
    }
    text.push('\n');
}

/// The same on the wall, which differs where a program uses several threads or waits.
pub fn wall_table(languages: &[Language], rows: &[Row]) -> String {
    let mut text = String::from("| Program |");
    for language in languages {
        _ = write!(text, " {} |", language.name);
    }
    _ = writeln!(text, "\n|---|{}", "---:|".repeat(languages.len()));
    for row in rows {
        _ = write!(text, "| {} |", row.program.name);
        for times in &row.times {
            _ = write!(text, " {} |", shown(times.wall));
        }
        text.push('\n');
    }
    text
}

/// Which languages are divided, by position.
struct Ratio {
    of: usize,
    to: usize,
}

impl Ratio {
    fn value(&self, times: &[Times]) -> f64 {
        let seconds = |at: usize| times[at].processor.as_secs_f64().max(1e-6);
        seconds(self.of) / seconds(self.to)
    }
}

/// Every language by the reference, then ours by every other.
fn ratios(names: &[&str]) -> Vec<Ratio> {
    let at = |wanted: &str| names.iter().position(|name| *name == wanted);
    let mut ratios = Vec::new();
    if let Some(to) = at(REFERENCE) {
        ratios.extend((0..names.len()).filter(|of| *of != to).map(|of| Ratio { of, to }));
    }
    if let Some(of) = at(OURS) {
        let others = (0..names.len()).filter(|to| *to != of && names[*to] != REFERENCE);
        ratios.extend(others.map(|to| Ratio { of, to }));
    }
    ratios
}

fn mean(rows: &[&Row], ratio: &Ratio) -> f64 {
    let sum: f64 = rows.iter().map(|row| ratio.value(&row.times).ln()).sum();
    (sum / rows.len() as f64).exp()
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.1 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.3} s") }
}

#[cfg(test)]
mod tests {
    use super::super::programs::Program;
    use super::*;

    fn row(kind: Kind, milliseconds: [u64; 3]) -> Row {
        let times = milliseconds.map(|time| {
            let time = Duration::from_millis(time);
            Times { processor: time, wall: time }
        });
        Row { program: Program { name: "work", kind }, times: times.to_vec() }
    }

    #[test]
    fn ours_is_divided_by_all_and_all_by_the_reference() {
        let ratios = ratios(&["biovm", "lua5.4", "python3"]);
        let values: Vec<f64> =
            ratios.iter().map(|ratio| ratio.value(&row(Kind::Machine, [300, 600, 1200]).times)).collect();
        assert_eq!(values, [0.5, 2.0, 0.25]);
    }

    #[test]
    fn the_mean_is_geometric() {
        let (slow, fast) = (row(Kind::Machine, [800, 200, 1]), row(Kind::Machine, [100, 400, 1]));
        let value = mean(&[&slow, &fast], &Ratio { of: 0, to: 1 });
        assert!((value - 1.0).abs() < 1e-12, "{value}");
    }

    #[test]
    fn short_times_are_shown_in_milliseconds() {
        assert_eq!(shown(Duration::from_micros(1_250)), "1.2 ms");
        assert_eq!(shown(Duration::from_millis(1_250)), "1.250 s");
    }
}
