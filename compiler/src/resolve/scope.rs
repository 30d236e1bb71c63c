//! Scopes.

use super::pipeline::bound_name;
use super::{Binding, Resolver, Storage, Variable, VariableId, VariableKind};
use crate::ast::{ImportedName, Name, Pattern, PatternKind, Statement, StatementKind, Type};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use rustc_hash::FxHashMap;

/// The names that a block declares.
#[derive(Default)]
pub(super) struct Scope<'s> {
    /// The function that the scope belongs to.
    function: usize,
    variables: FxHashMap<&'s str, VariableId>,
    /// Names whose declaration comes later in the block. Functions may use them already: they run later.
    pending: FxHashMap<&'s str, Span>,
    /// The aliases that `type` declares.
    aliases: FxHashMap<&'s str, Type<'s>>,
    /// The variable of the record whose fields are variables here.
    pub(super) record: Option<VariableId>,
}

impl<'s> Scope<'s> {
    pub(super) fn names(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.variables.keys().copied()
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = VariableId> + '_ {
        self.variables.values().copied()
    }

    /// Makes functions in what follows not see that the name is declared later.
    pub(super) fn forget_pending(&mut self, name: &str) {
        self.pending.remove(name);
    }

    /// The names that may be meant as a type.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &'s str> + '_ {
        let is_capitalised = |name: &&str| name.starts_with(|first: char| first.is_ascii_uppercase());
        self.aliases.keys().copied().chain(self.names().filter(is_capitalised))
    }

    /// Makes a variable that was just declared the record of the scope, which no name means.
    pub(super) fn hide_as_record(&mut self, name: &str, record: VariableId) {
        self.variables.remove(name);
        self.record = Some(record);
    }
}

