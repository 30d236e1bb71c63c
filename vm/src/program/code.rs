//! Where the instructions of a program are.

use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Jump;
use biovm_bytecode::program::Function;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The place in such a page is what processors compare first of the addresses of a load and of earlier stores.
const PAGE: usize = 4096;

/// Where code begins in its page. The registers of the outermost functions are at the beginning of one.
const START: usize = 1024;

/// Joins the instructions of all functions of a program.
///
/// A load of an instruction that has the same place in its page as a register that was just written waits for that, and a loop takes
/// up to half longer. So both are kept apart, as far as functions are small.
pub(super) fn join(functions: &[Function]) -> Vec<Code> {
    let count: usize = functions.iter().map(|function| function.code.len()).sum();
    let mut all: Vec<Instruction> = Vec::with_capacity(count + PAGE / size_of::<Instruction>());
    let before = (START + PAGE - all.as_ptr().addr() % PAGE) % PAGE;
    all.resize(before / size_of::<Instruction>(), Instruction::Jump { target: Jump(0) });
    let mut ranges = Vec::with_capacity(functions.len());
    for function in functions {
        let start = all.len();
        all.extend_from_slice(&function.code);
        ranges.push(start..all.len());
    }
    let all = Arc::new(all);
    ranges.into_iter().map(|range| Code { all: all.clone(), range }).collect()
}

/// The instructions of a function.
pub struct Code {
    /// Those of all functions of the program.
    all: Arc<Vec<Instruction>>,
    range: Range<usize>,
}

impl Deref for Code {
    type Target = [Instruction];

    fn deref(&self) -> &[Instruction] {
        &self.all[self.range.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_follow_each_other_away_from_the_beginning_of_a_page() {
        let jumps = |targets: Range<i32>| targets.map(|to| Instruction::Jump { target: Jump(to) }).collect();
        let function = |code| Function { code, ..Function::default() };
        let functions = [jumps(0..3), jumps(3..3), jumps(3..700)].map(function);
        let codes = join(&functions);
        assert!(codes.iter().zip(&functions).all(|(code, function)| **code == function.code));
        assert_eq!(codes[0].as_ptr().addr() % PAGE, START);
        assert_eq!(codes[0].as_ptr_range().end, codes[2].as_ptr());
        assert!(join(&[]).is_empty());
    }
}
