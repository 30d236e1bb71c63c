//! `biovm check`.

use crate::command_line::Check;
use crate::failure::Failure;
use crate::{pipeline, source};
use biovm_vm::gate::Gate;
use std::path::PathBuf;

/// Compiles scripts to see whether they would; reports what is wrong with any of them.
pub fn check(options: &Check, gate: &Gate, color: bool) -> u8 {
    let check_one = |path: &PathBuf| -> Result<(), Failure> {
        let source = source::read_script(path)?;
        let compiled = pipeline::compile(&source, Some(path), gate)?;
        pipeline::settle(&source, compiled.warnings, options.deny_warnings, color)
    };
    let mut code = 0;
    for script in &options.scripts {
        if let Err(failure) = check_one(script) {
            code = code.max(failure.report(color));
        }
    }
    code
}
