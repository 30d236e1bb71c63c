//! `biovm run` and `biovm exec`; what `biovm profile` shares with them.

use crate::command_line::{Exec, Measures, ProfileFormat, Run, Settings, StatsFormat};
use crate::commands::profile::ProfileReport;
use crate::failure::Failure;
use crate::measure::{Measurement, Usage};
use crate::{interrupt, pipeline, source, terminal};
use biovm_bytecode::{Program, codec};
use biovm_compiler::source::SourceText;
use biovm_vm::gate::Gate;
use biovm_vm::{Context, Error, ErrorKind};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Compiles a script in memory and runs it.
pub fn run(options: Run, settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let script = read(options.code, options.script_and_arguments)?;
    let report = options.profile.then(|| ProfileReport::of(&script.source, ProfileFormat::Text, None));
    let program = script.compile(options.deny_warnings, gate, color)?;
    let context = pipeline::context(script.arguments, settings, gate);
    execute(program, context, options.measures, report, color)
}

/// A script, and what it gets.
pub struct Script {
    pub source: SourceText,
    pub file: Option<PathBuf>,
    pub arguments: Vec<String>,
}

/// The script that a command line names or holds.
pub fn read(code: Option<String>, script_and_arguments: Vec<OsString>) -> Result<Script, Failure> {
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
    /// The program.
    pub fn compile(&self, deny_warnings: bool, gate: &Gate, color: bool) -> Result<Program, Failure> {
        let compiled = pipeline::compile(&self.source, self.file.as_deref(), gate)?;
        pipeline::settle(&self.source, compiled.warnings, deny_warnings, color)?;
        Ok(compiled.program)
    }
}

/// Runs a bytecode file.
pub fn exec(options: Exec, settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let mut words = options.file_and_arguments.into_iter();
    let path = PathBuf::from(words.next().unwrap_or_default());
    let arguments = texts(words)?;
    let program = read_program(&path, &source::read_bytes(&path)?)?;
    execute(program, pipeline::context(arguments, settings, gate), options.measures, None, color)
}

/// The program in the bytes of a file.
pub fn read_program(path: &Path, bytes: &[u8]) -> Result<Program, Error> {
    let name = source::display_name(path);
    codec::decode(bytes).map_err(|error| match error {
        codec::FormatError::NotBytecode { looks_like_source: true } => {
            source::to_script(path, bytes.to_vec()).err().unwrap_or_else(|| {
                let message = format!("{name} is not a bytecode file; it looks like a script");
                Error::new(ErrorKind::Format, message).with_hint(format!("run it with: biovm run {name}"))
            })
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

/// Runs a program; then says what is wanted about the run.
pub fn execute(
    program: Program,
    context: Context,
    measures: Measures,
    profile: Option<ProfileReport>,
    color: bool,
) -> Result<u8, Failure> {
    let context = Arc::new(context);
    interrupt::stop_script(&context.interrupted);
    let loaded = pipeline::load(program, &context)?;
    let mut machine = pipeline::machine(Arc::clone(&context));

    let watch = interrupt::watch_limits(&context, color)?;
    // Ctrl-C is to end in a report then, however early it comes.
    if measures.stats.is_some() || profile.is_some() {
        interrupt::wait_until_heard();
    }
    let measurement = Measurement::start();
    let report =
        Arc::new(Report { measures, context: Arc::clone(&context), written: AtomicBool::new(false) });
    if measures.stats.is_some() {
        let report = Arc::clone(&report);
        interrupt::set_last_words(move || report.write(measurement.finish()));
    }
    let (result, found) = match &profile {
        None => (pipeline::run(&mut machine, &loaded), None),
        Some(_) => {
            let (result, found) = machine.profile(|machine| pipeline::run(machine, &loaded));
            (result, Some(found))
        }
    };
    // Nobody pays for what nobody asked for.
    let usage = measures.any().then(|| measurement.finish());
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
    if let Some(usage) = usage {
        report.write(usage);
    }
    if let (Some(profile), Some(found)) = (profile, found)
        && let Err(failure) = profile.write(&found)
    {
        code = failure.report(color).max(code);
    }
    Ok(code)
}

/// What is said about a run, once, at its end.
struct Report {
    measures: Measures,
    context: Arc<Context>,
    written: AtomicBool,
}

impl Report {
    fn write(&self, usage: Usage) {
        // An interrupt may come when the script has just ended.
        if self.written.swap(true, Ordering::Relaxed) {
            return;
        }
        if self.measures.time {
            terminal::write_message(&terminal::elapsed(usage.wall));
        }
        let totals = &self.context.totals;
        match self.measures.stats {
            Some(StatsFormat::Text) => {
                terminal::write_message(&usage.line(totals.records(), totals.bytes()));
            }
            Some(StatsFormat::Json) => {
                terminal::write_message(&usage.json(totals.records(), totals.bytes()));
            }
            None => {}
        }
    }
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
