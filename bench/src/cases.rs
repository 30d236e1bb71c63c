//! What is measured.

use crate::script::Script;
use crate::{native, reads};
use biovm_vm::Value;
use biovm_vm::profile::Profile;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// How much work a case does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// As much as is worth measuring.
    Full,
    /// Little: for tests, which only compare answers.
    Small,
}

/// A piece of work, as a script and in Rust.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// What it does, with its size.
    pub what: String,
    script: Script,
    native: Box<dyn Fn() -> Answer>,
    /// The generated reads, where it works on some.
    _folder: Option<tempfile::TempDir>,
}

/// What both ways of doing the work give.
#[derive(Clone, Debug)]
pub enum Answer {
    /// An Int.
    Int(i64),
    /// A Float.
    Float(f64),
    /// A list of numbers.
    Numbers(Vec<f64>),
}

impl Answer {
    /// What a script gave.
    pub fn of(value: &Value) -> Answer {
        match value {
            Value::Int(value) => Answer::Int(*value),
            Value::Float(value) => Answer::Float(*value),
            Value::List(list) => Answer::Numbers(list.iter().filter_map(|item| item.as_float()).collect()),
            other => panic!("no answer: {other:?}"),
        }
    }

    /// Whether both are the same; Floats up to the rounding that another order of additions makes.
    pub fn agrees_with(&self, other: &Answer) -> bool {
        let close = |left: f64, right: f64| (left - right).abs() <= 1e-9 * left.abs().max(right.abs());
        match (self, other) {
            (Answer::Int(left), Answer::Int(right)) => left == right,
            (Answer::Float(left), Answer::Float(right)) => close(*left, *right),
            (Answer::Numbers(left), Answer::Numbers(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| close(*left, *right))
            }
            _ => false,
        }
    }
}

impl Case {
    /// A case whose answers have been compared.
    fn new(
        name: &'static str,
        what: String,
        script: &str,
        argument: Value,
        native: impl Fn() -> Answer + 'static,
    ) -> Case {
        let script = Script::prepare(&format!("{name}.bl"), script, argument);
        let mut case = Case { name, what, script, native: Box::new(native), _folder: None };
        case.check();
        case
    }

    fn with_folder(self, folder: tempfile::TempDir) -> Case {
        Case { _folder: Some(folder), ..self }
    }

    /// Does the work on the machine.
    pub fn run_script(&mut self) -> Value {
        self.script.run()
    }

    /// Does the work on the machine, under a profile.
    pub fn run_profiled(&mut self) -> (Value, Profile) {
        self.script.run_profiled()
    }

    /// Does the work natively.
    pub fn run_native(&self) -> Answer {
        (self.native)()
    }

    fn check(&mut self) {
        let (script, native) = (Answer::of(&self.run_script()), self.run_native());
        assert!(script.agrees_with(&native), "{}: the script gives {script:?}, Rust {native:?}", self.name);
    }
}

macro_rules! script {
    ($name:literal) => {
        include_str!(concat!("../scripts/", $name, ".bl"))
    };
}

/// Makes a case, which takes a moment.
pub type Make = fn(Size) -> Case;

/// All cases, by name.
pub const CASES: [(&str, Make); 7] = [
    ("fib", fib),
    ("integer_loop", integer_loop),
    ("float_loop", float_loop),
    ("list_push", list_push),
    ("record_access", record_access),
    ("gc_in_memory", gc_in_memory),
    ("fastq_qc", fastq_qc),
];

impl Size {
    fn choose(self, full: i64, small: i64) -> i64 {
        if self == Size::Full { full } else { small }
    }
}

fn fib(size: Size) -> Case {
    let n = size.choose(27, 12);
    let what = format!("recursion: `fib({n})`");
    Case::new("fib", what, script!("fib"), n.into(), move || Answer::Int(native::fib(n)))
}

fn integer_loop(size: Size) -> Case {
    let n = size.choose(1_000_000, 1_000);
    let what = format!("{n} rounds of `total = (total + i * 7) % 1000003`");
    let native = move || Answer::Int(native::integer_loop(n));
    Case::new("integer_loop", what, script!("integer_loop"), n.into(), native)
}

fn float_loop(size: Size) -> Case {
    let n = size.choose(1_000_000, 1_000);
    let what = format!("{n} terms of the Leibniz series");
    let native = move || Answer::Float(native::float_loop(n));
    Case::new("float_loop", what, script!("float_loop"), n.into(), native)
}

fn list_push(size: Size) -> Case {
    let n = size.choose(1_000_000, 1_000);
    let what = format!("a list of {n} squares by `push`");
    Case::new("list_push", what, script!("list_push"), n.into(), move || Answer::Int(native::list_push(n)))
}

fn record_access(size: Size) -> Case {
    let n = size.choose(200_000, 1_000);
    let hits = native::hits(n);
    let what = format!("three fields of each of {n} records");
    let native = move || Answer::Int(native::record_access(&hits));
    Case::new("record_access", what, script!("record_access"), n.into(), native)
}

fn gc_in_memory(size: Size) -> Case {
    let (count, folder, path) = fastq_file(size);
    let sequences = native::sequences(&path);
    let what = format!("mean GC of {count} reads of 150 bases in memory");
    let native = move || Answer::Float(native::mean_gc(&sequences));
    Case::new("gc_in_memory", what, script!("gc_in_memory"), argument(&path), native).with_folder(folder)
}

fn fastq_qc(size: Size) -> Case {
    let (count, folder, path) = fastq_file(size);
    let what = format!("quality control of a FASTQ file of {count} reads of 150 bases, streamed");
    let argument = argument(&path);
    let native = move || Answer::Numbers(native::fastq_qc(&path));
    Case::new("fastq_qc", what, script!("fastq_qc"), argument, native).with_folder(folder)
}

fn argument(path: &Path) -> Value {
    Value::from(path.to_string_lossy().into_owned())
}

/// A plain FASTQ file in a folder of its own, and how many reads it has.
fn fastq_file(size: Size) -> (usize, tempfile::TempDir, PathBuf) {
    let count = size.choose(20_000, 200) as usize;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("reads.fq");
    write(&path, count).expect("the reads are written");
    (count, folder, path)
}

fn write(path: &Path, count: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    reads::write_fastq(&mut out, count, 150, 42)?;
    out.flush()
}
