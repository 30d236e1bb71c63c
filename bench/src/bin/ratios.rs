//! Times each case on the machine and natively, in turn, and prints the medians as a Markdown table.
//!
//! `cargo run --release -p biovm-bench --bin ratios [-- SAMPLES [CASE]]`

use biovm_bench::{CASES, Case, Size, rounds};
use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A sample repeats its work until it takes at least this long.
const SAMPLE: Duration = Duration::from_millis(20);

fn main() -> ExitCode {
    rounds::table("ratios [SAMPLES [CASE]]", 15, table)
}

fn table(samples: usize, wanted: Option<&str>) -> Result<(), Box<dyn Error>> {
    println!("| Case | What it does | biovm | native Rust | ratio |");
    println!("|---|---|---:|---:|---:|");
    for (_, make) in CASES.into_iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name)) {
        let mut case = make(Size::Full);
        let (script, native) = medians(&mut case, samples);
        let ratio = script / native;
        println!("| {} | {} | {} | {} | {ratio:.1} |", case.name, case.what, shown(script), shown(native));
    }
    Ok(())
}

/// The median seconds of the script and of its native twin.
fn medians(case: &mut Case, samples: usize) -> (f64, f64) {
    let script_repeats = repeats(|| drop(black_box(case.run_script())));
    let native_repeats = repeats(|| drop(black_box(case.run_native())));
    let (mut script, mut native) = (Vec::new(), Vec::new());
    for _ in 0..samples {
        script.push(time(script_repeats, || drop(black_box(case.run_script()))));
        native.push(time(native_repeats, || drop(black_box(case.run_native()))));
    }
    (median(script), median(native))
}

fn time(repeats: u32, mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        work();
    }
    start.elapsed().as_secs_f64() / f64::from(repeats)
}

/// How often the work has to be repeated for one sample.
fn repeats(mut work: impl FnMut()) -> u32 {
    work();
    let once = time(1, &mut work).max(1e-9);
    (SAMPLE.as_secs_f64() / once).ceil().clamp(1.0, 1e6) as u32
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    if times.len() % 2 == 1 { times[middle] } else { (times[middle - 1] + times[middle]) / 2.0 }
}

fn shown(seconds: f64) -> String {
    match seconds {
        1.0.. => format!("{seconds:.2} s"),
        1e-3.. => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{:.2} µs", seconds * 1e6),
    }
}
