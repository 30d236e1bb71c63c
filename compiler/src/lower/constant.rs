//! Constants: what is known of an expression before the script runs.

use super::Lowering;
use super::builder::LATER_SHORT;
use crate::ast::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::{Register, ShortConstant, ShortInteger};
use biovm_bytecode::program::Constant;

/// Expressions nested deeper than this are computed when the script runs: each level looks at those below it.
const MOST_NESTED: usize = 6;

/// The value of a literal, or of an operator on literals where that cannot fail.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    Int(i64),
    Float(f64),
    Str(String),
}

impl Known {
    /// As an entry of the constant table.
    pub(super) fn constant(self) -> Constant {
        match self {
            Known::Int(value) => Constant::Int(value),
            Known::Float(value) => Constant::Float(value),
            Known::Str(text) => Constant::Str(text),
        }
    }

    /// As a part of an instruction.
    pub(super) fn short_integer(&self) -> Option<ShortInteger> {
        match self {
            Known::Int(value) => i16::try_from(*value).ok().map(ShortInteger),
            _ => None,
        }
    }

    fn is_number(&self) -> bool {
        !matches!(self, Known::Str(_))
    }
}

/// What is known about the value of an expression.
pub(super) fn known(expression: &Expression<'_>) -> Option<Known> {
    known_within(expression, MOST_NESTED)
}

fn known_within(expression: &Expression<'_>, depth: usize) -> Option<Known> {
    match &expression.kind {
        ExpressionKind::Int(value) => Some(Known::Int(*value)),
        ExpressionKind::Float(value) => Some(Known::Float(*value)),
        ExpressionKind::Str(text) => Some(Known::Str(text.to_string())),
        ExpressionKind::Unary { operator: UnaryOperator::Negate, operand, .. } if depth > 0 => {
            match known_within(operand, depth - 1)? {
                Known::Int(value) => value.checked_neg().map(Known::Int),
                Known::Float(value) => Some(Known::Float(-value)),
                Known::Str(_) => None,
            }
        }
        ExpressionKind::Binary { operator, left, right, .. } if depth > 0 => {
            // The right side is a leaf more often.
            let right = known_within(right, depth - 1)?;
            combine(*operator, known_within(left, depth - 1)?, right)
        }
        _ => None,
    }
}

/// The result of an operator; `None` where there is none, or none that is plain enough to be computed here too.
fn combine(operator: BinaryOperator, left: Known, right: Known) -> Option<Known> {
    use BinaryOperator::{Add, Concatenate, Divide, Multiply, Remainder, Subtract, TruncatingDivide};
    let float = |known: &Known| match known {
        Known::Int(value) => Some(*value as f64),
        Known::Float(value) => Some(*value),
        Known::Str(_) => None,
    };
    match (&left, &right) {
        (Known::Int(a), Known::Int(b)) => match operator {
            Add => a.checked_add(*b),
            Subtract => a.checked_sub(*b),
            Multiply => a.checked_mul(*b),
            TruncatingDivide if *b > 0 => Some(a / b),
            Remainder if *b > 0 => Some(a % b),
            _ => None,
        }
        .map(Known::Int),
        (Known::Str(a), Known::Str(b)) if matches!(operator, Add | Concatenate) => {
            Some(Known::Str(format!("{a}{b}")))
        }
        _ => {
            let (a, b) = (float(&left)?, float(&right)?);
            match operator {
                Add => Some(a + b),
                Subtract => Some(a - b),
                Multiply => Some(a * b),
                Divide if b != 0.0 => Some(a / b),
                _ => None,
            }
            // What is no number raises an error, or is better left alone.
            .filter(|result| result.is_finite())
            .map(Known::Float)
        }
    }
}

