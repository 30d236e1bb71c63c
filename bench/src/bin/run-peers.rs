//! Measures the programs of `bench/peers` in BioLang and in other languages, and writes `bench/results.md`.
//!
//! `bench/run-peers [OPTIONS] [PROGRAM…]`, from anywhere.

use biovm_bench::peers::language::{Language, OURS, REFERENCE};
use biovm_bench::peers::measure::{Row, measure};
use biovm_bench::peers::programs::{PROGRAMS, Program};
use biovm_bench::peers::{computer, report};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

const USAGE: &str = "usage: bench/run-peers [--rounds N] [--biovm EXECUTABLE] [--output FILE] [PROGRAM…]

Runs the programs of bench/peers in every language that is installed, in turn, checks that their answers agree, and prints
the least times. All programs with the release build: the table is also written to bench/results.md. With chosen programs or
another executable, only with --output.";

const EXECUTABLE: &str = "target/release/biovm";
const PROGRAMS_FOLDER: &str = "bench/peers";
const RESULTS: &str = "bench/results.md";

struct Options {
    rounds: usize,
    executable: Option<PathBuf>,
    output: Option<PathBuf>,
    programs: Vec<Program>,
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match parse(words).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("run-peers: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn parse(words: Vec<String>) -> Result<Options, String> {
    let mut options = Options { rounds: 7, executable: None, output: None, programs: Vec::new() };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value\n\n{USAGE}"));
        match &*word {
            "--rounds" => {
                let count = value()?;
                let rounds = count.parse().ok().filter(|rounds| *rounds > 0);
                options.rounds = rounds.ok_or_else(|| format!("'{count}' is no number of rounds"))?;
            }
            "--biovm" => options.executable = Some(value()?.into()),
            "--output" => options.output = Some(value()?.into()),
            name => {
                let program = PROGRAMS.into_iter().find(|program| program.name == name);
                options.programs.push(program.ok_or_else(|| format!("no program '{name}'\n\n{USAGE}"))?);
            }
        }
    }
    Ok(options)
}

fn run(options: &Options) -> Result<(), String> {
    let folder = Path::new(PROGRAMS_FOLDER);
    if !folder.is_dir() {
        return Err(format!("no folder {PROGRAMS_FOLDER} here; start it as bench/run-peers"));
    }
    let mut languages = vec![Language::ours(options.executable.as_deref().unwrap_or(Path::new(EXECUTABLE)))?];
    let (others, missing) = Language::others();
    languages.extend(others);
    let all = options.programs.is_empty();
    let programs = if all { PROGRAMS.to_vec() } else { options.programs.clone() };
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for program in programs {
        match measure(program, &languages, folder, options.rounds) {
            Ok(row) => {
                eprintln!("{}: {}", program.name, times(&languages, &row));
                rows.push(row);
            }
            Err(problem) => {
                eprintln!("{problem}");
                problems.push(program.name);
            }
        }
    }
    let text = results(&languages, &missing, &rows, options);
    print!("{text}");
    if !problems.is_empty() {
        return Err(format!("nothing is written, as these programs failed: {}", problems.join(", ")));
    }
    let usual = (all && options.executable.is_none()).then(|| PathBuf::from(RESULTS));
    if let Some(file) = options.output.clone().or(usual) {
        fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    Ok(())
}

/// A line on the way, as all of it takes minutes.
fn times(languages: &[Language], row: &Row) -> String {
    let time = |(language, times): (&Language, &biovm_bench::peers::measure::Times)| {
        format!("{} {:.3} s", language.name, times.processor.as_secs_f64())
    };
    languages.iter().zip(&row.times).map(time).collect::<Vec<_>>().join(", ")
}

/// All of the report.
fn results(languages: &[Language], missing: &[&str], rows: &[Row], options: &Options) -> String {
    let mut text = String::from("# The machine against other interpreters\n\n");
    _ = writeln!(
        text,
        "Written by `bench/run-peers`. Time of processors, user and system, of whole processes: the least of {} runs in turn.\n\
         Ratios below 1 mean less time; the first ones are to {REFERENCE}, those after them show {OURS} against the others. A\n\
         program whose answers differ is left out. Programs marked \"builtins\" use what each language comes with; they and\n\
         `empty` do not count for the mean. `bench/README.md` describes the programs.\n",
        options.rounds
    );
    for line in computer::description() {
        _ = writeln!(text, "* {line}");
    }
    let build = if options.executable.is_some() { "an executable of choice" } else { "release build" };
    let commit =
        if options.executable.is_some() { String::new() } else { format!(", commit {}", computer::commit()) };
    for language in languages {
        let remark = if language.name == OURS { format!(" ({build}{commit})") } else { String::new() };
        _ = writeln!(text, "* {}: {}{remark}", language.name, language.version);
    }
    for name in missing {
        _ = writeln!(text, "* {name}: not installed, left out");
    }
    _ = write!(text, "\n{}", report::table(languages, rows));
    _ = write!(text, "\n## On the wall\n\n{}", report::wall_table(languages, rows));
    text
}
