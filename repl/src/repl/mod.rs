//! The interactive session.
//!
//! * [`reader`]: lines from a terminal with editing, history and completion, or from a pipe
//! * [`entry`]: lines to entries
//! * [`session`]: the variables, and the machine that runs entries
//! * [`commands`] and [`help`]: what begins with `:` or `?`
//! * [`plot`], [`save`], [`bench`], [`listing`], [`memory`]: commands with more to do
//! * [`rewrite`]: what is pasted and is no code
//! * [`script`]: what was entered, as a script
//! * [`echo`]: how values are shown
//! * [`assistant`]: help while typing: [`completion`] by the Tab key, of [`paths`] too, and colours ([`highlight`]); [`cursor`] says
//!   what is being typed

mod assistant;
mod bench;
mod commands;
mod completion;
mod cursor;
mod echo;
mod entry;
mod help;
mod highlight;
mod listing;
mod memory;
mod paths;
mod plot;
mod reader;
mod rewrite;
mod save;
mod script;
mod session;

use crate::command_line::Settings;
use crate::failure::Failure;
use crate::{pipeline, terminal};
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
use completion::Names;
use entry::{Entries, Entry};
use reader::Reader;
use script::Origin;
use session::Session;
use std::io::IsTerminal;

/// What happens after an entry.
enum Next {
    /// The next entry is read.
    Continue,
    /// The entry failed, which has been reported; the next one is read.
    Failed,
    /// Ctrl-C ended the entry; so does it end what was pasted along with it.
    Interrupted,
    /// The session ends, with an exit code where the entry has chosen one.
    Leave(Option<u8>),
}

/// Reads and runs entries until there are no more. Where nobody is typing, an entry that failed makes the session fail.
pub fn start(settings: &Settings, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let is_interactive = std::io::stdin().is_terminal();
    let mut session = Session::new(settings, gate, color);
    let color_input = terminal::colors_input(settings.color);
    let reader =
        if is_interactive { Reader::terminal(session.interrupts(), color_input) } else { Reader::Pipe };
    // After the line editor, which has its own idea of Ctrl-C.
    session.listen(is_interactive.then_some(reader::PROMPT));
    let interrupts = session.interrupts();
    let mut entries = Entries::new(reader);
    let mut code = 0;
    loop {
        if is_interactive {
            entries.reader().offer(session.completions());
        }
        if !is_interactive {
            // Each entry comes from the pipe by itself.
            interrupts.forget_request();
        } else if interrupts.is_requested() && entries.give_up_pending() {
            // It came between two entries that were pasted together.
            terminal::write_message("Interrupted");
        }
        let entry = entries.next();
        // A value with one holder is changed in place, and completion holds them all.
        entries.reader().offer(Names::default());
        let outcome = match entry {
            Ok(Some(Entry::Command(line))) => commands::run(&line, &mut session, &mut entries),
            Ok(Some(Entry::Code(text))) => run_code(&text, &mut session),
            Ok(None) => break,
            Err(error) => Err(error.into()),
        };
        terminal::write_lost_errors(session.context());
        match outcome.unwrap_or_else(|failure| report(&failure, &mut session)) {
            Next::Failed | Next::Interrupted if !is_interactive => code = 1,
            Next::Interrupted => drop(entries.give_up_pending()),
            Next::Continue | Next::Failed => {}
            Next::Leave(chosen) => {
                code = chosen.unwrap_or(code);
                break;
            }
        }
    }
    Ok(code)
}

fn run_code(text: &str, session: &mut Session) -> Result<Next, Failure> {
    let rewritten = rewrite::rewrite(text, |word| session.knows(word));
    let text = match &rewritten {
        Some(rewritten) => {
            show(&format!("→ {}", rewritten.announcement), session)?;
            &rewritten.code
        }
        None => text,
    };
    let value = session.evaluate(text, Origin::Entry).value?;
    // A final `;` asks not to see the value.
    if !pipeline::ends_with_semicolon(text) {
        show(&echo::echo(&value), session)?;
    }
    Ok(Next::Continue)
}

/// Prints text on a line of its own, behind what the script has printed.
fn show(text: &str, session: &Session) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    let output = &session.context().output;
    output.write(&format!("{}\n", text.trim_end_matches('\n')))?;
    output.flush()
}

/// Reports why an entry failed, and says how the session goes on.
fn report(failure: &Failure, session: &mut Session) -> Next {
    match failure {
        Failure::Error(error) => match error.kind() {
            ErrorKind::Exit(code) => return Next::Leave(Some(code)),
            ErrorKind::OutputClosed => return Next::Leave(Some(0)),
            ErrorKind::Interrupted => {
                terminal::write_message("Interrupted");
                return Next::Interrupted;
            }
            _ => drop(failure.report(session.color())),
        },
        Failure::Panic(_) => {
            failure.report(session.color());
            // Nobody knows in which state the panic left the machine.
            session.reset();
            terminal::write_message("The session was reset.");
        }
        _ => drop(failure.report(session.color())),
    }
    Next::Failed
}
