//! How large bytecode files are, and how long loading takes: `cargo run --release -p biovm-bench --bin bytecode-size`.
//!
//! Sizes are those of all scripts of the repository, and of the programs in `peers/` beside what `luac5.4` and Python make
//! of the same programs. Times are those of the processor, medians, for a generated script of at least one megabyte of bytecode.

use biovm_bench::compiling::clock;
use biovm_bench::compiling::generate::{Language, script};
use biovm_bytecode::{Program, codec, verify};
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use biovm_vm::output::Output;
use biovm_vm::{Context, LoadedProgram};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

/// A megabyte, as the target says it.
const LARGE: usize = 1_000_000;
const ROUNDS: usize = 21;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    println!("| Scripts | number | source | `.blc` | `.blc`, stripped |\n|---|---:|---:|---:|---:|");
    for folder in ["tests", "docs/examples"] {
        let mut paths = Vec::new();
        find(&root.join(folder), &mut paths)?;
        let (mut count, mut sums) = (0, [0; 3]);
        for path in paths {
            // Some are not text, some are there to be refused.
            let Some(sizes) = fs::read_to_string(&path).ok().and_then(sizes) else { continue };
            count += 1;
            sums.iter_mut().zip(sizes).for_each(|(sum, size)| *sum += size);
        }
        println!("| `{folder}` | {count} | {} | {} | {} |", sums[0], sums[1], sums[2]);
    }
    println!();
    peers(&root.join("bench/peers"))?;
    println!();
    loading()
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "bl") {
            paths.push(path);
        }
    }
    Ok(())
}

fn program(text: String) -> Option<Program> {
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let options = Options { signatures, ..Options::default() };
    compile(&SourceText::new("script.bl", text), &options).ok().map(|compiled| compiled.program)
}

/// The bytes of the source, of its bytecode, and of that without source and positions.
fn sizes(text: String) -> Option<[usize; 3]> {
    let length = text.len();
    let program = program(text)?;
    Some([length, codec::encode(&program, false).len(), codec::encode(&program, true).len()])
}

/// The same programs in other languages, where those are installed.
fn peers(folder: &Path) -> io::Result<()> {
    let scratch = tempfile::tempdir()?;
    let output = scratch.path().join("compiled");
    println!("| Program | `.bl` | `.blc` | stripped | `.lua` | `luac` | `luac -s` | `.py` | `.pyc` |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut paths = Vec::new();
    find(&folder.join("biovm"), &mut paths)?;
    paths.sort();
    let mut sums = [0; 8];
    for path in &paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let beside =
            |language: &str, extension: &str| folder.join(language).join(&name).with_extension(extension);
        let (lua, python) = (beside("lua", "lua"), beside("python", "py"));
        let Some(ours) = sizes(fs::read_to_string(path)?) else { continue };
        let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len() as usize);
        let compiled = |command: &mut Command| {
            let _ = fs::remove_file(&output);
            command.status().map_or(0, |_| length(&output))
        };
        let luac = |options: &[&str]| {
            compiled(Command::new("luac5.4").args(options).arg("-o").arg(&output).arg(&lua))
        };
        let script = "import py_compile, sys; py_compile.compile(sys.argv[1], cfile=sys.argv[2])";
        let pyc = compiled(Command::new("python3").arg("-c").arg(script).arg(&python).arg(&output));
        let [source, full, stripped] = ours;
        let row = [source, full, stripped, length(&lua), luac(&[]), luac(&["-s"]), length(&python), pyc];
        print_row(&name, &row);
        sums.iter_mut().zip(row).for_each(|(sum, size)| *sum += size);
    }
    print_row("all", &sums);
    Ok(())
}

/// A program that could not be compiled has no size.
fn print_row(name: &str, sizes: &[usize]) {
    let cells: Vec<String> =
        sizes.iter().map(|size| if *size == 0 { "–".to_owned() } else { size.to_string() }).collect();
    println!("| {name} | {} |", cells.join(" | "));
}

fn loading() -> io::Result<()> {
    let context = Context::new(biovm_stdlib::natives(), Output::new(io::sink(), false));
    println!("| File | bytes | decode | verify | decode, verify and load |\n|---|---:|---:|---:|---:|");
    for strip in [false, true] {
        let mut lines = 10_000;
        let file = loop {
            let Some(program) = program(script(lines, Language::BioLang)) else {
                return Err(io::Error::other("the generated script does not compile"));
            };
            let file = codec::encode(&program, strip);
            if file.len() >= LARGE {
                break file;
            }
            lines += lines * (LARGE - file.len()) / file.len() + 200;
        };
        let decode = || codec::decode(&file).map_err(io::Error::other);
        let decoded = decode()?;
        let load = |program| LoadedProgram::load(program, &context).map_err(io::Error::other);
        // A program that is loaded for the first time makes the shapes of its records.
        black_box(load(decode()?)?);
        println!(
            "| {} | {} | {:.2?} | {:.2?} | {:.2?} |",
            if strip { "stripped" } else { "with source and positions" },
            file.len(),
            median(|| decode().map(|_| ()))?,
            median(|| verify::verify(&decoded).map_err(io::Error::other))?,
            median(|| load(decode()?).map(|_| ()))?,
        );
    }
    Ok(())
}

/// The median time of some rounds.
fn median(mut work: impl FnMut() -> io::Result<()>) -> io::Result<Duration> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = clock::of_this_thread();
        black_box(work()?);
        times.push(clock::of_this_thread().saturating_sub(start));
    }
    times.sort_unstable();
    Ok(times[ROUNDS / 2])
}
