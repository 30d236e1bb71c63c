//! The programs that are compared with other languages give the answers that are known for small sizes.

use biovm_bench::peers::expected::{Expected, parse};
use biovm_bench::peers::language::Language;
use biovm_bench::peers::programs::{PROGRAMS, READ_PROGRAMS};
use biovm_bench::reads;
use biovm_compiler::diagnostic::render;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::{Context, LoadedProgram, Machine};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

fn expected() -> Vec<Expected> {
    parse(&fs::read_to_string(folder().join("expected.txt")).unwrap()).unwrap()
}

#[test]
fn every_program_has_an_answer_and_a_file_in_each_language() {
    let names: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
    let answers = expected();
    assert_eq!(answers.iter().map(|one| &*one.name).collect::<Vec<_>>(), names);
    let mut sorted = names;
    sorted.sort_unstable();
    for (language, extension) in [("biovm", "bl"), ("lua", "lua"), ("python", "py")] {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder().join(language)).unwrap() {
            let path = entry.unwrap().path();
            // Python may have left a folder of its own.
            if path.extension().is_some_and(|found| found == extension) {
                files.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
            }
        }
        files.retain(|name| !READ_PROGRAMS.contains(&&**name));
        files.sort();
        assert_eq!(files, sorted, "{language}");
    }
}

#[test]
fn programs_give_the_expected_answers() {
    for one in expected() {
        assert_eq!(run(&one.name, &one.size), one.output, "{} {}", one.name, one.size);
    }
}

/// The same in the other languages, as far as they are here.
#[test]
fn other_languages_give_the_expected_answers() {
    let (languages, _) = Language::others();
    for one in expected() {
        for language in &languages {
            let mut command = language.command(&language.file(&folder(), &one.name));
            let output = command.arg(&one.size).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_eq!(printed, one.output, "{} {} in {}", one.name, one.size, language.name);
        }
    }
}

/// Mean and number of high GC contents, as all programs about reads say them, and the file with those reads.
fn reads() -> (tempfile::NamedTempFile, String, usize) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut text = Vec::new();
    reads::write_fastq(&mut text, 300, 80, 7).unwrap();
    file.write_all(&text).unwrap();
    let letters = text.split(|byte| *byte == b'\n').skip(1).step_by(4).filter(|letters| !letters.is_empty());
    let count = |letters: &[u8]| letters.iter().filter(|letter| b"GC".contains(letter)).count() as f64;
    let shares: Vec<f64> = letters.map(|letters| count(letters) / 80.0).collect();
    assert_eq!(shares.len(), 300);
    let mean = format!("{:.1}%", shares.iter().sum::<f64>() / 3.0);
    (file, mean, shares.iter().filter(|share| **share > 0.5).count())
}

#[test]
fn programs_about_reads_find_the_same() {
    let (file, mean, high) = reads();
    let path = file.path().to_str().unwrap();
    let facts = format!(" Avg GC: {mean}\n High GC reads: {high}\n");
    let printed = run("parallel_gc", path);
    assert_eq!(printed.split_once("s\n").unwrap().1, facts);

    let (languages, _) = Language::others();
    let python = |name: &str| {
        let python = languages.iter().find(|language| language.name == "python3")?;
        let output = python.command(&python.file(&folder(), name)).arg(path).output().unwrap();
        let messages = String::from_utf8_lossy(&output.stderr);
        // Biopython is not everywhere.
        let is_missing = messages.contains("No module named 'Bio'");
        assert!(is_missing || output.status.success(), "{messages}");
        (!is_missing).then(|| String::from_utf8(output.stdout).unwrap())
    };
    if let Some(printed) = python("parallel_gc") {
        assert_eq!(printed.split_once("s\n").unwrap().1, facts);
    }
    if let Some(printed) = python("analysis") {
        let lines =
            ["  Reads:    300\n", &format!("  Mean GC:  {mean}\n"), &format!("  High GC:  {high} reads\n")];
        assert!(lines.iter().all(|line| printed.matches(line).count() == 3), "{printed}");
        assert!(printed.ends_with("\nAll three agree.\n"), "{printed}");
    }
}

/// What the program prints for this argument.
fn run(name: &str, size: &str) -> String {
    let file = format!("{name}.bl");
    let text = fs::read_to_string(folder().join("biovm").join(&file)).unwrap();
    let source = SourceText::new(&file, &text);
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let compiled = compile(&source, &Options { signatures, ..Options::default() })
        .unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, &source, false)));
    let printed = Printed::default();
    let mut context = Context::new(biovm_stdlib::natives(), Output::new(printed.clone(), false));
    context.arguments = vec![size.to_owned()];
    let context = Arc::new(context);
    let program = LoadedProgram::load(compiled.program, &context).expect("the compiler's programs verify");
    Machine::new(context.clone()).run(&Arc::new(program)).unwrap_or_else(|error| panic!("{name}: {error}"));
    context.output.finish().unwrap();
    String::from_utf8(printed.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
}

/// A writer that keeps what is written.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
