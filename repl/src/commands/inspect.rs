//! `biovm disasm`, `biovm ast` and `biovm tokens`: what the stages between text and machine make of a script.

use crate::command_line::Inspect;
use crate::commands::run::read_program;
use crate::failure::Failure;
use crate::{pipeline, source, terminal};
use biovm_bytecode::{codec, disassemble};
use biovm_vm::gate::Gate;

/// Lists the instructions of a script or of a bytecode file. The file need not verify.
pub fn disassembly(options: &Inspect, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let bytes = source::read_bytes(&options.file)?;
    let program = if codec::is_bytecode(&bytes) {
        read_program(&options.file, &bytes)?
    } else {
        let source = source::to_script(&options.file, bytes)?;
        let compiled = pipeline::compile(&source, Some(&options.file), gate)?;
        pipeline::warn(&source, &compiled.warnings, color);
        compiled.program
    };
    show(&disassemble::disassemble(&program))
}

/// Prints the syntax tree of a script.
pub fn syntax_tree(options: &Inspect) -> Result<u8, Failure> {
    show(&pipeline::syntax_tree(&source::read_script(&options.file)?)?)
}

/// Prints the tokens of a script.
pub fn tokens(options: &Inspect) -> Result<u8, Failure> {
    let (text, result) = pipeline::tokens(&source::read_script(&options.file)?);
    show(&text)?;
    result.map(|()| 0)
}

fn show(text: &str) -> Result<u8, Failure> {
    terminal::write_output(text)?;
    Ok(0)
}
