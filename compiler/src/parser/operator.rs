//! Operators: a loop with levels.
//!
//! The right side of a pipe is one call or function, and the whole pipe then counts as a finished operand
//! that any operator may follow. So, behind a pipe, the loop goes on at the level where it began.

use super::cursor::{Cursor, Reader};
use super::{Rule, call, function};
use crate::ast::{BinaryOperator, Expression, ExpressionKind, LogicalOperator, Name, UnaryOperator};
use crate::span::Span;
use crate::token::Token;

/// The level of everything.
pub(super) const LOWEST: u8 = 0;
const PIPE: u8 = 2;
const COALESCE: u8 = 3;
const OR: u8 = 4;
const AND: u8 = 5;
const EQUALITY: u8 = 7;
const COMPARISON: u8 = 8;
const BIT_XOR: u8 = 9;
const BIT_AND: u8 = 10;
const SHIFT: u8 = 11;
const CAST: u8 = 12;
const RANGE: u8 = 13;
/// The level of `+`: also that of default values of lambda parameters and of formulas.
pub(super) const SUM: u8 = 14;
const PRODUCT: u8 = 15;
const POWER: u8 = 17;

/// What an operator between two operands does.
#[derive(Clone, Copy)]
enum Infix {
    Pipe,
    Tap,
    Binary(BinaryOperator),
    /// `<` and its like, `==` and its like: a row of them is a chain.
    Comparison(BinaryOperator),
    Logical(LogicalOperator),
    Range {
        inclusive: bool,
    },
    Cast,
    Power,
}

/// The operator that a token is behind an operand, and its level.
fn infix(token: Token<'_>) -> Option<(u8, Infix)> {
    use BinaryOperator as Operator;
    Some(match token {
        Token::Pipe => (PIPE, Infix::Pipe),
        Token::Tap => (PIPE, Infix::Tap),
        Token::QuestionQuestion => (COALESCE, Infix::Logical(LogicalOperator::Coalesce)),
        Token::BarBar | Token::Or => (OR, Infix::Logical(LogicalOperator::Or)),
        Token::AmpersandAmpersand | Token::And => (AND, Infix::Logical(LogicalOperator::And)),
        Token::EqualEqual => (EQUALITY, Infix::Comparison(Operator::Equal)),
        Token::BangEqual => (EQUALITY, Infix::Comparison(Operator::NotEqual)),
        Token::In => (EQUALITY, Infix::Binary(Operator::In)),
        // only before `in`, which the caller checks
        Token::Not => (EQUALITY, Infix::Binary(Operator::NotIn)),
        Token::Less => (COMPARISON, Infix::Comparison(Operator::Less)),
        Token::LessEqual => (COMPARISON, Infix::Comparison(Operator::LessEqual)),
        Token::Greater => (COMPARISON, Infix::Comparison(Operator::Greater)),
        Token::GreaterEqual => (COMPARISON, Infix::Comparison(Operator::GreaterEqual)),
        Token::Caret => (BIT_XOR, Infix::Binary(Operator::BitXor)),
        Token::Ampersand => (BIT_AND, Infix::Binary(Operator::BitAnd)),
        Token::LessLess => (SHIFT, Infix::Binary(Operator::ShiftLeft)),
        Token::GreaterGreater => (SHIFT, Infix::Binary(Operator::ShiftRight)),
        Token::As => (CAST, Infix::Cast),
        Token::DotDot => (RANGE, Infix::Range { inclusive: false }),
        Token::DotDotEqual => (RANGE, Infix::Range { inclusive: true }),
        Token::Plus => (SUM, Infix::Binary(Operator::Add)),
        Token::Minus => (SUM, Infix::Binary(Operator::Subtract)),
        Token::PlusPlus => (SUM, Infix::Binary(Operator::Concatenate)),
        Token::Star => (PRODUCT, Infix::Binary(Operator::Multiply)),
        Token::Slash => (PRODUCT, Infix::Binary(Operator::Divide)),
        Token::SlashSlash => (PRODUCT, Infix::Binary(Operator::TruncatingDivide)),
        Token::Percent => (PRODUCT, Infix::Binary(Operator::Remainder)),
        Token::StarStar => (POWER, Infix::Power),
        _ => return None,
    })
}

