//! Functions: parameters, lambdas, `fn(x) { … }` as a value, `do` blocks.

use super::cursor::{Cursor, Reader};
use super::{Rule, Surroundings, block, collection, expression, operator, pattern, statement, types};
use crate::ast::{
    Block, Expression, ExpressionKind, Function, FunctionForm, Parameter, Pattern, PatternKind,
};
use crate::diagnostic::{Diagnostic, code};
use crate::keyword::at;
use crate::span::Span;
use crate::token::Token;

/// A function without anything that its form may not have.
pub(super) fn empty<'s>(form: FunctionForm) -> Function<'s> {
    Function {
        name: None,
        form,
        parameters: Vec::new(),
        body: Block::default(),
        is_async: false,
        is_generator: false,
        decorators: Vec::new(),
        doc: None,
        where_clause: None,
        named_returns: Vec::new(),
        return_type: None,
        span: Span::default(),
    }
}

fn value<'s>(mut function: Function<'s>, span: Span) -> Expression<'s> {
    function.span = span;
    Expression { kind: ExpressionKind::Function(Box::new(function)), span }
}

/// Runs the rule of a function's body.
pub(super) fn body<'t, 's, 'p, T>(
    reader: &mut Reader<'t, 's, 'p>,
    is_generator: bool,
    rule: impl FnOnce(&mut Reader<'t, 's, 'p>) -> T,
) -> T {
    let outer = std::mem::replace(&mut reader.state().in_generator, is_generator);
    let result = statement::outside_loops(reader, rule);
    reader.state().in_generator = outer;
    result
}

/// `(a, b: T = e, ...rest)`
pub(super) fn parameters<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Vec<Parameter<'s>>> {
    if reader.token() != Token::LeftParen {
        return Err(reader.unexpected("'('"));
    }
    let parameters = collection::grouped(reader, Token::RightParen, |reader| {
        let start = reader.span().start;
        let is_rest = reader.eat(Token::Ellipsis);
        let name = reader.name()?;
        let pattern = Pattern { kind: PatternKind::Name(name.text), span: name.span };
        let mut annotation = None;
        let mut default = None;
        if reader.eat(Token::Colon) {
            if is_type(reader.token()) {
                annotation = Some(types::annotated(reader)?);
            } else {
                // `digits: 2` is an old way to write `digits = 2`
                default = Some(expression::expression(reader)?);
            }
        }
        if default.is_none() && reader.eat(Token::Equal) {
            default = Some(expression::expression(reader)?);
        }
        Ok(Parameter { pattern, is_rest, annotation, default, span: reader.spanning(start) })
    })?;
    check_rest(&parameters)?;
    Ok(parameters)
}

fn is_type(token: Token<'_>) -> bool {
    matches!(token, Token::Identifier(_))
}

/// `...rest` takes everything, so nothing can come behind it, and it needs no default.
fn check_rest(parameters: &[Parameter<'_>]) -> Rule<()> {
    for (index, parameter) in parameters.iter().enumerate() {
        let message = if !parameter.is_rest {
            continue;
        } else if index + 1 != parameters.len() {
            "a '...' parameter must be the last one"
        } else if parameter.default.is_some() {
            "a '...' parameter has no default value"
        } else {
            continue;
        };
        let error = Diagnostic::error(code::UNEXPECTED_TOKEN, "ParseError", message, parameter.span);
        return Err(error.into());
    }
    Ok(())
}

/// `|a, [b, c], d: T = e| body`, `|| body`. `asynchronous` is where an `async` before it begins.
pub(super) fn lambda<'s>(reader: &mut Reader<'_, 's, '_>, asynchronous: Option<u32>) -> Rule<Expression<'s>> {
    let start = asynchronous.unwrap_or(reader.span().start);
    let mut function = empty(FunctionForm::Lambda);
    function.is_async = asynchronous.is_some();
    function.parameters = lambda_head(reader)?;
    reader.eat(Token::FatArrow);
    function.body = body(reader, false, lambda_body)?;
    let span = reader.spanning(start);
    Ok(value(function, span))
}

