//! How fast scripts are compiled, in time of a processor: lines a second, the stages, how time grows with size, and Lua's compiler beside it.
//!
//! `cargo run --release -p biovm-bench --bin compile-speed [-- SAMPLES [SHAPE]]`
//!
//! With a shape, or a part of its name, only those are measured; `none` leaves them all out.

use biovm_bench::compiling::clock;
use biovm_bench::compiling::generate::{Language, script};
use biovm_bench::compiling::shapes::{SHAPES, Shape};
use biovm_bench::compiling::stages::{self, STAGES, Times};
use biovm_compiler::Options;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The script that everything else is compared with.
const LINES: usize = 50_000;
/// Where the doubling test looks.
const SIZES: [usize; 3] = [25_000, 50_000, 100_000];
/// Twice the work may take this many times the time: what no longer fits into the caches takes more than twice, a step
/// that looks at everything again four times.
const MOST_GROWTH: f64 = 3.2;
/// Below this, the clock and the memory of the computer say more than the compiler.
const WORTH_COMPARING: Duration = Duration::from_millis(20);

/// How often Lua's compiler is started for a sample, as a single start differs from the next.
const LUA_REPEATS: u32 = 20;
/// What takes this long is not measured again.
const ENOUGH: Duration = Duration::from_secs(2);

fn main() {
    let mut words = std::env::args().skip(1);
    let samples = words.next().map_or(Ok(7), |word| word.parse::<usize>());
    let Ok(samples @ 1..) = samples else {
        eprintln!("usage: compile-speed [SAMPLES [SHAPE]]");
        std::process::exit(2);
    };
    let wanted = words.next();
    let options = stages::options();
    if wanted.as_ref().is_none_or(|wanted| wanted == "none") {
        show_stages(samples, &options);
        if let Err(error) = compare_with_lua(samples, &options) {
            println!(
                "\nNot compared with Lua: luac5.4 (package lua5.4) does not run: {}",
                error.to_string().trim()
            );
        }
    }
    if wanted.as_deref() != Some("none") {
        show_shapes(samples, &options, wanted.as_deref());
    }
}

/// The stages of the generated script in all sizes.
fn show_stages(samples: usize, options: &Options) {
    let scripts = SIZES.map(|lines| script(lines, Language::BioLang));
    let columns: Vec<Times> = scripts.iter().map(|text| least_times(text, samples, options)).collect();
    let totals: Vec<Duration> = columns.iter().map(|times| times.iter().sum()).collect();
    let middle = SIZES.iter().position(|lines| *lines == LINES).unwrap_or(0);
    let (text, total) = (&scripts[middle], totals[middle].as_secs_f64());
    println!(
        "{} lines, {:.1} MB: {:.0} lines/s, {:.1} MB/s\n",
        text.lines().count(),
        text.len() as f64 / 1e6,
        text.lines().count() as f64 / total,
        text.len() as f64 / 1e6 / total,
    );
    println!("| Stage | {} lines | {} lines | {} lines | growth | share |", SIZES[0], SIZES[1], SIZES[2]);
    println!("|---|---:|---:|---:|---:|---:|");
    for (stage, name) in STAGES.iter().enumerate() {
        let times: Vec<Duration> = columns.iter().map(|times| times[stage]).collect();
        row(name, &times, times[middle].as_secs_f64() / total);
    }
    row("all", &totals, 1.0);
}

fn row(name: &str, times: &[Duration], share: f64) {
    let shown: Vec<String> = times.iter().map(|time| milliseconds(*time)).collect();
    let growth: Vec<String> =
        times.windows(2).map(|pair| format!("{:.2}", ratio(pair[1], pair[0]))).collect();
    println!("| {name} | {} | {} | {:.0} % |", shown.join(" | "), growth.join(", "), share * 100.0);
}

/// The least time of each stage: whatever else the computer does only adds to it.
fn least_times(text: &str, samples: usize, options: &Options) -> Times {
    let runs: Vec<Times> = (0..samples).map(|_| stages::measure(text, options)).collect();
    std::array::from_fn(|stage| least(runs.iter().map(|times| times[stage]).collect()))
}

/// `luac -p` on the same script in Lua, in turn. The start of its process belongs to its time, so that of an empty file
/// is taken off.
fn compare_with_lua(samples: usize, options: &Options) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (full, empty) = (folder.path().join("full.lua"), folder.path().join("empty.lua"));
    let lua = script(LINES, Language::Lua);
    std::fs::write(&full, &lua)?;
    std::fs::write(&empty, "")?;
    let text = script(LINES, Language::BioLang);
    let (mut ours, mut theirs, mut start) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..samples {
        ours.push(stages::whole(&text, options).0);
        theirs.push(luac(&full)?);
        start.push(luac(&empty)?);
    }
    let (ours, theirs) = (least(ours), least(theirs).saturating_sub(least(start)));
    println!(
        "\nluac5.4 -p, {} lines, {:.1} MB: {}; biovm {}; ratio {:.1}",
        lua.lines().count(),
        lua.len() as f64 / 1e6,
        milliseconds(theirs),
        milliseconds(ours),
        ratio(ours, theirs),
    );
    Ok(())
}

fn luac(path: &Path) -> io::Result<Duration> {
    let start = clock::of_ended_processes();
    for _ in 0..LUA_REPEATS {
        let output = Command::new("luac5.4").arg("-p").arg(path).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
    }
    Ok((clock::of_ended_processes() - start) / LUA_REPEATS)
}

/// How time grows for scripts with much of one thing.
fn show_shapes(samples: usize, options: &Options, wanted: Option<&str>) {
    println!("\n| Much of one thing | size | half | full | double | growth | result |");
    println!("|---|---:|---:|---:|---:|---:|---|");
    let mut too_fast = Vec::new();
    for shape in SHAPES.iter().filter(|shape| wanted.is_none_or(|wanted| shape.name.contains(wanted))) {
        if !show_shape(shape, samples, options) {
            too_fast.push(shape.name);
        }
    }
    if !too_fast.is_empty() {
        println!("\nMore than linear: {}", too_fast.join(", "));
    }
}

/// Measures a shape in three sizes; whether its time is linear.
fn show_shape(shape: &Shape, samples: usize, options: &Options) -> bool {
    let sizes = [shape.size / 2, shape.size, shape.size * 2];
    let mut problem = None;
    let texts = sizes.map(|size| (shape.script)(size));
    let mut times = [Duration::MAX; 3];
    for _ in 0..samples {
        for (text, least) in texts.iter().zip(&mut times) {
            let (time, found) = stages::whole(text, options);
            *least = time.min(*least);
            problem = found;
        }
        if times[2] > ENOUGH {
            break;
        }
    }
    let growth = [ratio(times[1], times[0]), ratio(times[2], times[1])];
    let [half, full, double] = times.map(milliseconds);
    let result = problem.unwrap_or_else(|| "compiles".to_owned());
    println!(
        "| {} | {} | {half} | {full} | {double} | {:.2}, {:.2} | {result} |",
        shape.name, shape.size, growth[0], growth[1]
    );
    times[2] < WORTH_COMPARING || growth[1] <= MOST_GROWTH
}

fn least(times: Vec<Duration>) -> Duration {
    times.into_iter().min().unwrap_or_default()
}

fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64().max(1e-9)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
