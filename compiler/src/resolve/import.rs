//! Names that come from modules.

use super::{Resolver, Storage, VariableId, VariableKind};
use crate::ast::{ImportedName, Label, Name};
use crate::diagnostic::{Diagnostic, code, did_you_mean};
use crate::module::{Export, ExportKind, Module, Place, is_private};
use crate::span::Span;
use std::sync::Arc;

/// What an import statement means.
#[derive(Clone, Debug)]
pub struct ImportFacts {
    /// The module.
    pub module: Arc<Module>,
    /// The variables that get values, each with the number of the export that has it.
    pub names: Vec<(VariableId, usize)>,
    /// The variable that gets the module as a record.
    pub alias: Option<VariableId>,
    /// The traits and type aliases, by their names in the module and here.
    pub types: Vec<(String, String)>,
}

impl<'s> Resolver<'_, 's> {
    fn module(&self, path: &Label<'s>) -> Option<&'s Arc<Module>> {
        self.available.get(path.text.as_ref())
    }

    /// The names that `import "path"` declares.
    pub(super) fn names_of_module(&self, path: &Label<'s>) -> Vec<(&'s str, Span)> {
        let exports = self.module(path).map_or(&[][..], |module| &module.exports);
        exports.iter().map(|export| (export.name.as_str(), path.span)).collect()
    }

    /// `import "path"`
    pub(super) fn import_all(&mut self, path: &Label<'s>, ready_at: u32) {
        let Some(module) = self.module(path) else { return };
        let mut names = Vec::with_capacity(module.exports.len());
        for (number, export) in module.exports.iter().enumerate() {
            let name = Name { text: &export.name, span: path.span };
            names.extend(self.import_name(export, name, ready_at).map(|variable| (variable, number)));
        }
        let types = module.type_names.iter().map(|name| (name.clone(), name.clone())).collect();
        self.note_import(path, ImportFacts { module: module.clone(), names, alias: None, types });
    }

    /// `import "path" as alias`
    pub(super) fn import_as(&mut self, path: &Label<'s>, alias: Name<'s>, ready_at: u32) {
        let variable = self.declare(alias, VariableKind::Let, ready_at);
        let Some(module) = self.module(path) else { return };
        let members = module.exports.iter().filter_map(|export| export.structure.clone()).collect();
        self.namespaces.insert(variable, members);
        self.modules.insert(variable, module.clone());
        let facts = ImportFacts {
            module: module.clone(),
            names: Vec::new(),
            alias: Some(variable),
            types: Vec::new(),
        };
        self.note_import(path, facts);
    }

    /// `from "path" import a, b as c`
    pub(super) fn import_names(&mut self, path: &Label<'s>, names: &[ImportedName<'s>], ready_at: u32) {
        let Some(module) = self.module(path) else { return };
        let mut facts =
            ImportFacts { module: module.clone(), names: Vec::new(), alias: None, types: Vec::new() };
        for imported in names {
            let name = imported.alias.unwrap_or(imported.name);
            let wanted = imported.name.text;
            if let Some(number) = module.exports.iter().position(|export| export.name == wanted) {
                let variable = self.import_name(&module.exports[number], name, ready_at);
                facts.names.extend(variable.map(|variable| (variable, number)));
            } else if module.type_names.iter().any(|known| known == wanted) {
                facts.types.push((wanted.to_owned(), name.text.to_owned()));
            } else {
                self.report_missing(module, imported.name);
                // What follows from that needs no report.
                self.declare(name, VariableKind::Local, ready_at);
            }
        }
        self.note_import(path, facts);
    }

    fn note_import(&mut self, path: &Label<'s>, facts: ImportFacts) {
        if self.scopes.len() == 1 {
            self.type_names.extend(facts.types.iter().map(|(_, name)| name.clone()));
        }
        self.imports.insert(path.span.start, facts);
    }

    fn report_missing(&mut self, module: &Module, name: Name<'s>) {
        let Name { text, span } = name;
        let message = format!("module '{}' has no '{text}'", module.name);
        self.diagnostics.push(if is_private(text) {
            Diagnostic::error(
                code::PRIVATE_NAME,
                "NameError",
                format!("module '{}' does not export '{text}'", module.name),
                span,
            )
            .with_hint("names that begin with '_' stay in their module; rename it there to import it")
        } else {
            let error = Diagnostic::error(code::NOT_IN_MODULE, "NameError", message, span);
            let names = || {
                let exports = module.exports.iter().map(|export| export.name.as_str());
                exports.chain(module.type_names.iter().map(String::as_str))
            };
            match did_you_mean(text, names()) {
                Some(near) => error.with_hint(format!("did you mean '{near}'?")),
                None if names().next().is_none() => error.with_hint("it exports nothing"),
                None => error.with_hint(format!("it exports {}", listed(names()))),
            }
        });
    }

    /// Declares an imported name. `None` where the block has a function of that name further down: the later one counts.
    fn import_name(&mut self, export: &'s Export, name: Name<'s>, ready_at: u32) -> Option<VariableId> {
        let known = self.find_in_current_scope(name.text);
        if let Some(known) = known {
            let facts = &self.variables[known];
            let origin = self.origins.get(&known);
            // The same thing, by another way: a module that two others pass on.
            if origin == Some(&export.origin) && export.kind != ExportKind::Variable {
                return Some(known);
            }
            let is_function = matches!(facts.kind, VariableKind::Function(_));
            if is_function && origin.is_none() && facts.declared.start > name.span.start {
                let message = format!("function '{}' replaces the imported one", name.text);
                let warning = Diagnostic::warning(code::FUNCTION_REPLACED, message, facts.declared);
                self.diagnostics.push(warning.with_secondary(name.span, "imported here"));
                return None;
            }
        }
        let kind = match (export.kind, export.place) {
            (ExportKind::Function, Place::Function(number)) => VariableKind::Function(number),
            (ExportKind::Constant, _) => VariableKind::Const,
            // Of an import in a function most names may stay unused.
            _ if self.scopes.len() > 1 => VariableKind::Local,
            _ => VariableKind::Let,
        };
        let variable = self.declare(name, kind, ready_at);
        self.origins.insert(variable, export.origin);
        let facts = &mut self.variables[variable];
        facts.is_static = matches!(kind, VariableKind::Function(_)) && !facts.is_reassigned;
        if let Some(structure) = &export.structure {
            self.structures.insert(variable, structure.clone());
        }
        if !export.variants.is_empty() {
            self.namespaces.insert(variable, export.variants.clone());
        }
        Some(variable)
    }

    /// What the module that was just resolved exports, in the order of its text.
    pub(super) fn exports(&self) -> Vec<Export> {
        let mut variables: Vec<VariableId> =
            self.top_level.iter().copied().filter(|&id| !is_private(&self.variables[id].name)).collect();
        variables.sort_by_key(|&id| (self.variables[id].declared.start, id));
        let export = |id: VariableId| {
            let facts = &self.variables[id];
            let place = match (facts.storage, facts.kind) {
                (Storage::Static, VariableKind::Function(number)) => Place::Function(number),
                (Storage::Global(number), _) => Place::Global(number),
                _ => return None,
            };
            Some(Export {
                name: facts.name.clone(),
                kind: match facts.kind {
                    VariableKind::Const => ExportKind::Constant,
                    VariableKind::Function(_) => ExportKind::Function,
                    _ => ExportKind::Variable,
                },
                place,
                origin: self.origins.get(&id).copied().filter(|_| !facts.is_reassigned).unwrap_or(place),
                structure: self.structures.get(&id).cloned(),
                variants: self.namespaces.get(&id).cloned().unwrap_or_default(),
            })
        };
        variables.into_iter().filter_map(export).collect()
    }
}

/// `a, b, c …`: enough names to see what kind of module it is.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let mut names: Vec<&str> = names.take(MOST + 1).collect();
    let more = names.len() > MOST;
    names.truncate(MOST);
    names.join(", ") + if more { " …" } else { "" }
}
