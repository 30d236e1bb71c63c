//! The `biovm` command from outside: what it prints, where, and with which exit code.

mod bytecode;
mod command_line;
mod explain;
mod failures;
mod modules;
mod scripts;
mod session;
mod signals;
mod support;
