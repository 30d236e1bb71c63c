//! Lists, sets, tuples, records and comprehensions; and the comma-separated lists of all other rules.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, call, expression, operator, pattern};
use crate::ast::{Entry, Expression, ExpressionKind, ForClause, Item};
use crate::keyword::{at, closing_bracket};
use crate::lexer::decode;
use crate::token::{Lexeme, Token};

/// `( a, b, c, )` or `[ … ]`, from the opening bracket on.
pub(super) fn grouped<'t, 's, 'p, T>(
    reader: &mut Reader<'t, 's, 'p>,
    closing: Token<'static>,
    item: impl Fn(&mut Reader<'t, 's, 'p>) -> Rule<T>,
) -> Rule<Vec<T>> {
    let open = reader.take();
    let items = reader.within(Surroundings::Group, |reader| {
        let mut items = Vec::new();
        while has_more(reader, closing) {
            items.push(item(reader)?);
            if !reader.eat(Token::Comma) {
                break;
            }
        }
        Ok(items)
    })?;
    reader.close(closing, open)?;
    Ok(items)
}

/// Whether an element may follow. In a group there are newlines only where the layout pass has found that
/// it was never closed.
fn has_more(reader: &mut Reader<'_, '_, '_>, closing: Token<'static>) -> bool {
    let token = reader.token();
    token != closing && !matches!(token, Token::Newline | Token::End)
}

/// `{ a, b, c, }` or `#{ … }`, from the opening bracket on. Newlines around the entries mean nothing.
pub(super) fn braced<'t, 's, 'p, T>(
    reader: &mut Reader<'t, 's, 'p>,
    entry: impl Fn(&mut Reader<'t, 's, 'p>) -> Rule<T>,
) -> Rule<Vec<T>> {
    let open = reader.take();
    let entries = reader.within(Surroundings::Block, |reader| {
        let mut entries = Vec::new();
        reader.skip_newlines();
        while has_more(reader, Token::RightBrace) {
            entries.push(entry(reader)?);
            if !next_entry(reader) {
                break;
            }
        }
        Ok(entries)
    })?;
    reader.close(Token::RightBrace, open)?;
    Ok(entries)
}

/// Takes the comma behind an entry of a braced list, and newlines. A newline alone separates no entries.
fn next_entry(reader: &mut Reader<'_, '_, '_>) -> bool {
    let newlines = reader.rest().iter().take_while(|lexeme| lexeme.token == Token::Newline).count();
    // leave the newline to be complained about if neither a comma nor an end follows
    if !matches!(reader.ahead(newlines), Token::Comma | Token::RightBrace | Token::End) {
        return false;
    }
    reader.skip_newlines();
    let more = reader.eat(Token::Comma);
    reader.skip_newlines();
    more
}

fn item<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Item<'s>> {
    if reader.eat(Token::Ellipsis) {
        return Ok(Item::Spread(expression::expression(reader)?));
    }
    Ok(Item::Value(expression::expression(reader)?))
}

/// `(e)`, `()`, `(a,)`, `(a, b)`
pub(super) fn parentheses<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let open = reader.take();
    let (mut items, comma) = reader.within(Surroundings::Group, |reader| {
        let mut items = Vec::new();
        let mut comma = false;
        while has_more(reader, Token::RightParen) {
            items.push(item(reader)?);
            if !reader.eat(Token::Comma) {
                break;
            }
            comma = true;
        }
        Ok((items, comma))
    })?;
    let span = open.join(reader.close(Token::RightParen, open)?);
    if !comma
        && let [Item::Value(_)] = items.as_slice()
        && let Some(Item::Value(inner)) = items.pop()
    {
        return Ok(Expression { kind: inner.kind, span });
    }
    Ok(Expression { kind: ExpressionKind::Tuple(items), span })
}

/// `[a, b]`, `[e for p in xs]`
pub(super) fn list<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let open = reader.take();
    let kind = reader.within(Surroundings::Group, |reader| {
        let mut items = Vec::new();
        while has_more(reader, Token::RightBracket) {
            items.push(item(reader)?);
            if items.len() == 1 && reader.token() == Token::For {
                if let Some(Item::Value(element)) = items.pop() {
                    let clauses = clauses(reader)?;
                    return Ok(ExpressionKind::ListComprehension { element: Box::new(element), clauses });
                }
                return Err(reader.unexpected("',' or ']'"));
            }
            if !reader.eat(Token::Comma) {
                break;
            }
        }
        Ok(ExpressionKind::List(items))
    })?;
    let span = open.join(reader.close(Token::RightBracket, open)?);
    Ok(Expression { kind, span })
}

/// `#{a, b}`
pub(super) fn set<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.span().start;
    let items = braced(reader, item)?;
    Ok(Expression { kind: ExpressionKind::Set(items), span: reader.spanning(start) })
}

