//! The commands of the session: what begins with `:` or `?`.

use crate::advice;
use crate::failure::Failure;
use crate::profile::listing as profiles;
use crate::repl::entry::Entries;
use crate::repl::script::Origin;
use crate::repl::session::Session;
use crate::repl::{Next, bench, echo, help, listing, memory, plot, report, save, show};
use crate::{measure, pipeline, source, terminal};
use biovm_vm::profile::Profile;
use biovm_vm::{Error, Value};
use std::path::Path;

/// The names, for completion.
pub const NAMES: &[&str] = &[
    "ast", "bench", "builtins", "clear", "disasm", "doc", "env", "exit", "help", "history", "load", "mem",
    "opcodes", "plot", "plugins", "profile", "quit", "reset", "save", "time", "type", "vars", "workers",
];

/// How many entries `:history` shows by itself.
const HISTORY_LENGTH: usize = 20;

/// More threads would only be in each other's way.
const MOST_WORKERS: usize = 1024;

/// What is being typed of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The name of the command itself.
    Command,
    /// Code, which may go over several lines.
    Code,
    /// The name of a function.
    Name,
    /// A path.
    Path,
    /// Nothing that could be completed.
    Other,
}

/// Whether an entry is a command and no code.
pub fn is_command(line: &str) -> bool {
    line.trim_start().starts_with([':', '?'])
}

/// Splits a command into its name and what follows.
fn split(line: &str) -> (&str, &str) {
    let line = line.trim();
    let line = line.strip_prefix(':').unwrap_or(line);
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (name, rest.trim())
}

/// What a command takes.
fn argument_of(name: &str) -> Argument {
    match name {
        "ast" | "bench" | "disasm" | "opcodes" | "profile" | "time" | "type" => Argument::Code,
        "doc" | "help" | "h" => Argument::Name,
        "load" | "save" => Argument::Path,
        _ => Argument::Other,
    }
}

/// The code in a command that takes some.
pub fn code_of(line: &str) -> Option<&str> {
    let (name, rest) = split(line);
    let code = if name == "profile" { rest.strip_prefix("-v ").unwrap_or(rest) } else { rest };
    (line.trim_start().starts_with(':') && argument_of(name) == Argument::Code).then_some(code)
}

/// What is being typed at the end of a command, and what there is of it so far; `None` where the line is no command.
pub fn argument(line: &str) -> Option<(Argument, &str)> {
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix('?') {
        return Some((Argument::Name, name.trim_start()));
    }
    let command = line.strip_prefix(':')?;
    Some(match command.split_once(char::is_whitespace) {
        None => (Argument::Command, command),
        Some((name, rest)) => (argument_of(name), rest.trim_start()),
    })
}

/// Does what a command asks for.
pub fn run(line: &str, session: &mut Session, entries: &mut Entries) -> Result<Next, Failure> {
    if let Some(name) = line.trim().strip_prefix('?') {
        show(&help::one_line(name.trim(), session), session)?;
        return Ok(Next::Continue);
    }
    let (name, rest) = split(line);
    match name {
        "help" | "h" if rest.is_empty() => show(help::OVERVIEW, session)?,
        "help" | "h" | "doc" => show(&help::about(required(rest, ":doc name")?, session), session)?,
        "time" => return time(rest, session),
        "profile" => return profile(rest, session),
        "opcodes" => return opcodes(rest, session),
        "type" => {
            let name = session.type_of(required(rest, ":type expression")?)?;
            show(name, session)?;
        }
        "bench" => {
            let times = bench::bench(required(rest, ":bench expression")?, session)?;
            show(&times, session)?;
        }
        "disasm" => {
            let listing = listing::instructions(required(rest, ":disasm expression or name")?, session)?;
            show(&listing, session)?;
        }
        "ast" => {
            let tree = listing::tree(required(rest, ":ast expression")?, session)?;
            show(&tree, session)?;
        }
        "vars" => show(&memory::variables(session), session)?,
        "mem" => show(&memory::process(session), session)?,
        "workers" => show(&workers(rest, session)?, session)?,
        "env" => show(&variables(session), session)?,
        "builtins" | "fns" => show(&help::builtins(rest), session)?,
        "load" => load(required(rest, ":load file")?, session)?,
        "save" => {
            let saved = save::save(required(rest, ":save file")?, session)?;
            show(&saved, session)?;
        }
        "plot" => show(&plot::plot(session.last_result().as_ref(), rest)?, session)?,
        "plugins" => show("No plugins installed.", session)?,
        "history" => show(&history(rest, entries.past()), session)?,
        "reset" => {
            session.reset();
            show("Environment reset.", session)?;
        }
        "clear" | "cls" => entries.reader().clear_screen(),
        "quit" | "q" | "exit" => return Ok(Next::Leave(None)),
        _ => {
            let message = format!("Unknown command: :{name}. Type :help for help.");
            return Err(Failure::Message(message));
        }
    }
    Ok(Next::Continue)
}

fn required<'a>(argument: &'a str, usage: &str) -> Result<&'a str, Failure> {
    match argument {
        "" => Err(Failure::Message(format!("Usage: {usage}"))),
        _ => Ok(argument),
    }
}

/// `:time`: the value, or why there is none, then the time.
fn time(code: &str, session: &mut Session) -> Result<Next, Failure> {
    let code = required(code, ":time expression")?;
    measure::forget_peak();
    let evaluation = session.evaluate(code, Origin::Command);
    let next = show_value(evaluation.value, code, session)?;
    if let (Some(usage), Next::Continue | Next::Failed | Next::Interrupted) = (evaluation.usage, &next) {
        show(&terminal::elapsed(usage.wall), session)?;
        show(&usage.cpu_and_memory(), session)?;
    }
    Ok(next)
}

