//! Colours, and output that nobody may be reading.

use crate::command_line::{ColorChoice, ProgressChoice};
use biovm_vm::output::ShowProgress;
use biovm_vm::{Context, Error, ErrorKind};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// Whether messages on standard error are coloured.
pub fn colors_messages(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => io::stderr().is_terminal() && !is_set("NO_COLOR") && !is_dumb(),
    }
}

/// Whether what is typed into a session is coloured; the line editor draws on standard output.
pub fn colors_input(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Never => false,
        _ if !io::stdout().is_terminal() || is_dumb() => false,
        ColorChoice::Always => true,
        ColorChoice::Auto => !is_set("NO_COLOR"),
    }
}

/// How progress is shown on standard error.
pub fn shows_progress(choice: ProgressChoice) -> ShowProgress {
    let is_terminal = io::stderr().is_terminal() && !is_dumb();
    match choice {
        ProgressChoice::Auto | ProgressChoice::Always if is_terminal => ShowProgress::Bar,
        ProgressChoice::Always => ShowProgress::Lines,
        ProgressChoice::Auto | ProgressChoice::Never => ShowProgress::Never,
    }
}

/// The columns of the terminal, or as many as lines usually have.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(80, |(columns, _)| usize::from(columns.0))
}

/// A line on standard error that says what is going on, where somebody watches.
pub struct Status {
    is_shown: bool,
}

impl Status {
    /// A line, unless nobody wants or could see it.
    pub fn new(choice: ProgressChoice) -> Status {
        Status { is_shown: shows_progress(choice) == ShowProgress::Bar }
    }

    /// Shows the text in place of what was there.
    pub fn show(&mut self, text: &str) {
        self.write(&format!("\r\x1b[K{text}"));
    }

    /// Removes the line.
    pub fn clear(&mut self) {
        self.write("\r\x1b[K");
    }

    fn write(&self, text: &str) {
        if self.is_shown {
            let mut output = io::stderr().lock();
            let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
        }
    }
}

impl Drop for Status {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Whether somebody reads the messages, and not a file or program.
pub fn shows_messages() -> bool {
    io::stderr().is_terminal()
}

/// Whether the terminal understands nothing but text.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|name| name == "dumb")
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Writes text to standard output, all of it. A reader that has gone is an [`ErrorKind::OutputClosed`].
pub fn write_output(text: &str) -> Result<(), Error> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Error::new(ErrorKind::OutputClosed, "nobody reads the output"),
        _ => Error::new(ErrorKind::Io, format!("cannot write to standard output: {error}")),
    })
}

/// Writes a message to standard error. If that fails there is no one left to tell.
pub fn write_message(text: &str) {
    let mut output = io::stderr().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let _ = output.write_all(format!("{text}{end}").as_bytes());
}

/// Warns about async functions that failed while nobody waited for them.
pub fn write_lost_errors(context: &Context) {
    for error in context.lost_errors.lock().drain(..) {
        let place =
            error.position().map_or_else(String::new, |place| format!(" ({}:{})", place.file, place.line));
        write_message(&format!(
            "warning: an async function failed, and nobody awaited its result\n  {error}{place}\n  hint: await the \
             Future that it returned, or catch the error inside of it"
        ));
    }
}

/// How `:time` and `--time` show a time: wall-clock seconds.
pub fn elapsed(time: Duration) -> String {
    format!("Elapsed: {:.3}s", time.as_secs_f64())
}
