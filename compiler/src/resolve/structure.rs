//! Names of structs, enums, traits and their methods.

use super::{FunctionFacts, Resolver, StructureFacts, VariableId, VariableKind};
use crate::ast::{EnumVariant, Function, Name, Statement, StatementKind, StructField, TraitMethod};
use crate::module::is_private;
use crate::span::Span;

impl<'s> Resolver<'_, 's> {
    /// Declares what the statement declares, where it is a struct, an enum or a trait, as a function is: before the
    /// first statement of its block runs.
    pub(super) fn declare_structures(&mut self, statement: &Statement<'s>, made_at: u32) {
        match &statement.kind {
            StatementKind::Struct { name, fields, .. } => {
                self.check_repeated("field", fields.iter().map(|field| field.name));
                let names = fields.iter().map(|field| field.name.text.to_owned()).collect();
                self.declare_constructor(*name, None, names, made_at);
            }
            StatementKind::Enum { name, variants, .. } => {
                let namespace = self.declare(*name, VariableKind::Const, made_at);
                self.variables[namespace].uses += 1;
                let mut members = Vec::with_capacity(variants.len());
                for variant in variants {
                    let variable = self.declare_variant(*name, variant, made_at);
                    members.extend(self.structures.get(&variable).cloned());
                }
                self.namespaces.insert(namespace, members);
            }
            _ => {}
        }
    }

    fn declare_variant(&mut self, owner: Name<'s>, variant: &EnumVariant<'s>, made_at: u32) -> VariableId {
        self.check_repeated("field", variant.fields.iter().flatten().copied());
        let fields = variant.fields.iter().flatten().map(|field| field.text.to_owned()).collect();
        if variant.fields.is_some() {
            return self.declare_constructor(variant.name, Some(owner), fields, made_at);
        }
        let variable = self.declare(variant.name, VariableKind::Const, made_at);
        self.note_structure(variable, variant.name, Some(owner), fields);
        variable
    }

    /// Notes the traits and type aliases that the top level declares.
    pub(super) fn note_types(&mut self, statements: &[Statement<'s>]) {
        for statement in statements {
            if let StatementKind::Trait { name, .. } | StatementKind::TypeAlias { name, .. } = &statement.kind
                && !is_private(name.text)
            {
                self.type_names.push(name.text.to_owned());
            }
        }
    }

    fn declare_constructor(
        &mut self,
        name: Name<'s>,
        owner: Option<Name<'s>>,
        fields: Vec<String>,
        made_at: u32,
    ) -> VariableId {
        let number = self.functions.len();
        self.functions.push(FunctionFacts { made_at, captures: Vec::new() });
        self.function_numbers.insert(name.span.start, number);
        let variable = self.declare(name, VariableKind::Function(number), made_at);
        let facts = &mut self.variables[variable];
        facts.is_static = !(facts.is_reassigned || self.in_session && facts.is_top_level);
        self.note_structure(variable, name, owner, fields);
        variable
    }

    fn note_structure(
        &mut self,
        variable: VariableId,
        name: Name<'s>,
        owner: Option<Name<'s>>,
        fields: Vec<String>,
    ) {
        // A variant is used by the namespace of its enum.
        self.variables[variable].uses += 1;
        let variant_of = owner.map(|owner| owner.text.to_owned());
        self.structures.insert(variable, StructureFacts { name: name.text.to_owned(), variant_of, fields });
    }

    /// The defaults of a struct's fields, each of which sees the fields before it.
    pub(super) fn struct_fields(&mut self, name: Name<'s>, fields: &[StructField<'s>]) {
        let Some(&number) = self.function_numbers.get(&name.span.start) else { return };
        self.running.push(number);
        self.open_scope();
        for field in fields {
            self.note_annotation(field.annotation.as_ref());
            if let Some(default) = &field.default {
                self.expression(default);
            }
            self.declare(field.name, VariableKind::Parameter, field.name.span.start);
        }
        self.close_scope();
        self.running.pop();
    }

    /// The bodies of a trait's methods.
    pub(super) fn trait_methods(&mut self, methods: &[TraitMethod<'s>], made_at: u32) {
        for method in methods {
            self.check_trait_decorators(&method.function, method.required);
            if method.required {
                self.check_repeated_parameters(&method.function.parameters);
                self.note_parameter_annotations(&method.function.parameters);
                self.note_return_annotations(&method.function);
            } else {
                self.method(&method.function, made_at);
            }
        }
    }

    /// The methods of an `impl`.
    pub(super) fn methods(&mut self, methods: &[Function<'s>], made_at: u32) {
        for method in methods {
            self.method(method, made_at);
        }
    }

    fn method(&mut self, method: &Function<'s>, made_at: u32) {
        let number = self.add_function(method, made_at);
        self.decorators(method, number);
        self.function_body(method, number);
    }

    /// Binds the name of a struct, variant, enum or module that is looked up when the script is compiled, in a pattern for
    /// instance; so this is no use of a variable.
    pub(super) fn bind_structure(&mut self, name: &'s str, span: Span) {
        if let Some(variable) = self.find(name) {
            // An import further down will tell what it is.
            let is_pending = self.variables[variable].ready_at == u32::MAX;
            if is_pending
                || self.structures.contains_key(&variable)
                || self.namespaces.contains_key(&variable)
            {
                self.bindings.insert(span.start, super::Binding::Variable(variable));
            }
        }
    }
}
