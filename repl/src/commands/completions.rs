//! `biovm completions`.

use crate::command_line::{CommandLine, Completions};
use crate::failure::Failure;
use crate::terminal;
use clap::CommandFactory;

/// Prints the completion script of a shell.
pub fn completions(options: &Completions) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "biovm", &mut script);
    terminal::write_output(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
