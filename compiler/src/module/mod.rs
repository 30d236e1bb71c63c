//! Modules: a script and everything that it imports become one program.
//!
//! Paths are literals, so all modules are known before anything runs. They are compiled depth-first, each once, into the
//! tables of one program ([`crate::lower::Target`]): a module is finished before the importer is resolved, which finds in
//! it, as [`exports`], what its names mean.
//!
//! The top level of a module is a function of the program. A global holds it until it has run; the first import that is
//! executed calls it and puts nil there. The module's variables are globals with names that no script can write.

mod exports;
mod loader;

pub use exports::{Export, ExportKind, Module, Place, is_private};
pub use loader::{LoadError, Located, ModuleLoader};

use crate::ast::{self, Label, StatementKind};
use crate::diagnostic::{self, Diagnostic, code};
use crate::lower::{self, Target, Unit};
use crate::resolve::{self, Surroundings};
use crate::source::SourceText;
use crate::{Compiled, Options, parse};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The modules that a text imports, by their paths as the text writes them.
pub type Imports = FxHashMap<String, Arc<Module>>;

/// The longest chain of modules that import each other. Each takes native stack while it waits for the next.
const MOST_NESTED: usize = 200;

/// Compiles a script and its modules.
pub(crate) fn compile(source: &SourceText, options: &Options) -> Result<Compiled, Vec<Diagnostic>> {
    let mut compilation = Compilation {
        options,
        target: Target::new(source, options.session.clone().unwrap_or_default()),
        modules: options.modules.iter().map(|module| (module.key.clone(), module.clone())).collect(),
        failed: FxHashSet::default(),
        importing: Vec::new(),
        diagnostics: Vec::new(),
        structures: Vec::new(),
    };
    compilation.script(source)?;
    let Compilation { target, modules, mut diagnostics, structures, .. } = compilation;
    if diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.retain(Diagnostic::is_error);
        diagnostics.truncate(diagnostic::MAX_ERRORS);
        return Err(diagnostics);
    }
    let modules = modules.values().map(|module| Arc::new(module.without_code())).collect();
    Ok(Compiled { program: target.program, warnings: diagnostics, modules, structures })
}

struct Compilation<'o> {
    options: &'o Options,
    target: Target,
    /// The modules that are compiled, by their keys.
    modules: FxHashMap<PathBuf, Arc<Module>>,
    /// The modules with errors, which have been reported.
    failed: FxHashSet<PathBuf>,
    /// The modules whose imports are being compiled, the outermost first.
    importing: Vec<Located>,
    diagnostics: Vec<Diagnostic>,
    /// The structs and variants of the script's top level.
    structures: Vec<(String, resolve::StructureFacts)>,
}

