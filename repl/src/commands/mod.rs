//! The commands.

pub mod bench;
mod check;
mod compile;
mod completions;
mod explain;
mod format;
mod inspect;
mod profile;
mod run;

use crate::command_line::{Command, CommandLine, Settings};
use crate::failure::Failure;
use crate::isolation::Panic;
use crate::{interrupt, isolation, repl, terminal};

/// Does what the command line asks for, and ends the process with the exit code.
pub fn execute(command_line: CommandLine) -> ! {
    let CommandLine { settings, command, .. } = command_line;
    let color = terminal::colors_messages(settings.color);
    let work = move || match dispatch(command, &settings, color) {
        Ok(code) => code,
        Err(failure) => failure.report(color),
    };
    let code =
        move |outcome: Result<u8, Panic>| outcome.unwrap_or_else(|panic| Failure::Panic(panic).report(color));
    // The process ends at once, without waiting for the end of a thread.
    match isolation::on_large_stack(work, move |outcome| std::process::exit(code(outcome).into())) {
        Ok(()) => interrupt::watch(),
        Err(panic) => std::process::exit(code(Err(panic)).into()),
    }
}

fn dispatch(command: Option<Command>, settings: &Settings, color: bool) -> Result<u8, Failure> {
    let gate = settings.restrictions.gate().map_err(Failure::Usage)?;
    match command {
        Some(Command::Run(options)) => run::run(options, settings, &gate, color),
        Some(Command::Profile(options)) => profile::profile(options, settings, &gate, color),
        Some(Command::Exec(options)) => run::exec(options, settings, &gate, color),
        Some(Command::Compile(options)) => compile::compile(&options, &gate, color),
        Some(Command::Check(options)) => Ok(check::check(&options, &gate, color)),
        Some(Command::Format(options)) => Ok(format::format(&options, color)),
        Some(Command::Explain(options)) => explain::explain(&options),
        Some(Command::Bench(options)) => bench::bench(&options, settings),
        Some(Command::Disasm(options)) => inspect::disassembly(&options, &gate, color),
        Some(Command::Ast(options)) => inspect::syntax_tree(&options),
        Some(Command::Tokens(options)) => inspect::tokens(&options),
        Some(Command::Completions(options)) => completions::completions(&options),
        Some(Command::Repl) | None => repl::start(settings, &gate, color),
    }
}
