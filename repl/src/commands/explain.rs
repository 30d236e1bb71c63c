//! `biovm explain`.

use crate::command_line::Explain;
use crate::failure::Failure;
use crate::terminal;
use biovm_compiler::diagnostic::{self, EXPLANATIONS, did_you_mean};
use std::fmt::Write;

/// Shows the page of a code, or all codes.
pub fn explain(options: &Explain) -> Result<u8, Failure> {
    let Some(code) = &options.code else {
        let mut list = String::new();
        for explanation in EXPLANATIONS {
            // Writing to a String cannot fail.
            let _ = writeln!(list, "{}  {}", explanation.code, explanation.title());
        }
        terminal::write_output(&list)?;
        return Ok(0);
    };
    // Reports show the code in brackets.
    let word = code.trim_matches(['[', ']']);
    match diagnostic::explain(word) {
        Some(explanation) => {
            terminal::write_output(&without_fences(explanation.page))?;
            Ok(0)
        }
        None => Err(Failure::Usage(unknown(word))),
    }
}

fn unknown(word: &str) -> String {
    let codes = EXPLANATIONS.iter().map(|explanation| explanation.code);
    let advice = match did_you_mean(&word.to_ascii_uppercase(), codes) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "'biovm explain' lists all codes".to_owned(),
    };
    format!("there is no code '{word}'; {advice}")
}

/// The page as people read it in a terminal: code is indented instead of fenced.
fn without_fences(page: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        let indent = if in_code && !line.is_empty() { "    " } else { "" };
        let line = line.strip_prefix("# ").unwrap_or(line);
        text.push_str(indent);
        text.push_str(line);
        text.push('\n');
    }
    text
}
