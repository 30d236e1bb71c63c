//! The result of a bench as text and as JSON.

use super::{Outcome, Row};
use crate::statistics::duration;
use biovm_vm::limits::memory;
use serde_json::{Value, json};

/// Bars are at least so long, and at most.
const SHORTEST_BAR: usize = 10;
const LONGEST_BAR: usize = 60;
/// What stands beside a bar.
const BESIDE: usize = 24;
/// Shorter runs say little.
const SHORT: f64 = 0.01;
/// A serial part that is too small to be told from noise.
const NOTHING: f64 = 0.005;

/// A table, what Amdahl's law says, and bars, for a terminal of that width.
pub fn text(outcome: &Outcome, width: usize) -> String {
    let runs = match outcome.runs {
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    };
    let mut text = format!(
        "{}: {runs} for each number of workers, after {} to warm up\n\n",
        outcome.script, outcome.warmup
    );
    text += &table(&outcome.rows);
    if outcome.rows.len() > 1 {
        text += "\nSpeed-up; dots lead to what it could be\n";
        text += &bars(&outcome.rows, width);
        text += "\n";
    }
    if let Some(verdict) = verdict(outcome) {
        text += &verdict;
    }
    text
}

fn table(rows: &[Row]) -> String {
    let header = ["Workers", "Median", "Middle half", "Speed-up", "Efficiency", "CPU time", "Peak memory"]
        .map(str::to_owned);
    let cells = rows.iter().map(|row| {
        let shown = |known: Option<String>| known.unwrap_or_else(|| "unknown".to_owned());
        [
            row.workers.to_string(),
            duration(row.spread.median),
            format!("{} to {}", duration(row.spread.lower), duration(row.spread.upper)),
            format!("{:.2}", row.speed_up),
            format!("{:.0} %", row.efficiency * 100.0),
            shown(row.cpu.map(duration)),
            shown(row.peak_memory.map(|bytes| memory::size(usize::try_from(bytes).unwrap_or(usize::MAX)))),
        ]
    });
    let all: Vec<[String; 7]> = [header].into_iter().chain(cells).collect();
    let widths: [usize; 7] =
        std::array::from_fn(|column| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}"));
        cells.collect::<Vec<_>>().join("  ") + "\n"
    };
    all.iter().map(line).collect()
}

/// A bar for each number of workers, and dots up to the speed-up that it would have if all of the work were parallel.
fn bars(rows: &[Row], width: usize) -> String {
    let first = rows.first().map_or(1, |row| row.workers) as f64;
    let ideal = |row: &Row| row.workers as f64 / first;
    let longest = rows.iter().map(|row| ideal(row).max(row.speed_up)).fold(1.0, f64::max);
    let length = width.saturating_sub(BESIDE).clamp(SHORTEST_BAR, LONGEST_BAR);
    let scaled = |speed_up: f64| (speed_up / longest * length as f64).round() as usize;
    let number_width = rows.iter().map(|row| row.workers.to_string().len()).max().unwrap_or(1);
    let line = |row: &Row| {
        let bar = "#".repeat(scaled(row.speed_up).max(1));
        let dots = ".".repeat(scaled(ideal(row)).saturating_sub(bar.len()));
        format!("  {:>number_width$}  {:<length$}  {:.2}\n", row.workers, bar + &dots, row.speed_up)
    };
    rows.iter().map(line).collect()
}

/// What the serial part means.
fn verdict(outcome: &Outcome) -> Option<String> {
    let fit = outcome.fit?;
    if outcome.rows.first().is_some_and(|row| row.spread.median < SHORT) {
        return Some(
            "The runs are too short to tell: starting threads takes longer than what they could do.\n"
                .to_owned(),
        );
    }
    let percent = fit.serial_fraction * 100.0;
    Some(match fit.limit() {
        Some(limit) if fit.serial_fraction > NOTHING && fit.serial_fraction < 1.0 - NOTHING => format!(
            "By Amdahl's law {percent:.1} % of the work is serial: no number of workers makes it more than {limit:.1} \
             times as fast.\n"
        ),
        Some(_) if fit.serial_fraction > NOTHING => {
            "By Amdahl's law all of the work is serial: more workers do not help.\n".to_owned()
        }
        _ => "By Amdahl's law nothing of the work is serial, as far as these numbers of workers tell.\n"
            .to_owned(),
    })
}

