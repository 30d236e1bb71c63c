//! Formulas: the text that model fitting reads, in a spelling that depends on what a formula says and not on how it is
//! written.

use super::Lowering;
use crate::ast::{Argument, BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use biovm_bytecode::program::Constant;

impl Lowering<'_> {
    /// The constant for `~ terms` or `~ response ~ terms`.
    pub(super) fn formula(&self, response: Option<&Expression<'_>>, terms: &Expression<'_>) -> Constant {
        let mut texts = Vec::new();
        self.formula_terms(terms, false, &mut texts);
        Constant::Formula(response.map(|response| self.formula_text(response)), texts)
    }

    /// The terms of a sum, those that are subtracted with a minus.
    fn formula_terms(&self, expression: &Expression<'_>, negative: bool, terms: &mut Vec<String>) {
        match &expression.kind {
            ExpressionKind::Binary { operator: BinaryOperator::Add, left, right, .. } => {
                self.formula_terms(left, negative, terms);
                self.formula_terms(right, negative, terms);
            }
            ExpressionKind::Binary { operator: BinaryOperator::Subtract, left, right, .. } => {
                self.formula_terms(left, negative, terms);
                self.formula_terms(right, !negative, terms);
            }
            ExpressionKind::Unary { operator: UnaryOperator::Negate, operand, .. } => {
                self.formula_terms(operand, !negative, terms);
            }
            _ if negative => terms.push(format!("-{}", self.formula_text(expression))),
            _ => terms.push(self.formula_text(expression)),
        }
    }

    fn formula_text(&self, expression: &Expression<'_>) -> String {
        match &expression.kind {
            ExpressionKind::Name(name) => (*name).to_owned(),
            ExpressionKind::Int(number) => number.to_string(),
            ExpressionKind::Float(number) => format!("{number:?}"),
            ExpressionKind::Str(text) => format!("{text:?}"),
            ExpressionKind::Unary { operator: UnaryOperator::Negate, operand, .. } => {
                format!("-{}", self.formula_operand(operand, 3))
            }
            ExpressionKind::Binary { operator, left, right, .. } => {
                let level = level(*operator);
                // Only a power groups to the right.
                let (left_level, right_level) =
                    if *operator == BinaryOperator::Power { (level + 1, level) } else { (level, level + 1) };
                let left = self.formula_operand(left, left_level);
                let right = self.formula_operand(right, right_level);
                format!("{left} {} {right}", operator.symbol())
            }
            ExpressionKind::Field { object, name, optional: false } => {
                format!("{}.{}", self.formula_operand(object, 5), name.text)
            }
            ExpressionKind::Call { callee, arguments } if arguments.iter().all(is_plain) => {
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| match argument {
                        Argument::Named { name, value } => {
                            format!("{}: {}", name.text, self.formula_text(value))
                        }
                        Argument::Positional(value) => self.formula_text(value),
                        Argument::Spread(_) | Argument::FieldShorthand { .. } => String::new(),
                    })
                    .collect();
                format!("{}({})", self.formula_operand(callee, 5), arguments.join(", "))
            }
            // Whatever else may stand in a formula is kept as it is written.
            _ => self.source.slice(expression.span).split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    /// An operand, in parentheses where it binds less tightly than its place demands.
    fn formula_operand(&self, expression: &Expression<'_>, least: u8) -> String {
        let text = self.formula_text(expression);
        let own = match &expression.kind {
            ExpressionKind::Binary { operator, .. } => level(*operator),
            ExpressionKind::Unary { .. } => 3,
            _ => u8::MAX,
        };
        if own < least { format!("({text})") } else { text }
    }
}

/// How tightly an operator binds, as far as formulas need it.
fn level(operator: BinaryOperator) -> u8 {
    match operator {
        BinaryOperator::Power => 4,
        BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::TruncatingDivide
        | BinaryOperator::Remainder => 2,
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Concatenate => 1,
        _ => 0,
    }
}

fn is_plain(argument: &Argument<'_>) -> bool {
    matches!(argument, Argument::Positional(_) | Argument::Named { .. })
}
