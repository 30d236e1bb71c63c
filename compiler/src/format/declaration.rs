//! Types and what belongs to them.

use super::document::{Doc, concat};
use super::list::{ListStyle, Separators};
use super::printer::Printer;
use crate::ast::{EnumVariant, Function, StructField, TraitMethod};
use crate::token::Token;

impl<'a> Printer<'a> {
    /// `struct N { x: T = e }`
    pub fn structure(&mut self, fields: &[StructField<'a>]) -> Doc<'a> {
        let head = concat(vec![self.word(), self.word()]);
        let fields = self.members(fields, Separators::Commas, |printer, field| {
            let mut docs = vec![printer.take()];
            if let Some(annotation) = &field.annotation {
                docs.push(printer.word());
                docs.push(printer.annotation(annotation));
            }
            if let Some(default) = &field.default {
                docs.push(printer.infix());
                docs.push(printer.expression(default));
            }
            concat(docs)
        });
        concat(vec![head, fields])
    }

    /// `enum N { A(x, y), B }`
    pub fn enumeration(&mut self, variants: &[EnumVariant<'a>]) -> Doc<'a> {
        let head = concat(vec![self.word(), self.word()]);
        let variants = self.members(variants, Separators::Commas, |printer, variant| {
            let name = printer.take();
            let fields = match &variant.fields {
                Some(fields) => printer.list(fields, ListStyle::default(), |printer, _| printer.take()),
                None => Doc::Nothing,
            };
            concat(vec![name, fields])
        });
        concat(vec![head, variants])
    }

    /// `trait N { fn f(self) }`
    pub fn interface(&mut self, methods: &[TraitMethod<'a>]) -> Doc<'a> {
        let head = concat(vec![self.word(), self.word()]);
        let methods = self.members(methods, Separators::LinesOnly, |printer, method| {
            printer.function_statement(&method.function, !method.required)
        });
        concat(vec![head, methods])
    }

    /// `impl N { … }`, `impl T for N { … }`
    pub fn implementation(&mut self, has_trait: bool, methods: &[Function<'a>]) -> Doc<'a> {
        let mut head = vec![self.word(), self.word()];
        if has_trait {
            head.push(self.expect(Token::For));
            head.push(Doc::Space);
            head.push(self.word());
        }
        let methods = self.members(methods, Separators::LinesOnly, |printer, method| {
            printer.function_statement(method, true)
        });
        head.push(methods);
        concat(head)
    }
}
