//! Scripts with a bottleneck of a known kind, for which a profile must give the right advice, and well-written ones, for which it
//! must give none. They stand in the folder `advice`.

use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many cores the advice is for, whatever computer it is given on.
const WORKERS: &str = "2";

/// The reads that some of the scripts want: their file, number and length.
const READS: (&str, usize, usize) = ("reads.fastq", 250_000, 150);

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
/// suggestion and its line.
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

/// Writes the files that the scripts read into the folder in which they will run.
pub fn write_data(folder: &Path) -> io::Result<()> {
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
pub fn run(executable: &Path, script: &Path, data: &Path) -> Command {
    let mut command = Command::new(executable);
    command.args(["--workers", WORKERS, "run"]).arg(script).current_dir(data);
    command
}

/// The profile of a script, as JSON.
pub fn profile(executable: &Path, script: &Path, data: &Path) -> io::Result<Value> {
    let report = data.join("profile.json");
    let mut command = Command::new(executable);
    command.args(["--workers", WORKERS, "profile", "--format", "json", "-o"]).arg(&report).arg(script);
    let output = command.current_dir(data).output()?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!("{} fails: {message}", script.display())));
    }
    serde_json::from_slice(&fs::read(report)?).map_err(io::Error::other)
}
