//! A readable listing of a program.
//!
//! It takes programs that do not verify too, since that is when one wants to read them: whatever lies outside its
//! table is shown as a bare number.

mod lines;
mod text;

pub use text::instruction_text;

use crate::program::{
    Argument, CallSite, CaptureSource, Function, Handler, Inlined, Program, Region, RegionKind, Structure,
};
use lines::LineTable;
use text::{constant_text, function_name, name_of, operands_text, printable};

/// The listing: the tables, then each function with its source lines between the instructions.
pub fn disassemble(program: &Program) -> String {
    let sources = program.debug.iter().flat_map(|debug| &debug.sources);
    let lines = sources.map(LineTable::new).collect();
    let mut listing = Listing { program, lines, text: String::new() };
    listing.tables();
    for (number, function) in program.functions.iter().enumerate() {
        listing.function(number, function);
    }
    listing.text
}

/// The listing of one function, without the tables.
pub fn disassemble_function(program: &Program, number: usize) -> String {
    let sources = program.debug.iter().flat_map(|debug| &debug.sources);
    let mut listing = Listing { program, lines: sources.map(LineTable::new).collect(), text: String::new() };
    if let Some(function) = program.functions.get(number) {
        listing.function(number, function);
    }
    listing.text.trim_start_matches('\n').to_owned()
}

struct Listing<'program> {
    program: &'program Program,
    /// The lines of each source.
    lines: Vec<LineTable<'program>>,
    text: String,
}

impl Listing<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
    }

    fn tables(&mut self) {
        let program = self.program;
        let Program {
            functions,
            constants,
            shapes,
            structures,
            natives,
            globals,
            call_sites,
            annotations,
            ..
        } = program;
        let counts = [
            counted(functions.len(), "function"),
            counted(constants.len(), "constant"),
            counted(shapes.len(), "shape"),
            counted(natives.len(), "builtin"),
            counted(globals.len(), "global"),
            counted(call_sites.len(), "call site"),
        ];
        self.line(counts.join(", "));
        self.table("constants", "k", constants, |constant| constant_text(constant, usize::MAX));
        self.table("shapes", "s", shapes, |keys| shape_text(program, keys));
        self.table("structures", "t", structures, |each| structure_text(program, each));
        self.table("builtins", "n", natives, |name| printable(name));
        self.table("globals", "g", globals, |name| printable(name));
        self.table("call sites", "a", call_sites, |site| call_site_text(program, site));
        self.table("annotations", "y", annotations, |annotation| printable(&annotation.text));
    }

    /// A table with a line for each entry, or nothing where there are none.
    fn table<T>(&mut self, title: &str, prefix: &str, entries: &[T], text: impl Fn(&T) -> String) {
        if entries.is_empty() {
            return;
        }
        self.line("");
        self.line(title);
        let width = prefix.len() + digits(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let label = format!("{prefix}{index}");
            self.line(format!("  {label:<width$}  {}", text(entry)));
        }
    }

    fn function(&mut self, number: usize, function: &Function) {
        self.line("");
        self.line(format!("function {number}: {}", header(self.program, number, function)));
        self.line(format!("  {}", counted(usize::from(function.register_count), "register")));
        for (index, capture) in function.captures.iter().enumerate() {
            let source = match capture {
                CaptureSource::Register(register) => format!("register r{}", register.0),
                CaptureSource::Capture(outer) => format!("capture c{outer}"),
            };
            self.line(format!("  capture c{index} from {source} of the maker"));
        }
        for Handler { start, end, target, register } in &function.handlers {
            self.line(format!("  errors in {start}..{end} -> {target}, the error in r{}", register.0));
        }
        for Inlined { start, end, call } in &function.inlined {
            self.line(format!("  a lambda in {start}..{end}, which the call in {call} would call"));
        }
        for Region { start, end, kind } in &function.regions {
            self.line(match kind {
                RegionKind::Builtin { call, .. } => {
                    format!("  {start}..{end} does the work of the call in {call}")
                }
                RegionKind::Stage { name } => {
                    let name = self.program.names.get(*name as usize).map_or("", String::as_str);
                    format!("  stage {name:?} in {start}..{end}")
                }
            });
        }

        let names = function.code.iter().map(|instruction| instruction.opcode().name());
        let name_width = names.map(str::len).max().unwrap_or(0);
        let number_width = digits(function.code.len());
        let mut line_shown = None;
        for (index, instruction) in function.code.iter().enumerate() {
            self.source_line(function, index, &mut line_shown);
            let name = instruction.opcode().name();
            let operands = operands_text(self.program, function, index, instruction);
            self.line(format!("  {index:>number_width$}  {name:<name_width$}  {operands}"));
        }
    }

    /// The source line that an instruction comes from, unless the instruction before it comes from the same.
    fn source_line(&mut self, function: &Function, index: usize, shown: &mut Option<(u16, usize)>) {
        let Some(span) = function.spans.get(index) else {
            return;
        };
        let Some(table) = self.lines.get(usize::from(span.source)) else {
            return;
        };
        let number = table.line_of(span.start);
        let place = Some((span.source, number));
        if *shown == place {
            return;
        }
        *shown = place;
        // The script is the rule; the modules that it imports are named.
        let module = if span.source == 0 { String::new() } else { printable(table.name()) + ":" };
        self.line(format!("  ; {module}{number}: {}", printable(table.text(number))));
    }
}

fn header(program: &Program, number: usize, function: &Function) -> String {
    if number == 0 {
        return "top level".to_owned();
    }
    if !function.signature.is_empty() {
        return printable(&function.signature);
    }
    let last = function.parameters.len().saturating_sub(1);
    let parameters = function.parameters.iter().enumerate().map(|(index, parameter)| {
        let rest = if function.has_rest && index == last { "..." } else { "" };
        let default = if parameter.has_default { " = …" } else { "" };
        format!("{rest}{}{default}", name_of(program, parameter.name))
    });
    format!("{}({})", function_name(function), parameters.collect::<Vec<_>>().join(", "))
}

fn shape_text(program: &Program, keys: &[u32]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| name_of(program, *key)).collect();
    format!("{{{}}}", keys.join(", "))
}

fn structure_text(program: &Program, structure: &Structure) -> String {
    let owner =
        structure.variant_of.map_or_else(String::new, |owner| format!("{}::", name_of(program, owner)));
    format!("{owner}{} {}", name_of(program, structure.name), shape_text(program, &structure.fields))
}

fn call_site_text(program: &Program, site: &CallSite) -> String {
    let arguments = site.arguments.iter().map(|argument| match argument {
        Argument::Positional => "_".to_owned(),
        Argument::Named(name) => format!("{}: _", name_of(program, *name)),
        Argument::Spread => "..._".to_owned(),
    });
    let method = site.method.map(|name| format!(".{}", name_of(program, name))).unwrap_or_default();
    format!("{method}({})", arguments.collect::<Vec<_>>().join(", "))
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// How many digits the numbers below `count` have at most.
fn digits(count: usize) -> usize {
    count.saturating_sub(1).checked_ilog10().map_or(1, |log| log as usize + 1)
}