/// An operand and the operators of at least `level` that follow it.
pub(super) fn operators<'s>(reader: &mut Reader<'_, 's, '_>, level: u8) -> Rule<Expression<'s>> {
    let outer_height = std::mem::take(&mut reader.state().height);
    let mut left = operand(reader)?;
    // the level of the comparisons that `left` consists of and that the next one may join
    let mut chained = None;
    while let Some((found, infix)) = infix(reader.token()) {
        if found < level || !is_infix(reader) {
            break;
        }
        let start = left.span.start;
        let mut operator_span = reader.take();
        let joins = std::mem::take(&mut chained);
        let kind = match infix {
            Infix::Pipe | Infix::Tap => pipe(reader, left, operator_span, matches!(infix, Infix::Tap))?,
            Infix::Binary(operator) => {
                if operator == BinaryOperator::NotIn {
                    operator_span = operator_span.join(reader.take());
                }
                let right = Box::new(operators(reader, found + 1)?);
                ExpressionKind::Binary { operator, operator_span, left: Box::new(left), right }
            }
            Infix::Comparison(operator) => {
                let right = operators(reader, found + 1)?;
                chained = Some(found);
                compare(left, operator, operator_span, right, joins == Some(found))
            }
            Infix::Logical(operator) => {
                let right = Box::new(operators(reader, found + 1)?);
                ExpressionKind::Logical { operator, operator_span, left: Box::new(left), right }
            }
            Infix::Range { inclusive } => {
                let end = Box::new(operators(reader, SUM)?);
                ExpressionKind::Range { start: Box::new(left), end, inclusive, operator_span }
            }
            Infix::Cast => ExpressionKind::Cast { value: Box::new(left), type_name: reader.name()? },
            Infix::Power => {
                let operator = BinaryOperator::Power;
                let right = Box::new(reader.beside(operand)?);
                ExpressionKind::Binary { operator, operator_span, left: Box::new(left), right }
            }
        };
        let is_range = matches!(kind, ExpressionKind::Range { .. });
        let is_link = matches!(kind, ExpressionKind::Chain { .. });
        left = Expression { kind, span: reader.spanning(start) };
        if !is_link {
            reader.grow()?;
        }
        if is_range && matches!(reader.token(), Token::DotDot | Token::DotDotEqual) {
            // `a..b..c` means nothing
            break;
        }
    }
    let state = reader.state();
    state.height = state.height.max(outer_height);
    Ok(left)
}

/// Whether the next token, which could be an operator, really is one.
fn is_infix(reader: &mut Reader<'_, '_, '_>) -> bool {
    match reader.token() {
        Token::Not => reader.ahead(1) == Token::In,
        // `xs[a..]`
        Token::DotDot | Token::DotDotEqual => reader.ahead(1) != Token::RightBracket,
        _ => true,
    }
}

/// `left operator right`, or one more link of the chain that `left` is.
fn compare<'s>(
    left: Expression<'s>,
    operator: BinaryOperator,
    operator_span: Span,
    right: Expression<'s>,
    joins: bool,
) -> ExpressionKind<'s> {
    match left {
        Expression { kind: ExpressionKind::Chain { first, mut rest }, .. } if joins => {
            rest.push((operator, operator_span, right));
            ExpressionKind::Chain { first, rest }
        }
        Expression {
            kind:
                ExpressionKind::Binary {
                    operator: before,
                    operator_span: before_span,
                    left: first,
                    right: middle,
                },
            ..
        } if joins => {
            let rest = vec![(before, before_span, *middle), (operator, operator_span, right)];
            ExpressionKind::Chain { first, rest }
        }
        left => {
            let (left, right) = (Box::new(left), Box::new(right));
            ExpressionKind::Binary { operator, operator_span, left, right }
        }
    }
}

