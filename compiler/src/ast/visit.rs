//! Walks over a tree.

use super::{
    Argument, Block, Entry, Expression, ExpressionKind, ForClause, Function, Item, Parameter, Pattern,
    PatternKind, Statement, StatementKind, TargetStep, TextPart,
};

/// Calls `visit` with each statement, those inside of blocks and functions included, in the order of the text.
pub fn each_statement<'t, 's: 't>(statements: &'t [Statement<'s>], visit: &mut dyn FnMut(&'t Statement<'s>)) {
    struct EachStatement<'v, 't, 's> {
        visit: &'v mut dyn FnMut(&'t Statement<'s>),
    }
    impl<'t, 's: 't> Visitor<'t, 's> for EachStatement<'_, 't, 's> {
        fn statement(&mut self, statement: &'t Statement<'s>) {
            (self.visit)(statement);
            self.inside_statement(statement);
        }
    }
    EachStatement { visit }.statements(statements);
}

/// Sees all parts of a tree, in the order of the text. A method that is given sees one part, and goes on into it with the
/// method `inside_…`, or does not; `inside_…` methods are not for giving.
pub trait Visitor<'t, 's: 't> {
    /// A statement.
    fn statement(&mut self, statement: &'t Statement<'s>) {
        self.inside_statement(statement);
    }

    /// An expression.
    fn expression(&mut self, expression: &'t Expression<'s>) {
        self.inside_expression(expression);
    }

    /// A function, in any spelling.
    fn function(&mut self, function: &'t Function<'s>) {
        self.inside_function(function);
    }

    /// A block.
    fn block(&mut self, block: &'t Block<'s>) {
        self.statements(&block.statements);
    }

    /// A pattern; also each one within a pattern.
    fn pattern(&mut self, pattern: &'t Pattern<'s>) {
        self.inside_pattern(pattern);
    }

    /// Statements one after the other.
    fn statements(&mut self, statements: &'t [Statement<'s>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// The parts of a statement.
    fn inside_statement(&mut self, statement: &'t Statement<'s>) {
        match &statement.kind {
            StatementKind::Expression(value)
            | StatementKind::Defer(value)
            | StatementKind::Yield(value)
            | StatementKind::Stage { value, .. }
            | StatementKind::Const { value, .. } => self.expression(value),
            StatementKind::Let { pattern, value, .. } => {
                self.pattern(pattern);
                self.expression(value);
            }
            StatementKind::Assign { target, value, .. } => {
                for step in &target.steps {
                    if let TargetStep::Index { index, .. } = step {
                        self.expression(index);
                    }
                }
                self.expression(value);
            }
            StatementKind::Function(function) => self.function(function),
            StatementKind::Struct { fields, .. } => {
                fields
                    .iter()
                    .filter_map(|field| field.default.as_ref())
                    .for_each(|each| self.expression(each));
            }
            StatementKind::Trait { methods, .. } => {
                methods.iter().for_each(|method| self.function(&method.function));
            }
            StatementKind::Impl { methods, .. } => methods.iter().for_each(|method| self.function(method)),
            StatementKind::For { pattern, iterable, condition, body, otherwise, .. } => {
                self.pattern(pattern);
                self.expression(iterable);
                condition.iter().for_each(|condition| self.expression(condition));
                self.block(body);
                otherwise.iter().for_each(|block| self.block(block));
            }
            StatementKind::While { condition, body } => {
                self.expression(condition);
                self.block(body);
            }
            StatementKind::Unless { condition, body, otherwise } => {
                self.expression(condition);
                self.block(body);
                otherwise.iter().for_each(|block| self.block(block));
            }
            StatementKind::Guard { condition, otherwise } => {
                self.expression(condition);
                self.block(otherwise);
            }
            StatementKind::With { record, body } => {
                self.expression(record);
                self.block(body);
            }
            StatementKind::Pipeline { parameters, body, .. } => {
                parameters.iter().flatten().for_each(|parameter| self.parameter(parameter));
                self.block(body);
            }
            StatementKind::Assert { condition, message } => {
                self.expression(condition);
                message.iter().for_each(|message| self.expression(message));
            }
            StatementKind::Return(value) => value.iter().for_each(|value| self.expression(value)),
            StatementKind::Enum { .. }
            | StatementKind::TypeAlias { .. }
            | StatementKind::Import { .. }
            | StatementKind::FromImport { .. }
            | StatementKind::Break
            | StatementKind::Continue => {}
        }
    }

    /// The parts of a function.
    fn inside_function(&mut self, function: &'t Function<'s>) {
        for decorator in &function.decorators {
            decorator.arguments.iter().flatten().for_each(|argument| self.argument(argument));
        }
        function.parameters.iter().for_each(|parameter| self.parameter(parameter));
        function.where_clause.iter().for_each(|condition| self.expression(condition));
        self.block(&function.body);
    }

    /// A parameter.
    fn parameter(&mut self, parameter: &'t Parameter<'s>) {
        self.pattern(&parameter.pattern);
        parameter.default.iter().for_each(|default| self.expression(default));
    }

    /// An argument.
    fn argument(&mut self, argument: &'t Argument<'s>) {
        match argument {
            Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value) => {
                self.expression(value);
            }
            Argument::FieldShorthand { .. } => {}
        }
    }

    /// The parts of a pattern.
    fn inside_pattern(&mut self, pattern: &'t Pattern<'s>) {
        match &pattern.kind {
            PatternKind::Record { fields, .. } | PatternKind::Struct { fields, .. } => {
                for field in fields {
                    self.pattern(&field.pattern);
                    field.default.iter().for_each(|default| self.expression(default));
                }
            }
            PatternKind::List { elements, .. }
            | PatternKind::Tuple { elements, .. }
            | PatternKind::Alternatives(elements)
            | PatternKind::Variant { arguments: Some(elements), .. } => {
                elements.iter().for_each(|element| self.pattern(element));
            }
            // Literals hold no statements.
            PatternKind::Wildcard
            | PatternKind::Name(_)
            | PatternKind::Literal(_)
            | PatternKind::Range { .. }
            | PatternKind::Variant { arguments: None, .. } => {}
        }
    }

    /// The `for` clauses of a comprehension.
    fn clauses(&mut self, clauses: &'t [ForClause<'s>]) {
        for clause in clauses {
            self.pattern(&clause.pattern);
            self.expression(&clause.iterable);
            clause.condition.iter().for_each(|condition| self.expression(condition));
        }
    }

    /// The parts of an expression.
    fn inside_expression(&mut self, expression: &'t Expression<'s>) {
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_)
            | ExpressionKind::Sequence { .. }
            | ExpressionKind::Regex { .. }
            | ExpressionKind::Name(_) => {}
            ExpressionKind::Interpolated(parts) => {
                for part in parts {
                    if let TextPart::Value { expression, .. } = part {
                        self.expression(expression);
                    }
                }
            }
            ExpressionKind::List(items) | ExpressionKind::Set(items) | ExpressionKind::Tuple(items) => {
                for item in items {
                    let (Item::Value(value) | Item::Spread(value)) = item;
                    self.expression(value);
                }
            }
            ExpressionKind::Record(entries) => entries.iter().for_each(|entry| match entry {
                Entry::Named { value, .. } | Entry::Text { value, .. } | Entry::Spread(value) => {
                    self.expression(value);
                }
                Entry::Computed { key, value } => {
                    self.expression(key);
                    self.expression(value);
                }
                Entry::Shorthand(_) => {}
            }),
            ExpressionKind::StructLiteral { constructor, fields } => {
                self.expression(constructor);
                fields.iter().for_each(|(_, value)| self.expression(value));
            }
            ExpressionKind::ListComprehension { element, clauses } => {
                self.clauses(clauses);
                self.expression(element);
            }
            ExpressionKind::MapComprehension { key, value, clauses } => {
                self.clauses(clauses);
                self.expression(key);
                self.expression(value);
            }
            ExpressionKind::Unary { operand, .. } | ExpressionKind::Await(operand) => {
                self.expression(operand)
            }
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Chain { first, rest } => {
                self.expression(first);
                rest.iter().for_each(|(_, _, operand)| self.expression(operand));
            }
            ExpressionKind::Range { start, end, .. } => {
                self.expression(start);
                self.expression(end);
            }
            ExpressionKind::Cast { value, .. } => self.expression(value),
            ExpressionKind::Formula { response, terms } => {
                response.iter().for_each(|response| self.expression(response));
                self.expression(terms);
            }
            ExpressionKind::Call { callee, arguments } => {
                self.expression(callee);
                arguments.iter().for_each(|argument| self.argument(argument));
            }
            ExpressionKind::MethodCall { receiver, arguments, .. } => {
                self.expression(receiver);
                arguments.iter().for_each(|argument| self.argument(argument));
            }
            ExpressionKind::Field { object, .. } | ExpressionKind::Position { object, .. } => {
                self.expression(object);
            }
            ExpressionKind::Index { object, index } => {
                self.expression(object);
                self.expression(index);
            }
            ExpressionKind::Slice { object, start, end, step, .. } => {
                self.expression(object);
                [start, end, step].into_iter().flatten().for_each(|bound| self.expression(bound));
            }
            ExpressionKind::Pipe { left, target, .. } | ExpressionKind::Tap { left, target, .. } => {
                self.expression(left);
                self.expression(target);
            }
            ExpressionKind::PipeInto { left, .. } => self.expression(left),
            ExpressionKind::PipeThen { left, body, .. } => {
                self.expression(left);
                self.expression(body);
            }
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::Function(function) => self.function(function),
            ExpressionKind::If { branches, otherwise } => {
                for branch in branches {
                    self.expression(&branch.condition);
                    self.block(&branch.body);
                }
                otherwise.iter().for_each(|block| self.block(block));
            }
            ExpressionKind::Match { subject, arms } => {
                self.expression(subject);
                for arm in arms {
                    self.pattern(&arm.pattern);
                    arm.guard.iter().for_each(|guard| self.expression(guard));
                    self.block(&arm.body);
                }
            }
            ExpressionKind::Given { arms } => {
                for arm in arms {
                    arm.condition.iter().for_each(|condition| self.expression(condition));
                    self.block(&arm.body);
                }
            }
            ExpressionKind::Try { body, handler, .. } => {
                self.block(body);
                self.block(handler);
            }
            ExpressionKind::Retry { attempts, delay, body } => {
                self.expression(attempts);
                delay.iter().for_each(|delay| self.expression(delay));
                self.block(body);
            }
        }
    }
}
