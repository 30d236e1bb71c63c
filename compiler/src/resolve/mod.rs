//! Resolution: what every name means, and where every variable lives.
//!
//! One walk over the tree opens and closes scopes as the language does (see [`scope`]), binds each use of a name to a
//! variable, a function or a builtin, and reports what is undefined or must not be assigned to. When it is done, the
//! facts about each variable are complete: who captures it, whether it is assigned to after its declaration. From
//! them follows its storage:
//!
//! * a register, where nobody else can see it change; closures then capture its value;
//! * a cell, where closures share it and somebody assigns to it;
//! * a global, where it belongs to the top level and some function uses it.
//!
//! A declared function that captures nothing needs no variable at all: calls of it name it directly.

mod annotation;
mod decorator;
mod expression;
mod facts;
mod flow;
mod import;
mod parallel;
mod pattern;
mod pipeline;
mod scope;
mod statement;
mod structure;
mod type_name;
mod with;

pub use annotation::{CheckedForm, CheckedType};
pub use facts::{
    Binding, DeclaredFunction, DeclaredParameter, FunctionFacts, MemoryFacts, Storage, StructureFacts,
    Variable, VariableId, VariableKind,
};
pub use import::ImportFacts;
pub use with::{OtherMeaning, WithName};

use crate::ast;
use crate::diagnostic::{Diagnostic, MAX_ERRORS, code, did_you_mean};
use crate::module::{Export, Imports, Module, Place, is_private};
use crate::source::SourceText;
use crate::span::Span;
use biovm_bytecode::Signature;
use rustc_hash::{FxHashMap, FxHashSet};
use scope::Scope;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// The builtins that a script may use, by name.
#[derive(Clone, Default)]
pub struct Signatures(FxHashMap<&'static str, &'static Signature>);

impl Signatures {
    /// The table of these builtins and their other names.
    pub fn new(signatures: impl IntoIterator<Item = &'static Signature>) -> Signatures {
        let mut table = FxHashMap::default();
        for signature in signatures {
            table.insert(signature.name, signature);
            for alias in signature.aliases {
                table.insert(*alias, signature);
            }
        }
        Signatures(table)
    }

    /// The builtin with that name.
    pub fn get(&self, name: &str) -> Option<&'static Signature> {
        self.0.get(name).copied()
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.keys().copied()
    }
}

/// What resolution found out about a script.
pub struct Resolution {
    /// All variables.
    pub variables: Vec<Variable>,
    /// The meaning of each use and each declaration of a name, by the byte where the name starts.
    pub bindings: FxHashMap<u32, Binding>,
    /// All functions, by their numbers in the program. Those of modules, which come before, have no facts here.
    pub functions: Vec<FunctionFacts>,
    /// The number of the top level.
    pub top_level: usize,
    /// The number of each function, by the byte where it starts.
    pub function_numbers: FxHashMap<u32, usize>,
    /// How the functions are declared that the script writes out, by number.
    pub declared_functions: FxHashMap<usize, DeclaredFunction>,
    /// The structs and variants, by the variable that holds their constructor or value.
    pub structures: FxHashMap<VariableId, StructureFacts>,
    /// The members of enums and modules that patterns can name, by the variable that holds the enum or module.
    pub namespaces: FxHashMap<VariableId, Vec<StructureFacts>>,
    /// The modules, by the variable that holds them as a record.
    pub modules: FxHashMap<VariableId, Arc<Module>>,
    /// The imports, by the byte where their path starts.
    pub imports: FxHashMap<u32, ImportFacts>,
    /// What others can import, where the text is that of a module.
    pub exports: Vec<Export>,
    /// The traits and type aliases of the top level.
    pub type_names: Vec<String>,
    /// The memories of memoized functions, by the numbers of the functions.
    pub memories: FxHashMap<usize, MemoryFacts>,
    /// The annotations that are checked in each call, by the byte where they start.
    pub annotations: FxHashMap<u32, CheckedType>,
    /// The names inside of `with` that may be fields of its record.
    pub with_names: Vec<WithName>,
    /// The names of all globals of the program so far, in the order of their numbers.
    pub globals: Vec<String>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Resolution {
    /// The structs and variants that variables of the top level make, by name.
    pub fn top_level_structures(&self) -> Vec<(String, StructureFacts)> {
        let structures =
            self.structures.iter().filter(|(variable, _)| self.variables[**variable].is_top_level);
        let name = |variable: VariableId| self.variables[variable].name.clone();
        let mut facts: Vec<_> =
            structures.map(|(&variable, facts)| (name(variable), facts.clone())).collect();
        facts.sort_by(|(one, _), (other, _)| one.cmp(other));
        facts
    }
}

/// The names that an interactive session has declared so far, in the order of their global numbers.
pub type SessionNames = Vec<String>;

/// What there is around a text that is to be resolved.
pub struct Surroundings<'a> {
    /// The builtins.
    pub signatures: &'a Signatures,
    /// The modules that the text imports.
    pub imports: &'a Imports,
    /// The number of functions that the program has already.
    pub first_function: usize,
    /// The globals that the program has already.
    pub globals: Vec<String>,
    /// In a session: the variables of earlier entries, the first of the globals. All variables of the top level are then
    /// globals.
    pub session: Option<&'a SessionNames>,
    /// In a session: the structs and variants that these variables make, by the names of the variables.
    pub structures: &'a [(String, StructureFacts)],
    /// The name of the module, where the text is that of one. It does not see the session's variables.
    pub module: Option<&'a str>,
}

