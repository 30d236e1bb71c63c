//! What the Tab key offers: commands, variables, their fields and methods, builtins with their signatures, names of
//! arguments and options, keywords, and paths inside of quotes.

use crate::repl::commands::{self, Argument};
use crate::repl::cursor::{self, Call, Place};
use crate::repl::paths;
use biovm_vm::Value;
use biovm_vm::native::Native;
use rustyline::completion::Pair;
use std::collections::BTreeMap;
use std::sync::Arc;

const KEYWORDS: &[&str] = &[
    "and", "async", "await", "break", "catch", "const", "continue", "else", "enum", "false", "fn", "for",
    "if", "impl", "import", "in", "let", "match", "nil", "not", "or", "return", "struct", "trait", "true",
    "try", "while", "yield",
];

/// The most characters of a signature that are shown.
const MOST_CHARACTERS: usize = 76;

/// What can be named now. It holds values, so it must be gone before an entry runs: a value with one holder is changed in place.
#[derive(Default)]
pub struct Names {
    /// The builtins, by all of their names.
    pub builtins: Arc<BTreeMap<&'static str, &'static Native>>,
    /// The variables.
    pub variables: Vec<Variable>,
}

/// A variable of the session.
pub struct Variable {
    pub name: String,
    pub value: Value,
    /// What may follow a dot: fields, and the methods that `impl` has given to its type.
    pub methods: Vec<String>,
    /// How a function is called; empty for everything else.
    pub signature: String,
}

impl Names {
    /// The value that a path of names leads to.
    fn value(&self, path: &[String]) -> Option<(Value, &[String])> {
        let (first, rest) = path.split_first()?;
        let variable = self.variables.iter().find(|variable| variable.name == *first)?;
        let mut value = variable.value.clone();
        for name in rest {
            value = match &value {
                Value::Record(record) => record.get(name)?.clone(),
                Value::Foreign(foreign) => foreign.field(name)?,
                _ => return None,
            };
        }
        Some((value, if rest.is_empty() { &variable.methods } else { &[] }))
    }

    /// The signature of a function of the session, or of a builtin.
    pub fn signature(&self, name: &str) -> Option<String> {
        if let Some(variable) = self.variables.iter().find(|variable| variable.name == name) {
            return Some(variable.signature.clone()).filter(|signature| !signature.is_empty());
        }
        self.builtins.get(name).map(|native| native.signature.to_string())
    }

    /// Whether the name is that of a builtin, which no variable hides.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.builtins.contains_key(name) && self.variables.iter().all(|variable| variable.name != name)
    }

    /// Everything that a word can be the beginning of.
    fn words(&self, word: &str) -> Vec<Pair> {
        let variables = self.variables.iter().map(|variable| described(&variable.name, &variable.signature));
        let builtins = self.builtins.iter().filter(|(name, _)| self.is_builtin(name));
        let builtins = builtins.map(|(name, native)| builtin(name, native));
        sorted(variables.chain(builtins).chain(KEYWORDS.iter().map(|word| plain(word))), word)
    }

    /// What can stand behind the dot.
    fn members(&self, path: &[String], word: &str) -> Vec<Pair> {
        let Some((value, methods)) = self.value(path) else { return Vec::new() };
        let fields = match &value {
            Value::Record(record) => record.keys().map(|key| key.as_str().to_owned()).collect(),
            Value::Foreign(foreign) => foreign.field_names(),
            _ => Vec::new(),
        };
        let own: Vec<Pair> = sorted(fields.iter().chain(methods).map(|name| plain(name)), word);
        // A builtin is a method of what it takes first. Those that take anything would bury the others.
        let of = value.type_of();
        let builtins = self.builtins.iter().filter(|(_, native)| {
            let first = native.signature.parameters.first();
            first.is_some_and(|first| first.types.contains(of) && first.types != biovm_bytecode::TypeSet::ANY)
        });
        let builtins = sorted(builtins.map(|(name, native)| builtin(name, native)), word);
        let is_new = |pair: &Pair| own.iter().all(|known| known.replacement != pair.replacement);
        let builtins: Vec<Pair> = builtins.into_iter().filter(is_new).collect();
        own.into_iter().chain(builtins).collect()
    }

    /// The names that an argument or an entry of the options may have.
    fn arguments(&self, call: &Call, word: &str) -> Vec<Pair> {
        let Some(native) =
            self.builtins.get(call.function.as_str()).filter(|_| self.is_builtin(&call.function))
        else {
            return Vec::new();
        };
        let signature = &native.signature;
        let options = signature.options.iter().map(|option| Pair {
            display: shortened(&format!("{}: {}  {}", option.name, option.types, option.doc)),
            replacement: format!("{}: ", option.name),
        });
        if call.begins_entry {
            return sorted(options, word);
        }
        let parameters = signature.parameters.iter().map(|parameter| Pair {
            display: format!("{}: {}", parameter.name, parameter.types),
            replacement: format!("{}: ", parameter.name),
        });
        // The record of the options itself is hardly ever what somebody wants to name.
        let parameters = parameters.filter(|pair| options.len() == 0 || pair.replacement != "options: ");
        sorted(parameters.chain(options.clone()), word)
    }
}

