//! What advice needs to know of a script: its calls and assignments, and what stands around each.

use super::call::{CallForm, call_of};
use biovm_compiler::ast::{
    Expression, ExpressionKind, Function, Pattern, PatternKind, Program, Statement, StatementKind, Visitor,
};
use biovm_compiler::source::SourceText;
use biovm_compiler::span::Span;
use std::collections::{HashMap, HashSet};

/// The builtins that call a function, which is written in place, for each item.
const FOR_EACH_ITEM: [&str; 14] = [
    "map",
    "filter",
    "each",
    "reduce",
    "flat_map",
    "any",
    "all",
    "count_if",
    "find",
    "par_map",
    "par_filter",
    "par_each",
    "stream_fastq",
    "stream_fasta",
];

/// What stands around code.
#[derive(Clone, Copy)]
pub enum Around<'t, 's> {
    /// A function that somebody calls.
    Function(&'t Function<'s>),
    /// A loop or comprehension.
    Loop {
        /// Whether it was `for`, or a comprehension: its rounds do not wait for a condition.
        goes_through_items: bool,
    },
    /// A function that a builtin calls for each item.
    Items {
        /// The builtin.
        builtin: &'s str,
    },
}

/// A loop or function, with what stands within.
pub struct Context<'t, 's> {
    /// What it is.
    pub around: Around<'t, 's>,
    /// What stands around it.
    pub parent: Option<usize>,
    /// All names that get a value within, inner functions included.
    pub changed: HashSet<&'s str>,
    /// Those among them that get it by an assignment, not by a declaration.
    pub assigned: HashSet<&'s str>,
}

/// An expression, and where it stands.
pub struct Occurrence<'t, 's> {
    /// The expression.
    pub expression: &'t Expression<'s>,
    /// The innermost loop or function around it.
    pub context: Option<usize>,
    /// The blocks around it that run under a condition.
    pub branches: Vec<u32>,
}

/// An assignment to a variable, without fields and indexes.
pub struct Assignment<'t, 's> {
    /// The variable.
    pub name: &'s str,
    /// Its new value.
    pub value: &'t Expression<'s>,
    /// Where it stands.
    pub span: Span,
    /// The innermost loop or function around it.
    pub context: Option<usize>,
    /// Whether it is a declaration.
    pub declares: bool,
}

/// A script, looked through.
pub struct Script<'t, 's> {
    /// Its text.
    pub text: &'t SourceText,
    /// Its number in the profile.
    pub number: usize,
    /// What it says.
    pub statements: &'t [Statement<'s>],
    /// Its loops and functions.
    pub contexts: Vec<Context<'t, 's>>,
    /// Its expressions. A call at the end of a pipe is there as the pipe.
    pub occurrences: Vec<Occurrence<'t, 's>>,
    /// Its assignments and declarations.
    pub assignments: Vec<Assignment<'t, 's>>,
    /// Its functions, by names that are given once.
    pub functions: HashMap<&'s str, &'t Function<'s>>,
    /// All names that it gives to anything.
    pub declared: HashSet<&'s str>,
    /// Where a name is declared, or its variable changed, in the order of the text.
    pub changes: Vec<(&'s str, u32)>,
    /// How often each name is used.
    pub uses: HashMap<&'s str, usize>,
}

