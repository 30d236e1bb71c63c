//! How the command is linked.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // An executable at a fixed address has no pointers to relocate when it starts, which takes a fifth of the time of a small
    // script: there are many in the tables of builtins. Its heap, stacks and libraries still have random addresses.
    let is = |variable, value| env::var(variable).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