impl<'s> Resolver<'_, 's> {
    pub(super) fn open_scope(&mut self) {
        let function = self.function();
        self.scopes.push(Scope { function, ..Scope::default() });
    }

    pub(super) fn close_scope(&mut self) {
        self.scopes.pop();
    }

    /// The variable that a name means here.
    pub(super) fn find(&mut self, name: &str) -> Option<VariableId> {
        self.find_with_place(name).map(|(variable, _)| variable)
    }

    /// The variable that a name means here, and the number of the scope that declares it.
    pub(super) fn find_with_place(&mut self, name: &str) -> Option<(VariableId, usize)> {
        if let Some(found) = self.declared_with_place(name) {
            return Some(found);
        }
        // A function may use what an enclosing function declares later.
        let current = self.function();
        let place = self
            .scopes
            .iter()
            .rposition(|scope| scope.function != current && scope.pending.contains_key(name))?;
        let (name, span) = self.scopes[place].pending.remove_entry(name)?;
        let variable = self.declare_in(place, Name { text: name, span }, VariableKind::Let, u32::MAX);
        Some((variable, place))
    }

    /// The variable of that name that has been declared already.
    pub(super) fn declared(&self, name: &str) -> Option<VariableId> {
        self.declared_with_place(name).map(|(variable, _)| variable)
    }

    /// The same, and the number of the scope that declares it.
    pub(super) fn declared_with_place(&self, name: &str) -> Option<(VariableId, usize)> {
        let mut scopes = self.scopes.iter().enumerate().rev();
        let in_scopes = scopes.find_map(|(place, scope)| Some((*scope.variables.get(name)?, place)));
        in_scopes.or_else(|| Some((*self.session.get(name)?, 0)))
    }

    /// What an alias stands for.
    pub(super) fn alias(&self, name: &str) -> Option<Type<'s>> {
        self.scopes.iter().rev().find_map(|scope| scope.aliases.get(name)).cloned()
    }

    /// Whether the innermost scope declares the name.
    pub(super) fn find_in_current_scope(&self, name: &str) -> Option<VariableId> {
        self.scopes.last().and_then(|scope| scope.variables.get(name)).copied()
    }

    /// Whether the variable is a parameter, or the variable of a loop, arm or `catch`, whose body is the innermost scope.
    pub(super) fn belongs_to_this_body(&self, name: &str, variable: VariableId) -> bool {
        let around =
            self.scopes.len().checked_sub(2).and_then(|place| self.scopes[place].variables.get(name));
        around == Some(&variable)
            && matches!(self.variables[variable].kind, VariableKind::Parameter | VariableKind::Local)
    }

    /// Notes the names that the statements of the block that was just opened declare.
    pub(super) fn note_declarations(&mut self, statements: &[Statement<'s>]) {
        let mut names = Vec::new();
        for statement in statements {
            match &statement.kind {
                StatementKind::Let { pattern, .. } => pattern_names(pattern, &mut names),
                StatementKind::Const { name, .. } | StatementKind::Import { alias: Some(name), .. } => {
                    names.push((name.text, name.span));
                }
                StatementKind::Import { path, alias: None } => names.extend(self.names_of_module(path)),
                StatementKind::FromImport { names: imported, .. } => {
                    let name = |imported: &ImportedName<'s>| imported.alias.unwrap_or(imported.name);
                    names.extend(imported.iter().map(name).map(|name| (name.text, name.span)));
                }
                StatementKind::Function(function) if function.has_custom_decorator() => {
                    names.extend(function.name.map(|name| (name.text, name.span)));
                }
                StatementKind::Pipeline { label, binds, parameters: None, .. }
                | StatementKind::Stage { label, binds, .. } => {
                    names.extend(bound_name(label, *binds).map(|name| (name.text, name.span)));
                }
                StatementKind::TypeAlias { name, aliased } => {
                    if let Some(scope) = self.scopes.last_mut() {
                        scope.aliases.insert(name.text, aliased.clone());
                    }
                }
                _ => {}
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            names.reverse();
            scope.pending.extend(names);
        }
    }

    /// Declares a name in the current scope. A second declaration in one scope means the same variable.
    pub(super) fn declare(&mut self, name: Name<'s>, kind: VariableKind, ready_at: u32) -> VariableId {
        self.declare_in(self.scopes.len().saturating_sub(1), name, kind, ready_at)
    }

    fn declare_in(&mut self, place: usize, name: Name<'s>, kind: VariableKind, ready_at: u32) -> VariableId {
        let earlier_entry = self.session.get(name.text).filter(|_| place == 0).copied();
        let scope = &mut self.scopes[place];
        scope.pending.remove(name.text);
        if let Some(known) = earlier_entry.filter(|_| !scope.variables.contains_key(name.text)) {
            scope.variables.insert(name.text, known);
            // What the name made so far it makes no more.
            self.structures.remove(&known);
            self.namespaces.remove(&known);
            let facts = &mut self.variables[known];
            (facts.kind, facts.declared, facts.is_static) = (kind, name.span, false);
            self.bindings.insert(name.span.start, Binding::Variable(known));
            return known;
        }
        if let Some(&known) = scope.variables.get(name.text) {
            let facts = &mut self.variables[known];
            let first = facts.ready_at == u32::MAX;
            if facts.kind == VariableKind::Const {
                self.diagnostics.push(
                    Diagnostic::error(
                        code::CONST_ASSIGNED,
                        "TypeError",
                        format!("cannot reassign const binding '{}'", name.text),
                        name.span,
                    )
                    .with_secondary(facts.declared, "declared here")
                    .with_hint("a const can be declared once in a scope; use another name"),
                );
            }
            if let VariableKind::Function(_) = facts.kind
                && let VariableKind::Function(_) = kind
            {
                self.diagnostics.push(
                    Diagnostic::warning(
                        code::FUNCTION_REPLACED,
                        format!("function '{}' replaces an earlier one of this name", name.text),
                        name.span,
                    )
                    .with_secondary(facts.declared, "declared here"),
                );
            }
            // A function further up used it without knowing that it would be a const.
            if kind == VariableKind::Const
                && facts.kind != VariableKind::Const
                && self.assigned_from_inside.contains(&known)
            {
                self.diagnostics.push(
                    Diagnostic::error(
                        code::CONST_ASSIGNED,
                        "TypeError",
                        format!("cannot reassign const binding '{}'", name.text),
                        name.span,
                    )
                    .with_label("declared here, and a function further up assigns to it")
                    .with_hint("declare it with 'let' if it is to change"),
                );
            }
            if !first {
                facts.is_reassigned = true;
                facts.is_static = false;
            }
            // What is a const now was none so far, and may have been assigned to until here.
            if first {
                facts.kind = kind;
            } else if kind == VariableKind::Const && facts.kind != kind {
                (facts.kind, facts.declared) = (kind, name.span);
            }
            facts.ready_at = facts.ready_at.min(ready_at);
            self.bindings.insert(name.span.start, Binding::Variable(known));
            return known;
        }
        let function = scope.function;
        let variable = self.variables.len();
        scope.variables.insert(name.text, variable);
        self.variables.push(Variable {
            name: name.text.to_owned(),
            declared: name.span,
            kind,
            function,
            is_top_level: place == 0,
            ready_at,
            is_captured: false,
            is_captured_early: false,
            is_reassigned: false,
            is_static: false,
            uses: 0,
            reads: Vec::new(),
            storage: Storage::Register,
        });
        self.bindings.insert(name.span.start, Binding::Variable(variable));
        variable
    }

    /// Declares a variable that an earlier entry of the session has made.
    pub(super) fn declare_session_variable(&mut self, name: &str, number: usize) {
        let variable = self.variables.len();
        self.variables.push(Variable {
            name: name.to_owned(),
            declared: Span::at(0),
            kind: VariableKind::Let,
            function: 0,
            is_top_level: true,
            ready_at: 0,
            is_captured: false,
            is_captured_early: false,
            is_reassigned: true,
            is_static: false,
            uses: 1,
            reads: Vec::new(),
            storage: Storage::Global(number),
        });
        self.session.insert(name.to_owned(), variable);
    }
}

/// The names that a pattern binds.
pub(super) fn pattern_names<'s>(pattern: &Pattern<'s>, names: &mut Vec<(&'s str, Span)>) {
    let rest_name = |rest: &Option<Name<'s>>, names: &mut Vec<(&'s str, Span)>| {
        names.extend(rest.as_ref().map(|name| (name.text, name.span)));
    };
    match &pattern.kind {
        PatternKind::Name(name) => names.push((name, pattern.span)),
        PatternKind::List { elements, rest } | PatternKind::Tuple { elements, rest } => {
            elements.iter().for_each(|element| pattern_names(element, names));
            rest_name(rest, names);
        }
        PatternKind::Record { fields, rest } => {
            fields.iter().for_each(|field| pattern_names(&field.pattern, names));
            rest_name(rest, names);
        }
        _ => {}
    }
}
