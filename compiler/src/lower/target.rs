//! The program that a script and its modules are lowered into, one text after the other.

use super::ConstantKey;
use crate::source::SourceText;
use biovm_bytecode::Program;
use biovm_bytecode::program::{CallSite, DebugInfo, Function, Source, Structure};
use rustc_hash::FxHashMap;

/// A program that grows by one text after the other, with the tables that find what it already has.
#[derive(Default)]
pub struct Target {
    /// The program. Its first function is the top level of the script, which is lowered last.
    pub program: Program,
    pub(super) constants: FxHashMap<ConstantKey, u32>,
    pub(super) names: FxHashMap<String, u32>,
    pub(super) shapes: FxHashMap<Vec<u32>, u32>,
    pub(super) natives: FxHashMap<&'static str, u32>,
    pub(super) call_sites: FxHashMap<CallSite, usize>,
    pub(super) structures: FxHashMap<Structure, usize>,
    /// The modules: the global of their state, and the function of their top level.
    pub(super) modules: Vec<(usize, usize)>,
}

impl Target {
    /// A program of nothing but the globals of a session, and the text of the script.
    pub fn new(script: &SourceText, globals: Vec<String>) -> Target {
        let mut target = Target {
            program: Program {
                functions: vec![Function::default()],
                globals,
                debug: Some(DebugInfo::default()),
                ..Program::default()
            },
            ..Target::default()
        };
        target.add_source(script);
        target
    }

    /// Adds a text; its number among the sources.
    pub fn add_source(&mut self, source: &SourceText) -> u16 {
        let sources = &mut self.program.debug.get_or_insert_default().sources;
        sources.push(Source { name: source.name().to_owned(), text: source.text().to_owned() });
        // Who adds sources asks for their number first.
        (sources.len() - 1).min(usize::from(u16::MAX)) as u16
    }

    /// How many texts there are.
    pub fn source_count(&self) -> usize {
        self.program.debug.as_ref().map_or(0, |debug| debug.sources.len())
    }

    /// Adds a global; its number.
    pub fn add_global(&mut self, name: String) -> usize {
        self.program.globals.push(name);
        self.program.globals.len() - 1
    }

    /// Lets the program begin by putting the top level of a module, a function, where imports look for it.
    pub fn start_module(&mut self, state: usize, top_level: usize) {
        self.modules.push((state, top_level));
    }
}
