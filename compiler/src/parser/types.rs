//! Type annotations.

use super::Rule;
use super::cursor::{Cursor, Reader};
use crate::ast::{Type, TypeKind};
use crate::span::Span;
use crate::token::Token;

/// `: T`, if it is there.
pub(super) fn annotation<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Option<Type<'s>>> {
    if reader.eat(Token::Colon) { Ok(Some(annotated(reader)?)) } else { Ok(None) }
}

/// `A`, `A | B`
pub(super) fn annotated<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Type<'s>> {
    let first = single(reader)?;
    if reader.token() != Token::Bar {
        return Ok(first);
    }
    let start = first.span.start;
    let mut types = vec![first];
    while reader.eat(Token::Bar) {
        types.push(single(reader)?);
    }
    Ok(Type { kind: TypeKind::Union(types), span: reader.spanning(start) })
}

/// `A`, `List<A>`, `A?`; no union, which the bar of a lambda's head would end.
pub(super) fn single<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Type<'s>> {
    let mut depth = Angles::default();
    let result = nested_type(reader, &mut depth)?;
    if depth.surplus {
        return Err(reader.unexpected("'>'"));
    }
    Ok(result)
}

/// `>>` closes two lists of arguments at once.
#[derive(Default)]
struct Angles {
    /// The second half of a `>>` has closed the list around this one.
    surplus: bool,
}

fn nested_type<'s>(reader: &mut Reader<'_, 's, '_>, angles: &mut Angles) -> Rule<Type<'s>> {
    reader.nested(|reader| {
        let name = reader.word("type name")?;
        let mut arguments = Vec::new();
        let mut end = name.span.end;
        if reader.eat(Token::Less) {
            loop {
                arguments.push(nested_type(reader, angles)?);
                if angles.surplus || !reader.eat(Token::Comma) {
                    break;
                }
            }
            if angles.surplus {
                angles.surplus = false;
                end = reader.last_end();
            } else if reader.token() == Token::GreaterGreater {
                end = reader.take().end;
                angles.surplus = true;
            } else {
                end = reader.expect(Token::Greater)?.end;
            }
        }
        let span = Span::new(name.span.start, end);
        let plain = Type { kind: TypeKind::Name { name, arguments }, span };
        if !angles.surplus && reader.token() == Token::Question {
            let span = span.join(reader.take());
            return Ok(Type { kind: TypeKind::Optional(Box::new(plain)), span });
        }
        Ok(plain)
    })
}
