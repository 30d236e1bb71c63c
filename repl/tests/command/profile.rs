//! `biovm profile`, `biovm run --profile`, and the commands of the session that profile. Times themselves are nobody's promise:
//! what is tested is what is counted, what belongs to what, and that shares add up.

use crate::support::{Folder, Outcome, start};
use serde_json::Value;
use std::collections::BTreeMap;

/// The profile of a script, as JSON, and what the run left behind.
fn profile(script: &str) -> (Value, Outcome) {
    let folder = Folder::new();
    folder.file("script.bl", script);
    let outcome = folder.run(&["profile", "--workers", "2", "-o", "out.json", "script.bl"]);
    let json = serde_json::from_slice(&folder.read("out.json")).expect("JSON");
    (json, outcome)
}

/// The rows of functions by name; rows of lambdas are added up.
fn calls(profile: &Value) -> BTreeMap<&str, u64> {
    let mut calls = BTreeMap::new();
    for row in profile["functions"].as_array().expect("rows") {
        *calls.entry(row["name"].as_str().expect("a name")).or_default() +=
            row["calls"].as_u64().expect("a number");
    }
    calls
}

fn function<'p>(profile: &'p Value, name: &str) -> &'p Value {
    let rows = profile["functions"].as_array().expect("rows");
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name} in {profile:#}"))
}

