//! `:vars` and `:mem`: how much memory the values of a session take.

use crate::measure;
use crate::repl::echo;
use crate::repl::session::Session;
use biovm_vm::limits::memory;
use biovm_vm::value::Footprint;

/// `:vars`: the variables with their memory.
pub fn variables(session: &Session) -> String {
    let variables = session.variables();
    if variables.is_empty() {
        return "No user-defined variables.".to_owned();
    }
    let mut footprint = Footprint::default();
    let mut total = 0;
    let rows: Vec<[String; 4]> = variables
        .iter()
        .map(|(name, value)| {
            let bytes = footprint.add(value);
            total += bytes;
            let of_type = value.type_of().name().to_owned();
            [(*name).to_owned(), of_type, memory::size(bytes), echo::preview(value)]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (names, types, sizes) = (width(0), width(1), width(2));
    let mut text = String::new();
    for [name, of_type, size, preview] in &rows {
        text += &format!("  {name:names$}  {of_type:types$}  {size:>sizes$}  {preview}\n");
    }
    text + &format!(
        "Together {}. What several variables share is counted for the first one.\n",
        memory::size(total)
    )
}

/// `:mem`: the memory of the process and of the values.
pub fn process(session: &Session) -> String {
    let variables = session.variables();
    let mut footprint = Footprint::default();
    let bytes: usize = variables.iter().map(|(_, value)| footprint.add(value)).sum();
    let last = session.last_result().map_or(0, |value| footprint.add(&value));
    let shown = |bytes: Option<usize>| bytes.map_or_else(|| "unknown".to_owned(), memory::size);
    let noun = if variables.len() == 1 { "variable" } else { "variables" };
    format!(
        "Process: {} now, {} at its peak\nValues:  {} in {} {noun}, {} in the last result\n",
        shown(memory::resident()),
        shown(measure::peak_memory()),
        memory::size(bytes),
        variables.len(),
        memory::size(last),
    )
}
