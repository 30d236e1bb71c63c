//! `biovm run`, `biovm profile` and `biovm exec`.

use crate::command_line::{Exec, ProfileFormat, ProfileRun, Run, Settings};
use crate::failure::Failure;
use crate::{interrupt, pipeline, profile, source, terminal, whole_file};
use biovm_bytecode::{Program, codec};
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::profile::Profile;
use biovm_vm::{Context, Error, ErrorKind};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Compiles a script in memory and runs it.
pub fn run(options: Run, settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let script = read(options.code, options.script_and_arguments)?;
    let report = options.profile.then(|| Report::of(&script.source, ProfileFormat::Text, None));
    let program = script.compile(options.deny_warnings, gate, color)?;
    let context = pipeline::context(script.arguments, settings, gate);
    execute(program, context, options.time, report, color)
}

/// Runs a script and reports where the time went.
pub fn profile(options: ProfileRun, settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let script = read(options.code, options.script_and_arguments)?;
    let format = options.format.unwrap_or_else(|| format_of(options.output.as_deref()));
    if let Some(output) = &options.output {
        check_output(output, script.file.as_deref())?;
    }
    let report = Report::of(&script.source, format, options.output);
    let program = script.compile(options.deny_warnings, gate, color)?;
    let context = pipeline::context(script.arguments, settings, gate);
    execute(program, context, false, Some(report), color)
}

/// A script, and what it gets.
struct Script {
    source: SourceText,
    file: Option<PathBuf>,
    arguments: Vec<String>,
}

/// The script that a command line names or holds.
fn read(code: Option<String>, script_and_arguments: Vec<OsString>) -> Result<Script, Failure> {
    let mut words = script_and_arguments.into_iter();
    let (source, file) = match code {
        Some(code) => (SourceText::new("-e", code), None),
        None => {
            let file = PathBuf::from(words.next().unwrap_or_default());
            (source::read_script(&file)?, Some(file))
        }
    };
    Ok(Script { source, file, arguments: texts(words)? })
}

impl Script {
    fn compile(&self, deny_warnings: bool, gate: &Gate, color: bool) -> Result<Program, Failure> {
        let compiled = pipeline::compile(&self.source, self.file.as_deref(), gate)?;
        pipeline::settle(&self.source, compiled.warnings, deny_warnings, color)?;
        Ok(compiled.program)
    }
}

/// The report of a profile: what it is to look like, and where it goes.
struct Report {
    name: String,
    format: ProfileFormat,
    output: Option<PathBuf>,
}

impl Report {
    fn of(source: &SourceText, format: ProfileFormat, output: Option<PathBuf>) -> Report {
        Report { name: source.name().to_owned(), format, output }
    }

    fn write(&self, profile: &Profile) -> Result<(), Failure> {
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

/// Runs a bytecode file.
pub fn exec(options: Exec, settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let mut words = options.file_and_arguments.into_iter();
    let path = PathBuf::from(words.next().unwrap_or_default());
    let arguments = texts(words)?;
    let program = read_program(&path, &source::read_bytes(&path)?)?;
    execute(program, pipeline::context(arguments, settings, gate), options.time, None, color)
}

/// The program in the bytes of a file.
pub fn read_program(path: &Path, bytes: &[u8]) -> Result<Program, Error> {
    let name = source::display_name(path);
    codec::decode(bytes).map_err(|error| match error {
        codec::FormatError::NotBytecode { looks_like_source: true } => {
            Error::new(ErrorKind::Format, format!("{name} is not a bytecode file; it looks like a script"))
                .with_hint(format!("run it with: biovm run {name}"))
        }
        error => Error::new(ErrorKind::Format, format!("{name}: {error}")),
    })
}

/// Arguments as scripts see them.
fn texts(words: impl Iterator<Item = OsString>) -> Result<Vec<String>, Failure> {
    let text = |word: OsString| {
        word.into_string().map_err(|word| {
            Failure::Usage(format!("an argument is not UTF-8 text: '{}'", word.to_string_lossy()))
        })
    };
    words.map(text).collect()
}

fn execute(
    program: Program,
    context: Context,
    show_time: bool,
    report: Option<Report>,
    color: bool,
) -> Result<u8, Failure> {
    let context = Arc::new(context);
    interrupt::stop_script(&context.interrupted);
    let loaded = pipeline::load(program, &context)?;
    let mut machine = pipeline::machine(Arc::clone(&context));

    let watch = interrupt::watch_limits(&context, color)?;
    let started = Instant::now();
    let (result, profile) = match &report {
        None => (pipeline::run(&mut machine, &loaded), None),
        Some(_) => {
            let (result, profile) = machine.profile(|machine| pipeline::run(machine, &loaded));
            (result, Some(profile))
        }
    };
    let elapsed = started.elapsed();
    drop(watch);

    // Futures that nobody holds any more show whether their errors were lost.
    drop((machine, loaded));
    if matches!(&result, Err(error) if error.kind() == ErrorKind::Limit) {
        // It has ended the bodies of async functions too, which is no news.
        context.lost_errors.lock().retain(|lost| lost.kind() != ErrorKind::Limit);
    }
    let mut code = match finish(result.map(drop), &context) {
        Ok(()) => 0,
        Err(error) => Failure::Error(error).report(color),
    };
    terminal::write_lost_errors(&context);
    if show_time {
        terminal::write_message(&terminal::elapsed(elapsed));
    }
    if let (Some(report), Some(profile)) = (report, profile)
        && let Err(failure) = report.write(&profile)
    {
        code = failure.report(color).max(code);
    }
    Ok(code)
}

/// Writes the rest of the output. Where that fails too, the script's own error is the one to report.
fn finish(result: Result<(), Error>, context: &Context) -> Result<(), Error> {
    let written = context.output.finish();
    match result {
        // An exit that was asked for must not hide that output was lost.
        Err(error) if matches!(error.kind(), ErrorKind::Exit(_)) => match written {
            Err(lost) if lost.kind() != ErrorKind::OutputClosed => Err(lost),
            _ => Err(error),
        },
        Err(error) => Err(error),
        Ok(()) => written,
    }
}
