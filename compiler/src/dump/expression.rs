//! Expressions, patterns and types as nodes.

use super::node::Node;
use super::statement::{block, function};
use crate::ast::{
    Argument, Entry, Expression, ExpressionKind, FieldPattern, ForClause, Item, Name, Pattern, PatternKind,
    TextPart, Type, TypeKind,
};
use crate::span::Span;

pub(super) fn name(name: &Name<'_>) -> Node {
    Node::leaf(name.text, name.span)
}

/// An expression.
pub(super) fn expression(value: &Expression<'_>) -> Node {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || expression_node(value))
}

fn expression_node(value: &Expression<'_>) -> Node {
    let span = value.span;
    let node = |head: &str, children: Vec<Node>| Node::new(head, span, children);
    match &value.kind {
        ExpressionKind::Nil => Node::leaf("nil", span),
        ExpressionKind::Bool(value) => Node::leaf(value.to_string(), span),
        ExpressionKind::Int(value) => Node::leaf(value.to_string(), span),
        ExpressionKind::Float(value) => Node::leaf(format!("{value:?}"), span),
        ExpressionKind::Str(text) => Node::leaf(format!("{text:?}"), span),
        ExpressionKind::Interpolated(parts) => node("text", parts.iter().map(part).collect()),
        ExpressionKind::Sequence { kind, letters } => {
            Node::leaf(format!("{}{letters:?}", kind.prefix()), span)
        }
        ExpressionKind::Regex { pattern, flags } => Node::leaf(format!("/{pattern}/{flags}"), span),
        ExpressionKind::Name(text) => Node::leaf(*text, span),
        ExpressionKind::List(values) => node("list", items(values)),
        ExpressionKind::Set(values) => node("set", items(values)),
        ExpressionKind::Tuple(values) => node("tuple", items(values)),
        ExpressionKind::Record(entries) => node("record", entries.iter().map(entry).collect()),
        ExpressionKind::StructLiteral { constructor, fields } => {
            let mut children = vec![expression(constructor)];
            children.extend(fields.iter().map(|(name, value)| labelled(name, value)));
            node("struct-value", children)
        }
        ExpressionKind::ListComprehension { element, clauses: parts } => {
            let mut children = vec![expression(element)];
            children.extend(parts.iter().map(clause));
            node("list-of", children)
        }
        ExpressionKind::MapComprehension { key, value, clauses: parts } => {
            let mut children = vec![expression(key), expression(value)];
            children.extend(parts.iter().map(clause));
            node("map-of", children)
        }
        ExpressionKind::Unary { operator, operand, .. } => node(operator.symbol(), vec![expression(operand)]),
        ExpressionKind::Await(value) => node("await", vec![expression(value)]),
        ExpressionKind::Binary { operator, left, right, .. } => {
            node(operator.symbol(), vec![expression(left), expression(right)])
        }
        ExpressionKind::Logical { operator, left, right, .. } => {
            node(operator.symbol(), vec![expression(left), expression(right)])
        }
        ExpressionKind::Chain { first, rest } => {
            let mut children = vec![expression(first)];
            for (operator, operator_span, operand) in rest {
                children.push(Node::leaf(operator.symbol(), *operator_span));
                children.push(expression(operand));
            }
            node("chain", children)
        }
        ExpressionKind::Range { start, end, inclusive, .. } => {
            node(if *inclusive { "..=" } else { ".." }, vec![expression(start), expression(end)])
        }
        ExpressionKind::Cast { value, type_name } => node("as", vec![expression(value), name(type_name)]),
        ExpressionKind::Formula { response, terms } => {
            let mut children: Vec<Node> = response.iter().map(|response| expression(response)).collect();
            children.push(expression(terms));
            node("~", children)
        }
        ExpressionKind::Call { callee, arguments } => {
            let mut children = vec![expression(callee)];
            children.extend(arguments.iter().map(argument));
            node("call", children)
        }
        ExpressionKind::MethodCall { receiver, name, arguments, optional } => {
            let mut children = vec![expression(receiver)];
            children.extend(arguments.iter().map(argument));
            node(&format!("{}{}()", point(*optional), name.text), children)
        }
        ExpressionKind::Field { object, name, optional } => {
            node(&format!("{}{}", point(*optional), name.text), vec![expression(object)])
        }
        ExpressionKind::Position { object, index, optional, .. } => {
            node(&format!("{}{index}", point(*optional)), vec![expression(object)])
        }
        ExpressionKind::Index { object, index } => node("index", vec![expression(object), expression(index)]),
        ExpressionKind::Slice { object, start, end, step, range_form, inclusive } => {
            let part = |part: &Option<Box<Expression<'_>>>| match part {
                Some(part) => expression(part),
                None => Node::flag("_"),
            };
            let head = match (range_form, inclusive) {
                (false, _) => "slice",
                (true, false) => "slice..",
                (true, true) => "slice..=",
            };
            let mut children = vec![expression(object), part(start), part(end)];
            children.extend(step.iter().map(|step| expression(step)));
            node(head, children)
        }
        ExpressionKind::Pipe { left, target, .. } => node("|>", vec![expression(left), expression(target)]),
        ExpressionKind::Tap { left, target, .. } => node("|>>", vec![expression(left), expression(target)]),
        ExpressionKind::PipeInto { left, name: variable } => {
            node("into", vec![expression(left), name(variable)])
        }
        ExpressionKind::PipeThen { left, name: variable, body } => {
            node("then", vec![expression(left), name(variable), expression(body)])
        }
        ExpressionKind::Block(value) => {
            node("block", value.statements.iter().map(super::statement::statement).collect())
        }
        ExpressionKind::Function(value) => function(value),
        ExpressionKind::If { branches, otherwise } => {
            let mut children = Vec::new();
            for branch in branches {
                children.push(expression(&branch.condition));
                children.push(block(&branch.body));
            }
            children.extend(otherwise.iter().map(block));
            node("if", children)
        }
        ExpressionKind::Match { subject, arms } => {
            let mut children = vec![expression(subject)];
            for arm in arms {
                let mut parts = vec![pattern(&arm.pattern)];
                parts.extend(arm.guard.iter().map(|guard| Node::group("if", vec![expression(guard)])));
                parts.push(block(&arm.body));
                children.push(Node::group("", parts));
            }
            node("match", children)
        }
        ExpressionKind::Given { arms } => {
            let arms = arms.iter().map(|arm| {
                let condition = arm.condition.as_ref().map_or_else(|| Node::flag("otherwise"), expression);
                Node::group("", vec![condition, block(&arm.body)])
            });
            node("given", arms.collect())
        }
        ExpressionKind::Try { body, error, handler } => {
            let mut children = vec![block(body)];
            children.extend(error.iter().map(name));
            children.push(block(handler));
            node("try", children)
        }
        ExpressionKind::Retry { attempts, delay, body } => {
            let mut children = vec![expression(attempts)];
            children.extend(delay.iter().map(|delay| expression(delay)));
            children.push(block(body));
            node("retry", children)
        }
    }
}

