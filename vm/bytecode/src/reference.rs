//! The reference page of the instruction set.

use crate::instruction::Opcode;
use std::fmt::Write;

/// All instructions with their operands and meanings, as a Markdown table for the book.
pub fn instruction_reference() -> String {
    let mut page = String::from("| Number | Instruction | Operands | Meaning |\n|---:|---|---|---|\n");
    for opcode in Opcode::ALL {
        let operands = opcode.operands().iter().map(|(name, kind)| format!("`{name}`: {}", kind.name()));
        let operands: Vec<_> = operands.collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {} |",
            *opcode as u8,
            opcode.name(),
            operands.join(", "),
            opcode.meaning().trim().replace('|', "\\|"),
        );
    }
    page
}
