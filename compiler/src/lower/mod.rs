//! Lowering: from the resolved tree to bytecode.
//!
//! Every function gets registers for its variables and, above them, temporaries as a stack. An expression is lowered
//! *into* a register that somebody wants it in, or to the register where it happens to be: a variable that lives in a
//! register is its own operand. Results move from temporaries (`Take`) and are never copied, so that a list that is
//! pushed to stays the only holder of its items.
//!
//! * [`builder`]: instructions, registers and labels of one function
//! * [`function`]: parameters, defaults, bodies, closures
//! * [`statement`], [`assignment`], [`loops`], [`pattern`], [`matching`]: statements and patterns
//! * [`deferred`]: what runs when a function ends
//! * [`decorator`]: functions that remember or check, and functions that others replace
//! * [`structure`]: structs, enums, traits and methods
//! * [`import`]: modules; [`target`]: the program that all of them become
//! * [`pipeline`], [`formula`], [`documentation`]: what their names say
//! * [`expression`], [`control`], [`operator`], [`collection`], [`call`]: expressions
//! * [`constant`]: what is known before the script runs; [`inline`], [`inlinable`]: `map` and the like as loops
//! * [`arguments`]: calls that cannot work; [`release`]: those that get the only holder of a value
//! * [`with`]: names that may be fields of a record
//! * [`variable`]: reading and writing variables wherever they live; [`effects`]: who may change them meanwhile

mod arguments;
mod assignment;
mod builder;
mod call;
mod collection;
mod constant;
mod control;
mod decorator;
mod deferred;
mod documentation;
mod effects;
mod expression;
mod formula;
mod function;
mod import;
mod inlinable;
mod inline;
mod lookup;
mod loops;
mod matching;
mod operator;
mod part;
mod pattern;
mod pipeline;
mod regex;
mod release;
mod statement;
mod structure;
mod target;
mod variable;
mod with;

use crate::ast;
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::{Resolution, Signatures, StructureFacts, VariableId};
use crate::source::SourceText;
use crate::span::Span;
use biovm_bytecode::Program;
use biovm_bytecode::operand::{
    Constant as ConstantOperand, FunctionIndex, NativeIndex, ShapeIndex, ShortConstant,
};
use biovm_bytecode::program::{CallSite, Constant, Function, Structure};
use builder::Builder;
use rustc_hash::FxHashMap;
use std::sync::Arc;

pub use structure::TraitFacts;
pub use target::Target;

/// A resolved text that is to be lowered.
pub struct Unit<'a, 's> {
    /// What it says.
    pub tree: &'a ast::Program<'s>,
    /// The text.
    pub source: &'a SourceText,
    /// What its names mean.
    pub resolution: &'a Resolution,
    /// Its number among the sources of the program.
    pub number: u16,
    /// Whether to make it fast: constants are worked out, values change in place, loops count, lambdas of builtins become
    /// loops. Without it the program does the same, slowly.
    pub optimises: bool,
}

/// What there is to say about a text that was lowered.
pub struct Lowered {
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// All its traits, and those that it imports.
    pub traits: FxHashMap<String, Arc<[TraitFacts]>>,
}

/// Lowers a resolved text into the program.
pub fn lower(unit: Unit<'_, '_>, signatures: &Signatures, target: &mut Target) -> Lowered {
    let Unit { tree, source, resolution, number, optimises } = unit;
    let Target { mut program, constants, names, shapes, natives, call_sites, structures, modules } =
        std::mem::take(target);
    program.functions.resize(resolution.functions.len(), Function::default());
    program.globals.clone_from(&resolution.globals);
    let mut lowering = Lowering {
        resolution,
        optimises,
        signatures,
        source,
        source_number: number,
        program,
        constants,
        names,
        shapes,
        natives,
        modules,
        call_sites,
        structures,
        members: None,
        diagnostics: Vec::new(),
        traits: FxHashMap::default(),
        body: Builder::new(number, false),
    };
    lowering.top_level(tree);
    let Lowering { program, constants, names, shapes, natives, call_sites, structures, modules, .. } =
        lowering;
    *target = Target { program, constants, names, shapes, natives, call_sites, structures, modules };
    let Lowering { diagnostics, traits, .. } = lowering;
    Lowered { diagnostics, traits }
}

struct Lowering<'a> {
    resolution: &'a Resolution,
    /// See [`Unit::optimises`].
    optimises: bool,
    signatures: &'a Signatures,
    source: &'a SourceText,
    /// The number of the source in the program.
    source_number: u16,
    program: Program,
    constants: FxHashMap<ConstantKey, u32>,
    names: FxHashMap<String, u32>,
    shapes: FxHashMap<Vec<u32>, u32>,
    natives: FxHashMap<&'static str, u32>,
    /// The modules that the program has yet to put into its globals.
    modules: Vec<(usize, usize)>,
    call_sites: FxHashMap<CallSite, usize>,
    structures: FxHashMap<Structure, usize>,
    /// The members of enums and modules by name; built when a pattern first asks.
    members: Option<FxHashMap<(VariableId, &'a str), &'a StructureFacts>>,
    diagnostics: Vec<Diagnostic>,
    /// The traits seen so far.
    traits: FxHashMap<String, Arc<[TraitFacts]>>,
    /// The function that is being built.
    body: Builder,
}

/// So many places of a function that name a field have an inline cache of their own; there may be 65,536 caches.
const OWN_FIELD_SITES: usize = 60_000;

