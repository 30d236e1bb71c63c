//! Declarations: functions, types, imports, pipelines and stages.

use super::cursor::{Cursor, Extra, Reader};
use super::{Rule, block, call, collection, expression, function, statement, types};
use crate::ast::{
    Decorator, EnumVariant, Function, FunctionForm, ImportedName, Label, Name, NamedReturn, StatementKind,
    StructField, TraitMethod,
};
use crate::keyword::at;
use crate::lexer::decode;
use crate::span::Span;
use crate::token::{Comment, Lexeme, Token};
use chumsky::prelude::*;

/// Whether `fn` or `async fn` declares, rather than being a value: no parenthesis follows.
pub(super) fn is_named(rest: &[Lexeme<'_>]) -> bool {
    let word = usize::from(at(rest, 0) == Token::Async);
    at(rest, word) == Token::Fn && at(rest, word + 1) != Token::LeftParen
}

// --- documentation --------------------------------------------------------------------------------

/// The text of the `##` lines before the next token.
pub(super) fn doc(reader: &mut Reader<'_, '_, '_>) -> Option<String> {
    let comments = reader.state().comments;
    if comments.is_empty() {
        return None;
    }
    let here = *reader.cursor().inner();
    let before = reader.full_slice()[..here].iter().rev();
    let end = before.map(|lexeme| (lexeme.token, lexeme.span)).find(|(token, _)| *token != Token::Newline);
    let from = end.map_or(0, |(_, span)| span.end);
    let to = reader.span().start;
    let first = comments.partition_point(|comment| comment.span.start < from);
    let last = comments.partition_point(|comment| comment.span.start < to);
    let source = reader.state().source;
    doc_text(source, comments.get(first..last)?)
}

/// The last run of `##` lines that stand directly one below the other.
fn doc_text(source: &str, comments: &[Comment]) -> Option<String> {
    let is_doc = |comment: &&Comment| comment.is_doc && comment.owns_line;
    let end = comments.iter().rposition(|comment| is_doc(&comment))? + 1;
    let mut start = end - 1;
    while let Some(before) = start.checked_sub(1).and_then(|index| comments.get(index)) {
        let between = Span::new(before.span.end, comments[start].span.start).text(source);
        let line_ends = between.matches('\n').count().max(between.matches('\r').count());
        if !is_doc(&before) || line_ends != 1 {
            break;
        }
        start -= 1;
    }
    let lines = comments[start..end].iter().map(|comment| {
        let text = comment.span.text(source);
        let text = text.strip_prefix("##").unwrap_or(text);
        text.strip_prefix(' ').unwrap_or(text).trim_end()
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

// --- functions ------------------------------------------------------------------------------------

/// `@decorator async fn name(…) { … }`
pub(super) fn function<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    Ok(StatementKind::Function(Box::new(method(reader)?)))
}

/// A function with a name and a body.
fn method<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Function<'s>> {
    let mut function = signature(reader)?;
    let is_generator = function.is_generator;
    function.body = function::body(reader, is_generator, block::braces)?;
    function.span = reader.spanning(function.span.start);
    Ok(function)
}

/// Everything before the body.
fn signature<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Function<'s>> {
    let mut doc_lines = doc(reader);
    let mut decorators = Vec::new();
    while reader.token() == Token::At {
        decorators.push(decorator(reader)?);
        reader.skip_newlines();
        doc_lines = doc(reader).or(doc_lines);
    }
    let start = reader.span().start;
    let mut function = function::empty(FunctionForm::Statement);
    function.doc = doc_lines;
    function.decorators = decorators;
    function.is_async = reader.eat(Token::Async);
    reader.expect(Token::Fn)?;
    function.is_generator = reader.eat(Token::Star);
    function.name = Some(reader.name()?);
    function.parameters = function::parameters(reader)?;
    if reader.eat(Token::Arrow) {
        if reader.token() == Token::LeftParen {
            function.named_returns = named_returns(reader)?;
        } else {
            function.return_type = Some(types::annotated(reader)?);
        }
    }
    if reader.eat(Token::Identifier("where")) {
        function.where_clause = Some(expression::header(reader)?);
    }
    function.span = reader.spanning(start);
    Ok(function)
}

/// `@name`, `@name(arguments)`
fn decorator<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Decorator<'s>> {
    let start = reader.take().start;
    let name = reader.name()?;
    let arguments = if reader.token() == Token::LeftParen { Some(call::arguments(reader)?) } else { None };
    Ok(Decorator { name, arguments, span: reader.spanning(start) })
}

/// `(lo: Int, hi: Int)` behind `->`
fn named_returns<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Vec<NamedReturn<'s>>> {
    collection::grouped(reader, Token::RightParen, |reader| {
        let name = reader.word("identifier")?;
        reader.expect(Token::Colon)?;
        Ok(NamedReturn { name, annotation: types::annotated(reader)? })
    })
}

// --- types ----------------------------------------------------------------------------------------

/// `struct N { x: T = e, … }`; commas or newlines separate the fields.
pub(super) fn structure<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let doc = doc(reader);
    reader.take();
    let name = reader.name()?;
    let fields = members(reader, |reader| {
        let name = reader.word("field name")?;
        let annotation = types::annotation(reader)?;
        let default = if reader.eat(Token::Equal) { Some(expression::expression(reader)?) } else { None };
        Ok(StructField { name, annotation, default })
    })?;
    Ok(StatementKind::Struct { name, fields, doc })
}

