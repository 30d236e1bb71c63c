//! Statements and functions as nodes.

use super::expression::{annotation, argument, expression, name, pattern};
use super::node::Node;
use crate::ast::{
    Block, Function, FunctionForm, Label, Parameter, Statement, StatementKind, Target, TargetStep, Type,
};

/// The body of something. One statement stands for itself.
pub(super) fn block(block: &Block<'_>) -> Node {
    match block.statements.as_slice() {
        [only] => statement(only),
        statements => Node::new("block", block.span, statements.iter().map(statement).collect()),
    }
}

fn typed(types: &Option<Type<'_>>) -> impl Iterator<Item = Node> {
    types.iter().map(|value| Node::group(":", vec![annotation(value)]))
}

fn documented(doc: &Option<String>) -> impl Iterator<Item = Node> {
    doc.iter().map(|doc| Node::group("doc", vec![Node::flag(format!("{doc:?}"))]))
}

fn label(label: &Label<'_>, binds: bool) -> Node {
    let text = if binds { label.text.to_string() } else { format!("{:?}", label.text) };
    Node::leaf(text, label.span)
}

/// A statement.
pub(super) fn statement(value: &Statement<'_>) -> Node {
    let span = value.span;
    let node = |head: &str, children: Vec<Node>| Node::new(head, span, children);
    match &value.kind {
        StatementKind::Expression(value) => expression(value),
        StatementKind::Let { pattern: left, annotation, value, doc } => {
            let mut children = vec![pattern(left)];
            children.extend(typed(annotation));
            children.push(expression(value));
            children.extend(documented(doc));
            node("let", children)
        }
        StatementKind::Const { name: left, annotation, value, doc } => {
            let mut children = vec![name(left)];
            children.extend(typed(annotation));
            children.push(expression(value));
            children.extend(documented(doc));
            node("const", children)
        }
        StatementKind::Assign { target: left, operator, value, .. } => {
            node(operator.symbol(), vec![target(left), expression(value)])
        }
        StatementKind::Function(value) => function(value),
        StatementKind::Struct { name: label, fields, doc } => {
            let mut children = vec![name(label)];
            children.extend(fields.iter().map(|field| {
                let mut parts: Vec<Node> = typed(&field.annotation).collect();
                parts.extend(field.default.iter().map(|value| Node::group("=", vec![expression(value)])));
                Node::new(field.name.text, field.name.span, parts)
            }));
            children.extend(documented(doc));
            node("struct", children)
        }
        StatementKind::Enum { name: label, variants, doc } => {
            let mut children = vec![name(label)];
            children.extend(variants.iter().map(|variant| match &variant.fields {
                None => name(&variant.name),
                Some(fields) => {
                    Node::new(variant.name.text, variant.name.span, fields.iter().map(name).collect())
                }
            }));
            children.extend(documented(doc));
            node("enum", children)
        }
        StatementKind::Trait { name: label, methods, doc } => {
            let mut children = vec![name(label)];
            children.extend(methods.iter().map(|method| {
                let head = if method.required { "required" } else { "default" };
                Node::group(head, vec![function(&method.function)])
            }));
            children.extend(documented(doc));
            node("trait", children)
        }
        StatementKind::Impl { trait_name, type_name, methods } => {
            let mut children: Vec<Node> = trait_name.iter().map(name).collect();
            children.push(name(type_name));
            children.extend(methods.iter().map(function));
            node("impl", children)
        }
        StatementKind::TypeAlias { name: label, aliased } => {
            node("type", vec![name(label), annotation(aliased)])
        }
        StatementKind::Import { path, alias } => {
            let mut children = vec![label(path, false)];
            children.extend(alias.iter().map(name));
            node("import", children)
        }
        StatementKind::FromImport { path, names } => {
            let mut children = vec![label(path, false)];
            children.extend(names.iter().map(|imported| match &imported.alias {
                None => name(&imported.name),
                Some(alias) => Node::group("as", vec![name(&imported.name), name(alias)]),
            }));
            node("from", children)
        }
        StatementKind::For { pattern: variable, iterable, condition, body, otherwise, parallel } => {
            let mut children = vec![pattern(variable), expression(iterable)];
            children.extend(condition.iter().map(|when| Node::group("when", vec![expression(when)])));
            children.push(block(body));
            children.extend(otherwise.iter().map(|body| Node::group("else", vec![block(body)])));
            node(if *parallel { "parallel-for" } else { "for" }, children)
        }
        StatementKind::While { condition, body } => node("while", vec![expression(condition), block(body)]),
        StatementKind::Unless { condition, body, otherwise } => {
            let mut children = vec![expression(condition), block(body)];
            children.extend(otherwise.iter().map(block));
            node("unless", children)
        }
        StatementKind::Guard { condition, otherwise } => {
            node("guard", vec![expression(condition), block(otherwise)])
        }
        StatementKind::With { record, body } => node("with", vec![expression(record), block(body)]),
        StatementKind::Pipeline { label: title, binds, parameters, body, doc } => {
            let mut children = vec![label(title, *binds)];
            children.extend(parameters.iter().map(|list| parameters_node(list)));
            children.push(block(body));
            children.extend(documented(doc));
            node("pipeline", children)
        }
        StatementKind::Stage { label: title, binds, value } => {
            node("stage", vec![label(title, *binds), expression(value)])
        }
        StatementKind::Defer(value) => node("defer", vec![expression(value)]),
        StatementKind::Assert { condition, message } => {
            let mut children = vec![expression(condition)];
            children.extend(message.iter().map(expression));
            node("assert", children)
        }
        StatementKind::Return(value) => node("return", value.iter().map(expression).collect()),
        StatementKind::Break => node("break", Vec::new()),
        StatementKind::Continue => node("continue", Vec::new()),
        StatementKind::Yield(value) => node("yield", vec![expression(value)]),
    }
}

