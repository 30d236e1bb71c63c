//! `:save`: the entries of the session as a script, or the last result in a format of data.

use crate::failure::Failure;
use crate::repl::session::Session;
use biovm_vm::gate::Gate;
use biovm_vm::gate::files::{Occupant, Refusal};
use std::io::Write;
use std::path::Path;

/// The builtins that write data, by the extension of their files.
const WRITERS: &[(&str, &str)] = &[
    ("csv", "write_csv"),
    ("tsv", "write_tsv"),
    ("fasta", "write_fasta"),
    ("fa", "write_fasta"),
    ("json", "write_json"),
];

/// Saves what the extension of the file asks for, and says what that was.
pub fn save(file: &str, session: &mut Session) -> Result<String, Failure> {
    let extension = Path::new(file).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    let writer = WRITERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    match writer {
        Some((_, writer)) => save_result(file, writer, session),
        None => save_entries(file, session),
    }
}

fn save_result(file: &str, writer: &str, session: &mut Session) -> Result<String, Failure> {
    if session.context().native(writer).is_none() {
        return Err(Failure::Message(format!("Cannot save '{file}': there is no builtin {writer}() yet.")));
    }
    if session.last_result().is_none() {
        return Err(Failure::Message("There is no result to save yet.".to_owned()));
    }
    session.write_last_result(writer, file)?;
    Ok(format!("Saved the last result to '{file}'"))
}

/// Writes a script that does what the entries have done.
fn save_entries(file: &str, session: &Session) -> Result<String, Failure> {
    let (text, count) = session.script().text();
    write(&session.context().gate, file, &text).map_err(|refusal| match refusal {
        Refusal::Denied(error) => Failure::Error(error),
        Refusal::Failed(error) => Failure::Message(format!("Cannot write '{file}': {error}")),
    })?;
    let noun = if count == 1 { "input" } else { "inputs" };
    Ok(format!("Saved {count} {noun} to '{file}'"))
}

fn write(gate: &Gate, file: &str, text: &str) -> Result<(), Refusal> {
    let target = gate.target(Path::new(file))?;
    if matches!(target.occupant(), Occupant::Device | Occupant::Folder) {
        return Ok(target.open()?.write_all(text.as_bytes())?);
    }
    let (mut opened, unfinished) = target.begin()?;
    opened.write_all(text.as_bytes())?;
    drop(opened);
    Ok(unfinished.finish()?)
}
