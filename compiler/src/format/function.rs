//! Functions in all their spellings.

use super::block::has_braces;
use super::document::{Doc, HARD_LINE, concat, construct, nest};
use super::list::ListStyle;
use super::printer::Printer;
use crate::ast::{Decorator, Expression, ExpressionKind, Function, FunctionForm, Parameter, StatementKind};
use crate::token::Token;

impl<'a> Printer<'a> {
    /// A function as a statement, in a trait or in an impl. Without a body it ends with its signature.
    pub fn function_statement(&mut self, function: &Function<'a>, has_body: bool) -> Doc<'a> {
        let mut docs = Vec::new();
        for (index, decorator) in function.decorators.iter().enumerate() {
            if index > 0 {
                docs.push(self.lead(&HARD_LINE, true));
            }
            docs.push(self.decorator(decorator));
        }
        if !docs.is_empty() {
            docs.push(self.lead(&HARD_LINE, true));
        }
        let mut head = Vec::new();
        if function.is_async {
            head.push(self.word());
        }
        head.push(self.expect(Token::Fn));
        if function.is_generator {
            head.push(self.take());
        }
        head.push(Doc::Space);
        head.push(self.take());
        head.push(self.parameters(&function.parameters));
        if self.peek() == Token::Arrow {
            head.push(self.infix());
            head.push(match &function.return_type {
                Some(annotation) => self.annotation(annotation),
                None => self.list(&function.named_returns, ListStyle::default(), |printer, part| {
                    let name = printer.take();
                    let colon = printer.word();
                    let annotation = printer.annotation(&part.annotation);
                    concat(vec![name, colon, annotation])
                }),
            });
        }
        if let Some(condition) = &function.where_clause {
            head.push(self.infix());
            head.push(self.header(condition));
        }
        if has_body {
            head.push(Doc::Space);
            head.push(self.braces(&function.body));
        }
        docs.push(construct(head));
        concat(docs)
    }

    fn decorator(&mut self, decorator: &Decorator<'a>) -> Doc<'a> {
        let sign = self.take();
        let name = self.take();
        let arguments = match &decorator.arguments {
            Some(arguments) => self.arguments(arguments),
            None => Doc::Nothing,
        };
        concat(vec![sign, name, arguments])
    }

    /// `(a, b: T = e, ...rest)`
    pub fn parameters(&mut self, parameters: &[Parameter<'a>]) -> Doc<'a> {
        self.list(parameters, ListStyle::default(), |printer, parameter| printer.parameter(parameter))
    }

    fn parameter(&mut self, parameter: &Parameter<'a>) -> Doc<'a> {
        let mut docs = Vec::new();
        if parameter.is_rest {
            docs.push(self.take());
        }
        docs.push(self.pattern(&parameter.pattern));
        if self.peek() == Token::Colon {
            docs.push(self.word());
            if let Some(annotation) = &parameter.annotation {
                docs.push(self.annotation(annotation));
            }
        }
        if self.peek() == Token::Equal {
            docs.push(self.infix());
        }
        if let Some(default) = &parameter.default {
            docs.push(self.expression(default));
        }
        concat(docs)
    }

    /// A lambda, `fn(x) { … }` or `do … end`.
    pub fn function_value(&mut self, function: &Function<'a>) -> Doc<'a> {
        let mut docs = Vec::new();
        if function.is_async {
            docs.push(self.word());
        }
        match function.form {
            FunctionForm::Lambda => {
                docs.push(self.lambda_head(&function.parameters));
                docs.push(Doc::Space);
                if self.peek() == Token::FatArrow {
                    docs.push(self.word());
                }
                docs.push(self.lambda_body(function));
                concat(docs)
            }
            FunctionForm::DoBlock => {
                docs.push(self.take());
                if self.peek() == Token::Bar || self.peek() == Token::BarBar {
                    docs.push(Doc::Space);
                    docs.push(self.lambda_head(&function.parameters));
                } else if self.peek() == Token::Semicolon && begins_with_bar(self, function) {
                    // without the semicolon, the head of the lambda would be that of the block
                    docs.push(nest(concat(vec![HARD_LINE, Doc::Text(";")])));
                }
                docs.push(self.bare_statements(&function.body));
                docs.push(self.take());
                concat(docs)
            }
            FunctionForm::Anonymous | FunctionForm::Statement => {
                docs.push(self.take());
                docs.push(self.parameters(&function.parameters));
                if let Some(annotation) = &function.return_type {
                    docs.push(self.infix());
                    docs.push(self.annotation(annotation));
                }
                docs.push(Doc::Space);
                docs.push(self.braces(&function.body));
                construct(docs)
            }
        }
    }

    /// `|a, b|`, `||`
    fn lambda_head(&mut self, parameters: &[Parameter<'a>]) -> Doc<'a> {
        let open = self.take();
        if parameters.is_empty() {
            // `| |` is not always `||`, which may also be an operator
            let close = self.eat(Token::Bar).map_or(Doc::Nothing, |bar| concat(vec![Doc::Space, bar]));
            return concat(vec![open, close]);
        }
        let mut docs = vec![open];
        for (index, parameter) in parameters.iter().enumerate() {
            docs.push(self.parameter(parameter));
            if index + 1 < parameters.len() {
                docs.push(Doc::Text(","));
                docs.push(self.skip(|token| token == Token::Comma));
                docs.push(Doc::Space);
            } else {
                let had_comma = self.peek() == Token::Comma;
                let comments = self.skip(|token| token == Token::Comma);
                let comments = concat(vec![comments, self.comments()]);
                if had_comma && !comments.is_nothing() {
                    // only a comma lets the line end here
                    docs.push(Doc::Text(","));
                }
                docs.push(comments);
            }
        }
        docs.push(self.take());
        concat(docs)
    }

    fn lambda_body(&mut self, function: &Function<'a>) -> Doc<'a> {
        if has_several_bare_statements(function) {
            return self.bare_statements(&function.body);
        }
        self.body_group(&function.body)
    }

    /// A type annotation.
    pub fn annotation(&mut self, annotation: &crate::ast::Type<'a>) -> Doc<'a> {
        let mut docs = Vec::new();
        while self.offset() < annotation.span.end && self.peek() != Token::End {
            docs.push(match self.peek() {
                Token::Bar => self.infix(),
                Token::Comma => self.word(),
                _ => self.take(),
            });
        }
        concat(docs)
    }
}

/// Whether the first statement of a function is a lambda.
fn begins_with_bar(printer: &Printer<'_>, function: &Function<'_>) -> bool {
    let first = function.body.statements.first().map(|first| printer.script.index_at(first.span.start));
    let token = first.and_then(|index| printer.script.tokens.get(index)).map(|lexeme| lexeme.token);
    matches!(token, Some(Token::Bar | Token::BarBar))
}

fn has_several_bare_statements(function: &Function<'_>) -> bool {
    !has_braces(&function.body) && function.body.statements.len() > 1
}

/// Whether an expression ends with a lambda whose body is statements without braces.
pub(super) fn ends_with_statements(value: &Expression<'_>) -> bool {
    let ExpressionKind::Function(function) = &value.kind else { return false };
    if function.form != FunctionForm::Lambda || has_braces(&function.body) {
        return false;
    }
    match function.body.statements.last().map(|statement| &statement.kind) {
        Some(StatementKind::Expression(body)) if function.body.statements.len() == 1 => {
            ends_with_statements(body)
        }
        _ => true,
    }
}
