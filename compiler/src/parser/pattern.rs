//! Patterns.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, call, expression, primary};
use crate::ast::{Expression, ExpressionKind, FieldPattern, Name, Pattern, PatternKind};
use crate::diagnostic::{Diagnostic, code};
use crate::span::Span;
use crate::token::Token;

/// What a pattern is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// `let`, `for`, parameters: names and the collections around them.
    Bind,
    /// An arm of `match`: anything.
    Match,
}

/// The left side of `let`. `_` alone is an ordinary name there; only within a pattern it stands for anything.
pub(super) fn binder<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Pattern<'s>> {
    let mut pattern = bind(reader)?;
    if pattern.kind == PatternKind::Wildcard {
        pattern.kind = PatternKind::Name("_");
    }
    Ok(pattern)
}

/// A pattern that binds.
pub(super) fn bind<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Pattern<'s>> {
    pattern(reader, Purpose::Bind)
}

/// The variable of a loop: `p` or `a, b`.
pub(super) fn loop_pattern<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Pattern<'s>> {
    let first = bind(reader)?;
    if reader.token() != Token::Comma {
        return Ok(first);
    }
    let start = first.span.start;
    let mut elements = vec![first];
    while reader.eat(Token::Comma) {
        elements.push(bind(reader)?);
    }
    Ok(Pattern { kind: PatternKind::Tuple { elements, rest: None }, span: reader.spanning(start) })
}

/// `p | q` in an arm of `match`.
pub(super) fn alternatives<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Pattern<'s>> {
    let first = pattern(reader, Purpose::Match)?;
    if !next_alternative(reader) {
        return Ok(first);
    }
    let start = first.span.start;
    let mut patterns = vec![first];
    while next_alternative(reader) {
        reader.skip_newlines();
        reader.take();
        patterns.push(pattern(reader, Purpose::Match)?);
    }
    Ok(Pattern { kind: PatternKind::Alternatives(patterns), span: reader.spanning(start) })
}

/// Whether a `|` follows, perhaps on the next line.
fn next_alternative(reader: &mut Reader<'_, '_, '_>) -> bool {
    match reader.token() {
        Token::Bar => true,
        Token::Newline => reader.ahead(1) == Token::Bar,
        _ => false,
    }
}

fn pattern<'s>(reader: &mut Reader<'_, 's, '_>, purpose: Purpose) -> Rule<Pattern<'s>> {
    reader.nested(|reader| {
        let start = reader.span().start;
        let kind = match reader.token() {
            Token::Identifier(word) => named(reader, word, purpose)?,
            Token::LeftBracket => {
                let (elements, rest) = elements(reader, Token::RightBracket, purpose)?;
                PatternKind::List { elements, rest }
            }
            Token::LeftParen => {
                let (elements, rest) = elements(reader, Token::RightParen, purpose)?;
                PatternKind::Tuple { elements, rest }
            }
            Token::LeftBrace => {
                let (fields, rest) = fields(reader, purpose)?;
                PatternKind::Record { fields, rest }
            }
            _ if purpose == Purpose::Match => literal_or_range(reader)?,
            _ => return Err(reader.unexpected("identifier")),
        };
        Ok(Pattern { kind, span: reader.spanning(start) })
    })
}

/// A pattern that begins with a word.
fn named<'s>(reader: &mut Reader<'_, 's, '_>, word: &'s str, purpose: Purpose) -> Rule<PatternKind<'s>> {
    let name = reader.name()?;
    if word == "_" {
        return Ok(PatternKind::Wildcard);
    }
    if purpose == Purpose::Bind {
        return Ok(PatternKind::Name(word));
    }
    let next = reader.token();
    if word == "otherwise" && matches!(next, Token::FatArrow | Token::If) {
        return Ok(PatternKind::Wildcard);
    }
    let is_double_colon = next == Token::Colon && call::is_double_colon(reader.rest(), name.span.end);
    if is_double_colon || next == Token::Dot {
        reader.take();
        if is_double_colon {
            reader.take();
        }
        let variant = reader.name()?;
        let arguments = variant_arguments(reader)?;
        return Ok(PatternKind::Variant { namespace: Some(name), name: variant, arguments });
    }
    if next == Token::LeftBrace && call::is_capitalised(word) {
        let (fields, rest) = fields(reader, purpose)?;
        return Ok(PatternKind::Struct { name, fields, rest });
    }
    if next == Token::LeftParen || call::is_capitalised(word) {
        let arguments = variant_arguments(reader)?;
        return Ok(PatternKind::Variant { namespace: None, name, arguments });
    }
    Ok(PatternKind::Name(word))
}