fn target(target: &Target<'_>) -> Node {
    let mut node = name(&target.name);
    for step in &target.steps {
        let span = target.name.span;
        node = match step {
            TargetStep::Field(field) => {
                Node::new(format!(".{}", field.text), span.join(field.span), vec![node])
            }
            TargetStep::Index { index, span: brackets } => {
                Node::new("index", span.join(*brackets), vec![node, expression(index)])
            }
        };
    }
    node
}

fn parameters_node(parameters: &[Parameter<'_>]) -> Node {
    let parameter = |parameter: &Parameter<'_>| {
        let plain = pattern(&parameter.pattern);
        let mut extra: Vec<Node> = typed(&parameter.annotation).collect();
        extra.extend(parameter.default.iter().map(|value| Node::group("=", vec![expression(value)])));
        let plain = if parameter.is_rest { Node::group("...", vec![plain]) } else { plain };
        if extra.is_empty() {
            return plain;
        }
        extra.insert(0, plain);
        Node::new("parameter", parameter.span, extra)
    };
    Node::group("", parameters.iter().map(parameter).collect())
}

/// A function in any form.
pub(super) fn function(function: &Function<'_>) -> Node {
    let mut children = Vec::new();
    for decorator in &function.decorators {
        let head = format!("@{}", decorator.name.text);
        let arguments = decorator.arguments.iter().flatten().map(argument).collect();
        children.push(Node::new(head, decorator.span, arguments));
    }
    children.extend(function.name.iter().map(name));
    children.push(parameters_node(&function.parameters));
    children.extend(function.return_type.iter().map(|value| Node::group("->", vec![annotation(value)])));
    if !function.named_returns.is_empty() {
        let returns = function.named_returns.iter();
        let returns = returns.map(|part| Node::group(part.name.text, vec![annotation(&part.annotation)]));
        children.push(Node::group("->", returns.collect()));
    }
    children.extend(function.where_clause.iter().map(|value| Node::group("where", vec![expression(value)])));
    children.push(block(&function.body));
    children.extend(documented(&function.doc));
    let word = match function.form {
        FunctionForm::Statement | FunctionForm::Anonymous => "fn",
        FunctionForm::Lambda => "lambda",
        FunctionForm::DoBlock => "do",
    };
    let prefix = if function.is_async { "async " } else { "" };
    let suffix = if function.is_generator { "*" } else { "" };
    Node::new(format!("{prefix}{word}{suffix}"), function.span, children)
}