fn seconds(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn waited(profile: &Value, kind: &str) -> f64 {
    let rows = profile["waits"].as_array().expect("rows");
    rows.iter().find(|row| row["kind"] == kind).map_or(0.0, |row| seconds(&row["time_s"]))
}

/// The lines of a listing as name, milliseconds, percent.
fn listed(output: &str) -> Vec<(String, f64, Option<f64>)> {
    let lines =
        output.lines().skip_while(|line| *line != "Profile:").skip(1).take_while(|line| !line.is_empty());
    let line = |line: &str| {
        let (name, rest) = line.split_once(':').expect("a name");
        let (time, rest) = rest.split_once("ms").expect("a time");
        let percent = rest
            .trim()
            .strip_prefix('(')
            .map(|rest| rest.split('%').next().expect("a share").trim().parse().expect("a number"));
        (name.trim().to_owned(), time.trim().parse().expect("a number"), percent)
    };
    lines.map(line).collect()
}

#[test]
fn the_listing_has_the_form_of_the_tutorial() {
    let folder = Folder::new();
    let outcome = folder.run_with_input(&["repl"], ":profile range(1, 1000) |> map(|v| v + 1) |> sum()\n_\n");
    let output = outcome.succeeded();
    assert!(output.starts_with("500499\nProfile:\n  range()"), "{output}");
    assert!(output.ends_with(" ms\n500499\n"), "{output}");
    let output = output.strip_suffix("500499\n").expect("the last value");
    let rows = listed(output);
    let names: Vec<&str> =
        rows.iter().map(|row| row.0.as_str()).filter(|name| *name != "(top level)").collect();
    assert_eq!(names, ["range()", "map()", "sum()", "Total"]);
    let percent: f64 = rows.iter().filter_map(|row| row.2).sum();
    assert!((percent - 100.0).abs() <= rows.len() as f64 / 2.0, "{output}");
    // Columns stand below each other.
    let colons: Vec<_> = output.lines().skip(2).map(|line| line.find(" : ")).collect();
    assert!(colons.windows(2).all(|pair| pair[0] == pair[1]), "{output}");
}

#[test]
fn the_listing_charges_lambdas_to_their_callers_and_knows_the_order() {
    let entries =
        "fn twice(x) { x * 2 }\nfn b() { [3, 1, 2] |> sort_by(|x| twice(x)) |> len() }\n:profile -v b()\n";
    let outcome = Folder::new().run_with_input(&["repl"], entries);
    let output = outcome.succeeded();
    let rows = listed(output);
    let names: Vec<&str> =
        rows.iter().map(|row| row.0.as_str()).filter(|name| *name != "(top level)").collect();
    assert_eq!(names, ["b()", "sort_by()", "twice()", "len()", "Total"]);
    for (name, calls) in
        [("b()", "1 call"), ("sort_by()", "1 call"), ("twice()", "3 calls"), ("len()", "1 call")]
    {
        let line = output.lines().find(|line| line.trim_start().starts_with(name)).expect("a line");
        assert!(line.ends_with(&format!("  {calls}")), "{line}");
    }
}

#[test]
fn a_profile_follows_an_error_and_needs_an_expression() {
    let folder = Folder::new();
    let failed = folder
        .run_with_input(&["repl"], ":profile len(1 / 0)\n:profile\n:profile -v\n:opcodes\n:profile 1 +* 2\n");
    assert_eq!(failed.output.matches("Profile:\n").count(), 1, "{failed:?}");
    let messages = failed.failed(1);
    assert!(messages.starts_with("DivisionByZero"), "{messages}");
    assert_eq!(messages.matches("Usage: :profile [-v] expression").count(), 2, "{messages}");
    assert!(messages.contains("Usage: :opcodes expression"), "{messages}");
}

#[test]
fn opcodes_are_counted() {
    let entries = "let n = 0\n:opcodes for i in 0..1000 { n += i }\n";
    let outcome = Folder::new().run_with_input(&["repl"], entries);
    let output = outcome.succeeded();
    assert!(output.starts_with("Instructions:\n  instruction "), "{output}");
    let row = |name: &str| {
        let line = output.lines().find(|line| line.trim_start().starts_with(name)).expect(name);
        line.split_whitespace().nth(1).expect("a count").to_owned()
    };
    assert_eq!(row("CountNext "), "1,000");
    assert_eq!(row("Add "), "1,000");
    assert!(output.contains("Most frequent pairs:\n"), "{output}");
}

#[test]
fn calls_are_exact() {
    let (profile, outcome) = profile(
        "fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\n\
         fn* numbers(n) { for i in range(0, n) { yield i } }\n\
         struct Point { x, y }\n\
         impl Point { fn shifted(self, by) { Point(self.x + by, self.y) } }\n\
         let total = 0\n\
         for i in range(0, 10) { total += fib(i) }\n\
         let p = Point(1, 2)\n\
         for i in 0..5 { p = p.shifted(i) }\n\
         let xs = numbers(7) |> map(|x| x + 1) |> collect()\n\
         let named = [1, 2, 3].map(str)\n\
         let f = |x| len(x)\n\
         println(f(\"abc\"), total, p.x, len(xs), named.len())\n",
    );
    assert_eq!(outcome.succeeded(), "3 88 11 7 3\n");
    let calls = calls(&profile);
    // Calls of fib(n): 1, 1, 3, 5, 9, 15, 25, 41, 67, 109.
    let expected =
        [("fib", 276), ("numbers", 1), ("shifted", 5), ("Point", 6), ("str", 3), ("println", 1), ("len", 3)];
    for (name, count) in expected {
        assert_eq!(calls.get(name), Some(&count), "{name} in {calls:?}");
    }
}

#[test]
fn a_builtin_that_calls_nothing_has_its_time_and_calls() {
    // Longer than the beginning, which is looked at more closely.
    let script = "let text = \"1.2345678901234567e-89\"\nlet total = 0.0\nfor i in range(0, 100000) {\n\
                  total += float(text) + float(text) + float(text)\n}\nprintln(total)\n";
    let (profile, outcome) = profile(script);
    outcome.succeeded();
    let row = function(&profile, "float");
    assert_eq!(row["calls"], 300_000);
    assert!(seconds(&row["self_s"]) > seconds(&profile["wall_s"]) * 0.2, "{profile:#}");
}

#[test]
fn allocations_belong_to_those_who_allocate() {
    let (profile, outcome) = profile(
        "fn hungry(n) {\n  let xs = []\n  for i in 0..n { xs = push(xs, i) }\n  xs\n}\n\
         fn frugal(n) {\n  let s = 0\n  for i in 0..n { s = (s * 31 + i) % 1009 }\n  s\n}\n\
         fn calls(n) { hungry(n) }\n\
         let total = 0\n\
         for round in 0..100 { total += len(calls(10000)) + frugal(10000) }\n\
         stage pairs -> range(0, 50000) |> map(|x| [x, x]) |> collect()\n\
         println(total, range(0, 50000) |> par_map(|x| [x]) |> len())\n",
    );
    outcome.succeeded();
    let bytes = |value: &Value| value.as_u64().expect("bytes");
    let own = |name: &str| bytes(&function(&profile, name)["allocated"]);
    let cumulative = |name: &str| bytes(&function(&profile, name)["cumulative_allocated"]);
    // A value has 16 bytes; a List that grows is moved, and has room for more.
    let lists = 100 * 10000 * 16;
    assert!((lists..4 * lists).contains(&own("hungry")), "{}", own("hungry"));
    assert!((lists..4 * lists).contains(&cumulative("calls")), "{}", cumulative("calls"));
    assert_eq!((own("frugal"), cumulative("frugal")), (0, 0));
    assert!(own("calls") < lists / 100);
    // The List of results, and one of two values for each item.
    assert!(own("map") >= 50000 * (16 + 32), "{}", own("map"));
    let stage = bytes(&profile["stages"][0]["allocated"]);
    assert!(stage >= own("map") / 2, "{stage}");
    assert!(cumulative("par_map") >= 50000 * (16 + 16), "{}", cumulative("par_map"));
    let line = |number: u64| {
        let lines = profile["lines"].as_array().expect("rows");
        lines.iter().find(|row| row["place"]["line"] == number).map_or(0, |row| bytes(&row["allocated"]))
    };
    assert!(line(3) >= lists && line(8) == 0, "{:#}", profile["lines"]);
    // What all functions have allocated is what was allocated.
    let rows = profile["functions"].as_array().expect("rows");
    let sum: u64 = rows.iter().map(|row| bytes(&row["allocated"])).sum();
    assert_eq!(sum, bytes(&profile["allocation"]["bytes"]));
    assert!(bytes(&profile["allocation"]["count"]) > 100_000);
}

#[test]
fn what_is_allocated_stands_in_the_report() {
    let folder = Folder::new();
    folder.file("script.bl", "let xs = range(0, 100000) |> map(|x| x * 2)\nprintln(len(xs))\n");
    let outcome = folder.run(&["profile", "script.bl"]);
    let report = &outcome.messages;
    assert!(report.lines().next().is_some_and(|line| line.contains(" allocated in ")), "{report}");
    let heading = report.lines().find(|line| line.trim_start().starts_with("function ")).expect("a table");
    assert!(heading.trim_end().ends_with("allocated  cumulative"), "{report}");
    let row = report.lines().find(|line| line.trim_start().starts_with("map()")).expect("a row");
    assert!(row.trim_end().ends_with("MB"), "{report}");
}

#[test]
fn a_section_waits_for_its_workers() {
    let (profile, outcome) = profile(
        "for round in 0..10 { [1, 2, 3, 4, 5, 6, 7, 8] |> par_map(|x| { sleep(5); x }) }\nprintln(1)\n",
    );
    outcome.succeeded();
    let rows = profile["waits"].as_array().expect("rows");
    let locks = rows.iter().find(|row| row["kind"] == "locks").unwrap_or_else(|| panic!("{rows:?}"));
    assert_eq!(locks["count"], 10);
    assert!(seconds(&locks["time_s"]) > 0.0, "{locks}");
    // That is no waiting for disk, network or programs.
    assert_eq!(waited(&profile, "disk") + waited(&profile, "network") + waited(&profile, "processes"), 0.0);
}

#[test]
fn stages_of_a_fused_pipeline_have_their_own_time_and_calls() {
    let (profile, outcome) = profile(
        "fn run(n) {\n  range(0, n)\n    |> map(|x| (x * 7919 + 13) % 10007 * 3 % 1009 * 5 % 997)\n    \
         |> filter(|x| x % 2 == 0)\n    |> sum()\n}\n\
         println(run(200000) > 0, run(3))\n",
    );
    assert!(outcome.succeeded().starts_with("true "));
    let calls = calls(&profile);
    for name in ["map", "filter", "sum", "range", "run"] {
        assert_eq!(calls[name], 2, "{name} in {calls:?}");
    }
    let time = |name: &str| seconds(&function(&profile, name)["self_s"]);
    assert!(time("map") > time("filter") && time("filter") > 0.0 && time("sum") > 0.0, "{profile:#}");
    assert!(time("map") + time("filter") + time("sum") > 10.0 * time("run"), "{profile:#}");
    // Each stage has a site, where it is written, with its items.
    let sites = profile["sites"].as_array().expect("rows");
    let site = |name: &str| {
        let found = sites.iter().find(|site| {
            profile["functions"][site["function"].as_u64().expect("a row") as usize]["name"] == name
        });
        found.unwrap_or_else(|| panic!("no site of {name}"))
    };
    assert_eq!((&site("map")["place"]["line"], &site("map")["items"]), (&3.into(), &200_003.into()));
    assert_eq!((&site("filter")["place"]["line"], &site("filter")["items"]), (&4.into(), &200_003.into()));
    assert_eq!((&site("sum")["items"], &site("sum")["inlined"]), (&Value::Null, &true.into()));
}

#[test]
fn what_a_stage_calls_hangs_below_it() {
    let (profile, _) = profile(
        "fn work(x) { let t = 0\n for i in 0..200 { t += i * x }\n t }\n\
         println(range(0, 2000) |> map(|x| work(x)) |> len())\n",
    );
    let (map, work) = (function(&profile, "map"), function(&profile, "work"));
    assert!(seconds(&map["cumulative_s"]) >= seconds(&work["cumulative_s"]), "{profile:#}");
    assert!(seconds(&map["self_s"]) < seconds(&work["self_s"]), "{profile:#}");
}

#[test]
fn recursion_counts_once() {
    let (profile, _) =
        profile("fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\nprintln(fib(20))\n");
    let wall = seconds(&profile["wall_s"]);
    let cumulative = seconds(&function(&profile, "fib")["cumulative_s"]);
    assert!(cumulative <= wall * 1.01 && cumulative > wall * 0.5, "{profile:#}");
}

#[test]
fn stages_of_a_pipeline_are_timed() {
    let (profile, outcome) = profile(
        "pipeline both {\n  stage first -> range(0, 100000) |> map(|x| x * 2)\n  \
         stage second -> first |> map(|x| work(x)) |> sum()\n}\n\
         fn work(x) { x % 7 + x % 5 + x % 3 }\nprintln(both)\n",
    );
    outcome.succeeded();
    let stages = profile["stages"].as_array().expect("rows");
    let names: Vec<_> = stages.iter().map(|stage| stage["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["first", "second"]);
    let time = |number: usize| seconds(&stages[number]["time_s"]);
    assert!(time(1) > time(0) && time(0) > 0.0, "{profile:#}");
    assert!(time(0) + time(1) <= seconds(&profile["wall_s"]) * 1.01, "{profile:#}");
}

#[test]
fn waiting_is_no_computing() {
    let (profile, outcome) = profile(
        "async fn slow(n) {\n  sleep(120)\n  n\n}\nprintln(await_all([slow(1), slow(2), slow(3)]))\nsleep(60)\n",
    );
    assert_eq!(outcome.succeeded(), "[1, 2, 3]\n");
    let (wall, asleep) = (seconds(&profile["wall_s"]), waited(&profile, "sleep"));
    assert!(asleep >= 0.17 && asleep <= wall * 1.01, "{profile:#}");
    assert!(asleep > wall * 0.5 && seconds(&profile["cpu_s"]) < wall, "{profile:#}");
    // Three tasks waited at the same time.
    let sleep = profile["waits"].as_array().expect("rows").iter().find(|row| row["kind"] == "sleep");
    assert!(seconds(&sleep.expect("a row")["in_tasks_s"]) >= 0.35, "{profile:#}");
    let calls = calls(&profile);
    assert_eq!((calls["slow"], calls["sleep"], calls["await_all"]), (3, 4, 1));
}

#[test]
fn files_are_waited_for_and_counted() {
    let folder = Folder::new();
    let read = "@r\nACGTACGTAC\n+\nIIIIIIIIII\n";
    folder.file("reads.fq", read.repeat(5000));
    folder.file("script.bl", "println(fastq(\"reads.fq\") |> map(|r| r.length) |> sum())\n");
    let outcome = folder.run(&["profile", "-o", "out.json", "script.bl"]);
    assert_eq!(outcome.succeeded(), "50000\n");
    let profile: Value = serde_json::from_slice(&folder.read("out.json")).expect("JSON");
    assert_eq!(profile["input"]["records"], 5000);
    assert_eq!(profile["input"]["bytes"], read.len() * 5000);
    assert!(
        profile["waits"].as_array().expect("rows").iter().any(|row| row["kind"] == "disk"),
        "{profile:#}"
    );
}

#[test]
fn parallel_sections_say_who_worked() {
    let (profile, outcome) = profile(
        "fn heavy(x) { let t = 0\n for i in 0..20000 { t += i * x }\n t }\n\
         println(par_map(range(0, 300), |x| heavy(x)) |> len())\n",
    );
    assert_eq!(outcome.succeeded(), "300\n");
    assert_eq!(calls(&profile)["heavy"], 300);
    let sections = profile["sections"].as_array().expect("rows");
    assert_eq!(sections.len(), 1);
    let section = &sections[0];
    assert_eq!((&section["items"], &section["runs"]), (&300.into(), &1.into()));
    let workers = section["workers"].as_array().expect("workers");
    let items: u64 = workers.iter().map(|worker| worker["items"].as_u64().expect("a number")).sum();
    assert_eq!(items, 300);
    let busy: f64 = workers.iter().map(|worker| seconds(&worker["busy_s"])).sum();
    let wall = seconds(&section["wall_s"]);
    assert!(busy <= wall * workers.len() as f64 * 1.01 && busy > wall * 0.9, "{section:#}");
    // What both threads did is divided into the time that it took.
    let sum: f64 =
        profile["functions"].as_array().expect("rows").iter().map(|row| seconds(&row["self_s"])).sum();
    assert!((sum - seconds(&profile["wall_s"])).abs() < sum * 0.03 + 1e-4, "{profile:#}");
    assert!(seconds(&function(&profile, "heavy")["self_s"]) > sum * 0.5, "{profile:#}");
}

#[test]
fn tasks_cost_little_memory() {
    let ended = "async fn next(i) { i + 1 }\nlet last = 0\nfor i in 0..60000 { last = await next(last) }\nprintln(last)";
    let waiting = "async fn wait(i) { sleep(300)\ni }\nprintln(range(0, 10000) |> map(|i| wait(i)) |> await_all() |> len())";
    // A record for each that has ended took 80 MB, and what only those need that run another 80 MB.
    for (script, name, calls, limit) in
        [(ended, "next", 60_000, 40_000_000), (waiting, "wait", 10_000, 90_000_000)]
    {
        let (profile, outcome) = profile(script);
        assert_eq!(outcome.succeeded(), format!("{calls}\n"));
        assert_eq!(function(&profile, name)["calls"], calls);
        let peak = profile["peak_memory"].as_u64().expect("the system tells it");
        assert!(peak < limit, "{name}: {peak}");
    }
}

#[test]
fn a_function_can_be_profiled_by_the_script() {
    let folder = Folder::new();
    let script = "fn work(n) { range(0, n) |> map(|x| x * x) |> sum() }\n\
         let p = profile(|| work(1000))\n\
         println(p.value, keys(p), p.total_s > 0)\n\
         let rows = p.rows |> filter(|row| row.name == \"work\" or row.name == \"map\")\n\
         println(rows |> map(|row| row.calls), colnames(p.rows))\n\
         println((p.rows |> map(|row| row.self_s) |> sum()) <= p.total_s * 1.0001)\n\
         println(try_call(|| profile(|| 1 / 0)).error)\n\
         println(profile(|| profile(|| work(3)).value).value)\n";
    folder.file("script.bl", script);
    let expected = "332833500 [value, total_s, rows] true\n[1, 1] [name, calls, self_s, total_s, pct]\ntrue\n\
                    division by zero\n5\n";
    assert_eq!(folder.run(&["run", "script.bl"]).succeeded(), expected);
    // Also within a profile, which gets what the inner one saw.
    assert_eq!(folder.run(&["profile", "-o", "out.json", "script.bl"]).succeeded(), expected);
    let outer: Value = serde_json::from_slice(&folder.read("out.json")).expect("JSON");
    let calls = calls(&outer);
    assert_eq!((calls["profile"], calls["work"]), (4, 2), "{calls:?}");
}

#[test]
fn the_report_is_on_standard_error() {
    let folder = Folder::new();
    folder.file("script.bl", "fn f(x) { x + 1 }\nprintln(f(1), args())\n");
    for command in ["profile", "run"] {
        let words: &[&str] = match command {
            "run" => &["run", "--profile", "script.bl", "--profile", "a"],
            _ => &["profile", "script.bl", "--profile", "a"],
        };
        let outcome = folder.run(words);
        assert_eq!((outcome.code, outcome.output.as_str()), (Some(0), "2 [--profile, a]\n"));
        let report = &outcome.messages;
        for part in ["Profile of script.bl: ", "\nFunctions\n", "\nInstructions\n", "\nMost frequent pairs"] {
            assert!(report.contains(part), "{report}");
        }
        assert!(report.lines().any(|line| line.trim_start().starts_with("f() ")), "{report}");
    }
}

#[test]
fn a_script_that_ends_early_has_a_profile() {
    for (end, code) in [("exit(7)", 7), ("nil.field", 1), ("error(\"x\")", 1)] {
        let folder = Folder::new();
        folder.file("script.bl", format!("fn f(x) {{ x + 1 }}\nfor i in 0..10 {{ f(i) }}\n{end}\n"));
        let outcome = folder.run(&["profile", "-o", "out.json", "script.bl"]);
        assert_eq!(outcome.code, Some(code), "{outcome:?}");
        let profile: Value = serde_json::from_slice(&folder.read("out.json")).expect("JSON");
        assert_eq!(calls(&profile)["f"], 10, "{end}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_script_has_a_profile() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::new();
    // Standard error is not buffered, so its first line says that the script runs.
    folder.file("script.bl", "fn f(x) { x + 1 }\neprintln(f(1))\nlet n = 0\nwhile true { n += 1 }\n");
    let mut child = start(folder.command(&["profile", "-o", "out.json", "script.bl"]));
    let mut line = String::new();
    let mut messages = BufReader::new(child.stderr.take().expect("a pipe"));
    messages.read_line(&mut line).expect("a line");
    assert_eq!(line, "2\n");
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let profile: Value = serde_json::from_slice(&folder.read("out.json")).expect("JSON");
    assert_eq!(calls(&profile)["f"], 1);
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_the_run() {
    let folder = Folder::new();
    folder.file("script.bl", "println(1)\n");
    for (output, code, message) in [
        ("script.bl", 2, "the report would replace the script script.bl"),
        ("no/such/out.json", 1, "cannot write no/such/out.json: there is no directory no/such"),
        (".", 1, "cannot write .: it is a directory"),
    ] {
        let outcome = folder.run(&["profile", "-o", output, "script.bl"]);
        assert_eq!(outcome.output, "", "{output}");
        assert!(outcome.failed(code).contains(message), "{outcome:?}");
    }
    assert_eq!(folder.read("script.bl"), b"println(1)\n");
}

#[test]
fn speedscope_files_have_what_their_schema_requires() {
    let folder = Folder::new();
    folder.file("script.bl", "fn f(x) { range(0, x) |> map(|v| v * 2) |> sum() }\nprintln(f(20000))\n");
    assert_eq!(folder.run(&["profile", "-o", "a.speedscope.json", "script.bl"]).succeeded(), "399980000\n");
    let file: Value = serde_json::from_slice(&folder.read("a.speedscope.json")).expect("JSON");
    assert_eq!(file["$schema"], "https://www.speedscope.app/file-format-schema.json");
    let frames = file["shared"]["frames"].as_array().expect("frames");
    assert!(frames.iter().all(|frame| frame["name"].is_string()), "{file:#}");
    for profile in file["profiles"].as_array().expect("profiles") {
        assert_eq!((&profile["type"], &profile["unit"]), (&"sampled".into(), &"nanoseconds".into()));
        let samples = profile["samples"].as_array().expect("samples");
        let weights = profile["weights"].as_array().expect("weights");
        assert!(!samples.is_empty() && samples.len() == weights.len(), "{file:#}");
        let sum: u64 = weights.iter().map(|weight| weight.as_u64().expect("a number")).sum();
        assert_eq!((profile["startValue"].as_u64(), profile["endValue"].as_u64()), (Some(0), Some(sum)));
        for frame in samples.iter().flat_map(|sample| sample.as_array().expect("a stack")) {
            assert!((frame.as_u64().expect("a frame") as usize) < frames.len());
        }
        assert!(profile["name"].is_string());
    }
}

#[test]
fn collapsed_stacks_and_flame_graphs() {
    let folder = Folder::new();
    let script = "fn f(x) { range(0, x) |> map(|v| work(v)) |> sum() }\nfn work(v) { v % 7 * 2 }\nprintln(f(200000))\n";
    folder.file("script.bl", script);
    folder.run(&["profile", "--format", "collapsed", "-o", "stacks", "script.bl"]).succeeded();
    let stacks = String::from_utf8(folder.read("stacks")).expect("UTF-8");
    for line in stacks.lines() {
        let (stack, count) = line.rsplit_once(' ').expect("a count");
        assert!(stack.starts_with("main") && count.parse::<u64>().is_ok_and(|count| count > 0), "{line}");
    }
    assert!(stacks.lines().any(|line| line.starts_with("main;f;map();work ")), "{stacks}");
    folder.run(&["profile", "-o", "graph.svg", "script.bl"]).succeeded();
    let picture = String::from_utf8(folder.read("graph.svg")).expect("UTF-8");
    assert!(picture.contains("<svg") && picture.contains("map()"), "{picture}");
    well_formed(&picture);
}

/// Whether the document is XML: elements and their ends match, and attributes have quotes.
#[track_caller]
fn well_formed(document: &str) {
    let mut reader = quick_xml::Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        match reader.read_event().expect("well-formed XML") {
            quick_xml::events::Event::Start(start) => {
                start.attributes().for_each(|attribute| drop(attribute.expect("an attribute")));
                depth += 1;
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}
