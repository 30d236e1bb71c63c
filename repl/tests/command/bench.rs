//! `biovm bench`.

use crate::support::{Folder, Outcome};
#[cfg(target_os = "linux")]
use crate::support::{ends_within, start};

/// Work that several threads can share.
const PARALLEL: &str = "\
let sums = range(0, 16) |> par_map(|i| range(0, 2000) |> map(|j| (i * j) % 7) |> sum())
println(sums |> sum())
";

fn bench(folder: &Folder, arguments: &[&str]) -> Outcome {
    let words: Vec<&str> = ["bench"].into_iter().chain(arguments.iter().copied()).collect();
    folder.run(&words)
}

#[test]
fn each_number_of_workers_has_a_line() {
    let folder = Folder::new();
    folder.file("p.bl", PARALLEL);
    let outcome = bench(&folder, &["p.bl", "--workers", "1,2", "--runs", "2"]);
    let shown = outcome.succeeded();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "p.bl: 2 runs for each number of workers, after 1 to warm up");
    assert!(lines[2].starts_with("Workers ") && lines[2].ends_with("Peak memory"), "{shown}");
    assert!(lines[3].starts_with("      1 ") && lines[3].contains("  1.00       100 %  "), "{shown}");
    assert!(lines[4].starts_with("      2 "), "{shown}");
    assert_eq!(lines[6], "Speed-up; dots lead to what it could be");
    assert!(lines[7].starts_with("  1  #") && lines[8].starts_with("  2  #"), "{shown}");
    assert!(lines.len() == 11, "{shown}");
    // What the script prints is not among it.
    assert!(!lines.contains(&"95984"), "{shown}");
}

#[test]
fn results_can_be_read_by_programs() {
    let folder = Folder::new();
    folder.file("p.bl", PARALLEL);
    let outcome = bench(&folder, &["--workers=1..3", "--runs=3", "--warmup=0", "--format=json", "p.bl"]);
    let result: serde_json::Value = serde_json::from_str(outcome.succeeded()).expect("JSON");
    assert_eq!((&result["script"], &result["runs"]), (&"p.bl".into(), &3.into()));
    let rows = result["results"].as_array().expect("a list");
    assert_eq!(
        rows.iter().map(|row| row["workers"].as_u64()).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(3)]
    );
    for row in rows {
        let number = |name: &str| row[name].as_f64().unwrap_or_else(|| panic!("{name}: {row}"));
        assert_eq!(row["times_seconds"].as_array().map(Vec::len), Some(3));
        assert!(number("median_seconds") > 0.0 && number("peak_memory_bytes") > 1e6, "{row}");
        assert!(number("lower_quartile_seconds") <= number("median_seconds"), "{row}");
        let first = rows[0]["median_seconds"].as_f64().expect("a number");
        assert!((number("speed_up") - first / number("median_seconds")).abs() < 1e-9, "{row}");
        assert!((number("efficiency") - number("speed_up") / number("workers")).abs() < 1e-9, "{row}");
    }
    let serial = result["amdahl"]["serial_fraction"].as_f64().expect("a number");
    assert!((0.0..=1.0).contains(&serial), "{serial}");
}

#[test]
fn the_chart_is_a_picture() {
    let folder = Folder::new();
    folder.file("p.bl", PARALLEL);
    bench(&folder, &["p.bl", "--workers=1,2", "--runs=1", "--svg", "up.svg"]).succeeded();
    let picture = String::from_utf8(folder.read("up.svg")).expect("UTF-8");
    assert!(picture.starts_with("<svg ") && picture.trim_end().ends_with("</svg>"), "{picture}");
    for text in ["Speed-up of p.bl", "workers", "all of the work parallel", "Amdahl&apos;s law, "] {
        assert!(picture.contains(text), "{text}: {picture}");
    }
    assert!(picture.matches("<circle ").count() >= 2, "{picture}");
    let failed = bench(&folder, &["p.bl", "--workers=1", "--runs=1", "--svg", "no/such/up.svg"]);
    assert!(failed.failed(1).starts_with("error: cannot write no/such/up.svg: "), "{failed:?}");
}

