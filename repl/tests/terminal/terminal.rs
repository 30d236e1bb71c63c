//! A terminal with a session in it.

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Long enough for a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

const ROWS: NonZeroU16 = NonZeroU16::new(60).expect("not zero");
const COLUMNS: NonZeroU16 = NonZeroU16::new(120).expect("not zero");

pub const TAB: &str = "\t";
pub const ENTER: &str = "\r";
pub const UP: &str = "\x1b[A";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";
pub const CTRL_R: &str = "\x12";
pub const ALT_ENTER: &str = "\x1b\r";

/// A folder that is the user's home and the working directory, until the last session in it has ended.
pub struct Home(Arc<tempfile::TempDir>);

impl Home {
    pub fn new() -> Home {
        Home(Arc::new(tempfile::tempdir().expect("a temporary folder")))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("the file is written");
        path
    }

    /// Starts a session, and waits for its prompt.
    pub fn session(&self) -> Terminal {
        self.session_with(&[])
    }

    /// The same with these variables in the environment.
    pub fn session_with(&self, environment: &[(&str, &str)]) -> Terminal {
        let terminal = self.start(environment);
        terminal.wait_for_prompt();
        terminal
    }

    fn start(&self, environment: &[(&str, &str)]) -> Terminal {
        let size = PtySize { rows: ROWS.get(), cols: COLUMNS.get(), pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_biovm"));
        command.cwd(self.path());
        for name in ["NO_COLOR", "BIOLANG_PATH", "BIOVM_WORKERS", "XDG_DATA_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", self.path());
        command.env("TERM", "xterm-256color");
        environment.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("biovm starts");
        // The last copy of the other end goes with the child.
        drop(pair.slave);

        let shown = Arc::new(Shown::default());
        let mut from_child = pair.master.try_clone_reader().expect("a reader");
        let shared = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux ends with an error where the other end is closed.
            while let Ok(count @ 1..) = from_child.read(&mut buffer) {
                shared.add(&buffer[..count]);
            }
            shared.end();
        });
        let keyboard = pair.master.take_writer().expect("a writer");
        Terminal { shown, keyboard, child, _master: pair.master, _home: Arc::clone(&self.0) }
    }
}

/// What the terminal shows.
#[derive(Default)]
struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    raw: Vec<u8>,
    is_at_end: bool,
}

impl Default for State {
    fn default() -> State {
        let parser = vt100::Parser::new(ROWS, COLUMNS, 0);
        State { parser, raw: Vec::new(), is_at_end: false }
    }
}

impl Shown {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn add(&self, bytes: &[u8]) {
        self.change(|state| {
            state.parser.process(bytes);
            state.raw.extend_from_slice(bytes);
        });
    }

    fn end(&self) {
        self.change(|state| state.is_at_end = true);
    }
}

/// A terminal in which a session runs.
pub struct Terminal {
    shown: Arc<Shown>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    /// A session writes its history when it ends.
    _home: Arc<tempfile::TempDir>,
}

impl Terminal {
    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal is open");
        self.keyboard.flush().expect("the terminal is open");
    }

    /// Types an entry of one line, and waits until the session asks for the next. The text is what is below the entry then.
    #[track_caller]
    pub fn enter(&mut self, entry: &str) -> String {
        self.type_text(entry);
        self.press(ENTER);
        self.wait_for_prompt();
        let screen = self.screen();
        let (_, below) = screen.rsplit_once(&format!("> {entry}\n")).unwrap_or_else(|| panic!("{screen}"));
        below.trim_end().strip_suffix('>').unwrap_or(below).trim_end().to_owned()
    }

    /// Types text, and waits until it stands before the cursor.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) {
        self.press(text);
        self.wait_for_typed(text);
    }

    /// Waits until this stands before the cursor, in its line.
    #[track_caller]
    pub fn wait_for_typed(&self, text: &str) {
        self.wait(&format!("{text:?} before the cursor"), |state| before_cursor(state).ends_with(text));
    }

    /// Waits for a prompt with nothing behind it.
    #[track_caller]
    pub fn wait_for_prompt(&self) {
        self.wait("a prompt", |state| before_cursor(state) == "> ");
    }

    /// Waits until the screen shows this somewhere.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait(&format!("{text:?}"), |state| state.parser.screen().contents().contains(text));
    }

    /// Waits until a line of the screen is this.
    #[track_caller]
    pub fn wait_for_line(&self, line: &str) {
        self.wait(&format!("the line {line:?}"), |state| {
            state.parser.screen().contents().lines().any(|shown| shown == line)
        });
    }

    #[track_caller]
    fn wait(&self, what: &str, is_there: impl Fn(&State) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut state = self.shown.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !is_there(&state) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !state.is_at_end,
                "waited for {what}; the screen shows:\n{}",
                state.parser.screen().contents()
            );
            let waited = self.shown.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What the screen shows.
    pub fn screen(&self) -> String {
        self.shown.state.lock().unwrap_or_else(PoisonError::into_inner).parser.screen().contents()
    }

    /// Everything that was sent to the terminal, escape sequences among it.
    pub fn raw(&self) -> String {
        let state = self.shown.state.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&state.raw).into_owned()
    }

    /// Waits until the session has ended by itself; its exit code.
    #[track_caller]
    pub fn exit_code(mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        let mut state = self.shown.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.is_at_end {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still running:\n{}", state.parser.screen().contents());
            let waited = self.shown.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        self.child.wait().expect("a process to wait for").exit_code()
    }
}

/// The text before the cursor, in its line.
fn before_cursor(state: &State) -> String {
    let screen = state.parser.screen();
    let (row, column) = screen.cursor_position();
    let text = screen.contents_between(row, 0, row, column);
    // Blanks at the end of a line are not part of its contents.
    format!("{text:<width$}", width = usize::from(column))
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves its session behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