/// The right side of `|>` or `|>>`, which is taken.
fn pipe<'s>(
    reader: &mut Reader<'_, 's, '_>,
    left: Expression<'s>,
    operator_span: Span,
    is_tap: bool,
) -> Rule<ExpressionKind<'s>> {
    let left = Box::new(left);
    if !is_tap && let (Token::Identifier(word), Token::Identifier(_)) = (reader.token(), reader.ahead(1)) {
        let behind = reader.ahead(2);
        if word == "into" && behind != Token::LeftParen {
            reader.take();
            return Ok(ExpressionKind::PipeInto { left, name: reader.name()? });
        }
        if word == "then" && behind == Token::Arrow {
            reader.take();
            let name: Name<'s> = reader.name()?;
            reader.take();
            let body = Box::new(reader.nested(|reader| operators(reader, COALESCE))?);
            return Ok(ExpressionKind::PipeThen { left, name, body });
        }
    }
    let target = Box::new(reader.beside(pipe_target)?);
    Ok(if is_tap {
        ExpressionKind::Tap { left, target, operator_span }
    } else {
        ExpressionKind::Pipe { left, target, operator_span }
    })
}

/// A call, a function, a lambda; or a name with a lambda behind it, which is a call.
fn pipe_target<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let is_name = matches!(reader.token(), Token::Identifier(_));
    let target = call::postfix(reader)?;
    if !is_name || !matches!(target.kind, ExpressionKind::Name(_)) {
        return Ok(target);
    }
    let lambda = match reader.token() {
        Token::Bar => reader.nested(|reader| function::lambda(reader, None))?,
        Token::Identifier("do") if function::is_do(reader) => reader.nested(function::do_block)?,
        _ => return Ok(target),
    };
    let span = target.span.join(lambda.span);
    let arguments = vec![crate::ast::Argument::Positional(lambda)];
    Ok(Expression { kind: ExpressionKind::Call { callee: Box::new(target), arguments }, span })
}

/// An operand with its prefix operators and with `**`.
fn operand<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let operator = match reader.token() {
        Token::Minus if reader.ahead(1) == Token::Int(1 << 63) => {
            let start = reader.take().start;
            let span = Span::new(start, reader.take().end);
            let lowest = Expression { kind: ExpressionKind::Int(i64::MIN), span };
            let value = call::suffixes(reader, lowest)?;
            return power(reader, value);
        }
        Token::Minus => UnaryOperator::Negate,
        Token::Bang | Token::Not => UnaryOperator::Not,
        Token::Await => {
            let start = reader.take();
            let value = reader.nested(operand)?;
            let span = start.join(value.span);
            return Ok(Expression { kind: ExpressionKind::Await(Box::new(value)), span });
        }
        _ => {
            let value = call::postfix(reader)?;
            return power(reader, value);
        }
    };
    let is_word = reader.token() == Token::Not;
    let operator_span = reader.take();
    // `not a == b` negates the comparison, `!a == b` only `a`
    let operand =
        reader.nested(|reader| if is_word { operators(reader, EQUALITY) } else { operand(reader) })?;
    let span = operator_span.join(operand.span);
    let operand = Box::new(operand);
    Ok(Expression { kind: ExpressionKind::Unary { operator, operator_span, operand }, span })
}

/// `left ** right`, if `**` follows. It binds tighter than a minus on its left, and groups to the right.
fn power<'s>(reader: &mut Reader<'_, 's, '_>, left: Expression<'s>) -> Rule<Expression<'s>> {
    if reader.token() != Token::StarStar {
        return Ok(left);
    }
    let operator_span = reader.take();
    let right = reader.nested(operand)?;
    let span = left.span.join(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    let operator = BinaryOperator::Power;
    Ok(Expression { kind: ExpressionKind::Binary { operator, operator_span, left, right }, span })
}

/// `~ terms`, `~ response ~ terms`
pub(super) fn formula<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    reader.nested(|reader| {
        let first = operators(reader, SUM)?;
        let (response, terms) = if reader.eat(Token::Tilde) {
            (Some(Box::new(first)), operators(reader, SUM)?)
        } else {
            (None, first)
        };
        let kind = ExpressionKind::Formula { response, terms: Box::new(terms) };
        Ok(Expression { kind, span: reader.spanning(start) })
    })
}

/// An expression that a comprehension's clause consists of: no `value if c else w`.
pub(super) fn clause<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    reader.nested(|reader| operators(reader, LOWEST))
}

/// A default value in a lambda's head, where `|` ends it.
pub(super) fn head_default<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    reader.nested(|reader| operators(reader, SUM))
}
