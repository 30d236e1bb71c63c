//! A tree of text, between the syntax tree and its two printed forms.

use crate::source::SourceText;
use crate::span::Span;
use std::fmt::Write;

/// A node: what it is, where it stands, what it consists of.
pub(super) struct Node {
    head: String,
    span: Option<Span>,
    children: Vec<Node>,
    is_leaf: bool,
}

impl Node {
    /// Something without parts: a name, a number.
    pub fn leaf(head: impl Into<String>, span: Span) -> Node {
        Node { head: head.into(), span: Some(span), children: Vec::new(), is_leaf: true }
    }

    /// Something with parts, although there may be none.
    pub fn new(head: impl Into<String>, span: Span, children: Vec<Node>) -> Node {
        Node { head: head.into(), span: Some(span), children, is_leaf: false }
    }

    /// A part without a place of its own.
    pub fn group(head: impl Into<String>, children: Vec<Node>) -> Node {
        Node { head: head.into(), span: None, children, is_leaf: false }
    }

    /// A word about the node around it.
    pub fn flag(head: impl Into<String>) -> Node {
        Node { head: head.into(), span: None, children: Vec::new(), is_leaf: true }
    }

    /// As one line of nested lists.
    pub fn write_compact(&self, text: &mut String) {
        if self.is_leaf {
            text.push_str(&self.head);
            return;
        }
        text.push('(');
        text.push_str(&self.head);
        for (index, child) in self.children.iter().enumerate() {
            if index > 0 || !self.head.is_empty() {
                text.push(' ');
            }
            child.write_compact(text);
        }
        text.push(')');
    }

    /// As indented lines.
    pub fn write_indented(&self, source: &SourceText, depth: usize, text: &mut String) {
        let head = if self.head.is_empty() { "()" } else { &self.head };
        // very deep trees would otherwise be mostly indentation
        let indent = 2 * depth.min(40);
        let _ = write!(text, "{:indent$}{head}", "");
        if let Some(span) = self.span {
            let _ = write!(text, "  {}-{}", source.position(span.start), source.position(span.end));
        }
        text.push('\n');
        for child in &self.children {
            child.write_indented(source, depth + 1, text);
        }
    }
}