#[test]
fn arguments_and_settings_reach_the_script() {
    let folder = Folder::new();
    folder.file("a.bl", "if args() != [\"in.fq\", \"--min\", \"3\"] { error(str(args())) }\n");
    bench(&folder, &["a.bl", "in.fq", "--workers=1", "--runs=1", "--", "--min", "3"]).succeeded();
    folder.file("r.bl", "read_fastq(\"x.fq\")\n");
    let failed = folder.run(&["--sandbox", "bench", "r.bl", "--workers=1", "--runs=1"]);
    assert!(failed.failed(1).contains("SandboxError") || failed.messages.contains("sandbox"), "{failed:?}");
    folder.file("w.bl", "while true { 1 }\n");
    let failed = folder.run(&["bench", "w.bl", "--timeout=50ms", "--workers=1,2"]);
    assert_eq!(failed.failed(1).matches("LimitError").count(), 1, "{failed:?}");
}

#[test]
fn errors_of_the_script_are_reported_once() {
    let folder = Folder::new();
    folder.file("e.bl", "println(\"before\")\n1 / 0\n");
    let failed = bench(&folder, &["e.bl", "--workers=1,2"]);
    assert_eq!(failed.failed(1).matches("DivisionByZero: division by zero").count(), 1, "{failed:?}");
    assert!(!failed.messages.contains("wall_seconds") && failed.output.is_empty(), "{failed:?}");
    folder.file("w.bl", "1 +* 2\n");
    assert_eq!(bench(&folder, &["w.bl"]).failed(1).matches("ParseError").count(), 1);
    folder.file("x.bl", "exit(3)\n");
    assert_eq!(bench(&folder, &["x.bl"]).failed(1), "error: the script has ended with exit code 3\n");
    assert!(bench(&folder, &["missing.bl"]).failed(1).contains("missing.bl"));
    assert_eq!(bench(&folder, &["-"]).code, Some(2));
    for wrong in [&["--workers=0"][..], &["--workers=3..1"], &["--runs=0"], &["--format=xml"], &[]] {
        assert_eq!(bench(&folder, wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn a_different_result_is_an_error() {
    let folder = Folder::new();
    folder.file("d.bl", "println(\"same\")\nprintln(workers_of())\nfn workers_of() { random() }\n");
    let failed = bench(&folder, &["d.bl", "--workers=1,2", "--runs=1"]);
    let messages = failed.failed(1);
    assert!(
        messages.starts_with(
            "error: the script prints something else with 2 workers than with 1 worker, from line 2 on\n  1 worker:  0."
        ),
        "{messages}"
    );
    assert!(messages.contains("\n  2 workers: 0.") && messages.contains("--any-output"), "{messages}");
    assert_eq!(bench(&folder, &["d.bl", "--workers=1,2", "--runs=1", "--any-output"]).code, Some(0));
}

#[test]
fn warnings_are_shown_once() {
    let folder = Folder::new();
    folder.file("w.bl", "fn f() { let unused = 1; 2 }\nprintln(f())\n");
    let outcome = bench(&folder, &["w.bl", "--workers=1,2", "--runs=2"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.messages.matches("W0002").count(), 1, "{outcome:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_bench_leaves_no_run_behind() {
    use std::time::{Duration, Instant};
    let folder = Folder::new();
    folder.file("w.bl", "while true { 1 }\n");
    let bench = start(folder.command(&["bench", "w.bl", "--workers=1"]));
    let until = Instant::now() + Duration::from_secs(60);
    let wait_for = |what: &str, found: &dyn Fn() -> Option<String>| loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < until, "waited for {what}");
        std::thread::sleep(Duration::from_millis(5));
    };
    let parent = bench.id().to_string();
    let run = wait_for("a run", &|| {
        // In `stat`, state and parent follow the name in parentheses.
        let is_run = |id: &String| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
            rest.split(' ').nth(1) == Some(&parent)
        };
        let processes = std::fs::read_dir("/proc").ok()?.flatten();
        processes.map(|entry| entry.file_name().to_string_lossy().into_owned()).find(is_run)
    });
    let killed = std::process::Command::new("kill").args(["-INT", &bench.id().to_string()]).status();
    assert!(killed.expect("kill starts").success());
    assert_eq!(ends_within(bench, Duration::from_secs(60)).0, Some(130));
    let process = format!("/proc/{run}");
    wait_for("its end", &|| (!std::path::Path::new(&process).exists()).then(String::new));
}