/// `enum N { A(x, y), B }`; commas or newlines separate the variants.
pub(super) fn enumeration<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let doc = doc(reader);
    reader.take();
    let name = reader.name()?;
    let variants = members(reader, |reader| {
        let name = reader.name()?;
        let fields = match reader.token() {
            Token::LeftParen => Some(collection::grouped(reader, Token::RightParen, |reader| reader.name())?),
            _ => None,
        };
        Ok(EnumVariant { name, fields })
    })?;
    Ok(StatementKind::Enum { name, variants, doc })
}

/// `trait N { fn f(self) fn g(self) { … } }`
pub(super) fn interface<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let doc = doc(reader);
    reader.take();
    let name = reader.name()?;
    let methods = members(reader, |reader| {
        let mut function = signature(reader)?;
        let required = reader.token() != Token::LeftBrace;
        if !required {
            let is_generator = function.is_generator;
            function.body = function::body(reader, is_generator, block::braces)?;
            function.span = reader.spanning(function.span.start);
        }
        Ok(TraitMethod { function, required })
    })?;
    Ok(StatementKind::Trait { name, methods, doc })
}

/// `impl N { … }`, `impl T for N { … }`
pub(super) fn implementation<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let first = reader.name()?;
    let (trait_name, type_name) =
        if reader.eat(Token::For) { (Some(first), reader.name()?) } else { (None, first) };
    let methods = members(reader, method)?;
    Ok(StatementKind::Impl { trait_name, type_name, methods })
}

/// `{ member, member … }`; commas, newlines or both separate the members.
fn members<'t, 's, 'p, T>(
    reader: &mut Reader<'t, 's, 'p>,
    member: impl Fn(&mut Reader<'t, 's, 'p>) -> Rule<T>,
) -> Rule<Vec<T>> {
    if reader.token() != Token::LeftBrace {
        return Err(reader.unexpected("'{'"));
    }
    reader.nested(|reader| {
        let open = reader.take();
        let mut members = Vec::new();
        loop {
            while is_member_separator(reader.token()) {
                reader.take();
            }
            if reader.token() == Token::RightBrace {
                break;
            }
            members.push(reader.within(super::Surroundings::Block, &member)?);
            if !is_member_separator(reader.token()) {
                break;
            }
        }
        reader.close(Token::RightBrace, open)?;
        Ok(members)
    })
}

fn is_member_separator(token: Token<'_>) -> bool {
    matches!(token, Token::Comma | Token::Newline | Token::Semicolon)
}

/// `type N = T`
pub(super) fn type_alias<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let name = reader.name()?;
    reader.expect(Token::Equal)?;
    Ok(StatementKind::TypeAlias { name, aliased: types::annotated(reader)? })
}

// --- modules --------------------------------------------------------------------------------------

type Tokens<'t, 's> = &'t [Lexeme<'s>];

fn token<'t, 's: 't>(wanted: Token<'static>) -> impl Parser<'t, Tokens<'t, 's>, Span, Extra<'t, 's>> + Clone {
    custom(move |reader: &mut Reader<'t, 's, '_>| reader.expect(wanted))
}

fn path<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Label<'s>> {
    match reader.token() {
        Token::Text { raw, form } => Ok(Label { text: decode(raw, form), span: reader.take() }),
        _ => Err(reader.unexpected("string")),
    }
}

/// `as name`, if it is there. Behind `as`, there is no way back.
fn alias<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Option<Name<'s>>> {
    if reader.eat(Token::As) { reader.name().map(Some) } else { Ok(None) }
}

/// `import "path"`, `import "path" as name`
pub(super) fn import<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let import = token(Token::Import).ignore_then(custom(path)).then(custom(alias));
    reader.parse(import.map(|(path, alias)| StatementKind::Import { path, alias }))
}

/// `from "path" import a, b as c`
pub(super) fn import_names<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let from = token(Token::Identifier("from")).ignore_then(custom(path));
    let import = from.then_ignore(token(Token::Import)).then(custom(imported_names));
    reader.parse(import.map(|(path, names)| StatementKind::FromImport { path, names }))
}

fn imported_names<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Vec<ImportedName<'s>>> {
    let mut names = Vec::new();
    loop {
        names.push(ImportedName { name: reader.name()?, alias: alias(reader)? });
        if !reader.eat(Token::Comma) {
            return Ok(names);
        }
    }
}

// --- pipelines ------------------------------------------------------------------------------------

/// A name or a text, and whether it can be bound.
fn label<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<(Label<'s>, bool)> {
    if let Token::Text { raw, form } = reader.token() {
        return Ok((Label { text: decode(raw, form), span: reader.take() }, false));
    }
    let name = reader.name()?;
    Ok((Label { text: name.text.into(), span: name.span }, true))
}

/// `pipeline name { … }`, `pipeline name(p) { … }`
pub(super) fn pipeline<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    let doc = doc(reader);
    reader.take();
    let (label, binds) = label(reader)?;
    let parameters =
        if reader.token() == Token::LeftParen { Some(function::parameters(reader)?) } else { None };
    let body = function::body(reader, false, block::braces)?;
    Ok(StatementKind::Pipeline { label, binds, parameters, body, doc })
}

/// `stage name -> e`
pub(super) fn stage<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<StatementKind<'s>> {
    reader.take();
    let (label, is_name) = label(reader)?;
    reader.expect(Token::Arrow)?;
    let value = statement::outside_loops(reader, expression::expression)?;
    let binds = is_name || is_identifier(&label.text);
    Ok(StatementKind::Stage { label, binds, value })
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && Token::reserved(text).is_none()
}