/// `:workers`: how many threads parallel work may use, and from now on another number.
fn workers(number: &str, session: &Session) -> Result<String, Failure> {
    let budget = &session.context().budget;
    if !number.is_empty() {
        let wanted = number.parse().ok().filter(|wanted| (1..=MOST_WORKERS).contains(wanted));
        let Some(wanted) = wanted else {
            let usage = format!("Usage: :workers [number], where number is from 1 to {MOST_WORKERS}");
            return Err(Failure::Message(usage));
        };
        budget.set_workers(wanted);
    }
    Ok(match budget.workers() {
        1 => "Parallel work uses 1 thread.".to_owned(),
        workers => format!("Parallel work uses up to {workers} threads."),
    })
}

/// `:profile`: the value, or why there is none, then where the time went.
fn profile(code: &str, session: &mut Session) -> Result<Next, Failure> {
    let (code, with_calls) = match code.split_once(char::is_whitespace).unwrap_or((code, "")) {
        ("-v", code) => (code.trim(), true),
        _ => (code, false),
    };
    let code = required(code, ":profile [-v] expression")?;
    show_profile(code, session, |profile| {
        let listing = profiles::listing(profile, with_calls);
        match with_calls {
            true => {
                let advice = advice::section(&advice::advise(profile), profile);
                format!("{listing}\n\n{}", advice.trim_end())
            }
            false => listing,
        }
    })
}

/// `:opcodes`: the value, or why there is none, then the instructions that it took.
fn opcodes(code: &str, session: &mut Session) -> Result<Next, Failure> {
    show_profile(required(code, ":opcodes expression")?, session, profiles::opcodes)
}

/// The value of an entry, unless a semicolon ends it, or why there is none.
fn show_value(value: Result<Value, Failure>, code: &str, session: &mut Session) -> Result<Next, Failure> {
    match value {
        Ok(value) => {
            if !pipeline::ends_with_semicolon(code) {
                show(&echo::echo(&value), session)?;
            }
            Ok(Next::Continue)
        }
        Err(failure) => Ok(report(&failure, session)),
    }
}

fn show_profile(
    code: &str,
    session: &mut Session,
    text: impl FnOnce(&Profile) -> String,
) -> Result<Next, Failure> {
    let (evaluation, profile) = session.evaluate_profiled(code);
    let next = show_value(evaluation.value, code, session)?;
    if let (Some(profile), Next::Continue | Next::Failed | Next::Interrupted) = (profile, &next) {
        show(&text(&profile), session)?;
    }
    Ok(next)
}

fn load(file: &str, session: &mut Session) -> Result<(), Failure> {
    let unreadable = |error: Error| Failure::Message(format!("Cannot read '{file}': {}", error.message()));
    let path = Path::new(file);
    let source = source::read_allowed_script(path, &session.context().gate).map_err(unreadable)?;
    session.load(&source, path)?;
    show(&format!("Loaded '{file}'."), session)?;
    Ok(())
}

fn variables(session: &Session) -> String {
    let variables = session.variables();
    if variables.is_empty() {
        return "No user-defined variables.".to_owned();
    }
    let name_width = variables.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let type_width = variables.iter().map(|(_, value)| value.type_of().name().len()).max().unwrap_or(0);
    let mut text = "User-defined variables:\n".to_owned();
    for (name, value) in &variables {
        let of_type = value.type_of().name();
        text += &format!("  {name:name_width$}  {of_type:type_width$}  {}\n", echo::preview(value));
    }
    text
}

/// The last entries, or those that contain a text.
fn history(selection: &str, past: &[String]) -> String {
    let count = if selection.is_empty() { Some(HISTORY_LENGTH) } else { selection.parse().ok() };
    let numbered = past.iter().enumerate();
    let shown: Vec<_> = match count {
        Some(count) => numbered.skip(past.len().saturating_sub(count)).collect(),
        None => numbered.filter(|(_, entry)| entry.contains(selection)).collect(),
    };
    let line = |(number, entry): (usize, &String)| {
        format!("{:5}  {}\n", number + 1, entry.replace('\n', "\n       "))
    };
    shown.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split() {
        assert_eq!(split(":time  range(1, 3)\n  |> sum() "), ("time", "range(1, 3)\n  |> sum()"));
        assert_eq!(split("  :q"), ("q", ""));
        assert_eq!(code_of(":type [1,"), Some("[1,"));
        assert_eq!(code_of(":help ["), None);
        assert_eq!(code_of("time [1,"), None);
    }

    #[test]
    fn what_is_being_typed() {
        assert_eq!(argument(":ti"), Some((Argument::Command, "ti")));
        assert_eq!(argument(" :time [1, x"), Some((Argument::Code, "[1, x")));
        assert_eq!(argument(":load my reads/a"), Some((Argument::Path, "my reads/a")));
        assert_eq!(argument("? le"), Some((Argument::Name, "le")));
        assert_eq!(argument("x"), None);
    }

    #[test]
    fn history_is_numbered() {
        let past: Vec<String> = ["let x = 1", "fn f() {\n  x\n}", "x"].map(String::from).to_vec();
        assert_eq!(history("1", &past), "    3  x\n");
        assert_eq!(history("fn", &past), "    2  fn f() {\n         x\n       }\n");
        assert_eq!(history("", &past).lines().count(), 5);
    }
}