/// Resolves the text of a script, of an entry or of a module.
pub fn resolve<'s>(
    program: &ast::Program<'s>,
    source: &SourceText,
    surroundings: Surroundings<'s>,
) -> Resolution {
    let Surroundings { signatures, imports, first_function, globals, session, structures, module } =
        surroundings;
    let top_level = if module.is_some() { first_function } else { 0 };
    let mut resolver = Resolver {
        source,
        signatures,
        available: imports,
        module: module.map(str::to_owned),
        scopes: Vec::new(),
        variables: Vec::new(),
        bindings: FxHashMap::default(),
        functions: vec![FunctionFacts::default(); first_function.max(top_level + 1)],
        function_numbers: FxHashMap::default(),
        declared_functions: FxHashMap::default(),
        structures: FxHashMap::default(),
        memories: FxHashMap::default(),
        annotations: FxHashMap::default(),
        namespaces: FxHashMap::default(),
        modules: FxHashMap::default(),
        imports: FxHashMap::default(),
        origins: FxHashMap::default(),
        top_level: Vec::new(),
        type_names: Vec::new(),
        local_types: Vec::new(),
        annotated: Vec::new(),
        with_names: Vec::new(),
        running: vec![top_level],
        diagnostics: Vec::new(),
        in_session: session.is_some(),
        undefined: FxHashSet::default(),
        first_undefined: BinaryHeap::new(),
        captured: FxHashSet::default(),
        assigned_from_inside: FxHashSet::default(),
        parallel: Vec::new(),
        session: FxHashMap::default(),
    };
    resolver.open_scope();
    let names = session.filter(|_| module.is_none()).map_or(&[][..], Vec::as_slice);
    for (number, name) in names.iter().enumerate() {
        resolver.declare_session_variable(name, number);
    }
    resolver.note_types(&program.statements);
    for (name, facts) in structures {
        if let Some(&variable) = resolver.session.get(name) {
            resolver.structures.insert(variable, facts.clone());
        }
        let owner = facts.variant_of.as_deref().and_then(|owner| resolver.session.get(owner));
        if let Some(&owner) = owner {
            resolver.namespaces.entry(owner).or_default().push(facts.clone());
        }
    }
    resolver.statements(&program.statements, program.span.start);
    resolver.top_level = resolver.scopes.first().map(|scope| scope.variables().collect()).unwrap_or_default();
    resolver.close_scope();
    resolver.finish(globals)
}

struct Resolver<'a, 's> {
    source: &'a SourceText,
    signatures: &'a Signatures,
    /// The modules that imports can name.
    available: &'s Imports,
    /// The name of the module that is being resolved.
    module: Option<String>,
    scopes: Vec<Scope<'s>>,
    variables: Vec<Variable>,
    bindings: FxHashMap<u32, Binding>,
    functions: Vec<FunctionFacts>,
    function_numbers: FxHashMap<u32, usize>,
    declared_functions: FxHashMap<usize, DeclaredFunction>,
    structures: FxHashMap<VariableId, StructureFacts>,
    memories: FxHashMap<usize, MemoryFacts>,
    annotations: FxHashMap<u32, CheckedType>,
    namespaces: FxHashMap<VariableId, Vec<StructureFacts>>,
    modules: FxHashMap<VariableId, Arc<Module>>,
    imports: FxHashMap<u32, ImportFacts>,
    /// Where imported variables come from.
    origins: FxHashMap<VariableId, Place>,
    /// The variables of the top level, once all is resolved.
    top_level: Vec<VariableId>,
    type_names: Vec<String>,
    /// The traits and type aliases of all scopes.
    local_types: Vec<&'s str>,
    /// The names in annotations.
    annotated: Vec<ast::Name<'s>>,
    with_names: Vec<WithName>,
    /// The functions that enclose the current place, the top level first.
    running: Vec<usize>,
    diagnostics: Vec<Diagnostic>,
    in_session: bool,
    /// Names that were reported as undefined: once is enough.
    undefined: FxHashSet<&'s str>,
    /// Where the first errors about undefined names are: no others are shown, and a suggestion takes its time.
    first_undefined: BinaryHeap<u32>,
    /// The captures of each function, to find them; [`FunctionFacts::captures`] keeps their order.
    captured: FxHashSet<(usize, VariableId)>,
    /// The variables that a function inside of their own assigns to.
    assigned_from_inside: FxHashSet<VariableId>,
    /// For each parallel body that encloses the current place, the number of the scopes outside of it.
    parallel: Vec<usize>,
    /// The variables of earlier entries of the session.
    session: FxHashMap<String, VariableId>,
}