fn point(optional: bool) -> &'static str {
    if optional { "?." } else { "." }
}

fn part(part: &TextPart<'_>) -> Node {
    match part {
        TextPart::Text(text) => Node::flag(format!("{text:?}")),
        TextPart::Value { expression: value, spec: None } => expression(value),
        TextPart::Value { expression: value, spec: Some(spec) } => {
            Node::group("format", vec![expression(value), Node::leaf(format!("{:?}", spec.text), spec.span)])
        }
    }
}

fn labelled(label: &Name<'_>, value: &Expression<'_>) -> Node {
    Node::new(format!("{}:", label.text), label.span, vec![expression(value)])
}

fn items(items: &[Item<'_>]) -> Vec<Node> {
    let item = |item: &Item<'_>| match item {
        Item::Value(value) => expression(value),
        Item::Spread(value) => Node::group("...", vec![expression(value)]),
    };
    items.iter().map(item).collect()
}

fn entry(entry: &Entry<'_>) -> Node {
    match entry {
        Entry::Named { key, value } => labelled(key, value),
        Entry::Text { key, key_span, value } => {
            Node::new(format!("{key:?}:"), *key_span, vec![expression(value)])
        }
        Entry::Computed { key, value } => Node::group("[]:", vec![expression(key), expression(value)]),
        Entry::Shorthand(key) => name(key),
        Entry::Spread(value) => Node::group("...", vec![expression(value)]),
    }
}