/// Whether the `{` that comes first opens a record, not a block. `{}` is a record only as an operand.
pub(super) fn is_record(rest: &[Lexeme<'_>], as_operand: bool) -> bool {
    let newlines = rest.iter().skip(1).take_while(|lexeme| lexeme.token == Token::Newline).count();
    let inner = &rest[(1 + newlines).min(rest.len())..];
    let Some(first) = inner.first() else { return false };
    match first.token {
        Token::RightBrace => as_operand,
        Token::Ellipsis => true,
        Token::LeftBracket => {
            closing_bracket(inner, 0).is_some_and(|close| at(inner, close + 1) == Token::Colon)
        }
        Token::Text { .. } => at(inner, 1) == Token::Colon,
        Token::Identifier(_) if at(inner, 1) == Token::Comma => true,
        token if token.word().is_some() => {
            at(inner, 1) == Token::Colon && !call::is_double_colon(&inner[1..], first.span.end)
        }
        _ => false,
    }
}

/// `{a: 1, "b": 2, [c]: 3, d, ...e}`, `{k: v for p in xs}`
pub(super) fn record<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let open = reader.take();
    let kind = reader.within(Surroundings::Block, |reader| {
        let mut entries = Vec::new();
        reader.skip_newlines();
        while has_more(reader, Token::RightBrace) {
            entries.push(entry(reader)?);
            if entries.len() == 1 && begins_clause(reader, Token::For) {
                return map_comprehension(reader, entries);
            }
            if !next_entry(reader) {
                break;
            }
        }
        Ok(ExpressionKind::Record(entries))
    })?;
    let span = open.join(reader.close(Token::RightBrace, open)?);
    Ok(Expression { kind, span })
}

fn entry<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Entry<'s>> {
    let token = reader.token();
    match token {
        Token::Ellipsis => {
            reader.take();
            return Ok(Entry::Spread(expression::expression(reader)?));
        }
        Token::LeftBracket => {
            let open = reader.take();
            let key = reader.within(Surroundings::Group, expression::expression)?;
            reader.close(Token::RightBracket, open)?;
            reader.expect(Token::Colon)?;
            return Ok(Entry::Computed { key, value: expression::expression(reader)? });
        }
        Token::Text { raw, form } => {
            let key_span = reader.take();
            reader.expect(Token::Colon)?;
            return Ok(Entry::Text {
                key: decode(raw, form),
                key_span,
                value: expression::expression(reader)?,
            });
        }
        _ => {}
    }
    let key = reader.word("a key")?;
    if reader.eat(Token::Colon) {
        return Ok(Entry::Named { key, value: expression::expression(reader)? });
    }
    if !matches!(token, Token::Identifier(_)) {
        return Err(reader.unexpected("':'"));
    }
    Ok(Entry::Shorthand(key))
}

/// `{k: v for …}` from `for` on.
fn map_comprehension<'s>(
    reader: &mut Reader<'_, 's, '_>,
    mut entries: Vec<Entry<'s>>,
) -> Rule<ExpressionKind<'s>> {
    let (key, value) = match entries.pop() {
        Some(Entry::Named { key, value }) => {
            (Expression { kind: ExpressionKind::Name(key.text), span: key.span }, value)
        }
        Some(Entry::Text { key, key_span, value }) => {
            (Expression { kind: ExpressionKind::Str(key), span: key_span }, value)
        }
        Some(Entry::Computed { key, value }) => (key, value),
        _ => return Err(reader.unexpected("',' or '}'")),
    };
    let clauses = clauses(reader)?;
    reader.skip_newlines();
    Ok(ExpressionKind::MapComprehension { key: Box::new(key), value: Box::new(value), clauses })
}

/// Whether `word` follows, skipping newlines if so.
fn begins_clause(reader: &mut Reader<'_, '_, '_>, word: Token<'static>) -> bool {
    let newlines = reader.rest().iter().take_while(|lexeme| lexeme.token == Token::Newline).count();
    let found = reader.ahead(newlines) == word;
    if found {
        reader.skip_newlines();
    }
    found
}

/// `for p in xs if c`, once or more.
fn clauses<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Vec<ForClause<'s>>> {
    let mut clauses = Vec::new();
    while begins_clause(reader, Token::For) {
        reader.take();
        let pattern = pattern::loop_pattern(reader)?;
        reader.expect(Token::In)?;
        let iterable = operator::clause(reader)?;
        let condition = if begins_clause(reader, Token::If) {
            reader.take();
            Some(operator::clause(reader)?)
        } else {
            None
        };
        clauses.push(ForClause { pattern, iterable, condition });
    }
    Ok(clauses)
}