/// What a name is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Its value is read or replaced.
    Value,
    /// It is called.
    Callee,
}

impl<'s> Resolver<'_, 's> {
    fn function(&self) -> usize {
        self.running.last().copied().unwrap_or(0)
    }

    /// Binds a use of a name, and reports it where it means nothing.
    fn use_name(&mut self, name: &'s str, span: Span) {
        self.use_name_as(name, span, Use::Value);
    }

    /// The same; what the name is used for decides what to do about one that means nothing.
    fn use_name_as(&mut self, name: &'s str, span: Span, purpose: Use) {
        let found = self.find_with_place(name);
        let records = self.records_inside(found.map(|(_, place)| place));
        if !records.is_empty() {
            return self.bind_in_with(name, span, records, found.map(|(variable, _)| variable), false);
        }
        match found {
            Some((variable, _)) => self.use_variable(variable, span),
            None if self.signatures.get(name).is_some() => {
                self.bindings.insert(span.start, Binding::Builtin);
            }
            None => self.report_undefined(name, span, purpose),
        }
    }

    fn use_variable(&mut self, variable: VariableId, span: Span) {
        self.variables[variable].uses += 1;
        self.variables[variable].reads.push(span.start);
        self.bindings.insert(span.start, Binding::Variable(variable));
        self.capture(variable);
    }

    /// Notes that the current function, and those around it up to the variable's own, capture the variable.
    fn capture(&mut self, variable: VariableId) {
        let owner = self.variables[variable].function;
        if owner == self.function() {
            return;
        }
        let depth = self.running.iter().position(|&function| function == owner).unwrap_or(0);
        // The outermost function that captures decides when the capture happens: when its closure is made.
        let outermost = self.running[depth + 1];
        let made_at = self.functions[outermost].made_at;
        let facts = &mut self.variables[variable];
        facts.is_captured = true;
        if made_at <= facts.ready_at {
            facts.is_captured_early = true;
        }
        for index in depth + 1..self.running.len() {
            let function = self.running[index];
            if self.captured.insert((function, variable)) {
                self.functions[function].captures.push(variable);
            }
        }
    }

    /// Binds an assignment to a name.
    fn assign_name(&mut self, name: &'s str, span: Span) {
        let found = self.find_with_place(name);
        let records = self.records_inside(found.map(|(_, place)| place));
        if !records.is_empty() {
            let variable = found.map(|(variable, _)| variable);
            // Whether the field or the variable around is meant, nobody knows; the nearest decides.
            let place = self.record_place().unwrap_or(0);
            self.check_parallel_assignment(name, span, None, place);
            return self.bind_in_with(name, span, records, variable, true);
        }
        if let Some((variable, place)) = found {
            self.check_parallel_assignment(name, span, Some(variable), place);
        }
        let function = self.function();
        match found {
            Some((variable, _)) => {
                let facts = &mut self.variables[variable];
                facts.is_reassigned = true;
                if facts.function != function {
                    self.assigned_from_inside.insert(variable);
                }
                if facts.kind == VariableKind::Const {
                    let declared = facts.declared;
                    let error = Diagnostic::error(
                        code::CONST_ASSIGNED,
                        "TypeError",
                        format!("cannot reassign const binding '{name}'"),
                        span,
                    );
                    self.diagnostics.push(
                        error
                            .with_secondary(declared, "declared as const here")
                            .with_hint("declare it with 'let' if it is to change"),
                    );
                }
                self.bindings.insert(span.start, Binding::Variable(variable));
                self.capture(variable);
            }
            None if self.signatures.get(name).is_some() => self.diagnostics.push(
                Diagnostic::error(
                    code::BUILTIN_ASSIGNED,
                    "TypeError",
                    format!("cannot assign to builtin '{name}'"),
                    span,
                )
                .with_hint(format!("declare a variable of your own first: let {name} = …")),
            ),
            None => self.report_undefined(name, span, Use::Value),
        }
    }

    fn report_undefined(&mut self, name: &'s str, span: Span, purpose: Use) {
        if !self.undefined.insert(name) {
            return;
        }
        self.first_undefined.push(span.start);
        if self.first_undefined.len() > MAX_ERRORS && self.first_undefined.pop() == Some(span.start) {
            return;
        }
        let visible: Vec<&str> = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| scope.names())
            .chain(self.signatures.names().collect::<std::collections::BTreeSet<_>>())
            .collect();
        let error =
            Diagnostic::error(code::UNDEFINED, "NameError", format!("undefined variable '{name}'"), span);
        self.diagnostics.push(match did_you_mean(name, visible) {
            Some(near) => error.with_hint(format!("did you mean '{near}'?")),
            None => error.with_hint(match purpose {
                Use::Value => format!("declare it first: let {name} = …"),
                Use::Callee => format!("declare it first: fn {name}(…) {{ … }}"),
            }),
        });
    }

    /// Decides about storage and captures once everything is known.
    fn finish(mut self, mut globals: Vec<String>) -> Resolution {
        self.find_static_functions();
        // What a module exports is read by functions of others.
        let is_exported = |variable: &Variable| self.module.is_some() && !is_private(&variable.name);
        for variable in &mut self.variables {
            variable.reads.sort_unstable();
            variable.storage = match variable {
                Variable { storage: Storage::Global(number), .. } => Storage::Global(*number),
                Variable { is_static: true, .. } => Storage::Static,
                Variable { is_top_level: true, .. }
                    if variable.is_captured || self.in_session || is_exported(variable) =>
                {
                    // With the name of its module it is no name that a script could write.
                    globals.push(match &self.module {
                        Some(module) => format!("{module}::{}", variable.name),
                        None => variable.name.clone(),
                    });
                    Storage::Global(globals.len() - 1)
                }
                _ if variable.is_captured && (variable.is_reassigned || variable.is_captured_early) => {
                    Storage::Cell
                }
                _ => Storage::Register,
            };
        }
        let variables = &self.variables;
        for function in &mut self.functions {
            function
                .captures
                .retain(|&variable| matches!(variables[variable].storage, Storage::Register | Storage::Cell));
        }
        self.warn_about_unused();
        self.warn_about_unknown_types();
        let exports = if self.module.is_some() { self.exports() } else { Vec::new() };
        Resolution {
            exports,
            top_level: self.running.first().copied().unwrap_or(0),
            namespaces: self.namespaces,
            modules: self.modules,
            imports: self.imports,
            type_names: self.type_names,
            variables: self.variables,
            bindings: self.bindings,
            functions: self.functions,
            function_numbers: self.function_numbers,
            declared_functions: self.declared_functions,
            structures: self.structures,
            memories: self.memories,
            annotations: self.annotations,
            with_names: self.with_names,
            globals,
            diagnostics: self.diagnostics,
        }
    }

    /// Finds the declared functions that capture nothing but globals and each other. All are taken to be so until a
    /// capture shows otherwise, and each that turns out not to be one decides about those that capture it.
    fn find_static_functions(&mut self) {
        let mut captured_by: FxHashMap<VariableId, Vec<VariableId>> = FxHashMap::default();
        let mut not_static = Vec::new();
        for (variable, facts) in self.variables.iter().enumerate() {
            let Variable { is_static: true, kind: VariableKind::Function(number), .. } = *facts else {
                continue;
            };
            let mut blocked = facts.is_reassigned;
            for &captured in &self.functions[number].captures {
                let facts = &self.variables[captured];
                if facts.is_top_level {
                    continue;
                }
                blocked |= !facts.is_static;
                if facts.is_static {
                    captured_by.entry(captured).or_default().push(variable);
                }
            }
            if blocked {
                not_static.push(variable);
            }
        }
        while let Some(variable) = not_static.pop() {
            if std::mem::take(&mut self.variables[variable].is_static) {
                not_static.extend(captured_by.remove(&variable).into_iter().flatten());
            }
        }
    }

    fn warn_about_unused(&mut self) {
        if self.in_session {
            return;
        }
        for variable in &self.variables {
            if variable.uses == 0
                && variable.kind == VariableKind::Let
                && !variable.is_top_level
                && !variable.name.starts_with('_')
            {
                let name = &variable.name;
                self.diagnostics.push(
                    Diagnostic::warning(
                        code::UNUSED,
                        format!("variable '{name}' is never read"),
                        variable.declared,
                    )
                    .with_hint(format!("remove it, or call it '_{name}' if that is meant")),
                );
            }
        }
    }
}
