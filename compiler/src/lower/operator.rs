//! Operators, comparisons, conditions.

use super::Lowering;
use super::builder::{LATER, LATER_SHORT, Label};
use super::constant::Known;
use crate::ast::{BinaryOperator, Expression, ExpressionKind, LogicalOperator, UnaryOperator};
use crate::span::Span;
use biovm_bytecode::Instruction;
use biovm_bytecode::operand::Register;

/// The left side of an operator.
#[derive(Clone, Copy)]
pub(super) enum Side<'e, 's> {
    Expression(&'e Expression<'s>),
    Register(Register),
}

impl Lowering<'_> {
    /// `destination = left operator right`
    pub(super) fn binary_into(
        &mut self,
        destination: Register,
        operator: BinaryOperator,
        operator_span: Span,
        left: Side<'_, '_>,
        right: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        if let Side::Expression(left) = left
            && self.known(right).is_none()
            && let Some(constant) = self.constant_left(operator, left)
        {
            let right = self.value(right);
            self.body.span = operator_span;
            self.body.emit(match operator {
                BinaryOperator::Add => Instruction::ConstantAdd { destination, constant, right },
                BinaryOperator::Subtract => Instruction::ConstantSubtract { destination, constant, right },
                BinaryOperator::Multiply => Instruction::ConstantMultiply { destination, constant, right },
                _ => Instruction::ConstantDivide { destination, constant, right },
            });
            self.body.release(mark);
            return;
        }
        // `list + [item]` grows the list in place where it is a temporary, or a variable that nobody reads again.
        let grows = matches!(operator, BinaryOperator::Add | BinaryOperator::Concatenate)
            && matches!(
                right.kind,
                ExpressionKind::List(_) | ExpressionKind::Str(_) | ExpressionKind::Interpolated(_)
            );
        let left = match left {
            Side::Register(register) => register,
            Side::Expression(expression) => match self.last_use(expression).filter(|_| grows) {
                Some(source) => {
                    let taken = self.body.allocate();
                    self.body.take(taken, source);
                    taken
                }
                None => self.left_operand(expression, right),
            },
        };
        if !self.binary_with_literal(destination, operator, operator_span, left, right) {
            let right = match operator {
                BinaryOperator::In | BinaryOperator::NotIn if left != destination => {
                    self.object(right, destination)
                }
                _ => self.value(right),
            };
            self.body.span = operator_span;
            if grows && u32::from(left.0) >= mark {
                self.emit_binary(operator, left, left, right);
                self.body.take(destination, left);
            } else {
                self.emit_binary(operator, destination, left, right);
            }
        }
        self.body.release(mark);
    }

    /// The left operand; copied where computing the right one could change it.
    pub(super) fn left_operand(&mut self, left: &Expression<'_>, right: &Expression<'_>) -> Register {
        match self.is_register_variable(left) {
            Some(_) if super::effects::may_assign(right) => self.temporary(left),
            _ => self.value(left),
        }
    }

    /// Operators whose right operand is a literal number have instructions of their own.
    fn binary_with_literal(
        &mut self,
        destination: Register,
        operator: BinaryOperator,
        operator_span: Span,
        left: Register,
        right: &Expression<'_>,
    ) -> bool {
        let Some(known) = self.known(right) else { return false };
        let Some(instruction) = self.with_constant_right(operator, destination, left, known) else {
            return false;
        };
        self.body.span = operator_span;
        self.body.emit(instruction);
        true
    }

    pub(super) fn emit_binary(
        &mut self,
        operator: BinaryOperator,
        destination: Register,
        left: Register,
        right: Register,
    ) {
        let instruction = match operator {
            BinaryOperator::Add => Instruction::Add { destination, left, right },
            BinaryOperator::Subtract => Instruction::Subtract { destination, left, right },
            BinaryOperator::Concatenate => Instruction::Concatenate { destination, left, right },
            BinaryOperator::Multiply => Instruction::Multiply { destination, left, right },
            BinaryOperator::Divide => Instruction::Divide { destination, left, right },
            BinaryOperator::TruncatingDivide => Instruction::IntegerDivide { destination, left, right },
            BinaryOperator::Remainder => Instruction::Modulo { destination, left, right },
            BinaryOperator::Power => Instruction::Power { destination, left, right },
            BinaryOperator::Equal => Instruction::Equal { destination, left, right },
            BinaryOperator::NotEqual => Instruction::NotEqual { destination, left, right },
            BinaryOperator::Less => Instruction::Less { destination, left, right },
            BinaryOperator::LessEqual => Instruction::LessEqual { destination, left, right },
            BinaryOperator::Greater => Instruction::Greater { destination, left, right },
            BinaryOperator::GreaterEqual => Instruction::GreaterEqual { destination, left, right },
            BinaryOperator::BitAnd => Instruction::BitAnd { destination, left, right },
            BinaryOperator::BitXor => Instruction::BitXor { destination, left, right },
            BinaryOperator::ShiftLeft => Instruction::ShiftLeft { destination, left, right },
            BinaryOperator::ShiftRight => Instruction::ShiftRight { destination, left, right },
            BinaryOperator::In => Instruction::Contains { destination, left, right },
            BinaryOperator::NotIn => {
                self.body.emit(Instruction::Contains { destination, left, right });
                Instruction::Not { destination, source: destination }
            }
        };
        self.body.emit(instruction);
    }

    /// `destination = -operand` or `destination = not operand`
    pub(super) fn unary(
        &mut self,
        destination: Register,
        operator: UnaryOperator,
        operator_span: Span,
        operand: &Expression<'_>,
    ) {
        let mark = self.body.mark();
        let source = self.value(operand);
        self.body.span = operator_span;
        self.body.emit(match operator {
            UnaryOperator::Negate => Instruction::Negate { destination, source },
            UnaryOperator::Not => Instruction::Not { destination, source },
        });
        self.body.release(mark);
    }

    /// `destination = left && right`, `||` or `??`. The first two give a Bool.
    pub(super) fn logical(
        &mut self,
        destination: Register,
        operator: LogicalOperator,
        left: &Expression<'_>,
        right: &Expression<'_>,
    ) {
        let end = self.body.label();
        match operator {
            LogicalOperator::Coalesce => {
                self.into(left, destination);
                self.body.emit_jump(Instruction::JumpIfNotNil { condition: destination, target: LATER }, end);
                self.into(right, destination);
            }
            LogicalOperator::And | LogicalOperator::Or => {
                let is_or = operator == LogicalOperator::Or;
                self.truth(left, destination);
                self.body.emit_jump(
                    match is_or {
                        true => Instruction::JumpIfTrue { condition: destination, target: LATER },
                        false => Instruction::JumpIfFalse { condition: destination, target: LATER },
                    },
                    end,
                );
                self.truth(right, destination);
            }
        }
        self.body.place(end);
    }

    /// `destination = whether the expression is truthy`
    fn truth(&mut self, expression: &Expression<'_>, destination: Register) {
        if is_bool(expression) {
            return self.into(expression, destination);
        }
        let mark = self.body.mark();
        let source = self.value(expression);
        self.body.emit(Instruction::Truth { destination, source });
        self.body.release(mark);
    }

    /// `destination = first op a op b …`: each pair holds; operands are computed once, and only as far as needed.
    pub(super) fn chain(
        &mut self,
        destination: Register,
        first: &Expression<'_>,
        rest: &[(BinaryOperator, Span, Expression<'_>)],
    ) {
        let mark = self.body.mark();
        let end = self.body.label();
        let mut left = self.temporary(first);
        for (index, (operator, operator_span, operand)) in rest.iter().enumerate() {
            let right = self.temporary(operand);
            self.body.span = *operator_span;
            self.emit_binary(*operator, destination, left, right);
            if index + 1 < rest.len() {
                self.body.emit_jump(Instruction::JumpIfFalse { condition: destination, target: LATER }, end);
            }
            left = right;
        }
        self.body.place(end);
        self.body.release(mark);
    }

    /// Goes on at the label if the truth of the condition is `when`.
    pub(super) fn branch(&mut self, condition: &Expression<'_>, when: bool, label: Label) {
        match &condition.kind {
            ExpressionKind::Bool(value) => {
                if *value == when {
                    self.body.emit_jump(Instruction::Jump { target: LATER }, label);
                }
            }
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand, .. } => {
                self.branch(operand, !when, label)
            }
            ExpressionKind::Logical { operator: LogicalOperator::And, left, right, .. } => match when {
                false => {
                    self.branch(left, false, label);
                    self.branch(right, false, label);
                }
                true => {
                    let no = self.body.label();
                    self.branch(left, false, no);
                    self.branch(right, true, label);
                    self.body.place(no);
                }
            },
            ExpressionKind::Logical { operator: LogicalOperator::Or, left, right, .. } => match when {
                true => {
                    self.branch(left, true, label);
                    self.branch(right, true, label);
                }
                false => {
                    let yes = self.body.label();
                    self.branch(left, true, yes);
                    self.branch(right, false, label);
                    self.body.place(yes);
                }
            },
            ExpressionKind::Binary { operator, operator_span, left, right }
                if !matches!(operator, BinaryOperator::In | BinaryOperator::NotIn)
                    && is_comparison(*operator) =>
            {
                self.branch_on_comparison(*operator, *operator_span, left, right, when, label);
            }
            _ => {
                let mark = self.body.mark();
                let condition = self.value(condition);
                self.body.emit_jump(
                    match when {
                        true => Instruction::JumpIfTrue { condition, target: LATER },
                        false => Instruction::JumpIfFalse { condition, target: LATER },
                    },
                    label,
                );
                self.body.release(mark);
            }
        }
    }

    fn branch_on_comparison(
        &mut self,
        operator: BinaryOperator,
        operator_span: Span,
        left: &Expression<'_>,
        right: &Expression<'_>,
        when: bool,
        label: Label,
    ) {
        let mark = self.body.mark();
        let left = self.left_operand(left, right);
        if self.optimises
            && right.kind == ExpressionKind::Nil
            && matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual)
        {
            self.body.span = operator_span;
            let is_nil = (operator == BinaryOperator::Equal) == when;
            self.body.emit_jump(
                match is_nil {
                    true => Instruction::JumpIfEqualNil { left, target: LATER },
                    false => Instruction::JumpIfNotEqualNil { left, target: LATER },
                },
                label,
            );
            return self.body.release(mark);
        }
        let target = LATER_SHORT;
        // The positive form jumps when the comparison holds. "Does not hold" is a form of its own, not the opposite
        // comparison: both are false where a side is nil or NaN.
        let known = self.known(right);
        let (holds, fails) = match known.as_ref().and_then(Known::short_integer) {
            Some(value) => match operator {
                BinaryOperator::Equal => (
                    Instruction::JumpIfEqualInteger { left, value, target },
                    Instruction::JumpIfNotEqualInteger { left, value, target },
                ),
                BinaryOperator::NotEqual => (
                    Instruction::JumpIfNotEqualInteger { left, value, target },
                    Instruction::JumpIfEqualInteger { left, value, target },
                ),
                BinaryOperator::Less => (
                    Instruction::JumpIfLessInteger { left, value, target },
                    Instruction::JumpUnlessLessInteger { left, value, target },
                ),
                BinaryOperator::LessEqual => (
                    Instruction::JumpIfLessEqualInteger { left, value, target },
                    Instruction::JumpUnlessLessEqualInteger { left, value, target },
                ),
                BinaryOperator::Greater => (
                    Instruction::JumpIfGreaterInteger { left, value, target },
                    Instruction::JumpUnlessGreaterInteger { left, value, target },
                ),
                _ => (
                    Instruction::JumpIfGreaterEqualInteger { left, value, target },
                    Instruction::JumpUnlessGreaterEqualInteger { left, value, target },
                ),
            },
            _ => {
                let with_constant = known.and_then(|known| self.compare_with_constant(operator, left, known));
                match with_constant {
                    Some(jumps) => jumps,
                    None => self.compare_registers(operator, left, right),
                }
            }
        };
        self.body.span = operator_span;
        match when {
            true => self.body.emit_compare(holds, fails, label),
            false => self.body.emit_compare(fails, holds, label),
        }
        self.body.release(mark);
    }

    /// The jumps for a comparison of two registers, where it holds and where it does not.
    fn compare_registers(
        &mut self,
        operator: BinaryOperator,
        left: Register,
        right: &Expression<'_>,
    ) -> (Instruction, Instruction) {
        let target = LATER_SHORT;
        let right = self.value(right);
        match operator {
            BinaryOperator::Equal => (
                Instruction::JumpIfEqual { left, right, target },
                Instruction::JumpIfNotEqual { left, right, target },
            ),
            BinaryOperator::NotEqual => (
                Instruction::JumpIfNotEqual { left, right, target },
                Instruction::JumpIfEqual { left, right, target },
            ),
            BinaryOperator::Less => (
                Instruction::JumpIfLess { left, right, target },
                Instruction::JumpUnlessLess { left, right, target },
            ),
            BinaryOperator::LessEqual => (
                Instruction::JumpIfLessEqual { left, right, target },
                Instruction::JumpUnlessLessEqual { left, right, target },
            ),
            BinaryOperator::Greater => (
                Instruction::JumpIfGreater { left, right, target },
                Instruction::JumpUnlessGreater { left, right, target },
            ),
            _ => (
                Instruction::JumpIfGreaterEqual { left, right, target },
                Instruction::JumpUnlessGreaterEqual { left, right, target },
            ),
        }
    }
}

/// Whether the operator compares.
fn is_comparison(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterEqual
            | BinaryOperator::In
            | BinaryOperator::NotIn
    )
}

/// Whether the expression gives a Bool for certain.
fn is_bool(expression: &Expression<'_>) -> bool {
    match &expression.kind {
        ExpressionKind::Bool(_) | ExpressionKind::Chain { .. } => true,
        ExpressionKind::Binary { operator, .. } => is_comparison(*operator),
        ExpressionKind::Unary { operator, .. } => *operator == UnaryOperator::Not,
        ExpressionKind::Logical { operator, .. } => *operator != LogicalOperator::Coalesce,
        _ => false,
    }
}
