//! Runs every case below `language/`, `builtins/` and `command/`, from its source and from its bytecode.

use biovm_tests::case::{self, Case};
use biovm_tests::process::{self, Outcome};
use biovm_tests::{difference, executable, expectation};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io, thread};

/// Only the cases with this text in their name.
const FILTER: &str = "BIOVM_CASES";
/// Set to 1: expectations are rewritten to what biovm does. Read the changes before you believe them.
const BLESS: &str = "BIOVM_BLESS";

#[test]
fn every_case_does_what_it_must() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut cases, orphans) = case::find(root).expect("the cases can be read");
    assert!(!cases.is_empty(), "no cases below {}", root.display());
    if let Ok(filter) = env::var(FILTER) {
        cases.retain(|case| case.name.contains(&filter));
        assert!(!cases.is_empty(), "no case with '{filter}' in its name");
    }
    let runner = Runner {
        executable: executable::build().unwrap_or_else(|problem| panic!("{problem}")),
        bytecode: tempfile::tempdir().expect("a temporary folder"),
        blesses: env::var_os(BLESS).is_some_and(|value| value == "1"),
    };

    let mut failures = runner.check_all(&cases);
    for orphan in orphans {
        let name = orphan.strip_prefix(root).unwrap_or(&orphan).display().to_string();
        failures.insert(name, "  an expectation without a script\n".to_owned());
    }
    let count = cases.len();
    if failures.is_empty() {
        println!("{count} cases, all as expected");
        return;
    }
    let mut report = String::new();
    for (name, problem) in &failures {
        // Writing to a String cannot fail.
        let _ = writeln!(report, "{name}\n{problem}");
    }
    panic!("\n\n{report}{} of {count} cases failed ('-' expected, '+' found)\n", failures.len());
}

struct Runner {
    executable: PathBuf,
    /// Where bytecode files go.
    bytecode: tempfile::TempDir,
    blesses: bool,
}

impl Runner {
    /// Runs the cases on all cores; what is wrong with those that failed, by name.
    fn check_all(&self, cases: &[Case]) -> BTreeMap<String, String> {
        let next = AtomicUsize::new(0);
        let failures = Mutex::new(BTreeMap::new());
        let work = || {
            while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                let problem = match self.check(case) {
                    Ok(problem) => problem,
                    Err(error) => format!("  {error}\n"),
                };
                if !problem.is_empty() {
                    failures.lock().expect("no other check has panicked").insert(case.name.clone(), problem);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(work);
            }
        });
        failures.into_inner().expect("no check has panicked")
    }

    /// Runs a case; the text says what is wrong.
    fn check(&self, case: &Case) -> io::Result<String> {
        let from_source = self.run(case)?;
        if self.blesses {
            bless(case, &from_source)?;
            return Ok(String::new());
        }
        let mut problem = compare(case, &from_source);
        let from_bytecode = self.compile_and_run(case)?;
        let differs = match case.flags.is_empty() {
            true => from_bytecode != from_source,
            // Where a limit strikes may be another place each time.
            false => !compare(case, &from_bytecode).is_empty(),
        };
        if differs {
            problem.push_str(
                "  compiled and then run, it does something else ('-' from source, '+' from bytecode):\n",
            );
            let text = |outcome: &Outcome| {
                format!("code {:?}\n{}\n{}", outcome.code, outcome.output, outcome.messages)
            };
            problem += &difference::render(&text(&from_source), &text(&from_bytecode));
        }
        Ok(problem)
    }

    fn command(&self, case: &Case, words: &[&str]) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(words).current_dir(&case.folder);
        // No module of whoever runs the tests may be found.
        command.env_remove("BIOLANG_PATH").env("HOME", "/nonexistent");
        command.envs(case.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, case: &Case) -> io::Result<Outcome> {
        let mut command = self.command(case, &["run"]);
        command.args(&case.flags).arg(&case.script).args(&case.arguments);
        process::run(command, &case.input)
    }

    /// The same through a bytecode file. Warnings come from the first command, everything else from the second.
    fn compile_and_run(&self, case: &Case) -> io::Result<Outcome> {
        let bytecode = self.bytecode.path().join(format!("{}.blc", case.name.replace('/', "_")));
        let mut compile = self.command(case, &["compile", &case.script, "-o"]);
        compile.arg(&bytecode).args(&case.flags);
        let compiled = process::run(compile, b"")?;
        if compiled.code != Some(0) {
            return Ok(compiled);
        }
        let mut exec = self.command(case, &["exec"]);
        exec.args(&case.flags).arg(&bytecode).args(&case.arguments);
        let mut outcome = process::run(exec, &case.input)?;
        outcome.messages.insert_str(0, &compiled.messages);
        fs::remove_file(bytecode)?;
        Ok(outcome)
    }
}

/// What is wrong with an outcome.
fn compare(case: &Case, outcome: &Outcome) -> String {
    let mut problem = String::new();
    if case.is_bare {
        problem.push_str("  neither .out nor .err says what it must do\n");
    }
    if outcome.code != Some(case.code) {
        let found = outcome.code.map_or("none".to_owned(), |code| code.to_string());
        let _ = writeln!(problem, "  exit code {found} instead of {}", case.code);
    }
    if outcome.output != case.output {
        problem.push_str("  standard output:\n");
        problem += &difference::render(&case.output, &outcome.output);
    }
    if !expectation::matches(&case.messages, &outcome.messages) {
        problem.push_str("  standard error:\n");
        problem += &difference::render(&case.messages, &outcome.messages);
    }
    problem
}

/// Makes an outcome the expectation, and says so.
fn bless(case: &Case, outcome: &Outcome) -> io::Result<()> {
    if outcome.output != case.output || case.is_bare {
        write(case, "out", &outcome.output)?;
    }
    if !expectation::matches(&case.messages, &outcome.messages) {
        write(case, "err", &outcome.messages)?;
    }
    let code = outcome.code.unwrap_or(-1);
    // Without a file it is what the messages say.
    if code != case.code && code != i32::from(expectation::is_failure(&outcome.messages)) {
        write(case, "code", &format!("{code}\n"))?;
    } else if code != case.code {
        remove(&case.beside("code"))?;
    }
    Ok(())
}

fn write(case: &Case, extension: &str, text: &str) -> io::Result<()> {
    println!("{}.{extension} rewritten", case.name);
    if text.is_empty() && extension == "err" {
        return remove(&case.beside(extension));
    }
    fs::write(case.beside(extension), text)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