pub(super) fn argument(argument: &Argument<'_>) -> Node {
    match argument {
        Argument::Positional(value) => expression(value),
        Argument::Named { name, value } => labelled(name, value),
        Argument::Spread(value) => Node::group("...", vec![expression(value)]),
        Argument::FieldShorthand { path, span } => {
            Node::leaf(path.iter().map(|name| format!(".{}", name.text)).collect::<String>(), *span)
        }
    }
}

fn clause(clause: &ForClause<'_>) -> Node {
    let mut parts = vec![pattern(&clause.pattern), expression(&clause.iterable)];
    parts.extend(clause.condition.iter().map(|condition| Node::group("if", vec![expression(condition)])));
    Node::group("for", parts)
}

/// A pattern.
pub(super) fn pattern(value: &Pattern<'_>) -> Node {
    let span = value.span;
    let with_rest = |head: &str, mut children: Vec<Node>, rest: &Option<Name<'_>>| {
        children.extend(rest.iter().map(|rest| Node::group("...", vec![name(rest)])));
        Node::new(head, span, children)
    };
    match &value.kind {
        PatternKind::Wildcard => Node::leaf("_", span),
        PatternKind::Name(text) => Node::leaf(*text, span),
        PatternKind::Literal(value) => expression(value),
        PatternKind::Range { start, end, inclusive } => {
            let head = if *inclusive { "..=" } else { ".." };
            Node::new(head, span, vec![expression(start), expression(end)])
        }
        PatternKind::Variant { namespace, name, arguments } => variant(namespace, name, arguments, span),
        PatternKind::Struct { name, fields: parts, rest } => {
            with_rest(&format!("struct {}", name.text), fields(parts), rest)
        }
        PatternKind::List { elements, rest } => {
            with_rest("list", elements.iter().map(pattern).collect(), rest)
        }
        PatternKind::Tuple { elements, rest } => {
            with_rest("tuple", elements.iter().map(pattern).collect(), rest)
        }
        PatternKind::Record { fields: parts, rest } => with_rest("record", fields(parts), rest),
        PatternKind::Alternatives(patterns) => Node::new("or", span, patterns.iter().map(pattern).collect()),
    }
}

fn variant(
    namespace: &Option<Name<'_>>,
    name: &Name<'_>,
    arguments: &Option<Vec<Pattern<'_>>>,
    span: Span,
) -> Node {
    let namespace = namespace.as_ref().map(|namespace| format!("{}.", namespace.text)).unwrap_or_default();
    let head = format!("variant {namespace}{}", name.text);
    match arguments {
        None => Node::new(head, span, Vec::new()),
        Some(arguments) => Node::new(format!("{head}()"), span, arguments.iter().map(pattern).collect()),
    }
}

fn fields(fields: &[FieldPattern<'_>]) -> Vec<Node> {
    let field = |field: &FieldPattern<'_>| {
        let mut children = vec![pattern(&field.pattern)];
        children.extend(field.default.iter().map(|value| Node::group("=", vec![expression(value)])));
        Node::new(format!("{}:", field.field.text), field.field.span, children)
    };
    fields.iter().map(field).collect()
}

/// A type annotation.
pub(super) fn annotation(value: &Type<'_>) -> Node {
    match &value.kind {
        TypeKind::Name { name, arguments } if arguments.is_empty() => Node::leaf(name.text, value.span),
        TypeKind::Name { name, arguments } => {
            Node::new(name.text, value.span, arguments.iter().map(annotation).collect())
        }
        TypeKind::Optional(inner) => Node::new("?", value.span, vec![annotation(inner)]),
        TypeKind::Union(types) => Node::new("|", value.span, types.iter().map(annotation).collect()),
    }
}