/// A constant as the key of a table; Floats by their bits.
#[derive(PartialEq, Eq, Hash)]
enum ConstantKey {
    Int(i64),
    Float(u64),
    Str(String),
    Sequence(&'static str, String),
    Regex(String, String),
    Formula(Option<String>, Vec<String>),
}

impl<'a> Lowering<'a> {
    /// The struct or variant that is a member of an enum or module.
    fn member(&mut self, namespace: VariableId, name: &str) -> Option<&'a StructureFacts> {
        let resolution = self.resolution;
        let members = self.members.get_or_insert_with(|| {
            let namespaces = resolution.namespaces.iter();
            let members = namespaces.flat_map(|(&namespace, members)| {
                // The first of a name counts.
                members.iter().rev().map(move |facts| ((namespace, facts.name.as_str()), facts))
            });
            members.collect()
        });
        members.get(&(namespace, name)).copied()
    }

    fn constant(&mut self, constant: Constant) -> ConstantOperand {
        let key = match &constant {
            Constant::Int(value) => ConstantKey::Int(*value),
            Constant::Float(value) => ConstantKey::Float(value.to_bits()),
            Constant::Str(text) => ConstantKey::Str(text.clone()),
            Constant::Sequence(of, letters) => ConstantKey::Sequence(of.name(), letters.clone()),
            Constant::Regex(pattern, flags) => ConstantKey::Regex(pattern.clone(), flags.clone()),
            Constant::Formula(response, terms) => ConstantKey::Formula(response.clone(), terms.clone()),
        };
        let constants = &mut self.program.constants;
        let index = *self.constants.entry(key).or_insert_with(|| {
            constants.push(constant);
            constants.len() as u32 - 1
        });
        ConstantOperand(index)
    }

    /// A constant that shares its instruction with two registers; `None` where its index is too large for that.
    fn short_constant(&mut self, constant: Constant) -> Option<ShortConstant> {
        let index = self.constant(constant).0;
        u16::try_from(index).ok().map(ShortConstant)
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(&index) = self.names.get(name) {
            return index;
        }
        let index = self.program.names.len() as u32;
        self.program.names.push(name.to_owned());
        self.names.insert(name.to_owned(), index);
        index
    }

    fn shape(&mut self, keys: Vec<u32>, span: Span) -> ShapeIndex {
        let shapes = &mut self.program.shapes;
        let index = *self.shapes.entry(keys).or_insert_with_key(|keys| {
            shapes.push(keys.clone());
            shapes.len() as u32 - 1
        });
        ShapeIndex(self.narrow(index as usize, "different record literals", span))
    }

    fn native(&mut self, name: &'static str, span: Span) -> NativeIndex {
        let natives = &mut self.program.natives;
        let index = *self.natives.entry(name).or_insert_with(|| {
            natives.push(name.to_owned());
            natives.len() as u32 - 1
        });
        NativeIndex(self.narrow(index as usize, "different builtins", span))
    }

    fn call_site(&mut self, site: CallSite, span: Span) -> biovm_bytecode::operand::CallSiteIndex {
        let sites = &mut self.program.call_sites;
        let index = *self.call_sites.entry(site).or_insert_with_key(|site| {
            sites.push(site.clone());
            sites.len() - 1
        });
        biovm_bytecode::operand::CallSiteIndex(self.narrow(index, "calls with named arguments", span))
    }

    fn function_index(&mut self, number: usize, span: Span) -> FunctionIndex {
        FunctionIndex(self.narrow(number, "functions", span))
    }

    /// A place that reads or writes a field. Beyond [`OWN_FIELD_SITES`] of them in one function, those of one name share
    /// a cache.
    fn field_site(&mut self, name: &str, span: Span) -> biovm_bytecode::operand::FieldSite {
        let name = self.name(name);
        let sites = &mut self.body.field_sites;
        let index = if sites.len() < OWN_FIELD_SITES {
            sites.push(name);
            sites.len() - 1
        } else {
            *self.body.shared_field_sites.entry(name).or_insert_with(|| {
                sites.push(name);
                sites.len() - 1
            })
        };
        biovm_bytecode::operand::FieldSite(self.narrow(index, "field names in one function", span))
    }

    fn narrow(&mut self, index: usize, what: &str, span: Span) -> u16 {
        u16::try_from(index).unwrap_or_else(|_| {
            self.too_large(&format!("more than 65,536 {what}"), span);
            0
        })
    }

    fn too_large(&mut self, what: &str, span: Span) {
        if !self.diagnostics.iter().any(|known| known.code == code::TOO_LARGE) {
            self.diagnostics.push(
                Diagnostic::error(
                    code::TOO_LARGE,
                    "ParseError",
                    format!("the script is too large: {what}"),
                    span,
                )
                .with_hint("split it into smaller functions or several scripts"),
            );
        }
    }

    /// Reports a part of the language that this version does not run.
    fn not_supported(&mut self, what: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::error(
                code::NOT_SUPPORTED,
                "ParseError",
                format!("{what} cannot be compiled by this version of biovm"),
                span,
            )
            .with_label("this part of the language is not built yet"),
        );
    }

    fn error(
        &mut self,
        code: &'static str,
        kind: &'static str,
        message: String,
        span: Span,
        hint: Option<String>,
    ) {
        let mut error = Diagnostic::error(code, kind, message, span);
        error.hint = hint;
        self.diagnostics.push(error);
    }
}