/// `(p, q)` behind the name of a variant, if it is there.
fn variant_arguments<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Option<Vec<Pattern<'s>>>> {
    if reader.token() != Token::LeftParen {
        return Ok(None);
    }
    super::collection::grouped(reader, Token::RightParen, alternatives).map(Some)
}

/// `[p, q, ...rest]` or `(p, q, ...rest)`
fn elements<'s>(
    reader: &mut Reader<'_, 's, '_>,
    closing: Token<'static>,
    purpose: Purpose,
) -> Rule<(Vec<Pattern<'s>>, Option<Name<'s>>)> {
    let open = reader.take();
    let result = reader.within(Surroundings::Group, |reader| {
        let mut elements = Vec::new();
        let mut rest = None;
        while reader.token() != closing {
            if reader.eat(Token::Ellipsis) {
                rest = Some(reader.name()?);
                reader.eat(Token::Comma);
                break;
            }
            elements.push(match purpose {
                Purpose::Bind => pattern(reader, purpose)?,
                Purpose::Match => alternatives(reader)?,
            });
            if !reader.eat(Token::Comma) {
                break;
            }
        }
        Ok((elements, rest))
    })?;
    if result.1.is_some() && reader.token() != closing {
        return Err(rest_not_last(reader));
    }
    reader.close(closing, open)?;
    Ok(result)
}

/// `{a, b: p, c = 5, ...rest}`
fn fields<'s>(
    reader: &mut Reader<'_, 's, '_>,
    purpose: Purpose,
) -> Rule<(Vec<FieldPattern<'s>>, Option<Name<'s>>)> {
    let open = reader.take();
    let result = reader.within(Surroundings::Block, |reader| {
        let mut fields = Vec::new();
        let mut rest = None;
        reader.skip_newlines();
        while reader.token() != Token::RightBrace {
            if reader.eat(Token::Ellipsis) {
                rest = Some(reader.name()?);
                reader.eat(Token::Comma);
                reader.skip_newlines();
                break;
            }
            fields.push(field(reader, purpose)?);
            reader.skip_newlines();
            if !reader.eat(Token::Comma) {
                break;
            }
            reader.skip_newlines();
        }
        Ok((fields, rest))
    })?;
    if result.1.is_some() && reader.token() != Token::RightBrace {
        return Err(rest_not_last(reader));
    }
    reader.close(Token::RightBrace, open)?;
    Ok(result)
}

fn rest_not_last(reader: &mut Reader<'_, '_, '_>) -> crate::failure::Failure {
    let message = "'...' must be the last part of a pattern";
    Diagnostic::error(code::UNEXPECTED_TOKEN, "ParseError", message, reader.span()).into()
}

fn field<'s>(reader: &mut Reader<'_, 's, '_>, purpose: Purpose) -> Rule<FieldPattern<'s>> {
    let is_name = matches!(reader.token(), Token::Identifier(_));
    let field = reader.word("field name")?;
    let pattern = if reader.eat(Token::Colon) {
        match purpose {
            Purpose::Bind => pattern(reader, purpose)?,
            Purpose::Match => alternatives(reader)?,
        }
    } else if is_name {
        Pattern { kind: PatternKind::Name(field.text), span: field.span }
    } else {
        // a reserved word can be a field, but not a variable
        return Err(reader.unexpected("':'"));
    };
    let default = if reader.eat(Token::Equal) { Some(expression::expression(reader)?) } else { None };
    Ok(FieldPattern { field, pattern, default })
}

/// `1`, `-1`, `"a"`, `1..10`
fn literal_or_range<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<PatternKind<'s>> {
    let start = Box::new(literal(reader)?);
    let inclusive = match reader.token() {
        Token::DotDot => false,
        Token::DotDotEqual => true,
        _ => return Ok(PatternKind::Literal(start)),
    };
    reader.take();
    let end = Box::new(literal(reader)?);
    Ok(PatternKind::Range { start, end, inclusive })
}

fn literal<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.span();
    let negative = reader.eat(Token::Minus);
    let token = reader.token();
    let kind = match token {
        Token::Int(magnitude) if negative => {
            // the lexer lets nothing through that is larger than 2^63
            ExpressionKind::Int(0i64.checked_sub_unsigned(magnitude).unwrap_or(i64::MIN))
        }
        Token::Float(value) if negative => ExpressionKind::Float(-value),
        _ if negative => return Err(reader.unexpected("number")),
        Token::Regex(_) => return Err(reader.unexpected("pattern")),
        _ => match primary::literal(token, start)? {
            Some(kind) => kind,
            None => return Err(reader.unexpected("pattern")),
        },
    };
    let end = reader.take();
    Ok(Expression { kind, span: Span::new(start.start, end.end) })
}
