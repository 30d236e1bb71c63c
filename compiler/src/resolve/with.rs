//! Names inside of `with`: fields of a record that is known only when the script runs.
//!
//! The record itself lives in a variable without a name. A name in the block that is not declared in there is looked up
//! in that record first, and then where it would be looked up without the `with`.

use super::{Binding, Resolver, VariableId, VariableKind};
use crate::ast::{Block, Name};
use crate::diagnostic::did_you_mean;
use crate::span::Span;

/// A name that may be a field of the records around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithName {
    /// The name.
    pub name: String,
    /// The variables that hold the records, innermost first.
    pub records: Vec<VariableId>,
    /// What the name means where no record has such a field.
    pub otherwise: OtherMeaning,
}

/// What a name means where no record around it has such a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherMeaning {
    /// A variable.
    Variable(VariableId),
    /// A builtin.
    Builtin,
    /// Nothing; with a variable of a similar name, if there is one.
    Nothing(Option<String>),
}

/// No name of a script is written like this.
const HIDDEN: &str = "(with)";

impl<'s> Resolver<'_, 's> {
    /// The body of a `with` that starts at that byte; its record has been resolved.
    pub(super) fn with_body(&mut self, start: u32, body: &Block<'s>) {
        self.open_scope();
        let hidden = Name { text: HIDDEN, span: Span::at(start) };
        let record = self.declare(hidden, VariableKind::Local, body.span.start);
        if let Some(scope) = self.scopes.last_mut() {
            scope.hide_as_record(HIDDEN, record);
        }
        self.block(body);
        self.close_scope();
    }

    /// The variables of the `with` records that may have a field of a name that is declared in the scope at `place`, or
    /// nowhere, innermost first.
    pub(super) fn records_inside(&self, place: Option<usize>) -> Vec<VariableId> {
        let inner = &self.scopes[place.map_or(0, |place| place + 1)..];
        inner.iter().rev().filter_map(|scope| scope.record).collect()
    }

    /// The number of the innermost scope that is the body of a `with`.
    pub(super) fn record_place(&self) -> Option<usize> {
        self.scopes.iter().rposition(|scope| scope.record.is_some())
    }

    /// Binds a name that may be a field: the place of a read, or of an assignment, which changes the record's copy.
    pub(super) fn bind_in_with(
        &mut self,
        name: &'s str,
        span: Span,
        records: Vec<VariableId>,
        found: Option<VariableId>,
        is_assigned: bool,
    ) {
        let otherwise = match found {
            Some(variable) => OtherMeaning::Variable(variable),
            None if self.signatures.get(name).is_some() => OtherMeaning::Builtin,
            None => {
                let visible: Vec<&str> = self.scopes.iter().rev().flat_map(|scope| scope.names()).collect();
                OtherMeaning::Nothing(did_you_mean(name, visible).map(str::to_owned))
            }
        };
        for &variable in records.iter().chain(&found) {
            let facts = &mut self.variables[variable];
            facts.is_reassigned |= is_assigned;
            if !is_assigned {
                facts.uses += 1;
                facts.reads.push(span.start);
            }
            self.capture(variable);
        }
        self.bindings.insert(span.start, Binding::InWith(self.with_names.len()));
        self.with_names.push(WithName { name: name.to_owned(), records, otherwise });
    }
}
