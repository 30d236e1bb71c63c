//! A session in a terminal, with somebody who types: what is on the screen, key by key.
//!
//! Nothing here waits for a while; everything waits for what must appear.

#![cfg(unix)]

mod colours;
mod commands;
mod completion;
mod editing;
mod history;
mod interrupts;
mod terminal;
