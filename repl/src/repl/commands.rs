//! The commands of the session: what begins with `:` or `?`.

use crate::advice;
use crate::failure::Failure;
use crate::profile::listing;
use crate::repl::entry::Entries;
use crate::repl::session::Session;
use crate::repl::{Next, echo, help, plot, report, save, show};
use crate::{pipeline, source, terminal};
use biovm_vm::Error;
use biovm_vm::profile::Profile;
use std::path::Path;

/// The names, for completion.
pub const NAMES: &[&str] = &[
    "builtins", "clear", "env", "exit", "help", "history", "load", "opcodes", "plot", "plugins", "profile",
    "quit", "reset", "save", "time", "type",
];

/// How many entries `:history` shows by itself.
const HISTORY_LENGTH: usize = 20;

/// Splits a command into its name and what follows.
fn split(line: &str) -> (&str, &str) {
    let line = line.trim();
    let line = line.strip_prefix(':').unwrap_or(line);
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (name, rest.trim())
}

/// The code in a command that takes some.
pub fn code_of(line: &str) -> Option<&str> {
    match split(line) {
        ("time" | "type" | "opcodes", code) => Some(code),
        ("profile", code) => Some(code.strip_prefix("-v ").unwrap_or(code)),
        _ => None,
    }
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
        "help" | "h" => show(&help::about(rest, session), session)?,
        "time" => return time(rest, session),
        "profile" => return profile(rest, session),
        "opcodes" => return opcodes(rest, session),
        "type" => {
            let name = session.type_of(required(rest, ":type expression")?)?;
            show(name, session)?;
        }
        "env" => show(&variables(session), session)?,
        "builtins" | "fns" => show(&help::builtins(rest), session)?,
        "load" => load(required(rest, ":load file")?, session)?,
        "save" => {
            let saved = save::save(required(rest, ":save file")?, session, entries.past())?;
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
    let evaluation = session.evaluate(required(code, ":time expression")?);
    let next = match evaluation.value {
        Ok(value) => {
            if !pipeline::ends_with_semicolon(code) {
                show(&echo::echo(&value), session)?;
            }
            Next::Continue
        }
        Err(failure) => report(&failure, session),
    };
    if let (Some(time), Next::Continue | Next::Failed) = (evaluation.elapsed, &next) {
        show(&terminal::elapsed(time), session)?;
    }
    Ok(next)
}

/// `:profile`: the value, or why there is none, then where the time went.
fn profile(code: &str, session: &mut Session) -> Result<Next, Failure> {
    let (code, with_calls) = match code.split_once(char::is_whitespace).unwrap_or((code, "")) {
        ("-v", code) => (code.trim(), true),
        _ => (code, false),
    };
    let code = required(code, ":profile [-v] expression")?;
    show_profile(code, session, |profile| {
        let listing = listing::listing(profile, with_calls);
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
    show_profile(required(code, ":opcodes expression")?, session, listing::opcodes)
}

fn show_profile(
    code: &str,
    session: &mut Session,
    text: impl FnOnce(&Profile) -> String,
) -> Result<Next, Failure> {
    let (evaluation, profile) = session.evaluate_profiled(code);
    let next = match evaluation.value {
        Ok(value) => {
            if !pipeline::ends_with_semicolon(code) {
                show(&echo::echo(&value), session)?;
            }
            Next::Continue
        }
        Err(failure) => report(&failure, session),
    };
    if let (Some(profile), Next::Continue | Next::Failed) = (profile, &next) {
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
    }

    #[test]
    fn history_is_numbered() {
        let past: Vec<String> = ["let x = 1", "fn f() {\n  x\n}", "x"].map(String::from).to_vec();
        assert_eq!(history("1", &past), "    3  x\n");
        assert_eq!(history("fn", &past), "    2  fn f() {\n         x\n       }\n");
        assert_eq!(history("", &past).lines().count(), 5);
    }
}