/// The same for programs.
pub fn json(outcome: &Outcome) -> String {
    let rows: Vec<Value> = outcome
        .rows
        .iter()
        .map(|row| {
            json!({
                "workers": row.workers,
                "median_seconds": row.spread.median,
                "lower_quartile_seconds": row.spread.lower,
                "upper_quartile_seconds": row.spread.upper,
                "interquartile_range_seconds": row.spread.range(),
                "speed_up": row.speed_up,
                "efficiency": row.efficiency,
                "cpu_seconds": row.cpu,
                "peak_memory_bytes": row.peak_memory,
                "times_seconds": row.times,
            })
        })
        .collect();
    let fit = outcome.fit.map(|fit| {
        json!({
            "serial_fraction": fit.serial_fraction,
            "time_of_one_seconds": fit.time_of_one,
            "speed_up_limit": fit.limit(),
        })
    });
    let whole = json!({
        "script": outcome.script,
        "runs": outcome.runs,
        "warmup": outcome.warmup,
        "results": rows,
        "amdahl": fit,
    });
    format!("{whole:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::bench::amdahl;
    use crate::statistics::Spread;

    fn outcome(times: &[(usize, f64)]) -> Outcome {
        let base = times[0];
        let rows = times.iter().map(|&(workers, time)| Row {
            workers,
            times: vec![time],
            spread: Spread::of(&[time]),
            cpu: Some(time * workers as f64),
            peak_memory: None,
            speed_up: base.1 / time,
            efficiency: base.1 / time * base.0 as f64 / workers as f64,
        });
        let (script, rows) = ("qc.bl".to_owned(), rows.collect());
        Outcome { script, runs: 5, warmup: 1, rows, fit: amdahl::fit(times) }
    }

    #[test]
    fn as_text() {
        let shown = text(&outcome(&[(1, 2.0), (2, 1.25), (4, 0.875)]), 44);
        let expected = "\
qc.bl: 5 runs for each number of workers, after 1 to warm up

Workers      Median               Middle half  Speed-up  Efficiency  CPU time  Peak memory
      1     2.000 s        2.000 s to 2.000 s      1.00       100 %   2.000 s      unknown
      2     1.250 s        1.250 s to 1.250 s      1.60        80 %   2.500 s      unknown
      4  875.000 ms  875.000 ms to 875.000 ms      2.29        57 %   3.500 s      unknown

Speed-up; dots lead to what it could be
  1  #####                 1.00
  2  ########..            1.60
  4  ###########.........  2.29

By Amdahl's law 25.0 % of the work is serial: no number of workers makes it more than 4.0 times as fast.
";
        assert_eq!(shown, expected);
        assert!(text(&outcome(&[(1, 2.0)]), 80).lines().count() == 4);
        assert!(text(&outcome(&[(1, 2.0), (2, 1.0)]), 80).contains("nothing of the work is serial"));
        assert!(text(&outcome(&[(1, 2.0), (2, 2.5)]), 80).contains("more workers do not help"));
    }

    #[test]
    fn bars_fit_into_the_width() {
        for width in [1, 30, 80, 500] {
            let bars = bars(&outcome(&[(1, 2.0), (8, 0.1), (1000, 0.2)]).rows, width);
            let longest = bars.lines().map(str::len).max().unwrap_or(0);
            assert!(longest <= width.max(SHORTEST_BAR + BESIDE), "{width}:\n{bars}");
        }
    }

    #[test]
    fn as_json() {
        let value: Value = serde_json::from_str(&json(&outcome(&[(1, 2.0), (2, 1.25)]))).expect("JSON");
        assert_eq!(value["results"][1]["speed_up"], json!(1.6));
        assert_eq!(value["results"][1]["peak_memory_bytes"], Value::Null);
        assert!((value["amdahl"]["serial_fraction"].as_f64().expect("a number") - 0.25).abs() < 1e-9);
        assert_eq!(value["runs"], json!(5));
    }
}