impl Compilation<'_> {
    fn script(&mut self, source: &SourceText) -> Result<(), Vec<Diagnostic>> {
        let tree = parse(source)?;
        let Some(imports) = self.imports(&tree, None) else { return Ok(()) };
        let surroundings = Surroundings {
            signatures: &self.options.signatures,
            imports: &imports,
            first_function: self.target.program.functions.len(),
            globals: self.target.program.globals.clone(),
            session: self.options.session.as_ref(),
            structures: &self.options.session_structures,
            module: None,
        };
        let mut resolution = resolve::resolve(&tree, source, surroundings);
        let mut diagnostics = std::mem::take(&mut resolution.diagnostics);
        self.structures = resolution.top_level_structures();
        let optimises = !self.options.unoptimised;
        let unit = Unit { tree: &tree, source, resolution: &resolution, number: 0, optimises };
        let lowered = lower::lower(unit, &self.options.signatures, &mut self.target);
        diagnostics.extend(lowered.diagnostics);
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        self.diagnostics.extend(diagnostics);
        Ok(())
    }

    /// Compiles what a text imports. `None` where that fails: without the names of all modules, whatever else could be
    /// said about the text would be a guess.
    fn imports(&mut self, tree: &ast::Program<'_>, source: Option<&Arc<SourceText>>) -> Option<Imports> {
        let mut paths: Vec<&Label<'_>> = Vec::new();
        ast::each_statement(&tree.statements, &mut |statement| {
            if let StatementKind::Import { path, .. } | StatementKind::FromImport { path, .. } =
                &statement.kind
                && !paths.iter().any(|known| known.text == path.text)
            {
                paths.push(path);
            }
        });
        let mut imports = Some(Imports::default());
        for path in paths {
            match self.module(path) {
                Ok(module) => {
                    imports
                        .iter_mut()
                        .for_each(|known| drop(known.insert(path.text.to_string(), module.clone())));
                }
                Err(problem) => {
                    imports = None;
                    if let Some(mut problem) = problem {
                        problem.source = source.cloned();
                        self.diagnostics.push(*problem);
                    }
                }
            }
        }
        imports
    }

    /// The module that a path means. The error has no diagnostic where the module's own errors say all.
    fn module(&mut self, path: &Label<'_>) -> Result<Arc<Module>, Option<Box<Diagnostic>>> {
        let error = |code, message: String, hint: Option<String>| {
            let mut error = Diagnostic::error(code, "ImportError", message, path.span);
            error.hint = hint;
            Some(Box::new(error))
        };
        let refused = |problem| match problem {
            LoadError::NotFound { hint } => {
                let message = format!("module or plugin '{}' not found", path.text);
                error(code::MODULE_NOT_FOUND, message, Some(hint))
            }
            LoadError::Unreadable { message, hint } => error(code::MODULE_UNREADABLE, message, hint),
        };
        let Some(loader) = &self.options.loader else {
            return Err(refused(LoadError::NotFound { hint: "there are no modules here".to_owned() }));
        };
        let importer = self.importing.last().map(|module| module.key.as_path());
        let located = loader.locate(&path.text, importer).map_err(refused)?;
        if let Some(module) = self.modules.get(&located.key) {
            return Ok(module.clone());
        }
        if self.failed.contains(&located.key) {
            return Err(None);
        }
        if let Some(chain) = self.chain_back_to(&located, loader.script().as_deref()) {
            let message = format!("circular import detected: '{}'", located.file);
            return Err(error(code::CIRCULAR_IMPORT, message, Some(chain)));
        }
        let sources = self.target.source_count();
        if self.importing.len() >= MOST_NESTED || sources > usize::from(u16::MAX) {
            let message = format!("there are too many modules to import '{}'", path.text);
            return Err(error(code::TOO_MANY_MODULES, message, None));
        }
        let text = loader.read(&located).map_err(refused)?;
        let key = located.key.clone();
        match self.compile(located, text) {
            Some(module) => {
                self.modules.insert(key, module.clone());
                Ok(module)
            }
            None => {
                self.failed.insert(key);
                Err(None)
            }
        }
    }

    /// How the module that is about to be imported has led to its own import; `None` where it has not.
    fn chain_back_to(&self, module: &Located, script: Option<&Path>) -> Option<String> {
        let between = match self.importing.iter().position(|known| known.key == module.key) {
            Some(position) => &self.importing[position + 1..],
            None if script == Some(module.key.as_path()) => &self.importing[..],
            None => return None,
        };
        let chain: Vec<&str> = between.iter().chain([module]).map(|module| module.file.as_str()).collect();
        Some(match chain.as_slice() {
            [_] => "a file cannot import itself".to_owned(),
            _ => format!("{} imports {}", module.file, chain.join(", which imports ")),
        })
    }

    /// Compiles a module; `None` where it has errors.
    fn compile(&mut self, located: Located, text: String) -> Option<Arc<Module>> {
        let source = Arc::new(SourceText::new(located.file.clone(), text));
        let tree = match parse(&source) {
            Ok(tree) => tree,
            Err(errors) => {
                self.report(errors, &source);
                return None;
            }
        };
        self.importing.push(located);
        let imports = self.imports(&tree, Some(&source));
        let located = self.importing.pop()?;
        let imports = imports?;

        let number = self.target.add_source(&source);
        let state = self.target.add_global(format!("module {}", located.name));
        let surroundings = Surroundings {
            signatures: &self.options.signatures,
            imports: &imports,
            first_function: self.target.program.functions.len(),
            globals: self.target.program.globals.clone(),
            session: self.options.session.as_ref(),
            structures: &[],
            module: Some(&located.name),
        };
        let mut resolution = resolve::resolve(&tree, &source, surroundings);
        let mut diagnostics = std::mem::take(&mut resolution.diagnostics);
        let optimises = !self.options.unoptimised;
        let unit = Unit { tree: &tree, source: &source, resolution: &resolution, number, optimises };
        let mut lowered = lower::lower(unit, &self.options.signatures, &mut self.target);
        self.target.start_module(state, resolution.top_level);
        diagnostics.extend(lowered.diagnostics);
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        let has_errors = diagnostics.iter().any(Diagnostic::is_error);
        self.report(diagnostics, &source);
        lowered.traits.retain(|name, _| !is_private(name) && resolution.type_names.contains(name));
        (!has_errors).then(|| {
            Arc::new(Module {
                key: located.key,
                name: located.name,
                state,
                exports: resolution.exports,
                type_names: resolution.type_names,
                traits: lowered.traits,
            })
        })
    }

    fn report(&mut self, diagnostics: Vec<Diagnostic>, source: &Arc<SourceText>) {
        self.diagnostics.extend(
            diagnostics
                .into_iter()
                .map(|diagnostic| Diagnostic { source: Some(source.clone()), ..diagnostic }),
        );
    }
}
