//! Help about builtins and functions, from their declarations.

use crate::repl::session::Session;
use biovm_bytecode::Signature;
use biovm_bytecode::program::Documentation;
use biovm_bytecode::signature::OptionField;
use biovm_vm::Value;
use std::collections::BTreeMap;

/// What `:help` prints.
pub const OVERVIEW: &str = "\
Enter BioLang code; its value is shown. An entry goes on while a bracket or block is open.
A leading |> continues from the previous result, _ holds the last value, a final ; hides the value.
More than 10 bases alone are a DNA literal; a pasted FASTA entry, with an empty line behind it, is a record.

  :help name       what a builtin or function does    ?name  in one line; :doc name is the same as :help
  :builtins        the sections of the library        :builtins text  the builtins that match
  :type expr       the type of a value                :env            the variables of this session
  :time expr       run and show the time              :bench expr     run again and again, and show the times
  :vars            the variables and their memory     :mem            the memory of the process and of the values
  :disasm expr     the instructions, or of a function :ast expr       the syntax tree
  :workers [n]     the threads for parallel work      :reset          forget all variables
  :load file       run a script in this session       :history [n]    the last entries
  :save file       the entries, or as .csv .tsv .fasta .json the last result
  :plot [bins]     a histogram of the last result     :plugins        what is installed
  :clear           clear the screen                   :quit           leave, as does Ctrl-D

Ctrl-C clears the line or interrupts the running entry. Ctrl-R searches the entries of this session and of earlier ones.
Tab completes names, fields, options, commands and paths. Alt-Enter begins a new line within an entry.
";

/// `:help name`
pub fn about(name: &str, session: &Session) -> String {
    match find(name, session) {
        Found::Builtin(signature) => about_builtin(name, signature),
        Found::Function { signature, doc } if doc.is_empty() => signature,
        Found::Function { signature, doc } => format!("{signature}\n\n{}\n", indented(&doc)),
        Found::Variable(value) => format!("{name}: {}\n", value.type_of()),
        Found::Nothing => unknown(name, session),
    }
}

/// `?name`
pub fn one_line(name: &str, session: &Session) -> String {
    match find(name, session) {
        Found::Builtin(signature) => format!("{signature}  [{}]", signature.section),
        Found::Function { signature, .. } => signature,
        Found::Variable(value) => format!("{name}: {}", value.type_of()),
        Found::Nothing => unknown(name, session),
    }
}

/// `:builtins [text]`
pub fn builtins(text: &str) -> String {
    let mut sections: BTreeMap<&str, Vec<&Signature>> = BTreeMap::new();
    for native in biovm_stdlib::natives() {
        let signature = &native.signature;
        let matches = |candidate: &str| candidate.to_lowercase().contains(&text.to_lowercase());
        let is_wanted =
            [signature.name, signature.section].into_iter().chain(signature.aliases.iter().copied());
        if is_wanted.into_iter().any(matches) {
            sections.entry(signature.section).or_default().push(signature);
        }
    }
    if sections.is_empty() {
        return format!("No builtins match '{text}'.");
    }
    let mut listing = String::new();
    for (section, mut signatures) in sections {
        signatures.sort_by_key(|signature| signature.name);
        if text.is_empty() {
            listing += &format!("{section} ({})\n", signatures.len());
        } else {
            listing += &format!("{section}\n");
            listing.extend(signatures.iter().map(|signature| format!("  {signature}\n")));
        }
    }
    if text.is_empty() {
        listing += "Type :builtins text for the builtins of a section or with a name.\n";
    }
    listing
}

enum Found {
    Builtin(&'static Signature),
    Function { signature: String, doc: String },
    Variable(Value),
    Nothing,
}

/// What the name means in this session: a declaration hides a builtin.
fn find(name: &str, session: &Session) -> Found {
    if let Some(documentation) = session.documentation(name) {
        let Documentation { signature, text, .. } = documentation.clone();
        return Found::Function { signature, doc: text };
    }
    match session.variable(name) {
        Some(Value::Closure(closure)) => {
            let function = closure.function();
            let signature = if function.signature.is_empty() { name } else { &function.signature };
            Found::Function { signature: signature.to_owned(), doc: function.doc.clone() }
        }
        Some(Value::Native(native)) => Found::Builtin(&native.signature),
        Some(Value::Foreign(foreign)) if foreign.as_callable().is_some() => {
            let (signature, doc) = foreign
                .as_callable()
                .map_or_else(Default::default, |made| (made.signature().to_owned(), made.doc().to_owned()));
            Found::Function { signature, doc }
        }
        Some(value) => Found::Variable(value),
        None => {
            session.context().native(name).map_or(Found::Nothing, |native| Found::Builtin(&native.signature))
        }
    }
}

fn about_builtin(name: &str, signature: &'static Signature) -> String {
    let mut text = format!("{signature}\n");
    if !signature.doc.is_empty() {
        text += &format!("\n{}\n", indented(signature.doc));
    }
    if !signature.options.is_empty() {
        text += "\n  Options:\n";
        let width = signature.options.iter().map(|option| option.name.len()).max().unwrap_or(0);
        for OptionField { name, types, doc } in signature.options {
            text += &format!("    {name:width$}  {types}: {doc}\n");
        }
    }
    if !signature.example.is_empty() {
        text += &format!("\n  Example:\n    {}\n", signature.example);
        text.extend(signature.example_output.lines().map(|line| format!("      → {line}\n")));
    }
    let others =
        [signature.name].into_iter().chain(signature.aliases.iter().copied()).filter(|other| *other != name);
    let others: Vec<_> = others.collect();
    if !others.is_empty() {
        text += &format!("\n  Also called: {}\n", others.join(", "));
    }
    if !signature.section.is_empty() {
        text += &format!("\n  Section: {}\n", signature.section);
    }
    text
}

fn unknown(name: &str, session: &Session) -> String {
    let variables = session.variables();
    let names = variables.iter().map(|(name, _)| *name).chain(session.context().natives.keys().copied());
    // In alphabetical order, so that equally good suggestions do not change from run to run.
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    match biovm_compiler::diagnostic::did_you_mean(name, names) {
        Some(similar) => format!("Unknown function: {name}. Did you mean {similar}?"),
        None => format!("Unknown function: {name}. Try :builtins to browse."),
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
