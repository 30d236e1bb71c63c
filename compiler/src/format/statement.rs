//! Statements.

use super::document::{Doc, LINE, concat, construct, group, nest};
use super::list::ListStyle;
use super::printer::Printer;
use crate::ast::{Expression, ImportedName, Statement, StatementKind, TargetStep, Type};
use crate::token::Token;

impl<'a> Printer<'a> {
    /// A statement without its separator.
    pub fn statement(&mut self, statement: &Statement<'a>) -> Doc<'a> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.statement_kind(&statement.kind))
    }

    fn statement_kind(&mut self, statement: &StatementKind<'a>) -> Doc<'a> {
        match statement {
            StatementKind::Expression(value) => self.expression(value),
            StatementKind::Let { pattern, annotation, value, .. } => {
                let word = self.word();
                let pattern = self.pattern(pattern);
                self.binding(vec![word, pattern], annotation.as_ref(), value)
            }
            StatementKind::Const { annotation, value, .. } => {
                let word = self.word();
                let name = self.take();
                self.binding(vec![word, name], annotation.as_ref(), value)
            }
            StatementKind::Assign { target, value, .. } => {
                let mut docs = vec![self.take_until(target.name.span.end)];
                for step in &target.steps {
                    docs.push(match step {
                        TargetStep::Field(name) => self.take_until(name.span.end),
                        TargetStep::Index { index, .. } => {
                            let open = self.take();
                            let index = self.expression(index);
                            let close = self.take();
                            concat(vec![open, index, close])
                        }
                    });
                }
                // parentheses around the whole target
                docs.push(self.take_until(target.span.end));
                docs.push(self.infix());
                docs.push(self.expression(value));
                concat(docs)
            }
            StatementKind::Function(function) => self.function_statement(function, true),
            StatementKind::Struct { fields, .. } => self.structure(fields),
            StatementKind::Enum { variants, .. } => self.enumeration(variants),
            StatementKind::Trait { methods, .. } => self.interface(methods),
            StatementKind::Impl { trait_name, methods, .. } => {
                self.implementation(trait_name.is_some(), methods)
            }
            StatementKind::TypeAlias { aliased, .. } => {
                let mut docs = vec![self.word(), self.take(), self.infix()];
                docs.push(self.annotation(aliased));
                concat(docs)
            }
            StatementKind::Import { alias, .. } => {
                let mut docs = vec![self.word(), self.take()];
                if alias.is_some() {
                    docs.push(self.infix());
                    docs.push(self.take());
                }
                concat(docs)
            }
            StatementKind::FromImport { names, .. } => self.import_names(names),
            StatementKind::For { pattern, iterable, condition, body, otherwise, parallel } => {
                let mut docs = Vec::new();
                if *parallel {
                    docs.push(self.word());
                }
                docs.push(self.word());
                docs.push(self.pattern(pattern));
                docs.push(self.infix());
                docs.push(self.header(iterable));
                if let Some(condition) = condition {
                    docs.push(self.infix());
                    docs.push(self.header(condition));
                }
                docs.push(Doc::Space);
                docs.push(self.braces(body));
                if let Some(otherwise) = otherwise {
                    docs.push(self.otherwise(otherwise));
                }
                construct(docs)
            }
            StatementKind::While { condition: header, body }
            | StatementKind::With { record: header, body } => {
                let docs = vec![self.word(), self.header(header), Doc::Space, self.braces(body)];
                construct(docs)
            }
            StatementKind::Unless { condition, body, otherwise } => {
                let mut docs = vec![self.word(), self.header(condition), self.body_or_then(body)];
                if let Some(otherwise) = otherwise {
                    docs.push(self.otherwise(otherwise));
                }
                construct(docs)
            }
            StatementKind::Guard { condition, otherwise } => {
                let docs = vec![self.word(), self.header(condition), self.otherwise(otherwise)];
                construct(docs)
            }
            StatementKind::Pipeline { parameters, body, .. } => {
                let mut docs = vec![self.word(), self.take()];
                if let Some(parameters) = parameters {
                    docs.push(self.parameters(parameters));
                }
                docs.push(Doc::Space);
                docs.push(self.braces(body));
                construct(docs)
            }
            StatementKind::Stage { value, .. } => {
                let docs = vec![self.word(), self.take(), self.infix(), self.expression(value)];
                concat(docs)
            }
            StatementKind::Assert { condition, message } => self.assertion(condition, message.as_ref()),
            StatementKind::Return(None) | StatementKind::Break | StatementKind::Continue => self.take(),
            StatementKind::Defer(value)
            | StatementKind::Return(Some(value))
            | StatementKind::Yield(value) => {
                let word = self.word();
                let value = self.expression(value);
                concat(vec![word, value])
            }
        }
    }

    /// `: T = e`
    fn binding(
        &mut self,
        mut docs: Vec<Doc<'a>>,
        annotation: Option<&Type<'a>>,
        value: &Expression<'a>,
    ) -> Doc<'a> {
        if let Some(annotation) = annotation {
            docs.push(self.word());
            docs.push(self.annotation(annotation));
        }
        docs.push(self.infix());
        docs.push(self.expression(value));
        concat(docs)
    }

    /// `from "path" import a, b as c`
    fn import_names(&mut self, names: &[ImportedName<'a>]) -> Doc<'a> {
        let head = concat(vec![self.word(), self.take(), self.infix()]);
        let mut docs = Vec::new();
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                docs.push(self.expect(Token::Comma));
                docs.push(self.lead(&LINE, true));
            }
            docs.push(self.take());
            if name.alias.is_some() {
                docs.push(self.infix());
                docs.push(self.take());
            }
        }
        concat(vec![head, group(nest(concat(docs)))])
    }

    /// `assert c`, `assert c, m`, `assert(c, m)`
    fn assertion(&mut self, condition: &Expression<'a>, message: Option<&Expression<'a>>) -> Doc<'a> {
        let word = self.take();
        // the parentheses of a condition belong to it, those around condition and message do not
        let mut closers = 0;
        let is_call = message.is_none() && self.redundant_parentheses(condition) > 0;
        let mut docs = vec![word, if is_call { Doc::Nothing } else { Doc::Space }];
        let values: Vec<_> = [condition].into_iter().chain(message).collect();
        while self.peek() == Token::LeftParen && self.offset() < condition.span.start {
            let closing = self.script.closing(self.next);
            let is_innermost = self
                .script
                .tokens
                .get(self.next + 1)
                .is_some_and(|next| next.span.start == condition.span.start);
            if is_innermost {
                docs.truncate(if closers == 0 { 1 } else { docs.len() });
                docs.push(
                    self.list(&values, ListStyle::default(), |printer, value| printer.expression(value)),
                );
                self.mismatch |= self.next != closing + 1;
                docs.push(self.take_closers(closers));
                return concat(docs);
            }
            closers += 1;
            docs.push(self.take());
        }
        docs.push(self.expression(condition));
        if let Some(message) = message {
            docs.push(self.expect(Token::Comma));
            docs.push(group(nest(self.operand(message))));
        }
        concat(docs)
    }

    fn take_closers(&mut self, count: usize) -> Doc<'a> {
        let docs = (0..count).map(|_| self.expect(Token::RightParen)).collect();
        concat(docs)
    }
}