/// Where the word before the cursor begins, and what it may become. `before` is what the entry has above the line.
pub fn candidates(names: &Names, before: &str, line: &str) -> (usize, Vec<Pair>) {
    let code = match commands::argument(line) {
        _ if !before.is_empty() => line,
        Some((Argument::Command, word)) => {
            return (line.len() - word.len(), sorted(commands::NAMES.iter().map(|name| plain(name)), word));
        }
        Some((Argument::Path, path)) => return paths::candidates(line.len() - path.len(), path),
        Some((Argument::Name, word)) => return (line.len() - word.len(), names.words(word)),
        Some((Argument::Code, code)) => code,
        Some((Argument::Other, _)) => return (line.len(), Vec::new()),
        None => line,
    };
    let look = cursor::look(&format!("{before}\n{code}"));
    match look.place {
        Place::Text(text) => paths::candidates(line.len() - text.len(), &text),
        Place::Member { path, word } => (line.len() - word.len(), names.members(&path, &word)),
        Place::Word(word) => {
            let call = look.call.filter(|call| call.begins_argument || call.begins_entry);
            let mut found = call.map(|call| names.arguments(&call, &word)).unwrap_or_default();
            // An empty word would match everything there is.
            if !word.is_empty() {
                found.extend(names.words(&word));
            }
            (line.len() - word.len(), found)
        }
        Place::Other => (line.len(), Vec::new()),
    }
}

fn plain(name: &str) -> Pair {
    Pair { display: name.to_owned(), replacement: name.to_owned() }
}

fn described(name: &str, signature: &str) -> Pair {
    let display = if signature.is_empty() { name.to_owned() } else { shortened(signature) };
    Pair { display, replacement: name.to_owned() }
}

fn builtin(name: &str, native: &Native) -> Pair {
    let signature = native.signature.to_string();
    // Under its other name, it is not to look like a different thing.
    let signature = signature.strip_prefix(native.signature.name).unwrap_or(&signature);
    described(name, &format!("{name}{signature}"))
}

/// Text that fits into a line of a list.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Those that begin with the word, in order.
fn sorted(pairs: impl Iterator<Item = Pair>, word: &str) -> Vec<Pair> {
    let mut found: Vec<Pair> = pairs.filter(|pair| pair.replacement.starts_with(word)).collect();
    found.sort_by(|one, other| one.replacement.cmp(&other.replacement));
    found.dedup_by(|one, other| one.replacement == other.replacement);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let wanted = ["read_fastq", "reverse", "len", "replace"];
        let builtins = biovm_stdlib::natives().filter(|native| wanted.contains(&native.signature.name));
        let variable = |name: &str, value, methods: &[&str], signature: &str| Variable {
            name: name.to_owned(),
            value,
            methods: methods.iter().map(|method| (*method).to_owned()).collect(),
            signature: signature.to_owned(),
        };
        let inner = Value::record([("deep", Value::Int(1))]);
        let variables = vec![
            variable("reads", Value::list(vec![]), &[], ""),
            variable("read", Value::record([("id", Value::Nil), ("seq", inner)]), &["report"], ""),
            variable("renamed", Value::Nil, &[], "renamed(a, b)"),
        ];
        Names {
            builtins: Arc::new(builtins.map(|native| (native.signature.name, native)).collect()),
            variables,
        }
    }

    fn found(line: &str) -> (usize, Vec<String>) {
        let (start, pairs) = candidates(&names(), "", line);
        (start, pairs.into_iter().map(|pair| pair.replacement).collect())
    }

    fn all(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn names_are_completed() {
        assert_eq!(
            found("x |> re"),
            (5, all(&["read", "read_fastq", "reads", "renamed", "replace", "return", "reverse"]))
        );
        assert_eq!(found("x |> "), (5, vec![]));
        assert_eq!(found("1 # re"), (6, vec![]));
        let (_, pairs) = candidates(&names(), "", "ren");
        assert_eq!(pairs[0].display, "renamed(a, b)");
        let (_, pairs) = candidates(&names(), "", "read_f");
        assert!(pairs[0].display.starts_with("read_fastq(path: Str"), "{}", pairs[0].display);
    }

    #[test]
    fn fields_and_methods_are_completed() {
        assert_eq!(found("len(read.s"), (9, all(&["seq"])));
        assert_eq!(found("read.seq.d"), (9, all(&["deep"])));
        assert_eq!(found("read.r"), (5, all(&["report", "reverse"])));
        assert_eq!(found("reads.rev"), (6, all(&["reverse"])));
        assert_eq!(found("nothing.x"), (8, vec![]));
    }

    #[test]
    fn arguments_and_options_are_completed() {
        let (start, options) = found("read_fastq(\"x\", {");
        assert_eq!(start, 17);
        assert!(options.contains(&"on_error: ".to_owned()), "{options:?}");
        assert_eq!(found("read_fastq(\"x\", {on_"), (17, all(&["on_error: "])));
        assert_eq!(found("read_fastq(\"x\", on_"), (16, all(&["on_error: "])));
        assert_eq!(found("read_fastq(pa"), (11, all(&["path: "])));
    }

    #[test]
    fn commands_are_completed() {
        assert_eq!(found(":ti"), (1, all(&["time"])));
        assert_eq!(found(":time rev"), (6, all(&["reverse"])));
        assert_eq!(found(":help rev"), (6, all(&["reverse"])));
        assert_eq!(found("?rev"), (1, all(&["reverse"])));
        assert_eq!(found(":reset re"), (9, vec![]));
    }
}