/// `|a, b|` or `||`
fn lambda_head<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Vec<Parameter<'s>>> {
    if reader.eat(Token::BarBar) {
        return Ok(Vec::new());
    }
    reader.take();
    let mut parameters = Vec::new();
    while reader.token() != Token::Bar {
        let start = reader.span().start;
        let is_rest = reader.eat(Token::Ellipsis);
        let pattern = pattern::bind(reader)?;
        let annotation = if reader.eat(Token::Colon) { Some(types::single(reader)?) } else { None };
        let default = if reader.eat(Token::Equal) { Some(operator::head_default(reader)?) } else { None };
        let span = reader.spanning(start);
        parameters.push(Parameter { pattern, is_rest, annotation, default, span });
        if !reader.eat(Token::Comma) {
            break;
        }
    }
    reader.expect(Token::Bar)?;
    check_rest(&parameters)?;
    Ok(parameters)
}

fn lambda_body<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    match reader.token() {
        Token::LeftBrace if !collection::is_record(reader.rest(), false) => block::braces(reader),
        // a record may stand even in a header: the bars show that it is no body
        Token::LeftBrace => reader.within(Surroundings::Block, block::simple),
        Token::Let | Token::Const | Token::For | Token::While => lambda_statements(reader),
        _ => reader.nested(|reader| {
            let start = reader.span().start;
            let kind = statement::expression_or_assignment(reader)?;
            let span = reader.spanning(start);
            Ok(Block { statements: vec![crate::ast::Statement { kind, span }], span })
        }),
    }
}

/// A body of statements without braces: it ends with the bracket around it, so there must be one.
fn lambda_statements<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Block<'s>> {
    if reader.state().surroundings != Surroundings::Group {
        let message = "a lambda of several statements needs braces here";
        let error = Diagnostic::error(code::UNEXPECTED_TOKEN, "ParseError", message, reader.span());
        return Err(error.with_hint("write |x| { … }").into());
    }
    reader.nested(|reader| {
        let start = reader.span().start;
        let statements = block::statements(reader, block::Until::Closer);
        Ok(Block { statements, span: reader.spanning(start) })
    })
}

/// `fn(x) { … }` as a value. `asynchronous` is where an `async` before it begins.
pub(super) fn anonymous<'s>(
    reader: &mut Reader<'_, 's, '_>,
    asynchronous: Option<u32>,
) -> Rule<Expression<'s>> {
    let start = asynchronous.unwrap_or(reader.span().start);
    reader.take();
    let mut function = empty(FunctionForm::Anonymous);
    function.is_async = asynchronous.is_some();
    function.parameters = parameters(reader)?;
    if reader.eat(Token::Arrow) {
        function.return_type = Some(types::annotated(reader)?);
    }
    function.body = body(reader, false, block::braces)?;
    let span = reader.spanning(start);
    Ok(value(function, span))
}

/// `async |x| …`, `async fn(x) { … }`
pub(super) fn asynchronous<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let start = reader.take().start;
    match reader.token() {
        Token::Bar | Token::BarBar => lambda(reader, Some(start)),
        Token::Fn => anonymous(reader, Some(start)),
        _ => Err(reader.unexpected("'fn' or '|'")),
    }
}

/// Whether the word `do`, which comes next where an operand may begin, opens a block: a `|` or the end of
/// the line must follow. The layout pass has removed the newline, so ask the text.
pub(super) fn is_do(reader: &mut Reader<'_, '_, '_>) -> bool {
    let rest = reader.rest();
    let next = at(rest, 1);
    if at(rest, 0) != Token::Identifier("do") || next == Token::Bar || next == Token::End {
        return at(rest, 0) == Token::Identifier("do");
    }
    let (Some(word), Some(next)) = (rest.first(), rest.get(1)) else { return false };
    Span::new(word.span.end, next.span.start).text(reader.state().source).contains(['\n', '\r'])
}

/// `do |x| … end`
pub(super) fn do_block<'s>(reader: &mut Reader<'_, 's, '_>) -> Rule<Expression<'s>> {
    let open = reader.take();
    let mut function = empty(FunctionForm::DoBlock);
    if reader.token() == Token::Bar {
        function.parameters = lambda_head(reader)?;
    }
    let start = reader.span().start;
    let statements = body(reader, false, |reader| {
        reader.nested(|reader| Ok(block::statements(reader, block::Until::EndWord)))
    })?;
    function.body = Block { statements, span: reader.spanning(start) };
    let end = block::end_word(reader, open)?;
    Ok(value(function, open.join(end)))
}
