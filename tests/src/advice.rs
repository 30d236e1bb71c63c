//! Scripts with a bottleneck of a known kind, for which a profile must give the right advice, and well-written ones, for which it
//! must give none. They stand in the folder `advice`.

use crate::stub::{Answer, Stub};
use serde_json::Value;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// How many cores the advice is for, whatever computer it is given on.
const WORKERS: &str = "2";

/// The reads that some of the scripts want: their file, number and length.
const READS: (&str, usize, usize) = ("reads.fastq", 250_000, 150);

/// A pipe into which reads come slowly: its name, how often some come, how many, and the time between.
const SLOW_READS: &str = "slow.fastq";
const SLOW_TIMES: usize = 60;
const SLOW_COUNT: usize = 200;
const SLOW_PAUSE: Duration = Duration::from_millis(15);

/// How long the server thinks about an answer.
const ANSWER_AFTER: Duration = Duration::from_millis(30);

/// A script and the advice that it must get.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, without the ending.
    pub name: String,
    /// The script.
    pub script: PathBuf,
    /// The script that follows the advice.
    pub better: Option<PathBuf>,
    /// What it must be bound by, where it must get advice.
    pub verdict: Option<String>,
    /// The kind and the line of the first suggestion; `None` where there must be none.
    pub suggestion: Option<(String, u64)>,
}

/// All cases, by name. A case is a script `name.bl` and beside it `name.advice`: `none`, or the verdict, the kind of the first
/// suggestion and its line, or the verdict and `none` where nothing can be done about it.
pub fn cases() -> io::Result<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("advice");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "advice") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let bad = || io::Error::other(format!("{}: not an expectation: {}", path.display(), text.trim()));
        let (verdict, suggestion) = match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["none"] => (None, None),
            [verdict, "none"] => (Some((*verdict).to_owned()), None),
            [verdict, kind, line] => {
                let line = line.parse().map_err(|_| bad())?;
                (Some((*verdict).to_owned()), Some(((*kind).to_owned(), line)))
            }
            _ => return Err(bad()),
        };
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let better = Some(path.with_extension("better.bl")).filter(|better| better.exists());
        cases.push(Case { name, script: path.with_extension("bl"), better, verdict, suggestion });
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

/// What the scripts work on: a folder with files, and a server.
pub struct Data {
    folder: PathBuf,
    server: Stub,
}

impl Data {
    /// Writes the files into the folder, and starts the server.
    pub fn new(folder: &Path) -> io::Result<Data> {
        write_reads(folder)?;
        #[cfg(unix)]
        if !Command::new("mkfifo").arg(folder.join(SLOW_READS)).status()?.success() {
            return Err(io::Error::other("mkfifo fails"));
        }
        let server = Stub::start(|question, _| {
            Answer::Late(ANSWER_AFTER, Box::new(Answer::text(question.path().repeat(10))))
        })?;
        Ok(Data { folder: folder.to_owned(), server })
    }

    /// The command, in the folder.
    fn command(&self, executable: &Path, script: &Path) -> Command {
        let name = script.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if name.starts_with("slow") {
            let pipe = self.folder.join(SLOW_READS);
            // It waits until somebody reads.
            thread::spawn(move || feed(&pipe));
        }
        let mut command = Command::new(executable);
        command.args(["--workers", WORKERS]).current_dir(&self.folder);
        command
    }
}

/// Writes reads into a pipe, slowly.
fn feed(pipe: &Path) -> io::Result<()> {
    let mut pipe = OpenOptions::new().write(true).open(pipe)?;
    let read = format!("@read\n{}\n+\n{}\n", "ACGT".repeat(40), "IIII".repeat(40));
    for _ in 0..SLOW_TIMES {
        thread::sleep(SLOW_PAUSE);
        pipe.write_all(read.repeat(SLOW_COUNT).as_bytes())?;
    }
    Ok(())
}

fn write_reads(folder: &Path) -> io::Result<()> {
    let (name, count, length) = READS;
    let mut file = BufWriter::new(File::create(folder.join(name))?);
    let mut random = fastrand::Rng::with_seed(6);
    let letters: Vec<u8> = (0..64 * length).map(|_| b"ACGT"[random.usize(..4)]).collect();
    let scores = "I".repeat(length);
    for number in 0..count {
        let start = random.usize(..letters.len() - length);
        writeln!(file, "@read{number}")?;
        file.write_all(&letters[start..start + length])?;
        writeln!(file, "\n+\n{scores}")?;
    }
    file.flush()
}

/// The command that runs a script in the folder of its data.
pub fn run(executable: &Path, script: &Path, data: &Data) -> Command {
    let mut command = data.command(executable, script);
    command.arg("run").arg(script).arg(data.server.url(""));
    command
}

/// The profile of a script, as JSON.
pub fn profile(executable: &Path, script: &Path, data: &Data) -> io::Result<Value> {
    let report = data.folder.join("profile.json");
    let mut command = data.command(executable, script);
    command.args(["profile", "--format", "json", "-o"]).arg(&report).arg(script).arg(data.server.url(""));
    let output = command.output()?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!("{} fails: {message}", script.display())));
    }
    serde_json::from_slice(&fs::read(report)?).map_err(io::Error::other)
}