impl Lowering<'_> {
    /// What is known about the value of an expression; without optimisation, what a literal says.
    pub(super) fn known(&self, expression: &Expression<'_>) -> Option<Known> {
        if self.optimises { known(expression) } else { None }
    }

    /// Whether the expression is worked out here, and loaded where that is so.
    pub(super) fn fold(&mut self, expression: &Expression<'_>, destination: Register) -> bool {
        match self.known(expression) {
            Some(Known::Int(value)) => self.load_integer(value, destination),
            Some(known) => self.load_constant(known.constant(), destination),
            None => return false,
        }
        true
    }

    /// The instruction for an operator whose right side is a constant; `None` where there is none.
    pub(super) fn with_constant_right(
        &mut self,
        operator: BinaryOperator,
        destination: Register,
        left: Register,
        right: Known,
    ) -> Option<Instruction> {
        use BinaryOperator::{Add, Divide, Multiply, Remainder, Subtract, TruncatingDivide};
        if let Some(value) = right.short_integer() {
            match operator {
                Add => return Some(Instruction::AddInteger { destination, left, value }),
                Subtract => return Some(Instruction::SubtractInteger { destination, left, value }),
                Multiply => return Some(Instruction::MultiplyInteger { destination, left, value }),
                Remainder => return Some(Instruction::ModuloInteger { destination, left, value }),
                _ => {}
            }
        }
        if !right.is_number()
            || !matches!(operator, Add | Subtract | Multiply | Divide | Remainder | TruncatingDivide)
        {
            return None;
        }
        let constant = self.short_constant(right.constant())?;
        Some(match operator {
            Add => Instruction::AddConstant { destination, left, constant },
            Subtract => Instruction::SubtractConstant { destination, left, constant },
            Multiply => Instruction::MultiplyConstant { destination, left, constant },
            Divide => Instruction::DivideConstant { destination, left, constant },
            Remainder => Instruction::ModuloConstant { destination, left, constant },
            _ => Instruction::IntegerDivideConstant { destination, left, constant },
        })
    }

    /// The constant on the left of an operator that has an instruction for that.
    pub(super) fn constant_left(
        &mut self,
        operator: BinaryOperator,
        left: &Expression<'_>,
    ) -> Option<ShortConstant> {
        use BinaryOperator::{Add, Divide, Multiply, Subtract};
        if !matches!(operator, Add | Subtract | Multiply | Divide) {
            return None;
        }
        let known = self.known(left).filter(Known::is_number)?;
        self.short_constant(known.constant())
    }

    /// The jumps for a comparison with a constant, where it holds and where it does not.
    pub(super) fn compare_with_constant(
        &mut self,
        operator: BinaryOperator,
        left: Register,
        right: Known,
    ) -> Option<(Instruction, Instruction)> {
        let constant = self.short_constant(right.constant())?;
        let target = LATER_SHORT;
        Some(match operator {
            BinaryOperator::Equal => (
                Instruction::JumpIfEqualConstant { left, constant, target },
                Instruction::JumpIfNotEqualConstant { left, constant, target },
            ),
            BinaryOperator::NotEqual => (
                Instruction::JumpIfNotEqualConstant { left, constant, target },
                Instruction::JumpIfEqualConstant { left, constant, target },
            ),
            BinaryOperator::Less => (
                Instruction::JumpIfLessConstant { left, constant, target },
                Instruction::JumpUnlessLessConstant { left, constant, target },
            ),
            BinaryOperator::LessEqual => (
                Instruction::JumpIfLessEqualConstant { left, constant, target },
                Instruction::JumpUnlessLessEqualConstant { left, constant, target },
            ),
            BinaryOperator::Greater => (
                Instruction::JumpIfGreaterConstant { left, constant, target },
                Instruction::JumpUnlessGreaterConstant { left, constant, target },
            ),
            BinaryOperator::GreaterEqual => (
                Instruction::JumpIfGreaterEqualConstant { left, constant, target },
                Instruction::JumpUnlessGreaterEqualConstant { left, constant, target },
            ),
            _ => return None,
        })
    }
}