impl<'t, 's: 't> Script<'t, 's> {
    /// Looks through a script.
    pub fn new(text: &'t SourceText, number: usize, tree: &'t Program<'s>) -> Script<'t, 's> {
        let script = Script {
            text,
            number,
            statements: &tree.statements,
            contexts: Vec::new(),
            occurrences: Vec::new(),
            assignments: Vec::new(),
            functions: HashMap::new(),
            declared: HashSet::new(),
            changes: Vec::new(),
            uses: HashMap::new(),
        };
        let mut survey = Survey { script, current: None, branches: Vec::new(), next_branch: 0 };
        survey.statements(&tree.statements);
        survey.script
    }

    /// The loops around a place, from the inside, up to the function that it is in.
    pub fn loops(&self, context: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(context, |&number| self.contexts[number].parent)
            .take_while(|&number| !matches!(self.contexts[number].around, Around::Function(_)))
    }

    /// The calls, and where they stand.
    pub fn calls(&self) -> impl Iterator<Item = (CallForm<'t, 's>, &Occurrence<'t, 's>)> {
        self.occurrences.iter().filter_map(|each| Some((call_of(each.expression)?, each)))
    }

    /// The text of an expression without blanks and comments that stand between its words: the same for the same code.
    pub fn normal(&self, expression: &Expression<'s>) -> String {
        self.text.slice(expression.span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

struct Survey<'t, 's> {
    script: Script<'t, 's>,
    current: Option<usize>,
    branches: Vec<u32>,
    next_branch: u32,
}

impl<'t, 's: 't> Survey<'t, 's> {
    fn within(&mut self, around: Around<'t, 's>, work: impl FnOnce(&mut Self)) {
        let context =
            Context { around, parent: self.current, changed: HashSet::new(), assigned: HashSet::new() };
        self.script.contexts.push(context);
        let outer = self.current.replace(self.script.contexts.len() - 1);
        work(self);
        self.current = outer;
    }

    fn branch(&mut self, work: impl FnOnce(&mut Self)) {
        self.next_branch += 1;
        self.branches.push(self.next_branch);
        work(self);
        self.branches.pop();
    }

    fn changes(&mut self, name: &'s str, position: u32, assigns: bool) {
        self.script.declared.insert(name);
        self.script.changes.push((name, position));
        let mut context = self.current;
        while let Some(number) = context {
            let row = &mut self.script.contexts[number];
            row.changed.insert(name);
            if assigns {
                row.assigned.insert(name);
            }
            context = row.parent;
        }
    }

    fn call(&mut self, call: &CallForm<'t, 's>) {
        *self.script.uses.entry(call.name).or_default() += 1;
        for operand in &call.operands {
            match &operand.kind {
                ExpressionKind::Function(function) if FOR_EACH_ITEM.contains(&call.name) => {
                    self.within(Around::Items { builtin: call.name }, |survey| {
                        survey.inside_function(function);
                    });
                }
                _ => self.expression(operand),
            }
        }
    }

    fn name_function(&mut self, function: &'t Function<'s>) {
        let Some(name) = function.name else { return };
        match self.script.declared.contains(name.text) {
            // Nobody knows which of the two is meant.
            true => drop(self.script.functions.remove(name.text)),
            false => drop(self.script.functions.insert(name.text, function)),
        }
        self.changes(name.text, name.span.start, false);
    }

    fn loop_statement(&mut self, statement: &'t Statement<'s>) {
        match &statement.kind {
            StatementKind::For { pattern, iterable, condition, body, otherwise, .. } => {
                self.expression(iterable);
                self.within(Around::Loop { goes_through_items: true }, |survey| {
                    survey.pattern(pattern);
                    condition.iter().for_each(|condition| survey.expression(condition));
                    survey.block(body);
                });
                otherwise.iter().for_each(|block| self.block(block));
            }
            StatementKind::While { condition, body } => {
                self.within(Around::Loop { goes_through_items: false }, |survey| {
                    survey.expression(condition);
                    survey.block(body);
                });
            }
            _ => self.inside_statement(statement),
        }
    }
}

impl<'t, 's: 't> Visitor<'t, 's> for Survey<'t, 's> {
    fn statement(&mut self, statement: &'t Statement<'s>) {
        match &statement.kind {
            StatementKind::Assign { target, value, .. } => {
                self.changes(target.name.text, target.name.span.start, true);
                if target.steps.is_empty() {
                    let (name, context) = (target.name.text, self.current);
                    let assignment =
                        Assignment { name, value, span: statement.span, context, declares: false };
                    self.script.assignments.push(assignment);
                } else {
                    *self.script.uses.entry(target.name.text).or_default() += 1;
                }
                self.inside_statement(statement);
            }
            StatementKind::Let { pattern, value, .. } => {
                if let PatternKind::Name(name) = pattern.kind {
                    let context = self.current;
                    let assignment =
                        Assignment { name, value, span: statement.span, context, declares: true };
                    self.script.assignments.push(assignment);
                }
                self.inside_statement(statement);
            }
            StatementKind::Const { name, value, .. } => {
                let (name, context, span) = (name.text, self.current, statement.span);
                self.script.assignments.push(Assignment { name, value, span, context, declares: true });
                self.changes(name, span.start, false);
                self.inside_statement(statement);
            }
            StatementKind::For { .. } | StatementKind::While { .. } => self.loop_statement(statement),
            StatementKind::Function(function) => {
                self.name_function(function);
                self.function(function);
            }
            StatementKind::Unless { condition, body, otherwise } => {
                self.expression(condition);
                self.branch(|survey| survey.block(body));
                otherwise.iter().for_each(|block| self.branch(|survey| survey.block(block)));
            }
            StatementKind::Guard { condition, otherwise } => {
                self.expression(condition);
                self.branch(|survey| survey.block(otherwise));
            }
            StatementKind::Import { alias, .. } => {
                alias.iter().for_each(|alias| self.changes(alias.text, alias.span.start, false));
            }
            StatementKind::FromImport { names, .. } => {
                for name in names {
                    let name = name.alias.unwrap_or(name.name);
                    self.changes(name.text, name.span.start, false);
                }
            }
            _ => self.inside_statement(statement),
        }
    }

    fn function(&mut self, function: &'t Function<'s>) {
        let branches = std::mem::take(&mut self.branches);
        self.within(Around::Function(function), |survey| survey.inside_function(function));
        self.branches = branches;
    }

    fn pattern(&mut self, pattern: &'t Pattern<'s>) {
        if let PatternKind::Name(name) = pattern.kind {
            self.changes(name, pattern.span.start, false);
        }
        if let PatternKind::List { rest: Some(name), .. }
        | PatternKind::Tuple { rest: Some(name), .. }
        | PatternKind::Record { rest: Some(name), .. }
        | PatternKind::Struct { rest: Some(name), .. } = &pattern.kind
        {
            self.changes(name.text, name.span.start, false);
        }
        self.inside_pattern(pattern);
    }

    fn expression(&mut self, expression: &'t Expression<'s>) {
        let branches = self.branches.clone();
        self.script.occurrences.push(Occurrence { expression, context: self.current, branches });
        if let Some(call) = call_of(expression) {
            self.call(&call);
            return;
        }
        match &expression.kind {
            ExpressionKind::Name(name) => *self.script.uses.entry(name).or_default() += 1,
            ExpressionKind::PipeInto { left, name } => {
                self.changes(name.text, name.span.start, false);
                self.expression(left);
            }
            ExpressionKind::PipeThen { left, name, body } => {
                self.changes(name.text, name.span.start, false);
                self.expression(left);
                self.expression(body);
            }
            ExpressionKind::ListComprehension { clauses, .. }
            | ExpressionKind::MapComprehension { clauses, .. } => {
                let Some((first, further)) = clauses.split_first() else { return };
                self.expression(&first.iterable);
                self.within(Around::Loop { goes_through_items: true }, |survey| {
                    survey.pattern(&first.pattern);
                    first.condition.iter().for_each(|condition| survey.expression(condition));
                    survey.clauses(further);
                    match &expression.kind {
                        ExpressionKind::ListComprehension { element, .. } => survey.expression(element),
                        ExpressionKind::MapComprehension { key, value, .. } => {
                            survey.expression(key);
                            survey.expression(value);
                        }
                        _ => {}
                    }
                });
            }
            ExpressionKind::Logical { left, right, .. } => {
                self.expression(left);
                self.branch(|survey| survey.expression(right));
            }
            ExpressionKind::If { branches, otherwise } => {
                for branch in branches {
                    self.expression(&branch.condition);
                    self.branch(|survey| survey.block(&branch.body));
                }
                otherwise.iter().for_each(|block| self.branch(|survey| survey.block(block)));
            }
            ExpressionKind::Match { subject, arms } => {
                self.expression(subject);
                for arm in arms {
                    self.branch(|survey| {
                        survey.pattern(&arm.pattern);
                        arm.guard.iter().for_each(|guard| survey.expression(guard));
                        survey.block(&arm.body);
                    });
                }
            }
            ExpressionKind::Given { arms } => {
                for arm in arms {
                    self.branch(|survey| {
                        arm.condition.iter().for_each(|condition| survey.expression(condition));
                        survey.block(&arm.body);
                    });
                }
            }
            ExpressionKind::Try { body, handler, .. } => {
                self.branch(|survey| survey.block(body));
                self.branch(|survey| survey.block(handler));
            }
            ExpressionKind::Retry { body, .. } => {
                // It may run several times.
                self.within(Around::Loop { goes_through_items: false }, |survey| survey.block(body));
            }
            _ => self.inside_expression(expression),
        }
    }
}

/// The names in an expression.
pub fn names<'t, 's: 't>(expression: &'t Expression<'s>) -> HashSet<&'s str> {
    struct Names<'s>(HashSet<&'s str>);
    impl<'t, 's: 't> Visitor<'t, 's> for Names<'s> {
        fn expression(&mut self, expression: &'t Expression<'s>) {
            match &expression.kind {
                ExpressionKind::Name(name) => drop(self.0.insert(name)),
                ExpressionKind::Record(entries) => {
                    for entry in entries {
                        if let biovm_compiler::ast::Entry::Shorthand(name) = entry {
                            self.0.insert(name.text);
                        }
                    }
                }
                _ => {}
            }
            self.inside_expression(expression);
        }
    }
    let mut names = Names(HashSet::new());
    names.expression(expression);
    names.0
}
