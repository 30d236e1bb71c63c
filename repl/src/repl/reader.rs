//! Lines from a terminal with editing, history and completion, or from a pipe.

use crate::interrupt::SessionState;
use crate::repl::assistant::Assistant;
use crate::repl::completion::Names;
use biovm_vm::{Error, ErrorKind};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Cmd, ColorMode, Config, Editor, KeyCode, KeyEvent, Modifiers};
use std::io::{self, BufRead};
use std::path::PathBuf;

/// Asks for an entry.
pub const PROMPT: &str = "> ";
/// Asks for more of an entry.
pub const CONTINUATION_PROMPT: &str = "... ";

const HISTORY_LENGTH: usize = 10_000;

/// What the user did.
pub enum Line {
    /// Entered a line, here without its end. What was pasted or recalled from the history may be several lines.
    Text(String),
    /// Pressed Ctrl-C and then entered a line. The lines before it are given up.
    Fresh(String),
    /// Pressed Ctrl-C.
    Cancelled,
    /// Pressed Ctrl-D, or the pipe is at its end.
    End,
}

/// Where lines come from.
pub enum Reader {
    /// A person at a terminal.
    Terminal {
        editor: Box<Editor<Assistant, FileHistory>>,
        history: Option<PathBuf>,
        interrupts: SessionState,
    },
    /// A file or another program, which wants no prompts.
    Pipe,
}

impl Reader {
    /// Lines from the terminal, in colours or without.
    pub fn terminal(interrupts: SessionState, color: bool) -> Reader {
        let colors = if color { ColorMode::Enabled } else { ColorMode::Disabled };
        let config = Config::builder()
            .max_history_size(HISTORY_LENGTH)
            .and_then(|builder| builder.history_ignore_dups(true))
            .map(|builder| {
                builder.completion_type(rustyline::CompletionType::List).color_mode(colors).build()
            })
            .unwrap_or_default();
        match Editor::with_config(config) {
            Ok(mut editor) => {
                editor.set_helper(Some(Assistant::default()));
                // For entries of several lines that are complete after the first.
                editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
                let history = history_file();
                if let Some(file) = &history {
                    // There is none the first time.
                    let _ = editor.load_history(file);
                }
                Reader::Terminal { editor: Box::new(editor), history, interrupts }
            }
            Err(_) => Reader::Pipe,
        }
    }

    /// Reads a line. `before` is what the entry has so far.
    pub fn read(&mut self, before: &str) -> Result<Line, Error> {
        match self {
            Reader::Pipe => read_from_pipe(),
            Reader::Terminal { editor, interrupts, .. } => {
                if let Some(assistant) = editor.helper_mut() {
                    before.clone_into(&mut assistant.before);
                }
                let prompt = if before.is_empty() { PROMPT } else { CONTINUATION_PROMPT };
                match interrupts.while_typing(|| editor.readline(prompt)) {
                    Ok(text) if interrupts.take_cancelled() => Ok(Line::Fresh(text)),
                    Ok(text) => Ok(Line::Text(text)),
                    Err(ReadlineError::Interrupted) => Ok(Line::Cancelled),
                    Err(ReadlineError::Signal(_)) => Ok(Line::Cancelled),
                    Err(_) => Ok(Line::End),
                }
            }
        }
    }

    /// Remembers an entry for the arrow keys.
    pub fn remember(&mut self, entry: &str) {
        if let Reader::Terminal { editor, .. } = self {
            let _ = editor.add_history_entry(entry);
        }
        self.save_history();
    }

    /// Keeps the history for the next session, at once, since a terminal may be closed at any time. A session without a home
    /// just forgets.
    fn save_history(&mut self) {
        if let Reader::Terminal { editor, history: Some(file), .. } = self {
            if let Some(directory) = file.parent() {
                let _ = std::fs::create_dir_all(directory);
            }
            // Appended, since other sessions may be open.
            let _ = editor.append_history(file);
        }
    }

    /// Sets what the Tab key offers. Nothing may be left of it when an entry runs.
    pub fn offer(&mut self, names: Names) {
        if let Reader::Terminal { editor, .. } = self
            && let Some(assistant) = editor.helper_mut()
        {
            assistant.names = names;
        }
    }

    /// Clears the screen, where there is one.
    pub fn clear_screen(&mut self) {
        if let Reader::Terminal { editor, .. } = self {
            let _ = editor.clear_screen();
        }
    }
}

fn read_from_pipe() -> Result<Line, Error> {
    let mut bytes = Vec::new();
    match io::stdin().lock().read_until(b'\n', &mut bytes) {
        Ok(0) => return Ok(Line::End),
        Ok(_) => {}
        Err(error) => return Err(Error::new(ErrorKind::Io, format!("cannot read standard input: {error}"))),
    }
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
    bytes.truncate(end);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Line::Text(text)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let message = format!("the line is not UTF-8 text from its byte offset {offset} on");
            Err(Error::new(ErrorKind::Format, message))
        }
    }
}

/// The user's file of earlier entries, by the XDG convention; `None` where the user has no home.
fn history_file() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = variable("XDG_DATA_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| variable("APPDATA"))
        .or_else(|| Some(variable("HOME")?.join(".local/share")))?;
    Some(data.join("biovm").join("history"))
}
