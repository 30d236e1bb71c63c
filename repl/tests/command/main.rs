//! The `biovm` command from outside: what it prints, where, and with which exit code.

mod bench;
mod bytecode;
mod command_line;
mod entries;
mod exit_codes;
mod explain;
mod failures;
mod format;
mod killed;
mod limits;
mod long_files;
mod modules;
mod profile;
mod sandbox;
mod scripts;
mod session;
mod session_commands;
mod signals;
mod source_text;
mod stats;
mod support;
