//! What the times were taken on.

use super::language::first_line;
use std::path::Path;
use std::{env, fs, thread};

/// The lines that a reader needs to judge the times, without anything that says whose computer it is.
pub fn description() -> Vec<String> {
    let cores = thread::available_parallelism().map_or_else(|_| "?".to_owned(), |cores| cores.to_string());
    vec![
        format!("{}, {cores} cores, {} {}", processor(), env::consts::OS, env::consts::ARCH),
        format!("{}, {}", first_line(Path::new("rustc"), &["--version"]).unwrap_or_default(), today()),
    ]
}

/// The commit that is checked out; says so where files were changed since.
pub fn commit() -> String {
    let git = |options: &[&str]| first_line(Path::new("git"), options);
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    // The report itself may have been written before.
    let changed = git(&["status", "--porcelain", "--", ":/", ":(exclude,top)bench/results.md"]);
    if changed.is_some() { format!("{commit}, with changes") } else { commit }
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':')).map(|(_, name)| name.trim());
    name.filter(|name| !name.is_empty()).unwrap_or("unknown processor").to_owned()
}

fn today() -> String {
    first_line(Path::new("date"), &["-u", "+%Y-%m-%d"]).unwrap_or_else(|| "unknown date".to_owned())
}
