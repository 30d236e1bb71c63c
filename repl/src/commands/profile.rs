//! `biovm profile`, and what `biovm run --profile` writes.

use crate::command_line::{Measures, ProfileFormat, ProfileRun, Settings};
use crate::commands::run::{execute, read};
use crate::failure::Failure;
use crate::{pipeline, profile, terminal, whole_file};
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::profile::Profile;
use biovm_vm::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Runs a script and reports where the time went.
pub fn profile(options: ProfileRun, settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let script = read(options.code, options.script_and_arguments)?;
    let format = options.format.unwrap_or_else(|| format_of(options.output.as_deref()));
    if let Some(output) = &options.output {
        check_output(output, script.file.as_deref())?;
    }
    let report = ProfileReport::of(&script.source, format, options.output);
    let program = script.compile(options.deny_warnings, gate, color)?;
    let context = pipeline::context(script.arguments, settings, gate);
    execute(program, context, Measures::default(), Some(report), color)
}

/// The report of a profile: what it is to look like, and where it goes.
pub struct ProfileReport {
    name: String,
    format: ProfileFormat,
    output: Option<PathBuf>,
}

impl ProfileReport {
    /// The report about a script.
    pub fn of(source: &SourceText, format: ProfileFormat, output: Option<PathBuf>) -> ProfileReport {
        ProfileReport { name: source.name().to_owned(), format, output }
    }

    /// Writes it.
    pub fn write(&self, profile: &Profile) -> Result<(), Failure> {
        let text = profile::render(profile, &self.name, self.format)?;
        match &self.output {
            Some(file) => {
                whole_file::write(file, text.as_bytes(), None).map_err(|error| unwritable(file, &error))
            }
            None => {
                terminal::write_message(&text);
                Ok(())
            }
        }
    }
}

/// Refuses a file that cannot become the report, before the script has run for an hour.
fn check_output(output: &Path, script: Option<&Path>) -> Result<(), Failure> {
    if script.is_some_and(|script| whole_file::is_same(output, script)) {
        let message = format!(
            "the report would replace the script {}; name another file with -o FILE",
            output.display()
        );
        return Err(Failure::Usage(message));
    }
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        _ if output.is_dir() => Err(unwritable(output, &"it is a directory")),
        Some(folder) if !folder.is_dir() => {
            Err(unwritable(output, &format!("there is no directory {}", folder.display())))
        }
        _ => Ok(()),
    }
}

fn unwritable(file: &Path, problem: &dyn std::fmt::Display) -> Failure {
    Error::new(ErrorKind::Io, format!("cannot write {}: {problem}", file.display())).into()
}

/// The form that a report in a file of that name has.
fn format_of(output: Option<&Path>) -> ProfileFormat {
    let name = output.and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or("");
    match () {
        () if name.ends_with(".speedscope.json") => ProfileFormat::Speedscope,
        () if name.ends_with(".json") => ProfileFormat::Json,
        () if name.ends_with(".svg") => ProfileFormat::Svg,
        () if name.ends_with(".folded") || name.ends_with(".collapsed") => ProfileFormat::Collapsed,
        () => ProfileFormat::Text,
    }
}
