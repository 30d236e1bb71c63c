//! `:disasm` and `:ast`: what the compiler makes of an entry.

use crate::failure::Failure;
use crate::pipeline;
use crate::repl::session::Session;
use biovm_bytecode::disassemble::disassemble_function;
use biovm_vm::Value;

/// `:disasm`: the instructions of a function of the session, or of an expression, which does not run.
pub fn instructions(text: &str, session: &Session) -> Result<String, Failure> {
    match session.variable(text) {
        Some(Value::Closure(closure)) => {
            let number = closure.function_number();
            return session
                .listing(closure.program())
                .map(|program| disassemble_function(program, number))
                .ok_or_else(|| Failure::Message(format!("There is no listing of '{text}'.")));
        }
        None if session.context().native(text).is_some() => {
            return Err(Failure::Message(format!("{text} is a builtin: it has no instructions.")));
        }
        _ => {}
    }
    let program = session.compile(text)?;
    let listings = (0..program.functions.len()).map(|number| disassemble_function(&program, number));
    Ok(listings.collect::<Vec<_>>().join("\n"))
}

/// `:ast`: the syntax tree of an entry.
pub fn tree(text: &str, session: &Session) -> Result<String, Failure> {
    pipeline::syntax_tree(&session.source(text))
}
